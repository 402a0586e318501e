//! Conditions: true, false or unknown.

use super::occurrence::occurrences;
use super::time;
use super::touch::Touch;
use super::world::{Campaign, Val, World, get, list, listed, text};
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::rc::Rc;

/// Kleene's three values; an unknown names what was missing.
#[derive(Clone, Debug, PartialEq)]
pub enum Truth {
    True,
    False,
    Unknown(BTreeSet<String>),
}

use Truth::{False, True, Unknown};

impl Truth {
    fn from(flag: bool) -> Truth {
        if flag { True } else { False }
    }

    fn not(self) -> Truth {
        match self {
            True => False,
            False => True,
            unknown => unknown,
        }
    }

    /// Empty is true; one false is false; else one unknown is unknown, for what every unknown child misses.
    fn all(parts: impl IntoIterator<Item = Truth>) -> Truth {
        let parts: Vec<Truth> = parts.into_iter().collect();
        let missing = parts.iter().filter_map(|part| {
            if let Unknown(names) = part {
                Some(names)
            } else {
                None
            }
        });
        if parts.contains(&False) {
            False
        } else if parts.iter().all(|part| *part == True) {
            True
        } else {
            Unknown(missing.flatten().cloned().collect())
        }
    }

    fn any(parts: impl IntoIterator<Item = Truth>) -> Truth {
        Truth::all(parts.into_iter().map(Truth::not)).not()
    }

    /// What restrains acts when true or unknown.
    pub fn acts(&self) -> bool {
        *self != False
    }

    pub fn missing(&self) -> Vec<String> {
        if let Unknown(names) = self {
            names.iter().cloned().collect()
        } else {
            Vec::new()
        }
    }
}

/// What a condition is evaluated for: the touch under consideration at its instant `t`.
#[derive(Clone, Copy)]
pub struct Moment<'m> {
    pub world: &'m World<'m>,
    pub t: i64,
    /// The placed touches its `touches` conditions see.
    pub seen: &'m [Rc<Touch>],
    pub campaign: Option<&'m Campaign<'m>>,
    pub occurrence: Option<&'m str>,
    pub channel: Option<&'m str>,
    pub sender: Option<&'m str>,
}

/// A value, or the names of what is missing.
type Read = Result<Val, BTreeSet<String>>;

fn named(name: &str) -> BTreeSet<String> {
    BTreeSet::from([name.to_owned()])
}

impl Moment<'_> {
    /// An absent condition is always true.
    pub fn holds(&self, condition: Option<&Value>) -> Truth {
        condition.map_or(True, |condition| self.truth(condition))
    }

    /// The campaign's audience and the wave's besides it.
    pub fn audience(&self, wave: Option<&Value>) -> Truth {
        let own = self.campaign.and_then(|campaign| get(campaign.body, "audience"));
        Truth::all([self.holds(own), self.holds(wave)])
    }

    fn truth(&self, node: &Value) -> Truth {
        if get(node, "all").is_some() {
            return Truth::all(list(node, "all").iter().map(|child| self.truth(child)));
        }
        if get(node, "any").is_some() {
            return Truth::any(list(node, "any").iter().map(|child| self.truth(child)));
        }
        if let Some(child) = get(node, "not") {
            return self.truth(child).not();
        }
        if let Some(name) = text(node, "tag") {
            return match self.world.derived_tag(name) {
                Some(when) => self.truth(when),
                None => Truth::from(self.world.holds_tag(name, self.t)),
            };
        }
        if let Some(name) = text(node, "attribute") {
            return self.compare(self.attribute(name), node, self.world.attribute_type(name));
        }
        if let Some(name) = text(node, "fact") {
            return self.compare(self.fact(node), node, self.world.fact_type(name));
        }
        if let Some(subject) = get(node, "elapsed") {
            let start = subject
                .as_str()
                .map_or_else(|| self.fact(subject), |name| self.attribute(name));
            return self.compare(start.map(|at| self.since(&at)), node, "duration");
        }
        if let Some(filter) = get(node, "touches") {
            return self.compare(Ok(Val::Int(self.count_touches(filter))), node, "integer");
        }
        if get(node, "purchases").is_some() {
            return self.compare(self.purchases(node), node, "number");
        }
        if get(node, "occurrence").is_some() {
            return Truth::from(
                self.occurrence
                    .is_some_and(|own| listed(list(node, "occurrence"), own)),
            );
        }
        if get(node, "score").is_some() {
            return self.compare(Ok(Val::Int(self.score().into())), node, "integer");
        }
        panic!("no condition: {node}")
    }

    pub fn attribute(&self, name: &str) -> Read {
        self.world.attribute(name).map_err(|name| named(&name))
    }

    pub fn fact(&self, node: &Value) -> Read {
        let value = self.raw_fact(node)?;
        Ok(Val::typed(self.world.fact_type(text(node, "fact").unwrap()), value).unwrap())
    }

    /// A missing key attribute is what is missing; else the fact itself.
    pub fn raw_fact(&self, node: &Value) -> Result<&Value, BTreeSet<String>> {
        let name = text(node, "fact").unwrap();
        let key = match get(node, "of") {
            None => return get(&self.world.case["facts"], name).ok_or_else(|| named(name)),
            Some(Value::String(who)) => match who.as_str() {
                "campaign" => self.campaign.map(|campaign| campaign.id.to_owned()),
                "sender" => self.sender.map(str::to_owned),
                "channel" => self.channel.map(str::to_owned),
                other => panic!("no key: {other}"),
            },
            Some(of) => match get(of, "is") {
                Some(literal) => Some(
                    literal
                        .as_str()
                        .map_or_else(|| literal.to_string(), str::to_owned),
                ),
                None => Some(match self.attribute(text(of, "attribute").unwrap())? {
                    Val::Text(text) => text,
                    Val::Int(number) => number.to_string(),
                    Val::Flag(flag) => flag.to_string(),
                    other => panic!("no key: {other:?}"),
                }),
            },
        };
        let value = key.and_then(|key| get(get(&self.world.case["facts"], name)?, &key));
        value.ok_or_else(|| named(name))
    }

    /// `t − instant`; a future instant gives negative elapsed.
    fn since(&self, at: &Val) -> Val {
        let Val::At(at) = at else {
            panic!("no instant: {at:?}")
        };
        Val::Int((self.t - at).into())
    }

    /// Counted touches by default, `at ≤ t`, in `(t − within, t]` if given.
    fn count_touches(&self, filter: &Value) -> i128 {
        let known = self.world.history.iter().chain(self.seen);
        let count = known.filter(|touch| {
            let status = get(filter, "status")
                .map_or(touch.counted(), |_| listed(list(filter, "status"), &touch.status));
            let kinds = list(filter, "responses");
            let answered = || {
                touch
                    .responses
                    .iter()
                    .any(|(kind, at)| listed(kinds, kind) && *at <= self.t)
            };
            status
                && self.recent(filter, touch.at)
                && touch.covered(Some(filter), None)
                && (get(filter, "occurrences").is_none() || self.of(list(filter, "occurrences"), touch))
                && (get(filter, "responses").is_none() || answered())
        });
        count.count() as i128
    }

    /// Without an occurrence of its own a touch belongs to every one of its campaign that contains its instant, and to
    /// `always`.
    fn of(&self, ids: &[Value], touch: &Touch) -> bool {
        let (Some(campaign), None) = (&touch.campaign, &touch.occurrence) else {
            return touch.occurrence.as_ref().is_some_and(|own| listed(ids, own));
        };
        let declared = self.world.campaigns.iter().filter(|one| one.id == campaign);
        let mut belongs = declared.flat_map(|one| occurrences(self.world, one, touch.at, touch.at));
        listed(ids, "always") || belongs.any(|occurrence| listed(ids, &occurrence.id))
    }

    fn recent(&self, node: &Value, at: i64) -> bool {
        let within = text(node, "within").map(|within| time::duration(within).unwrap());
        at <= self.t && within.is_none_or(|within| at > self.t - within)
    }

    /// Purchases at one instant are one; amounts added in order of (at, amount), a missing one leaves the sum unknown.
    fn purchases(&self, node: &Value) -> Read {
        let all = self.world.purchases.as_ref().ok_or_else(|| named("purchases"))?;
        let recent: Vec<_> = all.iter().filter(|(at, _)| self.recent(node, *at)).collect();
        if node["purchases"] == "count" {
            return Ok(Val::Int(
                recent.iter().map(|(at, _)| at).collect::<BTreeSet<_>>().len() as i128,
            ));
        }
        let amounts: Option<Vec<f64>> = recent.iter().map(|(_, amount)| *amount).collect();
        amounts
            .map(|amounts| Val::Float(amounts.into_iter().fold(0.0, |sum, amount| sum + amount)))
            .ok_or_else(|| named("purchases"))
    }

    /// Base plus the points of every `add` whose `when` is true; an unknown one counts if negative.
    pub fn score(&self) -> i64 {
        let score = &self.campaign.unwrap().body["score"];
        let mut sum = i128::from(score["base"].as_i64().unwrap_or(0));
        for add in list(score, "add") {
            let points = add["points"].as_i64().unwrap();
            let counts = match self.holds(get(add, "when")) {
                True => true,
                False => false,
                Unknown(_) => points < 0,
            };
            sum += if counts { i128::from(points) } else { 0 };
        }
        sum.clamp(i64::MIN.into(), i64::MAX.into()) as i64
    }

    /// One or more operators, all must hold; what reads a missing value is unknown, `present` never is.
    fn compare(&self, subject: Read, node: &Value, kind: &str) -> Truth {
        let equal = |right: &Value| self.operator("eq", &subject, &self.right_side(kind, right));
        Truth::all(node.as_object().unwrap().iter().filter_map(|(name, right)| {
            Some(match name.as_str() {
                "present" => Truth::from(right.as_bool().unwrap() == subject.is_ok()),
                "in" => Truth::any(right.as_array().unwrap().iter().map(equal)),
                "eq" | "ne" | "lt" | "le" | "gt" | "ge" => {
                    self.operator(name, &subject, &self.right_side(kind, right))
                }
                _ => return None,
            })
        }))
    }

    fn operator(&self, name: &str, left: &Read, right: &Read) -> Truth {
        let (Ok(a), Ok(b)) = (left, right) else {
            return Unknown(
                [left, right]
                    .into_iter()
                    .filter_map(|side| side.clone().err())
                    .flatten()
                    .collect(),
            );
        };
        let order = a.compare(b);
        Truth::from(match name {
            "eq" => order == Ordering::Equal,
            "ne" => order != Ordering::Equal,
            "lt" => order == Ordering::Less,
            "le" => order != Ordering::Greater,
            "gt" => order == Ordering::Greater,
            _ => order != Ordering::Less,
        })
    }

    /// A literal of the declared type, an attribute or a fact.
    fn right_side(&self, kind: &str, right: &Value) -> Read {
        match (text_member(right, "attribute"), text_member(right, "fact")) {
            (Some(name), _) => self.attribute(name),
            (None, Some(_)) => self.fact(right),
            (None, None) => Ok(Val::typed(kind, right).unwrap()),
        }
    }
}

fn text_member<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value
        .as_object()
        .and_then(|members| members.get(key))
        .and_then(Value::as_str)
}
