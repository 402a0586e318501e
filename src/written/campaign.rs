//! Campaigns: something worth saying, to whom, when, in which variants.

use super::{
    calendar::Zone,
    condition::Condition,
    duration::Duration,
    rule::{AtMost, GroupedBy, Per, Rule},
    schedule::Schedule,
    scope::names,
    variant::Variant,
};

/// Something worth saying.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Campaign {
    /// Unique; lives for ever.
    pub id: String,
    /// Why we speak: a declared purpose.
    pub purpose: String,
    /// What it gives the customer.
    pub value: Value,
    /// A topic that customers can refuse.
    pub topic: Option<String>,
    /// Higher goes first. Default 0.
    pub priority: i64,
    /// To whom; default everyone.
    pub audience: Option<Condition>,
    /// When; default at any time.
    pub schedule: Schedule,
    /// Ways to reach, the preferred first (at least one).
    pub channels: Vec<String>,
    /// How long to wait for a preferred option.
    pub patience: Patience,
    /// How relevant it is to this customer.
    pub score: Score,
    /// When within what is allowed.
    pub timing: Timing,
    /// Ends the campaign for this customer while it acts.
    pub stop_when: Option<Condition>,
    /// More than once per occurrence.
    pub repeat: Option<Repeat>,
    /// How far ahead its planned touches keep lower ranks away; default the look-ahead.
    pub reserve: Option<Duration>,
    /// What to say, the first that fits (at least one).
    pub variants: Vec<Variant>,
    /// Rules for this campaign alone.
    pub rules: Vec<Rule>,
}

/// What a campaign gives the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Value {
    /// Material: saves money.
    Save,
    /// Material: earns something.
    Earn,
    /// Spiritual: something to know.
    Knowledge,
    /// Spiritual: something to live through.
    Experience,
    /// Spiritual: something of the place.
    Local,
    /// A service.
    Service,
}

/// How long to wait for a preferred option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Patience {
    /// Take the earliest.
    #[default]
    None,
    /// To the end of the local day of the earliest.
    Day,
    /// To the end of its ISO week.
    Week,
    /// To the end of the occurrence.
    Occurrence,
}

/// When within what is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Timing {
    /// As soon as possible.
    #[default]
    Asap,
    /// At the best weight to the end of this period.
    BestIn(BestIn),
}

/// The period in which the best time is sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BestIn {
    /// The local day.
    Day,
    /// The ISO week.
    Week,
    /// The occurrence.
    Occurrence,
}

/// How relevant a campaign is: a base and what is added to it.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Score {
    /// Default 0.
    pub base: i64,
    /// What is added.
    pub add: Vec<ScoreAdd>,
}

/// Points for a condition.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ScoreAdd {
    /// When; unknown counts only for negative points.
    pub when: Condition,
    /// How many.
    pub points: i64,
}

/// How often one occurrence may be repeated.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Repeat {
    /// How many.
    pub at_most: AtMost,
    /// In what.
    pub per: Per,
    /// The least time between two; may be zero.
    pub gap: Duration,
    /// Whose calendar; default the customer's.
    pub zone: Option<Zone>,
    /// Count apart by.
    pub grouped_by: Option<GroupedBy>,
}

impl Value {
    /// As it is written: `save`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Save => "save",
            Self::Earn => "earn",
            Self::Knowledge => "knowledge",
            Self::Experience => "experience",
            Self::Local => "local",
            Self::Service => "service",
        }
    }
}

impl Campaign {
    /// A campaign to everyone at any time, without channels and variants yet.
    ///
    /// ```
    /// use tactful::{BestIn, Campaign, Condition, Score, Timing, Value, Variant};
    ///
    /// let campaign = Campaign::new("coconut-latte", "benefit", Value::Save)
    ///     .audience(Condition::tag("latte"))
    ///     .channels(["direct", "moments"])
    ///     .score(Score::new(10).add(Condition::tag("new_arrival_fan"), 5))
    ///     .timing(Timing::BestIn(BestIn::Day))
    ///     .variant(Variant::new("plain").content("tpl-plain"));
    /// assert_eq!(campaign.channels, ["direct", "moments"]);
    /// ```
    pub fn new(id: impl Into<String>, purpose: impl Into<String>, value: Value) -> Self {
        Self {
            id: id.into(),
            purpose: purpose.into(),
            value,
            topic: None,
            priority: 0,
            audience: None,
            schedule: Schedule::Always,
            channels: Vec::new(),
            patience: Patience::None,
            score: Score::default(),
            timing: Timing::Asap,
            stop_when: None,
            repeat: None,
            reserve: None,
            variants: Vec::new(),
            rules: Vec::new(),
        }
    }

    /// A topic that customers can refuse.
    #[must_use]
    pub fn topic(mut self, topic: impl Into<String>) -> Self {
        self.topic = Some(topic.into());
        self
    }

    /// Its rank: higher goes first.
    #[must_use]
    pub fn priority(mut self, priority: i64) -> Self {
        self.priority = priority;
        self
    }

    /// To whom.
    #[must_use]
    pub fn audience(mut self, audience: Condition) -> Self {
        self.audience = Some(audience);
        self
    }

    /// When it may speak.
    #[must_use]
    pub fn schedule(mut self, schedule: Schedule) -> Self {
        self.schedule = schedule;
        self
    }

    /// Ways to reach, the preferred first.
    #[must_use]
    pub fn channels<N: Into<String>>(mut self, channels: impl IntoIterator<Item = N>) -> Self {
        self.channels = names(channels);
        self
    }

    /// How long to wait for a preferred option.
    #[must_use]
    pub fn patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// How relevant it is.
    #[must_use]
    pub fn score(mut self, score: Score) -> Self {
        self.score = score;
        self
    }

    /// When within what is allowed.
    #[must_use]
    pub fn timing(mut self, timing: Timing) -> Self {
        self.timing = timing;
        self
    }

    /// Ends the campaign for a customer while the condition holds or is unknown.
    #[must_use]
    pub fn stop_when(mut self, stop_when: Condition) -> Self {
        self.stop_when = Some(stop_when);
        self
    }

    /// More than one touch per occurrence.
    #[must_use]
    pub fn repeat(mut self, repeat: Repeat) -> Self {
        self.repeat = Some(repeat);
        self
    }

    /// How far ahead its planned touches keep lower ranks away; zero or more.
    #[must_use]
    pub fn reserve(mut self, reserve: Duration) -> Self {
        self.reserve = Some(reserve);
        self
    }

    /// One more variant, after those before it.
    #[must_use]
    pub fn variant(mut self, variant: Variant) -> Self {
        self.variants.push(variant);
        self
    }

    /// One more rule for this campaign alone.
    #[must_use]
    pub fn rule(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }
}

impl Score {
    /// The same score for everyone.
    pub fn new(base: i64) -> Self {
        Self {
            base,
            add: Vec::new(),
        }
    }

    /// Points that are added while a condition holds; negative ones also while it is unknown.
    #[must_use]
    pub fn add(mut self, when: Condition, points: i64) -> Self {
        self.add.push(ScoreAdd { when, points });
        self
    }
}

impl Repeat {
    /// So many in a window, calendar period or lifetime, with at least a gap between two.
    ///
    /// ```
    /// use tactful::{Duration, Per, Repeat};
    ///
    /// let thrice = Repeat::new(3, Per::Lifetime, Duration::days(3));
    /// assert_eq!(thrice.gap, Duration::days(3));
    /// ```
    pub fn new(at_most: impl Into<AtMost>, per: impl Into<Per>, gap: Duration) -> Self {
        Self {
            at_most: at_most.into(),
            per: per.into(),
            gap,
            zone: None,
            grouped_by: None,
        }
    }

    /// Whose calendar, for calendar periods.
    #[must_use]
    pub fn zone(mut self, zone: Zone) -> Self {
        self.zone = Some(zone);
        self
    }

    /// Count apart by a dimension.
    #[must_use]
    pub fn grouped_by(mut self, dimension: GroupedBy) -> Self {
        self.grouped_by = Some(dimension);
        self
    }
}
