//! Reading a case: a customer, their history, the facts and the time; and the first thing wrong with it.

use super::{
    check_input::{case_problems, facts_problems},
    declarations::Declarations,
    input_error::InputError,
    problem::Problem,
    read_customer::read_customer,
    read_facts::read_facts,
    read_history::read_entry,
    read_input::{required_instant, required_list},
    reader::{Node, Nulls, UNREADABLE},
};
use crate::written::{
    customer::Customer,
    document::Document,
    facts::{Case, Facts},
};

/// Reads a case's shape. What cannot be read leaves a problem and a placeholder.
pub(crate) fn read_case(node: Node<'_>, problems: &mut Vec<Problem>) -> Case {
    let members = node.object(&["customer", "history", "facts", "now"], problems);
    Case {
        customer: members
            .required("customer", problems, read_customer)
            .unwrap_or_else(|| Customer::new(UNREADABLE)),
        history: required_list(&members, "history", problems, read_entry),
        facts: members
            .optional("facts", problems, read_facts)
            .unwrap_or_default(),
        now: required_instant(&members, "now", problems),
    }
}

/// Reads a case and checks it against what the rulebook declares; the error is the first in document order.
pub(crate) fn read_declared_case(
    document: &Document,
    declarations: &Declarations,
) -> Result<Case, InputError> {
    let mut problems = Vec::new();
    let case = read_case(Node::root(document, Nulls::Missing), &mut problems);
    case_problems(&case, Some(document), declarations, &mut problems);
    match InputError::first_in(document, &problems) {
        Some(error) => Err(error),
        None => Ok(case),
    }
}

/// Reads facts on their own and checks them against what the rulebook declares.
pub(crate) fn read_declared_facts(
    document: &Document,
    declarations: &Declarations,
) -> Result<Facts, InputError> {
    let mut problems = Vec::new();
    let root = Node::root(document, Nulls::Missing);
    let facts = read_facts(root, &mut problems);
    facts_problems(&facts, &root.path, declarations, &mut problems);
    match InputError::first_in(document, &problems) {
        Some(error) => Err(error),
        None => Ok(facts),
    }
}

#[cfg(test)]
mod tests;
