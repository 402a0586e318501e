//! Reading rules and what they do.

use super::{
    nearest::quoted,
    problem::{Code, Problem},
    read_condition::read_condition,
    read_words::{
        dates_member, days_member, looks_like_a_duration, names_member, read_counting, read_duration,
        read_scope, window_members, zone_member,
    },
    reader::{Members, Node, UNREADABLE},
};
use crate::written::{
    calendar::CalendarPeriod,
    document::Document,
    duration::Duration,
    percent::Percent,
    rule::{AtMost, Cap, Effect, GroupedBy, Hold, Holdout, Per, Prefer, Quiet, React, ReactTo, Rule},
};

const RULE: [&str; 7] = ["id", "note", "scope", "except", "when", "observe", "then"];
const EFFECTS: [&str; 5] = ["cap", "quiet", "react", "prefer", "holdout"];

/// Stands for a length that could not be read.
const UNREADABLE_LENGTH: Duration = Duration::days(1);

/// A rule.
pub(crate) fn read_rule(node: Node<'_>, problems: &mut Vec<Problem>) -> Rule {
    let members = node.object(&RULE, problems);
    Rule {
        id: members.required_name("id", problems),
        note: members
            .optional("note", problems, |node, problems| {
                node.text(problems).map(str::to_owned)
            })
            .flatten(),
        scope: members.optional("scope", problems, read_scope).flatten(),
        except: members.optional("except", problems, read_scope).flatten(),
        when: members.optional("when", problems, read_condition),
        observe: members
            .optional("observe", problems, |node, problems| node.boolean(problems))
            .flatten()
            .unwrap_or(false),
        then: members
            .required("then", problems, read_effect)
            .flatten()
            .unwrap_or(Effect::Forbid),
    }
}

fn read_effect(node: Node<'_>, problems: &mut Vec<Problem>) -> Option<Effect> {
    let written = match node.document {
        Document::Text(_) => return node.word(&[("forbid", ())], problems).map(|()| Effect::Forbid),
        Document::Object(written) => written,
        _ => {
            node.wrong_kind("`forbid` or an object", problems);
            return None;
        }
    };
    let members = node.object(&EFFECTS, problems);
    let mut effects = EFFECTS.into_iter().filter(|effect| members.has(effect));
    let Some(effect) = effects.next() else {
        // A misspelt effect is told already.
        if written.iter().all(|(name, _)| EFFECTS.contains(&name.as_str())) {
            let sentence =
                "the effect is missing; write `forbid`, `cap`, `quiet`, `react`, `prefer` or `holdout`";
            node.problem(Code::MissingField, sentence, problems);
        }
        return None;
    };
    for second in effects {
        members.forbid(second, "a rule has one effect; write a rule for each", problems);
    }
    let inner = members.get(effect)?;
    Some(match effect {
        "cap" => Effect::Cap(read_cap(inner, problems)),
        "quiet" => Effect::Quiet(read_quiet(inner, problems)),
        "react" => Effect::React(read_react(inner, problems)),
        "prefer" => Effect::Prefer(read_prefer(inner, problems)),
        _ => Effect::Holdout(read_holdout(inner, problems)),
    })
}

fn read_cap(node: Node<'_>, problems: &mut Vec<Problem>) -> Cap {
    let members = node.object(&["at_most", "per", "zone", "counting", "grouped_by"], problems);
    let (at_most, per) = at_most_per_members(&members, problems);
    Cap {
        at_most,
        per,
        zone: zone_member(&members, problems),
        counting: members.optional("counting", problems, read_counting).flatten(),
        grouped_by: grouped_by_member(&members, problems),
    }
}

/// The members `at_most` and `per`, of a cap or a repeat.
pub(crate) fn at_most_per_members(members: &Members<'_>, problems: &mut Vec<Problem>) -> (AtMost, Per) {
    let at_most = members.required("at_most", problems, read_at_most).flatten();
    let per = members.required("per", problems, read_per).flatten();
    let at_most = at_most.unwrap_or(AtMost::Count(1));
    // Whatever the number needs, so that one mistake is told once.
    let per = per.unwrap_or(Per::Calendar(CalendarPeriod::Month));
    (at_most, per)
}

fn read_at_most(node: Node<'_>, problems: &mut Vec<Problem>) -> Option<AtMost> {
    if let Document::Text(_) = node.document {
        return node.word(&[("days_in_month", AtMost::DaysInMonth)], problems);
    }
    node.integer_within(0, i64::from(u32::MAX), problems)
        .map(AtMost::Count)
}

fn read_per(node: Node<'_>, problems: &mut Vec<Problem>) -> Option<Per> {
    match node.document {
        Document::Text(text) if looks_like_a_duration(text) => Some(Per::Rolling(
            read_duration(node, problems).unwrap_or(UNREADABLE_LENGTH),
        )),
        _ => {
            let words = [
                ("day", Per::Calendar(CalendarPeriod::Day)),
                ("week", Per::Calendar(CalendarPeriod::Week)),
                ("month", Per::Calendar(CalendarPeriod::Month)),
                ("year", Per::Calendar(CalendarPeriod::Year)),
                ("lifetime", Per::Lifetime),
            ];
            word_or_duration(node, &words, problems)
        }
    }
}

/// A word where a duration could stand as well.
fn word_or_duration<T: Copy>(node: Node<'_>, words: &[(&str, T)], problems: &mut Vec<Problem>) -> Option<T> {
    let text = node.text(problems)?;
    let found = words
        .iter()
        .find(|(word, _)| *word == text)
        .map(|(_, meaning)| *meaning);
    if found.is_none() {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let sentence = format!(
            "{} is not known here; write {} or a duration like `30d`",
            quoted(text),
            super::nearest::one_of(&known)
        );
        node.problem(Code::BadValue, sentence, problems);
    }
    found
}

/// The member `grouped_by`.
pub(crate) fn grouped_by_member(members: &Members<'_>, problems: &mut Vec<Problem>) -> Option<GroupedBy> {
    let words = [
        ("channel", GroupedBy::Channel),
        ("purpose", GroupedBy::Purpose),
        ("campaign", GroupedBy::Campaign),
        ("sender", GroupedBy::Sender),
        ("content", GroupedBy::Content),
    ];
    members
        .optional("grouped_by", problems, |node, problems| {
            node.word(&words, problems)
        })
        .flatten()
}

fn read_quiet(node: Node<'_>, problems: &mut Vec<Problem>) -> Quiet {
    let members = node.object(&["from", "to", "days", "dates", "zone"], problems);
    Quiet {
        window: window_members(&members, problems),
        days: days_member(&members, problems),
        dates: dates_member(&members, "dates", problems),
        zone: zone_member(&members, problems),
    }
}

fn read_react(node: Node<'_>, problems: &mut Vec<Problem>) -> React {
    let known = [
        "to",
        "at_least",
        "within",
        "hold",
        "counting",
        "after",
        "answered_by",
        "in_a_row",
    ];
    let members = node.object(&known, problems);
    React {
        to: read_react_to(&members, problems),
        at_least: members
            .optional("at_least", problems, |node, problems| {
                node.integer_within(1, i64::from(u32::MAX), problems)
            })
            .flatten()
            .unwrap_or(1),
        within: members.optional("within", problems, read_duration).flatten(),
        hold: members
            .required("hold", problems, read_hold)
            .flatten()
            .unwrap_or(Hold::Forever),
        counting: members.optional("counting", problems, read_counting).flatten(),
    }
}

fn read_react_to(members: &Members<'_>, problems: &mut Vec<Problem>) -> ReactTo {
    let kind = members.required_name("to", problems);
    if kind == "ignored" {
        return ReactTo::Ignored {
            after: members
                .required("after", problems, read_duration)
                .flatten()
                .unwrap_or(UNREADABLE_LENGTH),
            answered_by: names_member(members, "answered_by", problems),
            in_a_row: members
                .optional("in_a_row", problems, |node, problems| node.boolean(problems))
                .flatten()
                .unwrap_or(false),
        };
    }
    if kind != UNREADABLE {
        for member in ["after", "answered_by", "in_a_row"] {
            let sentence = format!("`{member}` goes with `\"to\": \"ignored\"` only; leave it out");
            members.forbid(member, &sentence, problems);
        }
    }
    ReactTo::Response(kind)
}

fn read_hold(node: Node<'_>, problems: &mut Vec<Problem>) -> Option<Hold> {
    match node.document {
        Document::Text(text) if looks_like_a_duration(text) => read_duration(node, problems).map(Hold::For),
        _ => word_or_duration(node, &[("forever", Hold::Forever)], problems),
    }
}

fn read_prefer(node: Node<'_>, problems: &mut Vec<Problem>) -> Prefer {
    let known = [
        "from",
        "to",
        "days",
        "dates",
        "weight",
        "zone",
        "active_hours",
        "at_least",
    ];
    let members = node.object(&known, problems);
    let weight = members
        .optional("weight", problems, |node, problems| node.integer(problems))
        .flatten()
        .unwrap_or(1);
    let zone = zone_member(&members, problems);
    if members.has("active_hours") {
        members.optional("active_hours", problems, |node, problems| {
            if node.boolean(problems) == Some(false) {
                node.problem(Code::BadValue, "write `true`, or give a window", problems);
            }
        });
        for member in ["from", "to", "days", "dates"] {
            let sentence =
                format!("`{member}` belongs to a window and not to `active_hours`; write a rule for each");
            members.forbid(member, &sentence, problems);
        }
        return Prefer::ActiveHours {
            at_least: members
                .optional("at_least", problems, |node, problems| {
                    node.integer_within(0, i64::MAX, problems)
                })
                .flatten()
                .unwrap_or(1),
            weight,
            zone,
        };
    }
    members.forbid(
        "at_least",
        "`at_least` goes with `active_hours` only; leave it out",
        problems,
    );
    Prefer::Window {
        window: window_members(&members, problems),
        days: days_member(&members, problems),
        dates: dates_member(&members, "dates", problems),
        weight,
        zone,
    }
}

fn read_holdout(node: Node<'_>, problems: &mut Vec<Problem>) -> Holdout {
    let members = node.object(&["percent", "salt"], problems);
    let percent = members.required("percent", problems, |node, problems| {
        let percent = Percent::new(node.number(problems)?);
        if let Err(error) = &percent {
            node.problem(Code::BadValue, error.to_string(), problems);
        }
        percent.ok()
    });
    let salt = members.required_name("salt", problems);
    Holdout {
        basis_points: percent.flatten().map_or(0, Percent::basis_points),
        salt,
    }
}
