//! Case files: questions and the answers that a house expects, as data. The format is described in
//! `tests/scenarios/README.md`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use chrono::{DateTime, FixedOffset};
use serde_json::{Map, Value, json};

/// One case file of a folder.
pub(crate) struct CaseFile {
    pub(crate) path: PathBuf,
    /// The document, not the name.
    pub(crate) rulebook: Value,
    /// The warnings that compiling it gives: `path`, `code` and why that is meant.
    pub(crate) warnings: Vec<Value>,
    pub(crate) cases: Vec<Case>,
}

/// One question, with everything that is shared filled in, and what is expected.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) shows: String,
    pub(crate) given: Value,
    pub(crate) then: Value,
}

/// The folders of a folder, in order.
pub(crate) fn folders(root: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> = entries(root).into_iter().filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

/// The case files of a folder, in order: `cases.json` and `cases.*.json`.
///
/// # Panics
///
/// With the file's name, if it is not written as the format says.
pub(crate) fn case_files(folder: &Path) -> Vec<CaseFile> {
    let mut files = entries(folder);
    files.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("cases.") && name.ends_with(".json")
    });
    files.sort();
    files.iter().map(|path| case_file(path)).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let listed = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    listed
        .map(|entry| entry.expect("a readable folder").path())
        .collect()
}

fn document(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn case_file(path: &Path) -> CaseFile {
    let file = document(path);
    let place = path.display().to_string();
    only(
        &place,
        &file,
        &["about", "rulebook", "warnings", "given", "cases"],
    );
    let rulebook = file
        .get("rulebook")
        .map_or("rulebook.json", |name| text(&place, name));
    let shared = file.get("given").cloned().unwrap_or_else(|| json!({}));
    let mut cases: Vec<Case> = Vec::new();
    for case in list(&place, &file["cases"]) {
        let name = text(&place, &case["name"]);
        let place = format!("{place}: {name}");
        only(&place, case, &["name", "shows", "given", "then"]);
        assert!(
            cases.iter().all(|other| other.name != name),
            "{place}: the name is there already"
        );
        cases.push(Case {
            name: name.to_owned(),
            shows: text(&place, &case["shows"]).to_owned(),
            given: with(
                &place,
                &with(&place, &json!({"history": []}), &shared),
                &case["given"],
            ),
            then: case["then"].clone(),
        });
    }
    let warnings = file
        .get("warnings")
        .map(|warnings| list(&place, warnings).clone())
        .unwrap_or_default();
    for warning in &warnings {
        only(&place, warning, &["path", "code", "because"]);
        assert!(
            !text(&place, &warning["because"]).is_empty(),
            "{place}: say why the warning is meant"
        );
    }
    CaseFile {
        path: path.to_owned(),
        rulebook: document(&path.with_file_name(rulebook)),
        warnings,
        cases,
    }
}

/// What is given, with more given on top: objects member by member, anything else in place of what was there.
/// `more_history` adds to the history.
pub(crate) fn with(place: &str, given: &Value, more: &Value) -> Value {
    let mut given = given.clone();
    if more.is_null() {
        return given;
    }
    only(
        place,
        more,
        &["customer", "history", "more_history", "facts", "now"],
    );
    let mut more = more.clone();
    let added = object(place, &mut more).remove("more_history");
    merge(&mut given, more);
    if let Some(added) = added {
        let history = given["history"]
            .as_array_mut()
            .unwrap_or_else(|| panic!("{place}: no history to add to"));
        history.extend(list(place, &added).iter().cloned());
    }
    given
}

fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (name, value) in from {
                merge(into.entry(name).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from,
    }
}

/// Refuses members that the format does not know.
pub(crate) fn only(place: &str, value: &Value, names: &[&str]) {
    let members = value
        .as_object()
        .unwrap_or_else(|| panic!("{place}: an object is expected, not {value}"));
    for name in members.keys() {
        assert!(
            names.contains(&name.as_str()),
            "{place}: `{name}` is not one of {names:?}"
        );
    }
}

fn object<'v>(place: &str, value: &'v mut Value) -> &'v mut Map<String, Value> {
    value
        .as_object_mut()
        .unwrap_or_else(|| panic!("{place}: an object is expected"))
}

pub(crate) fn list<'v>(place: &str, value: &'v Value) -> &'v Vec<Value> {
    value
        .as_array()
        .unwrap_or_else(|| panic!("{place}: a list is expected, not {value}"))
}

fn text<'v>(place: &str, value: &'v Value) -> &'v str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{place}: a text is expected, not {value}"))
}

/// Everything in which `decided` is not as `wrote` says. Of an object only the members that are written count; lists
/// have as many elements as are written; texts that are instants are compared as instants.
pub(crate) fn differences(place: &str, wrote: &Value, decided: &Value, found: &mut Vec<String>) {
    match (wrote, decided) {
        (Value::Object(wrote), Value::Object(decided)) => {
            for (name, wrote) in wrote {
                let place = format!("{place}.{name}");
                match decided.get(name) {
                    Some(decided) => differences(&place, wrote, decided, found),
                    None => found.push(format!("{place}: wrote {wrote}, but there is no such member")),
                }
            }
        }
        (Value::Array(wrote), Value::Array(decided)) => {
            if wrote.len() != decided.len() {
                found.push(format!(
                    "{place}: wrote {} of them, decided {}",
                    wrote.len(),
                    decided.len()
                ));
            }
            for (index, (wrote, decided)) in wrote.iter().zip(decided).enumerate() {
                differences(&format!("{place}[{index}]"), wrote, decided, found);
            }
        }
        _ if same(wrote, decided) => {}
        _ => {
            // An instant is told with the offset that was written, so that the two can be read side by side.
            let decided = match (instant(wrote), instant(decided)) {
                (Some(wrote), Some(decided)) => {
                    json!(decided.with_timezone(wrote.offset()).to_rfc3339())
                }
                _ => decided.clone(),
            };
            found.push(format!("{place}: wrote {wrote}, decided {decided}"));
        }
    }
}

fn instant(value: &Value) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(value.as_str()?).ok()
}

fn same(wrote: &Value, decided: &Value) -> bool {
    match (instant(wrote), instant(decided)) {
        (Some(wrote), Some(decided)) => wrote == decided,
        _ => match (wrote.as_f64(), decided.as_f64()) {
            (Some(wrote), Some(decided)) => wrote == decided,
            _ => wrote == decided,
        },
    }
}
