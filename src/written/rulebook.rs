//! The rulebook: everything a house says, as one document.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::{
    calendar::UnknownTimeZone, campaign::Campaign, duration::Duration, policy::PolicySource, tag::Tag,
    variant::Style,
};

/// Everything a house says, as one document.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Rulebook {
    /// The house's zone.
    pub time_zone: Tz,
    /// What the clock of a customer without a zone is.
    pub unknown_time_zone: UnknownTimeZone,
    /// How far ahead is planned: zero to 400 days.
    pub look_ahead: Duration,
    /// The customers' attributes and their types.
    pub attributes: BTreeMap<String, ValueType>,
    /// The facts of the world and their types.
    pub facts: BTreeMap<String, FactDeclaration>,
    /// The tags.
    pub tags: Vec<Tag>,
    /// Why we speak.
    pub purposes: Vec<Purpose>,
    /// Ways to reach.
    pub channels: BTreeMap<String, Channel>,
    /// The rules for all.
    pub policies: Vec<PolicySource>,
    /// How to say things.
    pub styles: Vec<Style>,
    /// What to say.
    pub campaigns: Vec<Campaign>,
}

/// The type of an attribute or a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ValueType {
    /// A whole number of 64 bits.
    Integer,
    /// A finite number.
    Number,
    /// Text.
    String,
    /// True or false.
    Boolean,
    /// A calendar date.
    Date,
    /// An instant.
    DateTime,
}

/// A declared fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct FactDeclaration {
    /// Its type.
    pub value_type: ValueType,
    /// Whether it has a value per key.
    pub keyed: bool,
}

/// A declared purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Purpose {
    /// Unique among the purposes.
    pub name: String,
    /// Whether consent is asked; `false` for answers and service that are always allowed.
    pub needs_consent: bool,
}

/// A declared channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Channel {
    /// What consent it needs.
    pub consent: ChannelConsent,
}

/// What consent a channel needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelConsent {
    /// A recorded yes.
    OptIn,
    /// No recorded no.
    OptOut,
    /// Nothing.
    None,
}

impl ValueType {
    /// As it is written: `date-time`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::DateTime => "date-time",
        }
    }
}

impl Rulebook {
    /// All of it but the campaigns.
    pub(crate) fn without_campaigns(&self) -> Self {
        Self {
            time_zone: self.time_zone,
            unknown_time_zone: self.unknown_time_zone.clone(),
            look_ahead: self.look_ahead,
            attributes: self.attributes.clone(),
            facts: self.facts.clone(),
            tags: self.tags.clone(),
            purposes: self.purposes.clone(),
            channels: self.channels.clone(),
            policies: self.policies.clone(),
            styles: self.styles.clone(),
            campaigns: Vec::new(),
        }
    }

    /// A rulebook that declares nothing yet.
    ///
    /// ```
    /// use tactful::{
    ///     Campaign, ChannelConsent, Condition, Duration, Purpose, Rulebook, Tag, UnknownTimeZone, Value, ValueType,
    ///     Variant,
    /// };
    ///
    /// let shanghai = "Asia/Shanghai".parse()?;
    /// let book = Rulebook::new(shanghai, UnknownTimeZone::House, Duration::days(7))
    ///     .attribute("age", ValueType::Integer)
    ///     .tag(Tag::given("latte"))
    ///     .purpose(Purpose::new("benefit"))
    ///     .channel("direct", ChannelConsent::OptOut)
    ///     .campaign(
    ///         Campaign::new("coconut-latte", "benefit", Value::Save)
    ///             .audience(Condition::all([Condition::tag("latte"), Condition::attribute("age").ge(18)]))
    ///             .channels(["direct"])
    ///             .variant(Variant::new("plain").content("tpl-plain")),
    ///     );
    /// assert_eq!(book.campaigns.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(time_zone: Tz, unknown_time_zone: UnknownTimeZone, look_ahead: Duration) -> Self {
        Self {
            time_zone,
            unknown_time_zone,
            look_ahead,
            attributes: BTreeMap::new(),
            facts: BTreeMap::new(),
            tags: Vec::new(),
            purposes: Vec::new(),
            channels: BTreeMap::new(),
            policies: Vec::new(),
            styles: Vec::new(),
            campaigns: Vec::new(),
        }
    }

    /// Declares an attribute of the customers; one of the same name is replaced.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, value_type: ValueType) -> Self {
        self.attributes.insert(name.into(), value_type);
        self
    }

    /// Declares a fact of the world; one of the same name is replaced.
    #[must_use]
    pub fn fact(mut self, name: impl Into<String>, fact: FactDeclaration) -> Self {
        self.facts.insert(name.into(), fact);
        self
    }

    /// Declares a tag.
    #[must_use]
    pub fn tag(mut self, tag: impl Into<Tag>) -> Self {
        self.tags.push(tag.into());
        self
    }

    /// Declares a purpose.
    #[must_use]
    pub fn purpose(mut self, purpose: impl Into<Purpose>) -> Self {
        self.purposes.push(purpose.into());
        self
    }

    /// Declares a channel; one of the same name is replaced.
    #[must_use]
    pub fn channel(mut self, name: impl Into<String>, consent: ChannelConsent) -> Self {
        self.channels.insert(name.into(), Channel { consent });
        self
    }

    /// One more policy.
    #[must_use]
    pub fn policy(mut self, policy: impl Into<PolicySource>) -> Self {
        self.policies.push(policy.into());
        self
    }

    /// One more style, after those before it.
    #[must_use]
    pub fn style(mut self, style: Style) -> Self {
        self.styles.push(style);
        self
    }

    /// One more campaign.
    #[must_use]
    pub fn campaign(mut self, campaign: Campaign) -> Self {
        self.campaigns.push(campaign);
        self
    }
}

impl FactDeclaration {
    /// A fact with one value for all.
    pub const fn single(value_type: ValueType) -> Self {
        Self {
            value_type,
            keyed: false,
        }
    }

    /// A fact with a value per key: per city, per store, per sender.
    pub const fn keyed(value_type: ValueType) -> Self {
        Self {
            value_type,
            keyed: true,
        }
    }
}

impl Purpose {
    /// A purpose for which consent is asked.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            needs_consent: true,
        }
    }

    /// A purpose for which none is: answers, and service that was asked for.
    ///
    /// ```
    /// use tactful::Purpose;
    ///
    /// assert!(Purpose::new("promotion").needs_consent);
    /// assert!(!Purpose::without_consent("reply").needs_consent);
    /// ```
    pub fn without_consent(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            needs_consent: false,
        }
    }
}

impl From<&str> for Purpose {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}
