//! Presets in a rulebook: what it must declare, and under which names. What they decide is in `tests/presets/`.

use serde_json::{Value, json};
use tactful::{Document, Engine, Preset};

/// What compiling a rulebook with this policy tells: path and code of each problem.
fn told(channels: &[&str], purposes: &[&str], tags: &[&str], policy: Value) -> Vec<(String, String)> {
    let channels: serde_json::Map<_, _> = channels
        .iter()
        .map(|name| ((*name).to_owned(), json!({"consent": "none"})))
        .collect();
    let rulebook = json!({
        "format": 1, "time_zone": "Asia/Shanghai", "unknown_time_zone": "house", "look_ahead": "31d",
        "tags": tags, "purposes": purposes, "channels": channels, "policies": [policy], "campaigns": [],
    });
    let document: Document = serde_json::from_value(rulebook).unwrap();
    match Engine::from_document(&document) {
        Ok((_, warnings)) => {
            assert!(warnings.is_empty(), "{warnings:?}");
            Vec::new()
        }
        Err(problems) => problems
            .iter()
            .map(|problem| (problem.path().to_owned(), problem.code().as_str().to_owned()))
            .collect(),
    }
}

fn problem(path: &str, code: &str) -> (String, String) {
    (path.to_owned(), code.to_owned())
}

#[test]
fn every_preset_compiles_where_its_names_are_declared() {
    for preset in Preset::all() {
        let policy = json!({"preset": preset.id()});
        assert_eq!(
            told(preset.channels(), preset.purposes(), preset.tags(), policy),
            [],
            "{}",
            preset.id()
        );
    }
}

#[test]
fn every_preset_compiles_without_the_purposes_that_it_excepts() {
    for preset in Preset::all() {
        let policy = json!({"preset": preset.id()});
        assert_eq!(
            told(preset.channels(), &[], preset.tags(), policy),
            [],
            "{}",
            preset.id()
        );
    }
}

#[test]
fn a_channel_in_a_scope_must_be_declared() {
    for id in ["wecom.daily", "wecom.weekly", "wecom.monthly", "wecom.moments"] {
        let found = told(&["sms"], &["reply"], &[], json!({"preset": id}));
        assert_eq!(
            found,
            [problem("/policies/0/preset", "undeclared_channel")],
            "{id}"
        );
    }
}

#[test]
fn a_tag_must_be_declared() {
    let found = told(&["direct"], &["reply", "service"], &[], json!({"preset": "calm"}));
    assert_eq!(found, [problem("/policies/0/preset", "undeclared_tag")]);
}

#[test]
fn a_rulebook_may_have_names_of_its_own() {
    let policy =
        json!({"preset": "wecom.daily", "channels": {"direct": "企微"}, "purposes": {"reply": "回复"}});
    assert_eq!(told(&["企微"], &["回复"], &[], policy.clone()), []);
    assert_eq!(
        told(&["企微"], &["reply"], &[], policy),
        [problem("/policies/0/purposes/reply", "undeclared_purpose")]
    );
    let policy = json!({"preset": "wecom.daily", "channels": {"group": "direct"}});
    assert_eq!(
        told(&["direct"], &["reply"], &[], policy),
        [problem("/policies/0/channels/group", "bad_value")]
    );
}

#[test]
fn an_id_that_is_no_presets() {
    let found = told(&["direct"], &[], &[], json!({"preset": "wecom.dayly"}));
    assert_eq!(found, [problem("/policies/0/preset", "unknown_preset")]);
}
