//! What an audience means, in plain words: the judge of all contenders.

use chrono::{DateTime, TimeDelta, Utc};

use crate::workload::{self, Person, Spec, Test};

pub(crate) fn holds(test: Test, person: &Person, at: DateTime<Utc>) -> bool {
    match test {
        Test::Tag(tag) => person.tags.contains(&tag),
        Test::NoTag(tag) => !person.tags.contains(&tag),
        Test::AgeAtLeast(age) => person.age >= age,
        Test::AgeBelow(age) => person.age < age,
        Test::SpendAtLeast(spend) => person.spend >= spend,
        Test::SpendBelow(spend) => person.spend < spend,
        Test::OrdersAtLeast(orders) => person.orders >= orders,
        Test::LevelAtMost(level) => person.level <= level,
        Test::Vip => person.vip,
        Test::CityIs(city) => person.city == city,
        Test::CityIn(a, b) => person.city == a || person.city == b,
        Test::JoinedAtLeast(days) => at >= person.joined_at + TimeDelta::days(days),
        Test::JoinedBelow(days) => at < person.joined_at + TimeDelta::days(days),
        Test::BornSince(year) => i64::from(chrono::Datelike::year(&person.birthday)) >= year,
        Test::WarmerThan(degrees) => workload::temperature(person.city) >= degrees,
    }
}

pub(crate) fn matches(spec: &Spec, person: &Person, at: DateTime<Utc>) -> bool {
    spec.audience.iter().all(|&test| holds(test, person, at))
}

/// The campaigns as they go: the highest priority first, then by id, byte for byte.
pub(crate) fn ranked(campaigns: u64) -> Vec<Spec> {
    let mut specs = workload::specs(campaigns);
    specs.sort_by(|a, b| b.priority.cmp(&a.priority).then_with(|| a.id.cmp(&b.id)));
    specs
}
