//! Schemas of single values.

use super::schema_of;
use crate::written::{
    calendar::{CalendarPeriod, LocalDateTime, LocalTime, UnknownTimeZone, Zone},
    condition::{Literal, Status},
    duration::Duration,
    percent::Percent,
    rulebook::{ChannelConsent, ValueType},
};

/// A name.
pub(super) struct Name;
/// Some names.
pub(super) struct Names;
/// An instant.
pub(super) struct At;
/// A date.
pub(super) struct Date;
/// A zone of the IANA database.
pub(super) struct Iana;
/// Days of the week.
pub(super) struct Weekdays;

schema_of!(Name, "Name", |of| { "type": "string", "minLength": 1 });
schema_of!(Names, "Names", |of| { "type": "array", "items": of.subschema_for::<Name>(), "minItems": 1 });
schema_of!(At, "Instant", |of| {
    "description": "An instant: RFC 3339 with offset.",
    "type": "string",
    "pattern": "^\\d{4}-\\d{2}-\\d{2}[Tt ]\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?([Zz]|[+-]\\d{2}:\\d{2})$"
});
schema_of!(Date, "Date", |of| { "type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}$" });
schema_of!(Iana, "TimeZone", |of| {
    "description": "A zone of the IANA database, such as `Asia/Shanghai`.",
    "type": "string",
    "minLength": 1
});
schema_of!(Duration, "Duration", |of| {
    "description": "A number and one of `s m h d w`; a day is 24 hours.",
    "type": "string",
    "pattern": "^-?\\d+(\\.\\d+)?[smhdw]$"
});
schema_of!(LocalTime, "LocalTime", |of| {
    "description": "A time of day; `24:00` as an end.",
    "type": "string",
    "pattern": "^\\d{2}:\\d{2}(:\\d{2})?$"
});
schema_of!(LocalDateTime, "LocalDateTime", |of| {
    "description": "A date and time on a wall clock, without offset.",
    "type": "string",
    "pattern": "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2})?$"
});
schema_of!(Zone, "Zone", |of| {
    "description": "`customer`, `house`, or a zone of the IANA database.",
    "type": "string",
    "minLength": 1
});
schema_of!(UnknownTimeZone, "UnknownTimeZone", |of| {
    "description": "The clock of a customer without a zone: the house's, none, or all of some.",
    "anyOf": [
        { "enum": ["house", "refrain"] },
        { "type": "array", "items": of.subschema_for::<Iana>(), "minItems": 1 }
    ]
});
schema_of!(Weekdays, "Weekdays", |of| {
    "type": "array",
    "items": { "enum": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] },
    "minItems": 1
});
schema_of!(CalendarPeriod, "CalendarPeriod", |of| { "enum": ["day", "week", "month", "year"] });
schema_of!(Literal, "Literal", |of| { "type": ["boolean", "number", "string"] });
schema_of!(Status, "Status", |of| { "enum": ["scheduled", "sent", "failed", "cancelled", "held_out"] });
schema_of!(Percent, "Percent", |of| {
    "description": "With at most two decimals.",
    "type": "number",
    "minimum": 0,
    "maximum": 100
});
schema_of!(ValueType, "ValueType", |of| {
    "enum": ["integer", "number", "string", "boolean", "date", "date-time"]
});
schema_of!(ChannelConsent, "ChannelConsent", |of| {
    "description": "Whether a customer must have agreed, must not have refused, or is not asked.",
    "enum": ["opt_in", "opt_out", "none"]
});
