//! What is known of a touch without asking. To ask is never wrong; what is known saves it.

use serde_json::{Value, json};

use super::*;
use crate::asked::glance::Glance;
use crate::{
    Engine,
    asked::gate::Gate,
    compiled::{reads::Reads, rule::Effect},
};

const NOW: &str = "2026-03-04T12:00:00Z";

/// An object with other members, some in the place of its own.
pub(in crate::asked) fn with(mut object: Value, members: &Value) -> Value {
    for (name, member) in members.as_object().expect("an object") {
        object[name] = member.clone();
    }
    object
}

pub(in crate::asked) fn campaign(id: &str, members: &Value) -> Value {
    let plain =
        json!({"id": id, "purpose": "p", "value": "save", "channels": ["c"], "variants": [{"id": "v"}]});
    with(plain, members)
}

/// A case with a history and facts; the other members are the customer's.
pub(in crate::asked) fn case(now: &str, members: &Value) -> Value {
    let mut case = json!({"customer": {"id": "kim", "tags": []}, "history": [], "now": now});
    for (name, member) in members.as_object().expect("an object") {
        match name.as_str() {
            "history" | "facts" => case[name] = member.clone(),
            name => case["customer"][name] = member.clone(),
        }
    }
    case
}

/// Asks about the first campaign, on its first channel, in the first of its occurrences.
#[track_caller]
pub(in crate::asked) fn ask(
    members: Value,
    campaigns: Value,
    given: Value,
    read: impl FnOnce(&View<'_, '_>),
) {
    let campaigns = campaigns.as_array().expect("a list").iter().enumerate();
    let campaigns: Vec<Value> = campaigns
        .map(|(number, members)| campaign(&format!("c-{number}"), members))
        .collect();
    let book = json!({"format": 1, "time_zone": "UTC", "unknown_time_zone": "house", "look_ahead": "7d",
        "attributes": {"n": "integer", "i": "date-time"}, "facts": {"each": {"type": "integer", "keyed": true}},
        "tags": ["a", {"tag": "old", "when": {"tag": "older"}}, {"tag": "older", "when": {"not": {"tag": "grown"}}},
                 {"tag": "grown", "when": {"elapsed": "i", "ge": "1d"}}], "purposes": ["p"],
        "channels": {"c": {"consent": "none"}, "d": {"consent": "none"}}, "campaigns": campaigns});
    let book = with(book, &members);
    let (engine, _) =
        Engine::from_document(&serde_json::from_value(book).expect("a document")).expect("a rulebook");
    let document = serde_json::from_value(case(NOW, &given)).expect("a document");
    let case = engine.read_case(&document).expect("a case");
    let bound = engine.bind_case(&case).expect("a customer");
    let ask = Ask::new(&bound, case.now.into());
    let campaign = engine.compiled.campaigns.by_id("c-0").expect("a campaign");
    let occurrence = match ask.occurrences(campaign, ask.now, ask.end()) {
        Scheduled::Occurrences(found) => found.first().copied(),
        Scheduled::MissingAnchor(_) => None,
    };
    read(&View {
        campaign: Some(campaign),
        reach: campaign.channels.first(),
        occurrence,
        ..ask.view()
    });
}

pub(in crate::asked) fn touch(campaign: &str, at: &str) -> Value {
    json!({"at": at, "channel": "c", "purpose": "p", "campaign": campaign})
}

#[test]
fn a_campaign_of_which_the_history_has_nothing_was_not_sent() {
    let history =
        json!({"history": [touch("c-1", "2026-03-01T12:00:00Z"), touch("gone", "2026-03-02T12:00:00Z")]});
    ask(json!({}), json!([{}, {}, {}]), history, |view| {
        let sent = |id: &str| view.ask.may_have_sent(view.ask.compiled.campaigns.by_id(id));
        assert_eq!([sent("c-0"), sent("c-1"), sent("c-2")], [false, true, false]);
        assert!(!view.ask.may_have_sent(None));
    });
    ask(json!({}), json!([{}]), json!({}), |view| {
        assert!(!view.ask.may_have_sent(view.campaign))
    });
}

#[test]
fn what_conditions_read_is_known() {
    let nothing = Reads::default();
    let time = Reads {
        time: true,
        ..nothing
    };
    let campaign = Reads {
        campaign: true,
        ..nothing
    };
    let held_tags = Reads {
        held_tags: true,
        ..nothing
    };
    let touches = Reads {
        touches: true,
        ..time
    };
    let each = json!({"fact": "each", "of": "campaign"});
    for (audience, expected) in [
        (json!({"attribute": "n", "ge": 1}), nothing),
        (json!({"tag": "a"}), held_tags),
        (json!({"tag": "grown"}), time),
        (json!({"tag": "older"}), time),
        (json!({"tag": "old"}), time),
        (json!({"elapsed": "i", "ge": "1d"}), time),
        (
            json!({"elapsed": {"fact": "when", "of": "campaign"}, "ge": "1d"}),
            time.and(campaign),
        ),
        (json!({"purchases": "count", "ge": 1}), time),
        (json!({"purchases": "count", "ge": each}), time.and(campaign)),
        (json!({"touches": {}, "ge": 1}), touches),
        (json!({"touches": {}, "ge": each}), touches.and(campaign)),
        (json!({"fact": "each", "of": "campaign", "ge": 1}), campaign),
        (json!({"fact": "each", "of": {"is": "c-0"}, "ge": 1}), nothing),
        (json!({"attribute": "n", "ge": each}), campaign),
        (json!({"attribute": "n", "in": [1, each]}), campaign),
        (
            json!({"attribute": "n", "ge": {"fact": "each", "of": {"is": "c-0"}}}),
            nothing,
        ),
        (
            json!({"not": {"any": [{"tag": "a"}, {"elapsed": "i", "ge": "1d"}]}}),
            time.and(held_tags),
        ),
        (
            json!({"all": [{"elapsed": "i", "ge": "1d"}, {"tag": "a"}]}),
            time.and(held_tags),
        ),
        (
            json!({"all": [{"touches": {}, "ge": 1}, {"attribute": "n", "ge": each}]}),
            touches.and(campaign),
        ),
    ] {
        let facts = json!({"facts": {"each": {"type": "integer", "keyed": true}, "when": {"type": "date-time", "keyed": true}}});
        let what = audience.to_string();
        ask(facts, json!([{"audience": audience}]), json!({}), |view| {
            assert_eq!(
                view.campaign.expect("a campaign").audience_reads,
                expected,
                "{what}"
            );
        });
    }
    // What only rules may read. A score may read anything.
    let option = Reads {
        option: true,
        ..nothing
    };
    let now = Reads { now: true, ..nothing };
    let bought = json!({"attribute": "purchases.last_at"});
    for (when, expected) in [
        (
            json!({"score": true, "lt": 5}),
            touches.and(held_tags).and(campaign).and(option).and(now),
        ),
        (json!({"attribute": "purchases.due_at", "present": true}), now),
        (json!({"attribute": "i", "lt": bought}), now),
        (json!({"fact": "each", "of": "channel", "ge": 1}), option),
        (json!({"fact": "each", "of": "sender", "ge": 1}), option),
        (
            json!({"attribute": "n", "ge": {"fact": "each", "of": "sender"}}),
            option,
        ),
    ] {
        let what = when.to_string();
        let policy = json!({"facts": {"each": {"type": "integer", "keyed": true}},
            "policies": [{"id": "house", "rules": [{"id": "r", "when": when, "then": "forbid"}]}]});
        ask(policy, json!([{}]), json!({}), |view| {
            let reads = view.rules().next().expect("a rule").reads;
            assert_eq!(reads, expected, "{what}");
        });
    }
}

#[test]
fn what_can_change_for_a_customer_is_known() {
    let can = |audience: Value, case: Value, expected: bool| {
        let what = format!("{audience} {case}");
        ask(json!({}), json!([{"audience": audience}]), case, |view| {
            let reads = view.campaign.expect("a campaign").audience_reads;
            assert_eq!(view.may_change(reads), expected, "{what}");
        });
    };
    let tag = || json!({"tag": "a"});
    can(json!({"attribute": "n", "ge": 1}), json!({}), false);
    can(json!({"elapsed": "i", "ge": "1d"}), json!({}), true);
    can(json!({"touches": {}, "ge": 1}), json!({}), true);
    can(tag(), json!({"tags": []}), false);
    can(tag(), json!({"tags": ["a"]}), false);
    can(tag(), json!({"tags": [{"tag": "a", "since": NOW}]}), true);
    can(tag(), json!({"tags": [{"tag": "a", "until": NOW}]}), true);
    // Of those who hold some tag for a time, it is not asked which.
    can(
        json!({"attribute": "n", "ge": 1}),
        json!({"tags": [{"tag": "a", "since": NOW}]}),
        false,
    );
}

#[test]
fn what_refuses_at_all_times_or_at_none_is_known() {
    let steady = |campaign: Value| {
        let mut found = [false; 8];
        ask(json!({}), json!([campaign]), json!({}), |view| {
            found = [
                Gate::Consent,
                Gate::UnknownTimeZone,
                Gate::Spent,
                Gate::Audience,
                Gate::Stopped,
                Gate::NoVariant,
                Gate::NotScheduled,
                Gate::Reserved,
            ]
            .map(|gate| view.is_steady(gate));
        });
        found
    };
    let but =
        |gates: &[usize]| -> [bool; 8] { std::array::from_fn(|gate| gate < 6 && !gates.contains(&gate)) };
    assert_eq!(steady(json!({})), but(&[]));
    assert_eq!(steady(json!({"audience": {"attribute": "n", "ge": 1}})), but(&[]));
    assert_eq!(
        steady(json!({"audience": {"elapsed": "i", "ge": "1d"}})),
        but(&[3])
    );
    assert_eq!(
        steady(
            json!({"schedule": {"waves": [{"id": "w", "between": ["2026-03-01T00:00", "2026-04-01T00:00"],
                                               "audience": {"attribute": "n", "ge": 1}}]}})
        ),
        but(&[3])
    );
    assert_eq!(
        steady(json!({"repeat": {"at_most": 2, "per": "lifetime", "gap": "1d"}})),
        but(&[2])
    );
    assert_eq!(
        steady(json!({"stop_when": {"attribute": "n", "ge": 1}})),
        but(&[4])
    );
    assert_eq!(
        steady(json!({"variants": [{"id": "v", "when": {"attribute": "n", "ge": 1}}, {"id": "w"}]})),
        but(&[5])
    );

    let rule = |when: Value, then: Value, expected: bool| {
        let what = format!("{when} {then}");
        let mut rule = json!({"id": "r", "then": then});
        if !when.is_null() {
            rule["when"] = when;
        }
        let policy = json!({"policies": [{"id": "house", "rules": [rule]}]});
        ask(policy, json!([{}]), json!({}), |view| {
            let rule = view.rules().next().expect("a rule");
            assert_eq!(view.is_steady(Gate::Rule(rule)), expected, "{what}");
        });
    };
    let (old, adult) = (
        json!({"elapsed": "i", "ge": "1d"}),
        json!({"attribute": "n", "ge": 1}),
    );
    rule(adult.clone(), json!("forbid"), true);
    rule(old.clone(), json!("forbid"), false);
    rule(
        adult.clone(),
        json!({"holdout": {"percent": 50, "salt": "s"}}),
        true,
    );
    rule(old, json!({"holdout": {"percent": 50, "salt": "s"}}), false);
    rule(
        adult.clone(),
        json!({"quiet": {"from": "22:00", "to": "08:00"}}),
        false,
    );
    rule(adult, json!({"cap": {"at_most": 1, "per": "day"}}), false);
}

#[test]
fn room_under_a_cap_is_seen_at_a_glance() {
    let room = |cap: Value, history: &[&str], expected: Option<bool>| {
        let what = format!("{cap} {history:?}");
        let history: Vec<Value> = history.iter().map(|at| touch("c-0", at)).collect();
        let policy = json!({"policies": [{"id": "house", "rules": [{"id": "r", "then": {"cap": cap}}]}]});
        ask(policy, json!([{}]), json!({"history": history}), |view| {
            let Effect::Cap(cap) = &view.rules().next().expect("a rule").then else {
                panic!("a cap")
            };
            assert_eq!(
                view.glance(cap, None, view.ask.now)
                    .map(|seen| matches!(seen, Glance::Room)),
                expected,
                "{what}"
            );
        });
    };
    let (week_ago, later_than_that) = ("2026-02-25T12:00:00Z", "2026-02-25T12:00:01Z");
    let rolling = |at_most: u64| json!({"at_most": at_most, "per": "7d"});
    room(rolling(1), &[], Some(true));
    room(rolling(0), &[], Some(false));
    room(rolling(1), &[week_ago], Some(true));
    room(rolling(1), &[later_than_that], Some(false));
    room(rolling(2), &[later_than_that], Some(true));
    room(rolling(2), &[later_than_that, NOW], Some(false));
    room(rolling(2), &[week_ago, later_than_that], Some(true));
    // What is scheduled after the touch shares a window with some of what came before, or does not.
    let (soon, in_a_week) = ("2026-03-04T12:00:01Z", "2026-03-11T12:00:00Z");
    room(rolling(9), &[soon], Some(true));
    room(rolling(1), &[soon], Some(false));
    room(rolling(1), &[in_a_week], Some(true));
    room(rolling(1), &[later_than_that, soon], Some(false));
    room(rolling(2), &[later_than_that, soon], Some(true));
    room(rolling(2), &["2026-02-25T12:00:02Z", soon], Some(false));
    room(rolling(2), &[week_ago, soon], Some(true));
    let daily = |at_most: u64| json!({"at_most": at_most, "per": "day", "zone": "UTC"});
    room(daily(1), &["2026-03-03T23:59:59Z"], Some(true));
    room(daily(1), &["2026-03-04T00:00:00Z"], Some(false));
    room(daily(2), &["2026-03-04T00:00:00Z"], Some(true));
    room(daily(1), &["2026-03-04T23:59:59Z"], Some(false));
    room(daily(1), &["2026-03-05T00:00:00Z"], Some(true));
    let monthly = json!({"at_most": "days_in_month", "per": "month", "zone": "UTC"});
    room(monthly.clone(), &[week_ago; 12], Some(true));
    room(monthly, &[week_ago; 28], None);
    room(
        json!({"at_most": 1, "per": "lifetime"}),
        &["2025-01-01T00:00:00Z"],
        Some(false),
    );
    room(
        json!({"at_most": 2, "per": "lifetime"}),
        &["2025-01-01T00:00:00Z"],
        Some(true),
    );
}

#[test]
fn one_lane_speaks_for_all_campaigns_until_some_are_told_apart() {
    let policy = |members: Value| {
        let rule = json!({"id": "r", "then": {"cap": {"at_most": 1, "per": "day"}}});
        json!({"policies": [{"id": "house", "rules": [with(rule, &members)]}]})
    };
    // How many rules no lane speaks for, and whether there is one.
    let apart = |members: Value, expected: (usize, bool)| {
        let what = members.to_string();
        ask(policy(members), json!([{}, {}]), json!({}), |view| {
            let reach = view.reach.expect("a channel");
            assert_eq!(
                (view.rules_apart().count(), reach.lane.is_some()),
                expected,
                "{what}"
            );
        });
    };
    apart(json!({}), (0, true));
    apart(json!({"when": {"attribute": "n", "ge": 1}}), (0, true));
    apart(json!({"when": {"score": true, "ge": 1}}), (1, true));
    apart(json!({"scope": {"campaigns": ["c-0"]}}), (1, true));
    apart(json!({"observe": true}), (0, true));
    apart(json!({"except": {"campaigns": ["c-1"]}}), (0, true));
    // The rule does not speak of this campaign, and so the lane does not speak for it.
    apart(json!({"except": {"campaigns": ["c-0"]}}), (0, false));
    // It is named, but on another channel, or by a rule that does not speak of this one.
    apart(
        json!({"except": {"campaigns": ["c-0"], "channels": ["d"]}}),
        (0, true),
    );
    apart(
        json!({"scope": {"channels": ["d"]}, "except": {"campaigns": ["c-0"]}}),
        (0, true),
    );
}

#[test]
fn sums_stop_at_the_largest_number_and_the_least() {
    let (most, least) = (i64::MAX, i64::MIN);
    for (a, b, expected) in [
        (most, 1, most),
        (most, -1, most - 1),
        (least, -1, least),
        (least, 1, least + 1),
        (least, most, -1),
        (2, 3, 5),
        (-2, -3, -5),
    ] {
        let rule = |id: &str, weight: i64| json!({"id": id, "then": {"prefer": {"from": "00:00", "to": "24:00", "weight": weight}}});
        let book = json!({"policies": [{"id": "house", "rules": [rule("a", a), rule("b", b)]}]});
        let add = |points: i64| json!({"when": {"tag": "a"}, "points": points});
        let campaign = json!({"timing": {"best_in": "day"}, "score": {"base": 0, "add": [add(a), add(b)]}});
        ask(book, json!([campaign]), json!({"tags": ["a"]}), |view| {
            assert_eq!(view.weight(view.ask.now), expected, "{a} {b}");
            assert_eq!(view.score(view.ask.now), expected, "{a} {b}");
        });
    }
}
