//! The schema of a file of cases.

use super::{scalar::Name, schema_of};
use crate::cases::CaseFile;

schema_of!(CaseFile, "CaseFile", |of| {
    "title": "tactful cases",
    "description": "Cases of a rulebook, with what is to be decided.",
    "type": "object",
    "properties": {
        "about": { "type": "string" },
        "rulebook": { "description": "The rulebook's file, beside this one; `rulebook.json` if it is not written.", "type": "string" },
        "warnings": { "type": "array", "items": told(true) },
        "problems": { "description": "The rulebook is not to compile, and these are all its problems.", "type": "array", "items": told(false) },
        "given": of.subschema_for::<Given>(),
        "cases": { "type": "array", "items": of.subschema_for::<CaseOfFile>() }
    },
    "oneOf": [{ "required": ["cases"] }, { "required": ["problems"] }],
    "additionalProperties": false
});

fn told(meant: bool) -> schemars::Schema {
    let required = if meant {
        vec!["path", "code", "because"]
    } else {
        vec!["path", "code"]
    };
    schemars::json_schema!({
        "type": "object",
        "properties": {
            "path": { "type": "string" },
            "code": { "type": "string" },
            "because": { "type": "string", "minLength": 1 }
        },
        "required": required,
        "additionalProperties": false
    })
}

/// What is given of a question.
struct Given;
schema_of!(Given, "Given", |of| {
    "description": "Put on top of what is given already: objects member by member, anything else in its place.",
    "type": "object",
    "properties": {
        "customer": { "type": "object" },
        "history": { "type": "array" },
        "more_history": { "description": "Entries that are added to the history.", "type": "array" },
        "facts": { "type": "object" },
        "now": { "type": "string" }
    },
    "additionalProperties": false
});

/// One case.
struct CaseOfFile;
schema_of!(CaseOfFile, "CaseOfFile", |of| {
    "type": "object",
    "properties": {
        "name": of.subschema_for::<Name>(),
        "shows": { "description": "What is to be seen in it, in a sentence.", "type": "string" },
        "given": of.subschema_for::<Given>(),
        "then": of.subschema_for::<Then>()
    },
    "required": ["name", "then"],
    "additionalProperties": false
});

/// What is expected.
struct Then;
schema_of!(Then, "Then", |of| {
    "description": "The decision, as far as it is written; lists that are not written are empty.",
    "type": "object",
    "properties": {
        "outcome": { "enum": ["send", "wait", "refrain"] },
        "touch": { "type": "object" },
        "until": { "type": ["string", "null"] },
        "recheck_at": { "type": ["string", "null"] },
        "reasons": objects(),
        "some_reasons": objects(),
        "held_out": objects(),
        "observed": objects(),
        "agenda": {
            "type": "object",
            "properties": { "touches": objects(), "held_out": objects(), "reasons": objects() },
            "additionalProperties": false
        },
        "explain": objects(),
        "confirm": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": { "given": of.subschema_for::<Given>(), "reasons": objects() },
                "required": ["reasons"],
                "additionalProperties": false
            }
        }
    },
    "additionalProperties": false
});

fn objects() -> schemars::Schema {
    schemars::json_schema!({ "type": "array", "items": { "type": "object" } })
}
