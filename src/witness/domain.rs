//! The values that a variable can have: one for every way in which the conditions can tell values apart.

use std::collections::BTreeSet;

use super::{
    truths::Truths,
    variable::{Asked, Value, Variable, operand_scalar},
};
use crate::{
    clock::instant::{DAY, Instant, SECOND},
    compiled::scalar::Scalar,
    written::{
        condition::{ElapsedTest, Literal, PurchaseMeasure},
        rulebook::{Rulebook, ValueType},
    },
};

/// The values of a variable, those that a customer has who is not special first.
#[derive(Debug, Clone)]
pub(crate) struct Domain {
    pub(crate) values: Vec<Value>,
    /// Whether no other value is told apart from all of these.
    pub(crate) is_whole: bool,
}

impl Domain {
    pub(crate) fn of<'q>(
        variable: &Variable,
        asked: impl Iterator<Item = &'q Asked> + Clone,
        book: &Rulebook,
    ) -> Self {
        let value_type = variable.value_type(book);
        let literals = || {
            let tests = asked.clone().filter_map(|asked| match asked {
                Asked::Tests(tests) => Some(tests),
                _ => None,
            });
            let operands = tests.flatten().flat_map(|test| test.operands());
            operands.filter_map(|operand| operand_scalar(operand, value_type))
        };
        match variable {
            Variable::Tag(_) => Self::whole([false, true].map(Value::Held)),
            Variable::Related(_) => {
                Self::whole([Truths::UNKNOWN, Truths::FALSE, Truths::TRUE].map(Value::Truth))
            }
            Variable::Occurrence => {
                let named = asked.flat_map(|asked| match asked {
                    Asked::OneOf(ids) => ids.as_slice(),
                    _ => &[],
                });
                let named: BTreeSet<&String> = named.collect();
                let named = named.into_iter().map(|id| Value::Occurrence(Some(id.clone())));
                Self::whole(named.chain([Value::Occurrence(None)]))
            }
            Variable::Elapsed(_) => {
                let limits = asked.filter_map(|asked| match asked {
                    Asked::Elapsed(tests) => Some(tests),
                    _ => None,
                });
                let limits = limits.flatten().filter_map(|test| match test {
                    ElapsedTest::Lt(limit) | ElapsedTest::Ge(limit) => Some(limit.micros),
                    ElapsedTest::Present(_) => None,
                });
                let limits: Vec<i64> = limits.collect();
                let mut values = beside(&limits, SECOND);
                // And one that is not just at the edge.
                values.extend(limits.iter().map(|limit| limit / 2));
                let values = values.into_iter().map(Value::Elapsed);
                Self::whole([Value::Missing].into_iter().chain(values))
            }
            Variable::Touches(_) => Self::whole(counts(literals()).into_iter().map(Value::Count)),
            Variable::Score => {
                Self::whole(around(whole_numbers(literals()), 1).into_iter().map(Value::Count))
            }
            Variable::Purchases(PurchaseMeasure::Count, _) => {
                let values = counts(literals()).into_iter().map(Value::Count);
                Self::whole([Value::Missing].into_iter().chain(values))
            }
            Variable::Purchases(PurchaseMeasure::Amount, _) => {
                let mut domain = numbers(literals());
                for value in &mut domain.values {
                    if let Value::Literal(Literal::Number(amount)) = value {
                        *value = Value::Amount(*amount);
                    }
                }
                domain.values.insert(0, Value::Amount(0.0));
                domain.with_missing()
            }
            Variable::Attribute(_) | Variable::Fact(_) => {
                let literals = literals();
                let domain = match value_type {
                    Some(ValueType::Boolean) => {
                        Self::whole([false, true].map(|value| Value::Literal(Literal::Boolean(value))))
                    }
                    Some(ValueType::Integer) => Self::whole(
                        around(whole_numbers(literals), 1)
                            .into_iter()
                            .map(|value| Value::Literal(Literal::Integer(value))),
                    ),
                    Some(ValueType::Number) => numbers(literals),
                    Some(ValueType::String) => texts(literals),
                    Some(ValueType::Date) => days(literals),
                    Some(ValueType::DateTime) | None => instants(literals),
                };
                domain.with_missing()
            }
        }
    }

    fn whole(values: impl IntoIterator<Item = Value>) -> Self {
        Self {
            values: values.into_iter().collect(),
            is_whole: true,
        }
    }

    fn with_missing(mut self) -> Self {
        self.values.insert(0, Value::Missing);
        self
    }
}

/// Each number, and those a step beside it.
fn around(numbers: impl Iterator<Item = i64>, step: i64) -> BTreeSet<i64> {
    let mut values: BTreeSet<i64> = numbers
        .flat_map(|number| [number.saturating_sub(step), number, number.saturating_add(step)])
        .collect();
    if values.is_empty() {
        values.insert(0);
    }
    values
}

fn counts(literals: impl Iterator<Item = Scalar>) -> BTreeSet<i64> {
    let mut counts = around(whole_numbers(literals), 1);
    counts.retain(|&count| count >= 0);
    counts.insert(0);
    counts
}

/// Whole numbers as they are, others as the whole numbers beside them.
fn whole_numbers(literals: impl Iterator<Item = Scalar>) -> impl Iterator<Item = i64> {
    literals.flat_map(|literal| match literal {
        Scalar::Integer(number) => [number; 2],
        #[expect(
            clippy::cast_possible_truncation,
            reason = "what is out of range is as far as it goes"
        )]
        Scalar::Number(number) => [number.floor() as i64, number.ceil() as i64],
        _ => [0; 2],
    })
}

fn numbers(literals: impl Iterator<Item = Scalar>) -> Domain {
    let mut is_whole = true;
    let mut known: Vec<f64> = literals
        .filter_map(|literal| {
            let number = literal.as_number();
            is_whole &= number.is_some();
            number
        })
        .collect();
    known.sort_by(f64::total_cmp);
    known.dedup();
    let mut values = Vec::new();
    match (known.first(), known.last()) {
        (Some(first), Some(last)) => {
            // What is written near the ends of the numbers still has the ends beside it.
            values.push((first - (first.abs() * 0.5).max(1.0)).max(f64::MIN));
            for (index, number) in known.iter().enumerate() {
                values.push(*number);
                match known.get(index.saturating_add(1)) {
                    // Neighbours have nothing between them.
                    Some(next) => values.extend(
                        Some(number.midpoint(*next)).filter(|middle| middle != number && middle != next),
                    ),
                    None => values.push((last + (last.abs() * 0.5).max(1.0)).min(f64::MAX)),
                }
            }
        }
        _ => values.push(0.0),
    }
    Domain {
        values: values
            .into_iter()
            .map(|value| Value::Literal(Literal::Number(value)))
            .collect(),
        is_whole,
    }
}

fn texts(literals: impl Iterator<Item = Scalar>) -> Domain {
    let named: BTreeSet<String> = literals
        .filter_map(|literal| match literal {
            Scalar::Text(_, text) => Some(text.to_string()),
            _ => None,
        })
        .collect();
    let mut other = "other".to_owned();
    while named.contains(&other) {
        other.push('!');
    }
    let texts = [other].into_iter().chain(named);
    Domain::whole(texts.map(|text| Value::Literal(Literal::Text(text))))
}

fn days(literals: impl Iterator<Item = Scalar>) -> Domain {
    let days = literals.filter_map(|literal| match literal {
        Scalar::Date(day) => Some(day),
        _ => None,
    });
    let days = around(days, 1).into_iter();
    Domain::whole(days.map(|day| Value::Literal(Scalar::Date(day).literal())))
}

fn instants(literals: impl Iterator<Item = Scalar>) -> Domain {
    let instants = literals.filter_map(|literal| match literal {
        Scalar::Instant(at) => Some(at.0),
        _ => None,
    });
    let instants: Vec<i64> = instants.collect();
    let literal = |at| Value::Literal(Scalar::Instant(Instant(at)).literal());
    Domain::whole(beside(&instants, DAY).into_iter().map(literal))
}

/// Microseconds, those a step beside them, and those just beside them.
fn beside(micros: &[i64], step: i64) -> BTreeSet<i64> {
    let mut values = around(micros.iter().copied(), step);
    if !micros.is_empty() {
        values.extend(around(micros.iter().copied(), 1));
    }
    values
}
