//! Conditions: true, false or unknown (Kleene).

use super::duration::Duration;

/// A condition on a customer, the world, the history and the touch under consideration.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Condition {
    /// True when every part is; an empty list is true.
    All(Vec<Condition>),
    /// True when some part is; an empty list is false.
    Any(Vec<Condition>),
    /// True when the part is false.
    Not(Box<Condition>),
    /// The tag is held.
    Tag(String),
    /// Tests of an attribute.
    Attribute {
        /// The attribute's declared name, or `purchases.first_at`, `.last_at`, `.due_at`.
        name: String,
        /// All must hold.
        tests: Vec<Test>,
    },
    /// Tests of a fact.
    Fact {
        /// Which fact, and of what.
        fact: FactRef,
        /// All must hold.
        tests: Vec<Test>,
    },
    /// Tests of the time since an instant.
    Elapsed {
        /// The instant.
        since: Reference,
        /// All must hold.
        tests: Vec<ElapsedTest>,
    },
    /// Tests of a number of touches.
    Touches {
        /// Which touches count.
        filter: TouchFilter,
        /// All must hold.
        tests: Vec<Test>,
    },
    /// Tests of purchases.
    Purchases {
        /// What is measured.
        measure: PurchaseMeasure,
        /// Only purchases in `(t − within, t]`.
        within: Option<Duration>,
        /// All must hold.
        tests: Vec<Test>,
    },
    /// The touch's occurrence is one of these ids.
    Occurrence(Vec<String>),
    /// Tests of the campaign's score.
    Score(Vec<Test>),
}

/// One comparison.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Test {
    /// Equal.
    Eq(Operand),
    /// Not equal.
    Ne(Operand),
    /// Less than.
    Lt(Operand),
    /// At most.
    Le(Operand),
    /// Greater than.
    Gt(Operand),
    /// At least.
    Ge(Operand),
    /// Equal to one of these (at least one).
    In(Vec<Operand>),
    /// Whether there is a value; never unknown.
    Present(bool),
}

/// One comparison of an elapsed time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ElapsedTest {
    /// Less than.
    Lt(Duration),
    /// At least.
    Ge(Duration),
    /// Whether there is an instant; never unknown.
    Present(bool),
}

/// The right-hand side of a comparison.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Operand {
    /// A literal.
    Literal(Literal),
    /// Another value of the customer or the world.
    Reference(Reference),
}

/// A value of the customer or the world.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reference {
    /// An attribute by name.
    Attribute(String),
    /// A fact.
    Fact(FactRef),
}

/// A fact, and of what when it is keyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactRef {
    /// The fact's declared name.
    pub name: String,
    /// Absent for an unkeyed fact.
    pub of: Option<FactKey>,
}

/// What a keyed fact is looked up by.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FactKey {
    /// A string attribute's value.
    Attribute(String),
    /// The campaign's id.
    Campaign,
    /// The sender's id; in rules, variants and styles only.
    Sender,
    /// The channel's name; in rules, variants and styles only.
    Channel,
    /// A literal key.
    Is(String),
}

/// A literal value. Dates and instants are written as text and read by the declared type.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Literal {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Number(f64),
    /// Text, a date or an instant.
    Text(String),
}

/// Which touches of the history count. Absent members ask nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct TouchFilter {
    /// Channels.
    pub channels: Option<Vec<String>>,
    /// Purposes.
    pub purposes: Option<Vec<String>>,
    /// Campaigns.
    pub campaigns: Option<Vec<String>>,
    /// Occurrence ids.
    pub occurrences: Option<Vec<String>>,
    /// Contents.
    pub contents: Option<Vec<String>>,
    /// Senders.
    pub senders: Option<Vec<String>>,
    /// With at least one response of such a kind at or before `t`.
    pub responses: Option<Vec<String>>,
    /// Statuses; default the counted ones, scheduled and sent.
    pub status: Option<Vec<Status>>,
    /// Only touches in `(t − within, t]`.
    pub within: Option<Duration>,
}

/// What became of a touch.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Planned and handed over; counts.
    Scheduled,
    /// Sent; counts.
    #[default]
    Sent,
    /// Did not reach the customer; counts for nothing.
    Failed,
    /// Taken back; spends its occurrence.
    Cancelled,
    /// Held out for measurement; spends its occurrence.
    HeldOut,
}

impl Status {
    #[inline]
    pub(crate) fn is_counted(self) -> bool {
        matches!(self, Self::Scheduled | Self::Sent)
    }
}

/// What of the purchases is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PurchaseMeasure {
    /// How many purchases.
    Count,
    /// The sum of their amounts.
    Amount,
}

impl Test {
    /// The operator as it is written: `ge`.
    pub fn operator(&self) -> &'static str {
        match self {
            Self::Eq(_) => "eq",
            Self::Ne(_) => "ne",
            Self::Lt(_) => "lt",
            Self::Le(_) => "le",
            Self::Gt(_) => "gt",
            Self::Ge(_) => "ge",
            Self::In(_) => "in",
            Self::Present(_) => "present",
        }
    }

    /// The right-hand sides.
    pub(crate) fn operands(&self) -> &[Operand] {
        match self {
            Self::Eq(operand)
            | Self::Ne(operand)
            | Self::Lt(operand)
            | Self::Le(operand)
            | Self::Gt(operand)
            | Self::Ge(operand) => std::slice::from_ref(operand),
            Self::In(operands) => operands,
            Self::Present(_) => &[],
        }
    }
}

impl Status {
    /// As it is written: `held_out`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::HeldOut => "held_out",
        }
    }
}
