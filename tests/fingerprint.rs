//! The fingerprint of a rulebook is another one wherever anything is written otherwise, and the same on every way to it.

mod harness;

use std::collections::BTreeSet;

use harness::{document, engine};
use serde_json::{Value, json};

fn campaign(id: &str) -> Value {
    json!({"id": id, "purpose": "news", "value": "knowledge", "channels": ["mail"], "variants": [{"id": "letter"}]})
}

fn house() -> Value {
    json!({"format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d",
        "tags": ["tea"], "purposes": ["news", {"purpose": "reply", "consent": "none"}],
        "channels": {"mail": {"consent": "none"}, "direct": {"consent": "opt_out"}},
        "policies": [{"id": "house", "rules": [{"id": "few", "then": {"cap": {"at_most": 2, "per": "7d"}}}]}, {"preset": "wecom.daily"}],
        "campaigns": [campaign("first"), campaign("second")]})
}

fn with(pointer: &str, value: Value) -> Value {
    let mut book = house();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match book.pointer_mut(parent).unwrap() {
        Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
        parent => parent[name] = value,
    }
    book
}

#[test]
fn whatever_is_written_otherwise_has_another() {
    let mut swapped = house();
    swapped["campaigns"].as_array_mut().unwrap().reverse();
    let books = [
        house(),
        swapped,
        with("/look_ahead", json!("8d")),
        with("/tags/0", json!("coffee")),
        with("/policies/0/id", json!("other")),
        with("/policies/0/rules/0/then/cap/at_most", json!(3)),
        with("/policies/1", json!({"preset": "wecom.monthly"})),
        with("/channels/mail/consent", json!("opt_out")),
        with("/campaigns", json!([campaign("first")])),
        with("/campaigns", json!([campaign("second")])),
        with("/campaigns", json!([])),
        with("/campaigns/0/priority", json!(1)),
        with("/campaigns/1/priority", json!(1)),
        with("/campaigns/0/value", json!("service")),
        with("/campaigns/0/audience", json!({"tag": "tea"})),
        with("/campaigns/0/audience", json!({"not": {"tag": "tea"}})),
        with("/campaigns/0/audience", json!({"all": [{"tag": "tea"}]})),
        with("/campaigns/0/audience", json!({"any": [{"tag": "tea"}]})),
        with("/campaigns/0/variants/0/fields", json!({"a": {"is": true}})),
        with("/campaigns/0/variants/0/fields", json!({"a": {"is": false}})),
        with("/campaigns/0/variants/0/fields", json!({"a": {"is": 1}})),
        with("/campaigns/0/variants/0/fields", json!({"a": {"is": 1.5}})),
        with("/campaigns/0/variants/0/fields", json!({"a": {"is": "1"}})),
        with("/campaigns/0/variants/0/fields", json!({"a1": {"is": ""}})),
        with(
            "/campaigns/0/variants/0/fields",
            json!({"a": {"is": "x"}, "b": {"is": "y"}}),
        ),
        with(
            "/campaigns/0/variants/0/fields",
            json!({"a": {"is": "y"}, "b": {"is": "x"}}),
        ),
    ];
    let fingerprints: Vec<String> = books.iter().map(|book| engine(book).fingerprint()).collect();
    let different: BTreeSet<&String> = fingerprints.iter().collect();
    assert_eq!(different.len(), books.len(), "{fingerprints:#?}");
    for fingerprint in &fingerprints {
        let (high, low) = fingerprint.split_at(16);
        assert_ne!(u64::from_str_radix(high, 16).unwrap(), 0);
        assert_ne!(u64::from_str_radix(low, 16).unwrap(), 0);
    }
}

#[test]
fn a_campaign_that_comes_and_goes_leaves_it_as_it_was() {
    let whole = engine(&house());
    let first = engine(&with("/campaigns", json!([campaign("first")])));
    let none = engine(&with("/campaigns", json!([])));
    let put = |engine: &tactful::Engine, id: &str| {
        engine.with_campaign_document(&document(&campaign(id))).unwrap().0
    };

    assert_eq!(put(&first, "second").fingerprint(), whole.fingerprint());
    assert_eq!(
        put(&put(&none, "first"), "second").fingerprint(),
        whole.fingerprint()
    );
    assert_eq!(put(&whole, "first").fingerprint(), whole.fingerprint());
    assert_eq!(
        whole.without_campaign("second").unwrap().fingerprint(),
        first.fingerprint()
    );
    assert_eq!(
        first.without_campaign("first").unwrap().fingerprint(),
        none.fingerprint()
    );
    assert_eq!(
        whole.without_campaign("third").map(|engine| engine.fingerprint()),
        None
    );

    let mut louder = campaign("second");
    louder["priority"] = json!(7);
    let changed = whole.with_campaign_document(&document(&louder)).unwrap().0;
    assert_eq!(
        changed.fingerprint(),
        engine(&with("/campaigns/1", louder)).fingerprint()
    );
    assert_ne!(changed.fingerprint(), whole.fingerprint());
}
