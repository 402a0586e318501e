//! The loop that one writes first: every campaign in its order, every rule asked where it is needed.

use chrono::{DateTime, Days, TimeDelta, TimeZone, Timelike, Utc};

use crate::{
    audience,
    workload::{Person, Spec, Test},
};

/// A touch with a place: the rank of its campaign, the number of its channel, its instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) rank: usize,
    pub(crate) channel: usize,
    pub(crate) at: DateTime<Utc>,
}

const LOOK_AHEAD: TimeDelta = TimeDelta::days(7);
const MONTH: TimeDelta = TimeDelta::days(30);

/// The touch that comes first, ties by rank; the search stops at one that goes now.
pub(crate) fn decide(ranked: &[Spec], person: &Person, now: DateTime<Utc>) -> Option<Placed> {
    decide_by(ranked, person, now, |rank| can_match(&ranked[rank], person, now))
}

/// The same with another way to find out which audiences can match.
pub(crate) fn decide_by(
    ranked: &[Spec],
    person: &Person,
    now: DateTime<Utc>,
    can_match: impl FnMut(usize) -> bool,
) -> Option<Placed> {
    let placed = plan(ranked, person, now, true, can_match);
    // Of equals the first: that of the higher rank.
    placed.into_iter().min_by_key(|placed| placed.at)
}

/// Everything that is placed, by instant and then by rank.
pub(crate) fn agenda(ranked: &[Spec], person: &Person, now: DateTime<Utc>) -> Vec<Placed> {
    let mut placed = plan(ranked, person, now, false, |rank| {
        can_match(&ranked[rank], person, now)
    });
    placed.sort_by_key(|placed| placed.at);
    placed
}

fn plan(
    ranked: &[Spec],
    person: &Person,
    now: DateTime<Utc>,
    stop_at_send: bool,
    mut can_match: impl FnMut(usize) -> bool,
) -> Vec<Placed> {
    let mut touches = person.history.clone();
    let mut plan = Vec::new();
    for (rank, spec) in ranked.iter().enumerate() {
        if !can_match(rank) {
            continue;
        }
        if let Some((at, channel)) = earliest(spec, person, now, &touches) {
            touches.push((at, channel));
            plan.push(Placed { rank, channel, at });
            if stop_at_send && at == now {
                break;
            }
        }
    }
    plan
}

/// Whether the audience may become true though it is not: only the time since joining changes.
pub(crate) fn may_come(spec: &Spec, person: &Person, now: DateTime<Utc>) -> bool {
    spec.audience
        .iter()
        .any(|test| matches!(test, Test::JoinedAtLeast(_)))
        && can_match(spec, person, now)
}

/// Whether the audience can be true at some time of the look-ahead: only the time since joining changes.
fn can_match(spec: &Spec, person: &Person, now: DateTime<Utc>) -> bool {
    spec.audience.iter().all(|&test| match test {
        Test::JoinedAtLeast(_) => audience::holds(test, person, now + LOOK_AHEAD),
        _ => audience::holds(test, person, now),
    })
}

fn earliest(
    spec: &Spec,
    person: &Person,
    now: DateTime<Utc>,
    touches: &[(DateTime<Utc>, usize)],
) -> Option<(DateTime<Utc>, usize)> {
    let window = spec.window.map(|(start, length)| {
        let day = |number: i64| midnight() + TimeDelta::days(number);
        (day(start), day(start + length))
    });
    let open = |at| window.is_none_or(|(start, end)| start <= at && at < end);
    if window.is_some_and(|(start, end)| end <= now || start > now + LOOK_AHEAD) {
        return None;
    }
    let mut instants = changes(spec, person, now, touches, window.map(|(start, _)| start));
    instants.retain(|&at| now <= at && at <= now + LOOK_AHEAD);
    instants.sort_unstable();
    for at in instants {
        if !open(at) || is_quiet(person, at) || !audience::matches(spec, person, at) {
            continue;
        }
        for &channel in &spec.channels {
            if !is_capped(person, at, channel, touches) {
                return Some((at, channel));
            }
        }
    }
    None
}

/// Every instant at which something that refuses may let pass.
fn changes(
    spec: &Spec,
    person: &Person,
    now: DateTime<Utc>,
    touches: &[(DateTime<Utc>, usize)],
    start: Option<DateTime<Utc>>,
) -> Vec<DateTime<Utc>> {
    let mut instants = vec![now];
    instants.extend(start);
    instants.extend(touches.iter().map(|&(at, _)| at + MONTH));
    instants.extend(spec.audience.iter().filter_map(|test| match test {
        Test::JoinedAtLeast(days) => Some(person.joined_at + TimeDelta::days(*days)),
        _ => None,
    }));
    let today = now.with_timezone(&person.tz()).date_naive();
    instants.extend((0..9).filter_map(|day| {
        let morning = (today + Days::new(day)).and_hms_opt(8, 0, 0)?;
        Some(person.tz().from_local_datetime(&morning).single()?.to_utc())
    }));
    instants
}

/// The first of November in Shanghai, from which windows count.
fn midnight() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(1_793_462_400)
}

fn is_quiet(person: &Person, at: DateTime<Utc>) -> bool {
    let hour = at.with_timezone(&person.tz()).hour();
    !(8..22).contains(&hour)
}

fn is_capped(person: &Person, at: DateTime<Utc>, channel: usize, touches: &[(DateTime<Utc>, usize)]) -> bool {
    let day = |at: DateTime<Utc>| at.with_timezone(&person.tz()).date_naive();
    if touches.iter().any(|&(other, _)| day(other) == day(at)) {
        return true;
    }
    let of_channel = || {
        touches
            .iter()
            .filter(|touch| touch.1 == channel)
            .map(|touch| touch.0)
    };
    let full = |end: DateTime<Utc>| {
        let inside = of_channel().filter(|&other| end - MONTH < other && other <= end);
        inside.count() >= 2
    };
    full(at) || of_channel().any(|end| at <= end && end < at + MONTH && full(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_count_from_midnight_in_shanghai() {
        assert_eq!(midnight().to_rfc3339(), "2026-10-31T16:00:00+00:00");
    }
}
