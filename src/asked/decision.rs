//! What comes back: decisions and agendas.

mod reason;
mod touch;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

pub use reason::{Explained, Explanation, ReadValue, Reason, ReasonCode};
pub use touch::{HeldOut, Key, Touch};

/// Whether, when and what to send to one customer, and why not the rest.
///
/// A decision is data: it serialises, deserialises and compares equal, so that it can be stored beside the touch and
/// checked again years later. All times are instants in UTC.
///
/// ```
/// use tactful::{Decision, Outcome};
///
/// let decision: Decision = serde_json::from_str(
///     r#"{"customer": "c-001", "outcome": "refrain", "touch": null, "until": null,
///         "recheck_at": "2026-12-01T00:00:00Z", "held_out": [], "observed": [], "reasons": []}"#,
/// )?;
/// assert_eq!(decision.outcome(), Outcome::Refrain);
/// assert_eq!(decision.touch(), None);
/// assert_eq!(decision.recheck_at().map(|at| at.to_rfc3339()), Some("2026-12-01T00:00:00+00:00".to_owned()));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    pub(crate) customer: SmolStr,
    pub(crate) outcome: Outcome,
    pub(crate) touch: Option<Touch>,
    pub(crate) until: Option<DateTime<Utc>>,
    pub(crate) recheck_at: Option<DateTime<Utc>>,
    pub(crate) held_out: Vec<HeldOut>,
    pub(crate) observed: Vec<Reason>,
    pub(crate) reasons: Vec<Reason>,
}

impl Decision {
    /// The id of the customer.
    pub fn customer(&self) -> &str {
        &self.customer
    }

    /// What to do now.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The touch to send now ([`Outcome::Send`]) or the planned one ([`Outcome::Wait`]); none on
    /// [`Outcome::Refrain`].
    pub fn touch(&self) -> Option<&Touch> {
        self.touch.as_ref()
    }

    /// On [`Outcome::Wait`], the instant of the planned touch: ask again then.
    pub fn until(&self) -> Option<DateTime<Utc>> {
        self.until
    }

    /// On [`Outcome::Refrain`], the instant at which asking again can bring something else, if there is one within
    /// 400 days.
    pub fn recheck_at(&self) -> Option<DateTime<Utc>> {
        self.recheck_at
    }

    /// What would go now and is held out for measurement: record each with status `held_out`.
    pub fn held_out(&self) -> &[HeldOut] {
        &self.held_out
    }

    /// What the rules that only watch would have said about the touch at its instant.
    pub fn observed(&self) -> &[Reason] {
        &self.observed
    }

    /// Why not now, by campaign rank, occurrence, option, gate and rule. On [`Outcome::Send`] only for what ranks
    /// above the sent touch, and without [`Reason::frees_at`].
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }
}

/// What to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Send the touch now, record it, and ask again for the next.
    Send,
    /// A touch is planned; ask again at [`Decision::until`].
    Wait,
    /// Nothing within the look-ahead.
    Refrain,
}

impl Outcome {
    /// The word in JSON: `send`, `wait` or `refrain`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Wait => "wait",
            Self::Refrain => "refrain",
        }
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Everything planned over the look-ahead.
///
/// ```
/// use tactful::Agenda;
///
/// let agenda: Agenda =
///     serde_json::from_str(r#"{"customer": "c-001", "touches": [], "held_out": [], "reasons": []}"#)?;
/// assert_eq!(agenda.customer(), "c-001");
/// assert!(agenda.touches().is_empty());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Agenda {
    pub(crate) customer: SmolStr,
    pub(crate) touches: Vec<Touch>,
    pub(crate) held_out: Vec<HeldOut>,
    pub(crate) reasons: Vec<Reason>,
}

impl Agenda {
    /// The id of the customer.
    pub fn customer(&self) -> &str {
        &self.customer
    }

    /// The planned touches, by instant and then by rank.
    pub fn touches(&self) -> &[Touch] {
        &self.touches
    }

    /// The planned touches that are held out for measurement, by instant and then by rank.
    pub fn held_out(&self) -> &[HeldOut] {
        &self.held_out
    }

    /// Why not now, for what is not planned at all.
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the format's description, member for member and in its order.
    const DECISION: &str = concat!(
        r#"{"customer":"c-001","outcome":"send","touch":{"key":"0123456789abcdef0123456789abcdef","#,
        r#""campaign":"coconut-latte","occurrence":"once","channel":"direct","sender":"advisor-7","#,
        r#""variant":"iced","arm":"a","content":"tpl-iced-a","fields":{"name":"您","shop":"瑞幸"},"#,
        r#""style":{"mode":"voice"},"purpose":"benefit","value":"save","score":15,"at":"2026-11-21T02:00:00Z"},"#,
        r#""until":null,"recheck_at":null,"held_out":[],"observed":[],"#,
        r#""reasons":[{"campaign":"double11","occurrence":"all","channel":"direct","sender":"advisor-7","#,
        r#""code":"cap","rule":"wecom.daily/direct","frees_at":"2026-11-21T16:00:00Z","missing":[],"#,
        r#""detail":"1 of 1 per day used"}]}"#
    );

    #[test]
    fn a_decision_survives_json_byte_for_byte() {
        let decision: Decision = serde_json::from_str(DECISION).unwrap();
        assert_eq!(serde_json::to_string(&decision).unwrap(), DECISION);
        assert_eq!(decision.touch().unwrap().score(), 15);
        assert_eq!(decision.reasons()[0].rule(), Some("wecom.daily/direct"));
    }

    #[test]
    fn what_is_absent_is_null_and_fractions_show_only_when_there_are_any() {
        let text = DECISION
            .replace(r#""sender":"advisor-7","variant""#, r#""sender":null,"variant""#)
            .replace(
                r#""arm":"a","content":"tpl-iced-a""#,
                r#""arm":null,"content":null"#,
            )
            .replace("2026-11-21T02:00:00Z", "2026-11-21T02:00:00.250Z")
            .replace(r#""until":null"#, r#""until":"2026-11-21T02:00:00.000001Z""#);
        let decision: Decision = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&decision).unwrap(), text);
        assert_eq!(decision.touch().unwrap().sender(), None);
        assert_eq!(decision.touch().unwrap().arm(), None);
        assert_eq!(decision.until().unwrap().timestamp_subsec_micros(), 1);
    }

    #[test]
    fn an_offset_is_read_and_written_as_utc() {
        let text = DECISION.replace("2026-11-21T02:00:00Z", "2026-11-21T10:00:00+08:00");
        let decision: Decision = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&decision).unwrap(), DECISION);
    }

    #[test]
    fn outcomes_are_spelled_as_in_json() {
        for outcome in [Outcome::Send, Outcome::Wait, Outcome::Refrain] {
            assert_eq!(serde_json::to_string(&outcome).unwrap(), format!("\"{outcome}\""));
        }
    }
}
