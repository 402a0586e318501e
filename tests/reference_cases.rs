//! Cases worked out by hand, asked of the engine and of the reference evaluator: both say what was expected.
//!
//! `now` is Saturday 2026-11-21 10:00 in Shanghai (02:00Z) unless a case says otherwise.

mod harness;
mod reference;

use harness::{bind, confirmed, decided, engine, first_difference, written};
use reference::identity;
use serde_json::{Value, json};

/// The answer of both, which is one.
fn agreed(ours: &Value, theirs: Value) -> Value {
    if let Some(difference) = first_difference("", ours, &theirs) {
        panic!("{difference}");
    }
    theirs
}

fn decide_explained(book: &Value, case: &Value) -> Value {
    let engine = engine(book);
    let (bound, now) = bind(&engine, case);
    agreed(&decided(&bound, now), reference::decide_explained(book, case))
}

fn decide(book: &Value, case: &Value) -> Value {
    let mut decision = decide_explained(book, case);
    decision.as_object_mut().unwrap().remove("explained");
    assert_eq!(decision, reference::decide(book, case));
    decision
}

fn agenda(book: &Value, case: &Value) -> Value {
    let engine = engine(book);
    let (bound, now) = bind(&engine, case);
    agreed(&written(bound.agenda(now)), reference::agenda(book, case))
}

fn tags(book: &Value, case: &Value) -> Value {
    let engine = engine(book);
    let (bound, now) = bind(&engine, case);
    agreed(&harness::tags(&bound, now), reference::tags(book, case))
}

fn confirm(book: &Value, case: &Value, touch: &Value) -> Value {
    let engine = engine(book);
    let (bound, now) = bind(&engine, case);
    // A touch as a decision has it: an entry of the history tells less.
    let mut whole = json!({"variant": "v", "arm": null, "sender": null, "content": null, "fields": {}, "style": {},
        "value": "save", "score": 0, "key": "00000000000000000000000000000000"});
    for (name, value) in touch.as_object().unwrap() {
        if whole.get(name).is_some()
            || ["campaign", "occurrence", "channel", "purpose", "at"].contains(&name.as_str())
        {
            whole[name] = value.clone();
        }
    }
    agreed(
        &confirmed(&bound, &whole, now),
        reference::confirm(book, case, touch),
    )
}

fn merged(mut base: Value, extra: Value) -> Value {
    for (key, value) in extra.as_object().unwrap() {
        base[key] = value.clone();
    }
    base
}

/// A house in Shanghai with these campaigns, and what `extra` adds or replaces.
fn house(campaigns: Value, extra: Value) -> Value {
    let base = json!({
        "format": 1, "time_zone": "Asia/Shanghai", "unknown_time_zone": "house", "look_ahead": "7d",
        "attributes": {"age": "integer", "city": "string", "name": "string", "born": "date", "joined": "date-time"},
        "facts": {"temp": {"type": "number", "keyed": true}, "open": {"type": "boolean"}},
        "purposes": [{"purpose": "reply", "consent": "none"}, "service", "promotion"],
        "channels": {"direct": {"consent": "none"}, "moments": {"consent": "none"}, "sms": {"consent": "opt_in"}},
        "campaigns": campaigns,
    });
    merged(base, extra)
}

fn rules(rules: Value) -> Value {
    json!({"policies": [{"id": "p", "rules": rules}]})
}

fn campaign(id: &str, extra: Value) -> Value {
    let base = json!({
        "id": id, "purpose": "promotion", "value": "save", "channels": ["direct"],
        "variants": [{"id": "v", "content": format!("tpl-{id}")}],
    });
    merged(base, extra)
}

fn case(customer: Value, extra: Value) -> Value {
    let customer = merged(
        json!({"id": "c", "time_zone": "Asia/Shanghai", "tags": []}),
        customer,
    );
    merged(
        json!({"customer": customer, "history": [], "now": "2026-11-21T10:00:00+08:00"}),
        extra,
    )
}

fn history(entries: Value) -> Value {
    case(json!({}), json!({"history": entries}))
}

/// A sent promotion over `direct`.
fn sent(at: &str, extra: Value) -> Value {
    merged(
        json!({"at": at, "channel": "direct", "purpose": "promotion"}),
        extra,
    )
}

fn quiet(from: &str, to: &str) -> Value {
    json!([{"id": "night", "then": {"quiet": {"from": from, "to": to}}}])
}

fn cap(cap: Value) -> Value {
    json!([{"id": "cap", "then": {"cap": cap}}])
}

/// Outcome, and the touch's campaign, occurrence and instant.
fn gist(decision: &Value) -> [&str; 4] {
    let touch = |key: &str| decision["touch"][key].as_str().unwrap_or("-");
    [
        decision["outcome"].as_str().unwrap(),
        touch("campaign"),
        touch("occurrence"),
        touch("at"),
    ]
}

/// Per reason `campaign occurrence channel code rule frees_at [missing] detail`.
fn told(reasons: &Value) -> Vec<String> {
    let line = |reason: &Value| {
        let word = |key: &str| reason[key].as_str().unwrap_or("-");
        let missing: Vec<_> = reason["missing"]
            .as_array()
            .unwrap()
            .iter()
            .map(|m| m.as_str().unwrap())
            .collect();
        let place = [
            word("campaign"),
            word("occurrence"),
            word("channel"),
            word("code"),
            word("rule"),
            word("frees_at"),
        ];
        format!("{} [{}] {}", place.join(" "), missing.join(","), word("detail"))
    };
    reasons.as_array().unwrap().iter().map(line).collect()
}

fn reasons(decision: &Value) -> Vec<String> {
    told(&decision["reasons"])
}

#[test]
fn a_send_has_every_member() {
    let book = house(
        json!([campaign(
            "a",
            json!({
                "score": {"base": 10, "add": [{"when": {"attribute": "age", "ge": 18}, "points": 5}]},
                "variants": [{"id": "v", "content": "x", "fields": {
                    "name": {"attribute": "name", "default": "您"}, "shop": {"is": "s"}, "since": {"attribute": "joined"}}}],
            })
        )]),
        json!({"styles": [
            {"when": {"attribute": "age", "ge": 55}, "set": {"mode": "voice"}},
            {"set": {"mode": "text", "tone": "plain"}}]}),
    );
    let who = json!({"attributes": {"age": 34, "joined": "2026-10-20T11:00:00.5+08:00"}, "senders": ["s1"]});
    let expected = json!({
        "customer": "c", "outcome": "send",
        "touch": {
            "key": identity::key("c", "a", "always", 0), "campaign": "a", "occurrence": "always", "channel": "direct",
            "sender": "s1", "variant": "v", "arm": null, "content": "x",
            "fields": {"name": "您", "shop": "s", "since": "2026-10-20T03:00:00.500Z"},
            "style": {"mode": "text", "tone": "plain"}, "purpose": "promotion", "value": "save", "score": 15,
            "at": "2026-11-21T02:00:00Z"},
        "until": null, "recheck_at": null, "held_out": [], "observed": [], "reasons": [],
    });
    assert_eq!(decide(&book, &case(who, json!({}))), expected);
}

#[test]
fn keys_and_buckets_hash_length_prefixed_fields() {
    let bytes = b"\x01\0\0\0\0\0\0\0c\x01\0\0\0\0\0\0\0a\x06\0\0\0\0\0\0\0always\x01\0\0\0\0\0\0\x000";
    let key = format!("{:032x}", twox_hash::XxHash3_128::oneshot(bytes));
    assert_eq!(identity::key("c", "a", "always", 0), key);
    // XXH3's published vectors for the empty input.
    assert_eq!(twox_hash::XxHash3_64::oneshot(b""), 0x2d06_8005_38d3_94c2);
    assert_eq!(
        twox_hash::XxHash3_128::oneshot(b""),
        0x99aa_06d3_0147_98d8_6001_c324_468d_497f
    );
    assert!(identity::bucket("salt", "c") < 10_000);
}

#[test]
fn an_entry_without_a_key_takes_the_lowest_free_number() {
    let book = house(
        json!([campaign(
            "a",
            json!({"repeat": {"at_most": 9, "per": "lifetime", "gap": "0s"}})
        )]),
        json!({}),
    );
    let own = |key: Value| sent("2026-11-01T00:00:00Z", json!({"campaign": "a", "key": key}));
    let keyed = |n| own(json!(identity::key("c", "a", "always", n)));
    let next = |entries| decide(&book, &history(entries))["touch"]["key"].clone();
    assert_eq!(
        next(json!([keyed(0), own(Value::Null), own(Value::Null), keyed(2)])),
        identity::key("c", "a", "always", 4)
    );
    let failed = merged(keyed(0), json!({"status": "failed"}));
    assert_eq!(next(json!([failed])), identity::key("c", "a", "always", 0));
}

#[test]
fn a_calendar_cap_waits_for_local_midnight() {
    let book = house(
        json!([campaign("a", json!({}))]),
        rules(cap(json!({"at_most": 1, "per": "day"}))),
    );
    let decision = decide(&book, &history(json!([sent("2026-11-21T01:00:00Z", json!({}))])));
    assert_eq!(gist(&decision), ["wait", "a", "always", "2026-11-21T16:00:00Z"]);
    assert_eq!(decision["until"], "2026-11-21T16:00:00Z");
    assert_eq!(
        reasons(&decision),
        ["a always direct cap p/cap 2026-11-21T16:00:00Z [] 1 of 1 per day used"]
    );
}

#[test]
fn and_not_into_quiet_hours() {
    let both = json!([
        {"id": "cap", "then": {"cap": {"at_most": 1, "per": "day"}}},
        {"id": "night", "then": {"quiet": {"from": "22:00", "to": "08:00"}}}]);
    let book = house(json!([campaign("a", json!({}))]), rules(both));
    let decision = decide(&book, &history(json!([sent("2026-11-21T01:00:00Z", json!({}))])));
    assert_eq!(gist(&decision), ["wait", "a", "always", "2026-11-22T00:00:00Z"]);
    // Each rule frees by itself.
    assert_eq!(
        reasons(&decision),
        ["a always direct cap p/cap 2026-11-21T16:00:00Z [] 1 of 1 per day used"]
    );
}

#[test]
fn touches_exactly_one_window_apart_are_fine() {
    let book = house(
        json!([campaign("a", json!({}))]),
        rules(cap(json!({"at_most": 1, "per": "24h"}))),
    );
    let at = |at| gist(&decide(&book, &history(json!([sent(at, json!({}))])))).map(str::to_owned);
    assert_eq!(
        at("2026-11-20T02:00:00Z"),
        ["send", "a", "always", "2026-11-21T02:00:00Z"]
    );
    assert_eq!(
        at("2026-11-20T02:00:01Z"),
        ["wait", "a", "always", "2026-11-21T02:00:01Z"]
    );
}

#[test]
fn a_rolling_cap_sees_scheduled_touches() {
    let book = house(
        json!([campaign("a", json!({}))]),
        rules(cap(json!({"at_most": 1, "per": "2d"}))),
    );
    let later = |at| sent(at, json!({"status": "scheduled"}));
    // One day ago and in three days: the only instant two days from both is tomorrow at the same time.
    let entries = json!([
        sent("2026-11-20T02:00:00Z", json!({})),
        later("2026-11-24T02:00:00Z")
    ]);
    assert_eq!(
        gist(&decide(&book, &history(entries))),
        ["wait", "a", "always", "2026-11-22T02:00:00Z"]
    );
    // One second closer and it has to wait until two days after the second.
    let entries = json!([
        sent("2026-11-20T02:00:00Z", json!({})),
        later("2026-11-24T01:59:59Z")
    ]);
    assert_eq!(
        gist(&decide(&book, &history(entries))),
        ["wait", "a", "always", "2026-11-26T01:59:59Z"]
    );
}

#[test]
fn the_fullest_window_is_told() {
    let book = house(
        json!([campaign("a", json!({}))]),
        rules(cap(json!({"at_most": 2, "per": "3d"}))),
    );
    // now−1d, now+1d, now+2d: a window with now holds −1d and +1d, or +1d and +2d. From −1d + 3d on only two remain
    // … +1d and +2d, until +1d + 3d.
    let entries = json!([
        sent("2026-11-20T02:00:00Z", json!({})),
        sent("2026-11-22T02:00:00Z", json!({"status": "scheduled"})),
        sent("2026-11-23T02:00:00Z", json!({"status": "scheduled"}))
    ]);
    let decision = decide(&book, &history(entries));
    assert_eq!(gist(&decision), ["wait", "a", "always", "2026-11-25T02:00:00Z"]);
    assert_eq!(
        reasons(&decision),
        ["a always direct cap p/cap 2026-11-25T02:00:00Z [] 2 of 2 per 3d used"]
    );
}

#[test]
fn overflow_forbids_nothing_outside_its_windows() {
    let book = house(
        json!([campaign("a", json!({}))]),
        rules(cap(json!({"at_most": 2, "per": "1d"}))),
    );
    let day_before = [
        "2026-11-19T00:00:00Z",
        "2026-11-19T01:00:00Z",
        "2026-11-19T02:00:00Z",
        "2026-11-19T03:00:00Z",
    ];
    let entries: Vec<_> = day_before.iter().map(|at| sent(at, json!({}))).collect();
    assert_eq!(gist(&decide(&book, &history(json!(entries))))[0], "send");
}

#[test]
fn days_in_month_and_recheck() {
    let book = house(
        json!([campaign("a", json!({}))]),
        rules(cap(json!({"at_most": "days_in_month", "per": "month"}))),
    );
    let entries = vec![sent("2026-10-31T16:00:00Z", json!({})); 30];
    let decision = decide(&book, &history(json!(entries)));
    assert_eq!(gist(&decision), ["refrain", "-", "-", "-"]);
    assert_eq!(decision["recheck_at"], "2026-11-30T16:00:00Z");
    assert_eq!(
        reasons(&decision),
        ["a always direct cap p/cap 2026-11-30T16:00:00Z [] 30 of 30 per month used"]
    );
    // One second before local November it is October's.
    let entries = vec![sent("2026-10-31T15:59:59Z", json!({})); 30];
    assert_eq!(gist(&decide(&book, &history(json!(entries))))[0], "send");
}

#[test]
fn caps_group_by_sender_and_content() {
    let by = |dimension: &str| {
        let cap = cap(json!({"at_most": 1, "per": "lifetime", "grouped_by": dimension, "counting": "all"}));
        house(json!([campaign("a", json!({}))]), rules(cap))
    };
    let outcome = |book: &Value, entry: Value| gist(&decide(book, &history(json!([entry]))))[0].to_owned();
    let at = "2026-11-01T00:00:00Z";
    assert_eq!(
        outcome(
            &by("content"),
            sent(at, json!({"content": "tpl-a", "channel": "gone"}))
        ),
        "refrain"
    );
    assert_eq!(
        outcome(&by("content"), sent(at, json!({"content": "tpl-b"}))),
        "send"
    );
    assert_eq!(outcome(&by("sender"), sent(at, json!({}))), "refrain"); // absent equals only absent
    assert_eq!(outcome(&by("sender"), sent(at, json!({"sender": "s1"}))), "send");
}

#[test]
fn counting_replaces_scope_and_campaign() {
    let rule =
        |cap: Value| json!({"rules": [{"id": "r", "except": {"channels": ["sms"]}, "then": {"cap": cap}}]});
    let outcome = |cap: Value| {
        let book = house(json!([campaign("a", rule(cap))]), json!({}));
        let entry = sent(
            "2026-11-21T01:00:00Z",
            json!({"campaign": "b", "purpose": "service"}),
        );
        gist(&decide(&book, &history(json!([entry]))))[0].to_owned()
    };
    assert_eq!(outcome(json!({"at_most": 1, "per": "lifetime"})), "send"); // only its own campaign's
    assert_eq!(
        outcome(json!({"at_most": 1, "per": "lifetime", "counting": "all"})),
        "refrain"
    );
    let not_service =
        json!({"channels": ["direct"], "except": {"purposes": ["service"], "channels": ["direct"]}});
    assert_eq!(
        outcome(json!({"at_most": 1, "per": "lifetime", "counting": not_service})),
        "send"
    );
    let other = json!({"channels": ["direct"], "except": {"purposes": ["service"], "channels": ["sms"]}});
    assert_eq!(
        outcome(json!({"at_most": 1, "per": "lifetime", "counting": other})),
        "refrain"
    );
}

#[test]
fn unknown_restrains_and_does_not_permit() {
    let forbid = |when: Value| {
        let book = house(
            json!([campaign("a", json!({}))]),
            rules(json!([{"id": "r", "when": when, "then": "forbid"}])),
        );
        reasons(&decide(&book, &case(json!({}), json!({}))))
    };
    let young = json!({"attribute": "age", "lt": 18});
    assert_eq!(
        forbid(young.clone()),
        ["a always direct forbidden p/r - [age] forbidden"]
    );
    assert_eq!(
        forbid(json!({"not": young})),
        ["a always direct forbidden p/r - [age] forbidden"]
    );
    assert!(forbid(json!({"all": [{"attribute": "age", "present": true}, young]})).is_empty());
    assert!(forbid(json!({"attribute": "age", "present": true, "lt": 18})).is_empty());
    assert!(forbid(json!({"any": []})).is_empty());
    let mixed = json!({"any": [{"attribute": "age", "eq": {"fact": "temp", "of": {"attribute": "name"}}},
        {"fact": "temp", "of": {"is": "x"}, "ge": 1}, {"any": []}]});
    assert_eq!(
        forbid(mixed),
        ["a always direct forbidden p/r - [age,name,temp] forbidden"]
    );
    let book = house(json!([campaign("a", json!({"audience": young}))]), json!({}));
    let decision = decide(&book, &case(json!({}), json!({})));
    assert_eq!(
        reasons(&decision),
        ["a always - audience - - [age] not in the audience"]
    );
    assert_eq!(decision["recheck_at"], Value::Null);
    // A false audience is no reason of `decide`, but `explain` tells.
    let minor = case(json!({"attributes": {"age": 18}}), json!({}));
    assert!(reasons(&decide(&book, &minor)).is_empty());
    let explained = decide_explained(&book, &minor);
    assert_eq!(
        told(&explained["explained"]),
        ["a always - audience - - [] not in the audience"]
    );
}

#[test]
fn tags_have_half_open_intervals_and_derived_ones_may_be_unknown() {
    let derived = json!({"tags": ["t", {"tag": "new", "when": {"elapsed": "joined", "lt": "30d"}},
        {"tag": "both", "when": {"all": [{"tag": "t"}, {"tag": "new"}]}}]});
    let book = house(json!([campaign("a", json!({"audience": {"tag": "t"}}))]), derived);
    let from = |since: &str, until: &str| {
        case(
            json!({"tags": [{"tag": "t", "since": since, "until": until}]}),
            json!({}),
        )
    };
    let decision = decide(&book, &from("2026-11-22T02:00:00Z", "2026-11-23T02:00:00Z"));
    assert_eq!(gist(&decision), ["wait", "a", "always", "2026-11-22T02:00:00Z"]);
    assert_eq!(
        gist(&decide(
            &book,
            &from("2026-11-20T02:00:00Z", "2026-11-21T02:00:00Z")
        ))[0],
        "refrain"
    );
    assert_eq!(
        tags(&book, &case(json!({}), json!({}))),
        json!({"new": null, "both": false})
    );
    let joined = case(
        json!({"tags": ["t"], "attributes": {"joined": "2026-10-22T02:00:01Z"}}),
        json!({}),
    );
    assert_eq!(tags(&book, &joined), json!({"new": true, "both": true}));
}

#[test]
fn touches_and_purchases_are_counted_up_to_the_instant() {
    let forbid = |when: Value, case: &Value| {
        let book = house(
            json!([campaign("a", json!({}))]),
            rules(json!([{"id": "r", "when": when, "then": "forbid"}])),
        );
        gist(&decide(&book, case)).map(str::to_owned)
    };
    let one = history(json!([sent("2026-11-20T12:00:00Z", json!({}))]));
    let recent = json!({"touches": {"within": "1d"}, "ge": 1});
    assert_eq!(
        forbid(recent, &one),
        ["wait", "a", "always", "2026-11-21T12:00:00Z"]
    ); // (t−within, t] is open on the left
    let bought = case(
        json!({"purchases": [
        {"at": "2026-11-20T00:00:00Z", "amount": 0.1}, {"at": "2026-11-20T00:00:00Z", "amount": 0.2},
        {"at": "2026-11-22T00:00:00Z", "amount": 5}]}),
        json!({}),
    );
    assert_eq!(
        forbid(json!({"purchases": "count", "lt": 2}), &bought),
        ["wait", "a", "always", "2026-11-22T00:00:00Z"]
    );
    assert_eq!(
        forbid(json!({"purchases": "amount", "le": 0.3}), &bought)[0],
        "send"
    ); // 0.1 + 0.2 > 0.3 in binary
    let absent = case(json!({}), json!({}));
    assert_eq!(
        forbid(json!({"purchases": "count", "lt": 2}), &absent)[0],
        "refrain"
    );
    assert_eq!(
        forbid(
            json!({"purchases": "count", "ge": 1}),
            &case(json!({"purchases": []}), json!({}))
        )[0],
        "send"
    );
}

#[test]
fn the_due_date_is_the_last_purchase_and_the_lower_median_gap() {
    let schedule = json!({"schedule": {"after": "purchases.due_at", "from": "-7d", "until": "0s"}});
    let book = house(json!([campaign("a", schedule)]), json!({}));
    let buy = |days: &[u32]| {
        let all: Vec<_> = days
            .iter()
            .map(|d| json!({"at": format!("2026-11-{d:02}T00:00:00Z")}))
            .collect();
        decide(&book, &case(json!({"purchases": all}), json!({})))
    };
    // Gaps 4, 2, 8, 5 days: sorted 2 4 5 8, the lower median is 4; due on the 24th, from the 17th.
    assert_eq!(
        gist(&buy(&[1, 5, 7, 15, 20])),
        ["send", "a", "2026-11-24T00:00:00Z", "2026-11-21T02:00:00Z"]
    );
    let missing = "a - - not_scheduled - - [purchases.due_at] its anchor is missing";
    assert_eq!(reasons(&buy(&[1, 1, 20])), [missing]);
}

#[test]
fn three_ignored_in_a_row_hold_until_an_answer() {
    let react =
        json!({"react": {"to": "ignored", "at_least": 3, "after": "1d", "hold": "14d", "in_a_row": true}});
    let book = house(
        json!([campaign("a", json!({}))]),
        rules(json!([{"id": "r", "then": react}])),
    );
    let entries = |last: Value| {
        json!([
            sent("2026-11-17T02:00:00Z", json!({})),
            sent("2026-11-18T02:00:00Z", json!({})),
            sent("2026-11-19T02:00:00Z", last),
            sent("2026-11-20T12:00:00Z", json!({}))
        ])
    };
    // Ignored at the 18th, 19th and 20th; the touch of the 20th becomes ignored today at 12:00, which prolongs the
    // hold: by the three ignored 14 days from the 20th, then from the 21st at 12:00.
    let decision = decide(&book, &history(entries(json!({}))));
    let freed = "a always direct reaction p/r 2026-12-05T12:00:00Z [] held after a reaction";
    assert_eq!(reasons(&decision), [freed]);
    assert_eq!(decision["recheck_at"], "2026-12-05T12:00:00Z");
    let clicked = json!({"responses": [{"kind": "clicked", "at": "2026-11-20T00:00:00Z"}]});
    assert_eq!(gist(&decide(&book, &history(entries(clicked))))[0], "send");
    let read = json!({"responses": [{"kind": "read", "at": "2026-11-20T00:00:00Z"}]});
    assert_eq!(gist(&decide(&book, &history(entries(read))))[0], "refrain");
}

#[test]
fn at_equal_instants_the_unanswered_comes_first() {
    let react = json!({"react": {"to": "ignored", "after": "1h", "hold": "2d", "in_a_row": true}});
    let book = house(
        json!([campaign("a", json!({}))]),
        rules(json!([{"id": "r", "then": react}])),
    );
    let answered = json!({"responses": [{"kind": "replied", "at": "2026-11-21T01:00:00Z"}]});
    let at = "2026-11-21T00:30:00Z";
    let decision = decide(&book, &history(json!([sent(at, answered), sent(at, json!({}))])));
    assert_eq!(gist(&decision), ["wait", "a", "always", "2026-11-23T01:30:00Z"]);
}

#[test]
fn a_complaint_holds_whatever_the_status_and_scope() {
    let react = json!({"react": {"to": "complained", "at_least": 2, "within": "30d", "hold": "3d"}});
    let scope = json!({"campaigns": ["a"]});
    let book = house(
        json!([campaign("a", json!({}))]),
        rules(json!([{"id": "r", "scope": scope, "then": react}])),
    );
    let complaint = |first: &str| {
        let responses = json!([{"kind": "complained", "at": first}, {"kind": "complained", "at": "2026-11-20T00:00:00Z"}]);
        history(json!([sent(
            "2026-10-01T00:00:00Z",
            json!({"status": "failed", "responses": responses})
        )]))
    };
    let held = decide(&book, &complaint("2026-10-21T00:00:01Z"));
    assert_eq!(gist(&held), ["wait", "a", "always", "2026-11-23T00:00:00Z"]);
    assert_eq!(
        gist(&decide(&book, &complaint("2026-10-21T00:00:00Z")))[0],
        "send"
    ); // (τ − within, τ]
}

#[test]
fn what_spends_an_occurrence() {
    let book = house(json!([campaign("a", json!({}))]), json!({}));
    let status = |status: &str| {
        let entry = sent("2026-11-01T00:00:00Z", json!({"campaign": "a", "status": status}));
        reasons(&decide(&book, &history(json!([entry]))))
    };
    let spent = ["a always - spent - - [] already used"];
    for word in ["sent", "scheduled", "cancelled", "held_out"] {
        assert_eq!(status(word), spent, "{word}");
    }
    assert!(status("failed").is_empty());
}

#[test]
fn repeat_has_a_cap_and_a_gap() {
    let repeat = json!({"repeat": {"at_most": 2, "per": "lifetime", "gap": "3d"}});
    let book = house(json!([campaign("a", repeat)]), json!({}));
    let own = |at, status: &str| sent(at, json!({"campaign": "a", "status": status}));
    let decision = decide(&book, &history(json!([own("2026-11-20T02:00:00Z", "cancelled")])));
    assert_eq!(gist(&decision), ["wait", "a", "always", "2026-11-23T02:00:00Z"]);
    assert_eq!(
        reasons(&decision),
        ["a always - spent - 2026-11-23T02:00:00Z [] already used"]
    );
    let twice = json!([
        own("2026-11-01T00:00:00Z", "held_out"),
        own("2026-11-05T00:00:00Z", "sent")
    ]);
    assert_eq!(
        reasons(&decide(&book, &history(twice))),
        ["a always - spent - - [] already used"]
    );
}

#[test]
fn anniversaries_take_the_last_day_of_a_short_month() {
    let every = |unit: &str| json!({"schedule": {"every": unit, "of": "born"}});
    let book = |unit: &str| house(json!([campaign("a", every(unit))]), json!({}));
    let leap = case(
        json!({"attributes": {"born": "2020-02-29"}}),
        json!({"now": "2026-02-27T02:00:00Z"}),
    );
    assert_eq!(
        gist(&decide(&book("year"), &leap)),
        ["wait", "a", "year-6", "2026-02-27T16:00:00Z"]
    );
    let month = case(
        json!({"attributes": {"born": "2026-01-31"}}),
        json!({"now": "2026-04-29T02:00:00Z"}),
    );
    assert_eq!(
        gist(&decide(&book("month"), &month)),
        ["wait", "a", "month-3", "2026-04-29T16:00:00Z"]
    );
    let missing = decide(&book("year"), &case(json!({}), json!({})));
    assert_eq!(
        reasons(&missing),
        ["a - - not_scheduled - - [born] its anchor is missing"]
    );
    // n ≥ 1: the day itself is no anniversary.
    let born = case(json!({"attributes": {"born": "2026-11-21"}}), json!({}));
    let explained = decide_explained(&book("year"), &born);
    assert!(reasons(&explained).is_empty());
    let none = "a - - not_scheduled - 2027-11-20T16:00:00Z [] no occurrence in the look-ahead";
    assert_eq!(told(&explained["explained"]), [none]);
}

#[test]
fn recurring_windows_are_named_by_their_start() {
    let on = |on: Value| {
        house(
            json!([campaign("a", json!({"schedule": {"on": on}}))]),
            json!({"look_ahead": "14d"}),
        )
    };
    let friday_night = on(json!({"days": ["fri"], "from": "22:00", "to": "02:00"}));
    let at = |now: &str| case(json!({}), json!({"now": now}));
    let saturday = decide(&friday_night, &at("2026-11-20T17:59:59Z"));
    assert_eq!(
        gist(&saturday),
        ["send", "a", "2026-11-20", "2026-11-20T17:59:59Z"]
    );
    let over = decide(&friday_night, &at("2026-11-20T18:00:00Z"));
    assert_eq!(gist(&over), ["wait", "a", "2026-11-27", "2026-11-27T14:00:00Z"]);
    let last = on(json!({"days_of_month": [-1], "months": [11], "from": "09:00"}));
    assert_eq!(
        gist(&decide(&last, &at("2026-11-20T18:00:00Z"))),
        ["wait", "a", "2026-11-30", "2026-11-30T01:00:00Z"]
    );
}

#[test]
fn waves_add_their_audience_and_entries_without_id_belong_by_instant() {
    let waves = json!({"schedule": {"waves": [
        {"id": "core", "between": ["2026-11-20T00:00", "2026-11-22T00:00"], "audience": {"tag": "core"}},
        {"id": "all", "between": ["2026-11-22T00:00", "2026-11-24T00:00"]}]}});
    let book = house(json!([campaign("a", waves)]), json!({"tags": ["core"]}));
    assert_eq!(
        gist(&decide(&book, &case(json!({}), json!({})))),
        ["wait", "a", "all", "2026-11-21T16:00:00Z"]
    );
    let core = json!({"tags": ["core"]});
    assert_eq!(gist(&decide(&book, &case(core.clone(), json!({}))))[2], "core");
    let entry = sent("2026-11-20T00:00:00Z", json!({"campaign": "a"}));
    let decision = decide(&book, &case(core, json!({"history": [entry]})));
    assert_eq!(gist(&decision), ["wait", "a", "all", "2026-11-21T16:00:00Z"]);
    assert_eq!(
        reasons(&decision),
        [
            "a core - spent - - [] already used",
            "a all - not_scheduled - 2026-11-21T16:00:00Z [] outside its schedule"
        ]
    );
}

#[test]
fn a_gap_ends_at_its_end_and_a_fold_begins_at_its_first_pass() {
    let between = |from: &str, now: &str| {
        let schedule = json!({"schedule": {"between": [from, "2027-06-01T00:00"], "zone": "customer"}});
        let who = case(json!({"time_zone": "America/New_York"}), json!({"now": now}));
        gist(&decide(&house(json!([campaign("a", schedule)]), json!({})), &who))[3].to_owned()
    };
    assert_eq!(
        between("2027-03-14T02:30", "2027-03-14T00:00:00Z"),
        "2027-03-14T07:00:00Z"
    );
    assert_eq!(
        between("2026-11-01T01:30", "2026-11-01T00:00:00Z"),
        "2026-11-01T05:30:00Z"
    );
}

#[test]
fn quiet_hours_last_longer_in_a_fold_and_wrap_midnight() {
    let book = house(json!([campaign("a", json!({}))]), rules(quiet("01:00", "02:00")));
    let new_york = case(
        json!({"time_zone": "America/New_York"}),
        json!({"now": "2026-11-01T05:00:00Z"}),
    );
    assert_eq!(gist(&decide(&book, &new_york))[3], "2026-11-01T07:00:00Z");
    // In the gap 02:00–03:00 a window 01:30–02:30 ends when the clock jumps.
    let book = house(json!([campaign("a", json!({}))]), rules(quiet("01:30", "02:30")));
    let new_york = case(
        json!({"time_zone": "America/New_York"}),
        json!({"now": "2027-03-14T06:30:00Z"}),
    );
    assert_eq!(gist(&decide(&book, &new_york))[3], "2027-03-14T07:00:00Z");
    // `days` names the day on which the window starts: Friday's night reaches into Saturday.
    let friday = json!([{"id": "r", "then": {"quiet": {"from": "20:00", "to": "12:00", "days": ["fri"]}}}]);
    let book = house(json!([campaign("a", json!({}))]), rules(friday));
    assert_eq!(
        gist(&decide(&book, &case(json!({}), json!({}))))[3],
        "2026-11-21T04:00:00Z"
    );
}

#[test]
fn a_customer_without_a_zone() {
    let who = json!({"time_zone": null});
    let book = |unknown: Value| {
        let all = merged(
            rules(quiet("22:00", "08:00")),
            json!({"unknown_time_zone": unknown}),
        );
        house(json!([campaign("a", json!({}))]), all)
    };
    // 00:30Z is 08:30 in Shanghai and 06:30 in Urumqi.
    let at = case(who, json!({"now": "2026-11-21T00:30:00Z"}));
    assert_eq!(gist(&decide(&book(json!("house")), &at))[0], "send");
    let list = decide(&book(json!(["Asia/Shanghai", "Asia/Urumqi"])), &at);
    assert_eq!(gist(&list), ["wait", "a", "always", "2026-11-21T02:00:00Z"]);
    let refrain = decide(&book(json!("refrain")), &at);
    assert_eq!(gist(&refrain)[0], "refrain");
    let unknown = "a always direct unknown_time_zone p/night - [] the customer's time zone is unknown";
    assert_eq!(reasons(&refrain), [unknown]);
}

#[test]
fn an_occurrence_over_a_list_of_zones_is_the_intersection() {
    let schedule = json!({"schedule": {"on": {"from": "09:00", "to": "12:00"}, "zone": "customer"}});
    let book = |unknown: Value| {
        house(
            json!([campaign("a", schedule.clone())]),
            json!({"unknown_time_zone": unknown}),
        )
    };
    let at = case(json!({"time_zone": null}), json!({"now": "2026-11-21T00:00:00Z"}));
    // Shanghai 01:00–04:00Z, Urumqi 03:00–06:00Z.
    let list = decide(&book(json!(["Asia/Shanghai", "Asia/Urumqi"])), &at);
    assert_eq!(gist(&list), ["wait", "a", "2026-11-21", "2026-11-21T03:00:00Z"]);
    let refrain = decide(&book(json!("refrain")), &at);
    let first = &reasons(&refrain)[..2];
    assert_eq!(
        first,
        [
            "a 2026-11-21 - not_scheduled - 2026-11-21T01:00:00Z [] outside its schedule",
            "a 2026-11-21 direct unknown_time_zone - - [] the customer's time zone is unknown"
        ]
    );
}

#[test]
fn patience_waits_for_the_first_option() {
    let morning = json!([{"id": "m", "scope": {"channels": ["direct"]}, "then": {"quiet": {"to": "11:00"}}}]);
    let book = |patience: &str, quiet: Value| {
        let extra = json!({"channels": ["direct", "moments"], "patience": patience});
        house(json!([campaign("a", extra)]), rules(quiet))
    };
    let now = case(json!({}), json!({}));
    assert_eq!(
        decide(&book("none", morning.clone()), &now)["touch"]["channel"],
        "moments"
    );
    let patient = decide(&book("day", morning), &now);
    assert_eq!(gist(&patient), ["wait", "a", "always", "2026-11-21T03:00:00Z"]);
    assert_eq!(
        reasons(&patient),
        [
            "a always direct quiet p/m 2026-11-21T03:00:00Z [] quiet time",
            "a always direct preferred_option - 2026-11-21T03:00:00Z [] waits for a preferred option"
        ]
    );
    // The day ends at midnight, half-open.
    let evening =
        json!([{"id": "m", "scope": {"channels": ["direct"]}, "then": {"quiet": {"from": "10:00"}}}]);
    assert_eq!(
        decide(&book("day", evening.clone()), &now)["touch"]["channel"],
        "moments"
    );
    assert_eq!(
        decide(&book("week", evening), &now)["touch"]["at"],
        "2026-11-21T16:00:00Z"
    );
}

#[test]
fn the_best_time_is_the_earliest_of_the_heaviest() {
    let prefer = json!([
        {"id": "evening", "then": {"prefer": {"from": "19:00", "to": "22:00", "weight": 2}}},
        {"id": "late", "then": {"prefer": {"from": "21:00", "to": "23:00"}}},
        {"id": "never", "when": {"attribute": "age", "ge": 0}, "then": {"prefer": {"weight": 99, "from": "12:00", "to": "13:00"}}}]);
    let book = house(
        json!([campaign("a", json!({"timing": {"best_in": "day"}}))]),
        rules(prefer),
    );
    let decision = decide(&book, &case(json!({}), json!({})));
    assert_eq!(gist(&decision), ["wait", "a", "always", "2026-11-21T13:00:00Z"]);
    let waits = "a always direct better_time - 2026-11-21T13:00:00Z [] waits for a better time";
    assert_eq!(reasons(&decision), [waits]);
    let hours = json!([{"id": "h", "then": {"prefer": {"active_hours": true, "at_least": 3}}}]);
    let book = house(
        json!([campaign("a", json!({"timing": {"best_in": "week"}}))]),
        rules(hours),
    );
    let mut counts = vec![0; 24];
    (counts[9], counts[20]) = (1, 2);
    let active = case(json!({"active_hours": counts}), json!({}));
    assert_eq!(gist(&decide(&book, &active))[3], "2026-11-21T12:00:00Z");
    counts[9] = 0;
    let too_few = case(json!({"active_hours": counts}), json!({}));
    assert_eq!(gist(&decide(&book, &too_few))[0], "send");
}

#[test]
fn an_important_message_next_week_keeps_its_place() {
    let important = |reserve: Value| {
        let base = json!({"priority": 9, "schedule": {"between": ["2026-11-24T00:00", "2026-11-25T00:00"]}});
        campaign("important", merged(base, reserve))
    };
    let once = rules(cap(json!({"at_most": 1, "per": "month"})));
    let book = |reserve| {
        house(
            json!([campaign("trivial", json!({})), important(reserve)]),
            once.clone(),
        )
    };
    let now = case(json!({}), json!({}));
    let decision = decide(&book(json!({})), &now);
    assert_eq!(
        gist(&decision),
        ["wait", "important", "once", "2026-11-23T16:00:00Z"]
    );
    // The trivial one would take November's only place, and finds it taken; it displaces nothing from December on.
    assert_eq!(
        reasons(&decision),
        [
            "important once - not_scheduled - 2026-11-23T16:00:00Z [] outside its schedule",
            "trivial always direct cap p/cap 2026-11-30T16:00:00Z [] 1 of 1 per month used",
            "trivial always direct reserved - 2026-11-30T16:00:00Z [] would displace a higher-ranked touch"
        ]
    );
    let short = decide(&book(json!({"reserve": "1d"})), &now);
    assert_eq!(
        gist(&short),
        ["send", "trivial", "always", "2026-11-21T02:00:00Z"]
    );
    assert_eq!(
        reasons(&short),
        ["important once - not_scheduled - - [] outside its schedule"]
    );
}

#[test]
fn reserved_looks_through_the_conditions_of_the_higher_touch() {
    // `high` may not follow any touch of the last day; `low` has no rule of its own.
    let after = json!({"rules": [{"id": "r", "when": {"touches": {"within": "1d"}, "ge": 1}, "then": "forbid"}],
        "priority": 1, "schedule": {"between": ["2026-11-22T00:00", "2026-11-30T00:00"]}});
    let low = |purpose: &str| {
        let book = house(
            json!([
                campaign("high", after.clone()),
                campaign("low", json!({"purpose": purpose}))
            ]),
            json!({}),
        );
        agenda(&book, &case(json!({}), json!({})))
    };
    let line = |agenda: &Value| {
        let touches = agenda["touches"].as_array().unwrap().iter();
        touches
            .map(|t| {
                format!(
                    "{} {}",
                    t["campaign"].as_str().unwrap(),
                    t["at"].as_str().unwrap()
                )
            })
            .collect::<Vec<_>>()
    };
    // At the very instant of the higher one it comes after it.
    assert_eq!(
        line(&low("promotion")),
        ["high 2026-11-21T16:00:00Z", "low 2026-11-21T16:00:00Z"]
    );
    // A purpose that asks no consent is always given.
    assert_eq!(
        line(&low("reply")),
        ["low 2026-11-21T02:00:00Z", "high 2026-11-21T16:00:00Z"]
    );
}

#[test]
fn a_reserve_may_free_just_after_an_instant() {
    // Forbidden for `high` between one and two days after a touch: exactly one day before it is still too early.
    let when =
        json!({"all": [{"touches": {"within": "2d"}, "ge": 1}, {"touches": {"within": "1d"}, "lt": 1}]});
    let high = json!({"rules": [{"id": "r", "when": when, "then": "forbid"}], "priority": 1,
        "schedule": {"between": ["2026-11-22T18:00", "2026-11-22T19:00"]}});
    let book = house(
        json!([campaign("high", high), campaign("low", json!({}))]),
        json!({}),
    );
    let touches = agenda(&book, &case(json!({}), json!({})))["touches"].clone();
    assert_eq!(touches[0]["at"], "2026-11-21T10:00:00.000001Z");
    assert_eq!(touches[1]["at"], "2026-11-22T10:00:00Z");
}

#[test]
fn a_held_out_touch_is_not_placed() {
    let holdout = |when: Value| {
        json!([
        {"id": "z", "when": when, "then": {"holdout": {"percent": 100, "salt": "s"}}},
        {"id": "a", "when": when, "then": {"holdout": {"percent": 100, "salt": "t"}}},
        {"id": "n", "then": {"holdout": {"percent": 0, "salt": "t"}}}])
    };
    let book = |when| house(json!([campaign("a", json!({}))]), rules(holdout(when)));
    let now = case(json!({}), json!({}));
    let held = decide(&book(json!({"all": []})), &now);
    assert_eq!(held["outcome"], "refrain");
    assert_eq!(held["held_out"][0]["rules"], json!(["p/a", "p/z"]));
    assert_eq!(held["held_out"][0]["touch"]["at"], "2026-11-21T02:00:00Z");
    assert_eq!(held["recheck_at"], "2026-11-28T02:00:01Z");
    assert!(reasons(&held).is_empty());
    // In the bucket and unknown: refused.
    assert_eq!(
        reasons(&decide(&book(json!({"attribute": "age", "ge": 1})), &now)),
        [
            "a always direct holdout p/a - [age] in a holdout",
            "a always direct holdout p/z - [age] in a holdout"
        ]
    );
}

#[test]
fn a_planned_held_out_touch_sets_the_recheck() {
    let tomorrow = json!({"schedule": {"between": ["2026-11-22T00:00", "2026-11-23T00:00"]}});
    let all = rules(json!([{"id": "h", "then": {"holdout": {"percent": 100, "salt": "s"}}}]));
    let decision = decide(
        &house(json!([campaign("a", tomorrow)]), all),
        &case(json!({}), json!({})),
    );
    assert_eq!(decision["recheck_at"], "2026-11-21T16:00:00Z");
    assert_eq!(decision["held_out"], json!([]));
}

#[test]
fn variants_need_their_condition_and_their_fields() {
    let variants = json!({"variants": [
        {"id": "hot", "when": {"fact": "temp", "of": {"attribute": "city"}, "ge": 28}, "content": "ice"},
        {"id": "named", "content": "hi", "fields": {"name": {"attribute": "name"}, "t": {"fact": "temp", "of": {"is": "x"}}}}]});
    let book = house(json!([campaign("a", variants)]), json!({}));
    let choose = |attributes: Value, facts: Value| {
        decide(
            &book,
            &case(json!({"attributes": attributes}), json!({"facts": facts})),
        )
    };
    let hot = choose(json!({"city": "上海"}), json!({"temp": {"上海": 28}}));
    assert_eq!(hot["touch"]["variant"], "hot");
    let named = choose(
        json!({"city": "上海", "name": "n"}),
        json!({"temp": {"上海": 27.99, "x": 31}}),
    );
    assert_eq!(named["touch"]["fields"], json!({"name": "n", "t": 31}));
    assert_eq!(
        reasons(&choose(json!({}), json!({}))),
        ["a always direct no_variant - - [city,name,temp] no variant fits"]
    );
}

#[test]
fn arms_split_by_weight() {
    let arms = json!({"variants": [{"id": "v", "content": "x", "arms": [
        {"id": "a", "content": "xa"}, {"id": "b", "weight": 3}]}]});
    let book = house(json!([campaign("k", arms)]), json!({}));
    for id in ["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8"] {
        let touch = &decide(&book, &case(json!({"id": id}), json!({})))["touch"];
        let expected = if identity::bucket("k/v", id) < 2500 {
            ["a", "xa"]
        } else {
            ["b", "x"]
        };
        assert_eq!([&touch["arm"], &touch["content"]], expected);
    }
}

#[test]
fn consent_by_channel_topic_and_purpose() {
    let sms = |purpose: &str, consent: Value| {
        let extra = json!({"channels": ["sms"], "topic": "new", "purpose": purpose});
        let book = house(json!([campaign("a", extra)]), json!({}));
        let decision = decide(&book, &case(json!({"consent": consent}), json!({})));
        (gist(&decision)[0].to_owned(), reasons(&decision))
    };
    let none = (
        "refrain".to_owned(),
        vec!["a always sms consent - - [] no consent".to_owned()],
    );
    assert_eq!(sms("promotion", json!({})), none);
    assert_eq!(sms("promotion", json!({"sms": true})).0, "send");
    assert_eq!(sms("promotion", json!({"sms": true, "topic:new": false})), none);
    assert_eq!(sms("reply", json!({"sms": false, "topic:new": false})).0, "send");
}

#[test]
fn observing_rules_only_watch() {
    let watch = json!([{"id": "w", "observe": true, "then": {"quiet": {"from": "09:00", "to": "12:00"}}}]);
    let book = house(json!([campaign("a", json!({}))]), rules(watch));
    let decision = decide(&book, &case(json!({}), json!({})));
    assert_eq!(decision["outcome"], "send");
    assert_eq!(
        told(&decision["observed"]),
        ["a always direct quiet p/w 2026-11-21T04:00:00Z [] quiet time"]
    );
}

#[test]
fn the_score_ranks_and_restrains() {
    let scored = |id: &str, points: i64| {
        campaign(
            id,
            json!({"score": {"base": 5, "add": [{"when": {"attribute": "age", "ge": 1}, "points": points}]}}),
        )
    };
    let one_a_day = cap(json!({"at_most": 1, "per": "day"}));
    let book = |rules| house(json!([scored("a", -3), scored("b", 3)]), rules);
    let now = case(json!({}), json!({}));
    // Unknown: the penalty counts, the bonus does not.
    let decision = decide(&book(rules(one_a_day)), &now);
    assert_eq!(
        (gist(&decision)[1], &decision["touch"]["score"]),
        ("b", &json!(5))
    );
    let floor = json!([{"id": "floor", "when": {"score": true, "lt": 3}, "then": "forbid"}]);
    let agenda = agenda(&book(rules(floor)), &now);
    assert_eq!(
        told(&agenda["reasons"]),
        ["a always direct forbidden p/floor - [] forbidden"]
    );
}

#[test]
fn explain_tells_every_option() {
    let extra = json!({"channels": ["direct", "sms"], "stop_when": {"fact": "open", "eq": false}});
    let book = house(json!([campaign("a", extra)]), rules(quiet("09:00", "12:00")));
    let decision = decide_explained(&book, &case(json!({"senders": ["s1"]}), json!({})));
    assert_eq!(
        told(&decision["explained"]),
        [
            "a always - stopped - - [open] its stop condition holds",
            "a always direct quiet p/night 2026-11-21T04:00:00Z [] quiet time",
            "a always sms consent - - [] no consent",
            "a always sms quiet p/night 2026-11-21T04:00:00Z [] quiet time"
        ]
    );
    assert_eq!(reasons(&decision).len(), 2);
}

#[test]
fn confirm_judges_one_scheduled_touch() {
    let key = |n: u128| json!(format!("{n:032x}"));
    let holdout =
        json!({"id": "h", "when": {"tag": "t"}, "then": {"holdout": {"percent": 100, "salt": "s"}}});
    let daily = json!({"id": "cap", "then": {"cap": {"at_most": 1, "per": "day"}}});
    let book = house(
        json!([campaign("a", json!({}))]),
        merged(rules(json!([daily, holdout])), json!({"tags": ["t"]})),
    );
    let own = json!({"at": "2026-11-21T01:00:00Z", "channel": "direct", "purpose": "promotion", "campaign": "a",
        "occurrence": "always", "content": "tpl-a", "key": key(5), "status": "scheduled"});
    let other = |at: &str, key: Value| sent(at, json!({"status": "scheduled", "key": key, "campaign": "b"}));
    let ask = |others: Vec<Value>, who: Value| {
        let entries: Vec<_> = others.into_iter().chain([own.clone()]).collect();
        told(&confirm(&book, &case(who, json!({"history": entries})), &own))
    };
    assert!(ask(vec![], json!({})).is_empty());
    assert!(ask(vec![other("2026-11-21T01:00:00Z", key(6))], json!({})).is_empty()); // later, though past
    let full = ["a always direct cap p/cap 2026-11-21T16:00:00Z [] 1 of 1 per day used"];
    assert_eq!(ask(vec![other("2026-11-21T01:00:00Z", key(4))], json!({})), full);
    assert_eq!(
        ask(vec![other("2026-11-21T01:00:00Z", Value::Null)], json!({})),
        full
    );
    assert_eq!(
        ask(vec![], json!({"tags": ["t"]})),
        ["a always direct holdout p/h - [] in a holdout"]
    );
    let gone = ["a always - not_scheduled - - [] outside its schedule"];
    assert_eq!(ask(vec![], json!({"senders": ["s1"]})), gone);
    let changed = merged(own.clone(), json!({"content": "old"}));
    let told_of_change = told(&confirm(&book, &history(json!([changed])), &changed));
    assert_eq!(
        told_of_change,
        ["a always direct changed - - [] the content would differ now"]
    );
}

#[test]
fn filters_know_an_entry_without_an_occurrence_by_those_that_contain_it() {
    let waves = json!({"schedule": {"waves": [
        {"id": "core", "between": ["2026-11-10T00:00", "2026-11-12T00:00"]},
        {"id": "all", "between": ["2026-11-12T00:00", "2026-11-14T00:00"]}]}});
    let outcome = |ids: Value, entry: Value| {
        let stop = json!({"stop_when": {"touches": {"campaigns": ["w"], "occurrences": ids}, "ge": 1}});
        let book = house(
            json!([campaign("a", stop), campaign("w", waves.clone())]),
            json!({}),
        );
        decide(&book, &history(json!([entry])))["outcome"].clone()
    };
    let entry = |extra: Value| sent("2026-11-11T05:00:00Z", merged(json!({"campaign": "w"}), extra));
    assert_eq!(outcome(json!(["core"]), entry(json!({}))), "refrain");
    assert_eq!(outcome(json!(["all"]), entry(json!({}))), "send");
    assert_eq!(outcome(json!(["all", "always"]), entry(json!({}))), "refrain");
    // What it names itself, it is.
    assert_eq!(
        outcome(json!(["core"]), entry(json!({"occurrence": "all"}))),
        "send"
    );
    assert_eq!(
        outcome(json!(["all"]), entry(json!({"occurrence": "all"}))),
        "refrain"
    );
    // Of no campaign, of no occurrence.
    assert_eq!(
        outcome(json!(["always"]), entry(json!({"campaign": null}))),
        "send"
    );
}

#[test]
fn the_recheck_is_exact_within_a_second() {
    let soon = json!({"schedule": {"after": "joined", "until": "3d"}});
    let book = house(json!([campaign("a", soon)]), json!({"look_ahead": "1d"}));
    let joined = json!({"attributes": {"joined": "2026-11-21T02:00:00.250Z"}});
    let decision = decide(&book, &case(joined, json!({"now": "2026-11-20T02:00:00.100Z"})));
    assert_eq!(decision["recheck_at"], "2026-11-21T02:00:00.250Z");
    // Held out, and feasible on and on: the next whole second.
    let everyone = json!([{"id": "h", "then": {"holdout": {"percent": 100, "salt": "s"}}}]);
    let book = house(json!([campaign("a", json!({}))]), rules(everyone));
    let decision = decide(
        &book,
        &case(json!({}), json!({"now": "2026-11-20T02:00:00.100Z"})),
    );
    assert_eq!(decision["recheck_at"], "2026-11-27T02:00:01Z");
}
