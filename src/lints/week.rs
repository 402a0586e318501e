//! A week on the wall of one clock, and what of it windows cover.

use std::ops::Range;

use chrono::Weekday;
use chrono_tz::Tz;

use crate::{
    clock::{
        instant::{Instant, SECOND},
        zone::Clock,
    },
    written::calendar::ClockWindow,
};

const DAY: i64 = 86_400;
const WEEK: i64 = 7 * DAY;
/// The years in which changes of clocks are looked at: 2026 to 2099.
const YEARS: Range<i64> = 1_767_225_600..4_102_444_800;

/// Of each second from Monday's midnight, whether it is covered.
pub(super) struct Week(Vec<bool>);

impl Week {
    pub(super) fn new() -> Self {
        Self((0..WEEK).map(|_| false).collect())
    }

    pub(super) fn whole() -> Self {
        Self((0..WEEK).map(|_| true).collect())
    }

    /// Covers seconds from a day's midnight; what leaves the week comes in again at its other end.
    pub(super) fn cover(&mut self, day: Weekday, seconds: &Range<i64>) {
        let midnight = i64::from(day.num_days_from_monday()).saturating_mul(DAY);
        for second in seconds.start..seconds.end.min(seconds.start.saturating_add(WEEK)) {
            let second = midnight.saturating_add(second).rem_euclid(WEEK);
            let second = usize::try_from(second).unwrap_or(0);
            if let Some(covered) = self.0.get_mut(second) {
                *covered = true;
            }
        }
    }

    pub(super) fn contains(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(own, other)| *own || !*other)
    }
}

/// The seconds of a window from the midnight before it.
pub(super) fn seconds(window: ClockWindow) -> Range<i64> {
    let (from, to) = (
        i64::from(window.from.second_of_day()),
        i64::from(window.to.second_of_day()),
    );
    from..if to > from { to } else { to.saturating_add(DAY) }
}

/// The seconds from midnight that a wall can show between two resolved instants: more than were meant where a clock is set
/// back over the first.
pub(super) fn shown(seconds: Range<i64>, zones: &[Tz]) -> Range<i64> {
    let back = zones.iter().map(|zone| set_back(seconds.start, *zone)).max();
    seconds.start.saturating_sub(back.unwrap_or(0))..seconds.end
}

/// By how much a clock is set back over a second of the day, at most.
fn set_back(second: i64, zone: Tz) -> i64 {
    let clock = Clock::new(zone);
    let mut most = 0;
    let mut segment = clock.segment(Instant(YEARS.start.saturating_mul(SECOND)));
    while segment.until < Instant(YEARS.end.saturating_mul(SECOND)) {
        let next = clock.segment(segment.until);
        let first = segment.until.plus(next.offset).0.div_euclid(SECOND);
        let length = segment.offset.saturating_sub(next.offset).div_euclid(SECOND);
        let back = second.saturating_sub(first).rem_euclid(DAY);
        if back < length {
            most = most.max(back);
        }
        segment = next;
    }
    most
}
