//! What holds of every decision: order does not matter, nothing is said twice, what is decided can be confirmed, and a
//! decision is data.

mod generate;
mod harness;

use chrono::TimeDelta;
use generate::{Dice, follow_up, permute};
use harness::{bind, document, engine, read, written};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tactful::{Agenda, Bound, Decision, Document, Engine, Explanation, Outcome, Status, Touch};

/// Rulebooks that follow from their numbers, each with cases.
fn worlds(from: u64, count: u64, cases: usize) -> impl Iterator<Item = (u64, Dice, Value, Vec<Value>)> {
    (from..from + count).map(move |number| {
        let mut dice = Dice::seeded(0x5EED_0000 + number);
        let book = generate::rulebook(&mut dice);
        let cases = (0..cases).map(|_| generate::case(&mut dice, &book)).collect();
        (number, dice, book, cases)
    })
}

/// Everything that can be asked, as text.
fn everything(bound: &Bound, now: chrono::DateTime<chrono::Utc>) -> String {
    let answers = json!([
        written(bound.decide(now)),
        written(bound.agenda(now)),
        written(bound.explain(now)),
        written(bound.tags(now)),
    ]);
    serde_json::to_string_pretty(&answers).expect("text")
}

fn asked(engine: &Engine, case: &Document) -> String {
    let (bound, case) = read(engine, case).expect("a valid case");
    everything(&bound, case.now)
}

#[test]
fn order_of_input_changes_nothing() {
    for (number, mut dice, book, cases) in worlds(0, 150, 2) {
        let other_book = permute::rulebook(&mut dice, &book);
        let text = permute::text(&mut dice, &other_book);
        let other_book: Document = serde_json::from_str(&text).expect("a document");
        let (ours, theirs) = (
            engine(&book),
            Engine::from_document(&other_book).expect("valid").0,
        );
        for case in cases {
            let other_case = permute::case(&mut dice, &case);
            let other_case: Document =
                serde_json::from_str(&permute::text(&mut dice, &other_case)).expect("a document");
            let expected = asked(&ours, &document(&case));
            let found = asked(&theirs, &other_case);
            let differ = expected.lines().zip(found.lines()).find(|(a, b)| a != b);
            assert_eq!(
                expected, found,
                "rulebook {number}: {differ:?}\n{book:#}\n{text}\n{case:#}"
            );
        }
    }
}

#[test]
fn every_run_and_every_thread_gives_the_same() {
    for (number, _, book, cases) in worlds(1_000, 25, 2) {
        let shared = engine(&book);
        for case in cases {
            let (bound, now) = bind(&shared, &case);
            let expected = everything(&bound, now);
            std::thread::scope(|scope| {
                for thread in 0..4 {
                    let (book, case, bound, expected) = (&book, &case, &bound, &expected);
                    scope.spawn(move || {
                        assert_eq!(
                            *expected,
                            everything(bound, now),
                            "rulebook {number}, thread {thread}"
                        );
                        let own = engine(book);
                        assert_eq!(
                            *expected,
                            asked(&own, &document(case)),
                            "rulebook {number}, compiled again"
                        );
                    });
                }
            });
        }
    }
}

#[test]
fn a_decision_is_data() {
    for (number, _, book, cases) in worlds(2_000, 150, 2) {
        let engine = engine(&book);
        for case in cases {
            let (bound, now) = bind(&engine, &case);
            let decision = bound.decide(now);
            let text = serde_json::to_string(&decision).expect("text");
            let again: Decision = serde_json::from_str(&text).expect("a decision");
            assert_eq!(again, decision, "rulebook {number}");
            assert_eq!(serde_json::to_string(&again).expect("text"), text);
            let agenda = bound.agenda(now);
            let again: Agenda = serde_json::from_value(written(&agenda)).expect("an agenda");
            assert_eq!(again, agenda, "rulebook {number}");
            let explanation = bound.explain(now);
            let again: Explanation = serde_json::from_value(written(&explanation)).expect("an explanation");
            assert_eq!(again, explanation, "rulebook {number}");
        }
    }
}

/// The case with a touch in its history.
fn recorded(case: &Value, touch: &Touch, status: Status) -> Value {
    let mut case = case.clone();
    let history = case["history"].as_array_mut().expect("a history");
    history.push(written(touch.entry(status)));
    case
}

fn repeats(book: &Value, campaign: &str) -> bool {
    let campaigns = book["campaigns"].as_array().expect("campaigns");
    campaigns
        .iter()
        .any(|each| each["id"] == campaign && each["repeat"].is_object())
}

#[test]
fn what_is_sent_and_recorded_is_not_sent_again() {
    let mut sends = 0;
    for (number, _, book, cases) in worlds(3_000, 350, 3) {
        let engine = engine(&book);
        for mut case in cases {
            let mut keys = BTreeSet::new();
            let mut slots = BTreeSet::new();
            let mut ended = false;
            for _ in 0..60 {
                let (bound, now) = bind(&engine, &case);
                let decision = bound.decide(now);
                for held in decision.held_out() {
                    assert_eq!(held.touch().at(), now);
                    assert!(!held.rules().is_empty());
                }
                if decision.outcome() != Outcome::Send {
                    ended = true;
                    break;
                }
                let touch = decision.touch().expect("what to send");
                sends += 1;
                assert_eq!(touch.at(), now);
                assert!(
                    keys.insert(touch.key()),
                    "rulebook {number}: a key twice\n{case:#}"
                );
                let slot = (touch.campaign().to_owned(), touch.occurrence().to_owned());
                assert!(
                    slots.insert(slot) || repeats(&book, touch.campaign()),
                    "rulebook {number}: {touch:?} again\n{book:#}\n{case:#}"
                );
                // Sent: a retry of the same question before it is recorded names the same touch.
                assert_eq!(bound.decide(now).touch(), Some(touch));
                case = recorded(&case, touch, Status::Sent);
            }
            // A repeat without a gap may go on for ever; nothing else may.
            let endless = book["campaigns"]
                .as_array()
                .expect("campaigns")
                .iter()
                .any(|each| {
                    each["repeat"]["gap"]
                        .as_str()
                        .is_some_and(|gap| gap.starts_with('0'))
                });
            assert!(ended || endless, "rulebook {number} sends without end");
        }
    }
    assert!(sends > 300, "only {sends} sends");
}

#[test]
fn what_is_decided_is_confirmed_at_once() {
    let mut sends = 0;
    for (number, mut dice, book, cases) in worlds(4_000, 500, 3) {
        let engine = engine(&book);
        for mut case in cases {
            // An entry scheduled for this very instant is sent to `decide`, and still to come to `confirm`.
            let now = generate::clock::instant(case["now"].as_str().expect("now"));
            let history = case["history"].as_array_mut().expect("a history");
            history.retain(|entry| {
                entry["status"] != "scheduled"
                    || generate::clock::instant(entry["at"].as_str().expect("at")) != now
            });
            let (bound, now) = bind(&engine, &case);
            let decision = bound.decide(now);
            let Some(touch) = decision.touch() else { continue };
            if decision.outcome() == Outcome::Send {
                sends += 1;
                let reasons = bound.confirm(touch, now);
                assert!(
                    reasons.is_empty(),
                    "rulebook {number}: {reasons:?}\n{book:#}\n{case:#}"
                );
            }
            // Recorded as scheduled it is not counted against itself.
            let scheduled = recorded(&case, touch, Status::Scheduled);
            let (bound, now) = bind(&engine, &scheduled);
            if decision.outcome() == Outcome::Send {
                let reasons = bound.confirm(touch, now);
                assert!(reasons.is_empty(), "rulebook {number}, scheduled: {reasons:?}");
            }
            // Whatever a host does of it, the next question has an answer.
            if let Some(next) = follow_up(&mut dice, &case, &written(&decision)) {
                let (bound, now) = bind(&engine, &next);
                assert_eq!(bound.decide(now), bound.decide(now));
            }
        }
    }
    assert!(sends > 200, "only {sends} sends");
}

#[test]
fn a_wait_keeps_its_word() {
    // When nothing happens meanwhile, the planned touch of a single campaign is sent when its time has come.
    let instant = |value: &Value| generate::clock::instant(value.as_str().expect("text"));
    let mut waits = 0;
    for (number, _, mut book, cases) in worlds(5_000, 800, 3) {
        let campaigns = book["campaigns"].as_array_mut().expect("campaigns");
        campaigns.truncate(1);
        // One occurrence, and no preference of which the later question would see more or less.
        for name in ["timing", "patience", "repeat", "schedule"] {
            campaigns[0].as_object_mut().expect("a campaign").remove(name);
        }
        let Ok((engine, _)) = Engine::from_document(&document(&book)) else {
            continue;
        };
        for mut case in cases {
            let now = instant(&case["now"]);
            for list in ["/history", "/customer/purchases"] {
                if let Some(list) = case.pointer_mut(list).and_then(Value::as_array_mut) {
                    list.retain(|each| instant(&each["at"]) <= now);
                }
            }
            let (bound, now) = bind(&engine, &case);
            let decision = bound.decide(now);
            let Some(until) = decision.until() else { continue };
            waits += 1;
            let later = bound.decide(until);
            assert_eq!(
                later.outcome(),
                Outcome::Send,
                "rulebook {number}\n{book:#}\n{case:#}\n{decision:?}"
            );
            assert_eq!(later.touch(), decision.touch(), "rulebook {number}");
        }
    }
    assert!(waits > 50, "only {waits} waits");
}

#[test]
fn of_touches_at_one_instant_the_unanswered_ends_no_run() {
    let book = json!({
        "format": 1, "time_zone": "UTC", "unknown_time_zone": "house", "look_ahead": "0s",
        "purposes": ["care"], "channels": {"direct": {"consent": "none"}},
        "policies": [{"id": "p", "rules": [{"id": "r", "then": {"react": {
            "to": "ignored", "after": "1d", "in_a_row": true, "hold": "forever"}}}]}],
        "campaigns": [{"id": "c", "purpose": "care", "value": "service", "channels": ["direct"],
            "variants": [{"id": "v"}]}],
    });
    let engine = engine(&book);
    let at = "2026-11-01T00:00:00Z";
    let ignored = json!({"at": at, "channel": "direct", "purpose": "care"});
    let mut answered = ignored.clone();
    answered["responses"] = json!([{"kind": "replied", "at": at}]);
    for (history, outcome) in [
        (json!([ignored, answered]), Outcome::Refrain),
        (json!([answered, ignored]), Outcome::Refrain),
        (json!([answered]), Outcome::Send),
    ] {
        let case =
            json!({"customer": {"id": "c", "tags": []}, "history": history, "now": "2026-11-21T00:00:00Z"});
        let (bound, now) = bind(&engine, &case);
        assert_eq!(bound.decide(now).outcome(), outcome, "{history}");
    }
}

#[test]
fn one_campaign_is_explained_as_among_all() {
    let mut told = 0;
    for (number, _, book, cases) in worlds(7_000, 120, 2) {
        let engine = engine(&book);
        for case in cases {
            let (bound, now) = bind(&engine, &case);
            let all = written(bound.explain(now));
            for campaign in book["campaigns"].as_array().expect("a list") {
                let id = campaign["id"].as_str().expect("an id");
                let of_all = all.as_array().expect("a list").iter();
                let of_all: Vec<&Value> = of_all.filter(|reason| reason["campaign"] == id).collect();
                told += of_all.len();
                let alone = bound.explain_campaign(now, id).map(written);
                assert_eq!(
                    alone,
                    Some(json!(of_all)),
                    "rulebook {number}, {id}\n{book:#}\n{case:#}"
                );
            }
            assert_eq!(bound.explain_campaign(now, "nobody's"), None);
        }
    }
    assert!(told > 1_000, "{told} reasons");
}

#[test]
fn many_are_decided_as_one_by_one() {
    for (number, _, book, cases) in worlds(8_000, 20, 12) {
        let engine = engine(&book);
        let now = bind(&engine, &cases[0]).1;
        let bound: Vec<Bound> = cases.iter().map(|case| bind(&engine, case).0).collect();
        let one_by_one: Vec<Decision> = bound.iter().map(|bound| bound.decide(now)).collect();
        assert_eq!(Bound::decide_all(&bound, now), one_by_one, "rulebook {number}");
    }
}

// What a bound customer keeps of a question is what no time changes.
#[test]
fn a_bound_customer_answers_at_any_time_as_if_asked_for_the_first_time() {
    for (number, mut dice, book, cases) in worlds(9_000, 150, 2) {
        let engine = engine(&book);
        for case in cases {
            let (kept, now) = bind(&engine, &case);
            // Before what happened, and after.
            for _ in 0..6 {
                let now = now + TimeDelta::minutes(dice.below(400 * 1_440) as i64 - 200 * 1_440);
                let fresh = bind(&engine, &case).0;
                let (again, first) = (written(kept.agenda(now)), written(fresh.agenda(now)));
                assert_eq!(again, first, "rulebook {number} at {now}\n{book:#}\n{case:#}");
            }
        }
    }
}

#[test]
fn a_purchase_is_known_from_its_instant_on() {
    let engine = engine(&json!({
        "format": 1, "time_zone": "UTC", "unknown_time_zone": "house", "look_ahead": "0s",
        "purposes": ["service"], "channels": {"mail": {"consent": "none"}},
        "campaigns": [{"id": "thanks", "purpose": "service", "value": "service", "channels": ["mail"],
                       "audience": {"attribute": "purchases.last_at", "present": true}, "variants": [{"id": "v"}]}]}));
    let (bound, now) = bind(
        &engine,
        &json!({"customer": {"id": "c", "tags": [], "purchases": [{"at": "2026-11-20T12:00:00Z", "amount": 1}]},
                "history": [], "now": "2026-11-20T11:59:59Z"}),
    );
    // One and the same bound customer.
    let outcome = |later: i64| bound.decide(now + TimeDelta::seconds(later)).outcome();
    assert_eq!(
        [0, 1, 0].map(outcome),
        [Outcome::Refrain, Outcome::Send, Outcome::Refrain]
    );
}
