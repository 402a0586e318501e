//! What is written beside what is decided.

use chrono::{DateTime, FixedOffset};

use crate::written::document::Document;

/// Everything in which what is decided is not as it is written. Of an object only the members that are written count;
/// lists have as many elements as are written; texts that are instants are compared as instants.
pub(super) fn differences(place: &str, wrote: &Document, decided: &Document, found: &mut Vec<String>) {
    match (wrote, decided) {
        (Document::Object(wrote), decided @ Document::Object(_)) => {
            for (name, wrote) in wrote {
                let place = format!("{place}.{name}");
                match decided.member(name) {
                    Some(decided) => differences(&place, wrote, decided, found),
                    None => found.push(format!(
                        "{place}: {} is written, but there is no such member",
                        wrote.shown()
                    )),
                }
            }
        }
        (Document::List(wrote), Document::List(decided)) => {
            if wrote.len() != decided.len() {
                found.push(format!(
                    "{place}: {} written, {} decided",
                    wrote.len(),
                    decided.len()
                ));
            }
            for (index, (wrote, decided)) in wrote.iter().zip(decided).enumerate() {
                differences(&format!("{place}[{index}]"), wrote, decided, found);
            }
            for (index, decided) in decided.iter().enumerate().skip(wrote.len()) {
                found.push(format!("{place}[{index}]: decided besides: {}", decided.shown()));
            }
            for (index, wrote) in wrote.iter().enumerate().skip(decided.len()) {
                found.push(format!("{place}[{index}]: not decided: {}", wrote.shown()));
            }
        }
        _ if same(wrote, decided) => {}
        _ => found.push(format!(
            "{place}: {} is written, {} is decided",
            wrote.shown(),
            beside(wrote, decided).shown()
        )),
    }
}

/// A value that is decided, told as one that is written: an instant with the same offset, so that the two can be read
/// side by side.
pub(super) fn beside(wrote: &Document, decided: &Document) -> Document {
    match (instant(wrote), instant(decided)) {
        (Some(wrote), Some(decided)) => {
            let told = decided.with_timezone(wrote.offset());
            Document::Text(told.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
        }
        _ => decided.clone(),
    }
}

fn instant(value: &Document) -> Option<DateTime<FixedOffset>> {
    match value {
        Document::Text(text) => DateTime::parse_from_rfc3339(text).ok(),
        _ => None,
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "a number that is not whole is near enough"
)]
pub(super) fn same(wrote: &Document, decided: &Document) -> bool {
    match (wrote, decided) {
        (Document::Integer(whole), Document::Number(number))
        | (Document::Number(number), Document::Integer(whole)) => *whole as f64 == *number,
        _ => match (instant(wrote), instant(decided)) {
            (Some(wrote), Some(decided)) => wrote == decided,
            _ => wrote == decided,
        },
    }
}
