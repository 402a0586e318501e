//! Every mistake is found when the rulebook is compiled, with its path and code; a bad case tells its first.

mod harness;

use harness::{document, engine, read};
use serde_json::{Value, json};
use tactful::{Engine, Problems};

fn good() -> Value {
    serde_json::from_str(include_str!("problems/rulebook.json")).expect("a rulebook")
}

/// Path and code of each problem.
fn told(book: &Value) -> Vec<(String, String)> {
    let problems = Engine::from_document(&document(book)).err();
    let told = problems.iter().flat_map(Problems::iter);
    told.map(|problem| {
        assert!(problem.sentence().len() > 5, "{problem}");
        (problem.path().to_owned(), problem.code().to_string())
    })
    .collect()
}

/// The document with a value at a place, or without what is there.
fn changed(mut whole: Value, pointer: &str, value: Option<Value>) -> Value {
    let (parent, last) = pointer.rsplit_once('/').expect("a pointer");
    match (whole.pointer_mut(parent).expect(pointer), value) {
        (Value::Object(members), Some(value)) => drop(members.insert(last.to_owned(), value)),
        (Value::Object(members), None) => drop(members.remove(last).expect(pointer)),
        (Value::Array(items), Some(value)) if last == "-" => items.push(value),
        (Value::Array(items), Some(value)) => items[last.parse::<usize>().expect(pointer)] = value,
        _ => panic!("{pointer} has no parent"),
    }
    whole
}

fn place(pointer: &str, word: &str) -> String {
    match word {
        "=" => pointer.to_owned(),
        "^" => pointer.rsplit_once('/').expect("a pointer").0.to_owned(),
        below if below.starts_with('.') => format!("{pointer}{}", &below[1..]),
        other => other.to_owned(),
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[test]
fn the_good_rulebook_is_good() {
    assert_eq!(told(&good()), []);
    let (_, warnings) = Engine::from_document(&document(&good())).expect("no problem");
    assert!(warnings.iter().all(|warning| warning.path().starts_with('/')));
}

#[test]
fn each_mistake_is_told_at_its_place() {
    let (mut failed, mut count) = (Vec::new(), 0);
    for line in lines(include_str!("problems/mistakes.txt")) {
        let words: Vec<&str> = line.splitn(4, ' ').collect();
        let value = words.get(3).map(|text| serde_json::from_str(text).expect(line));
        let found = told(&changed(good(), words[1], value));
        let expected = [(place(words[1], words[2]), words[0].to_owned())];
        if found != expected {
            failed.push(format!("{line}\n    told {found:?}"));
        }
        count += 1;
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(count >= 100, "only {count}");
}

#[test]
fn all_mistakes_are_told_at_once() {
    let mut book = good();
    book["look_ahead"] = json!("7 days");
    book["campaigns"][0]["purpose"] = json!("benefits");
    book["campaigns"][4]["schedule"]["waves"][0]["id"] = json!("core");
    book["policies"][1]["rules"][3]["then"]["quiet"]["zone"] = json!("Mars");
    let told = told(&book);
    for expected in [
        ("/look_ahead", "bad_duration"),
        ("/policies/1/rules/3/then/quiet/zone", "bad_zone"),
        ("/campaigns/0/purpose", "undeclared_purpose"),
        ("/campaigns/4/schedule/waves/1/id", "duplicate"),
    ] {
        assert!(
            told.contains(&(expected.0.to_owned(), expected.1.to_owned())),
            "{expected:?} of {told:?}"
        );
    }
    assert_eq!(told.len(), 4, "{told:?}");
}

#[test]
fn a_slip_is_answered_with_the_nearest_name() {
    for (pointer, value, meant) in [
        (
            "/campaigns/0/audience/all/0/tag",
            json!("newcommer"),
            "`newcomer`",
        ),
        ("/campaigns/0/channels/0", json!("dircet"), "`direct`"),
        ("/campaigns/0/purpose", json!("benefits"), "`benefit`"),
        ("/policies/0/preset", json!("wecom.dayly"), "`wecom.daily`"),
        ("/campaigns/0/prioritty", json!(3), "`priority`"),
        ("/time_zone", json!("Asia/Shangai"), "`Asia/Shanghai`"),
    ] {
        let book = changed(good(), pointer, Some(value));
        let problems = Engine::from_document(&document(&book)).expect_err(pointer);
        let sentence = problems.iter().next().expect("a problem").sentence();
        assert!(sentence.contains(meant), "{pointer}: {sentence}");
    }
}

#[test]
fn each_bad_case_tells_its_place() {
    let engine = engine(&good());
    let case: Value = serde_json::from_str(include_str!("problems/case.json")).expect("a case");
    read(&engine, &document(&case)).expect("the good case is good");
    let (mut failed, mut count) = (Vec::new(), 0);
    for line in lines(include_str!("problems/case_mistakes.txt")) {
        let words: Vec<&str> = line.splitn(3, ' ').collect();
        let value = words.get(2).map(|text| serde_json::from_str(text).expect(line));
        let case = changed(case.clone(), words[0], value);
        match read(&engine, &document(&case)) {
            Ok(_) => failed.push(format!("{line}\n    is read")),
            Err(error) => {
                assert!(error.message().len() > 5);
                if error.path() != place(words[0], words[1]) {
                    failed.push(format!("{line}\n    told {error}"));
                }
            }
        }
        count += 1;
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(count >= 50, "only {count}");
}

#[test]
fn of_many_mistakes_in_a_case_the_first_in_the_document_is_told() {
    let engine = engine(&good());
    let text = r#"{"now": "2026-11-21T10:00:00Z", "history": [{"at": "?", "channel": "direct", "purpose": "care"}],
        "customer": {"id": "", "tags": ["late"]}, "facts": {"wether": 3}}"#;
    let error = engine
        .read_case(&serde_json::from_str(text).expect("a document"))
        .expect_err("mistakes");
    assert_eq!(error.path(), "/history/0/at");
}
