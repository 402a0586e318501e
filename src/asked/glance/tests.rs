//! What a glance tells is what a list of all that counts tells.

use serde_json::{Value, json};

use super::*;
use crate::{
    asked::{
        reserve::{Placed, tests::placed},
        seen::Seen,
        tally::Tally,
        view::tests::ask,
    },
    clock::instant::{DAY, SECOND},
    compiled::rule::Effect,
    simulation::Draw,
};

/// Touches within a week or so of now, some of them scheduled, on half hours, so that windows often just touch.
pub(in crate::asked) fn history(random: &mut Draw, most: u64) -> Vec<Value> {
    let touches = random.below(most + 1);
    (0..touches)
        .map(|_| {
            let hours = random.below(480);
            let at = chrono::DateTime::parse_from_rfc3339("2026-02-24T12:00:00Z").expect("an instant")
                + chrono::TimeDelta::minutes(30 * hours.cast_signed());
            let status =
                ["sent", "scheduled", "cancelled", "failed"][random.below(4).min(random.below(4)) as usize];
            let channel = ["c", "d"][random.below(2) as usize];
            json!({"at": at.to_rfc3339(), "channel": channel, "purpose": "p", "status": status})
        })
        .collect()
}

pub(in crate::asked) fn cap(random: &mut Draw) -> Value {
    let mut cap = json!({"at_most": random.below(6)});
    match random.below(6) {
        0 => cap["per"] = json!("lifetime"),
        1 => cap["per"] = json!("day"),
        2 => (cap["per"], cap["zone"]) = (json!("week"), json!("Asia/Tokyo")),
        3 => (cap["per"], cap["at_most"]) = (json!("month"), json!("days_in_month")),
        _ => cap["per"] = json!(["1d", "3d", "7d"][random.below(3) as usize]),
    }
    match random.below(4) {
        0 => cap["grouped_by"] = json!("channel"),
        1 => cap["counting"] = json!({"channels": ["d"]}),
        _ => {}
    }
    cap
}

/// What is done with customers without a zone: mostly the house's is theirs.
pub(in crate::asked) fn zone(random: &mut Draw) -> Value {
    let zones = [
        json!("house"),
        json!(["Asia/Tokyo", "America/New_York"]),
        json!("refrain"),
    ];
    zones[random.below(3).min(random.below(3)) as usize].clone()
}

/// Reads a view among so many touches that the plan has placed.
pub(in crate::asked) fn among_placed<'a>(
    view: &View<'a, '_>,
    count: u64,
    random: &mut Draw,
    read: impl FnOnce(&View<'a, '_>, &mut Draw),
) {
    let placed: Vec<Placed<'a>> = (1..=count)
        .map(|rank| {
            let at = view.ask.now.plus(random.below(20).cast_signed() * DAY / 2);
            let rank = usize::try_from(rank).expect("a rank");
            placed(&View { rank, ..*view }, at)
        })
        .collect();
    let tally = Tally::default();
    let seen = Seen::new(&placed, &[], Symbol::ABSENT, &tally);
    let view = View {
        ask: view.ask,
        campaign: view.campaign,
        audience: view.audience,
        occurrence: view.occurrence,
        reach: view.reach,
        sender: view.sender,
        rank: 9,
        seen,
    };
    read(&view, random);
}

#[test]
fn a_glance_tells_what_a_list_tells() {
    let mut random = Draw::numbered(11);
    // How often there was room, how often it was full, and how often a glance did not tell.
    let mut told = [0, 0, 0];
    for _ in 0..3_000 {
        let cap = cap(&mut random);
        let history = history(&mut random, 14);
        let zone = zone(&mut random);
        let what = format!("{cap} {zone} {history:?}");
        let book = json!({"unknown_time_zone": zone,
            "policies": [{"id": "house", "rules": [{"id": "r", "then": {"cap": cap}}]}]});
        ask(book, json!([{}]), json!({"history": history}), |view| {
            let Effect::Cap(cap) = &view.rules().next().expect("a rule").then else {
                panic!("a cap")
            };
            let count = random.below(4);
            among_placed(view, count, &mut random, |view, random| {
                let exact = |t: Instant| {
                    let full = view.capped_times(cap, None, t, |counted| cap.refuses(view, counted.times, t));
                    full.flatten().map(|full| full.until)
                };
                for _ in 0..8 {
                    let t = view.ask.now.plus(
                        random.below(20).cast_signed() * DAY / 2 - i64::from(random.below(2) == 0) * SECOND,
                    );
                    let seen = view.glance(cap, None, t);
                    told[match seen {
                        Some(Glance::Room) => 0,
                        Some(Glance::Full(_)) => 1,
                        None => 2,
                    }] += 1;
                    // What was found is known from then on.
                    for seen in [seen, view.known_glance(cap, t)].into_iter().flatten() {
                        let Glance::Full(until) = seen else {
                            assert_eq!(exact(t), None, "{what} at {t:?}");
                            continue;
                        };
                        assert!(exact(t).is_some() && until > t, "{what} at {t:?}");
                        // It is full all the while.
                        for part in 0..8 {
                            let between = t.plus(until.since(t).min(40 * DAY) / 8 * part);
                            assert!(
                                exact(between).is_some(),
                                "{what} at {between:?}, full until {until:?}"
                            );
                        }
                        let last = until.minus(1);
                        let is_full = until == Instant::MAX || exact(last).is_some();
                        assert!(is_full, "{what} right before {until:?}");
                    }
                }
            });
        });
    }
    println!("{told:?}");
    assert!(told[0] > 6_000 && told[1] > 5_000 && told[2] > 500, "{told:?}");
}
