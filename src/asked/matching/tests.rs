//! What comes through the index is what asking every campaign gives.

#![allow(
    clippy::string_slice,
    clippy::cast_possible_wrap,
    reason = "the generators are held to the rules of tests"
)]

#[path = "../../../tests/generate/mod.rs"]
mod generate;
mod verdicts;

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::{
    Bound, Engine, asked::occurrence::Scheduled, clock::instant::DAY, compiled::condition::Condition,
};

/// Asks every campaign, at the beginning and whenever its audience may change, whether it concerns the customer; where
/// touches may let the customer in, at these instants, or at any time.
fn plain_scan(ask: &Ask<'_>, from: Instant, until: Instant, any_time: bool) -> BTreeSet<String> {
    let concerns = |campaign: &&Campaign| {
        let view = View {
            campaign: Some(campaign),
            ..ask.view()
        };
        let Some(audience) = &campaign.audience else {
            return true;
        };
        let may_come = |t: Instant| match campaign.audience_reads.touches {
            true if any_time => view.settled(audience) != Truth::False,
            true => whatever_is_sent(&view, audience, t) != Truth::False,
            false => view.truth(audience, t) == Truth::True,
        };
        let mut t = from;
        let mut found = view.truth(audience, t) != Truth::False || may_come(t);
        while !found {
            t = view.next_change(audience, t);
            if t > until {
                return false;
            }
            found = may_come(t);
        }
        true
    };
    let has_occurrence = |campaign: &&Campaign| match ask.occurrences(campaign, from, until) {
        Scheduled::Occurrences(found) => !found.is_empty(),
        Scheduled::MissingAnchor(_) => true,
    };
    let campaigns = ask.compiled.campaigns.iter();
    let found = campaigns.filter(concerns).filter(has_occurrence);
    found.map(|campaign| campaign.id.to_string()).collect()
}

/// What a condition is at an instant where nobody knows what will have been sent.
fn whatever_is_sent(view: &View<'_, '_>, condition: &Condition, t: Instant) -> Truth {
    let of = |part: &Condition| whatever_is_sent(view, part, t);
    match condition {
        Condition::All(parts) => parts.iter().fold(Truth::True, |truth, part| truth.and(of(part))),
        Condition::Any(parts) => parts.iter().fold(Truth::False, |truth, part| truth.or(of(part))),
        Condition::Not(part) => of(part).not(),
        Condition::Derived(number) => of(&view.ask.frame.derived[*number].when),
        Condition::Touches { .. } => Truth::Unknown,
        other => view.truth(other, t),
    }
}

/// What comes through the index; of all campaigns, because some without an occurrence may come too.
fn indexed(ask: &Ask<'_>, from: Instant, until: Instant) -> BTreeSet<String> {
    let has_occurrence = |found: &Match<'_>| match ask.occurrences(found.campaign, from, until) {
        Scheduled::Occurrences(found) => !found.is_empty(),
        Scheduled::MissingAnchor(_) => true,
    };
    let found = ask.matching(from, until).filter(has_occurrence);
    found.map(|found| found.campaign.id.to_string()).collect()
}

fn bind(engine: &Engine, case: &Value) -> (Bound, Instant) {
    let document = serde_json::from_value(case.clone()).expect("a document");
    let case = engine.read_case(&document).expect("a case");
    let facts = engine.bind_facts(&case.facts).expect("facts");
    let bound = engine
        .bind(&case.customer, &case.history, &facts)
        .expect("a customer");
    (bound, case.now.into())
}

/// Takes one value away in two of the attributes, tags or facts, in turn: what was there is missing.
fn with_less(case: &Value, turn: usize) -> Value {
    let mut case = case.clone();
    for part in ["/customer/attributes", "/facts"] {
        if let Some(Value::Object(members)) = case.pointer_mut(part) {
            let mut at = 0;
            members.retain(|_, _| {
                at += 1;
                at % 3 != turn % 3
            });
        }
    }
    case
}

#[test]
fn the_index_and_a_plain_scan_find_the_same() {
    let (mut found, mut vague, mut asked, mut kept_out, mut surely) = (0, 0, 0, 0, 0);
    for number in 0..400_u64 {
        let mut dice = generate::Dice::seeded(0x1DE3_0000 + number);
        let book = generate::rulebook(&mut dice);
        let document = serde_json::from_value(book.clone()).expect("a document");
        let (engine, _) = Engine::from_document(&document).expect("a rulebook");
        for turn in 0..4 {
            let case = with_less(&generate::case(&mut dice, &book), turn);
            let (bound, now) = bind(&engine, &case);
            let ask = Ask::new(&bound, now);
            for (from, until) in [
                (now, now),
                (now, ask.end()),
                (ask.end(), ask.end().plus(60 * DAY)),
            ] {
                for found in ask.matching(from, until) {
                    if let (Some(truth), Some(audience)) = (found.audience, &found.campaign.audience) {
                        let view = View {
                            campaign: Some(found.campaign),
                            ..ask.view()
                        };
                        assert_eq!(
                            view.truth(audience, from),
                            truth,
                            "rulebook {number}\n{book:#}\n{case:#}"
                        );
                        assert_eq!(
                            view.truth(audience, until),
                            truth,
                            "rulebook {number}\n{book:#}\n{case:#}"
                        );
                    }
                }
                let expected = plain_scan(&ask, from, until, false);
                let indexed = indexed(&ask, from, until);
                // Where touches may let a customer in, it is not asked at which times.
                let most = plain_scan(&ask, from, until, true);
                assert!(
                    expected.is_subset(&indexed) && indexed.is_subset(&most),
                    "{expected:?} {indexed:?} {most:?}, rulebook {number}\n{book:#}\n{case:#}"
                );
                found += expected.len();
                vague += most.len() - expected.len();
                let matching = ask.matching(from, until);
                for block in engine.compiled.campaigns.blocks() {
                    asked += block.campaigns.len();
                    let index = &block.index;
                    let possible = index.possible(index.ever_possible(&matching), &matching);
                    let mut possible = index.possible_in_time(possible, &matching);
                    let mut left = block.campaigns.len();
                    while let Some(number) = possible.all.pop() {
                        left -= 1;
                        surely += usize::from(possible.surely.has(number));
                    }
                    kept_out += left;
                }
            }
        }
    }
    println!("{found} of {asked} campaigns found; the index kept {kept_out} out, and was sure of {surely}");
    assert!(vague * 50 < found, "{vague} of {found}");
    // Were the index to keep nothing out, this would prove nothing.
    assert!(found * 10 > asked && kept_out * 10 > asked && surely * 20 > asked);
}

/// Of long lists and deep audiences the index keeps only a part, and lets the rest through to be asked.
#[test]
fn what_is_too_long_for_the_index_is_asked_all_the_same() {
    let numbers: Vec<i64> = (0..300).map(|number| number * 3).collect();
    let tags: Vec<Value> = (0..100)
        .map(|number| serde_json::json!(format!("t-{number}")))
        .collect();
    let any: Vec<Value> = tags.iter().map(|tag| serde_json::json!({"tag": tag})).collect();
    let all: Vec<Value> = (0..100)
        .map(|number| serde_json::json!({"attribute": "n", "ne": number}))
        .collect();
    let campaign = |id: &str, audience: Value| {
        serde_json::json!({"id": id, "purpose": "p", "value": "save", "channels": ["c"], "audience": audience,
                           "variants": [{"id": "v"}]})
    };
    let book = serde_json::json!({"format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house",
        "look_ahead": "7d", "attributes": {"n": "integer"}, "tags": tags, "purposes": ["p"],
        "channels": {"c": {"consent": "none"}},
        "campaigns": [
            campaign("in", serde_json::json!({"attribute": "n", "in": numbers})),
            campaign("not-in", serde_json::json!({"not": {"attribute": "n", "in": numbers}})),
            campaign("any", serde_json::json!({"any": any})),
            campaign("all", serde_json::json!({"all": all})),
            campaign("few", serde_json::json!({"attribute": "n", "in": [3, 4, 99], "lt": 50}))]});
    let document = serde_json::from_value(book).expect("a document");
    let (engine, _) = Engine::from_document(&document).expect("a rulebook");
    for n in (-1..310).chain([896, 897, 898, 5_000]) {
        let case = serde_json::json!({"customer": {"id": "kim", "tags": if n % 2 == 0 { vec!["t-99"] } else { vec![] },
            "attributes": {"n": n}}, "history": [], "now": "2026-03-02T12:00:00Z"});
        let (bound, now) = bind(&engine, &case);
        let ask = Ask::new(&bound, now);
        let found = indexed(&ask, now, ask.end());
        assert_eq!(found, plain_scan(&ask, now, ask.end(), false), "{n}");
        assert_eq!(found.contains("in"), (0..900).contains(&n) && n % 3 == 0, "{n}");
        assert_eq!(found.contains("few"), [3, 4].contains(&n), "{n}");
    }
}
