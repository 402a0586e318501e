//! When to ask again, beyond the look-ahead: worked out by hand.

mod harness;

use harness::{bind, engine, written};
use serde_json::{Value, json};

/// When to ask again of a customer for whom nothing can go now.
fn recheck_at(campaign: Value, rules: Value, customer: Value) -> Value {
    let mut leaf = json!({"id": "leaf", "purpose": "news", "value": "knowledge", "channels": ["mail"],
        "schedule": {"between": ["2026-03-10T00:00", "2026-03-20T00:00"]}, "variants": [{"id": "letter"}]});
    leaf.as_object_mut()
        .unwrap()
        .extend(campaign.as_object().unwrap().clone());
    let house = json!({"format": 1, "time_zone": "UTC", "unknown_time_zone": "house", "look_ahead": "1d",
        "tags": ["tea"], "attributes": {"joined_at": "date-time"}, "facts": {"bad": {"type": "boolean", "keyed": true}},
        "purposes": ["news"], "channels": {"mail": {"consent": "none"}, "sms": {"consent": "opt_in"}},
        "policies": [{"id": "house", "rules": rules}], "campaigns": [leaf]});
    let mut kim = json!({"id": "kim", "tags": []});
    kim.as_object_mut()
        .unwrap()
        .extend(customer.as_object().unwrap().clone());
    let case = json!({"customer": kim, "history": [], "facts": {"bad": {"mia": false, "tom": true}},
        "now": "2026-03-02T12:00:00Z"});
    let (bound, now) = bind(&engine(&house), &case);
    let decision = written(bound.decide(now));
    assert_eq!(decision["outcome"], "refrain");
    decision["recheck_at"].clone()
}

#[test]
fn it_is_when_the_schedule_begins_for_whom_it_is_for() {
    let start = json!("2026-03-10T00:00:00Z");
    assert_eq!(recheck_at(json!({}), json!([]), json!({})), start);
    let waves = json!({"schedule": {"waves": [
        {"id": "warm", "between": ["2026-03-10T00:00", "2026-03-11T00:00"], "audience": {"tag": "tea"}}]}});
    assert_eq!(
        recheck_at(waves.clone(), json!([]), json!({"tags": ["tea"]})),
        start
    );
    assert_eq!(recheck_at(waves, json!([]), json!({})), json!(null));
    let tea = json!({"audience": {"tag": "tea"}});
    assert_eq!(
        recheck_at(tea.clone(), json!([]), json!({"tags": ["tea"]})),
        start
    );
    assert_eq!(recheck_at(tea, json!([]), json!({})), json!(null));
    // Thirty days after joining, within the schedule.
    let joined = json!({"audience": {"elapsed": "joined_at", "ge": "30d"}});
    let kim = json!({"attributes": {"joined_at": "2026-02-12T08:00:00Z"}});
    assert_eq!(recheck_at(joined, json!([]), kim), json!("2026-03-14T08:00:00Z"));
}

#[test]
fn it_is_when_a_rule_lets_one_of_the_senders_or_channels() {
    let start = json!("2026-03-10T00:00:00Z");
    let bad = json!([{"id": "bad", "when": {"fact": "bad", "of": "sender", "eq": true}, "then": "forbid"}]);
    assert_eq!(
        recheck_at(json!({}), bad.clone(), json!({"senders": ["mia"]})),
        start
    );
    assert_eq!(
        recheck_at(json!({}), bad.clone(), json!({"senders": ["tom"]})),
        json!(null)
    );
    assert_eq!(
        recheck_at(json!({}), bad, json!({"senders": ["tom", "mia"]})),
        start
    );
    let sms = json!({"channels": ["sms"]});
    assert_eq!(recheck_at(sms.clone(), json!([]), json!({})), json!(null));
    assert_eq!(
        recheck_at(sms, json!([]), json!({"consent": {"sms": true}})),
        start
    );
    let night = json!([{"id": "night", "then": {"quiet": {"from": "21:00", "to": "09:00"}}}]);
    assert_eq!(
        recheck_at(json!({}), night, json!({})),
        json!("2026-03-10T09:00:00Z")
    );
}
