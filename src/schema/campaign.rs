//! Schemas of campaigns.

use super::{
    scalar::{Name, Names, Weekdays},
    schema_of,
};
use crate::written::{
    calendar::{LocalDateTime, LocalTime, Zone},
    campaign::{BestIn, Campaign, Patience, Repeat, Score, ScoreAdd, Timing, Value},
    condition::{Condition, FactKey, Literal},
    duration::Duration,
    rule::{AtMost, GroupedBy, Per, Rule},
    schedule::{Schedule, Wave},
    variant::{Arm, Field, Style, Variant},
};

schema_of!(Campaign, "Campaign", |of| {
    "description": "Something worth saying: to whom, when, in which variants.",
    "type": "object",
    "properties": {
        "id": of.subschema_for::<Name>(),
        "purpose": of.subschema_for::<Name>(),
        "value": of.subschema_for::<Value>(),
        "topic": of.subschema_for::<Name>(),
        "priority": { "description": "High first; 0 if it is not written.", "type": "integer" },
        "audience": of.subschema_for::<Condition>(),
        "schedule": of.subschema_for::<Schedule>(),
        "channels": of.subschema_for::<Names>(),
        "patience": of.subschema_for::<Patience>(),
        "score": of.subschema_for::<Score>(),
        "timing": of.subschema_for::<Timing>(),
        "stop_when": of.subschema_for::<Condition>(),
        "repeat": of.subschema_for::<Repeat>(),
        "reserve": of.subschema_for::<Duration>(),
        "variants": { "type": "array", "items": of.subschema_for::<Variant>(), "minItems": 1 },
        "rules": { "type": "array", "items": of.subschema_for::<Rule>() }
    },
    "required": ["id", "purpose", "value", "channels", "variants"],
    "additionalProperties": false
});

schema_of!(Value, "Value", |of| {
    "description": "What it gives: something material, something for the mind, or service.",
    "enum": ["save", "earn", "knowledge", "experience", "local", "service"]
});
schema_of!(Patience, "Patience", |of| { "enum": ["none", "day", "week", "occurrence"] });
schema_of!(BestIn, "BestIn", |of| { "enum": ["day", "week", "occurrence"] });
schema_of!(Timing, "Timing", |of| {
    "anyOf": [
        { "const": "asap" },
        {
            "type": "object",
            "properties": { "best_in": of.subschema_for::<BestIn>() },
            "required": ["best_in"],
            "additionalProperties": false
        }
    ]
});

schema_of!(Score, "Score", |of| {
    "type": "object",
    "properties": {
        "base": { "type": "integer" },
        "add": { "type": "array", "items": of.subschema_for::<ScoreAdd>() }
    },
    "additionalProperties": false
});
schema_of!(ScoreAdd, "ScoreAdd", |of| {
    "type": "object",
    "properties": { "when": of.subschema_for::<Condition>(), "points": { "type": "integer" } },
    "required": ["when", "points"],
    "additionalProperties": false
});

schema_of!(Repeat, "Repeat", |of| {
    "type": "object",
    "properties": {
        "at_most": of.subschema_for::<AtMost>(),
        "per": of.subschema_for::<Per>(),
        "gap": of.subschema_for::<Duration>(),
        "zone": of.subschema_for::<Zone>(),
        "grouped_by": of.subschema_for::<GroupedBy>()
    },
    "required": ["at_most", "per", "gap"],
    "additionalProperties": false
});

/// From and to.
struct Window;
schema_of!(Window, "Between", |of| {
    "type": "array",
    "items": of.subschema_for::<LocalDateTime>(),
    "minItems": 2,
    "maxItems": 2
});

schema_of!(Schedule, "Schedule", |of| {
    "description": "When it may speak; always, if it is not written.",
    "anyOf": [
        {
            "type": "object",
            "properties": { "between": of.subschema_for::<Window>(), "zone": of.subschema_for::<Zone>() },
            "required": ["between"],
            "additionalProperties": false
        },
        {
            "type": "object",
            "properties": {
                "after": of.subschema_for::<Name>(),
                "from": of.subschema_for::<Duration>(),
                "until": of.subschema_for::<Duration>()
            },
            "required": ["after", "until"],
            "additionalProperties": false
        },
        {
            "type": "object",
            "properties": {
                "every": { "enum": ["year", "month"] },
                "of": of.subschema_for::<Name>(),
                "from": of.subschema_for::<Duration>(),
                "until": of.subschema_for::<Duration>(),
                "zone": of.subschema_for::<Zone>()
            },
            "required": ["every", "of"],
            "additionalProperties": false
        },
        {
            "type": "object",
            "properties": {
                "on": {
                    "type": "object",
                    "properties": {
                        "days": of.subschema_for::<Weekdays>(),
                        "days_of_month": { "type": "array", "items": { "type": "integer", "minimum": -31, "maximum": 31 }, "minItems": 1 },
                        "months": { "type": "array", "items": { "type": "integer", "minimum": 1, "maximum": 12 }, "minItems": 1 },
                        "from": of.subschema_for::<LocalTime>(),
                        "to": of.subschema_for::<LocalTime>()
                    },
                    "additionalProperties": false
                },
                "zone": of.subschema_for::<Zone>()
            },
            "required": ["on"],
            "additionalProperties": false
        },
        {
            "type": "object",
            "properties": {
                "waves": { "type": "array", "items": of.subschema_for::<Wave>(), "minItems": 1 },
                "zone": of.subschema_for::<Zone>()
            },
            "required": ["waves"],
            "additionalProperties": false
        }
    ]
});

schema_of!(Wave, "Wave", |of| {
    "type": "object",
    "properties": {
        "id": of.subschema_for::<Name>(),
        "between": of.subschema_for::<Window>(),
        "audience": of.subschema_for::<Condition>()
    },
    "required": ["id", "between"],
    "additionalProperties": false
});

schema_of!(Variant, "Variant", |of| {
    "type": "object",
    "properties": {
        "id": of.subschema_for::<Name>(),
        "when": of.subschema_for::<Condition>(),
        "content": of.subschema_for::<Name>(),
        "fields": { "type": "object", "additionalProperties": of.subschema_for::<Field>() },
        "arms": { "type": "array", "items": of.subschema_for::<Arm>() }
    },
    "required": ["id"],
    "additionalProperties": false
});

schema_of!(Field, "Field", |of| {
    "description": "Where the value comes from, and what it is where there is none.",
    "type": "object",
    "properties": {
        "attribute": of.subschema_for::<Name>(),
        "fact": of.subschema_for::<Name>(),
        "of": of.subschema_for::<FactKey>(),
        "is": of.subschema_for::<Literal>(),
        "default": of.subschema_for::<Literal>()
    },
    "oneOf": [{ "required": ["attribute"] }, { "required": ["fact"] }, { "required": ["is"] }],
    "additionalProperties": false
});

schema_of!(Arm, "Arm", |of| {
    "type": "object",
    "properties": {
        "id": of.subschema_for::<Name>(),
        "weight": { "type": "integer", "minimum": 1, "maximum": u32::MAX },
        "content": of.subschema_for::<Name>()
    },
    "required": ["id"],
    "additionalProperties": false
});

schema_of!(Style, "Style", |of| {
    "description": "How it is said: per key the first that fits.",
    "type": "object",
    "properties": {
        "when": of.subschema_for::<Condition>(),
        "set": { "type": "object", "additionalProperties": of.subschema_for::<Literal>(), "minProperties": 1 }
    },
    "required": ["set"],
    "additionalProperties": false
});
