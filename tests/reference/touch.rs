//! Touches, and the scopes of rules that cover them.

use super::time;
use super::world::{get, list, listed, text};
use serde_json::Value;

/// One message: an entry of the history, a placed touch or a candidate.
#[derive(Clone, Debug)]
pub struct Touch {
    pub at: i64,
    pub channel: String,
    pub purpose: String,
    pub campaign: Option<String>,
    pub occurrence: Option<String>,
    pub sender: Option<String>,
    pub content: Option<String>,
    pub key: Option<String>,
    pub status: String,
    pub responses: Vec<(String, i64)>,
    /// The rank of its occurrence, for a placed touch.
    pub rank: usize,
}

impl Touch {
    pub fn read(entry: &Value, now: i64) -> Touch {
        let own = |key: &str| text(entry, key).map(str::to_owned);
        let at = time::instant(entry["at"].as_str().unwrap()).unwrap();
        let status = text(entry, "status").unwrap_or("sent");
        let responses = list(entry, "responses").iter();
        Touch {
            at,
            channel: own("channel").unwrap(),
            purpose: own("purpose").unwrap(),
            campaign: own("campaign"),
            occurrence: own("occurrence"),
            sender: own("sender"),
            content: own("content"),
            key: own("key"),
            // A scheduled entry in the past counts as sent.
            status: if status == "scheduled" && at <= now {
                "sent"
            } else {
                status
            }
            .to_owned(),
            responses: responses
                .map(|r| {
                    (
                        text(r, "kind").unwrap().to_owned(),
                        time::instant(text(r, "at").unwrap()).unwrap(),
                    )
                })
                .collect(),
            rank: 0,
        }
    }

    /// Counted = scheduled or sent.
    pub fn counted(&self) -> bool {
        self.status == "scheduled" || self.status == "sent"
    }

    /// Matches every listed dimension.
    fn matches(&self, dimensions: &Value) -> bool {
        [
            ("channels", Some(&self.channel)),
            ("purposes", Some(&self.purpose)),
            ("campaigns", self.campaign.as_ref()),
            ("senders", self.sender.as_ref()),
            ("contents", self.content.as_ref()),
        ]
        .into_iter()
        .all(|(name, own)| {
            get(dimensions, name).is_none_or(|_| own.is_some_and(|own| listed(list(dimensions, name), own)))
        })
    }

    /// Matches the scope, and fails at least one listed dimension of the except.
    pub fn covered(&self, scope: Option<&Value>, except: Option<&Value>) -> bool {
        scope.is_none_or(|scope| self.matches(scope)) && except.is_none_or(|except| !self.matches(except))
    }
}

pub struct Rule<'w> {
    pub address: String,
    pub body: &'w Value,
    /// A campaign's rule is in scope for that campaign's touches only.
    pub of: Option<&'w str>,
}

impl<'w> Rule<'w> {
    pub fn then(&self, effect: &str) -> Option<&'w Value> {
        get(&self.body["then"], effect)
    }

    pub fn observing(&self) -> bool {
        self.body["observe"] == true
    }

    pub fn in_scope(&self, touch: &Touch) -> bool {
        self.of.is_none_or(|id| touch.campaign.as_deref() == Some(id))
            && touch.covered(get(self.body, "scope"), get(self.body, "except"))
    }

    /// `counting` replaces scope, except and campaign; by default those of the rule.
    pub fn counting(&self, counting: Option<&Value>, touch: &Touch) -> bool {
        match counting {
            None => self.in_scope(touch),
            Some(Value::String(_)) => true, // "all"
            Some(scope) => touch.covered(Some(scope), get(scope, "except")),
        }
    }
}
