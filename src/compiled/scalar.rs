//! Typed values and their exact comparison.

use std::cmp::Ordering;

use chrono::{DateTime, Utc};
use smol_str::SmolStr;

use super::symbols::{Symbol, Symbols};
use crate::{
    clock::{
        instant::Instant,
        wall::{Day, date_of, day_of},
    },
    written::{calendar::parse_date, condition::Literal, rulebook::ValueType},
};

/// A value of a declared type.
#[derive(Debug, Clone)]
pub(crate) enum Scalar {
    Boolean(bool),
    Integer(i64),
    /// Finite.
    Number(f64),
    Text(Symbol, SmolStr),
    Date(Day),
    Instant(Instant),
}

impl Scalar {
    /// The literal as a value of the type, if it is one.
    pub(crate) fn read(literal: &Literal, value_type: ValueType, symbols: &Symbols) -> Option<Self> {
        match (value_type, literal) {
            (ValueType::Boolean, Literal::Boolean(value)) => Some(Self::Boolean(*value)),
            (ValueType::Integer | ValueType::Number, Literal::Integer(value)) => Some(Self::Integer(*value)),
            (ValueType::Number, Literal::Number(value)) if value.is_finite() => Some(Self::Number(*value)),
            (ValueType::String, Literal::Text(text)) => {
                Some(Self::Text(symbols.get(text), text.as_str().into()))
            }
            (ValueType::Date, Literal::Text(text)) => parse_date(text).map(|date| Self::Date(day_of(date))),
            (ValueType::DateTime, Literal::Text(text)) => DateTime::parse_from_rfc3339(text)
                .ok()
                .map(|at| Self::Instant(at.to_utc().into())),
            _ => None,
        }
    }

    /// A literal on the right of a comparison. An integer type is compared with any number.
    pub(crate) fn read_operand(literal: &Literal, value_type: ValueType, symbols: &Symbols) -> Option<Self> {
        let value_type = if value_type == ValueType::Integer {
            ValueType::Number
        } else {
            value_type
        };
        Self::read(literal, value_type, symbols)
    }

    /// How it stands to another; `None` where the two are of different kinds.
    pub(crate) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Boolean(a), Self::Boolean(b)) => Some(a.cmp(b)),
            (Self::Integer(a), Self::Integer(b)) => Some(a.cmp(b)),
            (Self::Number(a), Self::Number(b)) => a.partial_cmp(b),
            (Self::Integer(a), Self::Number(b)) => Some(compare_exactly(*a, *b)),
            (Self::Number(a), Self::Integer(b)) => Some(compare_exactly(*b, *a).reverse()),
            (Self::Text(_, a), Self::Text(_, b)) => Some(a.cmp(b)),
            (Self::Date(a), Self::Date(b)) => Some(a.cmp(b)),
            (Self::Instant(a), Self::Instant(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }

    /// As a float, where that is the same number.
    pub(crate) fn as_number(&self) -> Option<f64> {
        const TWO_TO_53: u64 = 9_007_199_254_740_992;
        match *self {
            Self::Number(number) => Some(number),
            #[expect(clippy::cast_precision_loss, reason = "so small a number has a float")]
            Self::Integer(number) if number.unsigned_abs() <= TWO_TO_53 => Some(number as f64),
            _ => None,
        }
    }

    /// The instant, if it is one.
    #[inline]
    pub(crate) fn instant(&self) -> Option<Instant> {
        match *self {
            Self::Instant(at) => Some(at),
            _ => None,
        }
    }

    /// As it is shown: dates and instants as text.
    pub(crate) fn literal(&self) -> Literal {
        match self {
            Self::Boolean(value) => Literal::Boolean(*value),
            Self::Integer(value) => Literal::Integer(*value),
            Self::Number(value) => Literal::Number(*value),
            Self::Text(_, text) => Literal::Text(text.to_string()),
            Self::Date(day) => Literal::Text(date_of(*day).to_string()),
            Self::Instant(at) => Literal::Text(written(*at).to_string()),
        }
    }
}

/// An instant as text: RFC 3339 in UTC, without fraction when whole seconds.
pub(crate) fn written(at: Instant) -> SmolStr {
    DateTime::<Utc>::from(at)
        .to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
        .into()
}

/// Compares an integer with a finite float as the real numbers that they are.
fn compare_exactly(integer: i64, float: f64) -> Ordering {
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    if float >= TWO_TO_63 {
        return Ordering::Less;
    }
    if float < -TWO_TO_63 {
        return Ordering::Greater;
    }
    // Exact: the float's whole part is in the integers' range.
    #[expect(clippy::cast_possible_truncation, reason = "the whole part is in range")]
    let whole = float.trunc() as i64;
    integer
        .cmp(&whole)
        .then_with(|| 0.0_f64.partial_cmp(&float.fract()).unwrap_or(Ordering::Equal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_and_floats_compare_as_real_numbers() {
        assert_eq!(compare_exactly(1, 1.0), Ordering::Equal);
        assert_eq!(compare_exactly(1, 1.5), Ordering::Less);
        assert_eq!(compare_exactly(-1, -1.5), Ordering::Greater);
        assert_eq!(
            compare_exactly(i64::MAX, 9_223_372_036_854_775_807.0),
            Ordering::Less
        );
        assert_eq!(
            compare_exactly(9_007_199_254_740_993, 9_007_199_254_740_992.0),
            Ordering::Greater
        );
        assert_eq!(
            compare_exactly(i64::MIN, -9_223_372_036_854_775_808.0),
            Ordering::Equal
        );
    }
}
