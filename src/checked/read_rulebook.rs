//! Reading the whole rulebook, its policies, tags and declarations.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::{
    nearest::{one_of, quoted},
    problem::{Code, Problem},
    read_campaign::{read_campaign, read_style},
    read_condition::{read_condition, unreadable_condition},
    read_rule::read_rule,
    read_words::{dates_member, read_duration},
    reader::{Members, Node, Nulls, UNREADABLE, untyped},
};
use crate::written::{
    calendar::UnknownTimeZone,
    document::Document,
    duration::Duration,
    policy::{PolicySource, TouchPolicy},
    rulebook::{Channel, ChannelConsent, FactDeclaration, Purpose, Rulebook, ValueType},
    tag::Tag,
};

const RULEBOOK: [&str; 12] = [
    "format",
    "time_zone",
    "unknown_time_zone",
    "look_ahead",
    "attributes",
    "facts",
    "tags",
    "purposes",
    "channels",
    "policies",
    "styles",
    "campaigns",
];

const VALUE_TYPES: [(&str, ValueType); 6] = [
    ("integer", ValueType::Integer),
    ("number", ValueType::Number),
    ("string", ValueType::String),
    ("boolean", ValueType::Boolean),
    ("date", ValueType::Date),
    ("date-time", ValueType::DateTime),
];

const CONSENTS: [(&str, ChannelConsent); 3] = [
    ("opt_in", ChannelConsent::OptIn),
    ("opt_out", ChannelConsent::OptOut),
    ("none", ChannelConsent::None),
];

/// A rulebook in its shape. What the values may be and whether the names are declared is checked afterwards, of
/// rulebooks built in Rust as well.
pub(crate) fn read_rulebook(document: &Document, problems: &mut Vec<Problem>) -> Rulebook {
    let node = Node::root(document, Nulls::Refused);
    let members = node.object(&RULEBOOK, problems);
    members.required("format", problems, |node, problems| {
        node.integer_within::<i64>(1, 1, problems)
    });
    Rulebook {
        time_zone: members
            .required("time_zone", problems, |node, problems| node.zone(problems))
            .flatten()
            .unwrap_or(Tz::UTC),
        unknown_time_zone: members
            .required("unknown_time_zone", problems, read_unknown_time_zone)
            .flatten()
            .unwrap_or(UnknownTimeZone::House),
        look_ahead: members
            .required("look_ahead", problems, read_duration)
            .flatten()
            .unwrap_or(Duration::ZERO),
        attributes: entries_member(
            &members,
            "attributes",
            problems,
            |node, problems| node.word(&VALUE_TYPES, problems),
            ValueType::Boolean,
        ),
        facts: entries_member(
            &members,
            "facts",
            problems,
            read_fact,
            FactDeclaration {
                value_type: ValueType::Boolean,
                keyed: false,
            },
        ),
        tags: list_member(&members, "tags", problems, read_tag, unreadable_tag),
        purposes: required_list(&members, "purposes", problems, read_purpose, unreadable_purpose),
        channels: read_channels(&members, problems),
        policies: list_member(&members, "policies", problems, read_policy, unreadable_policy),
        styles: members
            .optional("styles", problems, |node, problems| {
                node.list(problems, read_style)
            })
            .flatten()
            .unwrap_or_default(),
        campaigns: members
            .required("campaigns", problems, |node, problems| {
                node.list(problems, read_campaign)
            })
            .flatten()
            .unwrap_or_default(),
    }
}

/// A declaration list that cannot be read holds one unreadable name, which stops the checks of its names' uses.
fn list_member<'n, T>(
    members: &Members<'n>,
    name: &'n str,
    problems: &mut Vec<Problem>,
    read: impl FnMut(Node<'_>, &mut Vec<Problem>) -> T,
    unreadable: fn() -> T,
) -> Vec<T> {
    match members.optional(name, problems, |node, problems| node.list(problems, read)) {
        None => Vec::new(),
        Some(list) => list.unwrap_or_else(|| vec![unreadable()]),
    }
}

fn required_list<'n, T>(
    members: &Members<'n>,
    name: &'n str,
    problems: &mut Vec<Problem>,
    read: impl FnMut(Node<'_>, &mut Vec<Problem>) -> T,
    unreadable: fn() -> T,
) -> Vec<T> {
    if members.has(name) {
        return list_member(members, name, problems, read, unreadable);
    }
    members.missing(name, problems);
    vec![unreadable()]
}

/// Declarations by name. One whose type is unreadable stands under [`untyped`]; if there are none to read at all, one
/// stands under [`UNREADABLE`].
fn entries_member<'n, T: Copy>(
    members: &Members<'n>,
    name: &'n str,
    problems: &mut Vec<Problem>,
    mut read: impl FnMut(Node<'_>, &mut Vec<Problem>) -> Option<T>,
    placeholder: T,
) -> BTreeMap<String, T> {
    let Some(node) = members.get(name) else {
        return BTreeMap::new();
    };
    let Some(entries) = node.entries(problems, |_, node, problems| read(node, problems)) else {
        return BTreeMap::from([(UNREADABLE.to_owned(), placeholder)]);
    };
    entries
        .into_iter()
        .map(|(name, value)| match value {
            Some(value) => (name, value),
            None => (untyped(&name), placeholder),
        })
        .collect()
}

fn read_unknown_time_zone(node: Node<'_>, problems: &mut Vec<Problem>) -> Option<UnknownTimeZone> {
    match node.document {
        Document::Text(text) => match text.as_str() {
            "house" => Some(UnknownTimeZone::House),
            "refrain" => Some(UnknownTimeZone::Refrain),
            _ => {
                let sentence = format!(
                    "{} is not known here; write {} or a list of zones",
                    quoted(text),
                    one_of(&["house", "refrain"])
                );
                node.problem(Code::BadValue, sentence, problems);
                None
            }
        },
        Document::List(_) => {
            let zones = node.list(problems, |node, problems| node.zone(problems).unwrap_or(Tz::UTC))?;
            Some(UnknownTimeZone::Every(zones))
        }
        _ => {
            node.wrong_kind("`house`, `refrain` or a list of zones", problems);
            None
        }
    }
}

fn read_fact(node: Node<'_>, problems: &mut Vec<Problem>) -> Option<FactDeclaration> {
    let members = node.object(&["type", "keyed"], problems);
    let value_type = members.required("type", problems, |node, problems| {
        node.word(&VALUE_TYPES, problems)
    });
    let keyed = members.optional("keyed", problems, |node, problems| node.boolean(problems));
    Some(FactDeclaration {
        value_type: value_type.flatten()?,
        keyed: keyed.unwrap_or(Some(false))?,
    })
}

fn unreadable_tag() -> Tag {
    Tag {
        name: UNREADABLE.to_owned(),
        when: None,
    }
}

/// A tag: its name, or an object with its name and when it is held.
pub(crate) fn read_tag(node: Node<'_>, problems: &mut Vec<Problem>) -> Tag {
    if let Document::Text(_) = node.document {
        return Tag {
            name: node.name(problems),
            when: None,
        };
    }
    let Document::Object(_) = node.document else {
        node.wrong_kind("a tag's name or an object", problems);
        return unreadable_tag();
    };
    let members = node.object(&["tag", "when"], problems);
    let name = members.required_name("tag", problems);
    let when = members.required("when", problems, read_condition);
    Tag {
        name,
        when: Some(when.unwrap_or_else(unreadable_condition)),
    }
}

fn unreadable_purpose() -> Purpose {
    Purpose {
        name: UNREADABLE.to_owned(),
        needs_consent: true,
    }
}

fn read_purpose(node: Node<'_>, problems: &mut Vec<Problem>) -> Purpose {
    if let Document::Text(_) = node.document {
        return Purpose {
            name: node.name(problems),
            needs_consent: true,
        };
    }
    let Document::Object(_) = node.document else {
        node.wrong_kind("a purpose's name or an object", problems);
        return unreadable_purpose();
    };
    let members = node.object(&["purpose", "consent"], problems);
    let name = members.required_name("purpose", problems);
    let consent = members.optional("consent", problems, |node, problems| {
        node.word(&[("none", ())], problems)
    });
    Purpose {
        name,
        needs_consent: consent.flatten().is_none(),
    }
}

fn read_channels(members: &Members<'_>, problems: &mut Vec<Problem>) -> BTreeMap<String, Channel> {
    let channels = members.required("channels", problems, |node, problems| {
        node.entries(problems, |_, node, problems| {
            let members = node.object(&["consent"], problems);
            let consent = members.required("consent", problems, |node, problems| {
                node.word(&CONSENTS, problems)
            });
            Channel {
                consent: consent.flatten().unwrap_or(ChannelConsent::OptIn),
            }
        })
    });
    channels.flatten().unwrap_or_else(|| {
        let placeholder = Channel {
            consent: ChannelConsent::OptIn,
        };
        BTreeMap::from([(UNREADABLE.to_owned(), placeholder)])
    })
}

fn unreadable_policy() -> PolicySource {
    PolicySource::Policy(TouchPolicy {
        id: UNREADABLE.to_owned(),
        rules: Vec::new(),
    })
}

fn read_policy(node: Node<'_>, problems: &mut Vec<Problem>) -> PolicySource {
    let Document::Object(written) = node.document else {
        node.wrong_kind("an object", problems);
        return unreadable_policy();
    };
    if !written.iter().any(|(name, _)| name == "preset") {
        return PolicySource::Policy(read_touch_policy(node, problems));
    }
    let members = node.object(&["preset", "channels", "purposes", "holidays"], problems);
    let id = members.required_name("preset", problems);
    let channels = members.optional("channels", problems, read_renaming);
    let purposes = members.optional("purposes", problems, read_renaming);
    PolicySource::Preset {
        id,
        channels: channels.flatten().unwrap_or_default(),
        purposes: purposes.flatten().unwrap_or_default(),
        holidays: dates_member(&members, "holidays", problems),
    }
}

fn read_renaming(node: Node<'_>, problems: &mut Vec<Problem>) -> Option<BTreeMap<String, String>> {
    node.entries(problems, |_, node, problems| node.name(problems))
}

/// A policy that is written out.
pub(crate) fn read_touch_policy(node: Node<'_>, problems: &mut Vec<Problem>) -> TouchPolicy {
    let members = node.object(&["id", "rules"], problems);
    let id = members.required_name("id", problems);
    let rules = members.required("rules", problems, |node, problems| node.list(problems, read_rule));
    TouchPolicy {
        id,
        rules: rules.flatten().unwrap_or_default(),
    }
}
