//! Campaigns: schedules, timing, scores, repeats, variants and their own rules.

use super::conditions::{self, Place};
use super::world::{CITIES, TOPICS, World, object};
use super::{Dice, clock, rules};
use chrono::{Datelike, NaiveTime, TimeDelta};
use serde_json::{Map, Value, json};

/// One campaign.
pub fn campaign(dice: &mut Dice, world: &World, id: &str) -> Value {
    let purpose = if dice.chance(10) {
        "reply"
    } else {
        world.purposes[1 + dice.below(world.purposes.len() - 1)]
    };
    let likely = !dice.chance(8);
    let depth = dice.weighted(&[(60, 0), (25, 1), (15, 2)]);
    let audience = dice.chance(60).then(|| audience(dice, world, likely, depth));
    let schedule = schedule(dice, world);
    let least = 1 + dice.below(2);
    let channels = dice.some(&world.channels, least, 3);
    let period = |dice: &mut Dice| *dice.pick(&["day", "week", "occurrence"]);
    object(vec![
        ("id", Some(json!(id))),
        ("purpose", Some(json!(purpose))),
        (
            "value",
            Some(json!(*dice.pick(&[
                "save",
                "earn",
                "knowledge",
                "experience",
                "local",
                "service"
            ]))),
        ),
        ("topic", dice.chance(22).then(|| json!(dice.pick(TOPICS)))),
        (
            "priority",
            dice.chance(55).then(|| json!(*dice.pick(&[10, 50, 0, -5]))),
        ),
        ("audience", audience),
        ("schedule", schedule),
        ("channels", Some(json!(channels))),
        (
            "patience",
            dice.chance(50)
                .then(|| json!(if dice.chance(90) { period(dice) } else { "none" })),
        ),
        ("score", dice.chance(40).then(|| score(dice, world))),
        (
            "timing",
            dice.chance(50).then(|| {
                if dice.chance(80) {
                    json!({"best_in": period(dice)})
                } else {
                    json!("asap")
                }
            }),
        ),
        ("stop_when", dice.chance(20).then(|| stop_when(dice, world, id))),
        ("repeat", dice.chance(48).then(|| repeat(dice, world))),
        (
            "reserve",
            dice.chance(42)
                .then(|| json!(*dice.pick(&["1d", "0s", "7d", "12h", "2d", "6h", "0s", world.spans[0]]))),
        ),
        ("variants", Some(variants(dice, world, id))),
        ("rules", dice.chance(25).then(|| own_rules(dice, world))),
    ])
}

fn own_rules(dice: &mut Dice, world: &World) -> Value {
    (0..1 + dice.weighted(&[(75, 0), (25, 1)]))
        .map(|i| rules::rule(dice, world, Place::CAMPAIGN_RULE, &format!("own{i}")))
        .collect()
}

/// A condition that leaves some customers in doubt and lets most in.
fn audience(dice: &mut Dice, world: &World, likely: bool, depth: usize) -> Value {
    if dice.chance(18) {
        return conditions::doubtful(dice, world);
    }
    conditions::condition(dice, world, Place::PLAIN, likely, depth)
}

fn stop_when(dice: &mut Dice, world: &World, id: &str) -> Value {
    if dice.chance(40) {
        let likely = dice.chance(25);
        return conditions::condition(dice, world, Place::PLAIN, likely, 1);
    }
    json!({"touches": {"campaigns": [id], "responses": dice.some(&["purchased", "clicked", "read"], 1, 2)}, "ge": 1})
}

fn score(dice: &mut Dice, world: &World) -> Value {
    let add: Vec<Value> = (0..dice.weighted(&[(30, 0), (45, 1), (25, 2)]))
        .map(|_| {
            let likely = dice.chance(60);
            json!({"when": conditions::condition(dice, world, Place::SCORE, likely, 1), "points": *dice.pick(&[5, 10, -5, -10, 1, i64::MAX])})
        })
        .collect();
    object(vec![
        (
            "base",
            dice.chance(70).then(|| json!(*dice.pick(&[10, 0, 5, 20, -10]))),
        ),
        ("add", (!add.is_empty()).then_some(Value::Array(add))),
    ])
}

fn repeat(dice: &mut Dice, world: &World) -> Value {
    let mut map = rules::period(dice, world, false);
    if dice.chance(25) {
        map.insert(
            "grouped_by".into(),
            json!(*dice.pick(&["channel", "sender", "content", "campaign", "purpose"])),
        );
    }
    map.insert(
        "gap".into(),
        json!(if dice.chance(65) { world.span(dice) } else { "0s" }),
    );
    if dice.chance(5) {
        map.insert("at_most".into(), json!(0));
    }
    Value::Object(map)
}

fn schedule(dice: &mut Dice, world: &World) -> Option<Value> {
    let zone = |dice: &mut Dice| world.zone(dice).map(|zone| json!(zone));
    Some(
        match dice.weighted(&[(20, 0), (18, 1), (16, 2), (13, 3), (20, 4), (13, 5)]) {
            0 => return None,
            1 => object(vec![
                ("between", Some(between(dice, world))),
                ("zone", zone(dice)),
            ]),
            2 => {
                let (from, until) = dice.weighted(&[
                    (20, (None, "2d")),
                    (15, (Some("0s"), "1d")),
                    (15, (Some("1h"), "24h")),
                    (10, (Some("7d"), "14d")),
                    (10, (Some("-1d"), "1d")),
                    (10, (Some("-12h"), "36h")),
                    (5, (Some("-2d"), "-1d")),
                    (10, (Some("1.5h"), "3d")),
                    (5, (Some("-1w"), "1w")),
                ]);
                object(vec![
                    ("after", Some(json!(*dice.pick(conditions::INSTANTS)))),
                    ("from", from.map(|from| json!(from))),
                    ("until", Some(json!(until))),
                ])
            }
            3 => every(dice, world),
            4 => object(vec![("on", Some(on(dice, world))), ("zone", zone(dice))]),
            _ => {
                let ids = dice.some(&["core", "late", "extra"], 2, 3);
                let waves: Vec<Value> = ids
                    .into_iter()
                    .map(|id| {
                        let audience = dice.chance(45).then(|| audience(dice, world, true, 1));
                        object(vec![
                            ("id", Some(json!(id))),
                            ("between", Some(between(dice, world))),
                            ("audience", audience),
                        ])
                    })
                    .collect();
                object(vec![("waves", Some(json!(waves))), ("zone", zone(dice))])
            }
        },
    )
}

/// Local date-times around the base, an hour and a half apart at least, and longer than any gap of the clock.
fn between(dice: &mut Dice, world: &World) -> Value {
    let day = world.base
        + TimeDelta::days(dice.weighted(&[(25, 0), (20, -1), (15, 1), (10, -2), (10, 2), (10, -5), (10, 4)]));
    let wall = clock::wall(world.edge(dice)).unwrap_or_default();
    let start = day.and_time(NaiveTime::MIN) + TimeDelta::microseconds(wall);
    let hours = dice.weighted(&[
        (20, 36),
        (20, 72),
        (15, 48),
        (20, 168),
        (10, 12),
        (10, 24),
        (5, 3),
    ]);
    // the skipped day of Apia is a gap of 24 hours
    let apia = world.zones.contains(&"Pacific/Apia") || world.house == "Pacific/Apia";
    let hours = if apia { hours.max(36) } else { hours };
    let end = start + TimeDelta::hours(hours);
    if end.time() == NaiveTime::MIN && dice.chance(30) {
        return json!([
            clock::write_local(start),
            format!("{}T24:00", (end - TimeDelta::days(1)).date())
        ]);
    }
    json!([clock::write_local(start), clock::write_local(end)])
}

fn every(dice: &mut Dice, world: &World) -> Value {
    let year = dice.chance(60);
    let (from, until) = if year {
        dice.weighted(&[
            (20, (None, None)),
            (15, (Some("-3d"), Some("1d"))),
            (10, (Some("-1d"), Some("2d"))),
            (10, (Some("0d"), Some("7d"))),
            (10, (Some("9h"), Some("21h"))),
            (10, (Some("-12h"), Some("12h"))),
            (8, (Some("1d"), Some("36h"))),
            (7, (Some("-7d"), Some("-1d"))),
            (5, (Some("-366d"), Some("-360d"))),
            (5, (Some("359.5d"), Some("366d"))),
        ])
    } else {
        dice.weighted(&[
            (20, (None, None)),
            (15, (Some("-2d"), Some("1d"))),
            (15, (Some("0d"), Some("3d"))),
            (10, (Some("20h"), Some("28h"))),
            (10, (Some("9h"), None)),
            (10, (Some("-1.5h"), Some("90m"))),
            (10, (Some("-31d"), Some("-28d"))),
            (10, (Some("30d"), Some("31d"))),
        ])
    };
    let of = *dice.pick(&[
        "birthday",
        "joined_at",
        "renewal",
        "purchases.first_at",
        "cart_at",
    ]);
    object(vec![
        ("every", Some(json!(if year { "year" } else { "month" }))),
        ("of", Some(json!(of))),
        ("from", from.map(|from| json!(from))),
        ("until", until.map(|until| json!(until))),
        ("zone", world.zone(dice).map(|zone| json!(zone))),
    ])
}

fn on(dice: &mut Dice, world: &World) -> Value {
    let mut map = Map::new();
    if dice.chance(50) {
        map.insert("days".into(), json!(world.weekdays(dice)));
    }
    if world.far || dice.chance(30) {
        let mut days = vec![i64::from(world.base.day()), i64::from(world.day(dice).day())];
        days.extend(dice.some(&[-1, 1, 31, -2, 15, 29, -31], 0, if world.far { 1 } else { 4 }));
        days.sort_unstable();
        days.dedup();
        map.insert("days_of_month".into(), json!(days));
    }
    if world.far || dice.chance(25) {
        let mut months = vec![world.base.month(), world.day(dice).month()];
        months.extend(dice.some(&[2, 11, 12], 0, 2));
        months.sort_unstable();
        months.dedup();
        map.insert("months".into(), json!(months));
    }
    if map.is_empty() || dice.chance(85) {
        world.window(dice, &mut map);
    }
    Value::Object(map)
}

fn variants(dice: &mut Dice, world: &World, id: &str) -> Value {
    let count = 1 + dice.weighted(&[(45, 0), (35, 1), (20, 2)]);
    let sure = !dice.chance(25);
    let list: Vec<Value> = ["one", "two", "three"][..count]
        .iter()
        .enumerate()
        .map(|(i, name)| {
            let last = i + 1 == count;
            let likely = dice.chance(55);
            let when = ((!last || !sure) && dice.chance(80))
                .then(|| conditions::condition(dice, world, Place::VARIANT, likely, 1));
            let content = if dice.chance(12) {
                "tpl".to_owned()
            } else {
                format!("{id}-{name}")
            };
            let arms = dice.chance(30).then(|| arms(dice, &content));
            let fields = dice
                .chance(if last && sure { 20 } else { 35 })
                .then(|| fields(dice, world, last && sure));
            object(vec![
                ("id", Some(json!(name))),
                ("when", when),
                ("content", (!dice.chance(5)).then(|| json!(content))),
                ("fields", fields),
                ("arms", arms),
            ])
        })
        .collect();
    json!(list)
}

fn arms(dice: &mut Dice, content: &str) -> Value {
    ["a", "b", "c"][..1 + dice.weighted(&[(70, 1), (10, 0), (20, 2)])]
        .iter()
        .map(|arm| {
            let weight = dice.chance(50).then(|| json!(*dice.pick(&[1, 2, 7, 1000])));
            object(vec![
                ("id", Some(json!(arm))),
                ("weight", weight),
                (
                    "content",
                    (!dice.chance(8)).then(|| json!(format!("{content}-{arm}"))),
                ),
            ])
        })
        .collect()
}

/// Fields; `sure` ones have a default.
fn fields(dice: &mut Dice, world: &World, sure: bool) -> Value {
    let mut map = Map::new();
    for name in dice.some(&["name", "shop", "when"], 1, 3) {
        let field = if dice.chance(25) {
            let kind = *dice.pick(&["string", "integer", "number", "boolean"]);
            json!({"is": conditions::literal(dice, world, kind)})
        } else {
            let (mut field, kind) = conditions::any_reference(dice, world, Place::VARIANT);
            if sure || dice.chance(50) {
                field["default"] = if kind == "string" {
                    json!(CITIES[1])
                } else {
                    conditions::literal(dice, world, kind)
                };
            }
            field
        };
        map.insert(name.to_owned(), field);
    }
    Value::Object(map)
}
