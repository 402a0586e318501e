//! Asking the engine through its public face, on plain JSON.
#![allow(dead_code, unreachable_pub, missing_docs)]

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;
use tactful::{Bound, Case, Document, Engine, InputError, Touch};

pub fn document(value: &Value) -> Document {
    serde_json::from_value(value.clone()).expect("any document can be read")
}

pub fn engine(rulebook: &Value) -> Engine {
    match Engine::from_document(&document(rulebook)) {
        Ok((engine, _)) => engine,
        Err(problems) => panic!("{problems}\n{rulebook:#}"),
    }
}

/// A case as it is read, and bound.
pub fn read(engine: &Engine, case: &Document) -> Result<(Bound, Case), InputError> {
    let case = engine.read_case(case)?;
    let facts = engine.bind_facts(&case.facts)?;
    let bound = engine.bind(&case.customer, &case.history, &facts)?;
    Ok((bound, case))
}

pub fn bind(engine: &Engine, case: &Value) -> (Bound, DateTime<Utc>) {
    match read(engine, &document(case)) {
        Ok((bound, case)) => (bound, case.now),
        Err(error) => panic!("{error}\n{case:#}"),
    }
}

/// Whether both documents are read without complaint.
pub fn valid(rulebook: &Value, case: &Value) -> bool {
    Engine::from_document(&document(rulebook)).is_ok_and(|(engine, _)| read(&engine, &document(case)).is_ok())
}

pub fn written(value: impl Serialize) -> Value {
    serde_json::to_value(value).expect("answers can be written")
}

/// The explanation without the values that conditions read.
pub fn explained(bound: &Bound, now: DateTime<Utc>) -> Value {
    let mut explained = written(bound.explain(now));
    for reason in explained.as_array_mut().expect("a list") {
        reason.as_object_mut().expect("an object").remove("values");
    }
    explained
}

/// The decision, and beside it all reasons of `explain`.
pub fn decided(bound: &Bound, now: DateTime<Utc>) -> Value {
    let mut decision = written(bound.decide(now));
    decision["explained"] = explained(bound, now);
    decision
}

/// Every derived tag; null is unknown.
pub fn tags(bound: &Bound, now: DateTime<Utc>) -> Value {
    bound
        .tags(now)
        .iter()
        .map(|tag| (tag.tag().to_owned(), written(tag.held())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// The reasons of `confirm` against a touch, as written in a decision.
pub fn confirmed(bound: &Bound, touch: &Value, now: DateTime<Utc>) -> Value {
    let touch: Touch = serde_json::from_value(touch.clone()).expect("a touch");
    written(bound.confirm(&touch, now))
}

/// Where two answers differ first, if they do.
pub fn first_difference(path: &str, ours: &Value, theirs: &Value) -> Option<String> {
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) => {
            let names: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            names
                .into_iter()
                .find_map(|name| match (a.get(name), b.get(name)) {
                    (Some(a), Some(b)) => first_difference(&format!("{path}/{name}"), a, b),
                    (a, b) => Some(format!("{path}/{name}:\n  engine    {a:?}\n  reference {b:?}")),
                })
        }
        (Value::Array(a), Value::Array(b)) => {
            let common = a
                .iter()
                .zip(b)
                .enumerate()
                .find_map(|(i, (a, b))| first_difference(&format!("{path}/{i}"), a, b));
            common.or_else(|| {
                (a.len() != b.len()).then(|| {
                    let at = a.len().min(b.len());
                    let (a, b) = (a.get(at), b.get(at));
                    format!("{path}/{at}:\n  engine    {a:?}\n  reference {b:?}")
                })
            })
        }
        (a, b) if a == b => None,
        (a, b) => Some(format!("{path}:\n  engine    {a}\n  reference {b}")),
    }
}

/// A number from the environment.
pub fn setting(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().expect("a whole number"),
        Err(_) => default,
    }
}
