//! English.

use super::{
    language::{ListWords, ReasonTemplates, Templates},
    what_if::WhatIfTemplates,
};
use crate::asked::decision::ReasonCode;

pub(crate) fn templates() -> Templates {
    Templates {
        name: "en".to_owned(),
        send: "Send {campaign} to {customer} now, {option}[ ({content})].".into(),
        wait: "Send {campaign} to {customer} on {time}, {option}[ ({content})]; ask again then.".into(),
        refrain: "Send nothing to {customer} for now; ask again [on {time}|when something has changed].".into(),
        planned: "Send {campaign} to {customer} on {time}, {option}[ ({content})].".into(),
        nothing_planned: "Nothing is planned for {customer}.".into(),
        held_out: concat!(
            "Do not send {campaign} to {customer}[ on {time}| now]: the customer is held out for measurement ",
            "({rules}). Record it as held out."
        )
        .into(),
        observed: concat!(
            "Only watching: [{rule} ({label})|a rule ({label})] would have refused {campaign}[ {option}]",
            "[ until {time}][ (we do not know {missing})]."
        )
        .into(),
        campaign: "`{campaign}`[ ({occurrence})]".into(),
        option: "by {channel}[ from {sender}]".into(),
        missing_name: "`{name}`".into(),
        list: ListWords {
            between: ", ".to_owned(),
            last: " and ".to_owned(),
        },
        time: "{weekday} {day} {month} {year} at {clock}[ (UTC{offset})]".into(),
        months: [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        .map(str::to_owned),
        weekdays: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].map(str::to_owned),
        values: " We looked at {values}.".into(),
        value: "[`{name}` of {of}|`{name}`][ = {value}| (not known)]".into(),
        what_if: WhatIfTemplates::english(),
        reasons: REASONS.iter().map(|&(code, label, sentence)| (code, reason(label, sentence))).collect(),
        other_reason: reason(
            "another reason",
            "{campaign} cannot go[ {option}| now]: {detail}[ until {time}][ (we do not know {missing})].",
        ),
    }
}

fn reason(label: &str, sentence: &str) -> ReasonTemplates {
    ReasonTemplates {
        label: label.into(),
        sentence: sentence.into(),
    }
}

const REASONS: &[(ReasonCode, &str, &str)] = &[
    (
        ReasonCode::NotScheduled,
        "not scheduled",
        "{campaign} is not scheduled now[; its schedule starts {time}][ (we do not know {missing})].",
    ),
    (
        ReasonCode::Spent,
        "already used",
        "{campaign} has already been used[ {option}][; it can go again from {time}].",
    ),
    (
        ReasonCode::Audience,
        "not in the audience",
        "{campaign} is not for this customer[ before {time}| now][ (we do not know {missing})].",
    ),
    (
        ReasonCode::Stopped,
        "stopped",
        "{campaign} has stopped for this customer[ until {time}][ (we do not know {missing})].",
    ),
    (
        ReasonCode::Consent,
        "no consent",
        "{campaign} cannot go[ {option}| now]: the customer has not agreed to it.",
    ),
    (
        ReasonCode::UnknownTimeZone,
        "unknown time zone",
        concat!(
            "{campaign} cannot go[ {option}| now]: we do not know the customer's time zone[, which {rule} needs]",
            "[, until {time}][ (nor do we know {missing})]."
        ),
    ),
    (
        ReasonCode::Forbidden,
        "forbidden",
        concat!(
            "{campaign} cannot go[ {option}| now]: [{rule} forbids it|it is forbidden][ until {time}]",
            "[ (we do not know {missing})]."
        ),
    ),
    (
        ReasonCode::Reaction,
        "hold after a reaction",
        concat!(
            "{campaign} cannot go[ {option}| now]: [{rule} holds it back|it is held back] because of how ",
            "the customer reacted[, until {time}][ (we do not know {missing})]."
        ),
    ),
    (
        ReasonCode::Quiet,
        "quiet time",
        concat!(
            "{campaign} cannot go[ {option}| now]: [{rule} keeps quiet time|it is quiet time][ until {time}]",
            "[ (we do not know {missing})]."
        ),
    ),
    (
        ReasonCode::Cap,
        "frequency cap",
        concat!(
            "{campaign} cannot go[ {option}| now]: [{rule} allows|the cap allows] no more[ until {time}]",
            "[ ({used} of {at_most} used)][ (we do not know {missing})]."
        ),
    ),
    (
        ReasonCode::Reserved,
        "reserved for a higher rank",
        "{campaign} cannot go[ {option}| now]: it would displace a touch that ranks higher[, until {time}].",
    ),
    (
        ReasonCode::NoVariant,
        "no variant fits",
        "{campaign} has nothing that fits this customer[ {option}][ before {time}][ (we do not know {missing})].",
    ),
    (
        ReasonCode::Holdout,
        "holdout",
        concat!(
            "{campaign} cannot go[ {option}| now]: [{rule} holds|we hold] the customer out for measurement",
            "[ until {time}][ (we do not know {missing})]."
        ),
    ),
    (
        ReasonCode::BetterTime,
        "waits for a better time",
        "{campaign} could go now, but waits for a better time[: {time}].",
    ),
    (
        ReasonCode::PreferredOption,
        "waits for a preferred option",
        "{campaign} could go now, but waits [to go {option}|for a preferred option][ on {time}].",
    ),
    (
        ReasonCode::Changed,
        "changed",
        "{campaign} would now say something else than was planned; decide again.",
    ),
];
