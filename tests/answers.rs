//! What the methods of an answer return is what its JSON says.

mod generate;
mod harness;

use chrono::{DateTime, SecondsFormat, Utc};
use generate::Dice;
use harness::{bind, document, engine, read, written};
use serde_json::{Value, json};
use tactful::{Engine, HeldOut, Key, ReadValue, Reason, Status, Touch};

const RULEBOOKS: u64 = 300;

/// Without members that say nothing, which JSON may leave out.
fn plain(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| (name, plain(value)))
            .filter(|(_, value)| {
                !(value.is_null() || *value == json!([]) || *value == json!({}) || *value == json!(""))
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(plain).collect(),
        value => value,
    }
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

fn of_touch(touch: &Touch) -> Value {
    json!({
        "key": touch.key(), "campaign": touch.campaign(), "occurrence": touch.occurrence(), "channel": touch.channel(),
        "sender": touch.sender(), "variant": touch.variant(), "arm": touch.arm(), "content": touch.content(),
        "fields": touch.fields(), "style": touch.style(), "purpose": touch.purpose(), "value": touch.value(),
        "score": touch.score(), "at": instant(touch.at()),
    })
}

fn of_reason(reason: &Reason) -> Value {
    json!({
        "campaign": reason.campaign(), "occurrence": reason.occurrence(), "channel": reason.channel(),
        "sender": reason.sender(), "code": reason.code(), "rule": reason.rule(), "frees_at": reason.frees_at().map(instant),
        "missing": reason.missing(), "detail": reason.detail(),
    })
}

fn of_held_out(held: &HeldOut) -> Value {
    json!({"touch": of_touch(held.touch()), "rules": held.rules()})
}

fn list<T>(items: &[T], of: fn(&T) -> Value) -> Value {
    items.iter().map(of).collect()
}

#[test]
fn methods_say_what_the_json_says() {
    let (mut touches, mut held_out, mut observed, mut values, mut unknown) = (0, 0, 0, 0, 0);
    for number in 0..RULEBOOKS {
        let mut dice = Dice::seeded(number);
        let book = generate::rulebook(&mut dice);
        let engine = engine(&book);
        let case = generate::case(&mut dice, &book);
        let (bound, now) = bind(&engine, &case);
        assert_eq!(bound.customer(), case["customer"]["id"].as_str().unwrap());
        assert_eq!(bound.engine().fingerprint(), engine.fingerprint());

        let decision = bound.decide(now);
        let said = json!({
            "customer": decision.customer(), "outcome": decision.outcome(), "touch": decision.touch().map(of_touch),
            "until": decision.until().map(instant), "recheck_at": decision.recheck_at().map(instant),
            "held_out": list(decision.held_out(), of_held_out), "observed": list(decision.observed(), of_reason),
            "reasons": list(decision.reasons(), of_reason),
        });
        assert_eq!(plain(said), plain(written(&decision)));
        observed += decision.observed().len();

        let agenda = bound.agenda(now);
        let said = json!({
            "customer": agenda.customer(), "touches": list(agenda.touches(), of_touch),
            "held_out": list(agenda.held_out(), of_held_out), "reasons": list(agenda.reasons(), of_reason),
        });
        assert_eq!(plain(said), plain(written(&agenda)));
        held_out += agenda.held_out().len();

        for touch in agenda.touches() {
            let entry = written(touch.entry(Status::Scheduled));
            for (name, value) in entry.as_object().unwrap() {
                match name.as_str() {
                    "status" => assert_eq!(value, "scheduled"),
                    name => assert_eq!(*value, of_touch(touch)[name], "{name} of {entry}"),
                }
            }
            assert_eq!(format!("{:032x}", touch.key().as_u128()), of_touch(touch)["key"]);
            touches += 1;
        }

        let of_value =
            |value: &ReadValue| json!({"name": value.name(), "of": value.of(), "value": value.value()});
        for tag in bound.tags(now) {
            let values = list(tag.values(), of_value);
            let said =
                json!({"tag": tag.tag(), "held": tag.held(), "missing": tag.missing(), "values": values});
            assert_eq!(plain(said), plain(written(&tag)));
            unknown += usize::from(!tag.missing().is_empty());
        }

        let explanation = bound.explain(now);
        for (reason, json) in explanation
            .reasons()
            .iter()
            .zip(written(&explanation).as_array().unwrap())
        {
            let mut said = of_reason(reason.reason());
            said["values"] = list(reason.values(), of_value);
            assert_eq!(plain(said), plain(json.clone()));
            values += reason.values().len();
        }
    }
    assert!(
        touches > 100 && held_out > 5 && observed > 3 && values > 100 && unknown > 5,
        "{touches} {held_out} {observed} {values}"
    );
}

#[test]
fn facts_are_read_alone_as_they_are_read_with_a_case() {
    let mut some = 0;
    for number in 0..RULEBOOKS {
        let mut dice = Dice::seeded(number);
        let book = generate::rulebook(&mut dice);
        let engine = engine(&book);
        let case = generate::case(&mut dice, &book);
        let (_, whole) = read(&engine, &document(&case)).unwrap();
        let facts = case.get("facts").cloned().unwrap_or(json!({}));
        assert_eq!(engine.read_facts(&document(&facts)).unwrap(), whole.facts);
        some += usize::from(facts != json!({}));
    }
    assert!(some > 20);
}

#[test]
fn what_is_printed_for_debugging_says_what_it_is_and_no_more_than_a_line() {
    let book = generate::rulebook(&mut Dice::seeded(1));
    let engine = engine(&book);
    let case = generate::case(&mut Dice::seeded(2), &book);
    let (bound, _) = bind(&engine, &case);
    let facts = engine.bind_facts(&tactful::Facts::new()).unwrap();
    for (printed, name) in [
        (format!("{engine:?}"), "Engine"),
        (format!("{bound:?}"), "Bound"),
        (format!("{facts:?}"), "BoundFacts"),
    ] {
        assert!(printed.starts_with(name) && printed.len() < 300, "{printed}");
    }
}

#[test]
fn the_time_zone_database_has_a_name() {
    assert_eq!(Engine::time_zone_database(), chrono_tz::IANA_TZDB_VERSION);
    assert!(!Engine::time_zone_database().is_empty());
}

#[test]
fn a_key_is_written_in_one_way() {
    let read = |text: &str| serde_json::from_value::<Key>(json!(text)).ok();
    let key = read("00000000000000000000000000abcdef").expect("a key");
    assert_eq!(key.as_u128(), 0xab_cdef);
    for other in [
        "",
        "abcdef",
        "0000000000000000000000000abcdef",
        "000000000000000000000000000abcdef",
        "00000000000000000000000000ABCDEF",
        "+0000000000000000000000000abcdef",
        "0000000000000000000000000000000g",
    ] {
        assert_eq!(read(other), None, "{other}");
    }
}
