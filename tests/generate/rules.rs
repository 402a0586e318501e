//! Policies and rules: every effect, scope, count and window.

use super::conditions::{self, Place};
use super::world::{WEEKDAYS, World, object};
use super::{Dice, clock};
use serde_json::{Map, Value, json};

/// The policies of a house.
pub fn policies(dice: &mut Dice, world: &World, campaigns: &[Value]) -> Vec<Value> {
    let seeks = campaigns.iter().any(|campaign| campaign["timing"].is_object());
    let mut count: usize = dice.weighted(&[
        (6, 0),
        (14, 1),
        (20, 2),
        (20, 3),
        (15, 4),
        (10, 5),
        (8, 6),
        (7, 8),
    ]);
    let mut list = Vec::new();
    if seeks && dice.chance(85) {
        let mut prefer = preference(dice, world);
        prefer.insert("id".into(), json!("best"));
        list.push(Value::Object(prefer));
        count = count.saturating_sub(1);
    }
    for campaign in campaigns {
        if let Some(rule) = delay(dice, world, campaign) {
            list.push(rule);
            count = count.saturating_sub(1);
        }
    }
    for i in 0..count {
        list.push(rule(dice, world, Place::RULE, &format!("r{i}")));
    }
    dice.shuffle(&mut list);
    let mut policies = Vec::new();
    if !list.is_empty() && dice.chance(40) {
        let rest = list.split_off(list.len().div_ceil(2));
        if !rest.is_empty() {
            policies.push(json!({"id": "second", "rules": rest}));
        }
    }
    if !list.is_empty() {
        policies.insert(0, json!({"id": "house", "rules": list}));
    }
    policies
}

/// A rule that keeps the first channel of a patient campaign busy for a while, so that another could go before it.
fn delay(dice: &mut Dice, world: &World, campaign: &Value) -> Option<Value> {
    let channels = campaign["channels"]
        .as_array()
        .filter(|channels| channels.len() > 1)?;
    let id = campaign["id"].as_str()?;
    if campaign["patience"]
        .as_str()
        .is_none_or(|patience| patience == "none")
        || !dice.chance(50)
    {
        return None;
    }
    let then = if dice.chance(60) {
        let mut quiet = Map::new();
        window(dice, world, &mut quiet, 0);
        json!({"quiet": quiet})
    } else {
        json!({"cap": {"at_most": 1, "per": world.span(dice), "counting": {"channels": [channels[0]]}}})
    };
    let mut scope = json!({"channels": [channels[0]]});
    if dice.chance(40) {
        scope["campaigns"] = json!([id]);
    }
    Some(json!({"id": format!("busy-{id}"), "scope": scope, "then": then}))
}

/// One rule.
pub fn rule(dice: &mut Dice, world: &World, place: Place, id: &str) -> Value {
    let kind = if !world.theme.is_empty() && dice.chance(45) {
        world.theme
    } else {
        dice.weighted(&[
            (38, "cap"),
            (17, "quiet"),
            (13, "react"),
            (11, "forbid"),
            (10, "prefer"),
            (11, "holdout"),
        ])
    };
    let mut map = match kind {
        "prefer" => preference(dice, world),
        "holdout" => holdout(dice, world, place),
        _ => restraint(dice, world, place, kind),
    };
    map.insert("id".into(), json!(id));
    if dice.chance(10) {
        map.insert("note".into(), json!("客户要求"));
    }
    Value::Object(map)
}

fn restraint(dice: &mut Dice, world: &World, place: Place, kind: &str) -> Map<String, Value> {
    let mut map = Map::new();
    scoped(dice, world, &mut map, true);
    let (then, plain, likely) = match kind {
        "cap" => (json!({"cap": cap(dice, world)}), 75, 85),
        "quiet" => {
            let mut quiet = Map::new();
            window(dice, world, &mut quiet, 20);
            (json!({"quiet": quiet}), 72, 80)
        }
        "react" => (json!({"react": reaction(dice, world)}), 78, 85),
        _ => (json!("forbid"), 4, 12),
    };
    map.insert("then".into(), then);
    if !dice.chance(plain) {
        let likely = dice.chance(likely);
        let depth = dice.weighted(&[(60, 0), (25, 1), (15, 2)]);
        map.insert(
            "when".into(),
            conditions::condition(dice, world, place, likely, depth),
        );
    }
    if dice.chance(13) {
        map.insert("observe".into(), json!(true));
    }
    map
}

fn preference(dice: &mut Dice, world: &World) -> Map<String, Value> {
    let mut prefer = Map::new();
    if dice.chance(36) {
        prefer.insert("active_hours".into(), json!(true));
        if dice.chance(75) {
            prefer.insert("at_least".into(), json!(*dice.pick(&[10, 40, 1])));
        }
        if let Some(zone) = world.zone(dice) {
            prefer.insert("zone".into(), json!(zone));
        }
    } else {
        window(dice, world, &mut prefer, 35);
    }
    if dice.chance(60) {
        prefer.insert("weight".into(), json!(*dice.pick(&[3, 1, 2, 5, 10, 1_000_000])));
    }
    let mut map = Map::new();
    if dice.chance(25) {
        scoped(dice, world, &mut map, true);
    }
    map.insert("then".into(), json!({"prefer": prefer}));
    if dice.chance(24) {
        let when = if dice.chance(40) {
            conditions::doubtful(dice, world)
        } else {
            conditions::condition(dice, world, Place::RULE, true, 1)
        };
        map.insert("when".into(), when);
    }
    map
}

fn holdout(dice: &mut Dice, world: &World, place: Place) -> Map<String, Value> {
    let percent = dice.weighted(&[
        (30, "50"),
        (12, "0"),
        (20, "100"),
        (10, "12.5"),
        (10, "5"),
        (18, "33.33"),
    ]);
    let mut map = Map::new();
    scoped(dice, world, &mut map, false);
    map.insert(
        "then".into(),
        json!({"holdout": {"percent": number(percent), "salt": *dice.pick(&["2026", "盐", "s"])}}),
    );
    match dice.weighted(&[(35, 0), (45, 1), (20, 2)]) {
        0 => {}
        1 => {
            map.insert("when".into(), conditions::doubtful(dice, world));
        }
        _ => {
            map.insert("when".into(), conditions::condition(dice, world, place, true, 1));
        }
    }
    map
}

fn number(text: &str) -> Value {
    match text.parse::<i64>() {
        Ok(whole) => json!(whole),
        Err(_) => json!(text.parse::<f64>().unwrap_or_default()),
    }
}

/// The dimensions of a scope, an exception or a count.
fn dimensions(dice: &mut Dice, world: &World, channels: bool) -> Map<String, Value> {
    let names: &[&str] = if channels {
        &["purposes", "channels", "campaigns"]
    } else {
        &["purposes", "campaigns"]
    };
    let mut map = Map::new();
    let most = dice.weighted(&[(80, 1), (20, 2)]);
    for name in dice.some(names, most, most) {
        let list = match name {
            "purposes" => dice.some(&world.purposes, 1, 3),
            "channels" => dice.some(&world.channels, 1, 2),
            _ => {
                let mut list = dice.some(&world.campaigns, 1, 3);
                if dice.chance(5) {
                    list.push("gone");
                }
                list
            }
        };
        map.insert(name.to_owned(), json!(list));
    }
    map
}

fn scoped(dice: &mut Dice, world: &World, map: &mut Map<String, Value>, channels: bool) {
    if dice.chance(50) {
        map.insert("scope".into(), Value::Object(dimensions(dice, world, channels)));
    }
    if dice.chance(28) {
        let except = if dice.chance(50) {
            Value::Object(dimensions(dice, world, channels))
        } else {
            json!({"purposes": ["reply"]})
        };
        map.insert("except".into(), except);
    }
}

/// What counts: everything, or a scope that may hold an exception.
fn counting(dice: &mut Dice, world: &World) -> Option<Value> {
    match dice.weighted(&[(52, 0), (18, 1), (18, 2), (10, 3), (2, 4)]) {
        0 => None,
        1 => Some(json!("all")),
        2 => Some(Value::Object(dimensions(dice, world, true))),
        3 => {
            let mut map = dimensions(dice, world, true);
            map.insert("except".into(), Value::Object(dimensions(dice, world, true)));
            Some(Value::Object(map))
        }
        _ => Some(json!({"except": dimensions(dice, world, true)})),
    }
}

/// The period of a cap or of a repeat, with its `at_most` and zone.
pub fn period(dice: &mut Dice, world: &World, low: bool) -> Map<String, Value> {
    let per = dice.weighted(&[
        (46, ""),
        (20, "day"),
        (9, "week"),
        (13, "month"),
        (5, "year"),
        (7, "lifetime"),
    ]);
    let per = if per.is_empty() { world.span(dice) } else { per };
    let at_most = if per == "month" && dice.chance(35) {
        json!("days_in_month")
    } else if low && dice.chance(4) {
        json!(0)
    } else {
        let few = matches!(per, "year" | "lifetime" | "month");
        json!(if few {
            1 + dice.weighted(&[(30, 0), (35, 1), (35, 3)])
        } else {
            dice.weighted(&[(58, 1), (28, 2), (14, 3)])
        })
    };
    let mut map = Map::from_iter([("at_most".to_owned(), at_most), ("per".to_owned(), json!(per))]);
    if matches!(per, "day" | "week" | "month" | "year")
        && let Some(zone) = world.zone(dice)
    {
        map.insert("zone".into(), json!(zone));
    }
    map
}

fn cap(dice: &mut Dice, world: &World) -> Value {
    let mut cap = period(dice, world, true);
    if let Some(counting) = counting(dice, world) {
        cap.insert("counting".into(), counting);
    }
    if dice.chance(30) {
        cap.insert(
            "grouped_by".into(),
            json!(*dice.pick(&["channel", "content", "campaign", "purpose", "sender", "content"])),
        );
    }
    Value::Object(cap)
}

/// A window of the wall clock with its days and zone.
fn window(dice: &mut Dice, world: &World, into: &mut Map<String, Value>, days: usize) {
    let whole = dice.chance(6);
    if !whole {
        world.window(dice, into);
    }
    if whole || dice.chance(days) {
        into.insert("days".into(), json!(world.weekdays(dice)));
    }
    if dice.chance(16) {
        let mut dates: Vec<String> = (0..1 + dice.below(2))
            .map(|_| world.day(dice).to_string())
            .collect();
        dates.sort();
        dates.dedup();
        into.insert("dates".into(), json!(dates));
        if dice.chance(40) {
            // a day counts if it is in either list
            into.insert("days".into(), json!([*dice.pick(WEEKDAYS)]));
        }
    }
    if let Some(zone) = world.zone(dice) {
        into.insert("zone".into(), json!(zone));
    }
}

/// The longer of two of the rulebook's durations.
fn long(dice: &mut Dice, world: &World) -> &'static str {
    let (a, b) = (world.span(dice), world.span(dice));
    if clock::duration(a) >= clock::duration(b) {
        a
    } else {
        b
    }
}

fn reaction(dice: &mut Dice, world: &World) -> Value {
    let ignored = dice.chance(55);
    let in_a_row = ignored && dice.chance(55);
    object(vec![
        (
            "to",
            Some(json!(if ignored {
                "ignored"
            } else {
                *dice.pick(&["complained", "clicked", "blocked", "purchased", "read"])
            })),
        ),
        (
            "at_least",
            dice.chance(40)
                .then(|| json!(dice.weighted(&[(60, 2), (20, 1), (20, 3)]))),
        ),
        ("within", dice.chance(45).then(|| json!(world.span(dice)))),
        (
            "hold",
            Some(json!(if dice.chance(18) {
                "forever"
            } else {
                long(dice, world)
            })),
        ),
        ("counting", counting(dice, world)),
        ("after", ignored.then(|| json!(world.span(dice)))),
        ("in_a_row", in_a_row.then_some(Value::Bool(true))),
        (
            "answered_by",
            (ignored && dice.chance(30)).then(|| json!(dice.some(&["read", "clicked", "replied"], 1, 2))),
        ),
    ])
}
