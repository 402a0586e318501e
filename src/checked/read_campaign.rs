//! Reading campaigns and their variants.

use std::collections::BTreeMap;

use super::{
    problem::Problem,
    read_condition::{literal_or_placeholder, read_condition, reference_members, unreadable_condition},
    read_rule::{at_most_per_members, grouped_by_member, read_rule},
    read_schedule::read_schedule,
    read_words::{read_duration, unreadable_names, zone_member},
    reader::{Members, Node, UNREADABLE},
};
use crate::written::{
    campaign::{BestIn, Campaign, Patience, Repeat, Score, ScoreAdd, Timing, Value},
    document::Document,
    duration::Duration,
    variant::{Arm, Field, FieldSource, Style, Variant},
};

const CAMPAIGN: [&str; 16] = [
    "id",
    "purpose",
    "value",
    "topic",
    "priority",
    "audience",
    "schedule",
    "channels",
    "patience",
    "score",
    "timing",
    "stop_when",
    "repeat",
    "reserve",
    "variants",
    "rules",
];

const VALUES: [(&str, Value); 6] = [
    ("save", Value::Save),
    ("earn", Value::Earn),
    ("knowledge", Value::Knowledge),
    ("experience", Value::Experience),
    ("local", Value::Local),
    ("service", Value::Service),
];

const PATIENCE: [(&str, Patience); 4] = [
    ("none", Patience::None),
    ("day", Patience::Day),
    ("week", Patience::Week),
    ("occurrence", Patience::Occurrence),
];

const BEST_IN: [(&str, BestIn); 3] = [
    ("day", BestIn::Day),
    ("week", BestIn::Week),
    ("occurrence", BestIn::Occurrence),
];

/// A campaign.
pub(crate) fn read_campaign(node: Node<'_>, problems: &mut Vec<Problem>) -> Campaign {
    let members = node.object(&CAMPAIGN, problems);
    Campaign {
        id: members.required_name("id", problems),
        purpose: members.required_name("purpose", problems),
        value: members
            .required("value", problems, |node, problems| node.word(&VALUES, problems))
            .flatten()
            .unwrap_or(Value::Service),
        topic: members.optional("topic", problems, |node, problems| node.name(problems)),
        priority: integer_member(&members, "priority", problems).unwrap_or(0),
        audience: members.optional("audience", problems, read_condition),
        schedule: members
            .optional("schedule", problems, read_schedule)
            .unwrap_or_default(),
        channels: members
            .required("channels", problems, |node, problems| node.names(problems))
            .flatten()
            .unwrap_or_else(unreadable_names),
        patience: members
            .optional("patience", problems, |node, problems| {
                node.word(&PATIENCE, problems)
            })
            .flatten()
            .unwrap_or_default(),
        score: members
            .optional("score", problems, read_score)
            .unwrap_or_default(),
        timing: members
            .optional("timing", problems, read_timing)
            .flatten()
            .unwrap_or_default(),
        stop_when: members.optional("stop_when", problems, read_condition),
        repeat: members.optional("repeat", problems, read_repeat).flatten(),
        reserve: members.optional("reserve", problems, read_duration).flatten(),
        variants: members
            .required("variants", problems, |node, problems| {
                node.list(problems, read_variant)
            })
            .flatten()
            .unwrap_or_else(|| vec![unreadable_variant()]),
        rules: members
            .optional("rules", problems, |node, problems| node.list(problems, read_rule))
            .flatten()
            .unwrap_or_default(),
    }
}

fn integer_member<'n>(members: &Members<'n>, name: &'n str, problems: &mut Vec<Problem>) -> Option<i64> {
    members
        .optional(name, problems, |node, problems| node.integer(problems))
        .flatten()
}

fn read_score(node: Node<'_>, problems: &mut Vec<Problem>) -> Score {
    let members = node.object(&["base", "add"], problems);
    Score {
        base: integer_member(&members, "base", problems).unwrap_or(0),
        add: members
            .optional("add", problems, |node, problems| {
                node.list(problems, |node, problems| {
                    let members = node.object(&["when", "points"], problems);
                    ScoreAdd {
                        when: members
                            .required("when", problems, read_condition)
                            .unwrap_or_else(unreadable_condition),
                        points: members
                            .required("points", problems, |node, problems| node.integer(problems))
                            .flatten()
                            .unwrap_or(0),
                    }
                })
            })
            .flatten()
            .unwrap_or_default(),
    }
}

fn read_timing(node: Node<'_>, problems: &mut Vec<Problem>) -> Option<Timing> {
    if let Document::Object(_) = node.document {
        let members = node.object(&["best_in"], problems);
        let period = members.required("best_in", problems, |node, problems| {
            node.word(&BEST_IN, problems)
        });
        return period.flatten().map(Timing::BestIn);
    }
    node.word(&[("asap", Timing::Asap)], problems)
}

fn read_repeat(node: Node<'_>, problems: &mut Vec<Problem>) -> Option<Repeat> {
    let members = node.object(&["at_most", "per", "gap", "zone", "grouped_by"], problems);
    let (at_most, per) = at_most_per_members(&members, problems);
    Some(Repeat {
        at_most,
        per,
        gap: members
            .required("gap", problems, read_duration)
            .flatten()
            .unwrap_or(Duration::ZERO),
        zone: zone_member(&members, problems),
        grouped_by: grouped_by_member(&members, problems),
    })
}

fn text_member<'n>(members: &Members<'n>, name: &'n str, problems: &mut Vec<Problem>) -> Option<String> {
    members.optional(name, problems, |node, problems| node.name(problems))
}

fn unreadable_variant() -> Variant {
    Variant {
        id: UNREADABLE.to_owned(),
        when: None,
        content: None,
        fields: BTreeMap::new(),
        arms: Vec::new(),
    }
}

fn read_variant(node: Node<'_>, problems: &mut Vec<Problem>) -> Variant {
    let members = node.object(&["id", "when", "content", "fields", "arms"], problems);
    Variant {
        id: members.required_name("id", problems),
        when: members.optional("when", problems, read_condition),
        content: text_member(&members, "content", problems),
        fields: members
            .optional("fields", problems, |node, problems| {
                node.entries(problems, |_, node, problems| read_field(node, problems))
            })
            .flatten()
            .unwrap_or_default(),
        arms: members
            .optional("arms", problems, |node, problems| node.list(problems, read_arm))
            .flatten()
            .unwrap_or_default(),
    }
}

fn read_field(node: Node<'_>, problems: &mut Vec<Problem>) -> Field {
    let members = node.object(&["attribute", "fact", "of", "is", "default"], problems);
    let from = match members.optional("is", problems, literal_or_placeholder) {
        Some(literal) => {
            for member in ["attribute", "fact", "of"] {
                members.forbid(
                    member,
                    "a field comes from one place; keep `is` or leave it out",
                    problems,
                );
            }
            FieldSource::Is(literal)
        }
        None => FieldSource::Reference(reference_members(&members, problems)),
    };
    Field {
        from,
        default: members.optional("default", problems, literal_or_placeholder),
    }
}

fn read_arm(node: Node<'_>, problems: &mut Vec<Problem>) -> Arm {
    let members = node.object(&["id", "weight", "content"], problems);
    Arm {
        id: members.required_name("id", problems),
        weight: members
            .optional("weight", problems, |node, problems| {
                node.integer_within(1, i64::from(u32::MAX), problems)
            })
            .flatten()
            .unwrap_or(1),
        content: text_member(&members, "content", problems),
    }
}

/// A style.
pub(crate) fn read_style(node: Node<'_>, problems: &mut Vec<Problem>) -> Style {
    let members = node.object(&["when", "set"], problems);
    let set = members.required("set", problems, |node, problems| {
        node.entries(problems, |_, node, problems| {
            literal_or_placeholder(node, problems)
        })
    });
    Style {
        when: members.optional("when", problems, read_condition),
        set: set.flatten().unwrap_or_else(|| {
            // Not empty, which would be a second problem.
            let placeholder = crate::written::condition::Literal::Boolean(true);
            BTreeMap::from([(UNREADABLE.to_owned(), placeholder)])
        }),
    }
}
