// What the guides' code shares, included by their doctests and by tests/guides.rs: the rulebooks that the pages show, and
// what is put into them.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::Value;
use tactful::{Customer, Decision, Engine, Facts, HistoryEntry};

const TOUR: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/tour.md"));
const COOKBOOK: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/cookbook.md"));

/// The JSON blocks of a page: the kind and the text of each.
fn blocks(page: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    page.split("\n```json ").skip(1).map(|rest| {
        let (kind, text) = rest.split_once('\n').expect("a kind");
        (kind, text.split("\n```").next().expect("an end"))
    })
}

/// Puts a part into a whole: the members of an object one by one, the entries of a list behind those that are there,
/// anything else in place of what is there.
pub(crate) fn put(whole: &mut Value, part: Value) {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            for (name, value) in part {
                put(whole.entry(name).or_insert(Value::Null), value);
            }
        }
        (Value::Array(whole), Value::Array(part)) => whole.extend(part),
        (whole, part) => *whole = part,
    }
}

/// The tour's shop with its first `parts` parts.
pub(crate) fn tour_rulebook(parts: usize) -> Value {
    let mut whole = Value::Null;
    let mut put_in = 0;
    for (_, text) in blocks(TOUR).take(parts + 1) {
        put(&mut whole, serde_json::from_str(text).expect("JSON"));
        put_in += 1;
    }
    assert_eq!(put_in, parts + 1, "the tour has not so many parts");
    whole
}

pub(crate) fn tour(parts: usize) -> Engine {
    compile(&tour_rulebook(parts))
}

fn compile(book: &Value) -> Engine {
    let document = serde_json::from_value(book.clone()).expect("a document");
    let (engine, _warnings) = Engine::from_document(&document).expect("a rulebook without problems");
    engine
}

/// A house of the cookbook, in a world.
pub(crate) struct House {
    engine: Engine,
    facts: Facts,
}

/// The cookbook's house with this part. A part without campaigns gets the campaign `news`, for anybody, on all channels.
pub(crate) fn house(part: &str) -> House {
    let (_, text) = blocks(COOKBOOK).next().expect("the house");
    let mut book: Value = serde_json::from_str(text).expect("JSON");
    let part: Value = serde_json::from_str(part).expect("JSON");
    if part.get("campaigns").is_none() {
        let news = r#"[{"id": "news", "purpose": "news", "value": "knowledge", "channels": ["mail", "direct"],
                        "variants": [{"id": "letter", "content": "tpl-news"}]}]"#;
        book["campaigns"] = serde_json::from_str(news).expect("JSON");
    }
    put(&mut book, part);
    House {
        engine: compile(&book),
        facts: Facts::new(),
    }
}

impl House {
    pub(crate) fn facts(mut self, facts: Facts) -> Self {
        self.facts = facts;
        self
    }

    pub(crate) fn decide(&self, customer: &Customer, history: &[HistoryEntry], now: &str) -> Decision {
        let world = self.engine.bind_facts(&self.facts).expect("facts");
        let bound = self.engine.bind(customer, history, &world).expect("a customer");
        bound.decide(at(now))
    }
}

/// An instant; without an offset, by the clock of Berlin.
pub(crate) fn at(instant: &str) -> DateTime<Utc> {
    if let Ok(local) = NaiveDateTime::parse_from_str(instant, "%Y-%m-%dT%H:%M") {
        let berlin = local.and_local_timezone(chrono_tz::Europe::Berlin);
        return berlin.single().expect("a time that is there once").to_utc();
    }
    instant.parse().expect("an instant")
}

/// A touch that was sent.
pub(crate) fn sent(instant: &str, channel: &str, purpose: &str) -> HistoryEntry {
    HistoryEntry::new(at(instant), channel, purpose)
}

/// The campaign that is sent or planned.
pub(crate) fn campaign(decision: &Decision) -> &str {
    decision.touch().map_or("nothing", |touch| touch.campaign())
}

/// The content that is sent or planned.
pub(crate) fn content(decision: &Decision) -> &str {
    decision
        .touch()
        .and_then(|touch| touch.content())
        .unwrap_or("nothing")
}

/// The rules that refuse, and the gates without a rule.
pub(crate) fn against(decision: &Decision) -> Vec<&str> {
    let reasons = decision.reasons().iter();
    reasons
        .map(|reason| reason.rule().unwrap_or(reason.code().as_str()))
        .collect()
}
