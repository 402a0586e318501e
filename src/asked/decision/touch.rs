//! Touches: what to send, to whom, by whom, over what, when.

use std::{collections::BTreeMap, fmt};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::written::{
    campaign::Value,
    condition::{Literal, Status},
    history::HistoryEntry,
};

/// One message by one sender to one customer over one channel at one instant.
///
/// Once it is sent, scheduled, cancelled or held out, [record](Touch::entry) it in the customer's history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Touch {
    pub(crate) key: Key,
    pub(crate) campaign: SmolStr,
    pub(crate) occurrence: SmolStr,
    pub(crate) channel: SmolStr,
    pub(crate) sender: Option<SmolStr>,
    pub(crate) variant: SmolStr,
    pub(crate) arm: Option<SmolStr>,
    pub(crate) content: Option<SmolStr>,
    pub(crate) fields: BTreeMap<String, Literal>,
    pub(crate) style: BTreeMap<String, Literal>,
    pub(crate) purpose: SmolStr,
    pub(crate) value: Value,
    pub(crate) score: i64,
    pub(crate) at: DateTime<Utc>,
}

impl Touch {
    /// The name of the touch's slot; use it as the idempotency key of the delivery.
    pub fn key(&self) -> Key {
        self.key
    }

    /// The campaign's id.
    pub fn campaign(&self) -> &str {
        &self.campaign
    }

    /// The id of the campaign's occurrence: `always`, `once`, a wave's id, a date, …
    pub fn occurrence(&self) -> &str {
        &self.occurrence
    }

    /// The channel's name.
    pub fn channel(&self) -> &str {
        &self.channel
    }

    /// The sender's id; none when the customer lists no senders.
    pub fn sender(&self) -> Option<&str> {
        self.sender.as_deref()
    }

    /// The id of the chosen variant.
    pub fn variant(&self) -> &str {
        &self.variant
    }

    /// The id of the chosen arm, if the variant has arms.
    pub fn arm(&self) -> Option<&str> {
        self.arm.as_deref()
    }

    /// The host's name for the content: the arm's, or else the variant's.
    pub fn content(&self) -> Option<&str> {
        self.content.as_deref()
    }

    /// What the content is filled in with.
    pub fn fields(&self) -> &BTreeMap<String, Literal> {
        &self.fields
    }

    /// How to say it.
    pub fn style(&self) -> &BTreeMap<String, Literal> {
        &self.style
    }

    /// Why we speak.
    pub fn purpose(&self) -> &str {
        &self.purpose
    }

    /// What it gives the customer.
    pub fn value(&self) -> Value {
        self.value
    }

    /// The campaign's score at the touch's instant.
    pub fn score(&self) -> i64 {
        self.score
    }

    /// When it goes, or is planned to go.
    pub fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// The entry that records this touch in the customer's history with the given status.
    ///
    /// ```
    /// use tactful::{Status, Touch};
    ///
    /// let touch: Touch = serde_json::from_str(
    ///     r#"{"key": "0123456789abcdef0123456789abcdef", "campaign": "coconut-latte", "occurrence": "once",
    ///         "channel": "direct", "sender": "advisor-7", "variant": "iced", "arm": null, "content": "tpl-iced",
    ///         "fields": {}, "style": {}, "purpose": "benefit", "value": "save", "score": 15,
    ///         "at": "2026-11-21T02:00:00Z"}"#,
    /// )?;
    /// let entry = touch.entry(Status::Scheduled);
    /// assert_eq!(entry.at, touch.at());
    /// assert_eq!(entry.campaign.as_deref(), Some("coconut-latte"));
    /// assert_eq!(entry.key.as_deref(), Some("0123456789abcdef0123456789abcdef"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn entry(&self, status: Status) -> HistoryEntry {
        HistoryEntry {
            at: self.at,
            channel: self.channel.to_string(),
            purpose: self.purpose.to_string(),
            campaign: Some(self.campaign.to_string()),
            occurrence: Some(self.occurrence.to_string()),
            sender: self.sender.as_ref().map(SmolStr::to_string),
            content: self.content.as_ref().map(SmolStr::to_string),
            key: Some(self.key.to_string()),
            status,
            responses: Vec::new(),
        }
    }
}

/// The name of a touch's slot: the same on every retry, unique per customer, campaign, occurrence and repetition.
/// Written as 32 hexadecimal digits.
///
/// It names neither the channel nor the sender nor the content, so that a retry that ends up elsewhere is still the
/// same touch.
///
/// ```
/// use tactful::Key;
///
/// let key: Key = serde_json::from_str("\"000000000000000000000000000000ff\"")?;
/// assert_eq!(key.as_u128(), 255);
/// assert_eq!(key.to_string(), "000000000000000000000000000000ff");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub(crate) u128);

impl Key {
    /// The number.
    pub fn as_u128(self) -> u128 {
        self.0
    }

    /// A key as it is written; `None` for any other text.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let written = text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let number = u128::from_str_radix(text, 16).ok()?;
        written.then_some(Self(number))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl Serialize for Key {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::read(&text)
            .ok_or_else(|| serde::de::Error::custom("a key is 32 hexadecimal digits, in lower case"))
    }
}

/// A touch that a holdout keeps from the customer; record it with status `held_out`.
///
/// ```
/// use tactful::{HeldOut, Status};
///
/// # let text = r#"{"touch": {"key": "0123456789abcdef0123456789abcdef", "campaign": "x", "occurrence": "once",
/// #     "channel": "direct", "sender": null, "variant": "v", "arm": null, "content": null, "fields": {},
/// #     "style": {}, "purpose": "benefit", "value": "save", "score": 0, "at": "2026-11-21T02:00:00Z"},
/// #     "rules": ["house/control"]}"#;
/// let held_out: HeldOut = serde_json::from_str(text)?;
/// assert_eq!(held_out.rules(), ["house/control"]);
/// assert_eq!(held_out.touch().entry(Status::HeldOut).status, Status::HeldOut);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeldOut {
    pub(crate) touch: Touch,
    pub(crate) rules: Vec<String>,
}

impl HeldOut {
    /// The touch that would have gone.
    pub fn touch(&self) -> &Touch {
        &self.touch
    }

    /// The addresses of all holdouts that keep it.
    pub fn rules(&self) -> &[String] {
        &self.rules
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_exactly_32_hexadecimal_digits() {
        let longest = "\"ffffffffffffffffffffffffffffffff\"";
        let key: Key = serde_json::from_str(longest).unwrap();
        assert_eq!(key.as_u128(), u128::MAX);
        assert_eq!(serde_json::to_string(&key).unwrap(), longest);
        for wrong in [
            "\"\"",
            "\"ff\"",
            "\"+fffffffffffffffffffffffffffffff\"",
            "\"gfffffffffffffffffffffffffffffff\"",
            "\"fffffffffffffffffffffffffffffffff\"",
            "1",
            "null",
        ] {
            assert!(serde_json::from_str::<Key>(wrong).is_err(), "{wrong}");
        }
    }
}
