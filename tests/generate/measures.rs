//! Tests that count touches and purchases.

use super::Dice;
use super::conditions::{Place, reference};
use super::world::{RESPONSES, SENDERS, World};
use serde_json::{Map, Value, json};

const COUNTS: &[i64] = &[1, 2, 3];

pub fn touches(dice: &mut Dice, world: &World, likely: bool) -> Value {
    let mut filter = Map::new();
    let members = dice.weighted(&[(45, 1), (40, 2), (15, 3)]);
    for member in dice.some(
        &[
            "within",
            "campaigns",
            "responses",
            "channels",
            "purposes",
            "status",
            "occurrences",
            "contents",
            "senders",
        ],
        members,
        members,
    ) {
        let value = match member {
            "within" => json!(world.span(dice)),
            "campaigns" => json!(unique(
                (0..1 + dice.below(2)).map(|_| world.campaign(dice)).collect()
            )),
            "responses" => json!(dice.some(RESPONSES, 1, 3)),
            "channels" => json!(dice.some(&world.channels, 1, 2)),
            "purposes" => json!(dice.some(&world.purposes, 1, 2)),
            "status" => json!(dice.some(&["sent", "scheduled", "failed", "cancelled", "held_out"], 1, 3)),
            "occurrences" => json!(dice.some(&["once", "core", "always", "year-1"], 1, 3)),
            "contents" => json!(dice.some(&[format!("{}-one", world.campaigns[0]), "tpl".to_owned()], 1, 2)),
            _ => json!(dice.some(SENDERS, 1, 2)),
        };
        filter.insert(member.into(), value);
    }
    let mut map = count(dice, world, likely);
    map.insert("touches".into(), Value::Object(filter));
    Value::Object(map)
}

fn unique(mut list: Vec<&'static str>) -> Vec<&'static str> {
    list.sort_unstable();
    list.dedup();
    list
}

/// Operators on a small whole number that is usually 0.
fn count(dice: &mut Dice, world: &World, likely: bool) -> Map<String, Value> {
    if dice.chance(3) {
        return Map::from_iter([(
            (if likely { "le" } else { "gt" }).to_owned(),
            reference(dice, world, Place::PLAIN, "integer"),
        )]);
    }
    let number = json!(dice.pick(COUNTS));
    Map::from_iter([
        match dice.weighted(&[(50, 0), (15, 1), (12, 2), (12, 3), (11, 4)]) {
            0 if likely => ("lt".to_owned(), number),
            0 => ("ge".to_owned(), number),
            1 => ((if likely { "le" } else { "gt" }).to_owned(), number),
            2 => ((if likely { "ne" } else { "eq" }).to_owned(), number),
            3 if likely => ("in".to_owned(), json!([0, 1, 3])),
            3 => ("in".to_owned(), json!([1, 2])),
            _ => ((if likely { "eq" } else { "gt" }).to_owned(), json!(0)),
        },
    ])
}

pub fn purchases(dice: &mut Dice, world: &World, likely: bool) -> Value {
    let amount = dice.chance(45);
    let mut map = if amount {
        Map::from_iter([match dice.weighted(&[(40, 0), (30, 1), (30, 2)]) {
            0 => (
                (if likely { "ge" } else { "gt" }).to_owned(),
                json!(if likely { 0.0 } else { 75.5 }),
            ),
            1 => ((if likely { "lt" } else { "ge" }).to_owned(), json!(38)),
            _ => (
                (if likely { "ne" } else { "in" }).to_owned(),
                if likely { json!(38.0) } else { json!([38.0, 0.3]) },
            ),
        }])
    } else {
        count(dice, world, likely)
    };
    if dice.chance(55) {
        map.insert("within".into(), json!(world.span(dice)));
    }
    map.insert("purchases".into(), json!(if amount { "amount" } else { "count" }));
    Value::Object(map)
}
