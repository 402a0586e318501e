//! What is known of the caps of a lane is what each of them tells.

use serde_json::{Value, json};

use super::*;
use crate::{
    asked::{
        glance::tests::{among_placed, cap, history, zone},
        view::tests::{ask, touch},
    },
    clock::instant::{DAY, SECOND},
    compiled::rule::Rule,
    simulation::Draw,
};

/// Whether a cap refuses at `t`, by a list of all that it counts.
fn refuses<'a>(view: &View<'a, '_>, rule: &'a Rule, t: Instant) -> bool {
    let cap = rule.cap().expect("a cap");
    let full = view.capped_times(cap, None, t, |counted| cap.refuses(view, counted.times, t));
    cap.needs_zone(view) || full.flatten().is_some()
}

#[test]
fn an_opening_tells_what_its_caps_tell() {
    let mut random = Draw::numbered(12);
    // How often some cap was known to refuse, how often all to let pass, and how often neither.
    let mut told = [0, 0, 0];
    for _ in 0..2_000 {
        let rules: Vec<Value> = (0..=random.below(3))
            .map(|number| {
                let mut rule = json!({"id": format!("r-{number}"), "then": {"cap": cap(&mut random)}});
                match random.below(8) {
                    0 => rule["when"] = json!({"tag": "a"}),
                    1 => rule["observe"] = json!(true),
                    _ => {}
                }
                rule
            })
            .collect();
        let history = history(&mut random, 8);
        let zone = zone(&mut random);
        let what = format!("{rules:?} {zone} {history:?}");
        let book = json!({"unknown_time_zone": zone, "policies": [{"id": "house", "rules": rules}]});
        ask(book, json!([{}]), json!({"history": history}), |view| {
            let count = random.below(3).min(random.below(3));
            among_placed(view, count, &mut random, |view, random| {
                for _ in 0..8 {
                    let t = view.ask.now.plus(
                        random.below(40).cast_signed() * DAY / 2 - i64::from(random.below(2) == 0) * SECOND,
                    );
                    let Some(opening) = view.opening(t) else {
                        told[2] += 1;
                        continue;
                    };
                    let mut kept = view.rules().filter(|rule| rule.kept);
                    if t < opening.opens {
                        assert!(!opening.passes(t), "{what} at {t:?}");
                        assert!(kept.any(|rule| refuses(view, rule, t)), "{what} at {t:?}");
                        told[0] += 1;
                    } else if opening.passes(t) {
                        assert!(!kept.any(|rule| refuses(view, rule, t)), "{what} at {t:?}");
                        told[1] += 1;
                    } else {
                        told[2] += 1;
                    }
                }
            });
        });
    }
    println!("{told:?}");
    assert!(told[0] > 1_200 && told[1] > 3_000 && told[2] > 3_000, "{told:?}");
}

#[test]
fn what_is_known_to_let_pass_is_not_asked() {
    let policies = json!({"policies": [{"id": "house", "rules": [
        {"id": "a-kept", "then": {"cap": {"at_most": 2, "per": "7d"}}},
        {"id": "b-conditional", "when": {"tag": "a"}, "then": {"cap": {"at_most": 2, "per": "7d"}}},
        {"id": "c-watching", "observe": true, "then": {"cap": {"at_most": 2, "per": "7d"}}},
        {"id": "d-by-purpose", "then": {"cap": {"at_most": 2, "per": "7d", "grouped_by": "purpose"}}},
        {"id": "e-of-one", "scope": {"campaigns": ["c-0"]}, 
         "then": {"cap": {"at_most": 1, "per": "7d", "counting": {"purposes": ["p"]}}}},
        {"id": "f-quiet", "then": {"quiet": {"from": "22:00", "to": "08:00"}}}]}]});
    let gone = touch("gone", "2026-03-03T12:00:00Z");
    ask(policies, json!([{}]), json!({"history": [gone]}), |view| {
        let beside = |caps_pass| -> Vec<String> {
            let rules = view.judging_but(|rule| caps_pass && rule.kept);
            rules
                .map(|rule| rule.address.trim_start_matches("house/").to_owned())
                .collect()
        };
        let asked = ["b-conditional", "d-by-purpose", "f-quiet", "e-of-one"];
        assert_eq!(beside(true), asked);
        assert_eq!(beside(false), [&["a-kept"], &asked[..]].concat());
        let now = view.ask.now;
        let opening = view.opening(now).expect("known");
        // The cap of one campaign, which is full, is none of the lane's.
        assert!(opening.passes(now) && view.goes(now).is_none());
    });
}

#[test]
fn nothing_is_known_before_what_is_scheduled() {
    let policies = json!({"policies": [{"id": "house", "rules": [
        {"id": "r", "then": {"cap": {"at_most": 1, "per": "1d"}}}]}]});
    let mut scheduled = touch("gone", "2026-03-05T00:00:00Z");
    scheduled["status"] = json!("scheduled");
    ask(policies, json!([{}]), json!({"history": [scheduled]}), |view| {
        let (now, reach) = (view.ask.now, view.reach.expect("a channel"));
        assert!(view.opening(now).is_none() && view.goes(now).is_none());
        assert_eq!(view.ask.opens_by(reach), now);
        let opening = view.opening(now.plus(DAY / 2)).expect("known");
        assert_eq!(opening.opens, now.plus(DAY + DAY / 2));
        // What opened before is open, and what opens later is waited for.
        let (early, late) = (now.plus(DAY), now.plus(3 * DAY));
        assert_eq!(view.lane_passes_from(late, late), Some(late));
        assert_eq!(view.lane_passes_from(early, late), Some(opening.opens));
        assert_eq!(view.lane_passes_from(early, early), None);
    });
}
