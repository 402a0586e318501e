//! Rulebooks made of bytes: small ones, of few names, so that their parts meet.

use arbitrary::{Result, Unstructured};
use serde_json::{Map, Value, json};

const CHANNELS: [&str; 3] = ["direct", "sms", "moments"];
const PURPOSES: [&str; 3] = ["reply", "benefit", "promotion"];
const TAGS: [&str; 3] = ["latte", "rest", "young"];
const CAMPAIGNS: [&str; 3] = ["c0", "c1", "c2"];
const LENGTHS: [&str; 6] = ["1h", "12h", "1d", "3d", "7d", "30d"];
const TIMES: [&str; 6] = ["00:00", "08:00", "09:30", "21:00", "22:00", "24:00"];
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const ZONES: [&str; 4] = ["customer", "house", "America/New_York", "Australia/Lord_Howe"];
const RESPONSES: [&str; 3] = ["clicked", "complained", "replied"];

type Bytes<'a, 'b> = &'a mut Unstructured<'b>;

/// A rulebook; what it names is declared.
pub(crate) fn rulebook(u: Bytes<'_, '_>) -> Result<Value> {
    let unknown = u
        .choose(&[
            json!("house"),
            json!("refrain"),
            json!(["Asia/Shanghai", "America/New_York"]),
        ])?
        .clone();
    let mut tags = vec![json!("latte"), json!("rest")];
    tags.push(json!({"tag": "young", "when": condition(u, 2, Place::Tag)?}));
    let rules = (0..u.int_in_range(0..=4)?)
        .map(|number| rule(u, number, Place::Rule))
        .collect::<Result<Vec<_>>>()?;
    let campaigns = (0..u.int_in_range(1..=3)?)
        .map(|number| campaign(u, number))
        .collect::<Result<Vec<_>>>()?;
    Ok(json!({
        "format": 1,
        "time_zone": u.choose(&["Asia/Shanghai", "America/New_York", "Europe/London"])?,
        "unknown_time_zone": unknown,
        "look_ahead": u.choose(&["0s", "12h", "2d", "7d", "40d"])?,
        "attributes": {"age": "integer", "spend": "number", "city": "string", "vip": "boolean", "joined_at": "date-time", "birthday": "date"},
        "facts": {"heat": {"type": "number", "keyed": true}, "open": {"type": "boolean"}, "storm_at": {"type": "date-time"}},
        "tags": tags,
        "purposes": [{"purpose": "reply", "consent": "none"}, "benefit", "promotion"],
        "channels": {"direct": {"consent": "opt_out"}, "sms": {"consent": "opt_in"}, "moments": {"consent": "none"}},
        "policies": [{"id": "p", "rules": rules}],
        "styles": [{"when": condition(u, 1, Place::Variant)?, "set": {"mode": "voice"}}],
        "campaigns": campaigns}))
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Tag,
    Audience,
    Variant,
    Rule,
    CampaignRule,
}

fn condition(u: Bytes<'_, '_>, depth: u8, place: Place) -> Result<Value> {
    let most = if depth == 0 { 8 } else { 11 };
    Ok(match u.int_in_range(0..=most)? {
        0 => json!({"tag": u.choose(if place == Place::Tag { &TAGS[..2] } else { &TAGS })?}),
        1 => json!({"attribute": "age", u.choose_op()?: u.choose(&[17, 18, 30])?}),
        2 => json!({"attribute": "city", "in": ["上海", "北京"]}),
        3 => json!({"fact": "heat", "of": {"attribute": "city"}, "ge": u.choose(&[10, 28])?}),
        4 => {
            json!({"elapsed": u.choose(&["joined_at", "purchases.last_at", "purchases.due_at"])?, u.choose(&["lt", "ge"])?.to_string(): u.choose(&LENGTHS)?})
        }
        5 => json!({"touches": filter(u)?, u.choose_op()?: u.choose(&[0, 1, 2])?}),
        6 => {
            json!({"purchases": u.choose(&["count", "amount"])?, "within": u.choose(&LENGTHS)?, "ge": u.choose(&[1, 2, 20])?})
        }
        7 => match place {
            Place::Rule | Place::CampaignRule => json!({"score": true, "lt": u.choose(&[0, 10])?}),
            _ => json!({"fact": "open", "eq": true}),
        },
        8 => match place {
            Place::Variant | Place::CampaignRule => json!({"occurrence": ["once", "core"]}),
            _ => json!({"attribute": "age", "present": u.arbitrary::<bool>()?}),
        },
        9 => json!({"not": condition(u, depth - 1, place)?}),
        10 => json!({"all": [condition(u, depth - 1, place)?, condition(u, depth - 1, place)?]}),
        _ => json!({"any": [condition(u, depth - 1, place)?, condition(u, depth - 1, place)?]}),
    })
}

trait ChooseOperator {
    fn choose_op(&mut self) -> Result<String>;
}

impl ChooseOperator for Unstructured<'_> {
    fn choose_op(&mut self) -> Result<String> {
        Ok((*self.choose(&["eq", "ne", "lt", "le", "gt", "ge"])?).to_owned())
    }
}

fn filter(u: Bytes<'_, '_>) -> Result<Value> {
    let mut filter = Map::new();
    if u.arbitrary()? {
        filter.insert("campaigns".into(), json!([u.choose(&CAMPAIGNS)?]));
    }
    if u.arbitrary()? {
        filter.insert("channels".into(), json!([u.choose(&CHANNELS)?]));
    }
    if u.arbitrary()? {
        filter.insert("within".into(), json!(u.choose(&LENGTHS)?));
    }
    if u.arbitrary()? {
        filter.insert("responses".into(), json!([u.choose(&RESPONSES)?]));
    }
    Ok(filter.into())
}

fn scope(u: Bytes<'_, '_>) -> Result<Value> {
    Ok(match u.int_in_range(0..=2)? {
        0 => json!({"channels": [u.choose(&CHANNELS)?]}),
        1 => json!({"purposes": [u.choose(&PURPOSES)?]}),
        _ => json!({"campaigns": [u.choose(&CAMPAIGNS)?]}),
    })
}

fn rule(u: Bytes<'_, '_>, number: u8, place: Place) -> Result<Value> {
    let mut rule = json!({"id": format!("r{number}"), "then": effect(u)?});
    let watches = matches!(rule["then"].as_object(), Some(then) if then.contains_key("prefer") || then.contains_key("holdout"));
    if place == Place::Rule && u.arbitrary()? && !watches {
        rule["scope"] = scope(u)?;
    }
    if place == Place::Rule && u.ratio(1, 4)? {
        rule["except"] = scope(u)?;
    }
    if u.arbitrary()? {
        rule["when"] = condition(u, 2, place)?;
    }
    if u.ratio(1, 8)? && !watches {
        rule["observe"] = json!(true);
    }
    Ok(rule)
}

fn effect(u: Bytes<'_, '_>) -> Result<Value> {
    Ok(match u.int_in_range(0..=6)? {
        0 => json!("forbid"),
        1 | 2 => {
            let mut cap = json!({"at_most": u.int_in_range(0..=3)?, "per": per(u)?});
            if u.ratio(1, 4)? {
                cap["zone"] = json!(u.choose(&ZONES)?);
            }
            if u.ratio(1, 4)? {
                cap["counting"] = if u.arbitrary()? { json!("all") } else { scope(u)? };
            }
            if u.ratio(1, 4)? {
                cap["grouped_by"] =
                    json!(u.choose(&["channel", "purpose", "campaign", "sender", "content"])?);
            }
            json!({"cap": cap})
        }
        3 => json!({"quiet": window(u)?}),
        4 => {
            let mut react = json!({"to": u.choose(&RESPONSES)?, "hold": u.choose(&LENGTHS)?});
            if u.arbitrary()? {
                react["to"] = json!("ignored");
                react["after"] = json!(u.choose(&LENGTHS)?);
                react["in_a_row"] = json!(u.arbitrary::<bool>()?);
            }
            if u.arbitrary()? {
                react["at_least"] = json!(u.int_in_range(1..=3)?);
                react["within"] = json!(u.choose(&LENGTHS)?);
            }
            json!({"react": react})
        }
        5 => {
            let mut prefer = window(u)?;
            prefer["weight"] = json!(u.int_in_range(-2..=5)?);
            json!({"prefer": prefer})
        }
        _ => json!({"holdout": {"percent": u.choose(&[0, 10, 50])?, "salt": "s"}}),
    })
}

fn per(u: Bytes<'_, '_>) -> Result<Value> {
    Ok(match u.int_in_range(0..=5)? {
        0 => json!("day"),
        1 => json!("week"),
        2 => json!("month"),
        3 => json!("lifetime"),
        _ => json!(u.choose(&LENGTHS)?),
    })
}

fn window(u: Bytes<'_, '_>) -> Result<Value> {
    let mut window = json!({"from": u.choose(&TIMES[..5])?, "to": u.choose(&TIMES[1..])?});
    if u.ratio(1, 3)? {
        window["days"] = json!([u.choose(&DAYS)?]);
    }
    if u.ratio(1, 3)? {
        window["zone"] = json!(u.choose(&ZONES)?);
    }
    Ok(window)
}

fn schedule(u: Bytes<'_, '_>) -> Result<Option<Value>> {
    Ok(Some(match u.int_in_range(0..=5)? {
        0 => return Ok(None),
        1 => json!({"between": ["2026-03-05T20:00", "2026-03-12T00:00"]}),
        2 => json!({"after": "joined_at", "from": u.choose(&["-1d", "0s", "7d"])?, "until": "9d"}),
        3 => {
            json!({"every": u.choose(&["year", "month"])?, "of": u.choose(&["birthday", "joined_at"])?, "until": "2d"})
        }
        4 => {
            json!({"on": {"days": [u.choose(&DAYS)?, "mon"], "from": u.choose(&TIMES[..5])?, "to": "23:30"}, "zone": u.choose(&ZONES)?})
        }
        _ => json!({"waves": [
            {"id": "core", "between": ["2026-03-05T00:00", "2026-03-08T12:00"], "audience": condition(u, 1, Place::Audience)?},
            {"id": "all", "between": ["2026-03-08T00:00", "2026-03-12T00:00"]}]}),
    }))
}

fn campaign(u: Bytes<'_, '_>, number: u8) -> Result<Value> {
    let mut campaign = json!({
        "id": CAMPAIGNS[usize::from(number)],
        "purpose": u.choose(&PURPOSES)?, "value": "save", "priority": u.int_in_range(0..=2)?,
        "channels": match u.int_in_range(0..=2)? { 0 => vec!["direct"], 1 => vec!["sms", "direct"], _ => vec!["moments", "sms"] },
        "variants": [{"id": "plain", "content": "a", "arms": [{"id": "x"}, {"id": "y", "weight": 3}]}]});
    if u.arbitrary()? {
        campaign["audience"] = condition(u, 2, Place::Audience)?;
    }
    if let Some(schedule) = schedule(u)? {
        campaign["schedule"] = schedule;
    }
    if u.ratio(1, 3)? {
        campaign["repeat"] =
            json!({"at_most": u.int_in_range(1..=3)?, "per": per(u)?, "gap": u.choose(&["0s", "1h", "3d"])?});
    }
    if u.ratio(1, 3)? {
        campaign["patience"] = json!(u.choose(&["day", "week", "occurrence"])?);
    }
    if u.ratio(1, 3)? {
        campaign["timing"] = json!({"best_in": u.choose(&["day", "week", "occurrence"])?});
    }
    if u.ratio(1, 4)? {
        campaign["stop_when"] = condition(u, 1, Place::Audience)?;
    }
    if u.ratio(1, 4)? {
        campaign["reserve"] = json!(u.choose(&["0s", "1d"])?);
    }
    if u.ratio(1, 4)? {
        campaign["topic"] = json!("news");
    }
    if u.ratio(1, 3)? {
        campaign["score"] = json!({"base": 5, "add": [{"when": condition(u, 1, Place::Audience)?, "points": u.int_in_range(-9..=9)?}]});
    }
    if u.ratio(1, 3)? {
        let variant = json!({"id": "first", "content": "b", "when": condition(u, 2, Place::Variant)?, "fields": {"city": {"attribute": "city"}}});
        campaign["variants"]
            .as_array_mut()
            .expect("a list")
            .insert(0, variant);
    }
    if u.ratio(1, 3)? {
        campaign["rules"] = json!([rule(u, 0, Place::CampaignRule)?]);
    }
    Ok(campaign)
}
