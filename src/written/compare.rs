//! Building conditions.

use std::ops::Not;

use super::{
    condition::{
        Condition, ElapsedTest, FactKey, FactRef, Literal, Operand, PurchaseMeasure, Reference, Status, Test,
        TouchFilter,
    },
    duration::Duration,
    scope::names,
};

impl Condition {
    /// True when every part is.
    ///
    /// ```
    /// use tactful::{Condition, Duration, FactKey, FactRef, Test, TouchFilter};
    ///
    /// let hot = FactRef::of("weather.temp_c", FactKey::attribute("city"));
    /// let condition = Condition::all([
    ///     Condition::tag("latte"),
    ///     !Condition::tag("do_not_disturb"),
    ///     Condition::attribute("age").all([Test::ge(18), Test::lt(30)]),
    ///     Condition::fact(hot).ge(28),
    ///     Condition::elapsed("joined_at").ge(Duration::days(30)),
    ///     Condition::touches(TouchFilter::new().campaigns(["coconut-latte"]).responses(["purchased"])).eq(0),
    ///     Condition::purchase_count().within(Duration::days(90)).ge(3),
    /// ]);
    /// let json = r#"{"all": [{"tag": "latte"}, {"not": {"tag": "do_not_disturb"}},
    ///     {"attribute": "age", "ge": 18, "lt": 30},
    ///     {"fact": "weather.temp_c", "of": {"attribute": "city"}, "ge": 28},
    ///     {"elapsed": "joined_at", "ge": "30d"},
    ///     {"touches": {"campaigns": ["coconut-latte"], "responses": ["purchased"]}, "eq": 0},
    ///     {"purchases": "count", "within": "90d", "ge": 3}]}"#;
    /// assert_eq!(condition, serde_json::from_str(json)?);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn all(parts: impl IntoIterator<Item = Condition>) -> Self {
        Self::All(parts.into_iter().collect())
    }

    /// True when some part is.
    pub fn any(parts: impl IntoIterator<Item = Condition>) -> Self {
        Self::Any(parts.into_iter().collect())
    }

    /// The tag is held.
    pub fn tag(name: impl Into<String>) -> Self {
        Self::Tag(name.into())
    }

    /// Compares an attribute.
    pub fn attribute(name: impl Into<String>) -> Compare {
        Compare(Subject::Attribute(name.into()))
    }

    /// Compares a fact.
    pub fn fact(fact: impl Into<FactRef>) -> Compare {
        Compare(Subject::Fact(fact.into()))
    }

    /// Compares the time since an instant: of a date-time attribute by its name, or of a fact.
    pub fn elapsed(since: impl Into<Reference>) -> CompareElapsed {
        CompareElapsed(since.into())
    }

    /// Compares the number of touches that match a filter.
    pub fn touches(filter: TouchFilter) -> Compare {
        Compare(Subject::Touches(filter))
    }

    /// Compares the number of purchases.
    pub fn purchase_count() -> Compare {
        Compare(Subject::Purchases(PurchaseMeasure::Count, None))
    }

    /// Compares the sum of the purchases' amounts.
    pub fn purchase_amount() -> Compare {
        Compare(Subject::Purchases(PurchaseMeasure::Amount, None))
    }

    /// The touch's occurrence is one of these.
    pub fn occurrence<N: Into<String>>(ids: impl IntoIterator<Item = N>) -> Self {
        Self::Occurrence(names(ids))
    }

    /// Compares the campaign's score; in rules only.
    pub fn score() -> Compare {
        Compare(Subject::Score)
    }
}

impl Not for Condition {
    type Output = Self;

    fn not(self) -> Self {
        Self::Not(Box::new(self))
    }
}

/// A value that is about to be compared.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Compare(Subject);

#[derive(Debug, Clone, PartialEq)]
enum Subject {
    Attribute(String),
    Fact(FactRef),
    Touches(TouchFilter),
    Purchases(PurchaseMeasure, Option<Duration>),
    Score,
}

impl Compare {
    /// Only purchases or touches in `(t − within, t]`; of anything else, nothing changes.
    pub fn within(mut self, within: Duration) -> Self {
        match &mut self.0 {
            Subject::Touches(filter) => filter.within = Some(within),
            Subject::Purchases(_, window) => *window = Some(within),
            Subject::Attribute(_) | Subject::Fact(_) | Subject::Score => {}
        }
        self
    }

    /// All of these tests hold.
    pub fn all(self, tests: impl IntoIterator<Item = Test>) -> Condition {
        let tests = tests.into_iter().collect();
        match self.0 {
            Subject::Attribute(name) => Condition::Attribute { name, tests },
            Subject::Fact(fact) => Condition::Fact { fact, tests },
            Subject::Touches(filter) => Condition::Touches { filter, tests },
            Subject::Purchases(measure, within) => Condition::Purchases {
                measure,
                within,
                tests,
            },
            Subject::Score => Condition::Score(tests),
        }
    }

    /// Equal.
    pub fn eq(self, other: impl Into<Operand>) -> Condition {
        self.all([Test::eq(other)])
    }

    /// Not equal.
    pub fn ne(self, other: impl Into<Operand>) -> Condition {
        self.all([Test::ne(other)])
    }

    /// Less than.
    pub fn lt(self, other: impl Into<Operand>) -> Condition {
        self.all([Test::lt(other)])
    }

    /// At most.
    pub fn le(self, other: impl Into<Operand>) -> Condition {
        self.all([Test::le(other)])
    }

    /// Greater than.
    pub fn gt(self, other: impl Into<Operand>) -> Condition {
        self.all([Test::gt(other)])
    }

    /// At least.
    pub fn ge(self, other: impl Into<Operand>) -> Condition {
        self.all([Test::ge(other)])
    }

    /// Equal to one of these.
    pub fn one_of<T: Into<Operand>>(self, others: impl IntoIterator<Item = T>) -> Condition {
        self.all([Test::one_of(others)])
    }

    /// There is a value.
    pub fn present(self) -> Condition {
        self.all([Test::Present(true)])
    }

    /// There is no value.
    pub fn missing(self) -> Condition {
        self.all([Test::Present(false)])
    }
}

impl Test {
    /// Equal.
    pub fn eq(other: impl Into<Operand>) -> Self {
        Self::Eq(other.into())
    }

    /// Not equal.
    pub fn ne(other: impl Into<Operand>) -> Self {
        Self::Ne(other.into())
    }

    /// Less than.
    pub fn lt(other: impl Into<Operand>) -> Self {
        Self::Lt(other.into())
    }

    /// At most.
    pub fn le(other: impl Into<Operand>) -> Self {
        Self::Le(other.into())
    }

    /// Greater than.
    pub fn gt(other: impl Into<Operand>) -> Self {
        Self::Gt(other.into())
    }

    /// At least.
    pub fn ge(other: impl Into<Operand>) -> Self {
        Self::Ge(other.into())
    }

    /// Equal to one of these.
    pub fn one_of<T: Into<Operand>>(others: impl IntoIterator<Item = T>) -> Self {
        Self::In(others.into_iter().map(Into::into).collect())
    }
}

/// An elapsed time that is about to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct CompareElapsed(Reference);

impl CompareElapsed {
    /// All of these tests hold.
    pub fn all(self, tests: impl IntoIterator<Item = ElapsedTest>) -> Condition {
        Condition::Elapsed {
            since: self.0,
            tests: tests.into_iter().collect(),
        }
    }

    /// Less than; an instant to come has a negative elapsed time.
    pub fn lt(self, duration: Duration) -> Condition {
        self.all([ElapsedTest::Lt(duration)])
    }

    /// At least.
    pub fn ge(self, duration: Duration) -> Condition {
        self.all([ElapsedTest::Ge(duration)])
    }

    /// There is an instant.
    pub fn present(self) -> Condition {
        self.all([ElapsedTest::Present(true)])
    }

    /// There is no instant.
    pub fn missing(self) -> Condition {
        self.all([ElapsedTest::Present(false)])
    }
}

impl TouchFilter {
    /// Every touch that counts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only over these channels.
    #[must_use]
    pub fn channels<N: Into<String>>(mut self, channels: impl IntoIterator<Item = N>) -> Self {
        self.channels = Some(names(channels));
        self
    }

    /// Only of these purposes.
    #[must_use]
    pub fn purposes<N: Into<String>>(mut self, purposes: impl IntoIterator<Item = N>) -> Self {
        self.purposes = Some(names(purposes));
        self
    }

    /// Only of these campaigns.
    #[must_use]
    pub fn campaigns<N: Into<String>>(mut self, campaigns: impl IntoIterator<Item = N>) -> Self {
        self.campaigns = Some(names(campaigns));
        self
    }

    /// Only of these occurrences.
    #[must_use]
    pub fn occurrences<N: Into<String>>(mut self, occurrences: impl IntoIterator<Item = N>) -> Self {
        self.occurrences = Some(names(occurrences));
        self
    }

    /// Only with these contents.
    #[must_use]
    pub fn contents<N: Into<String>>(mut self, contents: impl IntoIterator<Item = N>) -> Self {
        self.contents = Some(names(contents));
        self
    }

    /// Only by these senders.
    #[must_use]
    pub fn senders<N: Into<String>>(mut self, senders: impl IntoIterator<Item = N>) -> Self {
        self.senders = Some(names(senders));
        self
    }

    /// Only with a response of one of these kinds.
    #[must_use]
    pub fn responses<N: Into<String>>(mut self, kinds: impl IntoIterator<Item = N>) -> Self {
        self.responses = Some(names(kinds));
        self
    }

    /// Only of these statuses, in place of scheduled and sent.
    #[must_use]
    pub fn status(mut self, status: impl IntoIterator<Item = Status>) -> Self {
        self.status = Some(status.into_iter().collect());
        self
    }

    /// Only in `(t − within, t]`.
    #[must_use]
    pub fn within(mut self, within: Duration) -> Self {
        self.within = Some(within);
        self
    }
}

impl FactRef {
    /// A fact with one value for all.
    pub fn single(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            of: None,
        }
    }

    /// A fact with a value per key.
    pub fn of(name: impl Into<String>, key: FactKey) -> Self {
        Self {
            name: name.into(),
            of: Some(key),
        }
    }
}

impl FactKey {
    /// By the value of a string attribute.
    pub fn attribute(name: impl Into<String>) -> Self {
        Self::Attribute(name.into())
    }

    /// By a literal key.
    pub fn is(key: impl Into<String>) -> Self {
        Self::Is(key.into())
    }
}

impl Reference {
    /// An attribute by name.
    pub fn attribute(name: impl Into<String>) -> Self {
        Self::Attribute(name.into())
    }

    /// A fact.
    pub fn fact(fact: impl Into<FactRef>) -> Self {
        Self::Fact(fact.into())
    }
}

impl From<&str> for FactRef {
    fn from(name: &str) -> Self {
        Self::single(name)
    }
}

impl From<&str> for Reference {
    fn from(attribute: &str) -> Self {
        Self::attribute(attribute)
    }
}

impl From<FactRef> for Reference {
    fn from(fact: FactRef) -> Self {
        Self::Fact(fact)
    }
}

impl<L: Into<Literal>> From<L> for Operand {
    fn from(literal: L) -> Self {
        Self::Literal(literal.into())
    }
}

impl From<Reference> for Operand {
    fn from(reference: Reference) -> Self {
        Self::Reference(reference)
    }
}
