//! Reasons: every no has a name, and an instant at which it frees.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::written::condition::Literal;

/// One rule or gate that refuses, and the instant it frees.
///
/// ```
/// use tactful::{Reason, ReasonCode};
///
/// let reason: Reason = serde_json::from_str(
///     r#"{"campaign": "double11", "occurrence": "all", "channel": "direct", "sender": "advisor-7", "code": "cap",
///         "rule": "wecom.daily/direct", "frees_at": "2026-11-21T16:00:00Z", "missing": [],
///         "detail": "1 of 1 per day used"}"#,
/// )?;
/// assert_eq!(reason.code(), ReasonCode::Cap);
/// assert_eq!(reason.rule(), Some("wecom.daily/direct"));
/// assert!(reason.frees_at().is_some());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub(crate) campaign: SmolStr,
    pub(crate) occurrence: Option<SmolStr>,
    pub(crate) channel: Option<SmolStr>,
    pub(crate) sender: Option<SmolStr>,
    pub(crate) code: ReasonCode,
    pub(crate) rule: Option<SmolStr>,
    pub(crate) frees_at: Option<DateTime<Utc>>,
    pub(crate) missing: Vec<String>,
    pub(crate) detail: SmolStr,
}

impl Reason {
    /// The campaign's id.
    pub fn campaign(&self) -> &str {
        &self.campaign
    }

    /// The occurrence's id; none where the campaign has no occurrence to speak of.
    pub fn occurrence(&self) -> Option<&str> {
        self.occurrence.as_deref()
    }

    /// The channel of the option; none where the refusal does not depend on it.
    pub fn channel(&self) -> Option<&str> {
        self.channel.as_deref()
    }

    /// The sender of the option; none where the refusal does not depend on it, or the customer lists no senders.
    pub fn sender(&self) -> Option<&str> {
        self.sender.as_deref()
    }

    /// What refuses.
    pub fn code(&self) -> ReasonCode {
        self.code
    }

    /// The address of the rule, `policy-id/rule-id` or `campaign:<id>/<rule-id>`; none for a gate without rules.
    pub fn rule(&self) -> Option<&str> {
        self.rule.as_deref()
    }

    /// The earliest instant at which this one rule or gate passes, all else as it is; none if there is none within
    /// 400 days, or if it was not asked for.
    pub fn frees_at(&self) -> Option<DateTime<Utc>> {
        self.frees_at
    }

    /// The names of the values that were missing, if the answer hung on them: sorted, each once.
    pub fn missing(&self) -> &[String] {
        &self.missing
    }

    /// A few words in English for people who debug. For sentences see [`Reason::sentence`].
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

/// What refuses, in the order in which it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReasonCode {
    /// Outside the occurrence, or no occurrence.
    NotScheduled,
    /// The occurrence was used.
    Spent,
    /// Not in the audience, or not known to be.
    Audience,
    /// The campaign's stop condition acts.
    Stopped,
    /// No consent.
    Consent,
    /// The customer's clock is needed and not known.
    UnknownTimeZone,
    /// A rule forbids.
    Forbidden,
    /// A hold after a reaction.
    Reaction,
    /// Quiet time.
    Quiet,
    /// A frequency cap.
    Cap,
    /// Would displace a touch that ranks higher.
    Reserved,
    /// No variant fits.
    NoVariant,
    /// Held out, or not known not to be.
    Holdout,
    /// Could go now, but waits for more weight.
    BetterTime,
    /// Could go now, but waits for a preferred option.
    PreferredOption,
    /// The content chosen now differs.
    Changed,
}

impl ReasonCode {
    /// Every code of this version, in the order in which they are asked.
    pub const ALL: &'static [Self] = &[
        Self::NotScheduled,
        Self::Spent,
        Self::Audience,
        Self::Stopped,
        Self::Consent,
        Self::UnknownTimeZone,
        Self::Forbidden,
        Self::Reaction,
        Self::Quiet,
        Self::Cap,
        Self::Reserved,
        Self::NoVariant,
        Self::Holdout,
        Self::BetterTime,
        Self::PreferredOption,
        Self::Changed,
    ];

    /// The code as it is written in JSON: `not_scheduled`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotScheduled => "not_scheduled",
            Self::Spent => "spent",
            Self::Audience => "audience",
            Self::Stopped => "stopped",
            Self::Consent => "consent",
            Self::UnknownTimeZone => "unknown_time_zone",
            Self::Forbidden => "forbidden",
            Self::Reaction => "reaction",
            Self::Quiet => "quiet",
            Self::Cap => "cap",
            Self::Reserved => "reserved",
            Self::NoVariant => "no_variant",
            Self::Holdout => "holdout",
            Self::BetterTime => "better_time",
            Self::PreferredOption => "preferred_option",
            Self::Changed => "changed",
        }
    }
}

impl fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why everything is or is not sent now: all campaigns, all options, all gates.
///
/// ```
/// use tactful::{Explanation, ReasonCode};
///
/// let explanation: Explanation = serde_json::from_str(
///     r#"[{"campaign": "tea", "occurrence": "always", "channel": null, "sender": null, "code": "audience",
///          "rule": null, "frees_at": null, "missing": ["age"], "detail": "not in the audience",
///          "values": [{"name": "age", "value": null}]}]"#,
/// )?;
/// let explained = &explanation.reasons()[0];
/// assert_eq!(explained.reason().code(), ReasonCode::Audience);
/// assert_eq!(explained.values()[0].name(), "age");
/// assert_eq!(explained.values()[0].value(), None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Explanation {
    pub(crate) reasons: Vec<Explained>,
}

impl Explanation {
    /// All reasons, by campaign rank, occurrence, option, gate and rule.
    pub fn reasons(&self) -> &[Explained] {
        &self.reasons
    }
}

/// A reason with the values that its condition read. In JSON, a reason with one more member, `values`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explained {
    #[serde(flatten)]
    pub(crate) reason: Reason,
    pub(crate) values: Vec<ReadValue>,
}

impl Explained {
    /// The reason.
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// The values that its condition read.
    pub fn values(&self) -> &[ReadValue] {
        &self.values
    }
}

/// A value that a condition read; `None` where it was missing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReadValue {
    pub(crate) name: SmolStr,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) of: Option<SmolStr>,
    pub(crate) value: Option<Literal>,
}

impl ReadValue {
    /// The name: `age`, `weather.temp_c`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key of a keyed fact.
    pub fn of(&self) -> Option<&str> {
        self.of.as_deref()
    }

    /// The value, if there was one.
    pub fn value(&self) -> Option<&Literal> {
        self.value.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_spelled_as_in_json_and_listed_in_order() {
        for code in ReasonCode::ALL {
            assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{code}\""));
        }
        assert!(ReasonCode::ALL.is_sorted());
        assert_eq!(ReasonCode::ALL.last(), Some(&ReasonCode::Changed));
    }

    #[test]
    fn an_explained_reason_is_a_reason_with_values() {
        let text = concat!(
            r#"[{"campaign":"tea","occurrence":"always","channel":"direct","sender":null,"code":"forbidden","#,
            r#""rule":"house/heat","frees_at":null,"missing":[],"detail":"forbidden","#,
            r#""values":[{"name":"weather.temp_c","of":"上海","value":31.5},{"name":"spend","value":31},"#,
            r#"{"name":"city","value":null}]}]"#
        );
        let explanation: Explanation = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&explanation).unwrap(), text);
        assert_eq!(explanation.reasons()[0].values()[0].of(), Some("上海"));
    }
}
