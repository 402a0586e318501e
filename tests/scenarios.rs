//! Runs the case files of `tests/scenarios` and `tests/presets`: practices written as rulebooks, with the decisions and
//! the reasons that they are to give. The format is described in `tests/scenarios/README.md`.

mod case_files;

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{Write as _, stdout},
    path::{Path, PathBuf},
};

use case_files::{Case, CaseFile, case_files, differences, folders, list, only, with};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tactful::{Bound, Decision, Document, Engine, Preset};

fn root(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

#[test]
fn every_scenario_decides_as_it_is_written() {
    run(&root("scenarios"), "scenarios", |folder, cases| {
        assert!(
            folder.join("README.md").is_file(),
            "{}: a README.md in plain words is missing",
            folder.display()
        );
        assert!(cases >= 8, "{}: only {cases} cases", folder.display());
    });
}

#[test]
fn every_preset_decides_as_it_is_written() {
    let mut tested = BTreeSet::new();
    run(&root("presets"), "presets", |folder, _| {
        tested.insert(
            folder
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
        );
    });
    let shipped: BTreeSet<_> = Preset::all()
        .iter()
        .map(|preset| preset.id().to_owned())
        .collect();
    // The others are tested by the rows of `boundaries.json`, which `tests/presets.rs` runs.
    assert!(tested.is_subset(&shipped), "{tested:?} are presets");
}

fn run(root: &Path, what: &str, mut checked: impl FnMut(&Path, usize)) {
    let (mut ran, mut failed) = (0, Vec::new());
    let folders = folders(root);
    for folder in &folders {
        let files = case_files(folder);
        let cases = files.iter().map(|file| file.cases.len()).sum();
        checked(folder, cases);
        ran += cases;
        failed.extend(files.iter().flat_map(run_file));
    }
    // Past the capture of the test's output: the numbers are to be seen.
    let told = format!("{} {what}, {ran} cases, {} failures", folders.len(), failed.len());
    stdout().write_all(format!("{told}\n").as_bytes()).unwrap();
    assert!(
        failed.is_empty(),
        "{} failures in {ran} cases\n\n{}",
        failed.len(),
        failed.join("\n")
    );
}

/// The failures of a file, each as a text to read.
fn run_file(file: &CaseFile) -> Vec<String> {
    let place = file.path.display();
    let (engine, warnings) = match Engine::from_document(&document(&file.rulebook)) {
        Ok(compiled) => compiled,
        Err(problems) => return vec![format!("{place}: the rulebook does not compile\n{problems}\n")],
    };
    let mut failed = Vec::new();
    let given: BTreeSet<_> = warnings
        .iter()
        .map(|warning| {
            (
                warning.path().to_owned(),
                warning.code().as_str().to_owned(),
                warning.sentence().to_owned(),
            )
        })
        .collect();
    let written: BTreeSet<_> = file
        .warnings
        .iter()
        .map(|warning| {
            (
                warning["path"].as_str().unwrap_or_default(),
                warning["code"].as_str().unwrap_or_default(),
            )
        })
        .collect();
    for (path, code, sentence) in &given {
        if !written.contains(&(path.as_str(), code.as_str())) {
            failed.push(format!(
                "{place}: a warning that the file does not explain\n  {path}: {code}: {sentence}\n"
            ));
        }
    }
    for (path, code) in &written {
        if !given.iter().any(|(told, known, _)| told == path && known == code) {
            failed.push(format!(
                "{place}: explains a warning that is not given\n  {path}: {code}\n"
            ));
        }
    }
    failed.extend(file.cases.iter().filter_map(|case| run_case(&engine, file, case)));
    failed
}

fn document(value: &Value) -> Document {
    serde_json::from_value(value.clone()).expect("a document of the format")
}

fn bind(engine: &Engine, given: &Value) -> Result<(Bound, DateTime<Utc>), String> {
    let case = engine
        .read_case(&document(given))
        .map_err(|error| error.to_string())?;
    let facts = engine
        .bind_facts(&case.facts)
        .map_err(|error| error.to_string())?;
    let bound = engine
        .bind(&case.customer, &case.history, &facts)
        .map_err(|error| error.to_string())?;
    Ok((bound, case.now))
}

const OF_A_DECISION: [&str; 7] = [
    "outcome",
    "touch",
    "until",
    "recheck_at",
    "reasons",
    "held_out",
    "observed",
];

/// What is wrong with a case, as a text to read; none if all is as it is written.
fn run_case(engine: &Engine, file: &CaseFile, case: &Case) -> Option<String> {
    let place = format!("{}: {}", file.path.display(), case.name);
    let (bound, now) = match bind(engine, &case.given) {
        Ok(bound) => bound,
        Err(error) => return Some(format!("{place}\n  a bad case: {error}\n")),
    };
    only(
        &place,
        &case.then,
        &[&OF_A_DECISION[..], &["agenda", "confirm"]].concat(),
    );
    let mut found = Vec::new();
    let decision = bound.decide(now);
    decided(&place, &case.then, &decision, &mut found);
    if let Some(wrote) = case.then.get("agenda") {
        only(&place, wrote, &["touches", "held_out", "reasons"]);
        let agenda = json(&bound.agenda(now));
        let written = if wrote.get("held_out").is_some() {
            wrote.clone()
        } else {
            member(wrote, "held_out", json!([]))
        };
        differences("then.agenda", &written, &agenda, &mut found);
    }
    for (index, later) in case
        .then
        .get("confirm")
        .map_or(&[][..], |all| list(&place, all))
        .iter()
        .enumerate()
    {
        only(&place, later, &["given", "reasons"]);
        confirmed(
            engine,
            case,
            later,
            &decision,
            &format!("then.confirm[{index}]"),
            &mut found,
        );
    }
    (!found.is_empty()).then(|| told(&place, case, &decision, &found))
}

/// Compares a decision; lists that are not written are empty.
fn decided(place: &str, then: &Value, decision: &Decision, found: &mut Vec<String>) {
    let Some(outcome) = then.get("outcome") else {
        assert!(
            OF_A_DECISION.iter().all(|name| then.get(name).is_none()),
            "{place}: `outcome` is missing"
        );
        return;
    };
    let needed = match outcome.as_str() {
        Some("send") => "touch",
        Some("wait") => "until",
        Some("refrain") => "recheck_at",
        _ => panic!("{place}: {outcome} is not `send`, `wait` or `refrain`"),
    };
    assert!(
        then.get(needed).is_some(),
        "{place}: write `{needed}` with {outcome}"
    );
    let mut wrote = json!({"until": null, "recheck_at": null, "reasons": [], "held_out": [], "observed": []});
    for name in OF_A_DECISION {
        if let Some(value) = then.get(name) {
            wrote[name] = value.clone();
        }
    }
    differences("then", &wrote, &json(decision), found);
}

/// Judges the touch of the decision again, later and under what is given then.
fn confirmed(
    engine: &Engine,
    case: &Case,
    later: &Value,
    decision: &Decision,
    place: &str,
    found: &mut Vec<String>,
) {
    let given = with(place, &case.given, &later["given"]);
    match (bind(engine, &given), decision.touch()) {
        (Ok((bound, now)), Some(touch)) => {
            differences(place, &later["reasons"], &json(&bound.confirm(touch, now)), found);
        }
        (Err(error), _) => found.push(format!("{place}: a bad case: {error}")),
        (_, None) => found.push(format!("{place}: nothing was decided that could be confirmed")),
    }
}

fn json(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).expect("a value that is data")
}

fn member(value: &Value, name: &str, default: Value) -> Value {
    let mut value = value.clone();
    value[name] = default;
    value
}

fn told(place: &str, case: &Case, decision: &Decision, found: &[String]) -> String {
    let mut text = format!("{place}\n  ({})\n", case.shows);
    for difference in found {
        let _ = writeln!(text, "  {difference}");
    }
    let decided = json(decision);
    let _ = writeln!(text, "  decided: {} {}", decision.outcome(), decided["until"]);
    for name in ["touch", "recheck_at"] {
        let _ = writeln!(text, "    {name}: {}", decided[name]);
    }
    for name in ["reasons", "held_out", "observed"] {
        for value in decided[name].as_array().into_iter().flatten() {
            let _ = writeln!(text, "    {name}: {value}");
        }
    }
    text
}
