//! The invariants hold of every scenario, and of the presets.

use std::fs;

use tactful::{
    Rulebook,
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
