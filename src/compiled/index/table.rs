//! The tests of one value: which campaigns of a block a value does not make false.

use std::cmp::Ordering;

use super::mask::Mask;
use crate::compiled::{
    condition::{Operand, Source, Test},
    scalar::Scalar,
    symbols::Symbol,
};

/// The tests of one value.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) source: Source,
    /// Those that a missing value does not make false.
    missing: Mask,
    /// Those that read the value.
    pub(super) readers: Mask,
    cuts: Cuts,
    /// Those that a value does not make false: below the first cut, at it, between it and the second, and so on.
    pieces: Box<[Mask]>,
}

/// The literals of the tests of one value, sorted, each once; in the form in which they are compared fastest.
#[derive(Debug)]
enum Cuts {
    /// Whole numbers, days or microseconds.
    Integers(Box<[i64]>),
    Numbers(Box<[f64]>),
    /// By number: texts are asked for equality only.
    Names(Box<[Symbol]>),
    Scalars(Box<[Scalar]>),
}

impl Cuts {
    fn new(scalars: Vec<Scalar>) -> Self {
        let integer = |scalar: &Scalar| match *scalar {
            Scalar::Integer(number) | Scalar::Date(number) => Some(number),
            Scalar::Instant(at) => Some(at.0),
            _ => None,
        };
        let name = |scalar: &Scalar| match scalar {
            Scalar::Text(symbol, _) => Some(*symbol),
            _ => None,
        };
        if let Some(integers) = scalars.iter().map(integer).collect() {
            return Self::Integers(integers);
        }
        if let Some(numbers) = scalars.iter().map(Scalar::as_number).collect() {
            return Self::Numbers(numbers);
        }
        match scalars.iter().map(name).collect() {
            Some(names) => Self::Names(names),
            None => Self::Scalars(scalars.into()),
        }
    }

    /// The place of a value among the cuts.
    #[inline]
    fn piece(&self, value: &Scalar) -> usize {
        match (self, value) {
            (Self::Integers(cuts), Scalar::Integer(value) | Scalar::Date(value)) => piece(cuts, value),
            (Self::Integers(cuts), Scalar::Instant(value)) => piece(cuts, &value.0),
            (Self::Integers(cuts), value) => {
                let order = |cut: &i64| order(&Scalar::Integer(*cut), value);
                place(cuts, order)
            }
            (Self::Numbers(cuts), value) => match value.as_number() {
                Some(value) => piece(cuts, &value),
                None => place(cuts, |cut| order(&Scalar::Number(*cut), value)),
            },
            (Self::Names(cuts), Scalar::Text(symbol, _)) => piece(cuts, symbol),
            (Self::Names(_), _) => 0,
            (Self::Scalars(cuts), value) => place(cuts, |cut| order(cut, value)),
        }
    }
}

fn piece<T: PartialOrd>(cuts: &[T], value: &T) -> usize {
    let below = cuts.partition_point(|cut| cut < value);
    let at = cuts.get(below).is_some_and(|cut| cut == value);
    below.saturating_mul(2).saturating_add(usize::from(at))
}

fn place<T>(cuts: &[T], order: impl Fn(&T) -> Ordering) -> usize {
    let below = cuts.partition_point(|cut| order(cut).is_lt());
    let at = cuts.get(below).is_some_and(|cut| order(cut).is_eq());
    below.saturating_mul(2).saturating_add(usize::from(at))
}

/// A campaign's tests of one value: all of them must hold, or, turned round, not all.
pub(super) struct ValueTests<'c> {
    pub(super) bit: usize,
    pub(super) tests: TestsOf<'c>,
    pub(super) turned: bool,
}

pub(super) enum TestsOf<'c> {
    Written(&'c [Test]),
    Made(Test),
}

impl TestsOf<'_> {
    fn tests(&self) -> &[Test] {
        match self {
            Self::Written(tests) => tests,
            Self::Made(test) => std::slice::from_ref(test),
        }
    }
}

/// How a value makes a test: by the place of the value among the cuts; none is missing.
#[derive(Clone, Copy)]
enum Value {
    Missing,
    Piece(usize),
}

impl Table {
    pub(super) fn new(source: Source, tests: &[ValueTests<'_>]) -> Self {
        let mut cuts: Vec<Scalar> = Vec::new();
        for operand in tests
            .iter()
            .flat_map(|tests| tests.tests.tests())
            .flat_map(Test::operands)
        {
            if let Operand::Literal(literal) = operand {
                cuts.push(literal.clone());
            }
        }
        cuts.sort_by(order);
        cuts.dedup_by(|a, b| order(a, b).is_eq());
        let mut pieces = vec![Mask::ALL; cuts.len().saturating_mul(2).saturating_add(1)];
        let mut missing = Mask::ALL;
        for tests in tests {
            let mut ruled_out = Mask::default();
            ruled_out.set(tests.bit);
            if tests.are_false(Value::Missing, &cuts) {
                missing = missing.without(ruled_out);
            }
            // Between its own literals a test is the same.
            let mut first = 0;
            for end in tests.ends(&cuts, pieces.len()) {
                let stretch = pieces.get_mut(first..end).unwrap_or_default();
                if !stretch.is_empty() && tests.are_false(Value::Piece(first), &cuts) {
                    for piece in stretch {
                        *piece = piece.without(ruled_out);
                    }
                }
                first = end;
            }
        }
        let mut readers = Mask::default();
        tests.iter().for_each(|tests| readers.set(tests.bit));
        Self {
            source,
            missing,
            readers,
            pieces: pieces.into(),
            cuts: Cuts::new(cuts),
        }
    }

    /// Whether a customer's value is the same at all times.
    pub(super) fn is_steady(&self) -> bool {
        !matches!(self.source, Source::Purchase(_))
    }

    /// Those that a value does not make false, and whether it is missing.
    #[inline]
    pub(super) fn possible(&self, value: Option<&Scalar>) -> (Mask, bool) {
        let Some(value) = value else {
            return (self.missing, true);
        };
        let piece = self.pieces.get(self.cuts.piece(value)).copied();
        (piece.unwrap_or(Mask::ALL), false)
    }
}

/// The order of values of one type. Texts, which are asked for equality only, by the number of the name: every literal
/// has one.
#[inline]
fn order(a: &Scalar, b: &Scalar) -> Ordering {
    match (a, b) {
        (Scalar::Text(a, _), Scalar::Text(b, _)) => a.cmp(b),
        _ => a.compare(b).unwrap_or(Ordering::Equal),
    }
}

impl ValueTests<'_> {
    /// Where the stretches end in which the tests are the same, up to the last.
    fn ends(&self, cuts: &[Scalar], last: usize) -> Vec<usize> {
        let mut ends = vec![last];
        for literal in self.tests.tests().iter().flat_map(Test::operands) {
            if let Operand::Literal(literal) = literal
                && let Ok(cut) = cuts.binary_search_by(|cut| order(cut, literal))
            {
                // Before the cut, and after it.
                let at = cut.saturating_mul(2).saturating_add(1);
                ends.extend([at, at.saturating_add(1)]);
            }
        }
        ends.sort_unstable();
        ends
    }

    /// Whether the tests together are surely false: neither true nor unknown.
    fn are_false(&self, value: Value, cuts: &[Scalar]) -> bool {
        let mut tests = self.tests.tests().iter();
        if self.turned {
            tests.all(|test| known(test, value, cuts) == Some(true))
        } else {
            tests.any(|test| known(test, value, cuts) == Some(false))
        }
    }
}

/// Whether a test holds, where that is known of every value at this place.
fn known(test: &Test, value: Value, cuts: &[Scalar]) -> Option<bool> {
    let compare = |operand: &Operand| -> Option<Ordering> {
        let (Value::Piece(piece), Operand::Literal(literal)) = (value, operand) else {
            return None;
        };
        let cut = cuts.binary_search_by(|cut| order(cut, literal)).ok()?;
        Some(piece.cmp(&cut.saturating_mul(2).saturating_add(1)))
    };
    match test {
        Test::Present(wanted) => Some(matches!(value, Value::Piece(_)) == *wanted),
        Test::Compare(comparison, operand) => compare(operand).map(|ordering| comparison.holds(ordering)),
        Test::In(list) => {
            let mut all_known = true;
            for operand in list {
                match compare(operand) {
                    Some(Ordering::Equal) => return Some(true),
                    Some(_) => {}
                    None => all_known = false,
                }
            }
            all_known.then_some(false)
        }
    }
}
