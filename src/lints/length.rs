//! How long occurrences are.

use super::week::seconds;
use crate::{
    clock::{instant::SECOND, wall::day_of, zone::Clock},
    written::{
        calendar::{LocalDateTime, Zone},
        rulebook::Rulebook,
        schedule::Schedule,
    },
};

/// The length of a schedule's longest occurrence in microseconds, on a day on which no clock is changed where it recurs or
/// is by the customer's clock; none where it never ends.
pub(super) fn longest_occurrence(book: &Rulebook, schedule: &Schedule) -> Option<i64> {
    let between = |from: LocalDateTime, to: LocalDateTime, zone: Option<Zone>| {
        let clock = Clock::new(match zone {
            None | Some(Zone::House) => book.time_zone,
            Some(Zone::Named(named)) => named,
            Some(Zone::Customer) => chrono_tz::Tz::UTC,
        });
        let at = |local: LocalDateTime| {
            let seconds = i64::from(local.time().second_of_day());
            clock.local(day_of(local.date()), seconds.saturating_mul(SECOND))
        };
        at(to).since(at(from))
    };
    match schedule {
        Schedule::Always => None,
        Schedule::Between(once) => Some(between(once.from, once.to, once.zone)),
        Schedule::After { from, until, .. } | Schedule::Every { from, until, .. } => {
            Some(until.micros.saturating_sub(from.micros))
        }
        Schedule::On { window, .. } => {
            let seconds = seconds(*window);
            Some(seconds.end.saturating_sub(seconds.start).saturating_mul(SECOND))
        }
        Schedule::Waves { waves, zone } => waves.iter().map(|wave| between(wave.from, wave.to, *zone)).max(),
    }
}
