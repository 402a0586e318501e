//! What conditions read, taken apart.

use std::cmp::Ordering;

use super::truths::Truths;
use crate::{
    compiled::{scalar::Scalar, symbols::Symbols},
    written::{
        condition::{
            Condition, ElapsedTest, FactRef, Literal, Operand, PurchaseMeasure, Reference, Test, TouchFilter,
        },
        duration::Duration,
        rulebook::{Rulebook, ValueType},
    },
};

/// Something that conditions read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Variable {
    /// A tag that hosts give.
    Tag(String),
    Attribute(String),
    Fact(FactRef),
    /// The time since an instant.
    Elapsed(Reference),
    Touches(TouchFilter),
    Purchases(PurchaseMeasure, Option<Duration>),
    Occurrence,
    Score,
    /// A comparison of two things that are both read: only its truth is looked at.
    Related(Condition),
}

/// What a variable can be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Missing,
    /// Of a tag: whether it is held.
    Held(bool),
    /// Of an attribute or a fact, as it is written.
    Literal(Literal),
    /// Microseconds.
    Elapsed(i64),
    /// A number of touches or purchases, or a score.
    Count(i64),
    /// An amount.
    Amount(f64),
    /// An occurrence; none is one that no condition names.
    Occurrence(Option<String>),
    /// The truth of a comparison.
    Truth(Truths),
}

/// What is asked of a variable; all of it must hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Asked {
    /// That it is so.
    Holds,
    Tests(Vec<Test>),
    Elapsed(Vec<ElapsedTest>),
    OneOf(Vec<String>),
}

impl Variable {
    /// The type of the values, where they have a declared one.
    pub(crate) fn value_type(&self, book: &Rulebook) -> Option<ValueType> {
        match self {
            Self::Attribute(name) => match book.attributes.get(name) {
                Some(declared) => Some(*declared),
                None => Some(ValueType::DateTime),
            },
            Self::Fact(fact) => Some(book.facts.get(&fact.name)?.value_type),
            Self::Touches(_) | Self::Score | Self::Purchases(..) => Some(ValueType::Number),
            Self::Tag(_) | Self::Elapsed(_) | Self::Occurrence | Self::Related(_) => None,
        }
    }
}

impl Asked {
    /// What the question is of a value.
    pub(crate) fn of(&self, value: &Value, value_type: Option<ValueType>) -> Truths {
        match (self, value) {
            (Self::Holds, Value::Held(held)) => Truths::of(*held),
            (Self::Holds, Value::Truth(truth)) => *truth,
            (Self::OneOf(ids), Value::Occurrence(id)) => {
                Truths::of(id.as_ref().is_some_and(|id| ids.contains(id)))
            }
            (Self::Elapsed(tests), value) => all(tests.iter().map(|test| match (test, value) {
                (ElapsedTest::Present(present), _) => Truths::of(*present != (*value == Value::Missing)),
                (ElapsedTest::Lt(limit), Value::Elapsed(micros)) => Truths::of(*micros < limit.micros),
                (ElapsedTest::Ge(limit), Value::Elapsed(micros)) => Truths::of(*micros >= limit.micros),
                _ => Truths::UNKNOWN,
            })),
            (Self::Tests(tests), value) => {
                let left = value.scalar(value_type);
                all(tests.iter().map(|test| match (test, &left) {
                    (Test::Present(present), _) => Truths::of(*present == left.is_some()),
                    (_, None) => Truths::UNKNOWN,
                    (test, Some(left)) => compare(test, left, value_type),
                }))
            }
            _ => Truths::UNKNOWN,
        }
    }
}

fn all(truths: impl Iterator<Item = Truths>) -> Truths {
    truths.fold(Truths::TRUE, Truths::and)
}

fn compare(test: &Test, left: &Scalar, value_type: Option<ValueType>) -> Truths {
    let to = |operand: &Operand| left.compare(&operand_scalar(operand, value_type)?);
    let first = |meant: fn(Ordering) -> bool| {
        let ordering = test.operands().first().and_then(to);
        ordering.map_or(Truths::UNKNOWN, |ordering| Truths::of(meant(ordering)))
    };
    match test {
        Test::Eq(_) => first(Ordering::is_eq),
        Test::Ne(_) => first(Ordering::is_ne),
        Test::Lt(_) => first(Ordering::is_lt),
        Test::Le(_) => first(Ordering::is_le),
        Test::Gt(_) => first(Ordering::is_gt),
        Test::Ge(_) => first(Ordering::is_ge),
        Test::In(operands) => Truths::of(operands.iter().filter_map(to).any(Ordering::is_eq)),
        Test::Present(_) => Truths::UNKNOWN,
    }
}

/// A literal on the right of a comparison.
pub(crate) fn operand_scalar(operand: &Operand, value_type: Option<ValueType>) -> Option<Scalar> {
    match operand {
        Operand::Literal(literal) => Scalar::read_operand(literal, value_type?, &Symbols::new(0)),
        Operand::Reference(_) => None,
    }
}

impl Value {
    fn scalar(&self, value_type: Option<ValueType>) -> Option<Scalar> {
        match self {
            Self::Literal(literal) => Scalar::read(literal, value_type?, &Symbols::new(0)),
            Self::Count(count) => Some(Scalar::Integer(*count)),
            Self::Amount(amount) => Some(Scalar::Number(*amount)),
            _ => None,
        }
    }
}
