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

mod ahead;
mod ground;
mod reading;
mod search;
mod step;
mod steps;

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
    pub(crate) asked: usize,
    pub(crate) next: Option<DateTime<Utc>>,
    pub(crate) days: u32,
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
    /// Looked for are the smallest sets of steps: a rule that would not act, a tag held or not, an attribute or fact with
    /// another value, a consent, a known time zone where one is needed. The values are those that the conditions of the
    /// campaign, of the campaigns above it and of the rules over them tell apart, the keys of the case's own facts, and, where
    /// two values are compared with each other, what lies beside the other's. Each set is checked by asking the engine
    /// again: the campaign is then planned for `now`, with everything else as it is. The history is not changed, and
    /// neither is the schedule.
    ///
    /// Engines are asked and compiled at most 3,000 times, which takes about a second; then
    /// [`Counterfactual::is_exact`] is false, and what is told may be more than is needed.
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

    /// Of which size, and smaller, all sets were looked at that could do.
    pub fn tried(&self) -> usize {
        self.tried
    }

    /// Whether no smaller set can do; where nothing was found, whether none can at all.
    ///
    /// One step is always the least. Of more it is said only where everything smaller was looked at: not if the engines
    /// were asked as often as they may be, and not if what refuses may be changed by more than the steps that are tried:
    ///
    /// - touches of higher campaigns have to do with it, or it waits for a better time or option;
    /// - two values are compared with each other, or a fact is looked up by an attribute;
    /// - it is asked whether a value is present that is;
    /// - the schedule hangs on an attribute;
    /// - the customer's time zone is not known, and no other is taken for it.
    pub fn is_exact(&self) -> bool {
        self.is_exact
    }

    /// How often an engine was asked for the ways, or compiled: at most 3,000 times.
    pub fn asked(&self) -> usize {
        self.asked
    }

    /// The instant at which the campaign goes to the customer if nothing changes; none if it does not within
    /// [`Counterfactual::days`].
    ///
    /// It is found by doing as the engine says: whatever it sends is sent at once and recorded, as is what is held out, and it
    /// is asked again at each instant that it names. Nothing else happens: no response, no purchase, no other touch, and tags,
    /// attributes and facts stay as they are.
    pub fn next(&self) -> Option<DateTime<Utc>> {
        self.next
    }

    /// How many days were looked ahead for [`Counterfactual::next`]: as far as it, or 400 if there is none; fewer where
    /// 2,000 questions did not reach so far.
    pub fn days(&self) -> u32 {
        self.days
    }
}
