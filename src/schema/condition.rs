//! Schemas of conditions.

use super::{
    scalar::{Name, Names},
    schema_of,
};
use crate::written::{
    condition::{Condition, FactKey, Literal, Operand, Reference, Status, TouchFilter},
    duration::Duration,
};

schema_of!(FactKey, "FactKey", |of| {
    "description": "What a fact is keyed by.",
    "anyOf": [
        { "enum": ["campaign", "sender", "channel"] },
        { "type": "object", "properties": { "attribute": of.subschema_for::<Name>() }, "required": ["attribute"], "additionalProperties": false },
        { "type": "object", "properties": { "is": of.subschema_for::<Name>() }, "required": ["is"], "additionalProperties": false }
    ]
});

schema_of!(Reference, "Reference", |of| {
    "description": "An attribute of the customer, or a fact.",
    "anyOf": [
        { "type": "object", "properties": { "attribute": of.subschema_for::<Name>() }, "required": ["attribute"], "additionalProperties": false },
        {
            "type": "object",
            "properties": { "fact": of.subschema_for::<Name>(), "of": of.subschema_for::<FactKey>() },
            "required": ["fact"],
            "additionalProperties": false
        }
    ]
});

schema_of!(Operand, "Operand", |of| {
    "anyOf": [of.subschema_for::<Literal>(), of.subschema_for::<Reference>()]
});

schema_of!(TouchFilter, "TouchFilter", |of| {
    "description": "Which touches of the history are counted: scheduled and sent ones, if no status is written.",
    "type": "object",
    "properties": {
        "channels": of.subschema_for::<Names>(),
        "purposes": of.subschema_for::<Names>(),
        "campaigns": of.subschema_for::<Names>(),
        "occurrences": of.subschema_for::<Names>(),
        "contents": of.subschema_for::<Names>(),
        "senders": of.subschema_for::<Names>(),
        "responses": of.subschema_for::<Names>(),
        "status": { "type": "array", "items": of.subschema_for::<Status>(), "minItems": 1 },
        "within": of.subschema_for::<Duration>()
    },
    "additionalProperties": false
});

schema_of!(Condition, "Condition", |of| {
    "description": "True, false or unknown.",
    "anyOf": [
        form(&[("all", conditions(of))], &["all"], Tests::None, of),
        form(&[("any", conditions(of))], &["any"], Tests::None, of),
        form(&[("not", of.subschema_for::<Self>())], &["not"], Tests::None, of),
        form(&[("tag", of.subschema_for::<Name>())], &["tag"], Tests::None, of),
        form(&[("attribute", of.subschema_for::<Name>())], &["attribute"], Tests::Compared { present: true }, of),
        form(&[("fact", of.subschema_for::<Name>()), ("of", of.subschema_for::<FactKey>())],
            &["fact"],
            Tests::Compared { present: true }, of),
        form(&[("elapsed", since(of))], &["elapsed"], Tests::Elapsed, of),
        form(&[("touches", of.subschema_for::<TouchFilter>())], &["touches"], Tests::Compared { present: false }, of),
        form(&[
                ("purchases", schemars::json_schema!({ "enum": ["count", "amount"] })),
                ("within", of.subschema_for::<Duration>()),
            ],
            &["purchases"],
            Tests::Compared { present: false }, of),
        form(&[("occurrence", of.subschema_for::<Names>())], &["occurrence"], Tests::None, of),
        form(&[("score", schemars::json_schema!({ "const": true }))], &["score"], Tests::Compared { present: false }, of)
    ]
});

/// What a form is tested by.
enum Tests {
    None,
    Elapsed,
    Compared { present: bool },
}

fn conditions(of: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({ "type": "array", "items": of.subschema_for::<Condition>() })
}

fn since(of: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({
        "anyOf": [
            of.subschema_for::<Name>(),
            {
                "type": "object",
                "properties": { "fact": of.subschema_for::<Name>(), "of": of.subschema_for::<FactKey>() },
                "required": ["fact"],
                "additionalProperties": false
            }
        ]
    })
}

/// An object of one form: its members, those that it needs, and at least one test.
fn form(
    members: &[(&str, schemars::Schema)],
    required: &[&str],
    tests: Tests,
    of: &mut schemars::SchemaGenerator,
) -> schemars::Schema {
    let mut properties = serde_json::Map::new();
    for (name, schema) in members {
        properties.insert((*name).to_owned(), schema.clone().to_value());
    }
    let mut operators = Vec::new();
    match tests {
        Tests::None => {}
        Tests::Elapsed => {
            let duration = of.subschema_for::<Duration>().to_value();
            operators.extend(["lt", "ge"].map(|name| (name, duration.clone())));
            operators.push(("present", serde_json::json!({ "type": "boolean" })));
        }
        Tests::Compared { present } => {
            let operand = of.subschema_for::<Operand>().to_value();
            operators.extend(["eq", "ne", "lt", "le", "gt", "ge"].map(|name| (name, operand.clone())));
            operators.push((
                "in",
                serde_json::json!({ "type": "array", "items": operand, "minItems": 1 }),
            ));
            if present {
                operators.push(("present", serde_json::json!({ "type": "boolean" })));
            }
        }
    }
    let tested: Vec<_> = operators
        .iter()
        .map(|(name, _)| serde_json::json!({ "required": [name] }))
        .collect();
    properties.extend(
        operators
            .into_iter()
            .map(|(name, schema)| (name.to_owned(), schema)),
    );
    let mut schema = schemars::json_schema!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false
    });
    if !tested.is_empty() {
        schema.insert("anyOf".to_owned(), tested.into());
    }
    schema
}
