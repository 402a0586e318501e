//! The schema of a rulebook.

use super::{
    scalar::{Iana, Name},
    schema_of,
};
use crate::written::{
    calendar::UnknownTimeZone,
    campaign::Campaign,
    condition::Condition,
    duration::Duration,
    policy::PolicySource,
    rulebook::{Channel, ChannelConsent, FactDeclaration, Purpose, Rulebook, ValueType},
    tag::Tag,
    variant::Style,
};

schema_of!(Rulebook, "Rulebook", |of| {
    "title": "tactful rulebook",
    "description": "Everything a house says of whether, when and what it sends.",
    "type": "object",
    "properties": {
        "format": { "const": 1 },
        "time_zone": of.subschema_for::<Iana>(),
        "unknown_time_zone": of.subschema_for::<UnknownTimeZone>(),
        "look_ahead": of.subschema_for::<Duration>(),
        "attributes": { "type": "object", "additionalProperties": of.subschema_for::<ValueType>() },
        "facts": { "type": "object", "additionalProperties": of.subschema_for::<FactDeclaration>() },
        "tags": { "type": "array", "items": of.subschema_for::<Tag>() },
        "purposes": { "type": "array", "items": of.subschema_for::<Purpose>() },
        "channels": { "type": "object", "additionalProperties": of.subschema_for::<Channel>() },
        "policies": { "type": "array", "items": of.subschema_for::<PolicySource>() },
        "styles": { "type": "array", "items": of.subschema_for::<Style>() },
        "campaigns": { "type": "array", "items": of.subschema_for::<Campaign>() }
    },
    "required": ["format", "time_zone", "unknown_time_zone", "look_ahead", "purposes", "channels", "campaigns"],
    "additionalProperties": false
});

schema_of!(FactDeclaration, "FactDeclaration", |of| {
    "type": "object",
    "properties": { "type": of.subschema_for::<ValueType>(), "keyed": { "type": "boolean" } },
    "required": ["type"],
    "additionalProperties": false
});

schema_of!(Tag, "Tag", |of| {
    "description": "A name, for a tag that the host gives; or a name and when it is held.",
    "anyOf": [
        of.subschema_for::<Name>(),
        {
            "type": "object",
            "properties": { "tag": of.subschema_for::<Name>(), "when": of.subschema_for::<Condition>() },
            "required": ["tag", "when"],
            "additionalProperties": false
        }
    ]
});

schema_of!(Purpose, "Purpose", |of| {
    "description": "A name; with `\"consent\": \"none\"` it needs no consent, and gives way to nothing.",
    "anyOf": [
        of.subschema_for::<Name>(),
        {
            "type": "object",
            "properties": { "purpose": of.subschema_for::<Name>(), "consent": { "const": "none" } },
            "required": ["purpose"],
            "additionalProperties": false
        }
    ]
});

schema_of!(Channel, "Channel", |of| {
    "type": "object",
    "properties": { "consent": of.subschema_for::<ChannelConsent>() },
    "required": ["consent"],
    "additionalProperties": false
});
