//! The engine and the reference evaluator say the same: decisions, explanations, agendas, confirmations, derived tags.
//!
//! The rulebooks follow from their numbers alone. `TACTFUL_RULEBOOKS` asks for more of them, `TACTFUL_FIRST` for others.

mod generate;
mod harness;
mod reference;

use generate::{Dice, census::Census, clock, shrink};
use harness::{bind, confirmed, decided, document, engine, first_difference, setting, tags, valid, written};
use serde_json::{Value, json};
use std::panic::{AssertUnwindSafe, catch_unwind};
use tactful::Engine;

const RULEBOOKS: u64 = 1_200;
const CASES: usize = 3;

/// Where engine and reference part on a rulebook and a case, if they do; and the decision.
fn compare(engine: &Engine, book: &Value, case: &Value, seed: u64) -> Result<Value, String> {
    let (bound, now) = bind(engine, case);
    // What a bound customer keeps of other questions changes none.
    let mut other = Dice::seeded(seed ^ 0x0DD);
    for _ in 0..2 {
        let days = other.weighted(&[(4, 1), (4, 10), (2, 300)]);
        let later = chrono::TimeDelta::hours(24 * days * if other.chance(50) { 1 } else { -1 });
        if let Some(at) = now.checked_add_signed(later) {
            bound.decide(at);
        }
    }
    let agree = |what: &str, ours: &Value, theirs: &Value| match first_difference("", ours, theirs) {
        Some(difference) => Err(format!("{what} {difference}")),
        None => Ok(()),
    };
    let decision = decided(&bound, now);
    agree("decide", &decision, &reference::decide_explained(book, case))?;
    agree("tags", &tags(&bound, now), &reference::tags(book, case))?;
    let agenda = written(bound.agenda(now));
    agree("agenda", &agenda, &reference::agenda(book, case))?;
    let mut unexplained = agenda.clone();
    unexplained["reasons"] = Value::Array(Vec::new());
    agree("planned", &written(bound.planned(now)), &unexplained)?;
    let mut dice = Dice::seeded(seed ^ 0x00C0_FFEE);
    for (case, touch) in deliveries(&mut dice, case, &agenda) {
        let (bound, now) = bind(engine, &case);
        let theirs = reference::confirm(book, &case, &touch);
        agree("confirm", &confirmed(&bound, &touch, now), &theirs)
            .map_err(|difference| format!("{difference}\nof {touch:#}\nin {case:#}"))?;
    }
    Ok(decision)
}

/// Deliveries of planned touches: each touch with the case at its delivery, in which it and others of the agenda are
/// recorded, at its instant or somewhat later, now and then after the world has changed.
fn deliveries(dice: &mut Dice, case: &Value, agenda: &Value) -> Vec<(Value, Value)> {
    let planned: Vec<&Value> = agenda["touches"].as_array().into_iter().flatten().collect();
    let held_out = agenda["held_out"].as_array().into_iter().flatten();
    let held_out: Vec<&Value> = held_out.map(|held| &held["touch"]).collect();
    let mut found = Vec::new();
    for _ in 0..2 {
        let Some(&touch) = planned.get(dice.below(planned.len())) else {
            break;
        };
        let mut touch = touch.clone();
        let mut next = case.clone();
        let history = next["history"].as_array_mut().expect("a history");
        if !dice.chance(15) {
            history.push(entry(&touch, "scheduled"));
        }
        for other in &planned {
            if other["key"] != touch["key"] && dice.chance(60) {
                let status =
                    dice.weighted(&[(60, "scheduled"), (20, "sent"), (10, "cancelled"), (10, "failed")]);
                history.push(entry(other, status));
            }
        }
        for other in &held_out {
            if dice.chance(50) {
                history.push(entry(other, "held_out"));
            }
        }
        let at = clock::instant(touch["at"].as_str().expect("an instant")).expect("an instant");
        if dice.chance(25) {
            // another touch of the same campaign, or of nobody's, at the very instant
            let mut other = entry(&touch, dice.weighted(&[(70, "scheduled"), (30, "sent")]));
            match dice.below(3) {
                0 => other["key"] = Value::Null,
                1 => other["key"] = json!("00000000000000000000000000000000"),
                _ => other["key"] = json!("ffffffffffffffffffffffffffffffff"),
            }
            if dice.chance(50) {
                other["campaign"] = Value::Null;
                other["occurrence"] = Value::Null;
            }
            history.push(other);
        }
        let later = dice.weighted(&[
            (50, 0),
            (10, clock::SECOND),
            (10, clock::HOUR),
            (10, clock::DAY),
            (10, 30 * clock::DAY),
            (5, -clock::HOUR),
            (5, 500 * clock::DAY),
        ]);
        next["now"] = json!(clock::write(dice, at + later));
        match dice.below(20) {
            0 => touch["content"] = json!("another"),
            1 => touch["variant"] = json!("another"),
            2 => touch["arm"] = json!("another"),
            3 => touch["channel"] = json!("another"),
            4 => touch["sender"] = json!("another"),
            5 => touch["occurrence"] = json!("another"),
            6 => touch["campaign"] = json!("another"),
            7 => next["customer"]["attributes"] = json!({}),
            8 => next["facts"] = json!({}),
            9 => next["customer"]["tags"] = json!([]),
            _ => {}
        }
        found.push((next, touch));
    }
    found
}

/// The entry of a history that records a touch.
fn entry(touch: &Value, status: &str) -> Value {
    let mut entry = json!({"status": status});
    for name in [
        "at",
        "channel",
        "campaign",
        "purpose",
        "occurrence",
        "sender",
        "content",
        "key",
    ] {
        entry[name] = touch[name].clone();
    }
    entry
}

/// A panic is a difference too.
fn compared(book: &Value, case: &Value, seed: u64) -> Result<Value, String> {
    let engine = engine(book);
    catch_unwind(AssertUnwindSafe(|| compare(&engine, book, case, seed))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(format!("a panic: {}", text.unwrap_or_default()))
    })
}

/// Reduces a failing pair and tells it.
fn tell(book: &Value, case: &Value, seed: u64, difference: &str) -> String {
    let fails = |book: &Value, case: &Value| valid(book, case) && compared(book, case, seed).is_err();
    let (book, case) = shrink::smallest(book, case, 4_000, fails);
    let reduced = compared(&book, &case, seed).err();
    format!(
        "{}\nof the rulebook\n{book:#}\nand the case\n{case:#}",
        reduced.as_deref().unwrap_or(difference)
    )
}

/// All cases of the rulebooks whose numbers leave `of` this rest; the first failure, told.
fn agreement(numbers: std::ops::Range<u64>, rest: u64, of: u64) -> Result<Census, String> {
    let mut census = Census::default();
    for number in numbers.filter(|number| number % of == rest) {
        let mut dice = Dice::seeded(number);
        let book = generate::rulebook(&mut dice);
        for _ in 0..CASES {
            let mut case = generate::case(&mut dice, &book);
            // what comes of it: the touch is recorded, and the question asked again
            for _ in 0..2 {
                let seed = number;
                let decision = compared(&book, &case, seed).map_err(|difference| {
                    format!("rulebook {number}: {}", tell(&book, &case, seed, &difference))
                })?;
                census.add(&book, &case, &decision);
                match generate::follow_up(&mut dice, &case, &decision) {
                    Some(next) if dice.chance(30) => case = next,
                    _ => break,
                }
            }
        }
    }
    Ok(census)
}

#[test]
fn engine_and_reference_agree() {
    let first = setting("TACTFUL_FIRST", 0);
    let numbers = first..first + setting("TACTFUL_RULEBOOKS", RULEBOOKS);
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let found: Vec<Result<Census, String>> = std::thread::scope(|scope| {
        let numbers = &numbers;
        let running: Vec<_> = (0..threads)
            .map(|rest| scope.spawn(move || agreement(numbers.clone(), rest, threads)))
            .collect();
        running
            .into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .collect()
    });
    let mut census = Census::default();
    for found in found {
        match found {
            Ok(part) => census.join(&part),
            Err(difference) => panic!("{difference}"),
        }
    }
    println!("{}", census.table());
    census.assert_healthy();
}

#[test]
fn the_engine_reads_what_it_is_given_whatever_the_order_of_members() {
    let mut dice = Dice::seeded(7);
    let book = generate::rulebook(&mut dice);
    let text = generate::permute::text(&mut dice, &book);
    let other: tactful::Document = serde_json::from_str(&text).expect("a document");
    assert!(Engine::from_document(&other).is_ok());
    assert!(Engine::from_document(&document(&book)).is_ok());
}
