//! Facts: what is true in the world and not of one customer.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{condition::Literal, customer::Customer, history::HistoryEntry};

/// What is true in the world, by declared name.
///
/// ```
/// use tactful::{FactValue, Facts, Literal};
///
/// let facts = Facts::new()
///     .set("store.open", true)
///     .set_for("weather.temp_c", "上海", 31.5)
///     .set_for("weather.temp_c", "北京", 4);
/// assert_eq!(
///     serde_json::to_string(&facts)?,
///     r#"{"store.open":true,"weather.temp_c":{"上海":31.5,"北京":4}}"#,
/// );
/// assert_eq!(facts.get("store.open"), Some(&FactValue::Single(Some(Literal::Boolean(true)))));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(transparent)]
pub struct Facts {
    /// The values.
    pub(crate) values: BTreeMap<String, FactValue>,
}

impl Facts {
    /// Nothing known.
    pub fn new() -> Self {
        Self::default()
    }

    /// With the value of an unkeyed fact, in place of an earlier one.
    #[must_use]
    pub fn set(mut self, name: impl Into<String>, value: impl Into<Literal>) -> Self {
        self.values
            .insert(name.into(), FactValue::Single(Some(value.into())));
        self
    }

    /// With the value of a keyed fact for one key, in place of an earlier one.
    #[must_use]
    pub fn set_for(
        mut self,
        name: impl Into<String>,
        key: impl Into<String>,
        value: impl Into<Literal>,
    ) -> Self {
        let (key, value) = (key.into(), Some(value.into()));
        match self
            .values
            .entry(name.into())
            .or_insert_with(|| FactValue::Keyed(BTreeMap::new()))
        {
            FactValue::Keyed(values) => {
                values.insert(key, value);
            }
            single @ FactValue::Single(_) => *single = FactValue::Keyed(BTreeMap::from([(key, value)])),
        }
        self
    }

    /// The value of a fact, if anything is said of it.
    pub fn get(&self, name: &str) -> Option<&FactValue> {
        self.values.get(name)
    }

    /// Each fact of which something is said, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &FactValue)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// These facts, and in place of those of the same name the others: a keyed fact is replaced as a whole.
    ///
    /// ```
    /// use tactful::Facts;
    ///
    /// let world = Facts::new().set("store.open", true).set_for("weather.temp_c", "上海", 31.5);
    /// let today = Facts::new().set("store.open", false);
    /// assert_eq!(
    ///     world.overridden_by(&today),
    ///     Facts::new().set("store.open", false).set_for("weather.temp_c", "上海", 31.5),
    /// );
    /// ```
    #[must_use]
    pub fn overridden_by(mut self, others: &Self) -> Self {
        self.values.extend(
            others
                .values
                .iter()
                .map(|(name, value)| (name.clone(), value.clone())),
        );
        self
    }
}

/// The value of a fact.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum FactValue {
    /// Of an unkeyed fact; `None` is a missing value.
    Single(Option<Literal>),
    /// Of a keyed fact, by key.
    Keyed(BTreeMap<String, Option<Literal>>),
}

/// One question as it is written down: a customer, their history, the world, and the time.
///
/// ```
/// use tactful::{Case, Customer, Facts, HistoryEntry};
///
/// let case: Case = serde_json::from_str(
///     r#"{"customer": {"id": "c-001", "tags": ["latte"]},
///         "history": [{"at": "2026-11-20T10:00:00+08:00", "channel": "direct", "purpose": "promotion"}],
///         "facts": {"store.open": true},
///         "now": "2026-11-21T10:00:00+08:00"}"#,
/// )?;
/// let sent = "2026-11-20T02:00:00Z".parse()?;
/// let expected = Case::new(Customer::new("c-001").tag("latte"), "2026-11-21T02:00:00Z".parse()?)
///     .history(vec![HistoryEntry::new(sent, "direct", "promotion")])
///     .facts(Facts::new().set("store.open", true));
/// assert_eq!(case, expected);
///
/// let error = serde_json::from_str::<Case>(
///     r#"{"customer": {"id": "c-001", "tags": []}, "history": [{"channel": "direct", "purpose": "care"}],
///         "now": "2026-11-21T10:00:00+08:00"}"#,
/// )
/// .unwrap_err();
/// assert!(error.to_string().starts_with("/history/0: `at` is missing"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Case {
    /// Who.
    pub customer: Customer,
    /// What we already sent.
    pub history: Vec<HistoryEntry>,
    /// What is true in the world.
    #[serde(skip_serializing_if = "Facts::is_empty")]
    pub facts: Facts,
    /// The time.
    pub now: DateTime<Utc>,
}

impl Case {
    /// A customer to whom nothing was sent, in a world of which nothing is known.
    pub fn new(customer: Customer, now: DateTime<Utc>) -> Self {
        Self {
            customer,
            history: Vec::new(),
            facts: Facts::new(),
            now,
        }
    }

    /// With a history.
    #[must_use]
    pub fn history(mut self, history: Vec<HistoryEntry>) -> Self {
        self.history = history;
        self
    }

    /// With what is true in the world.
    #[must_use]
    pub fn facts(mut self, facts: Facts) -> Self {
        self.facts = facts;
        self
    }
}
