//! Counting what cases and decisions reach.

use super::census::{Labels, list, put};
use super::clock;
use serde_json::Value;
use std::collections::BTreeSet;

pub fn of_case(book: &Value, case: &Value, labels: &mut Labels) {
    let customer = &case["customer"];
    if customer["time_zone"].is_null() {
        put(labels, "customer without zone");
    }
    if customer["purchases"].is_null() {
        put(labels, "customer without purchases");
    }
    if customer["active_hours"].is_array() {
        put(labels, "customer active_hours");
    }
    put(
        labels,
        format!(
            "customer senders {}",
            ["0", "1"]
                .get(list(&customer["senders"]).len())
                .unwrap_or(&"many")
        ),
    );
    if list(&customer["tags"]).iter().any(Value::is_object) {
        put(labels, "customer interval tag");
    }
    if customer["attributes"]
        .as_object()
        .is_some_and(|map| map.values().any(Value::is_null))
    {
        put(labels, "customer null");
    }
    let now = case["now"].as_str().and_then(clock::instant).unwrap_or_default();
    if now % clock::SECOND != 0 {
        put(labels, "now fraction");
    }
    let mut spans = BTreeSet::new();
    durations(book, &mut spans);
    let history = list(&case["history"]);
    put(
        labels,
        format!(
            "history {}",
            match history.len() {
                0 => "0",
                1..=3 => "1-3",
                4..=8 => "4-8",
                _ => "flood",
            }
        ),
    );
    for entry in history {
        let at = entry["at"].as_str().and_then(clock::instant).unwrap_or_default();
        let status = entry["status"].as_str().unwrap_or("sent");
        put(labels, format!("history status {status}"));
        if status == "scheduled" {
            put(
                labels,
                if at > now {
                    "history scheduled future"
                } else {
                    "history scheduled past"
                },
            );
        }
        if spans.contains(&(now - at).abs()) {
            put(labels, "history exact");
        }
        put(
            labels,
            if entry["campaign"].is_null() {
                "history without campaign"
            } else {
                "history of campaign"
            },
        );
        put(
            labels,
            if entry["occurrence"].is_null() {
                "history without occurrence"
            } else {
                "history of occurrence"
            },
        );
        if entry["campaign"] == "gone" || entry["channel"] == "pager" || entry["purpose"] == "gossip" {
            put(labels, "history undeclared");
        }
        if !entry["key"].is_null() {
            put(labels, "history key");
        }
        for response in list(&entry["responses"]) {
            let at = response["at"]
                .as_str()
                .and_then(clock::instant)
                .unwrap_or_default();
            put(
                labels,
                if at > now {
                    "history response future"
                } else {
                    "history response"
                },
            );
        }
    }
}

fn durations(value: &Value, spans: &mut BTreeSet<i64>) {
    match value {
        Value::Object(map) => map.values().for_each(|value| durations(value, spans)),
        Value::Array(list) => list.iter().for_each(|value| durations(value, spans)),
        Value::String(text) => spans.extend(clock::duration(text)),
        _ => {}
    }
}

pub fn of_decision(decision: &Value, labels: &mut Labels) {
    put(
        labels,
        format!("outcome {}", decision["outcome"].as_str().unwrap_or("none")),
    );
    for name in ["held_out", "observed"] {
        if !list(&decision[name]).is_empty() {
            put(labels, format!("decision {name}"));
        }
    }
    if !decision["recheck_at"].is_null() {
        put(labels, "decision recheck_at");
    }
    let touch = &decision["touch"];
    if !touch["arm"].is_null() {
        put(labels, "decision arm");
    }
    for name in ["style", "fields"] {
        if touch[name].as_object().is_some_and(|map| !map.is_empty()) {
            put(labels, format!("decision {name}"));
        }
    }
    for reason in list(&decision["reasons"]) {
        put(
            labels,
            format!("code {}", reason["code"].as_str().unwrap_or_default()),
        );
        if !reason["frees_at"].is_null() {
            put(labels, "decision frees_at");
        }
        if !list(&reason["missing"]).is_empty() {
            put(labels, "decision missing");
        }
        if reason["occurrence"].is_null() {
            put(labels, "decision anchor missing");
        }
    }
    put(
        labels,
        format!(
            "reasons {}",
            match list(&decision["reasons"]).len() {
                0 => "0",
                1..=2 => "1-2",
                3..=6 => "3-6",
                _ => "many",
            }
        ),
    );
}
