//! How large a rulebook may be.

use crate::written::document::MOST_NESTED;

/// How large a rulebook may be, so that one from outside cannot exhaust the machine that checks or asks it.
///
/// What is larger has a problem of code `too_large` or `too_deep`. The defaults are far above what houses need.
///
/// ```
/// use tactful::Limits;
///
/// let strict = Limits::new().campaigns(50).rules(20);
/// assert_ne!(strict, Limits::default());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Limits {
    pub(crate) condition_depth: usize,
    pub(crate) expanded_depth: usize,
    pub(crate) expanded_nodes: usize,
    pub(crate) conditions: usize,
    pub(crate) campaigns: usize,
    pub(crate) declarations: usize,
    pub(crate) rules: usize,
    pub(crate) variants: usize,
    pub(crate) waves: usize,
    pub(crate) list_length: usize,
    pub(crate) text_length: usize,
}

impl Limits {
    /// The defaults.
    pub const fn new() -> Self {
        Self {
            condition_depth: 32,
            expanded_depth: 128,
            expanded_nodes: 10_000,
            conditions: 5_000_000,
            campaigns: 100_000,
            declarations: 100_000,
            rules: 10_000,
            variants: 1_000,
            waves: 1_000,
            list_length: 10_000,
            text_length: 10_000,
        }
    }

    /// Levels of one condition as written, a leaf being one. Default 32, at most 128.
    #[must_use]
    pub const fn condition_depth(mut self, levels: usize) -> Self {
        self.condition_depth = if levels < MOST_NESTED { levels } else { MOST_NESTED };
        self
    }

    /// Levels of one condition with its derived tags spelled out. Default 128, at most 128.
    #[must_use]
    pub const fn expanded_depth(mut self, levels: usize) -> Self {
        self.expanded_depth = if levels < MOST_NESTED { levels } else { MOST_NESTED };
        self
    }

    /// Parts of one condition with its derived tags spelled out. Default 10,000.
    #[must_use]
    pub const fn expanded_nodes(mut self, nodes: usize) -> Self {
        self.expanded_nodes = nodes;
        self
    }

    /// Parts of all conditions of the rulebook together, as written. Default 5,000,000.
    #[must_use]
    pub const fn conditions(mut self, nodes: usize) -> Self {
        self.conditions = nodes;
        self
    }

    /// Campaigns. Default 100,000.
    #[must_use]
    pub const fn campaigns(mut self, count: usize) -> Self {
        self.campaigns = count;
        self
    }

    /// Declarations of each kind: attributes, facts, tags, purposes, channels, and also policies and styles. Default
    /// 100,000.
    #[must_use]
    pub const fn declarations(mut self, count: usize) -> Self {
        self.declarations = count;
        self
    }

    /// Rules of one policy or campaign. Default 10,000.
    #[must_use]
    pub const fn rules(mut self, count: usize) -> Self {
        self.rules = count;
        self
    }

    /// Variants of one campaign, and arms of one variant. Default 1,000.
    #[must_use]
    pub const fn variants(mut self, count: usize) -> Self {
        self.variants = count;
        self
    }

    /// Waves of one campaign. Default 1,000.
    #[must_use]
    pub const fn waves(mut self, count: usize) -> Self {
        self.waves = count;
        self
    }

    /// Elements of any other list. Default 10,000.
    #[must_use]
    pub const fn list_length(mut self, count: usize) -> Self {
        self.list_length = count;
        self
    }

    /// Bytes of one name or text. Default 10,000.
    #[must_use]
    pub const fn text_length(mut self, bytes: usize) -> Self {
        self.text_length = bytes;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new()
    }
}
