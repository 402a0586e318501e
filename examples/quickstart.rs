//! A coffee shop and five of its customers: who hears what, when, and why not.
//!
//! ```text
//! cargo run --release --example quickstart [-- --chinese]
//! ```

use std::{env, error::Error};

use tactful::{Engine, Language, Outcome, Status};

/// What the house may say, and when it must not.
const RULEBOOK: &str = include_str!("coffee/rulebook.json");
/// What is true in the world: how warm it is, by city.
const FACTS: &str = include_str!("coffee/facts.json");
/// Five customers, what they were sent before, and the time: one question a line.
const CASES: &str = include_str!("coffee/cases.jsonl");

fn main() -> Result<(), Box<dyn Error>> {
    let language = if env::args().any(|argument| argument == "--chinese") {
        Language::chinese()
    } else {
        Language::english()
    };

    // Once: compile the rulebook and bind the facts. What is wrong with a rulebook is told here, all of it.
    let (engine, warnings) = Engine::from_document(&serde_json::from_str(RULEBOOK)?)?;
    for warning in warnings {
        eprintln!("warning: {warning}");
    }
    let facts = engine.read_facts(&serde_json::from_str(FACTS)?)?;
    let facts = engine.bind_facts(&facts)?;

    for line in CASES.lines() {
        let case = engine.read_case(&serde_json::from_str(line)?)?;
        let zone = case.customer.time_zone.unwrap_or(chrono_tz::Asia::Shanghai);
        let clock = case.now.with_timezone(&zone).format("%H:%M");
        println!("{}, {clock} in {}", case.customer.id, zone.name());

        // Ask, send, record, ask again, until there is nothing more to send now.
        let mut history = case.history;
        loop {
            let decision = engine.bind(&case.customer, &history, &facts)?.decide(case.now);
            for (number, sentence) in decision.sentences(&language, zone).iter().enumerate() {
                println!("  {} {sentence}", if number == 0 { "→" } else { "·" });
            }
            match decision.touch() {
                // Here a house delivers the touch, with its key as the idempotency key.
                Some(touch) if decision.outcome() == Outcome::Send => history.push(touch.entry(Status::Sent)),
                _ => break,
            }
        }
        println!();
    }
    Ok(())
}
