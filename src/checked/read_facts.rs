//! Reading facts: their shape, without what the rulebook declares.

use super::{problem::Problem, reader::Node, value::read_literal};
use crate::written::{
    document::Document,
    facts::{FactValue, Facts},
};

/// Reads facts by name.
pub(crate) fn read_facts(node: Node<'_>, problems: &mut Vec<Problem>) -> Facts {
    Facts {
        values: node
            .entries(problems, |_, node, problems| read_fact_value(node, problems))
            .unwrap_or_default(),
    }
}

/// Reads one value, or an object of values by key.
pub(crate) fn read_fact_value(node: Node<'_>, problems: &mut Vec<Problem>) -> FactValue {
    match node.document {
        Document::Object(_) => FactValue::Keyed(
            node.entries(problems, |_, node, problems| read_literal(node, problems))
                .unwrap_or_default(),
        ),
        _ => FactValue::Single(read_literal(node, problems)),
    }
}
