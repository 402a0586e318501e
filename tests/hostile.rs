//! Documents and values that mean harm: nothing panics, and what is refused is refused with its place.

mod generate;
mod harness;

use chrono::{DateTime, TimeZone, Utc};
use generate::Dice;
use harness::{bind, document, engine, read, written};
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Value, json};
use tactful::{
    Campaign, Case, Condition, Customer, Document, Engine, HistoryEntry, Problems, Rule, Rulebook,
    TouchPolicy,
};

/// A format that nests as deep as it is told to, and never asks how deep it is.
struct Deep {
    levels: usize,
    member: Option<&'static str>,
}

impl<'de> Deserializer<'de> for Deep {
    type Error = de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match (self.levels, self.member) {
            (0, _) => visitor.visit_unit(),
            (_, None) => visitor.visit_seq(self),
            (_, Some(_)) => visitor.visit_map(self),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl Deep {
    fn inner(&mut self) -> Option<Deep> {
        let levels = std::mem::take(&mut self.levels).checked_sub(1)?;
        Some(Deep {
            levels,
            member: self.member,
        })
    }
}

impl<'de> SeqAccess<'de> for Deep {
    type Error = de::value::Error;

    fn next_element_seed<T: de::DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Self::Error> {
        self.inner().map(|inner| seed.deserialize(inner)).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(usize::MAX)
    }
}

impl<'de> MapAccess<'de> for Deep {
    type Error = de::value::Error;

    fn next_key_seed<K: de::DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Self::Error> {
        let Some(name) = self.member.filter(|_| self.levels > 0) else {
            return Ok(None);
        };
        seed.deserialize(de::IntoDeserializer::<de::value::Error>::into_deserializer(name))
            .map(Some)
    }

    fn next_value_seed<V: de::DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Self::Error> {
        seed.deserialize(self.inner().expect("a key came before"))
    }
}

#[test]
fn any_format_may_nest_without_end() {
    for member in [None, Some("not"), Some("all"), Some("audience")] {
        for levels in [127, 128, 129, 1_000_000] {
            let deep = Deep { levels, member };
            // What is somewhat too deep is passed over, and what has no end is refused.
            assert_eq!(
                Document::deserialize(deep).is_ok(),
                levels <= 256,
                "{levels} of {member:?}"
            );
            assert!(Rulebook::deserialize(Deep { levels, member }).is_err());
            assert!(Campaign::deserialize(Deep { levels, member }).is_err());
            assert!(Rule::deserialize(Deep { levels, member }).is_err());
            assert!(TouchPolicy::deserialize(Deep { levels, member }).is_err());
            assert!(HistoryEntry::deserialize(Deep { levels, member }).is_err());
            assert!(Customer::deserialize(Deep { levels, member }).is_err());
            assert!(Case::deserialize(Deep { levels, member }).is_err());
        }
    }
}

#[test]
fn json_may_nest_without_end() {
    for levels in [100, 126, 1_000_000] {
        let text = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        if let Ok(document) = serde_json::from_str::<Document>(&text) {
            assert!(Engine::from_document(&document).is_err());
        }
        let text = format!("{}null{}", r#"{"not":"#.repeat(levels), "}".repeat(levels));
        if let Ok(document) = serde_json::from_str::<Document>(&text) {
            let told = told(Engine::from_document(&document));
            assert!(!told.is_empty());
        }
    }
}

fn told(result: Result<(Engine, Vec<tactful::Warning>), Problems>) -> Vec<(String, String)> {
    let problems = result.err();
    let problems = problems.iter().flat_map(Problems::iter);
    problems
        .map(|problem| (problem.path().to_owned(), problem.code().to_string()))
        .collect()
}

fn small() -> Value {
    json!({
        "format": 1, "time_zone": "Asia/Shanghai", "unknown_time_zone": "house", "look_ahead": "7d",
        "attributes": {"age": "integer", "spend": "number", "city": "string", "joined_at": "date-time", "born": "date"},
        "facts": {"temp": {"type": "number", "keyed": true}},
        "tags": ["latte"], "purposes": ["care"], "channels": {"direct": {"consent": "none"}, "sms": {"consent": "none"}},
        "policies": [{"id": "p", "rules": []}],
        "campaigns": [{"id": "c", "purpose": "care", "value": "service", "channels": ["direct"], "variants": [{"id": "v"}]}],
    })
}

fn with(pointer: &str, value: Value) -> Value {
    let mut book = small();
    let (parent, last) = pointer.rsplit_once('/').expect("a pointer");
    book.pointer_mut(parent).expect("a place")[last] = value;
    book
}

#[test]
fn conditions_built_in_rust_may_nest_without_end() {
    let build = |wrap: fn(Condition) -> Condition| {
        let deep = (0..100_000).fold(Condition::Tag("latte".to_owned()), |inner, _| wrap(inner));
        let mut book: Rulebook = serde_json::from_value(small()).expect("a rulebook");
        book.campaigns[0].audience = Some(deep);
        book
    };
    let wraps: [fn(Condition) -> Condition; 3] = [
        |inner| Condition::Not(Box::new(inner)),
        |inner| Condition::All(vec![inner]),
        |inner| Condition::Any(vec![Condition::Tag("latte".to_owned()), inner]),
    ];
    // To build and to drop such a thing takes a stack of its own; to refuse it must not.
    let owner = std::thread::Builder::new().stack_size(512 << 20);
    let thread = owner.spawn(move || {
        for wrap in wraps {
            let book = build(wrap);
            let told = std::thread::scope(|scope| scope.spawn(|| told(Engine::compile(&book))).join());
            let told = told.expect("no overflow");
            assert!(
                told.iter().any(|(_, code)| code == "too_deep"),
                "{} problems",
                told.len()
            );
            assert!(told[0].0.starts_with("/campaigns/0/audience"));
        }
    });
    thread.expect("a thread").join().expect("no failure");
}

#[test]
fn derived_tags_that_double_are_too_large_and_cost_nothing() {
    let mut tags = vec![json!("latte"), json!({"tag": "t0", "when": {"tag": "latte"}})];
    for number in 1..200 {
        let below = json!({"tag": format!("t{}", number - 1)});
        let list = json!([below, {"not": below}, below]);
        tags.push(json!({"tag": format!("t{number}"), "when": {(if number % 2 == 0 { "all" } else { "any" }): list}}));
    }
    let mut book = with("/tags", json!(tags));
    book["campaigns"][0]["audience"] = json!({"tag": "t199"});
    let begun = std::time::Instant::now();
    let told = told(Engine::from_document(&document(&book)));
    assert!(begun.elapsed().as_secs() < 10);
    assert!(
        told.iter()
            .any(|(_, code)| code == "too_large" || code == "too_deep"),
        "{told:?}"
    );
    // and a cycle of them is one
    let cycle = json!([
        {"tag": "a", "when": {"tag": "b"}}, {"tag": "b", "when": {"all": [{"tag": "c"}, {"tag": "a"}]}},
        {"tag": "c", "when": {"not": {"tag": "c"}}}
    ]);
    let found = told_of(&with("/tags", cycle));
    assert!(found.iter().any(|(_, code)| code == "cyclic_tag"), "{found:?}");
}

fn told_of(book: &Value) -> Vec<(String, String)> {
    told(Engine::from_document(&document(book)))
}

#[test]
fn lists_beyond_their_limits_are_told() {
    let wave = |n: usize| json!({"id": format!("w{n}"), "between": [format!("{}-01-01T00:00", 2000 + n), format!("{}-02-01T00:00", 2000 + n)]});
    let waves = |count: usize| {
        with(
            "/campaigns/0/schedule",
            json!({"waves": (0..count).map(wave).collect::<Vec<_>>()}),
        )
    };
    assert_eq!(told_of(&waves(1_000)), []);
    let found = told_of(&waves(1_001));
    assert_eq!(
        found,
        [("/campaigns/0/schedule/waves".to_owned(), "too_large".to_owned())]
    );
    let rule = |n: usize| json!({"id": format!("r{n}"), "then": "forbid"});
    let found = told_of(&with("/policies/0/rules", (0..10_001).map(rule).collect()));
    assert_eq!(found[0].1, "too_large");
    let found = told_of(&with("/campaigns/0/channels", json!(vec!["direct"; 10_001])));
    assert!(
        found
            .iter()
            .any(|(path, code)| path.starts_with("/campaigns/0/channels") && !code.is_empty())
    );
    let found = told_of(&with("/campaigns/0/id", json!("x".repeat(10_001))));
    assert!(found.iter().any(|(_, code)| code == "too_large"), "{found:?}");
}

fn case() -> Value {
    json!({
        "customer": {"id": "c", "tags": ["latte"], "attributes": {"age": 3}}, "history": [], "facts": {},
        "now": "2026-11-21T10:00:00+08:00",
    })
}

#[test]
fn cases_beyond_their_limits_are_told() {
    let engine = engine(&small());
    let entry = json!({"at": "2026-11-20T10:00:00Z", "channel": "direct", "purpose": "care"});
    let purchase = json!({"at": "2026-11-20T10:00:00Z", "amount": 1});
    let many: [(&str, Vec<Value>); 4] = [
        ("/history", vec![entry; 10_001]),
        ("/customer/purchases", vec![purchase; 10_001]),
        (
            "/customer/senders",
            (0..1_001).map(|n| json!(format!("s{n}"))).collect(),
        ),
        ("/customer/tags", vec![json!("latte"); 5_001]),
    ];
    for (pointer, list) in many {
        let mut case = case();
        let (parent, last) = pointer.rsplit_once('/').expect("a pointer");
        case.pointer_mut(parent).expect("a place")[last] = json!(list);
        let error = read(&engine, &document(&case)).expect_err(pointer);
        assert!(error.path().starts_with(pointer), "{error}");
        let list = case
            .pointer_mut(pointer)
            .and_then(Value::as_array_mut)
            .expect("a list");
        list.pop();
        read(&engine, &document(&case)).expect(pointer);
    }
}

fn everything(engine: &Engine, case: &Value, now: DateTime<Utc>) {
    let (bound, _) = bind(engine, case);
    let decision = bound.decide(now);
    written(&decision);
    written(bound.agenda(now));
    written(bound.explain(now));
    written(bound.tags(now));
    if let Some(touch) = decision.touch() {
        for at in [now, DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            written(bound.confirm(touch, at));
        }
    }
}

fn year(year: i32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0)
        .single()
        .expect("an instant")
}

#[test]
fn time_may_be_anything() {
    let now = [
        DateTime::<Utc>::MIN_UTC,
        DateTime::<Utc>::MAX_UTC,
        DateTime::<Utc>::UNIX_EPOCH,
        year(-262_000),
        year(0),
        year(1),
        year(1899),
        year(2099),
        year(9_998),
        year(262_000),
    ];
    for number in 0..40 {
        let mut dice = Dice::seeded(0xF00_0000 + number);
        let book = generate::rulebook(&mut dice);
        let engine = engine(&book);
        let mut case = generate::case(&mut dice, &book);
        for at in now {
            everything(&engine, &case, at);
        }
        // and so may what has happened
        for text in [
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999999999+14:00",
            "0000-01-01T00:00:00-23:59",
        ] {
            if let Some(entry) = case["history"]
                .as_array_mut()
                .and_then(|history| history.first_mut())
            {
                entry["at"] = json!(text);
            }
            if case["customer"]["attributes"]["joined_at"].is_string() {
                case["customer"]["attributes"]["joined_at"] = json!(text);
                case["customer"]["attributes"]["birthday"] = json!(text[..10].replace("0000", "0001"));
            }
            case["now"] = json!(text);
            if let Ok((bound, case)) = read(&engine, &document(&case)) {
                bound.decide(case.now);
                bound.explain(case.now);
                bound.agenda(case.now);
            }
        }
    }
}

#[test]
fn numbers_may_be_anything() {
    let numbers = [
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(f64::MAX),
        json!(f64::MIN_POSITIVE),
        json!(-0.0),
        json!(1e-320),
        json!(9_007_199_254_740_993_i64),
        json!(0.1),
        json!(-1),
        json!(0),
    ];
    let places = [
        "/format",
        "/look_ahead",
        "/campaigns/0/priority",
        "/campaigns/0/reserve",
        "/campaigns/0/score",
        "/campaigns/0/repeat",
        "/campaigns/0/variants/0/arms",
        "/policies/0/rules",
    ];
    for number in &numbers {
        for place in places {
            let value = match place.rsplit('/').next() {
                Some("score") => {
                    json!({"base": number, "add": [{"when": {"tag": "latte"}, "points": number}]})
                }
                Some("repeat") => json!({"at_most": number, "per": "7d", "gap": "0s"}),
                Some("arms") => json!([{"id": "a", "weight": number}, {"id": "b", "weight": number}]),
                Some("look_ahead") => json!(format!("{number}d")),
                Some("reserve") => json!(format!("{number}w")),
                Some("rules") => json!([
                    {"id": "cap", "then": {"cap": {"at_most": number, "per": "month"}}},
                    {"id": "hold", "then": {"react": {"to": "read", "at_least": number, "hold": "1d"}}},
                    {"id": "prefer", "then": {"prefer": {"from": "08:00", "to": "10:00", "weight": number}}},
                    {"id": "active", "then": {"prefer": {"active_hours": true, "at_least": number, "weight": number}}},
                    {"id": "out", "then": {"holdout": {"percent": number, "salt": "s"}}},
                    {"id": "many", "when": {"touches": {}, "ge": number}, "then": "forbid"},
                    {"id": "rich", "when": {"purchases": "amount", "gt": number}, "then": "forbid"},
                    {"id": "old", "when": {"attribute": "spend", "le": number}, "then": "forbid"},
                ]),
                _ => number.clone(),
            };
            let mut book = with(place, value);
            let found = told_of(&book);
            for (path, code) in &found {
                assert!(book.pointer(path).is_some(), "{path}: {code}");
            }
            // what is left without the rules that were refused is asked
            if let Some(rules) = book["policies"][0]["rules"].as_array_mut() {
                let mut index = 0;
                rules.retain(|_| {
                    let prefix = format!("/policies/0/rules/{index}/");
                    index += 1;
                    !found.iter().any(|(path, _)| path.starts_with(&prefix))
                });
            }
            let Ok((engine, _)) = Engine::from_document(&document(&book)) else {
                continue;
            };
            for (name, value) in numbers
                .iter()
                .flat_map(|value| [("age", value), ("spend", value)])
            {
                let mut case = case();
                case["customer"]["attributes"][name] = value.clone();
                case["customer"]["active_hours"] = json!(vec![u64::MAX; 24]);
                case["customer"]["purchases"] = json!([{"at": "2026-11-20T10:00:00Z", "amount": f64::MAX}, {"at": "2026-11-20T11:00:00Z", "amount": f64::MAX}]);
                if let Ok((bound, case)) = read(&engine, &document(&case)) {
                    bound.decide(case.now);
                    bound.explain(case.now);
                } else {
                    case["customer"]["attributes"] = json!({});
                    case["customer"]["active_hours"] = json!(vec![i32::MAX; 24]);
                    everything(&engine, &case, year(2026));
                }
            }
        }
    }
    // What is not a number cannot come by JSON, but by other formats.
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let engine = engine(&small());
        let Document::Object(mut members) = document(&case()) else {
            unreachable!("an object")
        };
        let facts = vec![(
            "temp".to_owned(),
            Document::Object(vec![("k".to_owned(), Document::Number(number))]),
        )];
        members.retain(|(name, _)| name != "facts");
        members.push(("facts".to_owned(), Document::Object(facts)));
        let error = engine
            .read_case(&Document::Object(members))
            .expect_err("no number");
        assert_eq!(error.path(), "/facts/temp/k");
    }
}
