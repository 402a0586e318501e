//! What the policies' rules say of all campaigns alike is asked once for a channel and sender. These are the cases in which
//! campaigns are not alike after all, worked out by hand.

use serde_json::{Value, json};
use tactful::{Agenda, Engine};

/// What is planned at ten in the morning: campaign, channel and sender, by instant.
fn planned(rules: Value, facts: Value, senders: &[&str], campaigns: Value) -> Vec<String> {
    planned_after(json!([]), rules, facts, senders, campaigns)
}

fn planned_after(
    history: Value,
    rules: Value,
    facts: Value,
    senders: &[&str],
    campaigns: Value,
) -> Vec<String> {
    let mut campaigns = campaigns;
    for campaign in campaigns.as_array_mut().unwrap() {
        let written = campaign.as_object_mut().unwrap();
        written.entry("value").or_insert(json!("knowledge"));
        written.entry("channels").or_insert(json!(["direct"]));
        written.entry("variants").or_insert(json!([{"id": "v"}]));
    }
    let rulebook = json!({
        "format": 1, "time_zone": "UTC", "unknown_time_zone": "house", "look_ahead": "7d",
        "facts": {"bad": {"type": "boolean", "keyed": true}},
        "purposes": [{"purpose": "reply", "consent": "none"}, "service", "care", "promotion"], "channels": {"direct": {"consent": "none"}, "sms": {"consent": "none"}},
        "policies": [{"id": "house", "rules": rules}], "campaigns": campaigns
    });
    let (engine, _) = Engine::from_document(&serde_json::from_value(rulebook).unwrap()).unwrap();
    let case = json!({"customer": {"id": "c", "tags": [], "senders": senders}, "history": history, "facts": facts,
        "now": "2026-11-20T10:00:00Z"});
    let case = engine.read_case(&serde_json::from_value(case).unwrap()).unwrap();
    let facts = engine.bind_facts(&case.facts).unwrap();
    let agenda: Agenda = engine
        .bind(&case.customer, &case.history, &facts)
        .unwrap()
        .agenda(case.now);
    let told = agenda.touches().iter().map(|touch| {
        let sender = touch
            .sender()
            .map(|sender| format!(" {sender}"))
            .unwrap_or_default();
        format!(
            "{} {}{sender} {}",
            touch.campaign(),
            touch.channel(),
            touch.at().format("%d %H:%M")
        )
    });
    told.collect()
}

// The first ranks above the service that would let it go, so nothing lets it; the last ranks below.
#[test]
fn a_touch_that_is_placed_may_let_a_lower_one_go() {
    let service_first = json!([{"id": "service-first", "scope": {"purposes": ["promotion"]},
        "when": {"touches": {"purposes": ["service"]}, "lt": 1}, "then": "forbid"}]);
    let campaigns = json!([
        {"id": "above", "purpose": "promotion", "priority": 9},
        {"id": "service", "purpose": "service", "priority": 5},
        {"id": "below", "purpose": "promotion", "priority": 1}]);
    let planned = planned(service_first, json!({}), &[], campaigns);
    assert_eq!(planned, ["service direct 20 10:00", "below direct 20 10:00"]);
}

#[test]
fn a_fact_of_a_campaign_tells_campaigns_apart() {
    let bad = json!([{"id": "bad", "when": {"fact": "bad", "of": "campaign", "eq": true}, "then": "forbid"},
                     {"id": "same", "when": {"fact": "bad", "of": {"is": "a"}, "ne": {"fact": "bad", "of": "campaign"}}, "then": "forbid"}]);
    let campaigns = json!([
        {"id": "a", "purpose": "service", "priority": 9}, {"id": "b", "purpose": "service", "priority": 5},
        {"id": "c", "purpose": "service", "priority": 1}]);
    let facts = json!({"bad": {"a": false, "b": true, "c": false}});
    assert_eq!(
        planned(bad, facts, &[], campaigns),
        ["a direct 20 10:00", "c direct 20 10:00"]
    );
}

#[test]
fn a_cap_by_campaign_or_purpose_tells_campaigns_apart() {
    let campaigns = || {
        json!([{"id": "a", "purpose": "service", "priority": 9}, {"id": "b", "purpose": "promotion", "priority": 5},
               {"id": "c", "purpose": "service", "priority": 1}])
    };
    let by = |group: &str| json!([{"id": "few", "then": {"cap": {"at_most": 1, "per": "day", "grouped_by": group}}}]);
    // The second service of the day waits for midnight; a second campaign does not.
    let planned_by = |group| planned(by(group), json!({}), &[], campaigns());
    assert_eq!(
        planned_by("purpose"),
        ["a direct 20 10:00", "b direct 20 10:00", "c direct 21 00:00"]
    );
    assert_eq!(
        planned_by("campaign"),
        ["a direct 20 10:00", "b direct 20 10:00", "c direct 20 10:00"]
    );
}

#[test]
fn a_cap_by_sender_is_of_each_sender() {
    let few = json!([{"id": "few", "then": {"cap": {"at_most": 1, "per": "day", "grouped_by": "sender"}}}]);
    let campaigns = json!([
        {"id": "a", "purpose": "service", "priority": 9}, {"id": "b", "purpose": "service", "priority": 5},
        {"id": "c", "purpose": "service", "priority": 1}]);
    let planned = planned(few, json!({}), &["mia", "tom"], campaigns);
    assert_eq!(
        planned,
        [
            "a direct mia 20 10:00",
            "b direct tom 20 10:00",
            "c direct mia 21 00:00"
        ]
    );
}

// By channel: two on each are free, and the rule list is the same for both.
#[test]
fn a_cap_by_channel_is_of_each_channel() {
    let few = json!([{"id": "few", "then": {"cap": {"at_most": 1, "per": "day", "grouped_by": "channel"}}}]);
    let campaign = |id: &str, priority: i32| json!({"id": id, "purpose": "service", "priority": priority, "channels": ["direct", "sms"]});
    let campaigns = json!([campaign("a", 9), campaign("b", 5), campaign("c", 1)]);
    let planned = planned(few, json!({}), &[], campaigns);
    assert_eq!(
        planned,
        ["a direct 20 10:00", "b sms 20 10:00", "c direct 21 00:00"]
    );
}

// The second occurrence of `often` sees the first, though it is placed after its reserve; the campaign between does not.
#[test]
fn touches_after_their_reserve_are_seen_by_their_own_campaign_alone() {
    let few = json!([{"id": "few", "then": {"cap": {"at_most": 1, "per": "36h"}}}]);
    let campaigns = json!([
        {"id": "often", "purpose": "service", "priority": 9, "reserve": "1h",
         "schedule": {"waves": [{"id": "one", "between": ["2026-11-20T12:00", "2026-11-20T13:00"]},
                                {"id": "two", "between": ["2026-11-21T12:00", "2026-11-22T10:00"]}]}},
        {"id": "other", "purpose": "service", "priority": 1}]);
    let planned = planned(few, json!({}), &[], campaigns);
    assert_eq!(
        planned,
        [
            "other direct 20 10:00",
            "often direct 20 12:00",
            "often direct 22 00:00"
        ]
    );
}

// `high` is crowded out by anything within three days, so `first` waits until those are over. The answer, which is always
// given, crowds `high` out; so there is nothing left for `last` to respect.
#[test]
fn an_answer_that_displaces_ends_the_respect_of_what_it_displaced() {
    let alone = json!([{"id": "alone", "scope": {"purposes": ["service"]},
        "then": {"cap": {"at_most": 1, "per": "3d", "counting": "all"}}}]);
    let campaigns = json!([
        {"id": "high", "purpose": "service", "priority": 9, "schedule": {"between": ["2026-11-22T10:00", "2026-11-23T10:00"]}},
        {"id": "first", "purpose": "promotion", "priority": 5},
        {"id": "answer", "purpose": "reply", "priority": 4},
        {"id": "last", "purpose": "promotion", "priority": 1}]);
    let planned = planned(alone, json!({}), &[], campaigns);
    assert_eq!(
        planned,
        [
            "answer direct 20 10:00",
            "last direct 20 10:00",
            "high direct 22 10:00",
            "first direct 25 10:00"
        ]
    );
}

// Mia has spoken today, Tom is bad. What is found of Tom last is not Mia's.
#[test]
fn what_refuses_one_sender_is_not_what_refuses_another() {
    let rules = json!([
        {"id": "few", "then": {"cap": {"at_most": 1, "per": "day", "grouped_by": "sender"}}},
        {"id": "bad", "when": {"fact": "bad", "of": "sender", "eq": true}, "then": "forbid"}]);
    let history =
        json!([{"at": "2026-11-20T09:00:00Z", "channel": "direct", "purpose": "service", "sender": "mia"}]);
    let campaigns = json!([{"id": "a", "purpose": "service", "priority": 9}, {"id": "b", "purpose": "service", "priority": 5}]);
    let facts = json!({"bad": {"mia": false, "tom": true}});
    let planned = planned_after(history, rules, facts, &["mia", "tom"], campaigns);
    assert_eq!(planned, ["a direct mia 21 00:00", "b direct mia 22 00:00"]);
}

// As above, `first` respects `high` until the 25th, and the answer ends that. What `last` then has to respect is `near`, which
// stands alone for six hours only.
#[test]
fn what_was_respected_once_says_nothing_when_an_answer_has_displaced_it() {
    let alone = |id: &str, purpose: &str, per: &str| json!({"id": id, "scope": {"purposes": [purpose]}, "then": {"cap": {"at_most": 1, "per": per, "counting": "all"}}});
    let rules = json!([alone("high", "service", "3d"), alone("near", "care", "6h")]);
    let campaigns = json!([
        {"id": "high", "purpose": "service", "priority": 9, "schedule": {"between": ["2026-11-22T10:00", "2026-11-23T10:00"]}},
        {"id": "first", "purpose": "promotion", "priority": 6},
        {"id": "answer", "purpose": "reply", "priority": 5},
        {"id": "near", "purpose": "care", "priority": 4, "schedule": {"between": ["2026-11-20T20:00", "2026-11-20T21:00"]}},
        {"id": "last", "purpose": "promotion", "priority": 1, "schedule": {"between": ["2026-11-20T16:00", "2026-11-27T10:00"]}}]);
    let planned = planned(rules, json!({}), &[], campaigns);
    let expected = [
        "answer direct 20 10:00",
        "near direct 20 20:00",
        "last direct 21 02:00",
        "high direct 22 10:00",
        "first direct 25 10:00",
    ];
    assert_eq!(planned, expected);
}

/// Of two campaigns `a` and `b` alike but for this condition, `a` is forbidden by it; whichever ranks first.
#[test]
fn whatever_a_condition_reads_of_a_campaign_tells_campaigns_apart() {
    let least = json!({"fact": "least", "of": "campaign"});
    for when in [
        json!({"fact": "bad", "of": "campaign", "eq": true}),
        json!({"elapsed": {"fact": "opened", "of": "campaign"}, "lt": "1d"}),
        json!({"purchases": "count", "ge": least}),
        json!({"attribute": "age", "ge": least}),
        json!({"touches": {"within": "9d"}, "ge": least}),
        json!({"score": true, "lt": 5}),
        json!({"tag": "old-for-it"}),
    ] {
        for first in ["a", "b"] {
            let campaign = |id: &str, base: i64| {
                json!({"id": id, "purpose": "service", "value": "knowledge", "channels": ["direct"],
                    "priority": i32::from(id == first), "score": {"base": base}, "variants": [{"id": "v"}]})
            };
            let rulebook = json!({
                "format": 1, "time_zone": "UTC", "unknown_time_zone": "house", "look_ahead": "0s",
                "attributes": {"age": "integer"},
                "facts": {"bad": {"type": "boolean", "keyed": true}, "least": {"type": "integer", "keyed": true},
                    "opened": {"type": "date-time", "keyed": true}},
                "tags": [{"tag": "old-for-it", "when": {"attribute": "age", "ge": least}}],
                "purposes": ["service"], "channels": {"direct": {"consent": "none"}},
                "policies": [{"id": "house", "rules": [{"id": "r", "when": when, "then": "forbid"}]}],
                "campaigns": [campaign("a", 0), campaign("b", 9)]});
            let (engine, _) = Engine::from_document(&serde_json::from_value(rulebook).unwrap()).unwrap();
            let case = json!({
                "customer": {"id": "c", "tags": [], "attributes": {"age": 2}, "purchases": [
                    {"at": "2026-11-01T10:00:00Z"}, {"at": "2026-11-02T10:00:00Z"}]},
                "history": [
                    {"at": "2026-11-18T10:00:00Z", "channel": "direct", "purpose": "service", "status": "sent"},
                    {"at": "2026-11-17T10:00:00Z", "channel": "direct", "purpose": "service", "status": "sent"}],
                "facts": {"bad": {"a": true, "b": false}, "least": {"a": 1, "b": 5},
                    "opened": {"a": "2026-11-20T00:00:00Z", "b": "2026-11-01T00:00:00Z"}},
                "now": "2026-11-20T10:00:00Z"});
            let case = engine.read_case(&serde_json::from_value(case).unwrap()).unwrap();
            let facts = engine.bind_facts(&case.facts).unwrap();
            let agenda = engine
                .bind(&case.customer, &case.history, &facts)
                .unwrap()
                .agenda(case.now);
            let planned: Vec<&str> = agenda.touches().iter().map(|touch| touch.campaign()).collect();
            assert_eq!(planned, ["b"], "{when}, {first} first");
        }
    }
}
