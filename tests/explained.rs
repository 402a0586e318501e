//! What conditions read, as `explain` and `tags` tell it.

mod harness;

use harness::{bind, engine, written};
use serde_json::{Value, json};

#[test]
fn every_kind_of_value_that_a_condition_reads_is_told() {
    let book = json!({
        "format": 1, "time_zone": "Asia/Shanghai", "unknown_time_zone": "house", "look_ahead": "7d",
        "attributes": {"age": "integer", "joined": "date-time"},
        "facts": {"temp": {"type": "number", "keyed": true}},
        "tags": ["latte", "tea", {"tag": "new", "when": {"elapsed": "joined", "lt": "30d"}}],
        "purposes": ["care"], "channels": {"direct": {"consent": "none"}},
        "campaigns": [{"id": "a", "purpose": "care", "value": "save", "channels": ["direct"],
            "score": {"base": 3}, "variants": [{"id": "v", "content": "t"}],
            "audience": {"all": [{"tag": "latte"}, {"tag": "tea"}, {"tag": "new"}, {"attribute": "age", "ge": 18},
                {"fact": "temp", "of": {"is": "上海"}, "ge": 28},
                {"touches": {"purposes": ["care"], "status": ["sent"], "within": "90d"}, "ge": 2},
                {"touches": {}, "ge": 1},
                {"purchases": "count", "within": "30d", "ge": 1}, {"purchases": "amount", "ge": 50}]},
            "rules": [{"id": "floor", "when": {"score": true, "lt": 10}, "then": "forbid"}]}]});
    let case = json!({
        "customer": {"id": "c", "tags": ["latte"], "attributes": {"joined": "2026-11-01T00:00:00Z"},
                     "purchases": [{"at": "2026-11-15T00:00:00Z", "amount": 38.5}]},
        "history": [{"at": "2026-11-10T00:00:00Z", "channel": "direct", "purpose": "care"}],
        "now": "2026-11-21T02:00:00Z"});
    let engine = engine(&book);
    let (bound, now) = bind(&engine, &case);
    let explanation = written(bound.explain(now));
    let values = |code: &str| -> Value {
        let reasons = explanation.as_array().expect("reasons");
        let reason = reasons.iter().find(|reason| reason["code"] == code);
        reason.expect("a reason of the code")["values"].clone()
    };
    assert_eq!(
        values("audience"),
        json!([
            {"name": "age", "value": null},
            {"name": "joined", "value": "2026-11-01T00:00:00Z"},
            {"name": "purchases.amount", "value": 38.5},
            {"name": "purchases.count", "of": "within 30d", "value": 1},
            {"name": "tag", "of": "latte", "value": true},
            {"name": "tag", "of": "new", "value": true},
            {"name": "tag", "of": "tea", "value": false},
            {"name": "temp", "of": "上海", "value": null},
            {"name": "touches", "value": 1},
            {"name": "touches", "of": "purposes care; status sent; within 90d", "value": 1},
        ])
    );
    assert_eq!(values("forbidden"), json!([{"name": "score", "value": 3}]));
    let tags = bound.tags(now);
    assert_eq!(tags[0].held(), Some(true));
    assert_eq!(
        written(tags[0].values()),
        json!([{"name": "joined", "value": "2026-11-01T00:00:00Z"}])
    );
}
