//! Every zone of the tz database, and every change of its offset from 1970 to 2037: quiet hours are quiet on the wall
//! clock whatever it does, caps count by the label on the wall, and `frees_at` is the very instant.
//!
//! Readings are taken from chrono-tz directly, and the changes are found by probing it.

mod harness;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use harness::{document, engine};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tactful::{Bound, Case, Engine, HistoryEntry, ReasonCode};

const HOUR: i64 = 3_600;

fn utc(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).expect("an instant")
}

fn offset(zone: Tz, seconds: i64) -> i32 {
    let at = utc(seconds).naive_utc();
    zone.offset_from_utc_datetime(&at).fix().local_minus_utc()
}

fn wall(zone: Tz, at: DateTime<Utc>) -> NaiveDateTime {
    at.with_timezone(&zone).naive_local()
}

/// The first seconds of each new offset from 1970 to 2037.
fn changes(zone: Tz) -> Vec<i64> {
    let end = 2_145_916_800; // 2038-01-01
    let mut found = Vec::new();
    let mut from = 0;
    while from < end {
        let to = from + 18 * HOUR;
        if offset(zone, from) != offset(zone, to) {
            let (mut low, mut high) = (from, to);
            while high - low > 1 {
                let middle = low + (high - low) / 2;
                if offset(zone, middle) == offset(zone, from) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            found.push(high);
        }
        from = to;
    }
    found
}

/// Runs over all zones, on every processor.
fn for_every_zone(check: impl Fn(Tz) -> usize + Sync) -> usize {
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get());
    std::thread::scope(|scope| {
        let check = &check;
        let running: Vec<_> = (0..threads)
            .map(|rest| {
                scope.spawn(move || -> usize {
                    let zones = TZ_VARIANTS.iter().skip(rest).step_by(threads);
                    zones.map(|&zone| check(zone)).sum()
                })
            })
            .collect();
        running
            .into_iter()
            .map(|thread| thread.join().expect("no failure"))
            .sum()
    })
}

/// A house with one campaign that is always on, and these rules.
fn house(rules: &Value) -> Engine {
    engine(&json!({
        "format": 1, "time_zone": "UTC", "unknown_time_zone": "house", "look_ahead": "0s",
        "purposes": ["care"], "channels": {"direct": {"consent": "none"}},
        "policies": [{"id": "p", "rules": rules}],
        "campaigns": [{"id": "c", "purpose": "care", "value": "service", "channels": ["direct"], "variants": [{"id": "v"}]}],
    }))
}

fn customer(engine: &Engine, zone: Tz, history: &[HistoryEntry]) -> Bound {
    let case = json!({
        "customer": {"id": "c", "tags": [], "time_zone": zone.name()}, "history": [], "now": "2026-01-01T00:00:00Z",
    });
    let Case { customer, facts, .. } = engine.read_case(&document(&case)).expect("a case");
    let facts = engine.bind_facts(&facts).expect("no facts");
    engine.bind(&customer, history, &facts).expect("a customer")
}

/// Which rules refuse with this code at an instant, and when each frees.
fn refused(bound: &Bound, code: ReasonCode, at: DateTime<Utc>) -> BTreeMap<String, Option<DateTime<Utc>>> {
    let explanation = bound.explain(at);
    let reasons = explanation.reasons().iter().map(|explained| explained.reason());
    reasons
        .filter(|reason| reason.code() == code)
        .map(|reason| {
            let rule = reason
                .rule()
                .expect("a rule")
                .rsplit_once('/')
                .expect("an address")
                .1;
            (rule.to_owned(), reason.frees_at())
        })
        .collect()
}

/// A daily window in seconds of the wall clock, and the days on which it starts.
struct Window {
    id: &'static str,
    from: u32,
    to: u32,
    days: fn(NaiveDate) -> bool,
}

impl Window {
    fn holds(&self, wall: NaiveDateTime) -> bool {
        let time = wall.num_seconds_from_midnight();
        let (today, yesterday) = (wall.date(), wall.date().pred_opt().expect("a day before"));
        if self.from < self.to {
            (self.from..self.to).contains(&time) && (self.days)(today)
        } else {
            time >= self.from && (self.days)(today) || time < self.to && (self.days)(yesterday)
        }
    }
}

fn every(_: NaiveDate) -> bool {
    true
}

fn sunday_or_friday(date: NaiveDate) -> bool {
    matches!(date.weekday().num_days_from_monday(), 4 | 6)
}

fn first_or_last(date: NaiveDate) -> bool {
    date.day() >= 28 || date.day() <= 3
}

const fn time(hour: u32, minute: u32, second: u32) -> u32 {
    hour * 3_600 + minute * 60 + second
}

const WINDOWS: &[Window] = &[
    Window {
        id: "night",
        from: time(22, 0, 0),
        to: time(8, 0, 0),
        days: every,
    },
    Window {
        id: "small-hours",
        from: 0,
        to: time(3, 30, 0),
        days: every,
    },
    Window {
        id: "turn",
        from: time(1, 59, 30),
        to: time(2, 0, 30),
        days: every,
    },
    Window {
        id: "weekend",
        from: time(23, 30, 0),
        to: time(2, 15, 0),
        days: sunday_or_friday,
    },
    Window {
        id: "whole-days",
        from: 0,
        to: time(24, 0, 0),
        days: sunday_or_friday,
    },
];

fn rules() -> Value {
    json!([
        {"id": "night", "then": {"quiet": {"from": "22:00", "to": "08:00"}}},
        {"id": "small-hours", "then": {"quiet": {"from": "00:00", "to": "03:30"}}},
        {"id": "turn", "then": {"quiet": {"from": "01:59:30", "to": "02:00:30"}}},
        {"id": "weekend", "then": {"quiet": {"from": "23:30", "to": "02:15", "days": ["sun", "fri"]}}},
        {"id": "whole-days", "then": {"quiet": {"days": ["fri", "sun"]}}},
    ])
}

/// Instants around a change at which something may go wrong.
fn moments(change: i64, number: usize) -> Vec<i64> {
    let mut found = vec![change - 1, change, change - 1_800, change + 1_800, change + HOUR];
    // over the changes of a zone, every quarter of an hour of the day and a half on both sides
    found.extend((0..6).map(|step| change - 36 * HOUR + ((number as i64 * 7 + step * 48) % 288) * 900));
    found
}

/// That each window refuses exactly where the wall reads inside it, and frees at the very second.
fn check_quiet(bound: &Bound, zone: Tz, at: i64, windows: &[Window]) -> usize {
    let at = utc(at);
    let refused = refused(bound, ReasonCode::Quiet, at);
    for window in windows {
        let reading = wall(zone, at);
        let told = refused.get(window.id);
        assert_eq!(
            told.is_some(),
            window.holds(reading),
            "{zone}: {} at {at}, {reading}",
            window.id
        );
        let Some(frees) = told else { continue };
        let frees = frees.expect("windows end");
        assert!(frees > at);
        let before = frees - TimeDelta::seconds(1);
        assert!(
            !window.holds(wall(zone, frees)),
            "{zone}: {} at {frees}, freed",
            window.id
        );
        assert!(
            window.holds(wall(zone, before)),
            "{zone}: {} at {before}, refused too long",
            window.id
        );
        // and nothing in between was free
        for part in 1..8 {
            let between = at + (frees - at) * part / 8;
            assert!(
                window.holds(wall(zone, between)),
                "{zone}: {} at {between} was free",
                window.id
            );
        }
    }
    windows.len()
}

#[test]
fn quiet_hours_are_quiet_on_every_wall() {
    let engine = house(&rules());
    let checked = for_every_zone(|zone| {
        let bound = customer(&engine, zone, &[]);
        let mut checked = 0;
        for (number, change) in changes(zone).into_iter().enumerate() {
            for at in moments(change, number) {
                checked += check_quiet(&bound, zone, at, WINDOWS);
            }
        }
        // zones without a change are read too
        checked + check_quiet(&bound, zone, 1_000_000_000, WINDOWS)
    });
    assert!(checked > 1_000_000, "only {checked} readings");
}

#[test]
fn windows_of_dates_belong_to_the_day_they_start_on() {
    // Dates are listed, so these are the ends of the months of some years in which offsets changed.
    let years = [1994_i32, 1995, 2011, 2019, 2026];
    let dates: Vec<String> = years
        .iter()
        .flat_map(|&year| {
            NaiveDate::from_ymd_opt(year, 1, 1)
                .expect("a date")
                .iter_days()
                .take(365)
        })
        .filter(|date| first_or_last(*date))
        .map(|date| date.to_string())
        .collect();
    let engine =
        house(&json!([{"id": "dates", "then": {"quiet": {"from": "21:00", "to": "06:00", "dates": dates}}}]));
    let windows = [Window {
        id: "dates",
        from: time(21, 0, 0),
        to: time(6, 0, 0),
        days: first_or_last,
    }];
    let checked = for_every_zone(|zone| {
        let bound = customer(&engine, zone, &[]);
        let mut checked = 0;
        for (number, change) in changes(zone).into_iter().enumerate() {
            let date = wall(zone, utc(change));
            // not the first and last days of the year: those of the years beside are not listed
            if years.contains(&date.year()) && (5..360).contains(&date.ordinal()) {
                for at in moments(change, number) {
                    checked += check_quiet(&bound, zone, at, &windows);
                }
            }
        }
        checked
    });
    assert!(checked > 5_000, "only {checked} readings");
}

fn labels(wall: NaiveDateTime) -> [(&'static str, String); 4] {
    let date = wall.date();
    let week = date.iso_week();
    [
        ("day", date.to_string()),
        ("week", format!("{}-{}", week.year(), week.week())),
        ("month", format!("{}-{}", date.year(), date.month())),
        ("year", date.year().to_string()),
    ]
}

#[test]
fn calendar_caps_count_by_the_label_on_the_wall() {
    let caps: Vec<Value> = ["day", "week", "month", "year"]
        .iter()
        .map(|per| json!({"id": per, "then": {"cap": {"at_most": 1, "per": per}}}))
        .collect();
    let engine = house(&json!(caps));
    let second = TimeDelta::seconds(1);
    let checked = for_every_zone(|zone| {
        let mut checked = 0;
        for (number, change) in changes(zone).into_iter().enumerate() {
            // A touch shortly before, at or after the change, or far from it, now and then with fractions of a second.
            let sent = change + [-1, 0, -1_800, 1_799, -20 * HOUR, 3 * HOUR, -7_200][number % 7];
            let entry = HistoryEntry::new(utc(sent), "direct", "care");
            let bound = customer(&engine, zone, &[entry]);
            for at in [
                change - 1,
                change,
                sent,
                change - 3_601,
                change + 1_800,
                change + 25 * HOUR,
                change - 23 * HOUR,
            ] {
                let at = utc(at);
                let refused = refused(&bound, ReasonCode::Cap, at);
                let ours = labels(wall(zone, at));
                let theirs = labels(wall(zone, utc(sent)));
                for ((per, here), (_, there)) in ours.iter().zip(&theirs) {
                    checked += 1;
                    let told = refused.get(*per);
                    assert_eq!(
                        told.is_some(),
                        here == there,
                        "{zone}: {per} at {at}, sent {}",
                        utc(sent)
                    );
                    let Some(frees) = told else { continue };
                    let frees = frees.expect("periods end");
                    let label = |at| {
                        labels(wall(zone, at))
                            .into_iter()
                            .find(|(name, _)| name == per)
                            .expect("one")
                            .1
                    };
                    assert!(frees > at);
                    assert_ne!(label(frees), *there, "{zone}: {per} at {frees}, freed");
                    assert_eq!(
                        label(frees - second),
                        *there,
                        "{zone}: {per} before {frees}, refused too long"
                    );
                }
            }
        }
        checked
    });
    assert!(checked > 300_000, "only {checked} readings");
}

#[test]
fn the_changes_that_people_talk_about_are_among_them() {
    let near = |zone: Tz, at: &str| {
        let at: DateTime<Utc> = at.parse().expect("an instant");
        let found = changes(zone).contains(&at.timestamp());
        assert!(found, "{zone} changes at {at}");
        let before = wall(zone, at - TimeDelta::seconds(1));
        (wall(zone, at) - before - TimeDelta::seconds(1)).num_minutes()
    };
    // half an hour on Lord Howe
    assert_eq!(near(chrono_tz::Australia::Lord_Howe, "2026-04-04T15:00:00Z"), -30);
    assert_eq!(near(chrono_tz::Australia::Lord_Howe, "2026-10-03T15:30:00Z"), 30);
    // a day that was not
    assert_eq!(near(chrono_tz::Pacific::Apia, "2011-12-30T10:00:00Z"), 24 * 60);
    assert_eq!(
        near(chrono_tz::Pacific::Kwajalein, "1993-08-21T12:00:00Z"),
        24 * 60
    );
    // a midnight that came twice
    assert_eq!(near(chrono_tz::America::Havana, "2026-11-01T05:00:00Z"), -60);
    let all: usize = TZ_VARIANTS.iter().map(|&zone| changes(zone).len()).sum();
    assert!(all > 30_000, "only {all} changes");
}

#[test]
fn a_plan_lands_outside_quiet_hours_after_every_change() {
    // `decide` itself: the planned instant is the first with a wall reading outside all windows.
    let quiet = rules();
    let rules: Vec<&Value> = quiet.as_array().expect("rules").iter().take(3).collect();
    let book = json!({
        "format": 1, "time_zone": "UTC", "unknown_time_zone": "house", "look_ahead": "3d",
        "purposes": ["care"], "channels": {"direct": {"consent": "none"}},
        "policies": [{"id": "p", "rules": rules}],
        "campaigns": [{"id": "c", "purpose": "care", "value": "service", "channels": ["direct"], "variants": [{"id": "v"}]}],
    });
    let engine = engine(&book);
    let windows = &WINDOWS[..3];
    for_every_zone(|zone| {
        let bound = customer(&engine, zone, &[]);
        for (number, change) in changes(zone).into_iter().enumerate() {
            let now = utc(change - 1_800 * (number as i64 % 24));
            let at = bound.decide(now).touch().expect("some hour is free").at();
            let quiet = |at| windows.iter().any(|window| window.holds(wall(zone, at)));
            assert!(!quiet(at), "{zone}: planned at {at}");
            if at > now {
                assert!(
                    quiet(at - TimeDelta::seconds(1)),
                    "{zone}: planned at {at}, was free before"
                );
            }
        }
        0
    });
}

#[test]
fn a_day_that_a_fold_puts_the_wall_back_into_ends_where_the_wall_leaves_it_again() {
    // St. John's, 2010-11-07: at 00:01 the wall went back to 23:01 of the day before.
    let book = json!({
        "format": 1, "time_zone": "UTC", "unknown_time_zone": "house", "look_ahead": "2d",
        "purposes": ["care"], "channels": {"direct": {"consent": "none"}},
        "policies": [{"id": "p", "rules": [
            {"id": "late", "then": {"prefer": {"from": "23:30", "to": "24:00"}}},
            {"id": "next", "then": {"prefer": {"from": "00:00", "to": "06:00", "weight": 9}}},
        ]}],
        "campaigns": [{"id": "c", "purpose": "care", "value": "service", "channels": ["direct"],
            "timing": {"best_in": "day"}, "variants": [{"id": "v"}]}],
    });
    let engine = engine(&book);
    let bound = customer(&engine, chrono_tz::America::St_Johns, &[]);
    for (now, expected) in [
        // before midnight the day ends with its first midnight
        ("2010-11-07T01:50:00Z", "2010-11-07T02:00:00Z"),
        // in the second pass of the evening the same day goes on until the second
        ("2010-11-07T02:40:00Z", "2010-11-07T03:00:00Z"),
        ("2010-11-07T03:30:00Z", "2010-11-07T03:30:00Z"),
    ] {
        let decision = bound.decide(now.parse().expect("an instant"));
        let at = decision.touch().expect("a plan").at();
        assert_eq!(
            at,
            expected.parse::<DateTime<Utc>>().expect("an instant"),
            "at {now}"
        );
    }
}
