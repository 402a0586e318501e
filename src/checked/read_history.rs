//! Reading a history: its shape. Names that the rulebook no longer declares are fine here.

use super::{
    problem::Problem,
    read_input::{optional_list, required_instant},
    reader::Node,
};
use crate::written::{
    condition::Status,
    history::{HistoryEntry, Response},
};

/// The statuses, as they are written.
const STATUSES: &[(&str, Status)] = &[
    ("scheduled", Status::Scheduled),
    ("sent", Status::Sent),
    ("failed", Status::Failed),
    ("cancelled", Status::Cancelled),
    ("held_out", Status::HeldOut),
];

/// Reads an entry. What cannot be read leaves a problem and a placeholder.
pub(crate) fn read_entry(node: Node<'_>, problems: &mut Vec<Problem>) -> HistoryEntry {
    let members = node.object(
        &[
            "at",
            "channel",
            "purpose",
            "campaign",
            "occurrence",
            "sender",
            "content",
            "key",
            "status",
            "responses",
            "extra",
        ],
        problems,
    );
    HistoryEntry {
        at: required_instant(&members, "at", problems),
        channel: members.required_name("channel", problems),
        purpose: members.required_name("purpose", problems),
        campaign: members.optional("campaign", problems, |node, problems| node.name(problems)),
        occurrence: members.optional("occurrence", problems, |node, problems| node.name(problems)),
        sender: members.optional("sender", problems, |node, problems| node.name(problems)),
        content: members.optional("content", problems, |node, problems| node.name(problems)),
        key: members.optional("key", problems, |node, problems| node.name(problems)),
        status: members
            .optional("status", problems, |node, problems| node.word(STATUSES, problems))
            .flatten()
            .unwrap_or_default(),
        responses: optional_list(&members, "responses", problems, read_response),
    }
}

/// Reads a response.
pub(crate) fn read_response(node: Node<'_>, problems: &mut Vec<Problem>) -> Response {
    let members = node.object(&["kind", "at"], problems);
    Response {
        kind: members.required_name("kind", problems),
        at: required_instant(&members, "at", problems),
    }
}
