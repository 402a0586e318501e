//! The rulebook and one case, read into plain values.

use super::changes::durations;
use super::identity::bucket;
use super::time::{self, DAY};
use super::touch::{Rule, Touch};
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::rc::Rc;

/// A null is a missing value.
pub fn get<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    value.get(key).filter(|found| !found.is_null())
}

pub fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    get(value, key).map(|found| found.as_str().unwrap())
}

pub fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    get(value, key).map_or(&[], |found| found.as_array().unwrap())
}

pub fn listed(values: &[Value], word: &str) -> bool {
    values.iter().any(|value| value == word)
}

#[derive(Clone, Debug)]
pub enum Val {
    Int(i128),
    Float(f64),
    Text(String),
    Flag(bool),
    At(i64),
    Day(NaiveDate),
}

impl Val {
    /// A JSON value of the declared type; null is missing.
    pub fn typed(kind: &str, value: &Value) -> Option<Val> {
        Some(match (kind, value) {
            (_, Value::Null) => return None,
            ("date-time", Value::String(text)) => Val::At(time::instant(text).unwrap()),
            ("date", Value::String(text)) => Val::Day(text.parse().unwrap()),
            ("duration", Value::String(text)) => Val::Int(time::duration(text).unwrap().into()),
            (_, Value::String(text)) => Val::Text(text.clone()),
            (_, Value::Bool(flag)) => Val::Flag(*flag),
            (_, Value::Number(number)) => match number.as_i64() {
                Some(n) => Val::Int(n.into()),
                None => number
                    .as_u64()
                    .map_or_else(|| Val::Float(number.as_f64().unwrap()), |n| Val::Int(n.into())),
            },
            other => panic!("no value: {other:?}"),
        })
    }

    /// Integers and numbers compare exactly; dates and date-times order; the rest is only equal or not.
    pub fn compare(&self, other: &Val) -> Ordering {
        match (self, other) {
            (Val::Int(a), Val::Int(b)) => a.cmp(b),
            (Val::Float(a), Val::Float(b)) => a.partial_cmp(b).unwrap(),
            (Val::Int(a), Val::Float(b)) => int_against_float(*a, *b),
            (Val::Float(a), Val::Int(b)) => int_against_float(*b, *a).reverse(),
            (Val::Text(a), Val::Text(b)) => a.cmp(b),
            (Val::Flag(a), Val::Flag(b)) => a.cmp(b),
            (Val::At(a), Val::At(b)) => a.cmp(b),
            (Val::Day(a), Val::Day(b)) => a.cmp(b),
            pair => panic!("not comparable: {pair:?}"),
        }
    }
}

fn int_against_float(a: i128, b: f64) -> Ordering {
    if b >= 1e30 {
        return Ordering::Less;
    }
    if b <= -1e30 {
        return Ordering::Greater;
    }
    a.cmp(&(b.floor() as i128)).then(if b.fract() == 0.0 {
        Ordering::Equal
    } else {
        Ordering::Less
    })
}

pub struct Campaign<'w> {
    pub id: &'w str,
    pub body: &'w Value,
    /// Every policy's rules and its own.
    pub rules: Vec<Rule<'w>>,
    pub reserve: i64,
}

pub struct World<'w> {
    pub rulebook: &'w Value,
    pub case: &'w Value,
    pub customer: &'w Value,
    pub campaigns: Vec<Campaign<'w>>,
    pub now: i64,
    /// `now + look_ahead`, included.
    pub ahead: i64,
    /// `now + 400 days`, included.
    pub limit: i64,
    pub history: Vec<Rc<Touch>>,
    /// (at, amount), ordered; none if absent.
    pub purchases: Option<Vec<(i64, Option<f64>)>>,
    /// Every duration that can move an instant of the case, without sign.
    pub spans: BTreeSet<i64>,
    /// A superset of the instants in `[now, limit]` at which anything changes for the history alone.
    pub changes: Vec<i64>,
}

impl<'w> World<'w> {
    pub fn new(rulebook: &'w Value, case: &'w Value) -> World<'w> {
        let now = time::instant(case["now"].as_str().unwrap()).unwrap();
        let look_ahead = time::duration(rulebook["look_ahead"].as_str().unwrap()).unwrap();
        let campaign = |body: &'w Value| {
            let id = text(body, "id").unwrap();
            let mut rules = Vec::new();
            for policy in list(rulebook, "policies") {
                for body in list(policy, "rules") {
                    let address = format!("{}/{}", text(policy, "id").unwrap(), text(body, "id").unwrap());
                    rules.push(Rule {
                        address,
                        body,
                        of: None,
                    });
                }
            }
            for body in list(body, "rules") {
                let address = format!("campaign:{id}/{}", text(body, "id").unwrap());
                rules.push(Rule {
                    address,
                    body,
                    of: Some(id),
                });
            }
            let reserve =
                text(body, "reserve").map_or(look_ahead, |reserve| time::duration(reserve).unwrap());
            Campaign {
                id,
                body,
                rules,
                reserve,
            }
        };
        let customer = &case["customer"];
        let purchases = get(customer, "purchases").map(|all| {
            let one = |p: &Value| {
                (
                    time::instant(text(p, "at").unwrap()).unwrap(),
                    p["amount"].as_f64(),
                )
            };
            let mut all: Vec<_> = all.as_array().unwrap().iter().map(one).collect();
            all.sort_by(|a, b| a.partial_cmp(b).unwrap());
            all
        });
        let mut spans = BTreeSet::new();
        durations(rulebook, &mut spans);
        let mut world = World {
            rulebook,
            case,
            customer,
            campaigns: list(rulebook, "campaigns").iter().map(campaign).collect(),
            now,
            ahead: now + look_ahead,
            limit: now + 400 * DAY,
            history: list(case, "history")
                .iter()
                .map(|entry| Rc::new(Touch::read(entry, now)))
                .collect(),
            purchases,
            spans,
            changes: Vec::new(),
        };
        world.changes = world.all_changes();
        world
    }

    /// The zones a `zone` means: one, or the list for an unknown customer; none = refrain.
    pub fn zones(&self, zone: Option<&str>) -> Option<Vec<Tz>> {
        let named = |name: &str| name.parse::<Tz>().unwrap();
        let house = named(self.rulebook["time_zone"].as_str().unwrap());
        match zone {
            Some("house") => Some(vec![house]),
            None | Some("customer") => match (
                text(self.customer, "time_zone"),
                &self.rulebook["unknown_time_zone"],
            ) {
                (Some(own), _) => Some(vec![named(own)]),
                (None, Value::Array(zones)) => {
                    Some(zones.iter().map(|zone| named(zone.as_str().unwrap())).collect())
                }
                (None, unknown) if unknown == "house" => Some(vec![house]),
                (None, _) => None,
            },
            Some(name) => Some(vec![named(name)]),
        }
    }

    /// purchases.first_at, last_at and due_at = last + lower median gap in whole seconds (missing below
    /// three); of purchases at or before now, those at one instant being one.
    pub fn purchase_instant(&self, name: &str) -> Option<i64> {
        let instants: BTreeSet<i64> = self
            .purchases
            .as_ref()?
            .iter()
            .map(|p| p.0)
            .filter(|at| *at <= self.now)
            .collect();
        let instants: Vec<i64> = instants.into_iter().collect();
        match name {
            "purchases.first_at" => instants.first().copied(),
            "purchases.last_at" => instants.last().copied(),
            _ => {
                let mut gaps: Vec<i64> = instants.windows(2).map(|pair| pair[1] - pair[0]).collect();
                gaps.sort_unstable();
                let median = if gaps.len() < 2 {
                    return None;
                } else {
                    gaps[(gaps.len() - 1) / 2]
                };
                Some(instants.last().unwrap() + median / time::SECOND * time::SECOND)
            }
        }
    }

    /// The attribute's value, or its name if missing.
    pub fn attribute(&self, name: &str) -> Result<Val, String> {
        let value = if name.starts_with("purchases.") {
            self.purchase_instant(name).map(Val::At)
        } else {
            get(&self.customer["attributes"], name)
                .and_then(|value| Val::typed(self.attribute_type(name), value))
        };
        value.ok_or_else(|| name.to_owned())
    }

    pub fn attribute_type(&self, name: &str) -> &str {
        if name.starts_with("purchases.") {
            "date-time"
        } else {
            self.rulebook["attributes"][name].as_str().unwrap()
        }
    }

    pub fn fact_type(&self, name: &str) -> &str {
        self.rulebook["facts"][name]["type"].as_str().unwrap()
    }

    /// Held at `t`: half-open intervals.
    pub fn holds_tag(&self, name: &str, t: i64) -> bool {
        list(self.customer, "tags").iter().any(|tag| {
            let edge = |key| text(tag, key).map(|at| time::instant(at).unwrap());
            tag == name
                || (tag["tag"] == name
                    && edge("since").is_none_or(|s| s <= t)
                    && edge("until").is_none_or(|u| t < u))
        })
    }

    /// A derived tag's `when`.
    pub fn derived_tag(&self, name: &str) -> Option<&'w Value> {
        list(self.rulebook, "tags")
            .iter()
            .find(|tag| tag["tag"] == name)
            .map(|tag| &tag["when"])
    }

    pub fn purpose_needs_no_consent(&self, purpose: &str) -> bool {
        list(self.rulebook, "purposes")
            .iter()
            .any(|p| p["purpose"] == purpose && p["consent"] == "none")
    }

    pub fn in_holdout_bucket(&self, holdout: &Value) -> bool {
        let hundredths = (holdout["percent"].as_f64().unwrap() * 100.0).round() as u64;
        bucket(text(holdout, "salt").unwrap(), text(self.customer, "id").unwrap()) < hundredths
    }

    /// Channels in order × the customer's senders in order; no sender if there are none.
    pub fn options(&self, campaign: &Campaign<'w>) -> Vec<(&'w str, Option<&'w str>)> {
        let mut senders: Vec<_> = list(self.customer, "senders").iter().map(Value::as_str).collect();
        if senders.is_empty() {
            senders.push(None);
        }
        let channels = list(campaign.body, "channels")
            .iter()
            .map(|channel| channel.as_str().unwrap());
        channels
            .flat_map(|channel| senders.iter().map(move |sender| (channel, *sender)))
            .collect()
    }
}

/// Whether a cap or repeat is over a calendar period.
pub fn calendar(cap: &Value) -> bool {
    matches!(text(cap, "per"), Some("day" | "week" | "month" | "year"))
}
