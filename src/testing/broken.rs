//! What is held, and what breaks it.

use std::fmt;

use crate::written::facts::Case;

/// Something that holds of every rulebook that is written as it is meant, and of every host that records what it sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Invariant {
    /// No cap without a condition is exceeded by what is sent, whatever was asked and recorded before.
    Caps,
    /// Nothing is sent inside a window of a quiet rule without a condition.
    QuietHours,
    /// Nobody is sent what a forbidding rule or a missing consent keeps from them.
    Suppression,
    /// What is sent has no reason against it, and what is not sent has one.
    Explanations,
    /// The order of tags, history, purchases, campaigns, policies and rules decides nothing.
    Permutations,
    /// Asked again before it is recorded, a touch has the same key; no two touches that were sent have one.
    Keys,
    /// Nobody waits for longer than the house allows while nothing keeps a campaign from them but caps, quiet hours and
    /// what ranks above it.
    Starvation,
    /// Every campaign can reach somebody.
    Reach,
}

impl Invariant {
    /// Every invariant of this version.
    pub const ALL: &'static [Self] = &[
        Self::Caps,
        Self::QuietHours,
        Self::Suppression,
        Self::Explanations,
        Self::Permutations,
        Self::Keys,
        Self::Starvation,
        Self::Reach,
    ];
}

impl fmt::Display for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Caps => "no cap is exceeded",
            Self::QuietHours => "quiet hours are kept",
            Self::Suppression => "who is suppressed gets nothing",
            Self::Explanations => "everything is explained",
            Self::Permutations => "order decides nothing",
            Self::Keys => "a key is one touch",
            Self::Starvation => "nobody starves",
            Self::Reach => "every campaign can reach somebody",
        })
    }
}

/// An invariant that does not hold, with the plainest customer and the shortest timeline that were found to show it.
///
/// Its `Display` is to be read by people.
#[derive(Debug, Clone, PartialEq)]
pub struct Broken {
    pub(super) invariant: Invariant,
    pub(super) what: String,
    pub(super) case: Option<Box<Case>>,
    pub(super) timeline: Vec<String>,
}

impl Broken {
    /// Which one.
    pub fn invariant(&self) -> Invariant {
        self.invariant
    }

    /// What happened, in English.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// The customer, the history, the facts and the instant at the beginning; none if it is that nobody was found.
    pub fn case(&self) -> Option<&Case> {
        self.case.as_deref()
    }

    /// What was asked and decided, one line each.
    pub fn timeline(&self) -> &[String] {
        &self.timeline
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "broken: {}", self.invariant)?;
        writeln!(f, "  {}", self.what)?;
        if let Some(case) = &self.case {
            // A case is data that every serde format can write.
            let customer = serde_json::to_string(&case.customer).unwrap_or_default();
            writeln!(f, "customer: {customer}")?;
            if !case.facts.is_empty() {
                writeln!(
                    f,
                    "facts: {}",
                    serde_json::to_string(&case.facts).unwrap_or_default()
                )?;
            }
            for entry in &case.history {
                writeln!(f, "before: {}", serde_json::to_string(entry).unwrap_or_default())?;
            }
        }
        for line in &self.timeline {
            writeln!(f, "  {line}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Broken {}
