//! Caps, counted touch by touch.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use chrono_tz::Tz;

use super::rules::{Addressed, clocks, is_in, wall};
use crate::written::{
    calendar::CalendarPeriod,
    condition::Status,
    customer::Customer,
    history::HistoryEntry,
    rule::{AtMost, Cap, Effect, GroupedBy, Per},
    rulebook::Rulebook,
    scope::Counting,
};

/// The first cap without a condition that a touch exceeds among everything that was sent, with how many there are.
pub(super) fn exceeded(
    rules: &[Addressed],
    touch: &HistoryEntry,
    others: &[HistoryEntry],
    customer: &Customer,
    book: &Rulebook,
) -> Option<String> {
    rules.iter().find_map(|addressed| {
        let Effect::Cap(cap) = &addressed.rule.then else {
            return None;
        };
        if addressed.rule.when.is_some() || !addressed.covers(touch) {
            return None;
        }
        let counted: Vec<&HistoryEntry> = others
            .iter()
            .filter(|other| matches!(other.status, Status::Sent | Status::Scheduled))
            .filter(|other| counts(addressed, cap, other) && same_group(cap.grouped_by, touch, other))
            .collect();
        let (count, limit) = match cap.per {
            Per::Lifetime => (counted.len(), limit(cap, 0)),
            Per::Rolling(window) => (
                most_together(touch.at, &counted, TimeDelta::microseconds(window.as_micros())),
                limit(cap, 0),
            ),
            Per::Calendar(period) => {
                let in_zone = |zone: &Tz| {
                    let same = |other: &&&HistoryEntry| {
                        period_of(period, other.at, *zone) == period_of(period, touch.at, *zone)
                    };
                    (
                        counted.iter().filter(same).count(),
                        limit(cap, days_in_month(touch.at, *zone)),
                    )
                };
                let zones = clocks(cap.zone, customer, book);
                zones
                    .iter()
                    .map(in_zone)
                    .find(|(count, limit)| count >= limit)
                    .unwrap_or((0, usize::MAX))
            }
        };
        // The touch itself is one more.
        (count >= limit).then(|| {
            format!(
                "`{}` allows {limit}, and this is touch number {}",
                addressed.address,
                count.saturating_add(1)
            )
        })
    })
}

fn limit(cap: &Cap, days_in_month: usize) -> usize {
    match cap.at_most {
        AtMost::Count(count) => usize::try_from(count).unwrap_or(usize::MAX),
        AtMost::DaysInMonth => days_in_month,
    }
}

fn counts(addressed: &Addressed, cap: &Cap, other: &HistoryEntry) -> bool {
    match &cap.counting {
        None => addressed.covers(other),
        Some(Counting::All) => true,
        Some(Counting::Scope { scope, except }) => is_in(Some(scope), except.as_ref(), other),
    }
}

fn same_group(grouped_by: Option<GroupedBy>, touch: &HistoryEntry, other: &HistoryEntry) -> bool {
    match grouped_by {
        None => true,
        Some(GroupedBy::Channel) => touch.channel == other.channel,
        Some(GroupedBy::Purpose) => touch.purpose == other.purpose,
        Some(GroupedBy::Campaign) => touch.campaign == other.campaign,
        Some(GroupedBy::Sender) => touch.sender == other.sender,
        Some(GroupedBy::Content) => touch.content == other.content,
    }
}

/// Of all windows of a length that contain an instant: the most touches in one. A window is open at its beginning, so one
/// that ends at a touch, or at the instant, has as many as any.
fn most_together(at: DateTime<Utc>, touches: &[&HistoryEntry], window: TimeDelta) -> usize {
    let ends = touches.iter().map(|touch| touch.at).chain([at]);
    let contains = |end: DateTime<Utc>, instant: DateTime<Utc>| {
        instant <= end && end.signed_duration_since(instant) < window
    };
    ends.filter(|end| contains(*end, at))
        .map(|end| touches.iter().filter(|touch| contains(end, touch.at)).count())
        .max()
        .unwrap_or(0)
}

/// Names a calendar period.
fn period_of(period: CalendarPeriod, at: DateTime<Utc>, zone: Tz) -> (i32, u32) {
    let date = wall(at, zone).date();
    match period {
        CalendarPeriod::Day => (date.year(), date.ordinal()),
        CalendarPeriod::Week => (date.iso_week().year(), date.iso_week().week()),
        CalendarPeriod::Month => (date.year(), date.month()),
        CalendarPeriod::Year => (date.year(), 0),
    }
}

fn days_in_month(at: DateTime<Utc>, zone: Tz) -> usize {
    usize::from(wall(at, zone).date().num_days_in_month())
}
