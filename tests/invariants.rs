//! The invariants hold of every scenario, and of the presets.

use std::fs;

use tactful::{
    Duration, Rulebook,
    testing::{Invariant, Invariants},
};

#[test]
fn no_scenario_breaks_an_invariant() {
    let mut checked = 0;
    let mut folders: Vec<_> = ["tests/scenarios", "tests/presets"]
        .iter()
        .flat_map(|root| fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    for folder in folders {
        for path in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if !path
                .file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with("rulebook")
            {
                continue;
            }
            let rulebook: Rulebook = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            let invariants = Invariants::of(&rulebook).unwrap().cases(48);
            for invariant in Invariant::ALL {
                if let Err(broken) = invariants.holds(*invariant) {
                    // A floor of scores keeps it from everyone: that is what the scenario shows.
                    let meant = broken.what().contains("`same-for-all`");
                    assert!(meant, "{}: {broken}", path.display());
                }
                checked += 1;
            }
        }
    }
    assert!(checked > 200, "{checked}");
}

/// Whether somebody starves in a house with one campaign that goes once a year.
fn starves(campaign: serde_json::Value) -> bool {
    let mut leaf = serde_json::json!({"id": "leaf", "purpose": "news", "value": "knowledge", "channels": ["mail"],
        "audience": {"tag": "tea"}, "repeat": {"at_most": 100, "per": "year", "gap": "1d"}, "variants": [{"id": "letter"}]});
    leaf.as_object_mut()
        .unwrap()
        .extend(campaign.as_object().unwrap().clone());
    let rulebook: Rulebook = serde_json::from_value(serde_json::json!({
        "format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d",
        "tags": ["tea"], "purposes": ["news"],
        "channels": {"mail": {"consent": "none"}, "sms": {"consent": "opt_in"}},
        "policies": [{"id": "house", "rules": [{"id": "few", "then": {"cap": {"at_most": 1, "per": "365d"}}}]}],
        "campaigns": [leaf]}))
    .unwrap();
    let invariants = Invariants::of(&rulebook)
        .unwrap()
        .nobody_waits_longer_than(Duration::days(30));
    invariants.holds(Invariant::Starvation).is_err()
}

#[test]
fn who_waits_for_room_starves_whatever_the_schedule_and_the_other_channels() {
    assert!(starves(serde_json::json!({})));
    assert!(starves(
        serde_json::json!({"schedule": {"on": {"from": "09:00", "to": "21:00"}}})
    ));
    assert!(starves(
        serde_json::json!({"schedule": {"between": ["2026-01-01T00:00", "2027-12-31T00:00"]}})
    ));
    assert!(starves(serde_json::json!({"channels": ["mail", "sms"]})));
    // Nobody is kept waiting by a cap for what is over, or for what they did not agree to.
    assert!(!starves(
        serde_json::json!({"schedule": {"between": ["2020-01-01T00:00", "2020-01-02T00:00"]}})
    ));
    assert!(!starves(
        serde_json::json!({"channels": ["sms"], "rules": [{"id": "no", "then": "forbid"}]})
    ));
}
