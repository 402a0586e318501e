//! The history: the customer's past and already scheduled touches.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::condition::Status;

/// One past or scheduled touch.
///
/// [`Touch::entry`](crate::Touch::entry) makes one of a decision's touch. When read, an entry may carry a free
/// `extra`, which is passed over.
///
/// ```
/// use chrono::{DateTime, Utc};
/// use tactful::{HistoryEntry, Status};
///
/// let at: DateTime<Utc> = "2026-11-20T10:00:00+08:00".parse()?;
/// let read: DateTime<Utc> = "2026-11-20T10:05:00+08:00".parse()?;
/// let entry = HistoryEntry::new(at, "direct", "promotion")
///     .campaign("double11")
///     .occurrence("core")
///     .response("read", read);
/// assert_eq!(entry.status, Status::Sent);
/// assert_eq!(
///     serde_json::to_string(&entry)?,
///     r#"{"at":"2026-11-20T02:00:00Z","channel":"direct","purpose":"promotion","campaign":"double11","occurrence":"core","responses":[{"kind":"read","at":"2026-11-20T02:05:00Z"}]}"#,
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct HistoryEntry {
    /// When it was or will be sent.
    pub at: DateTime<Utc>,
    /// Over which channel; need not be declared any more, as every name here.
    pub channel: String,
    /// Why.
    pub purpose: String,
    /// For which campaign.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<String>,
    /// For which occurrence of it. Without, it belongs to every occurrence that contains its instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occurrence: Option<String>,
    /// By whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    /// What.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// The decision's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What became of it.
    #[serde(skip_serializing_if = "is_default")]
    pub status: Status,
    /// What the customer did.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub responses: Vec<Response>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_default(status: &Status) -> bool {
    *status == Status::default()
}

impl HistoryEntry {
    /// A touch that was sent, for no campaign in particular.
    pub fn new(at: DateTime<Utc>, channel: impl Into<String>, purpose: impl Into<String>) -> Self {
        Self {
            at,
            channel: channel.into(),
            purpose: purpose.into(),
            campaign: None,
            occurrence: None,
            sender: None,
            content: None,
            key: None,
            status: Status::default(),
            responses: Vec::new(),
        }
    }

    /// For a campaign.
    #[must_use]
    pub fn campaign(mut self, campaign: impl Into<String>) -> Self {
        self.campaign = Some(campaign.into());
        self
    }

    /// For an occurrence of the campaign.
    #[must_use]
    pub fn occurrence(mut self, occurrence: impl Into<String>) -> Self {
        self.occurrence = Some(occurrence.into());
        self
    }

    /// By a sender.
    #[must_use]
    pub fn sender(mut self, sender: impl Into<String>) -> Self {
        self.sender = Some(sender.into());
        self
    }

    /// With a content.
    #[must_use]
    pub fn content(mut self, content: impl Into<String>) -> Self {
        self.content = Some(content.into());
        self
    }

    /// With the key of the decision's touch.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// With what became of it.
    #[must_use]
    pub fn status(mut self, status: Status) -> Self {
        self.status = status;
        self
    }

    /// With one more response.
    #[must_use]
    pub fn response(mut self, kind: impl Into<String>, at: DateTime<Utc>) -> Self {
        self.responses.push(Response::new(kind, at));
        self
    }
}

/// What a customer did after a touch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Response {
    /// Any word; common: `read clicked replied purchased complained blocked unsubscribed`.
    pub kind: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Response {
    /// A response.
    pub fn new(kind: impl Into<String>, at: DateTime<Utc>) -> Self {
        Self {
            kind: kind.into(),
            at,
        }
    }
}
