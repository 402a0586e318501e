//! Schemas of answers.

use super::{
    scalar::{At, Name},
    schema_of,
};
use crate::{
    asked::decision::{Agenda, Decision, HeldOut, Outcome, Reason, ReasonCode, Touch},
    written::{campaign::Value, condition::Literal},
};

schema_of!(Decision, "Decision", |of| {
    "title": "tactful decision",
    "type": "object",
    "properties": {
        "customer": of.subschema_for::<Name>(),
        "outcome": of.subschema_for::<Outcome>(),
        "touch": { "anyOf": [of.subschema_for::<Touch>(), { "type": "null" }] },
        "until": { "description": "When to ask again, with `wait`.", "anyOf": [of.subschema_for::<At>(), { "type": "null" }] },
        "recheck_at": { "description": "When to ask again, with `refrain`.", "anyOf": [of.subschema_for::<At>(), { "type": "null" }] },
        "held_out": { "type": "array", "items": of.subschema_for::<HeldOut>() },
        "observed": { "type": "array", "items": of.subschema_for::<Reason>() },
        "reasons": { "type": "array", "items": of.subschema_for::<Reason>() }
    },
    "required": ["customer", "outcome", "touch", "until", "recheck_at", "held_out", "observed", "reasons"],
    "additionalProperties": false
});

schema_of!(Agenda, "Agenda", |of| {
    "title": "tactful agenda",
    "type": "object",
    "properties": {
        "customer": of.subschema_for::<Name>(),
        "touches": { "type": "array", "items": of.subschema_for::<Touch>() },
        "held_out": { "type": "array", "items": of.subschema_for::<HeldOut>() },
        "reasons": { "type": "array", "items": of.subschema_for::<Reason>() }
    },
    "required": ["customer", "touches", "held_out", "reasons"],
    "additionalProperties": false
});

schema_of!(Outcome, "Outcome", |of| { "enum": ["send", "wait", "refrain"] });

schema_of!(Touch, "Touch", |of| {
    "description": "One message: what, over which channel, by whom, when.",
    "type": "object",
    "properties": {
        "key": { "description": "128 bits: the same on every retry.", "type": "string", "pattern": "^[0-9a-f]{32}$" },
        "campaign": of.subschema_for::<Name>(),
        "occurrence": of.subschema_for::<Name>(),
        "channel": of.subschema_for::<Name>(),
        "sender": { "type": ["string", "null"] },
        "variant": of.subschema_for::<Name>(),
        "arm": { "type": ["string", "null"] },
        "content": { "type": ["string", "null"] },
        "fields": { "type": "object", "additionalProperties": of.subschema_for::<Literal>() },
        "style": { "type": "object", "additionalProperties": of.subschema_for::<Literal>() },
        "purpose": of.subschema_for::<Name>(),
        "value": of.subschema_for::<Value>(),
        "score": { "type": "integer" },
        "at": of.subschema_for::<At>()
    },
    "required": ["key", "campaign", "occurrence", "channel", "sender", "variant", "arm", "content", "fields", "style",
                 "purpose", "value", "score", "at"],
    "additionalProperties": false
});

schema_of!(HeldOut, "HeldOut", |of| {
    "description": "A touch that a holdout keeps back: the host records it as held out.",
    "type": "object",
    "properties": {
        "touch": of.subschema_for::<Touch>(),
        "rules": { "type": "array", "items": of.subschema_for::<Name>(), "minItems": 1 }
    },
    "required": ["touch", "rules"],
    "additionalProperties": false
});

schema_of!(Reason, "Reason", |of| {
    "description": "A rule or gate that refuses, and the instant at which it frees.",
    "type": "object",
    "properties": {
        "campaign": of.subschema_for::<Name>(),
        "occurrence": { "type": ["string", "null"] },
        "channel": { "type": ["string", "null"] },
        "sender": { "type": ["string", "null"] },
        "code": of.subschema_for::<ReasonCode>(),
        "rule": { "type": ["string", "null"] },
        "frees_at": { "anyOf": [of.subschema_for::<At>(), { "type": "null" }] },
        "missing": { "type": "array", "items": of.subschema_for::<Name>() },
        "detail": { "type": "string" }
    },
    "required": ["campaign", "occurrence", "channel", "sender", "code", "rule", "frees_at", "missing", "detail"],
    "additionalProperties": false
});

schema_of!(ReasonCode, "ReasonCode", |of| {
    "description": "What refuses; later versions may have more.",
    "enum": ReasonCode::ALL
});
