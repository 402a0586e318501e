//! What is bound is what the checks let pass, and nothing else.

use chrono::{DateTime, Utc};

use super::*;
use crate::{Rulebook, UnknownTimeZone, ValueType, written::customer::HeldTag};

fn engine() -> Engine {
    let book = Rulebook::new(
        chrono_tz::Asia::Tokyo,
        UnknownTimeZone::House,
        crate::Duration::days(7),
    )
    .attribute("age", ValueType::Integer)
    .attribute("born", ValueType::Date)
    .attribute("city", ValueType::String)
    .attribute("joined", ValueType::DateTime)
    .attribute("spend", ValueType::Number)
    .attribute("vip", ValueType::Boolean)
    .tag("tea")
    .tag(crate::Tag::derived("regular", crate::Condition::tag("tea")));
    Engine::compile(&book).expect("a rulebook").0
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn kim() -> Customer {
    Customer::new("kim")
        .tag(HeldTag::new("tea").since(at("2026-01-01T00:00:00Z")))
        .tag("tea")
        .attribute("born", "1990-02-28")
        .attribute("city", "東京")
        .attribute("joined", "2026-01-01T00:00:00+09:00")
        .attribute("spend", 3)
        .attribute("vip", true)
        .consent("mail", true)
        .consent("topic:tea", false)
        .sender("jo")
        .purchase(at("2026-01-03T00:00:00Z"), 3.0)
}

fn history() -> Vec<HistoryEntry> {
    let entry = |day| HistoryEntry::new(at(day), "mail", "news").campaign("spring");
    vec![
        entry("2026-01-02T00:00:00Z")
            .occurrence("once")
            .sender("jo")
            .content("letter")
            .key("k")
            .response("read", at("2026-01-02T01:00:00Z")),
        entry("2026-01-01T00:00:00Z"),
    ]
}

type Change = fn(&mut Customer, &mut Vec<HistoryEntry>);

/// Where each is told; those without a place are no mistakes.
const CHANGES: &[(&str, Change)] = &[
    ("", |_, _| {}),
    ("/customer/id", |kim, _| kim.id.clear()),
    ("/customer/id", |kim, _| kim.id = "k".repeat(65_537)),
    ("", |kim, _| kim.id = "k".repeat(65_536)),
    ("/customer/tags/1", |kim, _| kim.tags[1].tag = "tee".into()),
    ("/customer/tags/1", |kim, _| kim.tags[1].tag = "regular".into()),
    ("/customer/tags/0/since", |kim, _| {
        kim.tags[0].since = Some(at("0000-12-31T23:59:59Z"));
    }),
    ("/customer/tags/0/until", |kim, _| {
        kim.tags[0].until = Some(at("9999-01-01T00:00:00Z"));
    }),
    ("", |kim, _| {
        kim.tags[0].since = Some(at("0001-01-01T00:00:00Z"));
        kim.tags[0].until = Some(at("9998-12-31T23:59:59.999999999Z"));
    }),
    ("/customer/tags", |kim, _| kim.tags = vec!["tea".into(); 5_001]),
    ("", |kim, _| kim.tags = vec!["tea".into(); 5_000]),
    ("/customer/attributes/aged", |kim, _| {
        kim.attributes.insert("aged".into(), None);
    }),
    ("/customer/attributes/a", |kim, _| {
        kim.attributes.insert("a".into(), Some(1.into()));
    }),
    ("/customer/attributes/zip", |kim, _| {
        kim.attributes.insert("zip".into(), Some(1.into()));
    }),
    ("", |kim, _| {
        kim.attributes.insert("born".into(), None);
    }),
    ("", |kim, _| kim.attributes.clear()),
    ("/customer/attributes/age", |kim, _| set(kim, "age", 3.0)),
    ("/customer/attributes/born", |kim, _| {
        set(kim, "born", "1990-02-29")
    }),
    ("/customer/attributes/born", |kim, _| set(kim, "born", 1990)),
    ("/customer/attributes/joined", |kim, _| {
        set(kim, "joined", "2026-01-01T00:00:00");
    }),
    ("/customer/attributes/spend", |kim, _| set(kim, "spend", f64::NAN)),
    ("/customer/attributes/vip", |kim, _| set(kim, "vip", "yes")),
    ("/customer/attributes/city", |kim, _| {
        set(kim, "city", "k".repeat(65_537));
    }),
    ("", |kim, _| set(kim, "city", "")),
    ("/customer/consent/", |kim, _| {
        kim.consent.insert(String::new(), None);
    }),
    ("/customer/consent", |kim, _| {
        kim.consent = (0..5_001).map(|number| (number.to_string(), None)).collect();
    }),
    ("/customer/senders/1", |kim, _| kim.senders.push(String::new())),
    ("/customer/senders", |kim, _| {
        kim.senders = vec!["jo".into(); 1_001];
    }),
    ("/customer/purchases/0/at", |kim, _| {
        purchase(kim).at = DateTime::<Utc>::MAX_UTC
    }),
    ("/customer/purchases/0/amount", |kim, _| {
        purchase(kim).amount = Some(f64::INFINITY);
    }),
    ("", |kim, _| purchase(kim).amount = None),
    ("/customer/purchases", |kim, _| {
        let one = *purchase(kim);
        kim.purchases = Some(vec![one; 10_001]);
    }),
    ("/history/1/at", |_, past| past[1].at = DateTime::<Utc>::MIN_UTC),
    ("/history/0/channel", |_, past| past[0].channel.clear()),
    ("/history/1/purpose", |_, past| {
        past[1].purpose = "k".repeat(65_537)
    }),
    ("/history/1/campaign", |_, past| {
        past[1].campaign = Some(String::new())
    }),
    ("/history/0/occurrence", |_, past| {
        past[0].occurrence = Some(String::new())
    }),
    ("/history/0/sender", |_, past| {
        past[0].sender = Some(String::new())
    }),
    ("/history/0/content", |_, past| {
        past[0].content = Some(String::new())
    }),
    ("/history/0/key", |_, past| past[0].key = Some(String::new())),
    ("/history/0/responses/0/kind", |_, past| {
        past[0].responses[0].kind.clear()
    }),
    ("/history/0/responses/0/at", |_, past| {
        past[0].responses[0].at = DateTime::<Utc>::MAX_UTC;
    }),
    ("/history/0/responses", |_, past| {
        let one = past[0].responses[0].clone();
        past[0].responses = vec![one; 1_001];
    }),
    ("/history", |_, past| *past = vec![past[1].clone(); 10_001]),
    ("", |_, past| *past = vec![past[1].clone(); 10_000]),
    ("", |_, past| past.clear()),
];

fn set(kim: &mut Customer, name: &str, value: impl Into<Literal>) {
    kim.attributes.insert(name.into(), Some(value.into()));
}

fn purchase(kim: &mut Customer) -> &mut Purchase {
    &mut kim.purchases.as_mut().expect("purchases")[0]
}

#[test]
fn who_is_bound_is_whom_the_checks_let_pass() {
    let engine = engine();
    let facts = engine.bind_facts(&Facts::new()).expect("no facts");
    for (number, (place, change)) in CHANGES.iter().enumerate() {
        let (mut kim, mut history) = (kim(), history());
        change(&mut kim, &mut history);
        let told = engine.bind(&kim, &history, &facts).err();
        let told = told.map_or(String::new(), |error| error.path().to_owned());
        assert_eq!(told, *place, "change {number}");
        let checked = engine.check(&kim, &history).err();
        let checked = checked.map_or(String::new(), |error| error.path().to_owned());
        assert_eq!(checked, *place, "change {number}");
        let bound = Binding::of(&engine.compiled).bind(&kim, &history, &facts);
        assert_eq!(bound.is_some(), place.is_empty(), "change {number}");
    }
}

#[test]
fn what_is_bound_is_in_order_and_by_number() {
    let engine = engine();
    let facts = engine.bind_facts(&Facts::new()).expect("no facts");
    let kim = kim()
        .sender("mo")
        .sender("jo")
        .purchase(at("2026-01-01T00:00:00Z"), 1.0);
    let bound = engine.bind(&kim, &history(), &facts).expect("kim");
    assert!(bound.marks.is_sorted_by_key(|mark| mark.at));
    assert_eq!(bound.entries[1].key.as_deref(), Some("k"));
    assert!(bound.tags.is_sorted_by_key(|held| held.since) && bound.timed_tags);
    let given: Vec<bool> = bound.attributes.iter().map(Option::is_some).collect();
    assert_eq!(given, [false, true, true, true, true, true]);
    // Who is named twice is one sender, and whom the rulebook never names is still told apart.
    let senders: Vec<Symbol> = bound.senders.iter().map(|&(_, symbol)| symbol).collect();
    assert_eq!(senders[0], senders[2]);
    assert_ne!(senders[0], senders[1]);
    assert_eq!(bound.marks[1].sender, senders[0]);
    let amounts: Vec<_> = bound
        .purchases
        .iter()
        .flatten()
        .map(|&(_, amount)| amount)
        .collect();
    assert_eq!(amounts, [Some(1.0), Some(3.0)]);
}
