//! Inputs from any serde format, through the document tree, so that errors have paths.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, de::Error};

use super::{
    input_error::InputError,
    problem::{Code, Problem},
    read_case::read_case,
    read_customer::{read_customer, read_held_tag, read_purchase},
    read_facts::{read_fact_value, read_facts},
    read_history::{read_entry, read_response},
    reader::{Members, Node, Nulls},
};
use crate::written::{
    customer::{Customer, HeldTag, Purchase},
    document::Document,
    facts::{Case, FactValue, Facts},
    history::{HistoryEntry, Response},
};

/// Stands for an instant that could not be read, so that places in lists stay what they are. Its problem is told.
pub(crate) const UNREADABLE_INSTANT: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// Reads a required instant.
pub(crate) fn required_instant<'n>(
    members: &Members<'n>,
    name: &'n str,
    problems: &mut Vec<Problem>,
) -> DateTime<Utc> {
    members
        .required(name, problems, |node, problems| node.instant(problems))
        .flatten()
        .unwrap_or(UNREADABLE_INSTANT)
}

/// Reads an optional instant.
pub(crate) fn optional_instant<'n>(
    members: &Members<'n>,
    name: &'n str,
    problems: &mut Vec<Problem>,
) -> Option<DateTime<Utc>> {
    members
        .optional(name, problems, |node, problems| node.instant(problems))
        .flatten()
}

/// Reads a list; null and absent are empty.
pub(crate) fn optional_list<'n, T>(
    members: &Members<'n>,
    name: &'n str,
    problems: &mut Vec<Problem>,
    read: impl FnMut(Node<'_>, &mut Vec<Problem>) -> T,
) -> Vec<T> {
    members
        .optional(name, problems, |node, problems| node.list(problems, read))
        .flatten()
        .unwrap_or_default()
}

/// Reads a list that has to be there, even if it is empty.
pub(crate) fn required_list<'n, T>(
    members: &Members<'n>,
    name: &'n str,
    problems: &mut Vec<Problem>,
    read: impl FnMut(Node<'_>, &mut Vec<Problem>) -> T,
) -> Vec<T> {
    // Where there is no object at all, that is told already.
    if !members.has(name) && matches!(members.node().document, Document::Object(_)) {
        let sentence = format!("`{name}` is missing; write `\"{name}\": []` if there are none");
        members.node().problem(Code::MissingField, sentence, problems);
    }
    optional_list(members, name, problems, read)
}

fn through_document<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    read: impl FnOnce(Node<'_>, &mut Vec<Problem>) -> T,
) -> Result<T, D::Error> {
    let document = Document::deserialize(deserializer)?;
    let mut problems = Vec::new();
    let value = read(Node::root(&document, Nulls::Missing), &mut problems);
    match InputError::first_in(&document, &problems) {
        Some(error) => Err(D::Error::custom(error)),
        None => Ok(value),
    }
}

macro_rules! deserialize_through_document {
    ($($noun:ty: $read:path),* $(,)?) => {$(
        impl<'de> Deserialize<'de> for $noun {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                through_document(deserializer, $read)
            }
        }
    )*};
}

deserialize_through_document! {
    Customer: read_customer,
    HeldTag: read_held_tag,
    Purchase: read_purchase,
    HistoryEntry: read_entry,
    Response: read_response,
    Facts: read_facts,
    FactValue: read_fact_value,
    Case: read_case,
}
