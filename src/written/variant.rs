//! Variants, arms and styles: what is said, and how.

use std::collections::BTreeMap;

use super::condition::{Condition, FactRef, Literal, Reference};

/// One thing a campaign can say.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Variant {
    /// Unique in the campaign.
    pub id: String,
    /// When it fits; default always.
    pub when: Option<Condition>,
    /// The host's name for the content.
    pub content: Option<String>,
    /// What the content is filled in with; all must resolve.
    pub fields: BTreeMap<String, Field>,
    /// An experiment; default none.
    pub arms: Vec<Arm>,
}

/// A value that fills in a content.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Field {
    /// Where it comes from.
    pub from: FieldSource,
    /// Used where it is missing.
    pub default: Option<Literal>,
}

/// Where a field comes from.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum FieldSource {
    /// The customer or the world.
    Reference(Reference),
    /// A literal.
    Is(Literal),
}

/// One arm of an experiment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Arm {
    /// Unique in the variant.
    pub id: String,
    /// Its share among the arms, one or more. Default 1.
    pub weight: u32,
    /// In place of the variant's.
    pub content: Option<String>,
}

/// How to say it: per key, the first style that fits.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Style {
    /// When it fits; default always.
    pub when: Option<Condition>,
    /// What it sets (at least one).
    pub set: BTreeMap<String, Literal>,
}

impl Variant {
    /// A variant that always fits and says nothing yet.
    ///
    /// ```
    /// use tactful::{Arm, Condition, Field, Variant};
    ///
    /// let variant = Variant::new("named")
    ///     .when(Condition::attribute("name").present())
    ///     .content("tpl-named")
    ///     .field("name", Field::attribute("name").or("friend"))
    ///     .arm(Arm::new("a").content("tpl-named-a"))
    ///     .arm(Arm::new("b").weight(3));
    /// assert_eq!(variant.arms.len(), 2);
    /// ```
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            when: None,
            content: None,
            fields: BTreeMap::new(),
            arms: Vec::new(),
        }
    }

    /// When it fits.
    #[must_use]
    pub fn when(mut self, when: Condition) -> Self {
        self.when = Some(when);
        self
    }

    /// The host's name for the content.
    #[must_use]
    pub fn content(mut self, content: impl Into<String>) -> Self {
        self.content = Some(content.into());
        self
    }

    /// What the content is filled in with; a field of the same name is replaced.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, field: Field) -> Self {
        self.fields.insert(name.into(), field);
        self
    }

    /// One more arm of its experiment.
    #[must_use]
    pub fn arm(mut self, arm: Arm) -> Self {
        self.arms.push(arm);
        self
    }
}

impl Field {
    /// The value of an attribute.
    pub fn attribute(name: impl Into<String>) -> Self {
        Self {
            from: FieldSource::Reference(Reference::Attribute(name.into())),
            default: None,
        }
    }

    /// The value of a fact.
    pub fn fact(fact: impl Into<FactRef>) -> Self {
        Self {
            from: FieldSource::Reference(Reference::Fact(fact.into())),
            default: None,
        }
    }

    /// Always the same.
    pub fn is(literal: impl Into<Literal>) -> Self {
        Self {
            from: FieldSource::Is(literal.into()),
            default: None,
        }
    }

    /// What stands in where the value is missing.
    #[must_use]
    pub fn or(mut self, default: impl Into<Literal>) -> Self {
        self.default = Some(default.into());
        self
    }
}

impl Arm {
    /// An arm of weight 1 that says what its variant says.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            weight: 1,
            content: None,
        }
    }

    /// Its share among the arms.
    #[must_use]
    pub fn weight(mut self, weight: u32) -> Self {
        self.weight = weight;
        self
    }

    /// The host's name for the content, in place of the variant's.
    #[must_use]
    pub fn content(mut self, content: impl Into<String>) -> Self {
        self.content = Some(content.into());
        self
    }
}

impl Style {
    /// A style that always fits and sets one thing.
    ///
    /// ```
    /// use tactful::{Condition, Style};
    ///
    /// let style = Style::new("mode", "voice").when(Condition::attribute("age").ge(55));
    /// assert_eq!(style.set.len(), 1);
    /// ```
    pub fn new(name: impl Into<String>, value: impl Into<Literal>) -> Self {
        Self {
            when: None,
            set: BTreeMap::from([(name.into(), value.into())]),
        }
    }

    /// When it fits.
    #[must_use]
    pub fn when(mut self, when: Condition) -> Self {
        self.when = Some(when);
        self
    }

    /// One more thing that it sets.
    #[must_use]
    pub fn set(mut self, name: impl Into<String>, value: impl Into<Literal>) -> Self {
        self.set.insert(name.into(), value.into());
        self
    }
}
