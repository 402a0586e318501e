//! What the engine takes and gives is as the schemas say, and what it refuses for its shape they refuse.

use std::{
    fs,
    path::{Path, PathBuf},
};

use jsonschema::Validator;
use serde_json::{Value, json};
use tactful::{Engine, cases::CaseFile};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn schema(name: &str) -> Validator {
    let schema = read(&root().join(format!("schema/{name}.schema.json")));
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

fn is_valid(validator: &Validator, value: &Value, place: &str) {
    let told: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(told.is_empty(), "{place}: {told:?}\n{value}");
}

/// The files of `tests/scenarios` and `tests/presets`, by the beginning of their names.
fn files(beginning: &str) -> Vec<PathBuf> {
    let roots = ["scenarios", "presets"].map(|name| root().join("tests").join(name));
    let folders = roots
        .iter()
        .flat_map(|root| fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()));
    let mut files: Vec<PathBuf> = folders
        .filter(|path| path.is_dir())
        .flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(beginning))
        .collect();
    files.sort();
    assert!(files.len() > 20);
    files
}

#[test]
fn rulebooks_are_valid_as_they_are_written_and_as_they_are_written_back() {
    let validator = schema("rulebook");
    for path in files("rulebook") {
        let book = read(&path);
        is_valid(&validator, &book, &path.display().to_string());
        let built: tactful::Rulebook = serde_json::from_value(book).unwrap();
        is_valid(
            &validator,
            &serde_json::to_value(&built).unwrap(),
            &path.display().to_string(),
        );
    }
    is_valid(&validator, &read(&root().join("fuzz/shop.json")), "the guide's");
}

#[test]
fn cases_and_their_answers_are_valid() {
    let (files_of, cases, decisions, agendas) = (
        schema("case_file"),
        schema("case"),
        schema("decision"),
        schema("agenda"),
    );
    let mut checked = 0;
    for path in files("cases") {
        let written = read(&path);
        is_valid(&files_of, &written, &path.display().to_string());
        let file = CaseFile::read(&serde_json::from_value(written).unwrap()).unwrap();
        let rulebook = read(&path.with_file_name(file.rulebook()));
        let (engine, _) = Engine::from_document(&serde_json::from_value(rulebook).unwrap()).unwrap();
        for case in file.cases() {
            let place = format!("{}: {}", path.display(), case.name());
            is_valid(&cases, &serde_json::to_value(case.given()).unwrap(), &place);
            let case = engine.read_case(case.given()).unwrap();
            is_valid(&cases, &serde_json::to_value(&case).unwrap(), &place);
            let facts = engine.bind_facts(&case.facts).unwrap();
            let bound = engine.bind(&case.customer, &case.history, &facts).unwrap();
            is_valid(
                &decisions,
                &serde_json::to_value(bound.decide(case.now)).unwrap(),
                &place,
            );
            is_valid(
                &agendas,
                &serde_json::to_value(bound.agenda(case.now)).unwrap(),
                &place,
            );
            checked += 1;
        }
    }
    assert!(checked > 400, "{checked}");
}

/// Every member of a rulebook, removed, renamed, and put in another kind: what the schema takes and the engine refuses for
/// its shape.
#[test]
fn what_is_refused_for_its_shape_is_refused_by_the_schema() {
    let validator = schema("rulebook");
    let (mut refused, mut passed) = (0, Vec::new());
    let books = files("rulebook")
        .into_iter()
        .chain([root().join("fuzz/shop.json")])
        .map(|path| read(&path));
    let places = books.flat_map(|book| {
        let mut changed = Vec::new();
        changes(&book, "", &mut changed);
        changed.into_iter().map(move |pointer| (book.clone(), pointer))
    });
    for (shop, pointer) in places {
        let pointer = &pointer;
        for change in [Change::Remove, Change::Rename, Change::Retype] {
            let mut book = shop.clone();
            if !apply(&mut book, pointer, change) {
                continue;
            }
            let Err(problems) = Engine::from_document(&serde_json::from_value(book.clone()).unwrap()) else {
                continue;
            };
            let shape = problems.iter().any(|problem| {
                // Whether a fact has a value per key, and which type a value is compared with, is declared elsewhere.
                let operators = ["eq", "ne", "lt", "le", "gt", "ge"];
                let compared = problem
                    .path()
                    .rsplit('/')
                    .next()
                    .is_some_and(|last| operators.contains(&last));
                let declared = compared || problem.sentence().contains("has a value per key");
                matches!(
                    problem.code().as_str(),
                    "unknown_field" | "missing_field" | "bad_type"
                ) && !declared
            });
            if !shape {
                continue;
            }
            if validator.is_valid(&book) {
                passed.push(format!("{pointer} {change:?}: {problems}"));
            } else {
                refused += 1;
            }
        }
    }
    println!("{refused} refused, {} passed", passed.len());
    assert!(refused > 1_000, "{refused}");
    assert!(passed.is_empty(), "{passed:#?}");
}

#[derive(Debug, Clone, Copy)]
enum Change {
    Remove,
    Rename,
    Retype,
}

fn changes(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                found.push(at.clone());
                changes(value, &at, found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                let at = format!("{at}/{index}");
                found.push(at.clone());
                changes(value, &at, found);
            }
        }
        _ => {}
    }
}

fn apply(book: &mut Value, pointer: &str, change: Change) -> bool {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let name = name.replace("~1", "/").replace("~0", "~");
    let Some(parent) = book.pointer_mut(parent) else {
        return false;
    };
    match (parent, change) {
        (Value::Object(members), Change::Remove) => members.remove(&name).is_some(),
        (Value::Object(members), Change::Rename) => {
            let value = members.remove(&name).unwrap();
            members.insert(format!("{name}x"), value);
            true
        }
        (Value::Object(members), Change::Retype) => {
            let old = &members[&name];
            members.insert(
                name,
                if old.is_object() {
                    json!(7)
                } else {
                    json!({"x": 1})
                },
            );
            true
        }
        (Value::Array(items), Change::Retype) => {
            items[name.parse::<usize>().unwrap()] = json!([[]]);
            true
        }
        _ => false,
    }
}
