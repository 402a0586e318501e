//! Counterfactuals: what would have to be otherwise for a campaign to go now, and when it goes if nothing is.
//!
//! ```
//! use chrono_tz::Europe::Berlin;
//! use tactful::{Case, Customer, Language, Rulebook, counterfactuals::{Step, WhatIf}};
//!
//! let rulebook: Rulebook = serde_json::from_str(r#"{
//!     "format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d", "tags": ["tea", "rest"],
//!     "purposes": ["news"], "channels": {"mail": {"consent": "none"}},
//!     "policies": [{"id": "house", "rules": [
//!         {"id": "rest", "when": {"tag": "rest"}, "then": "forbid"},
//!         {"id": "night", "then": {"quiet": {"from": "21:00", "to": "09:00"}}}]}],
//!     "campaigns": [{"id": "leaf", "purpose": "news", "value": "knowledge", "channels": ["mail"],
//!         "audience": {"tag": "tea"}, "variants": [{"id": "letter"}]}]}"#)?;
//! let kim = Customer::new("kim").tag("tea");
//! let night = Case::new(kim, "2026-03-02T22:00:00+01:00".parse()?);
//!
//! let told = WhatIf::new(&rulebook)?.ask(&night, "leaf")?.ok_or("no such campaign")?;
//! assert_eq!(told.ways(), [vec![Step::Lift { rule: "house/night".into() }]]);
//! assert_eq!(told.next(), Some("2026-03-03T09:00:00+01:00".parse()?));
//! assert_eq!(
//!     told.sentences(&Language::english(), Berlin),
//!     [
//!         "`leaf` would go to kim now if the rule house/night did not act.",
//!         "If nothing changes, it can go from Tue 3 Mar 2026 at 09:00.",
//!     ],
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod search;
mod step;

use chrono::{DateTime, Utc};
use serde::Serialize;

pub use step::Step;

use crate::{
    checked::{input_error::InputError, problem::Problems},
    compiled::engine::Engine,
    written::{facts::Case, rulebook::Rulebook},
};

/// A rulebook that is asked what would have to be otherwise.
pub struct WhatIf<'b> {
    book: &'b Rulebook,
    engine: Engine,
}

/// What would have to be otherwise for a campaign to go to a customer now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Counterfactual {
    pub(crate) customer: String,
    pub(crate) campaign: String,
    /// Whether it goes as it is.
    pub(crate) goes: bool,
    pub(crate) ways: Vec<Vec<Step>>,
    pub(crate) tried: usize,
    pub(crate) is_exact: bool,
    pub(crate) next: Option<DateTime<Utc>>,
}

impl<'b> WhatIf<'b> {
    /// Compiles the rulebook.
    ///
    /// # Errors
    ///
    /// Every problem of a rulebook that does not compile.
    pub fn new(book: &'b Rulebook) -> Result<Self, Problems> {
        let (engine, _) = Engine::compile(book)?;
        Ok(Self { book, engine })
    }

    /// What would have to be otherwise for a campaign to go at the case's `now`; none if there is no such campaign.
    ///
    /// Looked for are the smallest sets of steps: a rule that refuses it now and would not act, a tag held or not, an attribute, fact or consent
    /// with another value. Each set is checked by asking the engine again: the campaign is then planned for `now`, with
    /// everything else as it is. The history is not changed, and neither is the schedule.
    ///
    /// Up to three values are changed at once, with any number of rules; at most 20,000 sets are looked at.
    ///
    /// # Errors
    ///
    /// The first thing wrong with the case.
    pub fn ask(&self, case: &Case, campaign: &str) -> Result<Option<Counterfactual>, InputError> {
        search::ask(self, case, campaign)
    }
}

impl Counterfactual {
    /// Whether the campaign is planned for now as it is.
    pub fn goes(&self) -> bool {
        self.goes
    }

    /// The smallest sets of steps with which it would go now, all of one size, at most five; none if none was found.
    pub fn ways(&self) -> &[Vec<Step>] {
        &self.ways
    }

    /// How many changed values were tried at once.
    pub fn tried(&self) -> usize {
        self.tried
    }

    /// Whether no smaller set can do: everything smaller was looked at. Where nothing was found, whether everything was
    /// looked at that [`Counterfactual::tried`] says.
    pub fn is_exact(&self) -> bool {
        self.is_exact
    }

    /// The first instant from now on at which the campaign goes if nothing changes: as planned within the look-ahead, or,
    /// after it, as the history alone allows; none if there is none within 400 days.
    pub fn next(&self) -> Option<DateTime<Utc>> {
        self.next
    }
}
