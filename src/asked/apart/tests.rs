//! Which slots can bear on what goes now, and which cannot.

use serde_json::{Value, json};

use super::*;
use crate::asked::{
    occurrence::Scheduled,
    view::tests::{ask, touch},
};

/// The slots of campaigns by number, each with its first occurrence.
fn slots<'a>(ask: &'a Ask<'a>, numbers: &[usize]) -> Vec<Slot<'a>> {
    let slot = |number: &usize| {
        let campaign = ask.compiled.campaigns.by_id(&format!("c-{number}"));
        let campaign = campaign.expect("a campaign");
        let Scheduled::Occurrences(found) = ask.occurrences(campaign, ask.now, ask.end()) else {
            panic!("occurrences")
        };
        Slot {
            campaign,
            audience: None,
            occurrence: found.first().copied(),
            missing_anchor: None,
        }
    };
    numbers.iter().map(slot).collect()
}

fn caps(caps: &[Value]) -> Value {
    let rules = caps.iter().enumerate();
    let rules: Vec<Value> = rules
        .map(|(number, cap)| json!({"id": format!("r{number}"), "then": {"cap": cap}}))
        .collect();
    json!({"policies": [{"id": "house", "rules": rules}]})
}

/// Whether those above, by number, are apart from a touch of `c-0` now, at noon of the fourth of March.
#[track_caller]
fn apart(policy: Value, campaigns: Value, history: &[Value], above: &[usize], expected: bool) {
    let what = format!("{policy} {campaigns} {history:?} {above:?}");
    ask(policy, campaigns, json!({"history": history}), |view| {
        let view = view.ask.view_apart(
            &slots(view.ask, &[0])[0],
            view.ask
                .choices(view.campaign.expect("a campaign"))
                .next()
                .expect("a way"),
            above.len(),
        );
        // What is asked of a cap is known from then on.
        let rules: Vec<_> = view.rules().collect();
        rules.iter().for_each(|rule| {
            view.rule_refuses(rule, view.ask.now);
        });
        assert_eq!(
            view.ask.goes_apart(&slots(view.ask, above), &view),
            expected,
            "{what}"
        );
    });
}

fn from(start: &str) -> Value {
    json!({"schedule": {"between": [start, "2026-03-20T00:00"]}})
}

#[test]
fn without_a_cap_all_are_apart() {
    apart(caps(&[]), json!([{}, {}]), &[], &[1], true);
    apart(caps(&[]), json!([{}, {}, {}]), &[], &[1, 2], true);
}

#[test]
fn a_day_holds_what_can_come_on_it() {
    let daily = |at_most: u64| caps(&[json!({"at_most": at_most, "per": "day", "zone": "UTC"})]);
    apart(daily(1), json!([{}, {}]), &[], &[1], false);
    apart(daily(2), json!([{}, {}]), &[], &[1], true);
    apart(daily(2), json!([{}, {}, {}]), &[], &[1, 2], false);
    apart(daily(3), json!([{}, {}, {}]), &[], &[1, 2], true);
    apart(daily(1), json!([{}, from("2026-03-04T23:59")]), &[], &[1], false);
    apart(daily(1), json!([{}, from("2026-03-05T00:00")]), &[], &[1], true);
    let today = touch("gone", "2026-03-04T01:00:00Z");
    let long_ago = touch("gone", "2026-02-20T01:00:00Z");
    apart(daily(2), json!([{}, {}]), &[today], &[1], false);
    apart(daily(2), json!([{}, {}]), &[long_ago], &[1], true);
    // One clock of several may show another day.
    let zones = json!({"unknown_time_zone": ["Asia/Tokyo", "America/New_York"],
        "policies": caps(&[json!({"at_most": 1, "per": "day"})])["policies"]});
    apart(zones, json!([{}, from("2026-03-09T00:00")]), &[], &[1], false);
}

#[test]
fn a_rolling_window_holds_what_can_come_in_it() {
    let rolling = |at_most: u64| caps(&[json!({"at_most": at_most, "per": "3d"})]);
    apart(
        rolling(1),
        json!([{}, from("2026-03-07T11:59:59")]),
        &[],
        &[1],
        false,
    );
    apart(rolling(1), json!([{}, from("2026-03-07T12:00")]), &[], &[1], true);
    let (in_reach, out_of_it) = ("2026-03-01T12:00:01Z", "2026-03-01T12:00:00Z");
    apart(
        rolling(2),
        json!([{}, {}]),
        &[touch("gone", in_reach)],
        &[1],
        false,
    );
    apart(
        rolling(2),
        json!([{}, {}]),
        &[touch("gone", out_of_it)],
        &[1],
        true,
    );
    apart(
        rolling(3),
        json!([{}, {}]),
        &[touch("gone", in_reach)],
        &[1],
        true,
    );
    let lifetime = |at_most: u64| caps(&[json!({"at_most": at_most, "per": "lifetime"})]);
    apart(lifetime(1), json!([{}, {}]), &[], &[1], false);
    apart(lifetime(2), json!([{}, {}]), &[], &[1], true);
}

#[test]
fn channels_that_are_counted_apart_are_apart() {
    let by_channel = || caps(&[json!({"at_most": 1, "per": "3d", "grouped_by": "channel"})]);
    apart(by_channel(), json!([{}, {}]), &[], &[1], false);
    apart(by_channel(), json!([{}, {"channels": ["d"]}]), &[], &[1], true);
    apart(
        by_channel(),
        json!([{}, {"channels": ["d", "c"]}]),
        &[],
        &[1],
        false,
    );
    let by = |by: &str| caps(&[json!({"at_most": 9, "per": "3d", "grouped_by": by})]);
    // Of these nothing is kept, so that they are not known to have room.
    for group in ["purpose", "campaign", "sender", "content"] {
        apart(by(group), json!([{}, {}]), &[], &[1], false);
    }
}

#[test]
fn what_a_cap_keeps_out_of_the_look_ahead_is_apart() {
    let both = |at_most: u64| {
        caps(&[
            json!({"at_most": 1, "per": "3d"}),
            json!({"at_most": at_most, "per": "30d", "grouped_by": "channel", "counting": {"channels": ["d"]}}),
        ])
    };
    let sent = |at: &str| json!({"at": at, "channel": "d", "purpose": "p"});
    let on_d = || json!([{}, {"channels": ["d"]}]);
    for (earlier, expected) in [
        // Opens in two days, in seven, and after the look-ahead.
        ("2026-02-04T12:00:00Z", false),
        ("2026-02-09T12:00:00Z", true),
        ("2026-02-20T12:00:00Z", true),
    ] {
        apart(both(1), on_d(), &[sent(earlier)], &[1], expected);
    }
    apart(both(2), on_d(), &[sent("2026-02-20T12:00:00Z")], &[1], false);
}

#[test]
fn a_cap_may_bear_on_those_that_it_does_not_count() {
    let counting = |at_most: u64, campaign: &str| {
        caps(&[json!({"at_most": at_most, "per": "3d", "counting": {"campaigns": [campaign]}})])
    };
    apart(counting(1, "c-0"), json!([{}, {}]), &[], &[1], false);
    apart(counting(2, "c-0"), json!([{}, {}]), &[], &[1], true);
    apart(counting(1, "c-1"), json!([{}, {}]), &[], &[1], false);
    apart(counting(1, "c-2"), json!([{}, {}, {}]), &[], &[1], true);
}

#[test]
fn whatever_is_not_looked_into_is_not_apart() {
    // Conditions that may see the touch, a rule that tells what it would have said, caps of campaigns, the same campaign.
    let stops = json!({"stop_when": {"touches": {}, "ge": 1}});
    apart(caps(&[]), json!([{}, stops]), &[], &[1], false);
    let watches = json!({"policies": [{"id": "house", "rules": [
        {"id": "r", "observe": true, "then": {"cap": {"at_most": 9, "per": "day"}}}]}]});
    apart(watches, json!([{}, {}]), &[], &[1], false);
    let own = json!({"rules": [{"id": "r", "then": {"cap": {"at_most": 9, "per": "day"}}}]});
    apart(caps(&[]), json!([own, {}]), &[], &[1], false);
    apart(caps(&[]), json!([{}, own]), &[], &[1], false);
    apart(caps(&[]), json!([{}]), &[], &[0], false);
    // Without an occurrence there is nothing to place.
    let daily = caps(&[json!({"at_most": 1, "per": "day", "zone": "UTC"})]);
    apart(
        daily,
        json!([{}, {"schedule": {"between": ["2026-04-01T00:00", "2026-04-02T00:00"]}}]),
        &[],
        &[1],
        true,
    );
}
