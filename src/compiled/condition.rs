//! Conditions with names resolved and literals typed.

use super::{scalar::Scalar, symbols::Symbol};
use crate::written::condition::PurchaseMeasure;

/// A condition ready to be asked.
#[derive(Debug, Clone)]
pub(crate) enum Condition {
    All(Box<[Condition]>),
    Any(Box<[Condition]>),
    Not(Box<Condition>),
    /// A tag that the host gives, by its number.
    Held(usize),
    /// A derived tag, by its number.
    Derived(usize),
    Value {
        subject: Source,
        tests: Box<[Test]>,
    },
    Elapsed {
        since: Source,
        tests: Box<[ElapsedTest]>,
    },
    Touches {
        filter: Filter,
        tests: Box<[Test]>,
    },
    Purchases {
        measure: PurchaseMeasure,
        within: Option<i64>,
        tests: Box<[Test]>,
    },
    Occurrence(Box<[Symbol]>),
    Score(Box<[Test]>),
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    Attribute(usize),
    Purchase(PurchaseInstant),
    Fact { fact: usize, key: FactKey },
}

/// The instants that purchases give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PurchaseInstant {
    First,
    Last,
    Due,
}

impl PurchaseInstant {
    pub(crate) const ALL: [Self; 3] = [Self::First, Self::Last, Self::Due];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::First => "purchases.first_at",
            Self::Last => "purchases.last_at",
            Self::Due => "purchases.due_at",
        }
    }
}

/// What a fact is looked up by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FactKey {
    None,
    Attribute(usize),
    Campaign,
    Sender,
    Channel,
    Is(Box<str>),
}

#[derive(Debug, Clone)]
pub(crate) enum Operand {
    Literal(Scalar),
    Source(Source),
}

#[derive(Debug, Clone)]
pub(crate) enum Test {
    Compare(Comparison, Operand),
    In(Box<[Operand]>),
    Present(bool),
}

impl Test {
    /// What a value is compared with.
    pub(crate) fn operands(&self) -> &[Operand] {
        match self {
            Self::Compare(_, operand) => std::slice::from_ref(operand),
            Self::In(list) => list,
            Self::Present(_) => &[],
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl Comparison {
    pub(crate) fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Eq => ordering.is_eq(),
            Self::Ne => ordering.is_ne(),
            Self::Lt => ordering.is_lt(),
            Self::Le => ordering.is_le(),
            Self::Gt => ordering.is_gt(),
            Self::Ge => ordering.is_ge(),
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum ElapsedTest {
    /// Microseconds.
    Lt(i64),
    Ge(i64),
    Present(bool),
}

/// Which touches a condition counts. An absent list asks nothing; lists are sorted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) channels: Option<Box<[Symbol]>>,
    pub(crate) purposes: Option<Box<[Symbol]>>,
    pub(crate) campaigns: Option<Box<[Symbol]>>,
    pub(crate) occurrences: Option<Box<[Symbol]>>,
    pub(crate) contents: Option<Box<[Symbol]>>,
    pub(crate) senders: Option<Box<[Symbol]>>,
    pub(crate) responses: Option<Box<[Symbol]>>,
    pub(crate) statuses: Option<Box<[crate::written::condition::Status]>>,
    /// Microseconds.
    pub(crate) within: Option<i64>,
    /// As it is written, for explanations: `purposes promotion; within 90d`.
    pub(crate) written: Box<str>,
}

/// True, false or unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    True,
    False,
    Unknown,
}

impl Truth {
    /// Whether what permits may go on.
    #[inline]
    pub(crate) fn permits(self) -> bool {
        self == Self::True
    }

    /// Whether what restrains acts.
    #[inline]
    pub(crate) fn restrains(self) -> bool {
        self != Self::False
    }

    /// Whether it is true, where that is known.
    pub(crate) fn known(self) -> Option<bool> {
        match self {
            Self::True => Some(true),
            Self::False => Some(false),
            Self::Unknown => None,
        }
    }

    pub(crate) fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, Self::True) => Self::True,
            _ => Self::Unknown,
        }
    }

    pub(crate) fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }
}

impl From<bool> for Truth {
    fn from(truth: bool) -> Self {
        if truth { Self::True } else { Self::False }
    }
}
