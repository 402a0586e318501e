//! What a rulebook declares and inputs may speak of.

use std::collections::BTreeMap;

use super::{
    check_input::{customer_problems, facts_problems, history_problems},
    input_error::InputError,
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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Declarations {
    /// Types of attributes by name.
    pub(crate) attributes: BTreeMap<String, ValueType>,
    /// Facts by name.
    pub(crate) facts: BTreeMap<String, FactDeclaration>,
    /// Tags by name: whether they are derived, and so cannot be given as held.
    pub(crate) tags: BTreeMap<String, bool>,
}

impl Declarations {
    /// What a rulebook declares.
    pub(crate) fn of(rulebook: &Rulebook) -> Self {
        Self {
            attributes: rulebook.attributes.clone(),
            facts: rulebook.facts.clone(),
            tags: rulebook
                .tags
                .iter()
                .map(|tag| (tag.name.clone(), tag.when.is_some()))
                .collect(),
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
        let none = Declarations::default();
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
