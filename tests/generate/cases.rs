//! A case for a rulebook: the customer, what is true, and the time, put on the boundaries the rulebook draws.

use super::clock::{self, DAY, HOUR, MINUTE, SECOND};
use super::conditions::{FACTS, INSTANTS};
use super::world::{CITIES, INTEGERS, NICKS, NUMBERS, RESPONSES, SENDERS, TOPICS};
use super::{Dice, histories};
use chrono::{Datelike, Months, NaiveDate, TimeDelta};
use chrono_tz::Tz;
use serde_json::{Map, Value, json};

/// What a case is built from: the rulebook's own durations, edges and dates, and the moment chosen.
pub struct Scene<'a> {
    pub book: &'a Value,
    pub now: i64,
    pub zone: Tz,
    pub known: Option<&'static str>,
    pub spans: Vec<i64>,
    pub senders: Vec<&'static str>,
    pub attributes: Map<String, Value>,
    pub purchases: Vec<i64>,
    /// the responses that the rulebook reacts to
    pub words: Vec<String>,
    withins: Vec<i64>,
    walls: Vec<i64>,
    days: Vec<NaiveDate>,
    instants: Vec<i64>,
}

/// What the rulebook says about time.
#[derive(Default)]
struct Marks {
    spans: Vec<i64>,
    walls: Vec<i64>,
    days: Vec<NaiveDate>,
    locals: Vec<chrono::NaiveDateTime>,
    instants: Vec<i64>,
    words: Vec<String>,
    withins: Vec<i64>,
}

impl Marks {
    fn read(&mut self, name: &str, value: &Value) {
        match value {
            Value::Object(map) => map.iter().for_each(|(name, value)| self.read(name, value)),
            Value::Array(list) => list.iter().for_each(|value| self.read(name, value)),
            Value::String(text) => {
                if name == "look_ahead" {
                } else if name == "responses" || name == "to" && RESPONSES.contains(&text.as_str()) {
                    self.words.push(text.clone());
                } else if name == "dates" {
                    self.days.extend(text.parse::<NaiveDate>());
                } else if name == "between" {
                    self.locals.extend(clock::local_time(text));
                } else if let Some(at) = clock::instant(text) {
                    self.instants.push(at);
                } else if matches!(name, "from" | "to") && text.contains(':') {
                    self.walls.extend(clock::wall(text));
                } else if let Some(span) = clock::duration(text) {
                    self.spans.push(span.abs());
                    if name == "within" {
                        self.withins.push(span);
                    }
                }
            }
            _ => {}
        }
    }
}

/// The customers' zones, the house's among them.
fn zone_of(dice: &mut Dice, book: &Value) -> Option<&'static str> {
    let house = book["time_zone"].as_str().unwrap_or_default();
    let missing = if book["unknown_time_zone"] == "house" {
        15
    } else {
        38
    };
    if dice.chance(missing) {
        return None;
    }
    let home = clock::ZONES
        .iter()
        .find(|(name, _)| *name == house)
        .map(|(name, _)| *name);
    Some(match home {
        Some(home) if !dice.chance(45) => home,
        _ => dice.pick(clock::ZONES).0,
    })
}

/// A valid case for the rulebook.
pub fn case(dice: &mut Dice, book: &Value) -> Value {
    let scene = scene(dice, book);
    let customer = customer(dice, &scene);
    let history = histories::history(dice, &scene);
    let now = clock::write(dice, scene.now);
    let mut case = json!({"customer": customer, "history": history, "now": now});
    let facts = facts(dice, &scene);
    if !facts.is_empty() {
        case["facts"] = Value::Object(facts);
    }
    case
}

fn scene<'a>(dice: &mut Dice, book: &'a Value) -> Scene<'a> {
    let known = zone_of(dice, book);
    let house = book["time_zone"]
        .as_str()
        .and_then(clock::zone)
        .unwrap_or(Tz::UTC);
    let zone = known.and_then(clock::zone).unwrap_or(house);
    let mut marks = Marks::default();
    marks.read("", book);
    let mut spans: Vec<i64> = marks
        .spans
        .iter()
        .copied()
        .filter(|&span| span > 0 && span <= 40 * DAY)
        .collect();
    spans.push(DAY);
    spans.sort_unstable();
    spans.dedup();
    marks.walls.push(0);
    let mut instants: Vec<i64> = marks
        .locals
        .iter()
        .map(|&time| clock::resolve(if dice.chance(30) { zone } else { house }, time))
        .collect();
    let mut days: Vec<NaiveDate> = marks.locals.iter().map(|time| time.date()).collect();
    days.extend(&marks.days);
    if days.is_empty() {
        // as far from now as literals may be, the base is the middle one
        let mut known = marks.instants.clone();
        known.sort_unstable();
        let dates = clock::ZONES
            .iter()
            .find(|(name, _)| zone_name(house) == *name)
            .map_or(clock::ZONES[0].1, |(_, dates)| dates);
        let (year, month, day) = *dice.pick(dates);
        let date = NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
        days.push(
            known
                .get(known.len() / 2)
                .map_or(date, |&at| clock::local(house, at).date()),
        );
    }
    let base = clock::on_day(house, *dice.pick(&days), 12 * HOUR);
    instants.extend(marks.instants.iter().filter(|&&at| (at - base).abs() < 30 * DAY));
    let turns: Vec<i64> = [zone, house]
        .iter()
        .flat_map(|&zone| clock::turns(zone, base, 4))
        .collect();
    let mut scene = Scene {
        book,
        now: 0,
        zone,
        known,
        spans,
        senders: dice.some(SENDERS, 0, 3),
        attributes: Map::new(),
        purchases: Vec::new(),
        words: marks.words,
        withins: marks.withins,
        walls: marks.walls,
        days,
        instants,
    };
    scene.now = base;
    scene.now = match dice.weighted(&[(30, 0), (30, 1), (20, 2), (20, 3)]) {
        0 => base + dice.range(-40, 40) * HOUR + dice.range(0, 3) * 15 * MINUTE,
        1 => scene.edge(dice),
        2 if !turns.is_empty() => *dice.pick(&turns) + dice.range(-8, 8) * 30 * MINUTE,
        3 if !scene.instants.is_empty() => *dice.pick(&scene.instants),
        _ => scene.edge(dice),
    };
    scene.now += scene.jitter(dice, 25);
    if dice.chance(20) {
        // while what the rulebook dates is still to come
        scene.now -= dice.range(2, 40) * HOUR;
    }
    if dice.chance(12) {
        scene.now += scene.span(dice) * if dice.chance(50) { 1 } else { -1 };
    }
    scene.buys(dice);
    scene.attributes = attributes(dice, &scene);
    scene
}

fn zone_name(zone: Tz) -> &'static str {
    zone.name()
}

impl Scene<'_> {
    /// One of the durations of the rulebook.
    pub fn span(&self, dice: &mut Dice) -> i64 {
        *dice.pick(&self.spans)
    }

    /// How far two things of the history may lie apart: the length of a window that counts them.
    pub fn apart(&self, dice: &mut Dice) -> i64 {
        if !self.withins.is_empty() && dice.chance(40) {
            return *dice.pick(&self.withins);
        }
        self.span(dice)
    }

    /// Usually nothing, else a second more or less, or a fraction of one.
    pub fn jitter(&self, dice: &mut Dice, percent: usize) -> i64 {
        if !dice.chance(percent) {
            return 0;
        }
        *dice.pick(&[SECOND, -SECOND, SECOND / 2, -SECOND / 2, 1, -1])
    }

    /// An edge of a window of the rulebook, on a day close to now, on the customer's clock.
    pub fn edge(&self, dice: &mut Dice) -> i64 {
        let day = clock::local(self.zone, self.now).date()
            + TimeDelta::days(dice.weighted(&[(50, 0), (15, 1), (15, -1), (10, 2), (10, -2)]));
        clock::on_day(self.zone, day, *dice.pick(&self.walls))
    }

    /// An instant in some exact relation to now.
    pub fn near(&self, dice: &mut Dice) -> i64 {
        let at = match dice.weighted(&[(30, 0), (30, 1), (12, 2), (8, 3), (10, 4), (10, 5)]) {
            0 => self.now - dice.range(1, 72) * HOUR,
            1 => self.now - self.span(dice),
            2 => self.edge(dice),
            3 if !self.instants.is_empty() => *dice.pick(&self.instants),
            4 => self.now - self.span(dice) - self.span(dice),
            5 => self.now - dice.range(0, 90) * MINUTE,
            _ => self.now,
        };
        at + self.jitter(dice, 20)
    }

    fn buys(&mut self, dice: &mut Dice) {
        let mut list = Vec::new();
        for _ in 0..dice.weighted(&[(25, 0), (20, 1), (15, 2), (20, 3), (15, 4), (5, 6)]) {
            let at = if !list.is_empty() && dice.chance(12) {
                list[0]
            } else if dice.chance(40) {
                self.now - self.anchor(dice, "purchases.last_at")
            } else {
                self.near(dice)
            };
            list.push(at);
        }
        self.purchases = list;
    }

    /// How long before now an attribute should lie for a schedule of it to be open, or nearly.
    fn anchor(&self, dice: &mut Dice, name: &str) -> i64 {
        let mut list = Vec::new();
        for campaign in self.book["campaigns"].as_array().into_iter().flatten() {
            let schedule = &campaign["schedule"];
            if schedule["after"] == name {
                let from = schedule["from"].as_str().and_then(clock::duration).unwrap_or(0);
                let until = schedule["until"]
                    .as_str()
                    .and_then(clock::duration)
                    .unwrap_or(DAY);
                list.push((from, until));
            }
        }
        if list.is_empty() || dice.chance(15) {
            return self.span(dice);
        }
        let (from, until) = *dice.pick(&list);
        match dice.weighted(&[(40, 0), (15, 1), (15, 2), (20, 3), (10, 4)]) {
            0 => from + (until - from) / 2,
            1 => from,
            2 => until,
            3 => from - dice.range(1, 30) * HOUR,
            _ => until - HOUR,
        }
    }

    /// The months or years between now and the origin of an anniversary, when a schedule counts from it.
    fn anniversary(&self, dice: &mut Dice, name: &str) -> Option<NaiveDate> {
        let campaigns = self.book["campaigns"].as_array()?;
        let list: Vec<&Value> = campaigns
            .iter()
            .map(|campaign| &campaign["schedule"])
            .filter(|schedule| schedule["of"] == name)
            .collect();
        let schedule = *list.get(dice.below(list.len().max(1)))?;
        let from = schedule["from"].as_str().and_then(clock::duration).unwrap_or(0);
        let today = clock::local(self.zone, self.now).date();
        let shift = dice.weighted(&[(60, 0), (20, 1), (10, -1), (10, 2)]);
        let date = today + TimeDelta::days(shift) - TimeDelta::microseconds(from.div_euclid(DAY) * DAY);
        let step = if schedule["every"] == "year" { 12 } else { 1 };
        let back = date.checked_sub_months(Months::new(
            step * (1 + dice.weighted(&[(50, 0), (20, 1), (15, 2), (15, 3)])),
        ))?;
        // a day the anniversary's month does not have falls on its last: a later origin may mean the same
        let late = back
            .with_day(*dice.pick(&[29, 30, 31]))
            .filter(|_| (28..=30).contains(&date.day()) && dice.chance(50));
        Some(late.unwrap_or(back))
    }
}

fn customer(dice: &mut Dice, scene: &Scene) -> Value {
    let mut map = Map::new();
    map.insert("id".into(), json!(format!("c-{}", dice.below(500))));
    match scene.known {
        Some(zone) => drop(map.insert("time_zone".into(), json!(zone))),
        None if dice.chance(30) => drop(map.insert("time_zone".into(), Value::Null)),
        None => {}
    }
    map.insert("tags".into(), tags(dice, scene));
    if !scene.attributes.is_empty() {
        map.insert("attributes".into(), Value::Object(scene.attributes.clone()));
    }
    let consent = consent(dice, scene);
    if !consent.is_empty() {
        map.insert("consent".into(), Value::Object(consent));
    }
    if !scene.senders.is_empty() {
        map.insert("senders".into(), json!(scene.senders));
    }
    if dice.chance(70) {
        let counts: Vec<usize> = (0..24)
            .map(|_| if dice.chance(60) { 1 + dice.below(9) } else { 0 })
            .collect();
        map.insert(
            "active_hours".into(),
            match dice.weighted(&[(58, 0), (6, 1), (36, 2)]) {
                0 => json!(counts),
                1 => json!(vec![0; 24]),
                // as many as `at_least` asks for, or one less
                _ => {
                    let mut few = [0; 24];
                    let hour = dice.below(24);
                    few[hour] = *dice.pick(&[4, 3]);
                    few[(hour + 1 + dice.below(20)) % 24] += *dice.pick(&[6, 36]);
                    json!(few.to_vec())
                }
            },
        );
    }
    if !scene.purchases.is_empty() || dice.chance(70) {
        let list: Vec<Value> = scene
            .purchases
            .iter()
            .map(|&at| {
                let mut purchase = json!({"at": clock::write(dice, at)});
                if !dice.chance(7) {
                    purchase["amount"] = dice
                        .pick(&[json!(38.0), json!(0.1), json!(0.2), json!(19), json!(1e15)])
                        .clone();
                } else if dice.chance(40) {
                    purchase["amount"] = Value::Null;
                }
                purchase
            })
            .collect();
        map.insert("purchases".into(), json!(list));
    }
    Value::Object(map)
}

fn tags(dice: &mut Dice, scene: &Scene) -> Value {
    let mut list = Vec::new();
    for (tag, percent) in [("fan", 85), ("latte", 70), ("quiet_please", 14), ("rare", 12)] {
        if !dice.chance(percent) {
            continue;
        }
        if dice.chance(16) {
            let mut held = json!({"tag": tag});
            let (a, b) = (scene.near(dice), scene.near(dice));
            let (since, until) = match dice.weighted(&[(40, 0), (30, 1), (30, 2)]) {
                0 => (Some(a), None),
                1 => (None, Some(2 * scene.now - a)),
                _ => (
                    Some(a.min(b)),
                    Some(a.max(b) + SECOND + if dice.chance(50) { 2 * DAY } else { 0 }),
                ),
            };
            if let Some(since) = since {
                held["since"] = json!(clock::write(dice, since));
            }
            if let Some(until) = until {
                held["until"] = json!(clock::write(dice, until));
            }
            list.push(held);
        } else {
            list.push(json!(tag));
        }
    }
    json!(list)
}

fn consent(dice: &mut Dice, scene: &Scene) -> Map<String, Value> {
    let mut map = Map::new();
    for (channel, ask) in scene.book["channels"].as_object().into_iter().flatten() {
        let given = if ask["consent"] == "opt_in" {
            dice.weighted(&[(80, 0), (9, 1), (9, 2), (2, 3)])
        } else {
            dice.weighted(&[(65, 2), (20, 0), (12, 1), (3, 3)])
        };
        match given {
            0 => drop(map.insert(channel.clone(), json!(true))),
            1 => drop(map.insert(channel.clone(), json!(false))),
            3 => drop(map.insert(channel.clone(), Value::Null)),
            _ => {}
        }
    }
    for topic in TOPICS {
        if dice.chance(40) {
            map.insert(format!("topic:{topic}"), json!(!dice.chance(50)));
        }
    }
    map
}

/// Usually the value, else absent or null.
fn maybe(dice: &mut Dice, map: &mut Map<String, Value>, name: &str, missing: usize, value: Value) {
    if !dice.chance(missing) {
        map.insert(name.to_owned(), value);
    } else if dice.chance(35) {
        map.insert(name.to_owned(), Value::Null);
    }
}

fn attributes(dice: &mut Dice, scene: &Scene) -> Map<String, Value> {
    let mut map = Map::new();
    let value = json!(dice.pick(INTEGERS));
    maybe(dice, &mut map, "age", 7, value);
    let value = if dice.chance(5) {
        json!(9_007_199_254_740_993_i64)
    } else {
        json!(dice.pick(INTEGERS))
    };
    maybe(dice, &mut map, "visits", 30, value);
    let value = json!(dice.pick(CITIES));
    maybe(dice, &mut map, "city", 10, value);
    let value = json!(dice.pick(NICKS));
    maybe(dice, &mut map, "nick", 38, value);
    let value = if dice.chance(20) {
        json!(dice.pick(INTEGERS))
    } else {
        json!(dice.pick(NUMBERS))
    };
    maybe(dice, &mut map, "spend", 8, value);
    let value = json!(dice.chance(70));
    maybe(dice, &mut map, "vip", 8, value);
    for name in &INSTANTS[..2] {
        let at = match scene.anniversary(dice, name) {
            Some(date) if !dice.chance(15) => clock::on_day(scene.zone, date, dice.range(0, 23) * HOUR),
            _ if dice.chance(8) => scene.now - dice.range(1, 500) * DAY,
            _ => scene.now - scene.anchor(dice, name),
        };
        let at = at + scene.jitter(dice, 25);
        let value = json!(clock::write(dice, at));
        maybe(dice, &mut map, name, 10, value);
    }
    for name in ["birthday", "renewal"] {
        let usual = || clock::local(scene.zone, scene.now).date() - TimeDelta::days(30);
        let date = scene.anniversary(dice, name).unwrap_or_else(usual)
            + TimeDelta::days(if dice.chance(20) { 1 } else { 0 });
        let value = json!(date.to_string());
        maybe(dice, &mut map, name, 10, value);
    }
    map
}

/// A value of a type, in the range that conditions expect.
fn value(dice: &mut Dice, scene: &Scene, kind: &str) -> Value {
    match kind {
        "boolean" => json!(dice.chance(75)),
        "string" => json!(dice.pick(CITIES)),
        "integer" => json!(dice.pick(INTEGERS)),
        "number" => json!(dice.pick(NUMBERS)),
        "date" => json!(
            (clock::local(scene.zone, scene.now).date() + TimeDelta::days(dice.range(-2, 2))).to_string()
        ),
        _ => {
            let at = scene.near(dice);
            json!(clock::write(dice, at))
        }
    }
}

fn facts(dice: &mut Dice, scene: &Scene) -> Map<String, Value> {
    let mut map = Map::new();
    for (name, kind, keyed) in FACTS {
        if *keyed {
            let mut keys: Vec<&str> = CITIES.iter().chain(NICKS).chain(SENDERS).copied().collect();
            keys.extend(
                scene.book["channels"]
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(|(name, _)| name.as_str()),
            );
            keys.extend(
                scene.book["campaigns"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|campaign| campaign["id"].as_str()),
            );
            let mut values = Map::new();
            for key in keys {
                let value = value(dice, scene, kind);
                maybe(dice, &mut values, key, 14, value);
            }
            maybe(dice, &mut map, name, 6, Value::Object(values));
        } else {
            let value = value(dice, scene, kind);
            maybe(dice, &mut map, name, if *name == "rate" { 35 } else { 10 }, value);
        }
    }
    map
}
