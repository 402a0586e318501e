//! The host, as far as invariants need one.

use crate::written::{facts::Case, history::HistoryEntry};

/// What a host does with cases and touches: by default what it should.
///
/// A house puts its own code here to have it tested with its rulebook: how it loads what it knows, and how it delivers and
/// records. The invariants judge what was truly delivered.
///
/// ```
/// use tactful::{Duration, HistoryEntry, Rulebook, testing::{Host, Invariant, Invariants}};
///
/// /// Delivers from a queue, an hour later, and does not ask again.
/// struct Queue;
///
/// impl Host for Queue {
///     fn deliver(&self, history: &mut Vec<HistoryEntry>, mut touch: HistoryEntry) -> HistoryEntry {
///         touch.at += tactful::chrono::TimeDelta::hours(1);
///         history.push(touch.clone());
///         touch
///     }
/// }
///
/// let rulebook: Rulebook = serde_json::from_str(r#"{
///     "format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d", "tags": ["tea"],
///     "purposes": ["news"], "channels": {"mail": {"consent": "none"}},
///     "policies": [{"id": "house", "rules": [{"id": "night", "then": {"quiet": {"from": "21:00", "to": "09:00"}}}]}],
///     "campaigns": [{"id": "leaf", "purpose": "news", "value": "knowledge", "channels": ["mail"],
///         "audience": {"tag": "tea"}, "repeat": {"at_most": 9, "per": "day", "gap": "1h"},
///         "variants": [{"id": "letter"}]}]}"#)?;
/// let broken = Invariants::of(&rulebook)?.host(&Queue).check().unwrap_err();
/// assert_eq!(broken.invariant(), Invariant::QuietHours);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Host {
    /// What the host asks with, of what is true: as it is, by default.
    fn load(&self, case: Case) -> Case {
        case
    }

    /// Delivers a touch that may be sent now, and records it in the history that it keeps. What it returns is what was truly
    /// delivered: the touch as it is, by default.
    fn deliver(&self, history: &mut Vec<HistoryEntry>, touch: HistoryEntry) -> HistoryEntry {
        history.push(touch.clone());
        touch
    }
}

/// A host that does what it should.
pub(super) struct Careful;

impl Host for Careful {}
