//! Reordering what must not matter.

use super::Dice;
use serde_json::Value;

/// The rulebook with its campaigns, policies, rules, tags, purposes, waves, scopes, filters, days and the members of
/// conditions in another order. Channels of a campaign, variants, arms, styles and zone lists keep theirs.
pub fn rulebook(dice: &mut Dice, book: &Value) -> Value {
    let mut book = book.clone();
    walk(dice, "", &mut book, &|parent, name| match name {
        "campaigns" | "policies" | "rules" | "tags" | "purposes" | "waves" | "add" | "all" | "any" | "in" => {
            true
        }
        "days" | "dates" | "days_of_month" | "months" | "occurrences" | "contents" | "senders"
        | "responses" | "status" => true,
        "occurrence" | "answered_by" => true,
        // a campaign's channels are in order of choice
        "channels" => matches!(parent, "scope" | "except" | "counting" | "touches"),
        _ => false,
    });
    book
}

/// The case with its history, responses, purchases and tags in another order. Senders keep theirs.
pub fn case(dice: &mut Dice, case: &Value) -> Value {
    let mut case = case.clone();
    walk(dice, "", &mut case, &|_, name| {
        matches!(name, "history" | "responses" | "purchases" | "tags")
    });
    case
}

fn walk(dice: &mut Dice, name: &str, value: &mut Value, free: &dyn Fn(&str, &str) -> bool) {
    match value {
        Value::Object(map) => {
            for (inner, value) in map.iter_mut() {
                if let Value::Array(list) = value
                    && free(name, inner)
                {
                    dice.shuffle(list);
                }
                walk(dice, inner, value, free);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| walk(dice, name, value, free)),
        _ => {}
    }
}

/// The document as text with the members of every object in another order.
pub fn text(dice: &mut Dice, value: &Value) -> String {
    let mut out = String::new();
    spell(dice, value, &mut out);
    out
}

fn spell(dice: &mut Dice, value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut members: Vec<_> = map.iter().collect();
            dice.shuffle(&mut members);
            out.push('{');
            for (i, (name, value)) in members.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                spell(dice, value, out);
            }
            out.push('}');
        }
        Value::Array(list) => {
            out.push('[');
            for (i, value) in list.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                spell(dice, value, out);
            }
            out.push(']');
        }
        other => out.push_str(&other.to_string()),
    }
}
