//! The rules' effects on one option at one instant: caps, reactions, quiet hours, holdouts.

use super::condition::Truth;
use super::gates::{Refusal, Slot, View, candidate, refuse, rules_in_scope};
use super::message::choose_variant;
use super::time;
use super::touch::{Rule, Touch};
use super::world::{World, calendar, get, list, listed, text};
use serde_json::Value;

/// The fullest half-open `(u − W, u]` that contains `t`; none if there is no such window (W = 0).
pub fn fullest_window(touches: &[&Touch], t: i64, width: i64) -> Option<i64> {
    let ends = touches
        .iter()
        .map(|touch| touch.at)
        .chain([t])
        .filter(|u| t <= *u && *u - width < t);
    ends.map(|u| {
        touches
            .iter()
            .filter(|touch| u - width < touch.at && touch.at <= u)
            .count() as i64
    })
    .max()
}

/// Whether the candidate, always counting as one, breaks the cap over `touches`: "used of at_most per per".
pub fn cap_refuses(
    world: &World,
    view: &View,
    slot: &Slot,
    cap: &Value,
    touches: &[&Touch],
    t: i64,
) -> Option<String> {
    let per = text(cap, "per").unwrap();
    let mut touches = touches.to_vec();
    if let Some(dimension) = text(cap, "grouped_by") {
        // With no variant chosen a cap by content passes; absent equals only absent.
        if dimension == "content" && choose_variant(&view.moment(world, slot, t)).is_err() {
            return None;
        }
        let group = |touch: &Touch| match dimension {
            "channel" => Some(touch.channel.clone()),
            "purpose" => Some(touch.purpose.clone()),
            "campaign" => touch.campaign.clone(),
            "sender" => touch.sender.clone(),
            "content" => touch.content.clone(),
            other => panic!("no dimension: {other}"),
        };
        let own = group(&candidate(world, view, slot, t));
        touches.retain(|touch| group(touch) == own);
    }
    let fixed = cap["at_most"].as_i64();
    // (used, at most) in the window or in each zone's period
    let counts: Vec<(i64, i64)> = if calendar(cap) {
        // Under `refrain` the gate `unknown_time_zone` speaks instead.
        let zones = world.zones(text(cap, "zone")).unwrap_or_default();
        let count = |tz: &chrono_tz::Tz| {
            let mine = time::period(*tz, t, per);
            let used = touches
                .iter()
                .filter(|touch| time::period(*tz, touch.at, per) == mine)
                .count() as i64;
            let days_in_month = || {
                let (year, month) = time::period(*tz, t, "month");
                time::last_day_of_month(year as i32, month as u32).into()
            };
            (used, fixed.unwrap_or_else(days_in_month))
        };
        zones.iter().map(count).collect()
    } else if per == "lifetime" {
        vec![(touches.len() as i64, fixed.unwrap())]
    } else {
        vec![(
            fullest_window(&touches, t, time::duration(per).unwrap())?,
            fixed.unwrap(),
        )]
    };
    let at_most = counts.iter().find(|(used, at_most)| used + 1 > *at_most)?.1;
    let used = counts.iter().map(|count| count.0).max()?;
    Some(format!("{used} of {at_most} per {per} used"))
}

/// The customer is in the bucket: what the holdout's condition says.
pub fn holdout_condition(world: &World, view: &View, slot: &Slot, rule: &Rule, t: i64) -> Truth {
    match rule.then("holdout") {
        Some(holdout) if world.in_holdout_bucket(holdout) => {
            view.moment(world, slot, t).holds(get(rule.body, "when"))
        }
        _ => Truth::False,
    }
}

/// The holdouts that act: in scope, in the bucket, condition true.
pub fn acting_holdouts(world: &World, view: &View, slot: &Slot, t: i64) -> Vec<String> {
    let acting =
        rules_in_scope(slot).filter(|rule| holdout_condition(world, view, slot, rule, t) == Truth::True);
    let mut all: Vec<_> = acting.map(|rule| rule.address.clone()).collect();
    all.sort();
    all
}

/// A restraining rule, in scope, refuses while its condition acts.
pub fn rule_refuses(world: &World, view: &View, slot: &Slot, rule: &Rule, t: i64) -> Option<Refusal> {
    let truth = view.moment(world, slot, t).holds(get(rule.body, "when"));
    if !truth.acts() {
        return None;
    }
    let zones = |effect: &Value| world.zones(text(effect, "zone"));
    let no_zone = || refuse("unknown_time_zone", "the customer's time zone is unknown");
    let refusal = if rule.body["then"] == "forbid" {
        refuse("forbidden", "forbidden")
    } else if let Some(quiet) = rule.then("quiet") {
        match zones(quiet) {
            None => no_zone(),
            Some(zones) => refuse("quiet", "quiet time").filter(|_| {
                zones
                    .iter()
                    .any(|tz| time::inside_window(quiet, time::local(*tz, t)))
            }),
        }
    } else if let Some(cap) = rule.then("cap") {
        if calendar(cap) && zones(cap).is_none() {
            no_zone()
        } else {
            let known = world.history.iter().chain(&view.counted).map(|touch| &**touch);
            let counting =
                known.filter(|touch| touch.counted() && rule.counting(get(cap, "counting"), touch));
            cap_refuses(world, view, slot, cap, &counting.collect::<Vec<_>>(), t)
                .and_then(|detail| refuse("cap", &detail))
        }
    } else if let Some(react) = rule.then("react") {
        refuse("reaction", "held after a reaction").filter(|_| reaction_holds(world, rule, react, t))
    } else {
        // A holdout refuses those in the bucket for whom its condition is unknown.
        let unknown = matches!(holdout_condition(world, view, slot, rule, t), Truth::Unknown(_));
        refuse("holdout", "in a holdout").filter(|_| unknown)
    };
    refusal.map(|refusal| Refusal {
        rule: Some(rule.address.clone()),
        ..refusal.missing(&truth)
    })
}

/// Some event τ has `at_least` or more events, itself included, in `(τ − within, τ]`, and `t < τ + hold`.
fn reaction_holds(world: &World, rule: &Rule, react: &Value, t: i64) -> bool {
    let long = |key| {
        text(react, key)
            .filter(|text| *text != "forever")
            .map(|text| time::duration(text).unwrap())
    };
    let to = text(react, "to").unwrap();
    let entries = world.history.iter().filter(|touch| touch.at <= world.now);
    let events: Vec<i64> = if to == "ignored" {
        let after = long("after").unwrap();
        let default = [
            Value::from("clicked"),
            Value::from("replied"),
            Value::from("purchased"),
        ];
        let kinds = get(react, "answered_by").map_or(&default[..], |_| list(react, "answered_by"));
        let answered = |touch: &Touch| {
            touch
                .responses
                .iter()
                .any(|(kind, at)| listed(kinds, kind) && *at <= t)
        };
        let counting =
            entries.filter(|touch| touch.counted() && rule.counting(get(react, "counting"), touch));
        let mut touches: Vec<(i64, bool)> = counting.map(|touch| (touch.at, answered(touch))).collect();
        if react["in_a_row"] == true {
            // From the latest backwards, at equal instants the unanswered first, up to the first answered.
            touches.sort_by_key(|(at, answered)| (-at, *answered));
            let run = touches
                .iter()
                .position(|(_, answered)| *answered)
                .unwrap_or(touches.len());
            touches.truncate(run);
        }
        let ignored = touches
            .iter()
            .filter(|(at, answered)| !answered && at + after <= t);
        ignored.map(|(at, _)| at + after).collect()
    } else {
        let all = Value::from("all");
        let counting = entries.filter(|touch| rule.counting(get(react, "counting").or(Some(&all)), touch));
        let responses = counting.flat_map(|touch| touch.responses.iter());
        responses
            .filter(|(kind, at)| kind == to && *at <= t)
            .map(|(_, at)| *at)
            .collect()
    };
    let at_least = react["at_least"].as_u64().unwrap_or(1) as usize;
    events.iter().any(|event| {
        let recent =
            |other: &&i64| **other <= *event && long("within").is_none_or(|within| **other > event - within);
        events.iter().filter(recent).count() >= at_least && long("hold").is_none_or(|hold| t < event + hold)
    })
}
