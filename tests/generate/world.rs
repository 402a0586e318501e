//! The rulebook: what it declares, then its policies, styles and campaigns.

use super::{Dice, campaigns, clock, conditions, rules};
use chrono::{Datelike, NaiveDate, TimeDelta};
use serde_json::{Map, Value, json};

pub const CHANNELS: &[&str] = &["direct", "moments", "sms", "group"];
pub const PURPOSES: &[&str] = &["promotion", "care", "service"];
pub const CAMPAIGNS: &[&str] = &["alpha", "beta", "gamma", "delta", "omega"];
pub const CITIES: &[&str] = &["Paris", "上海", "Lyon"];
pub const NICKS: &[&str] = &["Bo", "Zoë", ""];
pub const SENDERS: &[&str] = &["advisor-1", "advisor-2", "advisor-3"];
pub const TOPICS: &[&str] = &["new", "old"];
pub const RESPONSES: &[&str] = &["clicked", "read", "replied", "purchased", "complained", "blocked"];
pub const INTEGERS: &[i64] = &[0, 18, 30, 34, 55, 60, -3];
pub const NUMBERS: &[f64] = &[0.0, 10.0, 2.5, 28.0, 31.5, 34.0, -1.5, 100.0];
pub const WEEKDAYS: &[&str] = &["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// What may be said, and the moment and durations everything clusters around.
pub struct World {
    pub base: NaiveDate,
    pub house: &'static str,
    pub zones: Vec<&'static str>,
    pub spans: Vec<&'static str>,
    pub edges: Vec<&'static str>,
    pub channels: Vec<&'static str>,
    pub purposes: Vec<&'static str>,
    pub campaigns: Vec<&'static str>,
    pub tags: Vec<String>,
    /// the effect this house is fond of: several rules of one kind meet
    pub theme: &'static str,
    /// so far ahead that daily occurrences would be hundreds
    pub far: bool,
}

impl World {
    fn new(dice: &mut Dice) -> World {
        let (house, days) = *dice.pick(clock::ZONES);
        let (year, month, day) = *dice.pick(days);
        let base = NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
        let names: Vec<&str> = clock::ZONES.iter().map(|(name, _)| *name).collect();
        let mut zones = dice.some(&names, 1, 2);
        if !zones.contains(&house) {
            zones.insert(0, house);
        }
        let spans = [
            "1d", "2d", "12h", "36h", "1h", "3d", "6h", "7d", "1w", "90m", "1.5h", "20d", "24h", "45s",
        ];
        let edges = [
            "09:00", "21:00", "00:00", "12:00", "22:00", "08:00", "02:00", "02:30", "23:30", "18:00",
            "06:15", "01:59:30", "00:01",
        ];
        let count = 1 + dice.weighted(&[(8, 0), (17, 1), (30, 2), (25, 3), (20, 4)]);
        let channels = 2 + dice.below(3);
        let mut purposes = vec!["reply"];
        purposes.extend(&PURPOSES[..2 + dice.below(2)]);
        World {
            base,
            house,
            zones,
            spans: dice.some(&spans, 2, 4),
            edges: dice.some(&edges, 4, 6),
            channels: CHANNELS[..channels].to_vec(),
            purposes,
            campaigns: CAMPAIGNS[..count].to_vec(),
            tags: ["fan", "latte", "quiet_please", "rare"]
                .map(String::from)
                .to_vec(),
            theme: dice.weighted(&[
                (30, ""),
                (20, "cap"),
                (20, "react"),
                (10, "quiet"),
                (10, "prefer"),
                (10, "holdout"),
            ]),
            far: false,
        }
    }

    pub fn span(&self, dice: &mut Dice) -> &'static str {
        dice.pick::<&str>(&self.spans)
    }

    pub fn edge(&self, dice: &mut Dice) -> &'static str {
        dice.pick::<&str>(&self.edges)
    }

    /// A local date near the base.
    pub fn day(&self, dice: &mut Dice) -> NaiveDate {
        self.base
            + TimeDelta::days(dice.weighted(&[
                (30, 0),
                (15, 1),
                (15, -1),
                (10, 2),
                (10, -2),
                (10, 3),
                (10, 5),
            ]))
    }

    /// A zone member: usually absent.
    pub fn zone(&self, dice: &mut Dice) -> Option<&'static str> {
        match dice.weighted(&[(50, 0), (22, 1), (13, 2), (15, 3)]) {
            0 => None,
            1 => Some("customer"),
            2 => Some("house"),
            _ => Some(*dice.pick(&self.zones)),
        }
    }

    /// `from` and `to` of a window, which are never equal.
    pub fn window(&self, dice: &mut Dice, into: &mut Map<String, Value>) {
        let from = self.edge(dice);
        let to = if dice.chance(12) { "24:00" } else { self.edge(dice) };
        if from == to {
            // one edge and the default of the other
            if from != "00:00" {
                into.insert(if dice.chance(50) { "to" } else { "from" }.into(), json!(from));
            } else {
                into.insert("from".into(), json!("00:00"));
                into.insert("to".into(), json!("24:00"));
            }
        } else {
            into.insert("from".into(), json!(from));
            into.insert("to".into(), json!(to));
        }
    }

    /// Some weekdays, among them one near the base.
    pub fn weekdays(&self, dice: &mut Dice) -> Vec<&'static str> {
        let near = WEEKDAYS[self.day(dice).weekday().num_days_from_monday() as usize];
        let mut days = dice.some(WEEKDAYS, 0, 4);
        days.retain(|day| *day != near);
        days.insert(0, near);
        days
    }

    /// The name of a campaign, now and then of one that is gone.
    pub fn campaign(&self, dice: &mut Dice) -> &'static str {
        if dice.chance(4) {
            "gone"
        } else {
            dice.pick::<&str>(&self.campaigns)
        }
    }
}

/// An object of the members that are there.
pub fn object(members: Vec<(&str, Option<Value>)>) -> Value {
    Value::Object(
        members
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect(),
    )
}

/// A valid rulebook.
pub fn rulebook(dice: &mut Dice) -> Value {
    let mut world = World::new(dice);
    let look_ahead = dice.weighted(&[
        (22, "2d"),
        (14, "1d"),
        (4, "0s"),
        (20, "3d"),
        (17, "7d"),
        (7, "36h"),
        (4, "12h"),
        (2, "1h"),
        (5, "1w"),
        (3, "30d"),
        (1, "90m"),
        (1, "400d"),
    ]);
    world.far = look_ahead == "400d";
    let unknown = match dice.weighted(&[(36, 0), (32, 1), (32, 2)]) {
        0 => json!("house"),
        1 => json!("refrain"),
        _ => {
            let names: Vec<&str> = clock::ZONES.iter().map(|(name, _)| *name).collect();
            let mut list = dice.some(&names, 1, 2);
            list.retain(|name| *name != world.house);
            list.insert(0, world.house);
            json!(list)
        }
    };

    let mut tags: Vec<Value> = world.tags.iter().map(|tag| json!(tag)).collect();
    for name in dice.some(&["newcomer", "lapsed", "odd"], 0, 3) {
        let likely = dice.chance(50);
        let place = conditions::Place::PLAIN;
        // it may read the tags before it: a chain
        let depth = dice.weighted(&[(70, 0), (30, 1)]);
        let when = conditions::condition(dice, &world, place, likely, depth);
        tags.push(json!({"tag": name, "when": when}));
        world.tags.push(name.to_owned());
    }
    if dice.chance(30) {
        dice.shuffle(&mut tags);
    }

    let purposes: Vec<Value> = world
        .purposes
        .iter()
        .map(|purpose| {
            if *purpose == "reply" {
                json!({"purpose": purpose, "consent": "none"})
            } else {
                json!(purpose)
            }
        })
        .collect();
    let channels: Map<String, Value> = world
        .channels
        .iter()
        .map(|channel| {
            let usual = match *channel {
                "sms" => "opt_in",
                "moments" => "none",
                _ => "opt_out",
            };
            let consent = if dice.chance(20) {
                *dice.pick(&["none", "opt_out", "opt_in"])
            } else {
                usual
            };
            (channel.to_string(), json!({"consent": consent}))
        })
        .collect();

    let campaigns: Vec<Value> = world
        .campaigns
        .clone()
        .into_iter()
        .map(|id| campaigns::campaign(dice, &world, id))
        .collect();
    let policies = rules::policies(dice, &world, &campaigns);
    let styles: Vec<Value> = (0..dice.weighted(&[(50, 0), (30, 1), (20, 2)]))
        .map(|_| {
            let likely = dice.chance(50);
            let when = (!dice.chance(10))
                .then(|| conditions::condition(dice, &world, conditions::Place::STYLE, likely, 1));
            let set: Map<String, Value> = dice
                .some(&["mode", "tone"], 1, 2)
                .into_iter()
                .map(|key| {
                    (
                        key.to_owned(),
                        dice.pick(&[
                            json!("voice"),
                            json!("text"),
                            json!(""),
                            json!(2),
                            json!(true),
                            json!(0.5),
                        ])
                        .clone(),
                    )
                })
                .collect();
            object(vec![("when", when), ("set", Some(json!(set)))])
        })
        .collect();

    let mut book = json!({
        "format": 1,
        "time_zone": world.house,
        "unknown_time_zone": unknown,
        "look_ahead": look_ahead,
        "attributes": {
            "age": "integer", "visits": "integer", "city": "string", "nick": "string", "spend": "number", "vip": "boolean",
            "joined_at": "date-time", "cart_at": "date-time", "birthday": "date", "renewal": "date",
        },
        "facts": {
            "temp": {"type": "number", "keyed": true}, "stock": {"type": "integer", "keyed": true},
            "mood": {"type": "string", "keyed": true}, "ready_at": {"type": "date-time", "keyed": true},
            "open": {"type": "boolean"}, "rate": {"type": "number"}, "launch": {"type": "date-time"}, "fest": {"type": "date"},
            "load": {"type": "integer", "keyed": false},
        },
        "tags": tags,
        "purposes": purposes,
        "channels": channels,
        "campaigns": campaigns,
    });
    if !policies.is_empty() {
        book["policies"] = Value::Array(policies);
    }
    if !styles.is_empty() {
        book["styles"] = Value::Array(styles);
    }
    book
}
