//! Inputs against what the rulebook declares, and against what the types of Rust leave open.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{
    declarations::{Declarations, TagNumber},
    input_limits::{
        MOST_CONSENTS, MOST_FACT_VALUES, MOST_HISTORY, MOST_PURCHASES, MOST_RESPONSES, MOST_SENDERS,
        MOST_TAGS, MOST_TEXT_BYTES, fits,
    },
    nearest::{did_you_mean, quoted},
    path::Path,
    problem::{Code, Problem},
    reader::UNREADABLE,
    value::check_literal,
};
use crate::{
    clock::instant::Instant,
    written::{
        condition::Literal,
        customer::{Customer, HeldTag, Purchase},
        document::Document,
        facts::{Case, FactValue, Facts},
        history::{HistoryEntry, Response},
    },
};

/// Finds what is wrong with any part of a case, at the paths they have in it. The document is that of the case, if it was read.
pub(crate) fn case_problems(
    case: &Case,
    document: Option<&Document>,
    declarations: &Declarations,
    problems: &mut Vec<Problem>,
) {
    let customer = document.and_then(|document| member(document, "customer"));
    customer_problems(
        &case.customer,
        customer,
        &Path::ROOT.member("customer"),
        declarations,
        problems,
    );
    history_problems(&case.history, &Path::ROOT.member("history"), problems);
    facts_problems(&case.facts, &Path::ROOT.member("facts"), declarations, problems);
    check_instant(case.now, &Path::ROOT.member("now"), problems);
}

/// Finds what is wrong with a customer. The document tells which of the two forms of a tag was written, if the customer was read.
pub(crate) fn customer_problems(
    customer: &Customer,
    document: Option<&Document>,
    path: &Path<'_>,
    declarations: &Declarations,
    problems: &mut Vec<Problem>,
) {
    check_name(&customer.id, &path.member("id"), problems);
    let tags = path.member("tags");
    if within(customer.tags.len(), MOST_TAGS, "tags", &tags, problems) {
        for (index, held) in customer.tags.iter().enumerate() {
            // One that could not be read is told already.
            if document.is_some() && held.tag == UNREADABLE {
                continue;
            }
            let as_object = match document {
                Some(document) => matches!(tag_at(document, index), Some(Document::Object(_))),
                None => held.since.is_some() || held.until.is_some(),
            };
            check_tag(held, as_object, &tags.index(index), declarations, problems);
        }
    }
    let attributes = path.member("attributes");
    for (name, value) in &customer.attributes {
        check_attribute(
            name,
            value.as_ref(),
            &attributes.member(name),
            declarations,
            problems,
        );
    }
    let consent = path.member("consent");
    if within(
        customer.consent.len(),
        MOST_CONSENTS,
        "consents",
        &consent,
        problems,
    ) {
        for name in customer.consent.keys() {
            check_name(name, &consent.member(name), problems);
        }
    }
    let senders = path.member("senders");
    if within(
        customer.senders.len(),
        MOST_SENDERS,
        "senders",
        &senders,
        problems,
    ) {
        for (index, sender) in customer.senders.iter().enumerate() {
            check_name(sender, &senders.index(index), problems);
        }
    }
    let purchases = path.member("purchases");
    let list = customer.purchases.as_deref().unwrap_or_default();
    if within(list.len(), MOST_PURCHASES, "purchases", &purchases, problems) {
        for (index, purchase) in list.iter().enumerate() {
            check_purchase(purchase, &purchases.index(index), problems);
        }
    }
}

/// Finds what is wrong with a history.
pub(crate) fn history_problems(history: &[HistoryEntry], path: &Path<'_>, problems: &mut Vec<Problem>) {
    if within(history.len(), MOST_HISTORY, "entries", path, problems) {
        for (index, entry) in history.iter().enumerate() {
            check_entry(entry, &path.index(index), problems);
        }
    }
}

/// Finds what is wrong with facts.
pub(crate) fn facts_problems(
    facts: &Facts,
    path: &Path<'_>,
    declarations: &Declarations,
    problems: &mut Vec<Problem>,
) {
    let mut count = 0_usize;
    for (name, value) in &facts.values {
        let path = path.member(name);
        count = count.saturating_add(match value {
            FactValue::Single(_) => 1,
            FactValue::Keyed(values) => values.len(),
        });
        if !within(count, MOST_FACT_VALUES, "values of facts", &path, problems) {
            return;
        }
        let Some(declaration) = declarations.facts.get(name) else {
            let known = declarations.facts.keys();
            undeclared("fact", Code::UndeclaredFact, name, known, &path, problems);
            continue;
        };
        match value {
            FactValue::Single(None) => {}
            FactValue::Single(Some(_)) if declaration.keyed => {
                let sentence = format!("{} is keyed; write an object of its values by key", quoted(name));
                problems.push(Problem::new(&path, Code::BadType, sentence));
            }
            FactValue::Single(Some(literal)) => {
                check_value(literal, declaration.value_type, &path, problems);
            }
            FactValue::Keyed(_) if !declaration.keyed => {
                let sentence = format!("{} is not keyed; write one value", quoted(name));
                problems.push(Problem::new(&path, Code::BadType, sentence));
            }
            FactValue::Keyed(values) => {
                for (key, literal) in values {
                    let path = path.member(key);
                    check_text(key, &path, problems);
                    if let Some(literal) = literal {
                        check_value(literal, declaration.value_type, &path, problems);
                    }
                }
            }
        }
    }
}

/// Checks an instant: the calendar has four digits for a year.
pub(crate) fn check_instant(at: DateTime<Utc>, path: &Path<'_>, problems: &mut Vec<Problem>) {
    if !Instant::from(at).is_in_calendar() {
        let sentence = "out of the calendar; write an instant of the years 1 to 9998";
        problems.push(Problem::new(path, Code::BadDate, sentence));
    }
}

fn check_tag(
    held: &HeldTag,
    as_object: bool,
    path: &Path<'_>,
    declarations: &Declarations,
    problems: &mut Vec<Problem>,
) {
    let named = path.member("tag");
    let named = if as_object { &named } else { path };
    match declarations.tags.get(&held.tag) {
        Some(TagNumber::Held(_)) => {}
        Some(TagNumber::Derived(_)) => {
            let sentence = format!(
                "{} is derived from its condition; leave it out of the tags held",
                quoted(&held.tag)
            );
            problems.push(Problem::new(named, Code::NotAllowed, sentence));
        }
        None => {
            let tags = declarations.tags.iter();
            let given = tags.filter(|(_, number)| matches!(number, TagNumber::Held(_)));
            let given: BTreeSet<&String> = given.map(|(tag, _)| tag).collect();
            undeclared(
                "tag",
                Code::UndeclaredTag,
                &held.tag,
                given.into_iter(),
                named,
                problems,
            );
        }
    }
    if let Some(since) = held.since {
        check_instant(since, &path.member("since"), problems);
    }
    if let Some(until) = held.until {
        check_instant(until, &path.member("until"), problems);
    }
}

fn check_attribute(
    name: &str,
    value: Option<&Literal>,
    path: &Path<'_>,
    declarations: &Declarations,
    problems: &mut Vec<Problem>,
) {
    match (declarations.attributes.get(name), value) {
        (Some(value_type), Some(literal)) => check_value(literal, *value_type, path, problems),
        (Some(_), None) => {}
        (None, _) => {
            let known = declarations.attributes.keys();
            undeclared(
                "attribute",
                Code::UndeclaredAttribute,
                name,
                known,
                path,
                problems,
            );
        }
    }
}

fn check_value(
    literal: &Literal,
    value_type: crate::written::rulebook::ValueType,
    path: &Path<'_>,
    problems: &mut Vec<Problem>,
) {
    if let Literal::Text(text) = literal
        && !check_text(text, path, problems)
    {
        return;
    }
    check_literal(literal, value_type, path, problems);
}

fn check_purchase(purchase: &Purchase, path: &Path<'_>, problems: &mut Vec<Problem>) {
    check_instant(purchase.at, &path.member("at"), problems);
    if purchase.amount.is_some_and(|amount| !amount.is_finite()) {
        problems.push(Problem::new(
            &path.member("amount"),
            Code::BadValue,
            "a number must be finite",
        ));
    }
}

fn check_entry(entry: &HistoryEntry, path: &Path<'_>, problems: &mut Vec<Problem>) {
    check_instant(entry.at, &path.member("at"), problems);
    check_name(&entry.channel, &path.member("channel"), problems);
    check_name(&entry.purpose, &path.member("purpose"), problems);
    let optional = [
        ("campaign", &entry.campaign),
        ("occurrence", &entry.occurrence),
        ("sender", &entry.sender),
        ("content", &entry.content),
        ("key", &entry.key),
    ];
    for (member, name) in optional {
        if let Some(name) = name {
            check_known_name(name, &path.member(member), problems);
        }
    }
    let responses = path.member("responses");
    if within(
        entry.responses.len(),
        MOST_RESPONSES,
        "responses",
        &responses,
        problems,
    ) {
        for (index, Response { kind, at }) in entry.responses.iter().enumerate() {
            let path = responses.index(index);
            check_name(kind, &path.member("kind"), problems);
            check_instant(*at, &path.member("at"), problems);
        }
    }
}

fn check_name(name: &str, path: &Path<'_>, problems: &mut Vec<Problem>) {
    check_not_empty(name, "must not be empty; write a name", path, problems);
}

/// As [`check_name`], of a name that may be missing.
fn check_known_name(name: &str, path: &Path<'_>, problems: &mut Vec<Problem>) {
    let sentence = "must not be empty; write a name, or leave it out where it is not known";
    check_not_empty(name, sentence, path, problems);
}

fn check_not_empty(name: &str, sentence: &'static str, path: &Path<'_>, problems: &mut Vec<Problem>) {
    if name.is_empty() {
        problems.push(Problem::new(path, Code::Empty, sentence));
    }
    check_text(name, path, problems);
}

fn check_text(text: &str, path: &Path<'_>, problems: &mut Vec<Problem>) -> bool {
    if !fits(text) {
        let sentence = format!("{} bytes of text; write at most {MOST_TEXT_BYTES}", text.len());
        problems.push(Problem::new(path, Code::TooLarge, sentence));
    }
    fits(text)
}

fn within(count: usize, most: usize, what: &str, path: &Path<'_>, problems: &mut Vec<Problem>) -> bool {
    let fits = count <= most;
    if !fits {
        problems.push(Problem::new(
            path,
            Code::TooLarge,
            format!("{count} {what}; write at most {most}"),
        ));
    }
    fits
}

/// Beyond so many problems nothing is suggested any more: only one is told, and each suggestion costs a search.
const MOST_SUGGESTIONS: usize = 64;

fn undeclared<'a>(
    what: &str,
    code: Code,
    name: &str,
    known: impl Iterator<Item = &'a String>,
    path: &Path<'_>,
    problems: &mut Vec<Problem>,
) {
    let mut meant = String::new();
    if problems.len() < MOST_SUGGESTIONS {
        meant = did_you_mean(name, known.map(String::as_str));
    }
    if meant.is_empty() {
        meant.push_str("; declare it in the rulebook or leave it out");
    }
    problems.push(Problem::new(
        path,
        code,
        format!("{} is no declared {what}{meant}", quoted(name)),
    ));
}

fn member<'d>(document: &'d Document, name: &str) -> Option<&'d Document> {
    match document {
        Document::Object(members) => members
            .iter()
            .find(|(member, _)| member == name)
            .map(|(_, document)| document),
        _ => None,
    }
}

fn tag_at(customer: &Document, index: usize) -> Option<&Document> {
    match member(customer, "tags") {
        Some(Document::List(items)) => items.get(index),
        _ => None,
    }
}
