//! The customer: one recipient, a person or a group.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::condition::Literal;

/// One recipient: a person, or a customer group.
///
/// Built in Rust, or read from any serde format. A document needs `id` and `tags`; what else is absent is empty, except purchases: no list of purchases
/// means that they are not known, an empty one that there are none.
///
/// ```
/// use chrono::{DateTime, Utc};
/// use tactful::{Customer, HeldTag};
///
/// let october: DateTime<Utc> = "2026-10-21T09:00:00+08:00".parse()?;
/// let customer = Customer::new("c-001")
///     .time_zone(chrono_tz::Asia::Shanghai)
///     .tag("latte")
///     .tag(HeldTag::new("vip_trial").since(october))
///     .attribute("age", 34)
///     .attribute("city", "上海")
///     .consent("sms", true)
///     .sender("advisor-7")
///     .purchase(october, 38.0);
///
/// let read: Customer = serde_json::from_str(
///     r#"{"id": "c-001", "time_zone": "Asia/Shanghai",
///         "tags": ["latte", {"tag": "vip_trial", "since": "2026-10-21T09:00:00+08:00"}],
///         "attributes": {"age": 34, "city": "上海"}, "consent": {"sms": true}, "senders": ["advisor-7"],
///         "purchases": [{"at": "2026-10-21T09:00:00+08:00", "amount": 38.0}]}"#,
/// )?;
/// assert_eq!(read, customer);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[non_exhaustive]
pub struct Customer {
    /// The host's name for the customer; keys and buckets hang on it.
    pub id: String,
    /// The customer's zone, if known.
    #[serde(serialize_with = "zone_name", skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Tz>,
    /// The tags held.
    pub tags: Vec<HeldTag>,
    /// Attributes by declared name; `None` is a missing value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Option<Literal>>,
    /// Recorded consent by channel, or by `topic:<topic>`; `None` is not recorded.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub consent: BTreeMap<String, Option<bool>>,
    /// The senders that may speak to the customer, the preferred first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub senders: Vec<String>,
    /// How often the customer was active, by local hour from 0 to 23.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active_hours: Option<[u64; 24]>,
    /// Purchases; `None` is unknown, an empty list is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purchases: Option<Vec<Purchase>>,
}

impl Customer {
    /// A customer of whom nothing is known but the id.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            ..Self::default()
        }
    }

    /// With a zone.
    #[must_use]
    pub fn time_zone(mut self, zone: Tz) -> Self {
        self.time_zone = Some(zone);
        self
    }

    /// With one more tag, held always (`"latte"`) or for some time ([`HeldTag`]).
    #[must_use]
    pub fn tag(mut self, tag: impl Into<HeldTag>) -> Self {
        self.tags.push(tag.into());
        self
    }

    /// With the value of an attribute, in place of an earlier one.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<Literal>) -> Self {
        self.attributes.insert(name.into(), Some(value.into()));
        self
    }

    /// With a recorded yes or no to a channel, or to `topic:<topic>`.
    #[must_use]
    pub fn consent(mut self, to: impl Into<String>, given: bool) -> Self {
        self.consent.insert(to.into(), Some(given));
        self
    }

    /// With one more sender, less preferred than those before.
    #[must_use]
    pub fn sender(mut self, sender: impl Into<String>) -> Self {
        self.senders.push(sender.into());
        self
    }

    /// With counts of activity by local hour from 0 to 23.
    #[must_use]
    pub fn active_hours(mut self, counts: [u64; 24]) -> Self {
        self.active_hours = Some(counts);
        self
    }

    /// With one more purchase of a known amount. From the first on, the purchases are known.
    #[must_use]
    pub fn purchase(mut self, at: DateTime<Utc>, amount: f64) -> Self {
        let amount = Some(amount);
        self.purchases
            .get_or_insert_default()
            .push(Purchase { at, amount });
        self
    }

    /// Known to have made no purchases but those added.
    #[must_use]
    pub fn known_purchases(mut self) -> Self {
        self.purchases.get_or_insert_default();
        self
    }
}

#[allow(clippy::ref_option, reason = "the form that serde asks for")]
fn zone_name<S: Serializer>(zone: &Option<Tz>, serializer: S) -> Result<S::Ok, S::Error> {
    zone.map(Tz::name).serialize(serializer)
}

/// A tag that a customer holds, for some time or always. The interval is half-open.
///
/// Written as the tag's name alone when it is held always.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HeldTag {
    /// The declared name.
    pub tag: String,
    /// From, included; default always.
    pub since: Option<DateTime<Utc>>,
    /// To, excluded; default for ever.
    pub until: Option<DateTime<Utc>>,
}

impl HeldTag {
    /// A tag that is held always.
    pub fn new(tag: impl Into<String>) -> Self {
        Self {
            tag: tag.into(),
            since: None,
            until: None,
        }
    }

    /// Held from this instant on.
    #[must_use]
    pub fn since(mut self, since: DateTime<Utc>) -> Self {
        self.since = Some(since);
        self
    }

    /// Held until just before this instant.
    #[must_use]
    pub fn until(mut self, until: DateTime<Utc>) -> Self {
        self.until = Some(until);
        self
    }
}

impl From<&str> for HeldTag {
    fn from(tag: &str) -> Self {
        Self::new(tag)
    }
}

impl From<String> for HeldTag {
    fn from(tag: String) -> Self {
        Self::new(tag)
    }
}

impl Serialize for HeldTag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.since.is_none() && self.until.is_none() {
            return serializer.serialize_str(&self.tag);
        }
        let count = 1_usize
            .saturating_add(self.since.is_some().into())
            .saturating_add(self.until.is_some().into());
        let mut object = serializer.serialize_struct("HeldTag", count)?;
        object.serialize_field("tag", &self.tag)?;
        match &self.since {
            Some(since) => object.serialize_field("since", since)?,
            None => object.skip_field("since")?,
        }
        match &self.until {
            Some(until) => object.serialize_field("until", until)?,
            None => object.skip_field("until")?,
        }
        object.end()
    }
}

/// One purchase. Purchases at one instant are one purchase, whose amounts add.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Purchase {
    /// When.
    pub at: DateTime<Utc>,
    /// For how much, in the house's currency; `None` is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<f64>,
}

impl Purchase {
    /// A purchase of an unknown amount.
    pub fn new(at: DateTime<Utc>) -> Self {
        Self { at, amount: None }
    }

    /// With its amount, in the house's currency.
    #[must_use]
    pub fn amount(mut self, amount: f64) -> Self {
        self.amount = Some(amount);
        self
    }
}
