//! Reading a customer: its shape, without what the rulebook declares.

use super::{
    problem::{Code, Problem},
    read_input::{optional_instant, optional_list, required_instant, required_list},
    reader::{Node, UNREADABLE},
    value::read_literal,
};
use crate::written::{
    customer::{Customer, HeldTag, Purchase},
    document::Document,
};

/// Reads a customer. What cannot be read leaves a problem and a placeholder.
pub(crate) fn read_customer(node: Node<'_>, problems: &mut Vec<Problem>) -> Customer {
    let members = node.object(
        &[
            "id",
            "time_zone",
            "tags",
            "attributes",
            "consent",
            "senders",
            "active_hours",
            "purchases",
        ],
        problems,
    );
    Customer {
        id: members.required_name("id", problems),
        time_zone: members
            .optional("time_zone", problems, |node, problems| node.zone(problems))
            .flatten(),
        tags: required_list(&members, "tags", problems, read_held_tag),
        attributes: members
            .optional("attributes", problems, |node, problems| {
                node.entries(problems, |_, node, problems| read_literal(node, problems))
            })
            .flatten()
            .unwrap_or_default(),
        consent: members
            .optional("consent", problems, |node, problems| {
                node.entries(problems, |_, node, problems| match node.document {
                    Document::Null => None,
                    _ => node.boolean(problems),
                })
            })
            .flatten()
            .unwrap_or_default(),
        senders: optional_list(&members, "senders", problems, |node, problems| {
            node.name(problems)
        }),
        active_hours: members
            .optional("active_hours", problems, read_active_hours)
            .flatten(),
        purchases: members
            .optional("purchases", problems, |node, problems| {
                node.list(problems, read_purchase)
            })
            .flatten(),
    }
}

/// Reads a tag's name, or an object with its interval.
pub(crate) fn read_held_tag(node: Node<'_>, problems: &mut Vec<Problem>) -> HeldTag {
    match node.document {
        Document::Text(_) => HeldTag::new(node.name(problems)),
        Document::Object(_) => {
            let members = node.object(&["tag", "since", "until"], problems);
            HeldTag {
                tag: members.required_name("tag", problems),
                since: optional_instant(&members, "since", problems),
                until: optional_instant(&members, "until", problems),
            }
        }
        _ => {
            node.wrong_kind("a tag, or an object with `tag`, `since` and `until`", problems);
            HeldTag::new(UNREADABLE)
        }
    }
}

/// Reads a purchase.
pub(crate) fn read_purchase(node: Node<'_>, problems: &mut Vec<Problem>) -> Purchase {
    let members = node.object(&["at", "amount"], problems);
    Purchase {
        at: required_instant(&members, "at", problems),
        amount: members
            .optional("amount", problems, |node, problems| node.number(problems))
            .flatten(),
    }
}

fn read_active_hours(node: Node<'_>, problems: &mut Vec<Problem>) -> Option<[u64; 24]> {
    let counts = node.list(problems, read_count)?;
    let found = counts.len();
    let hours = <[u64; 24]>::try_from(counts).ok();
    if hours.is_none() {
        let sentence = format!("expected 24 counts, one for each local hour from 0 to 23, found {found}");
        node.problem(Code::BadValue, sentence, problems);
    }
    hours
}

fn read_count(node: Node<'_>, problems: &mut Vec<Problem>) -> u64 {
    if let Document::Unsigned(count) = node.document {
        return *count;
    }
    let Some(count) = node.integer(problems) else {
        return 0;
    };
    u64::try_from(count).unwrap_or_else(|_| {
        node.problem(
            Code::BadValue,
            format!("`{count}` is no count; write 0 or more"),
            problems,
        );
        0
    })
}
