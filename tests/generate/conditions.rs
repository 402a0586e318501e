//! Conditions: every form, where it is allowed, mostly true or mostly false for the customers of `cases`.

use super::clock;
use super::measures::{purchases, touches};
use super::world::{CITIES, INTEGERS, NICKS, NUMBERS, World};
use super::{Dice, world};
use chrono::{NaiveTime, TimeDelta};
use serde_json::{Map, Value, json};

/// What the surroundings of a condition allow.
#[derive(Clone, Copy)]
pub struct Place {
    /// `score`, and what only rules may read
    pub rule: bool,
    /// facts by `"sender"` and `"channel"`
    pub touch: bool,
    /// `occurrence`
    pub occurrence: bool,
}

impl Place {
    /// Audiences, stop conditions, derived tags.
    pub const PLAIN: Place = Place {
        rule: false,
        touch: false,
        occurrence: false,
    };
    pub const RULE: Place = Place {
        rule: true,
        touch: true,
        occurrence: false,
    };
    pub const CAMPAIGN_RULE: Place = Place {
        rule: true,
        touch: true,
        occurrence: true,
    };
    pub const VARIANT: Place = Place {
        rule: false,
        touch: true,
        occurrence: true,
    };
    pub const STYLE: Place = Place::VARIANT;
    pub const SCORE: Place = Place {
        rule: false,
        touch: false,
        occurrence: true,
    };
}

/// A condition that usually holds, or usually does not.
pub fn condition(dice: &mut Dice, world: &World, place: Place, likely: bool, depth: usize) -> Value {
    if depth > 0 && dice.chance(35) {
        let count = 1 + dice.weighted(&[(10, 0), (70, 1), (20, 2)]);
        return match dice.weighted(&[(35, 0), (35, 1), (30, 2)]) {
            0 => {
                // one decides, the others hold
                let decisive = dice.below(count);
                let list: Vec<Value> = (0..count)
                    .map(|i| condition(dice, world, place, likely || i != decisive, depth - 1))
                    .collect();
                json!({"all": list})
            }
            1 => {
                let decisive = dice.below(count);
                let list: Vec<Value> = (0..count)
                    .map(|i| condition(dice, world, place, likely && i == decisive, depth - 1))
                    .collect();
                json!({"any": list})
            }
            _ => json!({"not": condition(dice, world, place, !likely, depth - 1)}),
        };
    }
    leaf(dice, world, place, likely)
}

/// One test.
pub fn leaf(dice: &mut Dice, world: &World, place: Place, likely: bool) -> Value {
    let occurrence = if place.occurrence { 8 } else { 0 };
    let score = if place.rule { 7 } else { 0 };
    let kind = dice.weighted(&[
        (24, 0),
        (30, 1),
        (14, 2),
        (9, 3),
        (13, 4),
        (9, 5),
        (occurrence, 6),
        (score, 7),
        (1, 8),
    ]);
    match kind {
        0 => tag(dice, world, likely),
        1 => attribute(dice, world, place, likely),
        2 => fact(dice, world, place, likely),
        3 => elapsed(dice, world, place, likely),
        4 => touches(dice, world, likely),
        5 => purchases(dice, world, likely),
        6 => occurrences(dice, world, likely),
        7 => score_test(dice, likely),
        // no list in a rule may be empty
        _ if place.rule => json!({"all": [tag(dice, world, likely)]}),
        _ => json!({(if likely { "all" } else { "any" }): []}),
    }
}

fn tag(dice: &mut Dice, world: &World, likely: bool) -> Value {
    if world.tags.len() > 4 && dice.chance(30) {
        return json!({"tag": world.tags[4 + dice.below(world.tags.len() - 4)]});
    }
    json!({"tag": *dice.pick(if likely { &["fan", "latte"] } else { &["rare", "quiet_please"] })})
}

/// Operators that usually hold, or do not, for an ordered list of usual values.
fn operators(
    dice: &mut Dice,
    likely: bool,
    low: &[Value],
    high: &[Value],
    usual: &[Value],
) -> Map<String, Value> {
    let mut map = Map::new();
    let (low, high) = if likely { (low, high) } else { (high, low) };
    match dice.weighted(&[(28, 0), (28, 1), (10, 2), (10, 3), (12, 4), (12, 5)]) {
        0 => map.insert((*dice.pick(&["ge", "gt"])).into(), dice.pick(low).clone()),
        1 => map.insert((*dice.pick(&["lt", "le"])).into(), dice.pick(high).clone()),
        2 => {
            map.insert("ge".into(), dice.pick(low).clone());
            map.insert((*dice.pick(&["lt", "le"])).into(), dice.pick(high).clone())
        }
        3 => map.insert(
            (if likely { "ne" } else { "eq" }).into(),
            dice.pick(usual).clone(),
        ),
        4 if likely => map.insert("in".into(), json!(dice.some(usual, 3, 5))),
        4 => map.insert("in".into(), json!(dice.some(usual, 1, 2))),
        _ => map.insert(
            (*dice.pick(if likely { &["ge", "lt"] } else { &["gt", "eq"] })).into(),
            dice.pick(usual).clone(),
        ),
    };
    map
}

/// Operators for a subject of a type, the right-hand side a literal or a reference.
fn comparison(dice: &mut Dice, world: &World, place: Place, likely: bool, kind: &str) -> Map<String, Value> {
    if dice.chance(10) {
        return Map::from_iter([("present".to_owned(), json!(likely))]);
    }
    let mut map = if dice.chance(14) {
        let operator = match kind {
            "boolean" | "string" => *dice.pick(if likely { &["ne", "eq"] } else { &["eq", "ne"] }),
            _ => *dice.pick(&["ge", "lt", "le", "gt", "ne", "eq"]),
        };
        Map::from_iter([(operator.to_owned(), reference(dice, world, place, kind))])
    } else {
        literals(dice, world, likely, kind)
    };
    if dice.chance(6) {
        map.insert("present".into(), json!(true));
    }
    if let Some(Value::Array(list)) = map.get_mut("in")
        && dice.chance(12)
    {
        list.push(reference(dice, world, place, kind));
    }
    map
}

fn literals(dice: &mut Dice, world: &World, likely: bool, kind: &str) -> Map<String, Value> {
    let ends = |list: Vec<Value>, low: usize, high: usize| {
        (list[..low].to_vec(), list[list.len() - high..].to_vec(), list)
    };
    let (low, high, usual) = match kind {
        "boolean" => {
            let (name, value) = *dice.pick(&[("eq", true), ("ne", false)]);
            let value = value == likely;
            return Map::from_iter([if dice.chance(10) {
                ("in".to_owned(), json!([value == (name == "eq")]))
            } else {
                (name.to_owned(), json!(value))
            }]);
        }
        "string" => {
            let pool: &[&str] = if dice.chance(20) { NICKS } else { CITIES };
            return Map::from_iter([match dice.weighted(&[(50, 0), (25, 1), (25, 2)]) {
                0 => (
                    (if likely { "ne" } else { "eq" }).to_owned(),
                    json!(dice.pick(pool)),
                ),
                1 if likely => ("in".to_owned(), json!(CITIES)),
                1 => ("in".to_owned(), json!(dice.some(pool, 1, 2))),
                _ => ("eq".to_owned(), json!(if likely { CITIES[0] } else { NICKS[2] })),
            }]);
        }
        "integer" => {
            let mut list: Vec<Value> = INTEGERS.iter().map(|number| json!(number)).collect();
            list.rotate_right(1);
            if dice.chance(5) {
                list.push(json!(9_007_199_254_740_993_i64));
            }
            ends(list, 3, 2)
        }
        "number" => {
            let mut list = NUMBERS.to_vec();
            list.sort_by(f64::total_cmp);
            let mut list: Vec<Value> = list
                .into_iter()
                .map(|number| {
                    if dice.chance(70) {
                        json!(number)
                    } else {
                        whole(number)
                    }
                })
                .collect();
            if dice.chance(5) {
                list.push(json!(9_007_199_254_740_992.0));
            }
            ends(list, 3, 2)
        }
        "date" => {
            let days = [-400, -30, -1, 0, 1, 30, 400];
            ends(
                days.iter()
                    .map(|&n| json!((world.base + TimeDelta::days(n)).to_string()))
                    .collect(),
                2,
                2,
            )
        }
        _ => {
            let hours = [-9000, -170, -24, -1, 0, 1, 25, 170, 9000];
            let base = world.base.and_time(NaiveTime::MIN).and_utc().timestamp_micros();
            ends(
                hours
                    .iter()
                    .map(|n| json!(clock::write(dice, base + n * clock::HOUR)))
                    .collect(),
                2,
                2,
            )
        }
    };
    operators(dice, likely, &low, &high, &usual)
}

fn whole(number: f64) -> Value {
    if number.fract() == 0.0 {
        json!(number as i64)
    } else {
        json!(number)
    }
}

const ATTRIBUTES: &[(&str, &str)] = &[
    ("age", "integer"),
    ("city", "string"),
    ("spend", "number"),
    ("vip", "boolean"),
    ("joined_at", "date-time"),
    ("birthday", "date"),
    ("visits", "integer"),
    ("cart_at", "date-time"),
    ("renewal", "date"),
    ("nick", "string"),
    ("purchases.last_at", "date-time"),
    ("purchases.first_at", "date-time"),
    ("purchases.due_at", "date-time"),
];

fn attribute(dice: &mut Dice, world: &World, place: Place, likely: bool) -> Value {
    let (name, kind) = *dice.pick(ATTRIBUTES);
    let mut map = comparison(dice, world, place, likely, kind);
    map.insert("attribute".into(), json!(name));
    Value::Object(map)
}

/// The facts a rulebook declares: name, type, whether keyed.
pub const FACTS: &[(&str, &str, bool)] = &[
    ("temp", "number", true),
    ("open", "boolean", false),
    ("stock", "integer", true),
    ("mood", "string", true),
    ("ready_at", "date-time", true),
    ("rate", "number", false),
    ("launch", "date-time", false),
    ("fest", "date", false),
    ("load", "integer", false),
];

fn of(dice: &mut Dice, world: &World, place: Place, keyed: bool) -> Option<Value> {
    if !keyed {
        return None;
    }
    let touch = if place.touch { 20 } else { 0 };
    Some(
        match dice.weighted(&[(35, 0), (15, 1), (20, 2), (touch, 3), (touch, 4)]) {
            0 => json!({"attribute": *dice.pick(&["city", "city", "nick"])}),
            1 => json!("campaign"),
            2 => json!({"is": *dice.pick(&[CITIES[0], world.campaigns[0], "nowhere"])}),
            3 => json!("sender"),
            _ => json!("channel"),
        },
    )
}

/// A fact reference of a type: its members.
fn fact_of(
    dice: &mut Dice,
    world: &World,
    place: Place,
    kind: Option<&str>,
) -> (Map<String, Value>, &'static str) {
    let list: Vec<_> = FACTS
        .iter()
        .filter(|(_, is, _)| kind.is_none_or(|kind| kind == *is))
        .collect();
    let (name, kind, keyed) = **dice.pick(&list);
    let mut map = Map::from_iter([("fact".to_owned(), json!(name))]);
    if let Some(of) = of(dice, world, place, keyed) {
        map.insert("of".into(), of);
    }
    (map, kind)
}

fn fact(dice: &mut Dice, world: &World, place: Place, likely: bool) -> Value {
    let (mut map, kind) = fact_of(dice, world, place, None);
    map.extend(comparison(dice, world, place, likely, kind));
    Value::Object(map)
}

/// `{"attribute":…}` or `{"fact":…,"of":…}` of a type.
pub fn reference(dice: &mut Dice, world: &World, place: Place, kind: &str) -> Value {
    let list: Vec<_> = ATTRIBUTES.iter().filter(|(_, is)| *is == kind).collect();
    if dice.chance(40) {
        return Value::Object(fact_of(dice, world, place, Some(kind)).0);
    }
    json!({"attribute": dice.pick(&list).0})
}

/// Any attribute or fact, for a field of a variant, with its type.
pub fn any_reference(dice: &mut Dice, world: &World, place: Place) -> (Value, &'static str) {
    if dice.chance(35) {
        let (map, kind) = fact_of(dice, world, place, None);
        return (Value::Object(map), kind);
    }
    let (name, kind) = *dice.pick(ATTRIBUTES);
    (json!({"attribute": name}), kind)
}

/// A literal of a type.
pub fn literal(dice: &mut Dice, world: &World, kind: &str) -> Value {
    match kind {
        "boolean" => json!(dice.chance(50)),
        "string" => json!(dice.pick(CITIES)),
        "integer" => json!(dice.pick(INTEGERS)),
        "number" => json!(dice.pick(NUMBERS)),
        "date" => json!(world.day(dice).to_string()),
        _ => json!(clock::write(
            dice,
            world.base.and_time(NaiveTime::MIN).and_utc().timestamp_micros()
        )),
    }
}

/// The instants an `elapsed` or a schedule may count from.
pub const INSTANTS: &[&str] = &[
    "joined_at",
    "cart_at",
    "purchases.last_at",
    "purchases.first_at",
    "purchases.due_at",
];

fn elapsed(dice: &mut Dice, world: &World, place: Place, likely: bool) -> Value {
    let subject = if dice.chance(30) {
        Value::Object(fact_of(dice, world, place, Some("date-time")).0)
    } else {
        json!(*dice.pick(INSTANTS))
    };
    let mut map = Map::from_iter([("elapsed".to_owned(), subject)]);
    match dice.weighted(&[(35, 0), (35, 1), (12, 2), (18, 3)]) {
        0 => map.insert(
            "ge".into(),
            json!(if likely {
                *dice.pick(&["0s", "-3d", "-1h"])
            } else {
                *dice.pick(&["30d", "400d"])
            }),
        ),
        1 => map.insert(
            "lt".into(),
            json!(if likely {
                *dice.pick(&["30d", "400d", "60d"])
            } else {
                *dice.pick(&["0s", "-1h", "-1d"])
            }),
        ),
        2 => map.insert("present".into(), json!(likely)),
        _ => map.insert((*dice.pick(&["ge", "lt"])).into(), json!(world.span(dice))),
    };
    if dice.chance(8) {
        map.insert("present".into(), json!(true));
    }
    Value::Object(map)
}

fn occurrences(dice: &mut Dice, world: &World, likely: bool) -> Value {
    let today = world.base.to_string();
    let all = [
        "once",
        "always",
        "core",
        "late",
        "year-1",
        "month-1",
        today.as_str(),
    ];
    let list = if likely {
        dice.some(&all, 4, 6)
    } else {
        dice.some(&all, 1, 2)
    };
    json!({"occurrence": list})
}

fn score_test(dice: &mut Dice, likely: bool) -> Value {
    let mut map = match dice.weighted(&[(40, 0), (40, 1), (20, 2)]) {
        0 => Map::from_iter([(
            (if likely { "ge" } else { "lt" }).to_owned(),
            json!(*dice.pick(&[0, 5, -5])),
        )]),
        1 => Map::from_iter([(
            (if likely { "lt" } else { "ge" }).to_owned(),
            json!(*dice.pick(&[10, 15, 20])),
        )]),
        _ => Map::from_iter([(
            (if likely { "in" } else { "eq" }).to_owned(),
            if likely { json!([0, 5, 10, 15]) } else { json!(7) },
        )]),
    };
    map.insert("score".into(), json!(true));
    Value::Object(map)
}

/// A test whose subject is often missing: what puts a customer in doubt.
pub fn doubtful(dice: &mut Dice, _: &World) -> Value {
    match dice.weighted(&[(40, 0), (30, 1), (30, 2)]) {
        0 => json!({"attribute": "nick", "in": world::NICKS}),
        1 => json!({"fact": "rate", "ge": -5}),
        _ => json!({"attribute": "visits", "ge": -10}),
    }
}
