//! The calm house: as little as a good neighbour would say.

use super::{Preset, date};
use crate::written::{
    calendar::{CalendarPeriod, ClockWindow, LocalTime},
    condition::{Condition, Literal, Operand, Test},
    duration::Duration,
    rule::{AtMost, Cap, Effect, Hold, Per, Quiet, React, ReactTo, Rule},
    scope::Scope,
};

/// Answers: always given.
const ANSWERS: &[&str] = &["reply"];
/// Not proactive: answers and what the customer's own orders bring with them.
const ANSWERS_AND_SERVICE: &[&str] = &["reply", "service"];

pub(super) const CALM: Preset = Preset {
    id: "calm",
    version: 1,
    summary: "A house that speaks rarely, by day, to people who want to hear it, and stops when they do not.",
    valid_from: date(2026, 11, 1),
    source: None,
    leaves_out: &[
        "A style of the house and no law: look for the hours and the consent that the law of the customer's place asks.",
        "Proactive is everything but the purposes `reply` and `service`. Quiet hours hold service back too; a block holds \
         everything but replies.",
        "The month and the quiet hours are read on the customer's clock.",
        "Ignored is a proactive touch without a click, an answer or a purchase three days after it.",
        "Complaints and blocks are responses of the kinds `complained` and `blocked` on any touch of the history.",
        "A campaign without a `score` has the score 0, which is below the floor of 1: give what is worth saying a base.",
    ],
    channels: &[],
    purposes: ANSWERS_AND_SERVICE,
    tags: &["do_not_disturb"],
    rules,
};

fn rules() -> Vec<Rule> {
    let below_the_floor = Condition::Score(vec![Test::Lt(Operand::Literal(Literal::Integer(1)))]);
    vec![
        Rule {
            when: Some(Condition::Tag("do_not_disturb".to_owned())),
            ..rule("no-proactive", ANSWERS_AND_SERVICE, Effect::Forbid)
        },
        rule("quiet", ANSWERS, Effect::Quiet(night())),
        rule("monthly", ANSWERS_AND_SERVICE, Effect::Cap(two_a_month())),
        rule(
            "ignored",
            ANSWERS_AND_SERVICE,
            Effect::React(React {
                at_least: 3,
                ..held(
                    ReactTo::Ignored {
                        after: Duration::days(3),
                        answered_by: None,
                        in_a_row: true,
                    },
                    Hold::For(Duration::days(14)),
                )
            }),
        ),
        rule(
            "complaint",
            ANSWERS_AND_SERVICE,
            Effect::React(held(
                ReactTo::Response("complained".to_owned()),
                Hold::For(Duration::days(90)),
            )),
        ),
        rule(
            "block",
            ANSWERS,
            Effect::React(held(ReactTo::Response("blocked".to_owned()), Hold::Forever)),
        ),
        Rule {
            when: Some(below_the_floor),
            ..rule("relevance", ANSWERS_AND_SERVICE, Effect::Forbid)
        },
    ]
}

fn rule(id: &str, except: &[&str], then: Effect) -> Rule {
    Rule {
        id: id.to_owned(),
        note: None,
        scope: None,
        except: Some(Scope {
            purposes: Some(except.iter().map(|purpose| (*purpose).to_owned()).collect()),
            ..Scope::default()
        }),
        when: None,
        observe: false,
        then,
    }
}

fn night() -> Quiet {
    Quiet {
        window: ClockWindow {
            from: LocalTime { seconds: 22 * 3_600 },
            to: LocalTime { seconds: 8 * 3_600 },
        },
        days: None,
        dates: None,
        zone: None,
    }
}

fn two_a_month() -> Cap {
    Cap {
        at_most: AtMost::Count(2),
        per: Per::Calendar(CalendarPeriod::Month),
        zone: None,
        counting: None,
        grouped_by: None,
    }
}

fn held(to: ReactTo, hold: Hold) -> React {
    React {
        to,
        at_least: 1,
        within: None,
        hold,
        counting: None,
    }
}
