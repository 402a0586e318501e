//! Counting what the generated documents and their decisions reach.

use super::census_cases::{of_case, of_decision};
use super::clock;
use super::floors::FLOORS;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// How often each thing was seen, in decisions.
#[derive(Clone, Debug, Default)]
pub struct Census {
    decisions: usize,
    seen: BTreeMap<String, usize>,
}

impl Census {
    /// Counts a rulebook, a case and what was decided.
    pub fn add(&mut self, rulebook: &Value, case: &Value, decision: &Value) {
        let mut labels = BTreeSet::new();
        of_rulebook(rulebook, &mut labels);
        of_case(rulebook, case, &mut labels);
        of_decision(decision, &mut labels);
        self.decisions += 1;
        for label in labels {
            *self.seen.entry(label).or_default() += 1;
        }
    }

    /// Adds what another one has counted.
    pub fn join(&mut self, other: &Census) {
        self.decisions += other.decisions;
        for (label, count) in &other.seen {
            *self.seen.entry(label.clone()).or_default() += count;
        }
    }

    pub fn decisions(&self) -> usize {
        self.decisions
    }

    /// The share of decisions in which this was seen, in percent.
    pub fn share(&self, label: &str) -> f64 {
        self.seen.get(label).copied().unwrap_or(0) as f64 * 100.0 / self.decisions.max(1) as f64
    }

    /// All shares, one a line.
    pub fn table(&self) -> String {
        let mut out = format!("{} decisions\n", self.decisions);
        for label in self.seen.keys() {
            let floor = FLOORS
                .iter()
                .find(|(name, _)| name == label)
                .map_or(String::new(), |(_, floor)| format!("  (at least {floor})"));
            let _ = writeln!(out, "{:6.2} %  {label}{floor}", self.share(label));
        }
        out
    }

    /// What is rarer than it has to be.
    pub fn short(&self) -> Vec<String> {
        let lacks = |(label, floor): &&(&str, f64)| self.share(label) < *floor;
        FLOORS
            .iter()
            .filter(lacks)
            .map(|(label, floor)| format!("{label}: {:.2} % of at least {floor} %", self.share(label)))
            .collect()
    }

    /// Panics with the table when something is rarer than it has to be. Meant for 1,000 decisions and more.
    pub fn assert_healthy(&self) {
        let short = self.short();
        assert!(
            short.is_empty(),
            "{}\ntoo rare:\n{}",
            self.table(),
            short.join("\n")
        );
    }
}

pub type Labels = BTreeSet<String>;

pub fn put(labels: &mut Labels, label: impl Into<String>) {
    labels.insert(label.into());
}

pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn zone(labels: &mut Labels, of: &str, value: &Value) {
    put(
        labels,
        match value.as_str() {
            None => format!("{of} zone default"),
            Some(kind @ ("customer" | "house")) => format!("{of} zone {kind}"),
            Some(_) => format!("{of} zone named"),
        },
    );
}

fn of_rulebook(book: &Value, labels: &mut Labels) {
    put(
        labels,
        format!(
            "unknown_time_zone {}",
            book["unknown_time_zone"].as_str().unwrap_or("list")
        ),
    );
    put(
        labels,
        format!("house {}", book["time_zone"].as_str().unwrap_or_default()),
    );
    let ahead = book["look_ahead"]
        .as_str()
        .and_then(clock::duration)
        .unwrap_or_default();
    put(
        labels,
        format!(
            "look_ahead {}",
            if ahead == 0 {
                "0"
            } else if ahead <= 7 * clock::DAY {
                "to 7d"
            } else {
                "longer"
            }
        ),
    );
    put(labels, format!("campaigns {}", list(&book["campaigns"]).len()));
    put(
        labels,
        format!(
            "channels {}",
            book["channels"].as_object().map_or(0, |map| map.len())
        ),
    );
    let derived: Vec<&Value> = list(&book["tags"]).iter().filter(|tag| tag.is_object()).collect();
    for tag in &derived {
        put(labels, "tag derived");
        condition(labels, &tag["when"]);
        let when = tag["when"].to_string();
        if derived
            .iter()
            .any(|other| when.contains(&format!("\"tag\":{}", other["tag"])))
        {
            put(labels, "tag chain");
        }
    }
    for style in list(&book["styles"]) {
        put(labels, "styles");
        condition(labels, &style["when"]);
    }
    for rule in list(&book["policies"])
        .iter()
        .flat_map(|policy| list(&policy["rules"]))
    {
        of_rule(labels, rule);
    }
    list(&book["campaigns"])
        .iter()
        .for_each(|campaign| of_campaign(labels, campaign));
}

fn of_campaign(labels: &mut Labels, campaign: &Value) {
    for name in ["reserve", "stop_when", "score", "topic", "audience", "priority"] {
        if !campaign[name].is_null() {
            put(labels, format!("campaign {name}"));
        }
    }
    condition(labels, &campaign["audience"]);
    condition(labels, &campaign["stop_when"]);
    list(&campaign["score"]["add"])
        .iter()
        .for_each(|add| condition(labels, &add["when"]));
    put(
        labels,
        format!("patience {}", campaign["patience"].as_str().unwrap_or("none")),
    );
    if let Some(period) = campaign["timing"]["best_in"].as_str() {
        put(labels, format!("best_in {period}"));
    }
    for rule in list(&campaign["rules"]) {
        put(labels, "rule of campaign");
        of_rule(labels, rule);
    }
    let schedule = &campaign["schedule"];
    let kind = ["between", "after", "on", "waves"]
        .into_iter()
        .find(|kind| !schedule[kind].is_null());
    match (kind, schedule["every"].as_str()) {
        (Some(kind), _) => put(labels, format!("schedule {kind}")),
        (None, Some(unit)) => put(labels, format!("schedule every {unit}")),
        _ => put(labels, "schedule always"),
    }
    if [&schedule["after"], &schedule["of"]]
        .iter()
        .any(|name| name.as_str().is_some_and(|name| name.starts_with("purchases.")))
    {
        put(labels, "schedule purchases");
    }
    if !matches!(kind, Some("after")) && !schedule.is_null() {
        zone(labels, "schedule", &schedule["zone"]);
    }
    for wave in list(&schedule["waves"])
        .iter()
        .filter(|wave| !wave["audience"].is_null())
    {
        put(labels, "wave audience");
        condition(labels, &wave["audience"]);
    }
    let repeat = &campaign["repeat"];
    if let Some(per) = repeat["per"].as_str() {
        put(
            labels,
            match per {
                "day" | "week" | "month" | "year" => "repeat calendar",
                "lifetime" => "repeat lifetime",
                _ => "repeat rolling",
            },
        );
        put(
            labels,
            if repeat["gap"] == "0s" {
                "repeat gap 0"
            } else {
                "repeat gap"
            },
        );
        if !repeat["grouped_by"].is_null() {
            put(labels, "repeat grouped_by");
        }
    }
    for variant in list(&campaign["variants"]) {
        if !variant["when"].is_null() {
            put(labels, "variant when");
            condition(labels, &variant["when"]);
        }
        if !variant["arms"].is_null() {
            put(labels, "variant arms");
        }
        for field in variant["fields"]
            .as_object()
            .into_iter()
            .flat_map(|fields| fields.values())
        {
            put(
                labels,
                if field["default"].is_null() {
                    "field"
                } else {
                    "field default"
                },
            );
            put(
                labels,
                if field["is"].is_null() {
                    "field read"
                } else {
                    "field is"
                },
            );
            of(labels, field);
        }
    }
}

fn of_rule(labels: &mut Labels, rule: &Value) {
    let then = &rule["then"];
    let kind = then
        .as_str()
        .or_else(|| then.as_object()?.keys().next().map(String::as_str))
        .unwrap_or_default()
        .to_owned();
    put(labels, format!("then {kind}"));
    for name in ["observe", "scope", "except", "when"] {
        if !rule[name].is_null() {
            put(labels, format!("rule {name}"));
        }
    }
    for (name, _) in rule["scope"].as_object().into_iter().flatten() {
        put(labels, format!("scope {name}"));
    }
    condition(labels, &rule["when"]);
    let effect = &then[&kind];
    if let Some(group) = effect["grouped_by"].as_str() {
        put(labels, format!("grouped_by {group}"));
    }
    match &effect["counting"] {
        Value::Null => {}
        Value::String(_) => put(labels, "counting all"),
        scope if scope["except"].is_object() => put(labels, "counting except"),
        _ => put(labels, "counting scope"),
    }
    match kind.as_str() {
        "cap" => {
            let per = effect["per"].as_str().unwrap_or_default();
            let calendar = matches!(per, "day" | "week" | "month" | "year");
            put(
                labels,
                format!(
                    "cap per {}",
                    if calendar || per == "lifetime" {
                        per
                    } else {
                        "rolling"
                    }
                ),
            );
            put(
                labels,
                format!(
                    "cap at_most {}",
                    effect["at_most"]
                        .as_str()
                        .map_or(effect["at_most"].to_string(), str::to_owned)
                ),
            );
            if calendar {
                zone(labels, "cap", &effect["zone"]);
            }
        }
        "quiet" => {
            zone(labels, "quiet", &effect["zone"]);
            let wall = |name: &str, other: &str| {
                clock::wall(effect[name].as_str().unwrap_or(other)).unwrap_or_default()
            };
            if wall("from", "00:00") > wall("to", "24:00") {
                put(labels, "quiet wraps");
            }
            for name in ["days", "dates"] {
                if !effect[name].is_null() {
                    put(labels, format!("quiet {name}"));
                }
            }
        }
        "react" => {
            put(
                labels,
                if effect["to"] == "ignored" {
                    "react ignored"
                } else {
                    "react response"
                },
            );
            for name in ["in_a_row", "at_least", "within", "answered_by", "counting"] {
                if !effect[name].is_null() {
                    put(labels, format!("react {name}"));
                }
            }
            if effect["hold"] == "forever" {
                put(labels, "react forever");
            }
        }
        "prefer" => put(
            labels,
            if effect["active_hours"].is_null() {
                "prefer window"
            } else {
                "prefer active_hours"
            },
        ),
        "holdout" => {
            let percent = effect["percent"].as_f64().unwrap_or_default();
            put(
                labels,
                format!(
                    "holdout {}",
                    if percent.fract() != 0.0 {
                        "fraction".to_owned()
                    } else {
                        percent.to_string()
                    }
                ),
            );
            if !rule["when"].is_null() {
                put(labels, "holdout when");
            }
        }
        _ => {}
    }
}

fn of(labels: &mut Labels, node: &Value) {
    match &node["of"] {
        Value::Null => {}
        Value::String(key) => put(labels, format!("of {key}")),
        key => put(
            labels,
            if key["is"].is_null() {
                "of attribute"
            } else {
                "of is"
            },
        ),
    }
}

fn condition(labels: &mut Labels, node: &Value) {
    let Some(map) = node.as_object() else { return };
    let forms = [
        "all",
        "any",
        "not",
        "tag",
        "attribute",
        "fact",
        "elapsed",
        "touches",
        "purchases",
        "occurrence",
        "score",
    ];
    if let Some(form) = forms.into_iter().find(|form| map.contains_key(*form)) {
        put(labels, format!("condition {form}"));
    }
    for name in ["all", "any"] {
        list(&node[name])
            .iter()
            .for_each(|inner| condition(labels, inner));
    }
    condition(labels, &node["not"]);
    of(labels, node);
    if let Some(kind) = node["purchases"].as_str() {
        put(labels, format!("purchases {kind}"));
    }
    if node["elapsed"].is_object() {
        put(labels, "elapsed fact");
        of(labels, &node["elapsed"]);
    }
    if node["elapsed"]
        .as_str()
        .is_some_and(|name| name.starts_with("purchases."))
    {
        put(labels, "elapsed purchases");
    }
    for (member, _) in node["touches"].as_object().into_iter().flatten() {
        put(labels, format!("filter {member}"));
    }
    for operator in ["eq", "ne", "lt", "le", "gt", "ge", "in", "present"] {
        let Some(side) = map.get(operator) else { continue };
        put(labels, format!("operator {operator}"));
        put(
            labels,
            match side {
                Value::Object(side) if side.contains_key("attribute") => "operand attribute",
                Value::Object(_) => "operand fact",
                _ => "operand literal",
            },
        );
        of(labels, side);
    }
}
