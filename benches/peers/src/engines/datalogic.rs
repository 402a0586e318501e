//! `datalogic-rs`: one compiled JSONLogic a campaign, over a document that is parsed once.

use chrono::{DateTime, Utc};
use datalogic_rs::{Engine, Logic, ParsedData, Session};
use serde_json::{Value, json};

use super::{Plain, document, plain};
use crate::workload::{Person, Spec};

pub(crate) struct Rules {
    pub(crate) engine: Engine,
    rules: Vec<Logic>,
}

pub(crate) fn compile(ranked: &[Spec]) -> Rules {
    let engine = Engine::new();
    let rule = |spec: &Spec| {
        let tests: Vec<Value> = spec.audience.iter().map(|&test| say(plain(test))).collect();
        engine
            .compile(json!({ "and": tests }).to_string().as_str())
            .expect("a rule")
    };
    let rules = ranked.iter().map(rule).collect();
    Rules { engine, rules }
}

fn say(test: Plain) -> Value {
    match test {
        Plain::Tag(tag) => json!({ "in": [tag, { "var": "tags" }] }),
        Plain::NoTag(tag) => json!({ "!": { "in": [tag, { "var": "tags" }] } }),
        Plain::AtLeast(name, number) => json!({ ">=": [{ "var": name }, number] }),
        Plain::Below(name, number) => json!({ "<": [{ "var": name }, number] }),
        Plain::Vip => json!({ "var": "vip" }),
        Plain::City(city) => json!({ "===": [{ "var": "city" }, city] }),
        Plain::Cities(a, b) => json!({ "in": [{ "var": "city" }, [a, b]] }),
    }
}

pub(crate) fn read(person: &Person, now: DateTime<Utc>) -> ParsedData {
    let mut document = document(person, now);
    document["tags"] = person.tags.clone().into();
    ParsedData::from_json(&document.to_string()).expect("JSON")
}

impl Rules {
    pub(crate) fn first(&self, session: &mut Session<'_>, person: &ParsedData) -> Option<usize> {
        session.reset();
        self.rules.iter().position(|rule| holds(session, rule, person))
    }

    /// Whether the audience of a rank is true.
    pub(crate) fn matches(&self, session: &mut Session<'_>, person: &ParsedData, rank: usize) -> bool {
        holds(session, &self.rules[rank], person)
    }

    pub(crate) fn all(&self, session: &mut Session<'_>, person: &ParsedData) -> Vec<usize> {
        session.reset();
        let mut all = Vec::new();
        for (rank, rule) in self.rules.iter().enumerate() {
            if holds(session, rule, person) {
                all.push(rank);
            }
        }
        all
    }
}

fn holds(session: &mut Session<'_>, rule: &Logic, person: &ParsedData) -> bool {
    let value = session
        .eval_borrowed(rule, person)
        .expect("all that is read is there");
    value.as_bool() == Some(true)
}
