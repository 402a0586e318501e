//! A good rulebook, and what each mistake in it is told as.

mod built;
mod mutations;
mod warnings;

use serde_json::{Value, json};

use super::{
    check::{Origin, check},
    limits::Limits,
    problem::{Code, Problem, Warning},
    read_rulebook::read_rulebook,
};
use crate::written::{document::Document, rule::Rule, rulebook::Rulebook};

/// Every form that the format knows, once.
pub(crate) fn good() -> Value {
    serde_json::from_str(include_str!("good.json")).expect("a rulebook")
}

/// Reads a rulebook and checks it: everything that is wrong with its shape, its values and its names together, and
/// what is suspicious.
fn read_and_check(document: &Document, limits: &Limits) -> (Rulebook, Vec<Problem>, Vec<Warning>) {
    let mut problems = Vec::new();
    let book = read_rulebook(document, &mut problems);
    let (more, warnings) = check(&book, Origin::Read, limits);
    problems.extend(more);
    (book, problems, warnings)
}

/// Reads and checks a document.
pub(crate) fn examine(book: &Value) -> (Vec<Problem>, Vec<Warning>) {
    let document: Document = serde_json::from_str(&book.to_string()).expect("a document");
    let (_, problems, warnings) = read_and_check(&document, &Limits::new());
    (problems, warnings)
}

/// The document with a place set to a value; `-` at the end of a pointer appends to a list.
pub(crate) fn with(pointer: &str, value: Value) -> Value {
    let mut book = good();
    let (parent, last) = pointer.rsplit_once('/').expect("a pointer");
    match book.pointer_mut(parent).expect(pointer) {
        Value::Object(members) => {
            members.insert(last.replace("~1", "/").replace("~0", "~"), value);
        }
        Value::Array(items) if last == "-" => items.push(value),
        Value::Array(items) => {
            *items
                .get_mut(last.parse::<usize>().expect("an index"))
                .expect(pointer) = value
        }
        _ => panic!("{pointer} has no parent"),
    }
    book
}

/// The document without a member.
pub(crate) fn without(pointer: &str) -> Value {
    let mut book = good();
    let (parent, last) = pointer.rsplit_once('/').expect("a pointer");
    let members = book
        .pointer_mut(parent)
        .expect(pointer)
        .as_object_mut()
        .expect(pointer);
    assert!(members.remove(last).is_some(), "{pointer}");
    book
}

#[test]
fn the_good_rulebook_has_no_problem() {
    let (problems, warnings) = examine(&good());
    assert_eq!(problems, []);
    assert_eq!(warnings, []);
}

#[test]
fn all_problems_are_told_together() {
    let mut book = with("/look_ahead", json!("7 days"));
    book["campaigns"][1]["purpose"] = json!("carre");
    book["campaigns"][4]
        .as_object_mut()
        .expect("a campaign")
        .remove("value");
    let (problems, _) = examine(&book);
    let told: Vec<(&str, Code)> = problems
        .iter()
        .map(|problem| (problem.path(), problem.code()))
        .collect();
    assert_eq!(
        told,
        [
            ("/look_ahead", Code::BadDuration),
            ("/campaigns/4", Code::MissingField),
            ("/campaigns/1/purpose", Code::UndeclaredPurpose),
        ]
    );
}

#[test]
fn a_bad_document_is_one_problem_and_no_panic() {
    for book in [json!(null), json!([]), json!("x"), json!(1)] {
        let (problems, _) = examine(&book);
        let told: Vec<(&str, Code)> = problems
            .iter()
            .map(|problem| (problem.path(), problem.code()))
            .collect();
        assert_eq!(told, [("", Code::BadType)], "{book}");
    }
}

fn read(book: &Value) -> Rulebook {
    serde_json::from_str(&book.to_string()).expect("a rulebook")
}

#[test]
fn what_is_written_reads_back_as_it_was() {
    let book = read(&good());
    let text = serde_json::to_string(&book).expect("text");
    let again: Rulebook = serde_json::from_str(&text).expect("a rulebook");
    assert_eq!(again, book);
    assert_eq!(serde_json::to_string(&again).expect("text"), text);
    // Nothing in the good rulebook is a default that is left out, except these.
    let mut expected = good();
    expected["campaigns"][0]["variants"][0]["arms"][0]
        .as_object_mut()
        .expect("an arm")
        .remove("weight");
    assert_eq!(serde_json::from_str::<Value>(&text).expect("json"), expected);
}

#[test]
fn single_nouns_read_and_tell_all_their_problems() {
    let rule: Rule = serde_json::from_str(r#"{"id": "x", "then": "forbid"}"#).expect("a rule");
    assert_eq!(
        serde_json::to_string(&rule).expect("text"),
        r#"{"id":"x","then":"forbid"}"#
    );
    let error = serde_json::from_str::<Rule>(r#"{"idd": "x", "then": {"cap": {"per": "day"}}}"#)
        .expect_err("a mistake");
    assert_eq!(
        error.to_string(),
        "/idd: unknown_field: `idd` is not known here; did you mean `id`?\n\
         : missing_field: `id` is missing\n\
         /then/cap: missing_field: `at_most` is missing"
    );
}
