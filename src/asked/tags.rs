//! Derived tags, with why.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{bound::Bound, decision::ReadValue, view::Ask};
use crate::compiled::engine::Derived;

/// Whether a customer has a derived tag, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DerivedTag {
    tag: String,
    held: Option<bool>,
    missing: Vec<String>,
    values: Vec<ReadValue>,
}

impl DerivedTag {
    /// The tag's name.
    pub fn tag(&self) -> &str {
        &self.tag
    }
    /// Whether it is held; `None` is unknown.
    pub fn held(&self) -> Option<bool> {
        self.held
    }
    /// Where it is unknown, the names of what is missing.
    pub fn missing(&self) -> &[String] {
        &self.missing
    }
    /// The values that its condition read, by name.
    pub fn values(&self) -> &[ReadValue] {
        &self.values
    }
}

impl Bound {
    /// The derived tags of this customer at `now`, by name, each with the values that decided it. A tag that reads a fact
    /// of the campaign is unknown here, where no campaign is asked about.
    ///
    /// ```
    /// # use tactful::{Customer, Engine, Facts};
    /// # let text = r#"{"format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d",
    /// #     "tags": ["tea", {"tag": "regular", "when": {"purchases": "count", "ge": 2}}], "purposes": ["news"],
    /// #     "channels": {"mail": {"consent": "none"}},
    /// #     "policies": [{"id": "house", "rules": [{"id": "night", "then": {"quiet": {"from": "21:00", "to": "09:00"}}}]}],
    /// #     "campaigns": [{"id": "first-flush", "purpose": "news", "value": "knowledge", "channels": ["mail"],
    /// #                    "audience": {"tag": "tea"}, "variants": [{"id": "letter"}]}]}"#;
    /// # let (engine, _) = Engine::from_document(&serde_json::from_str(text)?)?;
    /// # let world = engine.bind_facts(&Facts::new())?;
    /// // Nothing is known of Kim's purchases.
    /// let kim = engine.bind(&Customer::new("kim"), &[], &world)?;
    /// let tags = kim.tags("2026-03-02T12:00:00+01:00".parse()?);
    /// assert_eq!((tags[0].tag(), tags[0].held()), ("regular", None));
    /// assert_eq!(tags[0].missing(), ["purchases"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn tags(&self, now: DateTime<Utc>) -> Vec<DerivedTag> {
        let ask = Ask::new(self, now.into());
        let view = ask.view();
        let derived = self
            .compiled
            .frame
            .derived
            .iter()
            .map(|Derived { name, when, .. }| {
                let mut missing = BTreeSet::new();
                view.missing(when, ask.now, &mut missing);
                DerivedTag {
                    tag: name.to_string(),
                    held: view.truth(when, ask.now).known(),
                    missing: missing.into_iter().map(String::from).collect(),
                    values: view.values_of([when]),
                }
            });
        let mut tags: Vec<DerivedTag> = derived.collect();
        tags.sort_by(|a, b| a.tag.cmp(&b.tag));
        tags
    }
}
