//! One thing that would be otherwise.

use chrono_tz::Tz;
use serde::Serialize;

use crate::written::{
    condition::Literal,
    customer::HeldTag,
    facts::{Case, FactValue, Facts},
};

/// One thing that would be otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Step {
    /// A rule that does not act, by its address.
    Lift {
        /// The rule's address.
        rule: String,
    },
    /// A tag that the customer holds.
    Hold {
        /// The tag.
        tag: String,
    },
    /// A tag that the customer does not hold.
    Drop {
        /// The tag.
        tag: String,
    },
    /// Another value of an attribute of the customer.
    Attribute {
        /// Its name.
        name: String,
        /// The value that it would have.
        value: Literal,
    },
    /// Another value of a fact.
    Fact {
        /// Its name.
        name: String,
        /// The key, of a keyed fact.
        of: Option<String>,
        /// The value that it would have.
        value: Literal,
    },
    /// Consent to a channel, or to a topic as `topic:…`.
    Consent {
        /// To what.
        to: String,
    },
    /// A known time zone of the customer.
    TimeZone {
        /// The zone.
        #[serde(serialize_with = "zone_name")]
        zone: Tz,
    },
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn zone_name<S: serde::Serializer>(zone: &Tz, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(zone.name())
}

impl Step {
    /// The rule that it lifts.
    pub(super) fn lifted(&self) -> Option<&str> {
        match self {
            Self::Lift { rule } => Some(rule),
            _ => None,
        }
    }

    /// Whether two steps change the same thing, so that one of them is enough.
    pub(super) fn is_of_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Attribute { name: a, .. }, Self::Attribute { name: b, .. }) => a == b,
            (Self::Fact { name: a, of: x, .. }, Self::Fact { name: b, of: y, .. }) => (a, x) == (b, y),
            (Self::TimeZone { .. }, Self::TimeZone { .. }) => true,
            (a, b) => a == b,
        }
    }

    /// Makes it so; a lifted rule is none of the case's.
    pub(super) fn put(&self, case: &mut Case) {
        let customer = &mut case.customer;
        match self {
            Self::Lift { .. } => {}
            Self::Hold { tag } => customer.tags.push(HeldTag::new(tag.as_str())),
            Self::Drop { tag } => customer.tags.retain(|held| held.tag != *tag),
            Self::Attribute { name, value } => {
                customer.attributes.insert(name.clone(), Some(value.clone()));
            }
            Self::Fact { name, of, value } => {
                let facts = std::mem::replace(&mut case.facts, Facts::new());
                case.facts = match of {
                    Some(key) => facts.set_for(name.as_str(), key.as_str(), value.clone()),
                    None => facts.set(name.as_str(), value.clone()),
                };
            }
            Self::Consent { to } => {
                customer.consent.insert(to.clone(), Some(true));
            }
            Self::TimeZone { zone } => customer.time_zone = Some(*zone),
        }
    }

    /// Whether it is so already.
    pub(super) fn is_so(&self, case: &Case) -> bool {
        let now = case.now;
        let holds = |tag: &str| {
            case.customer.tags.iter().any(|held| {
                held.tag == tag
                    && held.since.is_none_or(|since| since <= now)
                    && held.until.is_none_or(|until| now < until)
            })
        };
        match self {
            Self::Lift { .. } => false,
            Self::Hold { tag } => holds(tag),
            Self::Drop { tag } => !holds(tag),
            Self::Attribute { name, value } => {
                case.customer.attributes.get(name) == Some(&Some(value.clone()))
            }
            Self::Fact { name, of, value } => {
                let known = match (case.facts.get(name), of) {
                    (Some(FactValue::Single(known)), None) => known.as_ref(),
                    (Some(FactValue::Keyed(values)), Some(key)) => values.get(key).and_then(Option::as_ref),
                    _ => None,
                };
                known == Some(value)
            }
            Self::Consent { to } => case.customer.consent.get(to) == Some(&Some(true)),
            Self::TimeZone { .. } => case.customer.time_zone.is_some(),
        }
    }
}
