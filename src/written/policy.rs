//! Policies: named lists of rules.

use std::collections::BTreeMap;

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
        }
    }
}

impl From<TouchPolicy> for PolicySource {
    fn from(policy: TouchPolicy) -> Self {
        Self::Policy(policy)
    }
}
