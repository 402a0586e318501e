//! Schemas of policies and their rules.

use super::{
    scalar::{Date, Name, Names, Weekdays},
    schema_of,
};
use crate::written::{
    calendar::{LocalTime, Zone},
    condition::Condition,
    duration::Duration,
    percent::Percent,
    policy::{PolicySource, TouchPolicy},
    rule::{AtMost, Cap, Effect, GroupedBy, Hold, Holdout, Per, Prefer, Quiet, React, Rule},
    scope::{Counting, Scope},
};

schema_of!(PolicySource, "PolicySource", |of| {
    "description": "A policy, or the id of a preset with the rulebook's own names.",
    "anyOf": [
        of.subschema_for::<TouchPolicy>(),
        {
            "type": "object",
            "properties": {
                "preset": of.subschema_for::<Name>(),
                "channels": { "type": "object", "additionalProperties": of.subschema_for::<Name>() },
                "purposes": { "type": "object", "additionalProperties": of.subschema_for::<Name>() },
                "holidays": { "type": "array", "items": of.subschema_for::<Date>() }
            },
            "required": ["preset"],
            "additionalProperties": false
        }
    ]
});

schema_of!(TouchPolicy, "TouchPolicy", |of| {
    "type": "object",
    "properties": {
        "id": of.subschema_for::<Name>(),
        "rules": { "type": "array", "items": of.subschema_for::<Rule>() }
    },
    "required": ["id", "rules"],
    "additionalProperties": false
});

schema_of!(Rule, "Rule", |of| {
    "description": "When a condition holds, in a scope of touches, then an effect.",
    "type": "object",
    "properties": {
        "id": of.subschema_for::<Name>(),
        "note": { "description": "For people.", "type": "string" },
        "scope": of.subschema_for::<Scope>(),
        "except": of.subschema_for::<Scope>(),
        "when": of.subschema_for::<Condition>(),
        "observe": { "description": "Only watch, and tell what would have been refused.", "type": "boolean" },
        "then": of.subschema_for::<Effect>()
    },
    "required": ["id", "then"],
    "additionalProperties": false
});

schema_of!(Scope, "Scope", |of| {
    "description": "Touches that match every listed dimension.",
    "type": "object",
    "properties": {
        "channels": of.subschema_for::<Names>(),
        "purposes": of.subschema_for::<Names>(),
        "campaigns": of.subschema_for::<Names>()
    },
    "minProperties": 1,
    "additionalProperties": false
});

schema_of!(Counting, "Counting", |of| {
    "description": "Which touches of the history count, instead of those of the rule.",
    "anyOf": [
        { "const": "all" },
        {
            "type": "object",
            "properties": {
                "channels": of.subschema_for::<Names>(),
                "purposes": of.subschema_for::<Names>(),
                "campaigns": of.subschema_for::<Names>(),
                "except": of.subschema_for::<Scope>()
            },
            "minProperties": 1,
            "additionalProperties": false
        }
    ]
});

schema_of!(Effect, "Effect", |of| {
    "anyOf": [
        { "const": "forbid" },
        only(of.subschema_for::<Cap>(), "cap"),
        only(of.subschema_for::<Quiet>(), "quiet"),
        only(of.subschema_for::<React>(), "react"),
        only(of.subschema_for::<Prefer>(), "prefer"),
        only(of.subschema_for::<Holdout>(), "holdout")
    ]
});

fn only(schema: schemars::Schema, name: &str) -> schemars::Schema {
    schemars::json_schema!({
        "type": "object",
        "properties": { name: schema },
        "required": [name],
        "additionalProperties": false
    })
}

schema_of!(AtMost, "AtMost", |of| {
    "anyOf": [{ "type": "integer", "minimum": 0, "maximum": u32::MAX }, { "const": "days_in_month" }]
});
schema_of!(Per, "Per", |of| {
    "description": "A calendar period, the lifetime, or a rolling duration.",
    "anyOf": [{ "enum": ["day", "week", "month", "year", "lifetime"] }, of.subschema_for::<Duration>()]
});
schema_of!(GroupedBy, "GroupedBy", |of| { "enum": ["channel", "purpose", "campaign", "sender", "content"] });
schema_of!(Hold, "Hold", |of| { "anyOf": [{ "const": "forever" }, of.subschema_for::<Duration>()] });

schema_of!(Cap, "Cap", |of| {
    "type": "object",
    "properties": {
        "at_most": of.subschema_for::<AtMost>(),
        "per": of.subschema_for::<Per>(),
        "zone": of.subschema_for::<Zone>(),
        "counting": of.subschema_for::<Counting>(),
        "grouped_by": of.subschema_for::<GroupedBy>()
    },
    "required": ["at_most", "per"],
    "additionalProperties": false
});

schema_of!(Quiet, "Quiet", |of| {
    "description": "A window of the wall clock, half-open; it may wrap midnight.",
    "type": "object",
    "properties": {
        "from": of.subschema_for::<LocalTime>(),
        "to": of.subschema_for::<LocalTime>(),
        "days": of.subschema_for::<Weekdays>(),
        "dates": { "type": "array", "items": of.subschema_for::<Date>(), "minItems": 1 },
        "zone": of.subschema_for::<Zone>()
    },
    "additionalProperties": false
});

schema_of!(React, "React", |of| {
    "type": "object",
    "properties": {
        "to": { "description": "A kind of response, or `ignored`.", "type": "string", "minLength": 1 },
        "at_least": { "type": "integer", "minimum": 1, "maximum": u32::MAX },
        "within": of.subschema_for::<Duration>(),
        "hold": of.subschema_for::<Hold>(),
        "counting": of.subschema_for::<Counting>(),
        "after": of.subschema_for::<Duration>(),
        "answered_by": of.subschema_for::<Names>(),
        "in_a_row": { "type": "boolean" }
    },
    "required": ["to", "hold"],
    "if": { "properties": { "to": { "const": "ignored" } }, "required": ["to"] },
    "then": { "required": ["after"] },
    "else": { "properties": { "after": false, "answered_by": false, "in_a_row": false } },
    "additionalProperties": false
});

schema_of!(Prefer, "Prefer", |of| {
    "anyOf": [
        {
            "type": "object",
            "properties": {
                "from": of.subschema_for::<LocalTime>(),
                "to": of.subschema_for::<LocalTime>(),
                "days": of.subschema_for::<Weekdays>(),
                "dates": { "type": "array", "items": of.subschema_for::<Date>(), "minItems": 1 },
                "weight": { "type": "integer" },
                "zone": of.subschema_for::<Zone>()
            },
            "additionalProperties": false
        },
        {
            "type": "object",
            "properties": {
                "active_hours": { "const": true },
                "at_least": { "type": "integer", "minimum": 0 },
                "weight": { "type": "integer" },
                "zone": of.subschema_for::<Zone>()
            },
            "required": ["active_hours"],
            "additionalProperties": false
        }
    ]
});

schema_of!(Holdout, "Holdout", |of| {
    "type": "object",
    "properties": { "percent": of.subschema_for::<Percent>(), "salt": of.subschema_for::<Name>() },
    "required": ["percent", "salt"],
    "additionalProperties": false
});
