//! General engines, each asked for audiences in the way its documentation shows for speed.
//!
//! None of them knows of time, history or caps, so all they are asked is which audiences are true. Conditions are compiled
//! before, and what an engine lets one build of a customer before it is asked is built before; that is timed apart.

pub(crate) mod atree;
pub(crate) mod cedar;
pub(crate) mod celrust;
pub(crate) mod datalogic;
pub(crate) mod rego;
pub(crate) mod zen;

use chrono::{DateTime, Datelike, TimeDelta, Utc};

use crate::workload::{self, CITIES, Person, Spec, Test};

/// One test in the form that all engines can say. Numbers are integers, the fastest that each of them compares: money in
/// cents, temperatures in tenths, birthdays as 20000229, time since joining in seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Plain {
    Tag(u64),
    NoTag(u64),
    AtLeast(&'static str, i64),
    Below(&'static str, i64),
    Vip,
    City(&'static str),
    Cities(&'static str, &'static str),
}

pub(crate) fn plain(test: Test) -> Plain {
    let seconds = |days: i64| TimeDelta::days(days).num_seconds();
    match test {
        Test::Tag(tag) => Plain::Tag(tag),
        Test::NoTag(tag) => Plain::NoTag(tag),
        Test::AgeAtLeast(age) => Plain::AtLeast("age", age),
        Test::AgeBelow(age) => Plain::Below("age", age),
        Test::SpendAtLeast(spend) => Plain::AtLeast("spend", cents(spend)),
        Test::SpendBelow(spend) => Plain::Below("spend", cents(spend)),
        Test::OrdersAtLeast(orders) => Plain::AtLeast("orders", orders),
        Test::LevelAtMost(level) => Plain::Below("level", level + 1),
        Test::Vip => Plain::Vip,
        Test::CityIs(city) => Plain::City(CITIES[city]),
        Test::CityIn(a, b) => Plain::Cities(CITIES[a], CITIES[b]),
        Test::JoinedAtLeast(days) => Plain::AtLeast("joined_for", seconds(days)),
        Test::JoinedBelow(days) => Plain::Below("joined_for", seconds(days)),
        Test::BornSince(year) => Plain::AtLeast("born", year * 10_000),
        Test::WarmerThan(degrees) => Plain::AtLeast("warmth", tenths(degrees)),
    }
}

/// The numbers of a customer, by name.
pub(crate) fn numbers(person: &Person, now: DateTime<Utc>) -> [(&'static str, i64); 7] {
    let born = person.birthday;
    let born = i64::from(born.year()) * 10_000 + i64::from(born.month() * 100 + born.day());
    [
        ("age", person.age),
        ("spend", cents(person.spend)),
        ("orders", person.orders),
        ("level", person.level),
        ("joined_for", (now - person.joined_at).num_seconds()),
        ("born", born),
        ("warmth", tenths(workload::temperature(person.city))),
    ]
}

fn cents(amount: f64) -> i64 {
    (amount * 100.0).round() as i64
}

fn tenths(degrees: f64) -> i64 {
    (degrees * 10.0).round() as i64
}

/// An audience as text: its tests joined.
fn joined(spec: &Spec, and: &str, say: impl Fn(Plain) -> String) -> String {
    let tests: Vec<String> = spec.audience.iter().map(|&test| say(plain(test))).collect();
    tests.join(and)
}

/// The customer as JSON, with a member for each tag.
fn document(person: &Person, now: DateTime<Utc>) -> serde_json::Value {
    let mut document = serde_json::Map::new();
    for (name, number) in numbers(person, now) {
        document.insert(name.into(), number.into());
    }
    document.insert("vip".into(), person.vip.into());
    document.insert("city".into(), CITIES[person.city].into());
    let tags = person.tags.iter().map(|tag| (format!("t{tag}"), true.into()));
    document.insert("tags".into(), serde_json::Value::Object(tags.collect()));
    document.into()
}
