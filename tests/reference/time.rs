//! Instants, wall clocks, calendar periods and durations.

use chrono::{DateTime, Datelike, NaiveDate, Offset, SecondsFormat, TimeZone, Utc};
use chrono_tz::Tz;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

pub const SECOND: i64 = 1_000_000;
pub const HOUR: i64 = 3600 * SECOND;
pub const DAY: i64 = 24 * HOUR;

/// An RFC 3339 instant in whole microseconds since the epoch; finer digits are cut off.
pub fn instant(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|at| at.timestamp_micros())
}

/// UTC, RFC 3339, no fraction when whole seconds.
pub fn print(at: i64) -> String {
    DateTime::<Utc>::from_timestamp_micros(at)
        .unwrap()
        .to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// One number and one of `s m h d w`; a day is exactly 24 h.
pub fn duration(text: &str) -> Option<i64> {
    let unit = match text.chars().last()? {
        's' => SECOND,
        'm' => 60 * SECOND,
        'h' => HOUR,
        'd' => DAY,
        'w' => 7 * DAY,
        _ => return None,
    };
    let number = &text[..text.len() - 1];
    let digits = number.strip_prefix('-').unwrap_or(number);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.len() < 15 && part.bytes().all(|b| b.is_ascii_digit());
    if !plain(whole) || !plain(fraction) {
        return None;
    }
    let scale = 10_i128.pow(fraction.len() as u32);
    let value = whole.parse::<i128>().ok()? * scale + fraction.parse::<i128>().ok()?;
    let micros = i64::try_from(value * i128::from(unit) / scale).ok()?;
    Some(if digits.len() < number.len() {
        -micros
    } else {
        micros
    })
}

/// `HH:MM[:SS]` as time since midnight; `24:00` is the end of the day.
pub fn clock(text: &str) -> i64 {
    let mut parts = text.split(':').map(|part| part.parse::<i64>().unwrap());
    let (h, m, s) = (
        parts.next().unwrap(),
        parts.next().unwrap(),
        parts.next().unwrap_or(0),
    );
    (h * 3600 + m * 60 + s) * SECOND
}

/// A wall-clock reading `YYYY-MM-DDTHH:MM[:SS]`, in microseconds as if it were UTC. `24:00` allowed.
pub fn local_date_time(text: &str) -> i64 {
    let (date, time) = text.split_once('T').unwrap();
    day_number(date.parse().unwrap()) * DAY + clock(time)
}

pub fn day_number(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce()) - 719_163
}

pub fn date_of(day: i64) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(i32::try_from(day + 719_163).unwrap()).unwrap()
}

/// 0 = Monday.
pub fn weekday(day: i64) -> i64 {
    (day + 3).rem_euclid(7)
}

pub const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

pub fn last_day_of_month(year: i32, month: u32) -> u32 {
    (28..=31)
        .rev()
        .find(|&day| NaiveDate::from_ymd_opt(year, month, day).is_some())
        .unwrap()
}

fn offset_at(tz: Tz, t: i64) -> i64 {
    let utc = DateTime::<Utc>::from_timestamp_micros(t).unwrap().naive_utc();
    i64::from(tz.offset_from_utc_datetime(&utc).fix().local_minus_utc()) * SECOND
}

/// What the wall clock shows at `t`.
pub fn local(tz: Tz, t: i64) -> i64 {
    t + offset_at(tz, t)
}

/// The instants in `[from, to]` at which the zone's offset changes: probed every 6 h, then bisected.
pub fn transitions(tz: Tz, from: i64, to: i64) -> Vec<i64> {
    thread_local!(static FOUND: RefCell<HashMap<(Tz, i64), Vec<i64>>> = RefCell::new(HashMap::new()));
    const CHUNK: i64 = 360 * DAY;
    let probe = |chunk: i64| -> Vec<i64> {
        let mut found = Vec::new();
        for step in 0..CHUNK / (6 * HOUR) {
            let (mut before, mut after) = (
                chunk * CHUNK + step * 6 * HOUR,
                chunk * CHUNK + (step + 1) * 6 * HOUR,
            );
            if offset_at(tz, before) != offset_at(tz, after) {
                while after - before > SECOND {
                    let middle = before + (after - before) / SECOND / 2 * SECOND;
                    if offset_at(tz, middle) == offset_at(tz, before) {
                        before = middle
                    } else {
                        after = middle
                    }
                }
                found.push(after);
            }
        }
        found
    };
    FOUND.with_borrow_mut(|cache| {
        (from.div_euclid(CHUNK)..=to.div_euclid(CHUNK))
            .flat_map(|chunk| cache.entry((tz, chunk)).or_insert_with(|| probe(chunk)).clone())
            .filter(|&at| from <= at && at <= to)
            .collect()
    })
}

/// A local date-time in a gap means the end of the gap, in a fold the first pass:
/// the first instant at which the wall clock shows `reading` or later.
pub fn resolve(tz: Tz, reading: i64) -> i64 {
    let (from, to) = (reading - 2 * DAY, reading + 2 * DAY);
    let mut segments = vec![from];
    segments.extend(transitions(tz, from, to));
    segments.push(to);
    segments
        .windows(2)
        .map(|pair| (pair[0].max(reading - offset_at(tz, pair[0])), pair[1]))
        .find(|(t, next)| t < next)
        .unwrap()
        .0
}

/// A superset of the instants in `[from, to]` at which the clock shows one of `times`: every day with
/// every offset in force around it (so both passes of a fold), and every change of offset.
pub fn wall_clock_instants(tz: Tz, times: &BTreeSet<i64>, from: i64, to: i64) -> Vec<i64> {
    let mut out = transitions(tz, from, to);
    for day in from.div_euclid(DAY) - 2..=to.div_euclid(DAY) + 2 {
        let (start, end) = ((day - 2) * DAY, (day + 3) * DAY);
        let mut offsets = BTreeSet::from([offset_at(tz, start)]);
        offsets.extend(
            transitions(tz, start, end)
                .into_iter()
                .map(|at| offset_at(tz, at)),
        );
        for time in times {
            out.extend(offsets.iter().map(|offset| day * DAY + time - offset));
        }
    }
    out.retain(|&t| from <= t && t <= to);
    out
}

/// Which calendar period the local clock is in; ISO weeks.
pub fn period(tz: Tz, t: i64, per: &str) -> (i64, i64) {
    let day = local(tz, t).div_euclid(DAY);
    let date = date_of(day);
    match per {
        "day" => (day, 0),
        "week" => (date.iso_week().year().into(), date.iso_week().week().into()),
        "month" => (date.year().into(), date.month().into()),
        "year" => (date.year().into(), 0),
        other => panic!("no calendar period: {other}"),
    }
}

/// The end of the local day or week of `t`: the next period's first local midnight; if a fold puts that
/// at or before `t`, the first later instant with another label.
pub fn period_end(tz: Tz, t: i64, per: &str) -> i64 {
    let day = local(tz, t).div_euclid(DAY);
    let next = if per == "week" {
        day - weekday(day) + 7
    } else {
        day + 1
    };
    let end = resolve(tz, next * DAY);
    if end > t {
        return end;
    }
    let mut later = wall_clock_instants(tz, &BTreeSet::from([0]), t + 1, t + 10 * DAY);
    later.sort_unstable();
    later
        .into_iter()
        .find(|&at| period(tz, at, per) != period(tz, t, per))
        .unwrap()
}

/// Half-open `from`–`to`, may wrap midnight, on the wall clock; `days` and `dates` name the day on which it
/// starts, a day counts if in either list, neither = every day; the whole day by default.
pub fn inside_window(window: &Value, reading: i64) -> bool {
    let (day, time) = (reading.div_euclid(DAY), reading.rem_euclid(DAY));
    let from = window["from"].as_str().map_or(0, clock);
    let to = window["to"].as_str().map_or(DAY, clock);
    let starts_on = |day: i64| {
        let (days, dates) = (window["days"].as_array(), window["dates"].as_array());
        (days.is_none() && dates.is_none())
            || days.is_some_and(|list| list.iter().any(|name| name == WEEKDAYS[weekday(day) as usize]))
            || dates.is_some_and(|list| list.iter().any(|date| *date == date_of(day).to_string().as_str()))
    };
    if from < to {
        starts_on(day) && from <= time && time < to
    } else {
        (starts_on(day) && from <= time) || (starts_on(day - 1) && time < to)
    }
}
