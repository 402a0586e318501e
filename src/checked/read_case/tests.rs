mod mistakes;

use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{
    HistoryEntry, Status,
    checked::input_limits::{
        MOST_HISTORY, MOST_PURCHASES, MOST_RESPONSES, MOST_SENDERS, MOST_TAGS, MOST_TEXT_BYTES,
    },
    checked::{declarations::TagNumber, name_hash::NameHash},
    written::rulebook::{FactDeclaration, ValueType},
};

fn declarations() -> Declarations {
    let attributes = [
        ("age", ValueType::Integer),
        ("spend", ValueType::Number),
        ("city", ValueType::String),
        ("vip", ValueType::Boolean),
        ("birthday", ValueType::Date),
        ("joined_at", ValueType::DateTime),
    ];
    let fact = |value_type, keyed| FactDeclaration { value_type, keyed };
    Declarations {
        attributes: attributes
            .map(|(name, value_type)| (name.to_owned(), value_type))
            .into(),
        facts: BTreeMap::from([
            ("weather.temp_c".to_owned(), fact(ValueType::Number, true)),
            ("store.open".to_owned(), fact(ValueType::Boolean, false)),
        ]),
        tags: [
            ("latte", TagNumber::Held(0)),
            ("vip_trial", TagNumber::Held(1)),
            ("newcomer", TagNumber::Derived(0)),
        ]
        .into_iter()
        .fold(HashMap::with_hasher(NameHash(0)), |mut tags, (name, number)| {
            tags.insert(name.to_owned(), number);
            tags
        }),
    }
}

/// The example of the format's description.
fn example() -> Value {
    json!({
        "customer": {
            "id": "c-001", "time_zone": "Asia/Shanghai",
            "tags": ["latte", {"tag": "vip_trial", "since": "2026-11-01T00:00:00+08:00", "until": "2026-12-01T00:00:00+08:00"}],
            "attributes": {"age": 34, "city": "上海", "joined_at": "2026-10-20T11:00:00+08:00", "spend": 31, "vip": null},
            "consent": {"sms": true, "topic:new_arrivals": false, "direct": null},
            "senders": ["advisor-7", "advisor-2"],
            "active_hours": [0,0,0,0,0,0,0,2,5,3,1,1,4,2,0,0,0,1,2,6,9,12,4,1],
            "purchases": [{"at": "2026-10-21T09:00:00+08:00", "amount": 38.0}, {"at": "2026-10-22T09:00:00+08:00"}],
        },
        "history": [{
            "at": "2026-11-20T10:00:00+08:00", "channel": "direct", "campaign": "double11", "purpose": "promotion",
            "occurrence": "core", "sender": "advisor-7", "content": "tpl-core", "key": "k", "status": "held_out",
            "responses": [{"kind": "read", "at": "2026-11-20T10:05:00+08:00"}], "extra": {"any": [1, {"thing": null}]},
        }],
        "facts": {"weather.temp_c": {"上海": 31.5, "北京": null}, "store.open": true},
        "now": "2026-11-21T10:00:00+08:00",
    })
}

fn document(value: &Value) -> Document {
    serde_json::from_str(&value.to_string()).unwrap()
}

fn error_of(value: &Value) -> InputError {
    read_declared_case(&document(value), &declarations()).unwrap_err()
}

/// The example with one place set, made where it is not there.
fn with(pointer: &str, value: Value) -> Value {
    let mut case = example();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match case.pointer_mut(parent).unwrap() {
        Value::Object(members) => {
            members.insert(name.to_owned(), value);
        }
        Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
        _ => panic!("{pointer}"),
    }
    case
}

fn without(pointer: &str) -> Value {
    let mut case = example();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    case.pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap()
        .remove(name)
        .unwrap();
    case
}

#[test]
fn the_example_is_read_and_written_back() {
    let case = read_declared_case(&document(&example()), &declarations()).unwrap();
    assert_eq!(case.customer.purchases.as_ref().unwrap()[1].amount, None);
    assert_eq!(case.customer.attributes["vip"], None);
    assert_eq!(case.customer.consent["direct"], None);
    assert_eq!(case.history[0].status, Status::HeldOut);
    assert_eq!(case.history[0].at.to_rfc3339(), "2026-11-20T02:00:00+00:00");

    let text = serde_json::to_string(&case).unwrap();
    assert_eq!(serde_json::from_str::<Case>(&text).unwrap(), case);
    assert!(text.contains(r#""tags":["latte",{"tag":"vip_trial","since":"2026-10-31T16:00:00Z","until":"2026-11-30T16:00:00Z"}]"#));
    assert!(text.contains(r#""facts":{"store.open":true,"weather.temp_c":{"上海":31.5,"北京":null}},"now":"2026-11-21T02:00:00Z"}"#));
}

#[test]
fn what_is_absent_or_null_is_left_out_again() {
    let smallest = r#"{"customer":{"id":"c-001","tags":[]},"history":[],"now":"2026-11-21T02:00:00Z"}"#;
    let nulls = json!({
        "customer": {"id": "c-001", "time_zone": null, "tags": [], "attributes": null, "consent": null, "senders": null,
                     "active_hours": null, "purchases": null},
        "history": [], "facts": null, "now": "2026-11-21T10:00:00+08:00",
    });
    let case = read_declared_case(&document(&nulls), &declarations()).unwrap();
    assert_eq!(serde_json::to_string(&case).unwrap(), smallest);
    assert_eq!(serde_json::from_str::<Case>(smallest).unwrap(), case);
    assert_eq!(case.customer.purchases, None);

    let known = with("/customer/purchases", json!([]));
    let case = read_declared_case(&document(&known), &declarations()).unwrap();
    assert_eq!(case.customer.purchases, Some(Vec::new()));

    let entry = json!([{"at": "2026-11-20T10:00:00+08:00", "channel": "fax", "purpose": "nostalgia", "status": null,
                        "campaign": null, "responses": null, "extra": null}]);
    let case = read_declared_case(&document(&with("/history", entry)), &declarations()).unwrap();
    assert_eq!(
        case.history,
        [HistoryEntry::new(case.history[0].at, "fax", "nostalgia")]
    );
    assert!(case.history[0].status == Status::Sent);
}

#[test]
fn a_missing_fact_is_missing_whether_keyed_or_not() {
    for name in ["store.open", "weather.temp_c"] {
        let case = with(&format!("/facts/{name}"), Value::Null);
        assert!(
            read_declared_case(&document(&case), &declarations()).is_ok(),
            "{name}"
        );
    }
}

#[test]
fn the_first_mistake_in_the_document_is_told_whoever_finds_it() {
    let read = |text: &str| {
        let document = serde_json::from_str(text).unwrap();
        read_declared_case(&document, &declarations())
            .unwrap_err()
            .path()
            .to_owned()
    };
    // Written backwards: the time, the facts, the history and then the customer, each with one mistake.
    let parts = [
        (r#""now":3"#, "/now"),
        (r#""facts":{"store.opened":true}"#, "/facts/store.opened"),
        (
            r#""history":[{"at":0,"channel":"direct","purpose":"care"}]"#,
            "/history/0/at",
        ),
        (r#""customer":{"tags":["tea"],"id":""}"#, "/customer/tags/0"),
    ];
    for first in 0..parts.len() {
        let mut parts = parts;
        parts.rotate_left(first);
        let text = format!("{{{}}}", parts.map(|(text, _)| text).join(","));
        assert_eq!(read(&text), parts[0].1);
    }
    // A mistake of shape does not shift the places of those that are found later.
    let text = r#"{"customer":{"id":"c","tags":[{"until":"2026-11-21T10:00:00Z","tag":"latte"},{"since":"2026-11-21T10:00:00Z",
        "tag":"tea","until":3}]},"history":[],"now":"2026-11-21T10:00:00Z"}"#;
    assert_eq!(read(text), "/customer/tags/1/tag");
}

#[test]
fn more_than_the_limits_is_refused() {
    let entry = json!({"at": "2026-11-20T10:00:00Z", "channel": "direct", "purpose": "care"});
    let response = json!({"kind": "read", "at": "2026-11-20T10:00:00Z"});
    let limits = [
        ("/history", entry, MOST_HISTORY),
        ("/history/0/responses", response, MOST_RESPONSES),
        ("/customer/tags", json!("latte"), MOST_TAGS),
        ("/customer/senders", json!("advisor-7"), MOST_SENDERS),
        (
            "/customer/purchases",
            json!({"at": "2026-11-20T10:00:00Z"}),
            MOST_PURCHASES,
        ),
    ];
    for (path, item, most) in limits {
        let full = with(path, Value::Array(vec![item.clone(); most]));
        assert!(
            read_declared_case(&document(&full), &declarations()).is_ok(),
            "{path}"
        );
        let error = error_of(&with(path, Value::Array(vec![item; most + 1])));
        assert_eq!(error.path(), path);
        assert!(
            error.message().ends_with(&format!("write at most {most}")),
            "{error}"
        );
    }
}

#[test]
fn a_document_of_nothing_but_mistakes_is_refused_in_time() {
    let attributes: serde_json::Map<String, Value> = (0..20_000)
        .map(|n| (format!("attribute-{n}"), json!(n)))
        .collect();
    let error = error_of(&with("/customer/attributes", Value::Object(attributes)));
    assert_eq!(error.path(), "/customer/attributes/attribute-0");
}

#[test]
fn what_is_built_in_rust_is_checked_at_the_same_places() {
    let at = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let now = at("2026-11-21T02:00:00Z");
    let problems_of = |case: &Case| {
        let mut problems = Vec::new();
        case_problems(case, None, &declarations(), &mut problems);
        problems
            .iter()
            .map(|problem| problem.path().to_owned())
            .collect::<Vec<_>>()
    };
    let fine = Case::new(
        Customer::new("c-001")
            .tag("latte")
            .attribute("age", 34)
            .purchase(now, 3.0),
        now,
    )
    .facts(
        Facts::new()
            .set("store.open", true)
            .set_for("weather.temp_c", "上海", 31.5),
    );
    assert_eq!(problems_of(&fine), Vec::<String>::new());

    let customer = Customer::new("")
        .tag("tea")
        .tag(crate::HeldTag::new("newcomer").since(now))
        .attribute("spend", f64::NAN)
        .purchase(chrono::DateTime::<chrono::Utc>::MAX_UTC, f64::INFINITY);
    let wrong = Case::new(customer, now)
        .history(vec![HistoryEntry::new(now, "direct", "care").response("", now)])
        .facts(Facts::new().set("weather.temp_c", 3));
    assert_eq!(
        problems_of(&wrong),
        [
            "/customer/id",
            "/customer/tags/0",
            "/customer/tags/1/tag",
            "/customer/attributes/spend",
            "/customer/purchases/0/at",
            "/customer/purchases/0/amount",
            "/history/0/responses/0/kind",
            "/facts/weather.temp_c",
        ]
    );
}

#[test]
fn facts_on_their_own_are_checked_from_their_root() {
    let read = |value: Value| read_declared_facts(&document(&value), &declarations());
    let facts = read(json!({"store.open": true, "weather.temp_c": {"上海": 31}})).unwrap();
    assert_eq!(
        facts,
        Facts::new()
            .set("store.open", true)
            .set_for("weather.temp_c", "上海", 31)
    );
    assert_eq!(
        read(json!({"weather.temp_c": {"a/b": "x"}})).unwrap_err().path(),
        "/weather.temp_c/a~1b"
    );
    assert_eq!(
        read(json!([])).unwrap_err().to_string(),
        "expected an object, found a list"
    );
}

/// Every pointer of a value, the root included.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(members) => {
            members
                .iter()
                .for_each(|(name, member)| pointers(member, &format!("{at}/{name}"), found));
        }
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, item)| pointers(item, &format!("{at}/{index}"), found));
        }
        _ => {}
    }
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i32>().prop_map(|eighths| Value::from(f64::from(eighths) / 8.0)),
        prop_oneof![
            "\\PC{0,4}",
            "(latte|newcomer|sent|Asia/Shanghai|2026-11-20T10:00:00Z|2026-02-31)"
        ]
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("(tag|at|kind|id|age|x/y)", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_stands_anywhere_is_read_or_refused_at_a_place_that_is_there(
        changes in prop::collection::vec((any::<prop::sample::Index>(), anything()), 1..4),
    ) {
        let mut case = example();
        for (index, value) in changes {
            let mut found = Vec::new();
            pointers(&case, "", &mut found);
            let pointer = index.get(&found).clone();
            if let Some(place) = case.pointer_mut(&pointer) {
                *place = value;
            }
        }
        match read_declared_case(&document(&case), &declarations()) {
            Ok(read) => {
                let text = serde_json::to_string(&read).unwrap();
                prop_assert_eq!(serde_json::from_str::<Case>(&text).unwrap(), read);
            }
            Err(error) => prop_assert!(case.pointer(error.path()).is_some(), "{error}"),
        }
    }
}
