//! Instants as the customer's wall clock shows them.

use chrono::{DateTime, Datelike, MappedLocalTime, NaiveDateTime, Offset, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use super::{language::Templates, template::Values};

/// Writes an instant by the wall clock of a zone, in the words of a language.
pub(crate) fn say_time(at: DateTime<Utc>, zone: Tz, templates: &Templates) -> String {
    let (local, offset_seconds) = read_clock(at, zone);
    let day = local.date();
    let month = word(&templates.months, day.month0());
    let weekday = word(&templates.weekdays, day.weekday().num_days_from_monday());
    let mut clock = local.format("%H:%M").to_string();
    if local.second() != 0 || local.nanosecond() != 0 {
        clock = local.format("%H:%M:%S%.f").to_string();
    }
    // A clock that is put back shows the same time twice; only then the offset tells which.
    let twice = matches!(
        zone.offset_from_local_datetime(&local),
        MappedLocalTime::Ambiguous(..)
    );
    templates.time.fill(
        &Values::default()
            .with("weekday", weekday)
            .with("day", day.day().to_string())
            .with("month", month)
            .with("year", day.year().to_string())
            .with("clock", clock)
            .maybe("offset", twice.then(|| say_offset(offset_seconds))),
    )
}

/// The wall clock and its offset from UTC. At the ends of the calendar, where no local time is left, UTC's.
fn read_clock(at: DateTime<Utc>, zone: Tz) -> (NaiveDateTime, i32) {
    let utc = at.naive_utc();
    let offset = zone.offset_from_utc_datetime(&utc).fix();
    match utc.checked_add_offset(offset) {
        Some(local) => (local, offset.local_minus_utc()),
        None => (utc, 0),
    }
}

fn word(words: &[String], index: u32) -> &str {
    usize::try_from(index)
        .ok()
        .and_then(|index| words.get(index))
        .map_or("", String::as_str)
}

fn say_offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    fn say(at: &str, zone: Tz, language: &Language) -> String {
        say_time(at.parse().unwrap(), zone, language.templates())
    }

    #[test]
    fn times_are_the_customers_wall_clock() {
        let (english, chinese) = (Language::english(), Language::chinese());
        let at = "2026-11-21T10:00:00Z";
        assert_eq!(say(at, Tz::Asia__Shanghai, &english), "Sat 21 Nov 2026 at 18:00");
        assert_eq!(say(at, Tz::Asia__Shanghai, &chinese), "2026年11月21日 周六 18:00");
        assert_eq!(
            say(at, Tz::Pacific__Kiritimati, &english),
            "Sun 22 Nov 2026 at 00:00"
        );
        assert_eq!(
            say(at, Tz::America__New_York, &chinese),
            "2026年11月21日 周六 05:00"
        );
    }

    #[test]
    fn seconds_show_only_when_there_are_any() {
        let english = Language::english();
        assert_eq!(
            say("2026-01-05T00:00:07Z", Tz::UTC, &english),
            "Mon 5 Jan 2026 at 00:00:07"
        );
        assert_eq!(
            say("2026-01-05T00:00:00.250Z", Tz::UTC, &english),
            "Mon 5 Jan 2026 at 00:00:00.250"
        );
    }

    #[test]
    fn the_offset_tells_the_two_passes_of_a_fold_apart() {
        let zone = Tz::America__New_York;
        let (english, chinese) = (Language::english(), Language::chinese());
        assert_eq!(
            say("2026-11-01T05:30:00Z", zone, &english),
            "Sun 1 Nov 2026 at 01:30 (UTC-04:00)"
        );
        assert_eq!(
            say("2026-11-01T06:30:00Z", zone, &english),
            "Sun 1 Nov 2026 at 01:30 (UTC-05:00)"
        );
        assert_eq!(
            say("2026-11-01T06:30:00Z", zone, &chinese),
            "2026年11月1日 周日 01:30（UTC-05:00）"
        );
        assert_eq!(
            say("2026-11-01T07:30:00Z", zone, &english),
            "Sun 1 Nov 2026 at 02:30"
        );
    }

    #[test]
    fn the_ends_of_the_calendar_do_not_panic() {
        let english = Language::english();
        for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            for zone in [Tz::Asia__Shanghai, Tz::America__New_York] {
                assert!(!say_time(at, zone, english.templates()).is_empty());
            }
        }
    }
}
