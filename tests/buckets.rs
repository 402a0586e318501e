//! Holdouts and arms at the edges of their buckets, where one hundredth of a percent decides.

mod harness;
mod reference;

use harness::{bind, engine, written};
use reference::identity::bucket;
use serde_json::{Value, json};

fn house(percent: f64, arms: &Value) -> Value {
    json!({"format": 1, "time_zone": "UTC", "unknown_time_zone": "house", "look_ahead": "0s",
        "purposes": ["news"], "channels": {"mail": {"consent": "none"}},
        "policies": [{"id": "house", "rules": [{"id": "control", "then": {"holdout": {"percent": percent, "salt": "s"}}}]}],
        "campaigns": [{"id": "leaf", "purpose": "news", "value": "knowledge", "channels": ["mail"],
            "variants": [{"id": "letter", "arms": arms}]}]})
}

fn decided(house: &Value, customer: &str) -> Value {
    let case = json!({"customer": {"id": customer, "tags": []}, "history": [], "facts": {}, "now": "2026-03-02T12:00:00Z"});
    let (bound, now) = bind(&engine(house), &case);
    written(bound.decide(now))
}

#[test]
fn a_holdout_holds_out_the_buckets_below_its_percentage_and_no_other() {
    let arms = json!([{"id": "a"}]);
    for number in 0..40 {
        let customer = format!("c-{number}");
        let bucket = bucket("s", &customer);
        let held_out = |basis_points: u64| {
            let decision = decided(&house(basis_points as f64 / 100.0, &arms), &customer);
            decision["held_out"] != json!([])
        };
        assert!(held_out(bucket + 1), "{customer} in bucket {bucket}");
        assert!(bucket == 0 || !held_out(bucket), "{customer} in bucket {bucket}");
    }
}

#[test]
fn an_arm_ends_where_the_next_begins() {
    let arms = json!([{"id": "a", "weight": 1}, {"id": "b", "weight": 1}]);
    let house = house(0.0, &arms);
    let mut edges = 0;
    for number in 0..40_000 {
        let customer = format!("c-{number}");
        let arm = match bucket("leaf/letter", &customer) {
            4_999 => "a",
            5_000 => "b",
            _ => continue,
        };
        assert_eq!(decided(&house, &customer)["touch"]["arm"], arm, "{customer}");
        edges += 1;
    }
    assert!(edges >= 4, "{edges}");
}
