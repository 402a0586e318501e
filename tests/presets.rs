//! Presets in a rulebook: what it must declare, under which names, and what they decide at their boundaries: the rows of
//! `tests/presets/boundaries.json`. The folders beside it tell more of single ones, as scenarios do.

use std::{collections::BTreeMap, fs};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use tactful::{Document, Engine, Outcome, Preset, Reason};

/// A rulebook that declares what a preset needs, and besides a channel, a sender's facts and a campaign of one purpose.
fn rulebook(preset: &Preset, policy: &Value, purpose: &str, channel: &str, content: &str) -> Value {
    let mut channels: Map<String, Value> = Map::new();
    for name in preset.channels().iter().map(String::as_str).chain([channel]) {
        channels.insert(name.to_owned(), json!({"consent": "none"}));
    }
    let mut purposes: Vec<&str> = preset.purposes().iter().map(String::as_str).collect();
    purposes.retain(|name| *name != purpose);
    purposes.push(purpose);
    let facts: Map<String, Value> = preset
        .facts()
        .iter()
        .map(|(name, fact)| {
            (
                name.clone(),
                json!({"type": fact.value_type, "keyed": fact.keyed}),
            )
        })
        .collect();
    json!({
        "format": 1, "time_zone": "UTC", "unknown_time_zone": "house", "look_ahead": "0s",
        "tags": preset.tags(), "attributes": preset.attributes(), "facts": facts,
        "purposes": purposes, "channels": channels, "policies": [policy],
        "campaigns": [{"id": "c", "purpose": purpose, "value": "knowledge", "channels": [channel],
                       "score": {"base": 10}, "variants": [{"id": "v", "content": content}]}]
    })
}

fn policy(preset: &Preset) -> Value {
    let mut policy = json!({"preset": preset.id()});
    if preset.asks_for_holidays() {
        policy["holidays"] = json!(["2026-12-25"]);
    }
    policy
}

/// Path and code of each problem of a rulebook.
fn told(rulebook: &Value) -> Vec<(String, String)> {
    let document: Document = serde_json::from_value(rulebook.clone()).unwrap();
    match Engine::from_document(&document) {
        Ok(_) => Vec::new(),
        Err(problems) => problems
            .iter()
            .map(|problem| (problem.path().to_owned(), problem.code().as_str().to_owned()))
            .collect(),
    }
}

fn problem(path: &str, code: &str) -> Vec<(String, String)> {
    vec![(path.to_owned(), code.to_owned())]
}

fn preset(id: &str) -> &'static Preset {
    Preset::find(id).unwrap_or_else(|| panic!("no preset {id}"))
}

#[test]
fn every_preset_compiles_where_its_names_are_declared_and_needs_each_of_them() {
    for preset in Preset::all() {
        let id = preset.id();
        let whole = rulebook(preset, &policy(preset), "promotion", "other", "tpl");
        assert_eq!(told(&whole), [], "{id}");
        let without = |kind: &str, code: &str, names: Vec<String>| {
            for name in names {
                let mut less = whole.clone();
                match &mut less[kind] {
                    Value::Object(members) => drop(members.remove(&name)),
                    Value::Array(list) => list.retain(|listed| *listed != json!(name)),
                    _ => {}
                }
                assert_eq!(
                    told(&less),
                    problem("/policies/0/preset", code),
                    "{id} without {name}"
                );
            }
        };
        without("channels", "undeclared_channel", preset.channels().to_vec());
        without("tags", "undeclared_tag", preset.tags().to_vec());
        without(
            "attributes",
            "undeclared_attribute",
            preset.attributes().keys().cloned().collect(),
        );
        without(
            "facts",
            "undeclared_fact",
            preset.facts().keys().cloned().collect(),
        );
        // Purposes that it excepts may be missing; then the exception goes.
        let mut fewer = whole.clone();
        fewer["purposes"] = json!(["promotion"]);
        assert_eq!(told(&fewer), [], "{id}");
    }
}

#[test]
fn holidays_are_given_where_they_are_asked_for() {
    let france = preset("fr.sms");
    let with = |policy: Value| told(&rulebook(france, &policy, "promotion", "sms", "tpl"));
    assert_eq!(
        with(json!({"preset": "fr.sms"})),
        problem("/policies/0", "missing_field")
    );
    assert_eq!(with(json!({"preset": "fr.sms", "holidays": []})), []);
    assert_eq!(
        with(json!({"preset": "fr.sms", "holidays": ["2026-02-30"]})),
        problem("/policies/0/holidays/0", "bad_date")
    );
    let tcpa = json!({"preset": "us.tcpa", "holidays": ["2026-12-25"]});
    let told = told(&rulebook(preset("us.tcpa"), &tcpa, "promotion", "sms", "tpl"));
    assert_eq!(told, problem("/policies/0/holidays", "not_allowed"));
}

#[test]
fn a_rulebook_may_have_names_of_its_own() {
    let book = |policy: Value, channel: &str, purpose: &str| {
        told(&json!({
            "format": 1, "time_zone": "Asia/Shanghai", "unknown_time_zone": "house", "look_ahead": "31d",
            "purposes": [purpose], "channels": {channel: {"consent": "none"}}, "policies": [policy], "campaigns": [],
        }))
    };
    let own = json!({"preset": "wecom.daily", "channels": {"direct": "企微"}, "purposes": {"reply": "回复"}});
    assert_eq!(book(own.clone(), "企微", "回复"), []);
    assert_eq!(
        book(own, "企微", "reply"),
        problem("/policies/0/purposes/reply", "undeclared_purpose")
    );
    let group = json!({"preset": "wecom.daily", "channels": {"group": "direct"}});
    assert_eq!(
        book(group, "direct", "reply"),
        problem("/policies/0/channels/group", "bad_value")
    );
    let misspelled = json!({"preset": "wecom.dayly"});
    assert_eq!(
        book(misspelled, "direct", "reply"),
        problem("/policies/0/preset", "unknown_preset")
    );
}

/// The history of a row: its touches, those that are spread evenly over a time, and one that was answered.
fn history(row: &Value, channel: &str) -> Vec<Value> {
    let sender = row
        .get("by")
        .or(row.get("sender"))
        .cloned()
        .unwrap_or(Value::Null);
    let entry = |at: &Value| json!({"at": at, "channel": channel, "purpose": "promotion", "sender": sender, "content": "tpl"});
    let mut entries: Vec<Value> = row["touches"]
        .as_array()
        .into_iter()
        .flatten()
        .map(entry)
        .collect();
    if let Some(spread) = row.get("spread") {
        let at = |name: &str| spread[name].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
        let (from, to, count) = (at("from"), at("to"), spread["count"].as_i64().unwrap() as i32);
        entries.extend(
            (0..count).map(|number| entry(&json!((from + (to - from) * number / (count - 1)).to_rfc3339()))),
        );
    }
    if let Some(answered) = row.get("answered") {
        let mut entry = entry(&answered["at"]);
        entry["responses"] = json!([{"kind": answered["kind"], "at": answered["when"]}]);
        entries.push(entry);
    }
    entries
}

#[test]
fn every_preset_decides_as_its_source_says_at_its_boundaries() {
    let text = fs::read_to_string("tests/presets/boundaries.json").unwrap();
    let tables: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut refusing: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for table in &tables {
        let preset = preset(table["preset"].as_str().unwrap());
        for row in table["rows"].as_array().unwrap() {
            let place = format!("{} {row}", preset.id());
            let known = [
                "now",
                "refused",
                "purpose",
                "channel",
                "content",
                "tags",
                "attributes",
                "facts",
                "touches",
                "spread",
                "answered",
                "sender",
                "by",
            ];
            assert!(
                row.as_object()
                    .unwrap()
                    .keys()
                    .all(|name| known.contains(&name.as_str())),
                "{place}"
            );
            let text = |name: &str| row.get(name).and_then(Value::as_str);
            let first = preset.channels().first().map_or("direct", String::as_str);
            let channel = text("channel").unwrap_or(first);
            let content = text("content").unwrap_or("tpl");
            let book = rulebook(
                preset,
                &policy(preset),
                text("purpose").unwrap_or("promotion"),
                channel,
                content,
            );
            let (engine, _) = Engine::from_document(&serde_json::from_value(book).unwrap()).expect(&place);
            let mut customer = json!({"id": "c", "tags": row.get("tags").cloned().unwrap_or(json!([])),
                "attributes": row.get("attributes").cloned().unwrap_or(json!({})),
                "senders": text("sender").into_iter().collect::<Vec<_>>()});
            if let Some(zone) = table.get("zone") {
                customer["time_zone"] = zone.clone();
            }
            let case = json!({"customer": customer, "history": history(row, channel), "now": row["now"],
                "facts": row.get("facts").cloned().unwrap_or(json!({}))});
            let case = engine
                .read_case(&serde_json::from_value(case).unwrap())
                .expect(&place);
            let facts = engine.bind_facts(&case.facts).unwrap();
            let decision = engine
                .bind(&case.customer, &case.history, &facts)
                .unwrap()
                .decide(case.now);
            let found: BTreeMap<&str, Option<DateTime<Utc>>> = decision
                .reasons()
                .iter()
                .map(|reason: &Reason| (reason.rule().unwrap(), reason.frees_at()))
                .collect();
            let expected = row["refused"].as_object().into_iter().flatten();
            let expected: BTreeMap<String, Option<DateTime<Utc>>> = expected
                .map(|(rule, frees)| {
                    (
                        format!("{}/{rule}", preset.id()),
                        frees.as_str().map(|at| at.parse().unwrap()),
                    )
                })
                .collect();
            let same = found
                .iter()
                .map(|(rule, at)| ((*rule).to_owned(), *at))
                .collect::<BTreeMap<_, _>>();
            assert_eq!(same, expected, "{place}");
            let outcome = if expected.is_empty() {
                Outcome::Send
            } else {
                Outcome::Refrain
            };
            assert_eq!(decision.outcome(), outcome, "{place}");
            refusing
                .entry(preset.id().to_owned())
                .or_default()
                .extend(expected.into_keys());
        }
    }
    // Each rule of each preset refuses somewhere, in the table or in a folder of its own.
    for preset in Preset::all() {
        if fs::exists(format!("tests/presets/{}", preset.id())).unwrap() {
            continue;
        }
        let seen = refusing.get(preset.id()).cloned().unwrap_or_default();
        for rule in preset.policy().rules {
            let address = format!("{}/{}", preset.id(), rule.id);
            assert!(seen.contains(&address), "{address} refuses in no row");
        }
    }
}

// The guide tells of every preset what its file tells.
#[test]
fn the_guide_has_every_preset_with_its_numbers_and_sources() {
    let page = fs::read_to_string("src/guide/presets.md").unwrap();
    for preset in Preset::all() {
        let id = preset.id();
        let heading = format!("\n## {id}\n");
        let section = page
            .split(&heading)
            .nth(1)
            .and_then(|rest| rest.split("\n## ").next());
        let section = section.unwrap_or_else(|| panic!("no section of {id}"));
        let row = page.lines().find(|line| line.starts_with(&format!("| [`{id}`]")));
        let row = row.unwrap_or_else(|| panic!("no row of {id}"));
        assert!(
            row.contains(preset.summary()) && section.contains(preset.summary()),
            "{id}"
        );
        if let Some(source) = preset.source() {
            assert!(row.contains(source.name()), "{id}: {}", source.name());
            assert!(
                source
                    .address()
                    .is_none_or(|address| row.contains(&format!("({address})"))),
                "{id}"
            );
            assert!(
                source.date().is_none_or(|date| row.contains(&date.to_string())),
                "{id}"
            );
            assert!(
                row.ends_with(&format!(" {} |", source.confidence().letter())),
                "{id}"
            );
        }
        let version = format!(
            "Version {}, valid from {}.",
            preset.version(),
            preset.valid_from()
        );
        assert!(section.contains(&version), "{id}");
        for sentence in preset.leaves_out() {
            assert!(section.contains(&format!("- {sentence}")), "{id}: {sentence}");
        }
        // The rules as they are written in the file, and no others.
        let file = fs::read_to_string(format!("src/presets/data/{id}.json")).unwrap();
        let file: Value = serde_json::from_str(&file).unwrap();
        let shown = section
            .split("```text\n")
            .nth(1)
            .and_then(|rest| rest.split("\n```").next())
            .unwrap();
        let shown: Vec<Value> = shown
            .lines()
            .map(|rule| serde_json::from_str(rule).unwrap())
            .collect();
        assert_eq!(json!(shown), file["rules"], "{id}");
        let names = preset
            .channels()
            .iter()
            .chain(preset.tags())
            .chain(preset.attributes().keys())
            .chain(preset.facts().keys());
        for name in names {
            assert!(section.contains(&format!("`{name}`")), "{id}: {name}");
        }
    }
}
