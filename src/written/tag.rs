//! Tags: marks that a customer holds.

use super::condition::Condition;

/// A declared tag: given by the host, or derived from a condition.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Tag {
    /// Unique among the rulebook's tags.
    pub name: String,
    /// For a derived tag, when it is held.
    pub when: Option<Condition>,
}

impl Tag {
    /// A tag that the host gives to customers.
    pub fn given(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            when: None,
        }
    }

    /// A tag that is held while a condition holds.
    ///
    /// ```
    /// use tactful::{Condition, Duration, Tag};
    ///
    /// let newcomer = Tag::derived("newcomer", Condition::elapsed("joined_at").lt(Duration::days(30)));
    /// assert_eq!(newcomer.name, "newcomer");
    /// ```
    pub fn derived(name: impl Into<String>, when: Condition) -> Self {
        Self {
            name: name.into(),
            when: Some(when),
        }
    }
}

impl From<&str> for Tag {
    fn from(name: &str) -> Self {
        Self::given(name)
    }
}

impl From<String> for Tag {
    fn from(name: String) -> Self {
        Self::given(name)
    }
}
