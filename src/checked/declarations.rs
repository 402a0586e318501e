//! What a rulebook declares and inputs may speak of.

use std::collections::{BTreeMap, HashMap};

use super::{
    check_input::{customer_problems, facts_problems, history_problems},
    input_error::InputError,
    name_hash::NameHash,
    path::Path,
    problem::Problem,
};
use crate::written::{
    customer::Customer,
    facts::Facts,
    history::HistoryEntry,
    rulebook::{FactDeclaration, Rulebook, ValueType},
};

/// What inputs may speak of.
#[derive(Debug, Clone)]
pub(crate) struct Declarations {
    /// Types of attributes by name.
    pub(crate) attributes: BTreeMap<String, ValueType>,
    /// Facts by name.
    pub(crate) facts: BTreeMap<String, FactDeclaration>,
    /// Tags by name. Looked up only: the order decides nothing.
    pub(crate) tags: HashMap<String, TagNumber, NameHash>,
}

/// What a tag is, with its number among its like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TagNumber {
    /// Given by the host.
    Held(usize),
    /// Derived, and so not given as held.
    Derived(usize),
}

impl Declarations {
    /// What a rulebook declares; names are hashed with a seed.
    pub(crate) fn of(rulebook: &Rulebook, seed: u64) -> Self {
        let mut tags = HashMap::with_hasher(NameHash(seed));
        let (mut held, mut derived) = (0_usize, 0_usize);
        for tag in &rulebook.tags {
            let (counter, number): (_, fn(usize) -> TagNumber) = if tag.when.is_some() {
                (&mut derived, TagNumber::Derived)
            } else {
                (&mut held, TagNumber::Held)
            };
            tags.insert(tag.name.clone(), number(*counter));
            *counter = counter.saturating_add(1);
        }
        Self {
            attributes: rulebook.attributes.clone(),
            facts: rulebook.facts.clone(),
            tags,
        }
    }
}

/// Checks a customer, however it came to be; places are those of a case.
pub(crate) fn check_customer(customer: &Customer, declarations: &Declarations) -> Result<(), InputError> {
    let path = Path::ROOT;
    first_of(|problems| customer_problems(customer, None, &path.member("customer"), declarations, problems))
}

/// Checks a history, however it came to be; places are those of a case.
pub(crate) fn check_history(history: &[HistoryEntry]) -> Result<(), InputError> {
    let path = Path::ROOT;
    first_of(|problems| history_problems(history, &path.member("history"), problems))
}

/// Checks facts, however they came to be; places are those of a case.
pub(crate) fn check_facts(facts: &Facts, declarations: &Declarations) -> Result<(), InputError> {
    let path = Path::ROOT;
    first_of(|problems| facts_problems(facts, &path.member("facts"), declarations, problems))
}

fn first_of(find: impl FnOnce(&mut Vec<Problem>)) -> Result<(), InputError> {
    let mut problems = Vec::new();
    find(&mut problems);
    match problems.first() {
        Some(problem) => Err(problem.into()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_mistake_is_told_at_its_place_in_a_case() {
        let book = Rulebook::new(
            chrono_tz::UTC,
            crate::UnknownTimeZone::House,
            crate::Duration::days(1),
        );
        let none = Declarations::of(&book, 0);
        let error = check_customer(&Customer::new("c").attribute("age", 3).sender(""), &none).unwrap_err();
        assert_eq!(error.path(), "/customer/attributes/age");
        assert_eq!(check_customer(&Customer::new("c"), &none), Ok(()));
        let at = chrono::DateTime::UNIX_EPOCH;
        let history = [
            HistoryEntry::new(at, "direct", "care"),
            HistoryEntry::new(at, "direct", ""),
        ];
        assert_eq!(check_history(&history).unwrap_err().path(), "/history/1/purpose");
        assert_eq!(check_history(&history[..1]), Ok(()));
        let error = check_facts(&Facts::new().set("open", true), &none).unwrap_err();
        assert_eq!(
            error.to_string(),
            "/facts/open: `open` is no declared fact; declare it in the rulebook or leave it out"
        );
    }
}
