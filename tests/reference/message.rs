//! What a touch says: variant, arm, fields and style.

use super::condition::{Moment, Truth};
use super::identity::bucket;
use super::time;
use super::world::{Val, get, list, text};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

pub struct Chosen {
    pub variant: String,
    pub arm: Option<String>,
    pub content: Option<String>,
    pub fields: Map<String, Value>,
}

/// The first variant whose `when` is true and whose fields all resolve; else what is missing.
pub fn choose_variant(moment: &Moment) -> Result<Chosen, Vec<String>> {
    let campaign = moment.campaign.unwrap();
    let mut missing = BTreeSet::new();
    for variant in list(campaign.body, "variants") {
        let truth = moment.holds(get(variant, "when"));
        missing.extend(truth.missing());
        if truth != Truth::True {
            continue;
        }
        let mut fields = Map::new();
        let mut unresolved = false;
        for (name, field) in get(variant, "fields")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            match field_value(moment, field) {
                Ok(value) => drop(fields.insert(name.clone(), value)),
                Err(names) => {
                    unresolved = true;
                    missing.extend(names);
                }
            }
        }
        if !unresolved {
            let id = text(variant, "id").unwrap();
            let arm = choose_arm(moment, &format!("{}/{id}", campaign.id), list(variant, "arms"));
            let own = |of: &Value, key: &str| text(of, key).map(str::to_owned);
            let content = arm
                .and_then(|arm| own(arm, "content"))
                .or_else(|| own(variant, "content"));
            return Ok(Chosen {
                variant: id.to_owned(),
                arm: arm.and_then(|arm| own(arm, "id")),
                content,
                fields,
            });
        }
    }
    Err(missing.into_iter().collect())
}

/// The first arm with bucket × total < cumulative weight × 10000.
fn choose_arm<'v>(moment: &Moment, salt: &str, arms: &'v [Value]) -> Option<&'v Value> {
    let weight = |arm: &Value| u128::from(arm["weight"].as_u64().unwrap_or(1));
    let total: u128 = arms.iter().map(weight).sum();
    let bucket = u128::from(bucket(salt, text(moment.world.customer, "id").unwrap()));
    let mut cumulative = 0;
    arms.iter().find(|arm| {
        cumulative += weight(arm);
        bucket * total < cumulative * 10_000
    })
}

/// A date-time is printed as UTC, anything else as it came.
fn field_value(moment: &Moment, field: &Value) -> Result<Value, BTreeSet<String>> {
    if let Some(literal) = get(field, "is") {
        return Ok(literal.clone());
    }
    let read = match text(field, "attribute") {
        Some(name) => moment
            .attribute(name)
            .map(|value| (value, moment.world.customer["attributes"][name].clone())),
        None => moment
            .raw_fact(field)
            .and_then(|raw| Ok((moment.fact(field)?, raw.clone()))),
    };
    match (read, get(field, "default")) {
        (Ok((Val::At(at), _)), _) => Ok(time::print(at).into()),
        (Ok((_, raw)), _) => Ok(raw),
        (Err(_), Some(default)) => Ok(default.clone()),
        (Err(names), None) => Err(names),
    }
}

/// Per key the first style that matches.
pub fn style(moment: &Moment) -> Map<String, Value> {
    let mut style = Map::new();
    for rule in list(moment.world.rulebook, "styles") {
        if moment.holds(get(rule, "when")) == Truth::True {
            for (key, value) in rule["set"].as_object().unwrap() {
                style.entry(key.clone()).or_insert_with(|| value.clone());
            }
        }
    }
    style
}
