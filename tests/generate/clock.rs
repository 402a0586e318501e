//! Instants as microseconds, durations and local clocks, for placing things on exact boundaries.

use super::Dice;
use chrono::{
    DateTime, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, SecondsFormat, TimeZone,
    Utc,
};
use chrono_tz::Tz;

pub const SECOND: i64 = 1_000_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

/// Zones, each with local dates around which something interesting happens.
pub const ZONES: &[(&str, &[(i32, u32, u32)])] = &[
    (
        "Asia/Shanghai",
        &[(2026, 11, 20), (2026, 12, 31), (2028, 2, 28), (2027, 2, 28)],
    ),
    ("America/New_York", &[(2026, 3, 8), (2026, 11, 1), (2027, 1, 2)]),
    ("Europe/Paris", &[(2026, 3, 29), (2026, 10, 25), (2026, 12, 30)]),
    ("Asia/Kolkata", &[(2028, 2, 29), (2026, 1, 1)]),
    ("Australia/Lord_Howe", &[(2026, 4, 5), (2026, 10, 4)]),
    ("America/St_Johns", &[(2026, 3, 8), (2010, 11, 7)]),
    ("Pacific/Apia", &[(2011, 12, 30), (2011, 12, 29)]),
    ("America/Havana", &[(2026, 3, 8), (2026, 11, 1)]),
    ("Africa/Cairo", &[(2026, 4, 24), (2026, 10, 30)]),
    ("Asia/Beirut", &[(2026, 3, 29), (2026, 10, 25)]),
];

/// A zone by name.
pub fn zone(name: &str) -> Option<Tz> {
    name.parse().ok()
}

/// `"-1.5h"` in microseconds.
pub fn duration(text: &str) -> Option<i64> {
    let unit = match text.chars().last()? {
        's' => SECOND,
        'm' => MINUTE,
        'h' => HOUR,
        'd' => DAY,
        'w' => 7 * DAY,
        _ => return None,
    };
    let number: f64 = text[..text.len() - 1].parse().ok()?;
    Some((number * unit as f64).round() as i64)
}

/// An RFC 3339 instant in microseconds.
pub fn instant(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|at| at.timestamp_micros())
}

/// A local date-time without offset.
pub fn local_time(text: &str) -> Option<NaiveDateTime> {
    if let Some(date) = text.strip_suffix("T24:00") {
        return Some(
            date.parse::<NaiveDate>()
                .ok()?
                .succ_opt()?
                .and_time(NaiveTime::MIN),
        );
    }
    ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
}

/// `"22:00"` or `"24:00"` as microseconds from midnight.
pub fn wall(text: &str) -> Option<i64> {
    let mut parts = text.split(':').map(|part| part.parse::<i64>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    Some(hour * HOUR + minute * MINUTE + second * SECOND)
}

fn utc(at: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at).unwrap_or_default()
}

/// What the wall clock of a zone shows.
pub fn local(zone: Tz, at: i64) -> NaiveDateTime {
    utc(at).with_timezone(&zone).naive_local()
}

/// The instant at which the wall clock shows this: the end of a gap, the first pass of a fold.
pub fn resolve(zone: Tz, time: NaiveDateTime) -> i64 {
    match zone.from_local_datetime(&time) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.timestamp_micros(),
        LocalResult::None => {
            let guess = time.and_utc().timestamp_micros();
            let before = guess - i64::from(offset(zone, guess - 2 * DAY)) * SECOND;
            turns(zone, before, 3)
                .into_iter()
                .find(|&turn| local(zone, turn) >= time)
                .unwrap_or(before)
        }
    }
}

/// The instant of this time of that day; `24:00` is the next midnight.
pub fn on_day(zone: Tz, day: NaiveDate, wall: i64) -> i64 {
    let midnight = day.and_time(NaiveTime::MIN);
    resolve(zone, midnight + chrono::TimeDelta::microseconds(wall))
}

fn offset(zone: Tz, at: i64) -> i32 {
    zone.offset_from_utc_datetime(&utc(at).naive_utc())
        .fix()
        .local_minus_utc()
}

/// The instants within `days` of `at` at which the offset of a zone changes.
pub fn turns(zone: Tz, at: i64, days: i64) -> Vec<i64> {
    let mut found = Vec::new();
    let mut from = at - days * DAY;
    while from < at + days * DAY {
        let to = from + 12 * HOUR;
        if offset(zone, from) != offset(zone, to) {
            let (mut low, mut high) = (from.div_euclid(SECOND), to.div_euclid(SECOND));
            while high - low > 1 {
                let middle = low + (high - low) / 2;
                if offset(zone, middle * SECOND) == offset(zone, from) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            found.push(high * SECOND);
        }
        from = to;
    }
    found
}

/// The instant in some RFC 3339 spelling.
pub fn write(dice: &mut Dice, at: i64) -> String {
    let minutes = dice.weighted(&[(50, 0), (30, 480), (6, -300), (6, 330), (4, -210), (4, 60)]);
    let offset = FixedOffset::east_opt(minutes * 60).unwrap_or(Utc.fix());
    utc(at)
        .with_timezone(&offset)
        .to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// The instant as decisions spell it: UTC, no fraction when whole seconds.
pub fn write_utc(at: i64) -> String {
    utc(at).to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A local date-time without offset, as schedules spell it.
pub fn write_local(time: NaiveDateTime) -> String {
    time.format(if time.format("%S").to_string() == "00" {
        "%Y-%m-%dT%H:%M"
    } else {
        "%Y-%m-%dT%H:%M:%S"
    })
    .to_string()
}
