//! All that is told of a send, of what differs from one to the next: this workload has no senders, arms, fields or
//! holdouts.

use chrono::{DateTime, Utc};
use smol_str::SmolStr;

/// A touch that goes now. It may outlive the index, so that ids are its own.
pub(crate) struct Answer {
    pub(crate) customer: SmolStr,
    pub(crate) key: u128,
    pub(crate) campaign: SmolStr,
    pub(crate) occurrence: &'static str,
    pub(crate) channel: &'static str,
    pub(crate) variant: &'static str,
    pub(crate) content: SmolStr,
    pub(crate) purpose: &'static str,
    pub(crate) value: &'static str,
    pub(crate) score: i64,
    pub(crate) at: DateTime<Utc>,
    /// Why nothing that ranks above it goes.
    pub(crate) reasons: Vec<Reason>,
}

pub(crate) struct Reason {
    pub(crate) campaign: SmolStr,
    pub(crate) occurrence: &'static str,
    pub(crate) channel: Option<&'static str>,
    pub(crate) code: &'static str,
    pub(crate) rule: Option<&'static str>,
    pub(crate) detail: SmolStr,
}
