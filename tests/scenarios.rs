//! Runs the case files of `tests/scenarios`, `tests/edges` and `tests/presets`: practices written as rulebooks, with the
//! decisions and the reasons that they are to give. The format is told in `src/guide/cases.md`.

use std::{
    collections::BTreeSet,
    fs,
    io::{Write as _, stdout},
    path::{Path, PathBuf},
};

use tactful::{
    Preset,
    cases::{CaseFile, CaseReport},
};

#[test]
fn every_scenario_decides_as_it_is_written() {
    let report = tactful::assert_case_files!("tests/scenarios");
    let folders = folders("tests/scenarios");
    tell(&report, "scenarios", folders.len());
    for folder in folders {
        let place = folder.display();
        assert!(
            folder.join("README.md").is_file(),
            "{place}: a README.md in plain words is missing"
        );
        let mut cases = 0;
        for (path, file) in case_files(&folder) {
            cases += file.cases().len();
            for case in file.cases() {
                let shown = !case.shows().is_empty();
                assert!(shown, "{}: {}: say what it shows", path.display(), case.name());
            }
        }
        assert!(cases >= 8, "{place}: only {cases} cases");
    }
}

/// Edges at which a rule begins or ends to act, one beside the other.
#[test]
fn every_edge_decides_as_it_is_written() {
    let report = tactful::assert_case_files!("tests/edges");
    tell(&report, "edges", folders("tests/edges").len());
}

#[test]
fn every_preset_decides_as_it_is_written() {
    let report = tactful::assert_case_files!("tests/presets");
    let folders = folders("tests/presets");
    tell(&report, "presets", folders.len());
    let shipped: BTreeSet<_> = Preset::all()
        .iter()
        .map(|preset| preset.id().to_owned())
        .collect();
    for folder in folders {
        // The others are tested by the rows of `boundaries.json`, which `tests/presets.rs` runs.
        let name = folder.file_name().unwrap().to_string_lossy();
        assert!(shipped.contains(&*name), "{name} is not a preset");
    }
}

/// Past the capture of the test's output: the numbers are to be seen.
fn tell(report: &CaseReport, what: &str, folders: usize) {
    let told = format!(
        "{folders} {what}, {} cases, {} failures\n",
        report.cases(),
        report.failures().len()
    );
    stdout().write_all(told.as_bytes()).unwrap();
}

fn folders(root: &str) -> Vec<PathBuf> {
    let mut found = listed(Path::new(root));
    found.retain(|path| path.is_dir());
    found
}

fn case_files(folder: &Path) -> Vec<(PathBuf, CaseFile)> {
    let mut found = listed(folder);
    found.retain(|path| path.file_name().unwrap().to_string_lossy().starts_with("cases."));
    let read = |path: PathBuf| {
        let document = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let file = CaseFile::read(&document).unwrap();
        (path, file)
    };
    found.into_iter().map(read).collect()
}

fn listed(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut found: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}
