//! Reading schedules.

use chrono::NaiveDate;

use super::{
    nearest::{did_you_mean, one_of, quoted},
    problem::{Code, Problem},
    read_condition::read_condition,
    read_words::{days_member, read_between, read_duration, window_members, zone_member},
    reader::{Members, Node},
};
use crate::written::{
    calendar::{LocalDateTime, LocalTime},
    document::Document,
    duration::Duration,
    schedule::{Between, Cycle, Schedule, Wave},
};

const FORMS: [&str; 5] = ["between", "after", "every", "on", "waves"];

/// A schedule; one that cannot be read is at any time.
pub(crate) fn read_schedule(node: Node<'_>, problems: &mut Vec<Problem>) -> Schedule {
    let Document::Object(written) = node.document else {
        node.wrong_kind("an object", problems);
        return Schedule::Always;
    };
    let mut names = written.iter().map(|(name, _)| name.as_str());
    match names.find(|name| FORMS.contains(name)) {
        Some("between") => {
            let members = node.object(&["between", "zone"], problems);
            let between = members.required("between", problems, read_between).flatten();
            let zone = zone_member(&members, problems);
            between.map_or(Schedule::Always, |(from, to)| {
                Schedule::Between(Between { from, to, zone })
            })
        }
        Some("after") => {
            let members = node.object(&["after", "from", "until"], problems);
            let anchor = members.required_name("after", problems);
            let until = members.required("until", problems, read_duration).flatten();
            let (from, until) = offsets(&members, until, problems);
            Schedule::After { anchor, from, until }
        }
        Some("every") => {
            let members = node.object(&["every", "of", "from", "until", "zone"], problems);
            let cycles = [("year", Cycle::Year), ("month", Cycle::Month)];
            let cycle = members.required("every", problems, |node, problems| node.word(&cycles, problems));
            let until = members.optional("until", problems, read_duration);
            let (from, until) = offsets(&members, until.unwrap_or(Some(Duration::days(1))), problems);
            Schedule::Every {
                cycle: cycle.flatten().unwrap_or(Cycle::Year),
                of: members.required_name("of", problems),
                from,
                until,
                zone: zone_member(&members, problems),
            }
        }
        Some("on") => {
            let members = node.object(&["on", "zone"], problems);
            let zone = zone_member(&members, problems);
            let on = members.required("on", problems, |node, problems| {
                let on = node.object(&["days", "days_of_month", "months", "from", "to"], problems);
                Schedule::On {
                    days: days_member(&on, problems),
                    days_of_month: numbers(&on, "days_of_month", -31, 31, problems),
                    months: numbers(&on, "months", 1, 12, problems),
                    window: window_members(&on, problems),
                    zone,
                }
            });
            on.unwrap_or(Schedule::Always)
        }
        Some(_) => {
            let members = node.object(&["waves", "zone"], problems);
            let waves = members.required("waves", problems, |node, problems| node.list(problems, read_wave));
            let zone = zone_member(&members, problems);
            match waves.flatten() {
                Some(waves) => Schedule::Waves { waves, zone },
                None => Schedule::Always,
            }
        }
        None => {
            no_form(&node, written, problems);
            Schedule::Always
        }
    }
}

/// Says what is wrong with an object that has no member of [`FORMS`].
fn no_form(node: &Node<'_>, written: &[(String, Document)], problems: &mut Vec<Problem>) {
    let mut told = false;
    for (name, document) in written {
        if ["zone", "from", "to", "until", "of"].contains(&name.as_str()) {
            continue;
        }
        let place = node.below(document, node.path.member(name));
        let sentence = format!("{} is not a schedule{}", quoted(name), did_you_mean(name, FORMS));
        place.problem(Code::UnknownField, sentence, problems);
        told = true;
    }
    if !told {
        let sentence = format!("the schedule says nothing; write one of {}", one_of(&FORMS));
        node.problem(Code::MissingField, sentence, problems);
    }
}

/// `from` and the `until` that was read; where one is unreadable, two that are surely in order.
fn offsets(
    members: &Members<'_>,
    until: Option<Duration>,
    problems: &mut Vec<Problem>,
) -> (Duration, Duration) {
    let from = members.optional("from", problems, read_duration);
    match (from.unwrap_or(Some(Duration::ZERO)), until) {
        (Some(from), Some(until)) => (from, until),
        _ => (Duration::ZERO, Duration::days(1)),
    }
}

fn numbers<'n, T: TryFrom<i64> + From<bool>>(
    members: &Members<'n>,
    name: &'n str,
    least: i64,
    most: i64,
    problems: &mut Vec<Problem>,
) -> Option<Vec<T>> {
    members
        .optional(name, problems, |node, problems| {
            node.list(problems, |number, problems| {
                let read = number.integer_within(least, most, problems);
                // One stands for a number that could not be read: the first of the month or year.
                read.unwrap_or_else(|| T::from(true))
            })
        })
        .flatten()
}

fn read_wave(node: Node<'_>, problems: &mut Vec<Problem>) -> Wave {
    let members = node.object(&["id", "between", "audience"], problems);
    let id = members.required_name("id", problems);
    let between = members.required("between", problems, read_between).flatten();
    let (from, to) = between.unwrap_or((
        LocalDateTime::new(NaiveDate::default(), LocalTime::MIDNIGHT),
        LocalDateTime::new(NaiveDate::default(), LocalTime::END_OF_DAY),
    ));
    Wave {
        id,
        from,
        to,
        audience: members.optional("audience", problems, read_condition),
    }
}
