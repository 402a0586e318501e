//! Policies: named lists of rules.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::rule::Rule;

/// A named list of rules.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TouchPolicy {
    /// Unique among the rulebook's policies.
    pub id: String,
    /// The rules.
    pub rules: Vec<Rule>,
}

/// A policy written out, or one shipped with the crate.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum PolicySource {
    /// Written out.
    Policy(TouchPolicy),
    /// Shipped with the crate.
    Preset {
        /// The preset's id, and the policy's.
        id: String,
        /// The rulebook's channels by the preset's; a channel that is not here keeps its name.
        channels: BTreeMap<String, String>,
        /// The rulebook's purposes by the preset's; a purpose that is not here keeps its name.
        purposes: BTreeMap<String, String>,
        /// The dates of public holidays, for a preset that asks for them: none given is a mistake, an empty list is none.
        holidays: Option<Vec<NaiveDate>>,
    },
}

impl TouchPolicy {
    /// A policy without rules.
    ///
    /// ```
    /// use tactful::{CalendarPeriod, Cap, Rule, TouchPolicy};
    ///
    /// let house = TouchPolicy::new("house").rule(Rule::cap("daily", Cap::new(1, CalendarPeriod::Day)));
    /// assert_eq!(house.rules.len(), 1);
    /// ```
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            rules: Vec::new(),
        }
    }

    /// One more rule.
    #[must_use]
    pub fn rule(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }
}

impl PolicySource {
    /// A policy shipped with the crate, under its own names for channels and purposes.
    pub fn preset(id: impl Into<String>) -> Self {
        Self::Preset {
            id: id.into(),
            channels: BTreeMap::new(),
            purposes: BTreeMap::new(),
            holidays: None,
        }
    }

    /// With the dates of public holidays, where it is a preset.
    ///
    /// ```
    /// use tactful::PolicySource;
    ///
    /// let christmas = "2026-12-25".parse()?;
    /// let france = PolicySource::preset("fr.sms").holidays([christmas]);
    /// assert!(matches!(france, PolicySource::Preset { holidays: Some(dates), .. } if dates == [christmas]));
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    #[must_use]
    pub fn holidays(mut self, dates: impl IntoIterator<Item = NaiveDate>) -> Self {
        if let Self::Preset { holidays, .. } = &mut self {
            *holidays = Some(dates.into_iter().collect());
        }
        self
    }
}

impl From<TouchPolicy> for PolicySource {
    fn from(policy: TouchPolicy) -> Self {
        Self::Policy(policy)
    }
}
