//! The schema of a case. What is missing may be left out, or null.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{
    scalar::{At, Iana, Name},
    schema_of,
};
use crate::written::{
    condition::{Literal, Status},
    customer::{Customer, HeldTag, Purchase},
    facts::{Case, FactValue, Facts},
    history::{HistoryEntry, Response},
};

/// Or null.
fn maybe<T: JsonSchema>(of: &mut SchemaGenerator) -> Schema {
    json_schema!({ "anyOf": [of.subschema_for::<T>(), { "type": "null" }] })
}

fn list<T: JsonSchema>(of: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": ["array", "null"], "items": of.subschema_for::<T>() })
}

schema_of!(Case, "Case", |of| {
    "title": "tactful case",
    "description": "A customer, what they got, what is true, and the time.",
    "type": "object",
    "properties": {
        "customer": of.subschema_for::<Customer>(),
        "history": { "type": "array", "items": of.subschema_for::<HistoryEntry>() },
        "facts": maybe::<Facts>(of),
        "now": of.subschema_for::<At>()
    },
    "required": ["customer", "history", "now"],
    "additionalProperties": false
});

schema_of!(Customer, "Customer", |of| {
    "type": "object",
    "properties": {
        "id": of.subschema_for::<Name>(),
        "time_zone": maybe::<Iana>(of),
        "tags": { "type": "array", "items": of.subschema_for::<HeldTag>() },
        "attributes": { "type": ["object", "null"], "additionalProperties": maybe::<Literal>(of) },
        "consent": {
            "description": "By channel, and by topic as `topic:…`.",
            "type": ["object", "null"],
            "additionalProperties": { "type": ["boolean", "null"] }
        },
        "senders": list::<Name>(of),
        "active_hours": {
            "description": "How often the customer was active, by local hour.",
            "type": ["array", "null"],
            "items": { "type": "integer", "minimum": 0 },
            "minItems": 24,
            "maxItems": 24
        },
        "purchases": list::<Purchase>(of)
    },
    "required": ["id", "tags"],
    "additionalProperties": false
});

schema_of!(HeldTag, "HeldTag", |of| {
    "anyOf": [
        of.subschema_for::<Name>(),
        {
            "type": "object",
            "properties": { "tag": of.subschema_for::<Name>(), "since": maybe::<At>(of), "until": maybe::<At>(of) },
            "required": ["tag"],
            "additionalProperties": false
        }
    ]
});

schema_of!(Purchase, "Purchase", |of| {
    "type": "object",
    "properties": { "at": of.subschema_for::<At>(), "amount": { "type": ["number", "null"] } },
    "required": ["at"],
    "additionalProperties": false
});

schema_of!(HistoryEntry, "HistoryEntry", |of| {
    "description": "A touch, past or scheduled.",
    "type": "object",
    "properties": {
        "at": of.subschema_for::<At>(),
        "channel": of.subschema_for::<Name>(),
        "purpose": of.subschema_for::<Name>(),
        "campaign": maybe::<Name>(of),
        "occurrence": maybe::<Name>(of),
        "sender": maybe::<Name>(of),
        "content": maybe::<Name>(of),
        "key": maybe::<Name>(of),
        "status": maybe::<Status>(of),
        "responses": list::<Response>(of),
        "extra": { "description": "Whatever the host keeps with it." }
    },
    "required": ["at", "channel", "purpose"],
    "additionalProperties": false
});

schema_of!(Response, "Response", |of| {
    "type": "object",
    "properties": { "kind": of.subschema_for::<Name>(), "at": of.subschema_for::<At>() },
    "required": ["kind", "at"],
    "additionalProperties": false
});

schema_of!(Facts, "Facts", |of| {
    "description": "What is true in the world, by name.",
    "type": "object",
    "additionalProperties": maybe::<FactValue>(of)
});

schema_of!(FactValue, "FactValue", |of| {
    "description": "A value, or values by key.",
    "anyOf": [
        of.subschema_for::<Literal>(),
        { "type": "object", "additionalProperties": maybe::<Literal>(of) }
    ]
});
