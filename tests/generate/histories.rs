//! Histories: touches on the boundaries of the rulebook's windows, whole and partial.

use super::Dice;
use super::cases::Scene;
use super::clock::{self, DAY, HOUR, MINUTE, SECOND};
use super::world::{RESPONSES, SENDERS};
use chrono::TimeDelta;
use serde_json::{Map, Value, json};

/// What was and will be sent.
pub fn history(dice: &mut Dice, scene: &Scene) -> Value {
    let count = dice.weighted(&[
        (22, 0),
        (20, 1),
        (20, 2),
        (14, 3),
        (10, 4),
        (6, 5),
        (5, 6),
        (3, 8),
    ]);
    let mut list: Vec<Value> = Vec::new();
    let mut times: Vec<i64> = Vec::new();
    let mut others = Vec::new();
    for _ in 0..count {
        let at = time(dice, scene, &times);
        times.push(at);
        list.push(entry(dice, scene, at, &mut others));
    }
    if full_months(scene.book) && dice.chance(25) {
        flood(dice, scene, &mut list);
    }
    if dice.chance(30) {
        dice.shuffle(&mut list);
    }
    json!(list)
}

fn time(dice: &mut Dice, scene: &Scene, times: &[i64]) -> i64 {
    if !times.is_empty() && dice.chance(30) {
        // at an exact distance from another touch
        let other = times[dice.below(times.len())];
        let span = scene.apart(dice);
        return other + *dice.pick(&[0, -span, span, 10 * MINUTE, SECOND]) + scene.jitter(dice, 15);
    }
    if dice.chance(14) {
        return scene.now + scene.span(dice) + scene.jitter(dice, 20);
    }
    if dice.chance(6) {
        return scene.edge(dice);
    }
    scene.near(dice)
}

/// One entry, some members left out.
fn entry(dice: &mut Dice, scene: &Scene, at: i64, others: &mut Vec<i64>) -> Value {
    let campaigns = scene.book["campaigns"].as_array().map_or(&[][..], Vec::as_slice);
    let campaign = &campaigns[dice.below(campaigns.len())];
    let foreign = dice.chance(8);
    let mut map = Map::new();
    map.insert("at".into(), json!(clock::write(dice, at)));
    let channel = match campaign["channels"].as_array() {
        Some(list) if !dice.chance(15) => dice.pick(list).clone(),
        _ => json!(*dice.pick(&["direct", "moments", "pager"])),
    };
    map.insert("channel".into(), channel);
    let purpose = if dice.chance(6) {
        json!(*dice.pick(&["reply", "gossip"]))
    } else {
        campaign["purpose"].clone()
    };
    map.insert("purpose".into(), purpose);
    if foreign {
        if dice.chance(50) {
            map.insert("campaign".into(), json!("gone"));
        }
    } else if !dice.chance(22) {
        map.insert("campaign".into(), campaign["id"].clone());
        if let Some(occurrence) = occurrence(dice, scene, campaign, at) {
            map.insert("occurrence".into(), json!(occurrence));
        }
        let variant = &campaign["variants"][0];
        if !dice.chance(25) {
            let content = if variant["arms"].is_array() && dice.chance(60) {
                &variant["arms"][0]["content"]
            } else {
                &variant["content"]
            };
            map.insert("content".into(), content.clone());
        }
    }
    if !dice.chance(25) {
        let sender = if scene.senders.is_empty() || dice.chance(12) {
            *dice.pick(SENDERS)
        } else {
            scene.senders[dice.below(scene.senders.len())]
        };
        map.insert("sender".into(), json!(sender));
    }
    if dice.chance(10) {
        map.insert(
            "key".into(),
            json!(*dice.pick(&["k-1", "0123456789abcdef0123456789abcdef", "a"])),
        );
    }
    let status = if at > scene.now {
        dice.weighted(&[
            (70, "scheduled"),
            (8, "sent"),
            (10, "cancelled"),
            (6, "failed"),
            (6, "held_out"),
        ])
    } else {
        dice.weighted(&[
            (42, ""),
            (28, "sent"),
            (9, "scheduled"),
            (9, "failed"),
            (6, "cancelled"),
            (6, "held_out"),
        ])
    };
    if !status.is_empty() {
        map.insert("status".into(), json!(status));
    }
    if dice.chance(if at <= scene.now { 48 } else { 5 }) {
        map.insert("responses".into(), responses(dice, scene, at, others));
    }
    if dice.chance(4) {
        map.insert("extra".into(), json!({"batch": 7, "list": [1, null]}));
    }
    if dice.chance(4) {
        for name in ["campaign", "occurrence", "sender", "content", "key"] {
            if !map.contains_key(name) {
                map.insert(name.into(), Value::Null);
                break;
            }
        }
    }
    Value::Object(map)
}

fn responses(dice: &mut Dice, scene: &Scene, at: i64, others: &mut Vec<i64>) -> Value {
    (0..1 + dice.weighted(&[(70, 0), (22, 1), (8, 2)]))
        .map(|_| {
            let kind = if dice.chance(50) && !scene.words.is_empty() {
                dice.pick(&scene.words).as_str()
            } else {
                dice.weighted(&[
                    (22, RESPONSES[0]),
                    (18, RESPONSES[1]),
                    (12, RESPONSES[2]),
                    (18, RESPONSES[3]),
                    (18, RESPONSES[4]),
                    (12, RESPONSES[5]),
                ])
            };
            let time = match dice.weighted(&[(40, 0), (20, 1), (12, 2), (13, 3), (15, 4)]) {
                0 => at + *dice.pick(&[5 * MINUTE, 0, SECOND, HOUR, 26 * HOUR]),
                1 => scene.now - scene.span(dice),
                2 => at + scene.span(dice),
                // at an exact distance from another response
                4 if !others.is_empty() => {
                    others[dice.below(others.len())] + scene.apart(dice) * *dice.pick(&[-1, 1, 0])
                }
                _ => scene.now + *dice.pick(&[0, HOUR, 12 * HOUR]),
            };
            let time = time + scene.jitter(dice, 15);
            others.push(time);
            json!({"kind": kind, "at": clock::write(dice, time)})
        })
        .collect()
}

/// The occurrence the touch says it belongs to; half of them leave it out.
fn occurrence(dice: &mut Dice, scene: &Scene, campaign: &Value, at: i64) -> Option<String> {
    if dice.chance(40) {
        return None;
    }
    if dice.chance(5) {
        return Some("stray".to_owned());
    }
    let schedule = &campaign["schedule"];
    let local = |at| clock::local(scene.zone, at).date();
    if schedule.is_null() {
        return Some("always".to_owned());
    }
    if schedule["between"].is_array() {
        return Some("once".to_owned());
    }
    if let Some(waves) = schedule["waves"].as_array() {
        return waves[dice.below(waves.len())]["id"].as_str().map(str::to_owned);
    }
    if schedule["on"].is_object() {
        let day = if dice.chance(60) {
            local(scene.now)
        } else {
            local(at)
        };
        return Some((day - TimeDelta::days(*dice.pick(&[0, 0, 0, 1, -1]))).to_string());
    }
    if let Some(name) = schedule["after"].as_str() {
        let anchor = match name {
            "purchases.last_at" => scene
                .purchases
                .iter()
                .copied()
                .filter(|&at| at <= scene.now)
                .max(),
            "purchases.first_at" => scene.purchases.iter().copied().min(),
            _ => scene
                .attributes
                .get(name)
                .and_then(Value::as_str)
                .and_then(clock::instant),
        }?;
        return Some(clock::write_utc(anchor));
    }
    let unit = schedule["every"].as_str()?;
    let name = schedule["of"].as_str()?;
    let value = scene.attributes.get(name).and_then(Value::as_str);
    let origin = match value.and_then(clock::instant) {
        Some(at) => local(at),
        None => value
            .and_then(|text| text.parse().ok())
            .or_else(|| scene.purchases.iter().min().map(|&at| local(at)))?,
    };
    let days = (local(scene.now) - origin).num_days();
    let length = if unit == "year" { 365.25 } else { 30.44 };
    Some(format!(
        "{unit}-{}",
        ((days as f64 / length).round() as i64 + *dice.pick(&[0, 0, 0, 1, -1])).max(1)
    ))
}

/// Does a cap allow one touch a day of the month?
fn full_months(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.values().any(full_months),
        Value::Array(list) => list.iter().any(full_months),
        _ => value == "days_in_month",
    }
}

/// About as many touches as a month has days, all in the month of now or around its end.
fn flood(dice: &mut Dice, scene: &Scene, list: &mut Vec<Value>) {
    let middle = clock::on_day(
        scene.zone,
        chrono::Datelike::with_day(&clock::local(scene.zone, scene.now).date(), 15).unwrap_or_default(),
        0,
    );
    let mut others = Vec::new();
    let like = entry(dice, scene, middle, &mut others);
    let same = dice.chance(70);
    for i in 0..dice.range(27, 32) {
        let at = middle + (i - 15) * 11 * HOUR;
        let mut next = if same {
            like.clone()
        } else {
            entry(dice, scene, at.min(scene.now - DAY), &mut others)
        };
        next["at"] = json!(clock::write(dice, at));
        if same {
            next["status"] = json!(if at > scene.now { "scheduled" } else { "sent" });
        }
        list.push(next);
    }
}
