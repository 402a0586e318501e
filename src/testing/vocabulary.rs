//! Strategies for what fits a rulebook.

use chrono::{DateTime, Utc};
use proptest::{collection::vec, prelude::any, strategy::Strategy};

use crate::{
    witness::{draw::Choices, vocabulary::Vocabulary as Words},
    written::{
        customer::Customer,
        facts::{Case, Facts},
        history::HistoryEntry,
        rulebook::Rulebook,
    },
};

/// How many choices make a case.
const CHOICES: usize = 160;

/// What a rulebook speaks of: its tags, the values that its conditions tell apart and those beside them, its channels,
/// purposes, campaigns and senders, zones with and without a change of clocks, the edges of its windows and the lengths of
/// its caps, to the second.
///
/// Its strategies shrink to what is plain: no tags, nothing known, an empty history.
///
/// ```
/// use proptest::{prelude::*, test_runner::TestRunner};
/// use tactful::{Engine, Rulebook, testing::Vocabulary};
///
/// let rulebook: Rulebook = serde_json::from_str(r#"{
///     "format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d", "tags": ["tea"],
///     "purposes": ["news"], "channels": {"mail": {"consent": "none"}}, "campaigns": []}"#)?;
/// let (engine, _) = Engine::compile(&rulebook)?;
/// TestRunner::default().run(&Vocabulary::of(&rulebook).cases(), |case| {
///     let facts = engine.bind_facts(&case.facts).unwrap();
///     let bound = engine.bind(&case.customer, &case.history, &facts).unwrap();
///     prop_assert!(bound.decide(case.now).touch().is_none());
///     Ok(())
/// })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Vocabulary {
    words: Words,
}

impl Vocabulary {
    /// What a rulebook speaks of, presets spelled out.
    pub fn of(rulebook: &Rulebook) -> Self {
        Self {
            words: Words::of(&[rulebook]),
        }
    }

    /// Whole cases.
    pub fn cases(&self) -> impl Strategy<Value = Case> + use<> {
        let vocabulary = self.clone();
        choices().prop_map(move |choices| vocabulary.case_of(&choices))
    }

    /// Instants: where something begins or ends, and a second beside that; and others.
    pub fn instants(&self) -> impl Strategy<Value = DateTime<Utc>> + use<> {
        let words = self.words.clone();
        choices().prop_map(move |choices| words.now(&mut Listed::new(&choices)))
    }

    /// Customers, as they may be at an instant.
    pub fn customers(&self, now: DateTime<Utc>) -> impl Strategy<Value = Customer> + use<> {
        let words = self.words.clone();
        choices().prop_map(move |choices| words.customer(&mut Listed::new(&choices), now))
    }

    /// Histories of up to six touches before an instant, and some planned after it.
    pub fn histories(&self, now: DateTime<Utc>) -> impl Strategy<Value = Vec<HistoryEntry>> + use<> {
        let words = self.words.clone();
        choices().prop_map(move |choices| words.history(&mut Listed::new(&choices), now))
    }

    /// Facts that a customer may be asked with.
    pub fn facts(&self, customer: &Customer, now: DateTime<Utc>) -> impl Strategy<Value = Facts> + use<> {
        let (words, customer) = (self.words.clone(), customer.clone());
        choices().prop_map(move |choices| words.facts(&mut Listed::new(&choices), now, &customer))
    }

    /// The case that some choices make, for generators other than proptest's: each number chooses among what there is, the
    /// smaller the plainer, and where there are no more of them the plainest is chosen.
    pub fn case_of(&self, choices: &[u32]) -> Case {
        self.words.case(&mut Listed::new(choices))
    }

    pub(super) fn words(&self) -> &Words {
        &self.words
    }
}

pub(super) fn choices() -> impl Strategy<Value = Vec<u32>> {
    vec(any::<u32>(), 0..CHOICES)
}

/// Choices, made before.
pub(super) struct Listed<'c> {
    left: &'c [u32],
}

impl<'c> Listed<'c> {
    pub(super) fn new(choices: &'c [u32]) -> Self {
        Self { left: choices }
    }

    pub(super) fn is_over(&self) -> bool {
        self.left.is_empty()
    }
}

impl Choices for Listed<'_> {
    fn below(&mut self, bound: u64) -> u64 {
        let Some((first, rest)) = self.left.split_first() else {
            return 0;
        };
        self.left = rest;
        // The smaller the number, the smaller the choice.
        u64::from(*first).saturating_mul(bound.min(u64::from(u32::MAX))) >> 32
    }
}
