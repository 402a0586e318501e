//! Reading the words that rules, schedules and campaigns share: durations, zones, local times, windows, scopes.

use chrono::NaiveDate;

use super::{
    nearest::quoted,
    problem::{Code, Problem},
    reader::{Members, Node, UNREADABLE},
};
use crate::written::{
    calendar::{ClockWindow, LocalDateTime, LocalTime, WEEKDAYS, Weekday, Zone, parse_date},
    condition::Literal,
    document::Document,
    duration::Duration,
    scope::{Counting, Scope},
};

/// A duration of any sign.
pub(crate) fn read_duration(node: Node<'_>, problems: &mut Vec<Problem>) -> Option<Duration> {
    let text = node.text(problems)?;
    match text.parse() {
        Ok(duration) => Some(duration),
        Err(_) => {
            let sentence = format!(
                "{} is not a duration of less than a thousand years; write one number and one of `s m h d w`, like `30d`",
                quoted(text)
            );
            node.problem(Code::BadDuration, sentence, problems);
            None
        }
    }
}

/// Whether a text that must be a word or a duration was meant as a duration.
pub(crate) fn looks_like_a_duration(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first))
}

/// `customer`, `house` or an IANA name.
pub(crate) fn read_zone(node: Node<'_>, problems: &mut Vec<Problem>) -> Option<Zone> {
    match node.document {
        Document::Text(text) if text == "customer" => Some(Zone::Customer),
        Document::Text(text) if text == "house" => Some(Zone::House),
        _ => node.zone(problems).map(Zone::Named),
    }
}

/// The member `zone`.
pub(crate) fn zone_member(members: &Members<'_>, problems: &mut Vec<Problem>) -> Option<Zone> {
    members.optional("zone", problems, read_zone).flatten()
}

fn read_time(node: Node<'_>, problems: &mut Vec<Problem>) -> Option<LocalTime> {
    let text = node.text(problems)?;
    let time = text.parse().ok();
    if time.is_none() {
        let sentence = format!(
            "{} is not a time of day; write it like `22:00` or `22:00:30`",
            quoted(text)
        );
        node.problem(Code::BadDate, sentence, problems);
    }
    time
}

/// The members `from` and `to` of a daily window; the whole day where one cannot be read.
pub(crate) fn window_members(members: &Members<'_>, problems: &mut Vec<Problem>) -> ClockWindow {
    let from = members
        .optional("from", problems, read_time)
        .unwrap_or(Some(LocalTime::MIDNIGHT));
    let to = members
        .optional("to", problems, read_time)
        .unwrap_or(Some(LocalTime::END_OF_DAY));
    match (from, to) {
        (Some(from), Some(to)) => ClockWindow::new(from, to),
        _ => ClockWindow::WHOLE_DAY,
    }
}

/// The member `days`: `mon` to `sun`.
pub(crate) fn days_member(members: &Members<'_>, problems: &mut Vec<Problem>) -> Option<Vec<Weekday>> {
    members
        .optional("days", problems, |node, problems| {
            node.list(problems, |day, problems| {
                day.word(&WEEKDAYS, problems).unwrap_or(Weekday::Mon)
            })
        })
        .flatten()
}

/// A list of dates: `YYYY-MM-DD`.
pub(crate) fn dates_member<'n>(
    members: &Members<'n>,
    name: &'n str,
    problems: &mut Vec<Problem>,
) -> Option<Vec<NaiveDate>> {
    members
        .optional(name, problems, |node, problems| {
            node.list(problems, |date, problems| {
                read_date(date, problems).unwrap_or_default()
            })
        })
        .flatten()
}

fn read_date(node: Node<'_>, problems: &mut Vec<Problem>) -> Option<NaiveDate> {
    let text = node.text(problems)?;
    let date = parse_date(text);
    if date.is_none() {
        let sentence = format!("{} is not a date; write it like `2026-10-01`", quoted(text));
        node.problem(Code::BadDate, sentence, problems);
    }
    date
}

/// Two local date-times in a list.
pub(crate) fn read_between(
    node: Node<'_>,
    problems: &mut Vec<Problem>,
) -> Option<(LocalDateTime, LocalDateTime)> {
    let read = node.list(problems, |node, problems| {
        let text = node.text(problems)?;
        let time: Option<LocalDateTime> = text.parse().ok();
        if time.is_none() {
            let sentence = format!(
                "{} is not a local date and time; write it without offset, like `2026-11-20T09:00`",
                quoted(text)
            );
            node.problem(Code::BadDate, sentence, problems);
        }
        time
    })?;
    match read.as_slice() {
        [from, to] => Some(((*from)?, (*to)?)),
        _ => {
            let sentence = format!("expected a start and an end, found {} elements", read.len());
            node.problem(Code::BadValue, sentence, problems);
            None
        }
    }
}

/// A boolean, a number or text.
pub(crate) fn read_literal(node: Node<'_>, problems: &mut Vec<Problem>) -> Option<Literal> {
    match node.document {
        Document::Boolean(value) => Some(Literal::Boolean(*value)),
        Document::Integer(value) => Some(Literal::Integer(*value)),
        Document::Unsigned(value) => exact(*value)
            .or_else(|| {
                let sentence = format!("`{value}` is too large; write at most {}", i64::MAX);
                node.problem(Code::BadValue, sentence, problems);
                None
            })
            .map(Literal::Number),
        Document::Number(_) => node.number(problems).map(Literal::Number),
        Document::Text(text) => Some(Literal::Text(text.clone())),
        _ => {
            node.wrong_kind("a boolean, a number or text", problems);
            None
        }
    }
}

/// A number that says the same whole number, if there is one: integers and numbers compare exactly.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "compared afterwards"
)]
fn exact(value: u64) -> Option<f64> {
    let number = value as f64;
    (number as u128 == u128::from(value)).then_some(number)
}

/// An optional member that is a list of names.
pub(crate) fn names_member<'n>(
    members: &Members<'n>,
    name: &'n str,
    problems: &mut Vec<Problem>,
) -> Option<Vec<String>> {
    members
        .optional(name, problems, |node, problems| node.names(problems))
        .map(|names| names.unwrap_or_else(unreadable_names))
}

/// Stands for a list of names that could not be read: not empty, which would be a second problem.
pub(crate) fn unreadable_names() -> Vec<String> {
    vec![UNREADABLE.to_owned()]
}

const SCOPE: [&str; 3] = ["channels", "purposes", "campaigns"];
const COUNTING: [&str; 4] = ["channels", "purposes", "campaigns", "except"];

fn scope_members(members: &Members<'_>, problems: &mut Vec<Problem>) -> Scope {
    Scope {
        channels: names_member(members, "channels", problems),
        purposes: names_member(members, "purposes", problems),
        campaigns: names_member(members, "campaigns", problems),
    }
}

/// A scope of touches.
pub(crate) fn read_scope(node: Node<'_>, problems: &mut Vec<Problem>) -> Option<Scope> {
    let before = problems.len();
    let scope = scope_members(&node.object(&SCOPE, problems), problems);
    // A scope that is empty because its members could not be read is told once.
    (scope != Scope::default() || problems.len() == before).then_some(scope)
}

/// `"all"`, or a scope that may hold an `except`.
pub(crate) fn read_counting(node: Node<'_>, problems: &mut Vec<Problem>) -> Option<Counting> {
    if let Document::Text(_) = node.document {
        return node.word(&[("all", ())], problems).map(|()| Counting::All);
    }
    let before = problems.len();
    let members = node.object(&COUNTING, problems);
    let counting = Counting::Scope {
        scope: scope_members(&members, problems),
        except: members.optional("except", problems, read_scope).flatten(),
    };
    let empty = Counting::Scope {
        scope: Scope::default(),
        except: None,
    };
    (counting != empty || problems.len() == before).then_some(counting)
}
