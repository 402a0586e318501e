//! Values as columns and plans know them: equal ones are found in a table.

use std::cmp::Ordering;

use smol_str::SmolStr;

use crate::{
    clock::{instant::Instant, wall::Day},
    compiled::{scalar::Scalar, symbols::Symbol},
};

/// A value of a declared type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Value {
    Boolean(bool),
    Integer(i64),
    /// The bits of a finite number.
    Number(u64),
    Text(SmolStr),
    Date(Day),
    Instant(Instant),
}

impl From<&Scalar> for Value {
    fn from(scalar: &Scalar) -> Self {
        match scalar {
            Scalar::Boolean(value) => Self::Boolean(*value),
            Scalar::Integer(value) => Self::Integer(*value),
            Scalar::Number(value) => Self::Number(value.to_bits()),
            Scalar::Text(_, text) => Self::Text(text.clone()),
            Scalar::Date(day) => Self::Date(*day),
            Scalar::Instant(at) => Self::Instant(*at),
        }
    }
}

impl Value {
    fn scalar(&self) -> Scalar {
        match self {
            Self::Boolean(value) => Scalar::Boolean(*value),
            Self::Integer(value) => Scalar::Integer(*value),
            Self::Number(bits) => Scalar::Number(f64::from_bits(*bits)),
            Self::Text(text) => Scalar::Text(Symbol::OTHER, text.clone()),
            Self::Date(day) => Scalar::Date(*day),
            Self::Instant(at) => Scalar::Instant(*at),
        }
    }

    /// How it stands to another, as the engine compares; `None` where the two are of different kinds.
    pub(crate) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            _ => self.scalar().compare(&other.scalar()),
        }
    }

    /// The order of values of one kind.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        self.compare(other).unwrap_or(Ordering::Equal)
    }
}
