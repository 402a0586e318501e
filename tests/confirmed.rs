//! What may have changed between a plan and its delivery, and what is told of it.

mod harness;

use harness::{bind, confirmed, engine, written};
use serde_json::{Value, json};

/// A rulebook with one campaign, sent by advisors.
fn book(rules: Value) -> Value {
    json!({"format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d",
        "attributes": {"joined_at": "date-time"}, "facts": {"away": {"type": "boolean", "keyed": true}},
        "tags": ["tea", "regular"], "purposes": ["news"], "channels": {"mail": {"consent": "none"}},
        "policies": [{"id": "house", "rules": rules}],
        "campaigns": [{"id": "first-flush", "purpose": "news", "value": "knowledge", "channels": ["mail"],
                       "variants": [{"id": "letter"}]}]})
}

fn case(members: Value) -> Value {
    let mut case = json!({"customer": {"id": "kim", "tags": [], "senders": ["ann", "bob"]}, "history": [],
                          "now": "2026-03-02T12:00:00Z"});
    for (name, member) in members.as_object().expect("an object") {
        match name.as_str() {
            "facts" | "now" | "history" => case[name] = member.clone(),
            name => case["customer"][name] = member.clone(),
        }
    }
    case
}

/// The touch that a rulebook without rules plans for a case.
fn touch(case: &Value) -> Value {
    let engine = engine(&book(json!([])));
    let (bound, now) = bind(&engine, case);
    written(bound.decide(now).touch().expect("a touch"))
}

/// What stands against a touch under these rules: code, rule and the instant at which it frees.
fn against(touch: &Value, rules: Value, case: &Value) -> Vec<(String, String, Option<String>)> {
    let engine = engine(&book(rules));
    let (bound, now) = bind(&engine, case);
    let reasons = confirmed(&bound, touch, now);
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let reasons = reasons.as_array().expect("a list").iter().map(|reason| {
        let (code, rule) = (text(&reason["code"]), text(&reason["rule"]));
        (
            code.expect("a code"),
            rule.unwrap_or_default(),
            text(&reason["frees_at"]),
        )
    });
    reasons.collect()
}

fn reason(code: &str, rule: &str, frees_at: Option<&str>) -> Vec<(String, String, Option<String>)> {
    vec![(code.to_owned(), rule.to_owned(), frees_at.map(str::to_owned))]
}

#[test]
fn a_rule_sees_who_sends() {
    let touch = touch(&case(json!({})));
    assert_eq!(touch["sender"], "ann");
    let away = |who: &str| case(json!({"facts": {"away": {"ann": who == "ann", "bob": who == "bob"}}}));
    let rule =
        json!([{"id": "away", "when": {"fact": "away", "of": "sender", "eq": true}, "then": "forbid"}]);
    assert_eq!(
        against(&touch, rule.clone(), &away("ann")),
        reason("forbidden", "house/away", None)
    );
    assert_eq!(against(&touch, rule.clone(), &away("bob")), []);
    assert_eq!(against(&touch, rule, &away("nobody")), []);
}

#[test]
fn a_touch_needs_its_own_sender() {
    let touch_by_ann = touch(&case(json!({})));
    let of = |senders: Value| case(json!({"senders": senders}));
    assert_eq!(against(&touch_by_ann, json!([]), &of(json!(["bob", "ann"]))), []);
    assert_eq!(
        against(&touch_by_ann, json!([]), &of(json!(["bob"]))),
        reason("not_scheduled", "", None)
    );
    assert_eq!(
        against(&touch_by_ann, json!([]), &of(json!([]))),
        reason("not_scheduled", "", None)
    );
    let touch_by_nobody = touch(&of(json!([])));
    assert_eq!(against(&touch_by_nobody, json!([]), &of(json!([]))), []);
    assert_eq!(
        against(&touch_by_nobody, json!([]), &of(json!(["ann"]))),
        reason("not_scheduled", "", None)
    );
}

/// A holdout refuses while its condition is true, and while it is unknown; it frees when that ends.
#[test]
fn a_holdout_refuses_at_delivery_until_its_condition_ends() {
    let joined = |at: &str| case(json!({"attributes": {"joined_at": at}}));
    let touch = touch(&case(json!({})));
    let holdout = |percent: u64, when: Value| {
        let mut rule = json!({"id": "control", "then": {"holdout": {"percent": percent, "salt": "spring"}}});
        if !when.is_null() {
            rule["when"] = when;
        }
        json!([rule])
    };
    let new = || json!({"elapsed": "joined_at", "lt": "30d"});
    let held = |frees_at: Option<&str>| reason("holdout", "house/control", frees_at);
    assert_eq!(
        against(&touch, holdout(100, new()), &joined("2026-02-20T12:00:00Z")),
        held(Some("2026-03-22T12:00:00Z"))
    );
    assert_eq!(
        against(&touch, holdout(100, new()), &joined("2026-01-20T12:00:00Z")),
        []
    );
    // Nobody knows since when.
    assert_eq!(against(&touch, holdout(100, new()), &case(json!({}))), held(None));
    // It is for ever, or for longer than anybody looks.
    assert_eq!(
        against(&touch, holdout(100, Value::Null), &case(json!({}))),
        held(None)
    );
    let long = json!({"elapsed": "joined_at", "lt": "500d"});
    assert_eq!(
        against(&touch, holdout(100, long), &joined("2026-02-20T12:00:00Z")),
        held(None)
    );
    // Nobody is in the group.
    assert_eq!(
        against(&touch, holdout(0, new()), &joined("2026-02-20T12:00:00Z")),
        []
    );
    // A rule of another kind is no holdout.
    let forbid = json!([{"id": "control", "when": new(), "then": "forbid"}]);
    assert_eq!(
        against(&touch, forbid, &joined("2026-02-20T12:00:00Z")),
        reason("forbidden", "house/control", Some("2026-03-22T12:00:00Z"))
    );
}
