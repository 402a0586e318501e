//! Readings of a wall clock: local days, times of day and calendar periods.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};

use super::{
    instant::{DAY, Instant, SECOND},
    zone::Clock,
};
use crate::written::calendar::CalendarPeriod;

/// A local calendar day, counted from 1970-01-01.
pub(crate) type Day = i64;

/// A calendar period on a wall clock.
#[derive(Debug, Clone)]
pub(crate) struct Stretch {
    pub(crate) days: Range<Day>,
    /// When the period of the wall's reading may end: the end, or an earlier change of offset.
    pub(crate) change: Instant,
    /// Its start and end, where the offset does not change in it or near it.
    pub(crate) instants: Option<(Instant, Instant)>,
}

/// What the wall shows at an instant, and how long it runs on without a change of offset.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    pub(crate) day: Day,
    /// Microseconds since local midnight.
    pub(crate) time: i64,
    /// The offset holds up to here, excluded.
    pub(crate) until: Instant,
    offset: i64,
}

impl Reading {
    /// The instant at which this segment's wall shows `time` of `day`, whether or not the segment lasts so long.
    pub(crate) fn instant(&self, day: Day, time: i64) -> Instant {
        Instant(day.saturating_mul(DAY).saturating_add(time)).minus(self.offset)
    }
}

impl Clock {
    #[inline]
    pub(crate) fn read(self, t: Instant) -> Reading {
        let segment = self.segment(t);
        let local = t.0.saturating_add(segment.offset);
        Reading {
            day: local.div_euclid(DAY),
            time: local.rem_euclid(DAY),
            until: segment.until,
            offset: segment.offset,
        }
    }

    #[inline]
    pub(crate) fn day(self, t: Instant) -> Day {
        self.read(t).day
    }

    /// The instant of a local date and time of day, gaps and folds resolved. `time` may be a whole day.
    pub(crate) fn local(self, day: Day, time: i64) -> Instant {
        self.resolve(day.saturating_mul(DAY).saturating_add(time))
    }

    /// The period of the wall's reading at `t`.
    #[inline]
    pub(crate) fn period(self, period: CalendarPeriod, t: Instant) -> Stretch {
        let segment = self.segment(t);
        let local = t.0.saturating_add(segment.offset);
        let (first, next) = days_of(period, local.div_euclid(DAY));
        let at = |day: Day| Instant(day.saturating_mul(DAY)).minus(segment.offset);
        let (start, end) = (at(first), at(next));
        // No clock is set back by two days, which would show the same days again.
        let far = 2 * DAY;
        let steady = segment.from.plus(far) <= start && end.plus(far) <= segment.until;
        Stretch {
            days: first..next,
            change: end.min(segment.until),
            instants: steady.then_some((start, end)),
        }
    }

    /// When the period of the wall's reading at `t` may end: the end, or an earlier change of offset.
    pub(crate) fn period_change(self, period: CalendarPeriod, t: Instant) -> Instant {
        let (_, end) = days_of(period, self.day(t));
        self.change_before(end, t)
    }

    /// When the wall may show the day `end` or a later one, where it shows an earlier one at `t`: when it does, or an
    /// earlier change of offset.
    pub(crate) fn change_before(self, end: Day, t: Instant) -> Instant {
        let reading = self.read(t);
        reading.instant(end, 0).min(reading.until)
    }

    /// The end of the local period of `t`: the first midnight of the next. Where a fold at midnight has put the wall back
    /// into the period, it ends where the wall leaves it again.
    pub(crate) fn period_end(self, period: CalendarPeriod, t: Instant) -> Instant {
        let (_, next) = days_of(period, self.day(t));
        self.local(next, 0).max(self.period_change(period, t))
    }
}

pub(crate) fn date_of(day: Day) -> NaiveDate {
    i32::try_from(day)
        .ok()
        .and_then(NaiveDate::from_epoch_days)
        .unwrap_or(if day < 0 { NaiveDate::MIN } else { NaiveDate::MAX })
}

pub(crate) fn day_of(date: NaiveDate) -> Day {
    i64::from(date.to_epoch_days())
}

/// Monday is 0.
pub(crate) fn weekday_of(day: Day) -> u8 {
    u8::try_from(day.saturating_add(3).rem_euclid(7)).unwrap_or(0)
}

/// The local days of the period that contains `day`: the first, and the first of the next.
pub(crate) fn days_of(period: CalendarPeriod, day: Day) -> (Day, Day) {
    let week_start = day.saturating_sub(i64::from(weekday_of(day)));
    match period {
        CalendarPeriod::Day => (day, day.saturating_add(1)),
        CalendarPeriod::Week => (week_start, week_start.saturating_add(7)),
        CalendarPeriod::Month => {
            let date = date_of(day);
            (
                first_of(date.year(), date.month0(), 0),
                first_of(date.year(), date.month0(), 1),
            )
        }
        CalendarPeriod::Year => {
            let year = date_of(day).year();
            (first_of(year, 0, 0), first_of(year, 0, 12))
        }
    }
}

/// The first day of the month that is `more` months after month `month0` of `year`.
fn first_of(year: i32, month0: u32, more: i64) -> Day {
    month_day(year, month0, more, 1)
}

/// Day `day` of the month that is `more` months after month `month0` of `year`; the month's last if it has no such.
pub(crate) fn month_day(year: i32, month0: u32, more: i64, day: u32) -> Day {
    let months = i64::from(year)
        .saturating_mul(12)
        .saturating_add(i64::from(month0))
        .saturating_add(more);
    let year = i32::try_from(months.div_euclid(12)).unwrap_or(i32::MAX);
    let month = u32::try_from(months.rem_euclid(12))
        .unwrap_or(0)
        .saturating_add(1);
    (1..=day.min(31))
        .rev()
        .find_map(|day| NaiveDate::from_ymd_opt(year, month, day))
        .map_or(i64::from(i32::MAX), day_of)
}

/// How many days the month of `day` has.
pub(crate) fn days_in_month(day: Day) -> u32 {
    let (first, next) = days_of(CalendarPeriod::Month, day);
    u32::try_from(next.saturating_sub(first)).unwrap_or(31)
}

pub(crate) fn micros(seconds: u32) -> i64 {
    i64::from(seconds).saturating_mul(SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_beyond_the_calendar_are_its_ends() {
        assert_eq!(date_of(i64::MAX), NaiveDate::MAX);
        assert_eq!(date_of(i64::MIN), NaiveDate::MIN);
        for date in [NaiveDate::MIN, NaiveDate::default(), NaiveDate::MAX] {
            assert_eq!(date_of(day_of(date)), date);
        }
    }

    #[test]
    fn a_day_that_a_month_does_not_have_is_its_last() {
        let date = |year, month0, more, day| date_of(month_day(year, month0, more, day)).to_string();
        assert_eq!(date(2026, 0, 1, 31), "2026-02-28");
        assert_eq!(date(2027, 11, 2, 30), "2028-02-29");
        assert_eq!(date(2026, 0, -1, 31), "2025-12-31");
        assert_eq!(days_in_month(month_day(2028, 1, 0, 1)), 29);
    }
}
