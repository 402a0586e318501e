//! What a case expects: the decision, as far as its author cares to write it.

use crate::{
    checked::{
        problem::{Code, Problem},
        reader::{Node, UNREADABLE},
    },
    written::document::Document,
};

use super::file::check_given;

/// The members of a decision that can be expected.
pub(super) const OF_A_DECISION: [&str; 7] = [
    "outcome",
    "touch",
    "until",
    "recheck_at",
    "reasons",
    "held_out",
    "observed",
];
/// Its lists; one that is not written is to be empty.
pub(super) const LISTS: [&str; 3] = ["reasons", "held_out", "observed"];

/// What is to be decided, in the order in which it is written.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Then {
    /// As it is written, with the members below.
    pub(super) written: Document,
    /// What the touch is judged by at delivery, each with what is given then.
    pub(super) confirm: Vec<Confirm>,
}

/// The touch, judged again at delivery.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Confirm {
    pub(super) given: Document,
    pub(super) reasons: Document,
}

/// The member of a decision that says most of its outcome.
pub(super) fn needed_with(outcome: &str) -> Option<&'static str> {
    match outcome {
        "send" => Some("touch"),
        "wait" => Some("until"),
        "refrain" => Some("recheck_at"),
        _ => None,
    }
}

pub(super) fn read_then(node: Node<'_>, problems: &mut Vec<Problem>) -> Then {
    let known = [
        &OF_A_DECISION[..],
        &["some_reasons", "agenda", "confirm", "explain"],
    ]
    .concat();
    let members = node.object(&known, problems);
    if members.each().next().is_none() {
        let what = "write what is decided, such as `outcome`, or what `explain` or `agenda` tells";
        node.problem(Code::Empty, what, problems);
    }
    let outcome = members.optional("outcome", problems, |node, problems| {
        let name = node.name(problems);
        if name != UNREADABLE && needed_with(&name).is_none() {
            node.problem(Code::BadValue, "write `send`, `wait` or `refrain`", problems);
        }
        name
    });
    match outcome {
        Some(outcome) => {
            // A null is an expectation here: nothing to ask again for.
            if let Some(needed) = needed_with(&outcome)
                && !members.each().any(|member| member.name == needed)
            {
                members.missing(needed, problems);
            }
        }
        None => {
            if members.has("some_reasons") || OF_A_DECISION.iter().any(|name| members.has(name)) {
                members.missing("outcome", problems);
            }
        }
    }
    if let Some(touch) = members.get("touch") {
        touch.entries(problems, |_, _, _| ());
    }
    if members.has("reasons") {
        let why = "`reasons` are all of them already; keep one of the two";
        members.forbid("some_reasons", why, problems);
    }
    for name in LISTS.into_iter().chain(["some_reasons", "explain"]) {
        members.optional(name, problems, objects);
    }
    members.optional("agenda", problems, |node, problems| {
        let members = node.object(&["touches", "held_out", "reasons"], problems);
        for name in ["touches", "held_out", "reasons"] {
            members.optional(name, problems, objects);
        }
    });
    let confirm = members.optional("confirm", problems, |node, problems| {
        node.list(problems, |node, problems| {
            let members = node.object(&["given", "reasons"], problems);
            if let Some(given) = members.get("given") {
                check_given(&given, problems);
            }
            members.required("reasons", problems, objects);
            let of = |name| members.get(name).map(|node| node.document.clone());
            Confirm {
                given: of("given").unwrap_or_default(),
                reasons: of("reasons").unwrap_or_default(),
            }
        })
    });
    Then {
        written: node.document.clone(),
        confirm: confirm.flatten().unwrap_or_default(),
    }
}

/// A list of objects.
fn objects(node: Node<'_>, problems: &mut Vec<Problem>) {
    node.list(problems, |node, problems| {
        node.entries(problems, |_, _, _| ());
    });
}
