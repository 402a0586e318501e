//! A column as the tests of a question see it: its values in the few classes between which the tests tell.

use std::ops::Range;

use super::{
    column::Column,
    plan::{From, Subject, ValueTest, truth},
    rows::{Rows, row_number, set, words},
    value::Value,
};
use crate::{asked::bound::FactTable, compiled::condition::Truth};

/// Up to so many classes, what lies below each is kept as bits.
const KEPT: usize = 256;

/// A subject ready to be read off its column.
#[derive(Debug)]
pub(crate) struct Lens<'a> {
    column: &'a Column,
    /// The class of every code of the column.
    classes: Vec<u32>,
    count: usize,
    /// For every list of tests, where it is true, and where it is not false if that is elsewhere.
    found: Vec<(Runs, Option<Runs>)>,
}

/// Ascending ranges of classes that do not touch.
type Runs = Vec<Range<usize>>;

/// The rows of a block by class.
#[derive(Debug)]
pub(crate) struct Classed {
    /// The rows in order of their class, then their number.
    order: Vec<u16>,
    /// Where each class starts in that order; the last is the end.
    starts: Vec<usize>,
    /// For every class, the rows that lie below it.
    below: Vec<Vec<u64>>,
    rows: usize,
}

// Regions: 0 is a missing value; the n-th literal from 0 is region 2n + 2, and around each lies an odd one for what is
// between it and its neighbours.

impl<'a> Lens<'a> {
    pub(crate) fn new(subject: &Subject, column: &'a Column, facts: &[FactTable]) -> Self {
        let mut literals: Vec<&Value> = Vec::new();
        for test in subject.tests.iter().flatten() {
            match test {
                ValueTest::Present(_) => {}
                ValueTest::Compare(_, value) => literals.extend(value),
                ValueTest::In(values) => literals.extend(values.iter().flatten()),
            }
        }
        literals.sort_by(|a, b| a.order(b));
        literals.dedup_by(|a, b| a.order(b).is_eq());
        let regions = literals.len().saturating_mul(2).saturating_add(2);
        let found: Vec<(Runs, Option<Runs>)> = subject
            .tests
            .iter()
            .map(|tests| {
                let runs = runs(tests, &literals, regions);
                let known = runs.0 == runs.1;
                (runs.0, Some(runs.1).filter(|_| !known))
            })
            .collect();
        // Only where some run starts or ends do classes differ.
        let mut edges: Vec<usize> = found
            .iter()
            .flat_map(|(yes, open)| yes.iter().chain(open.iter().flatten()))
            .flat_map(|run| [run.start, run.end])
            .filter(|&edge| edge > 0 && edge < regions)
            .collect();
        edges.sort_unstable();
        edges.dedup();
        let class = |region: usize| edges.partition_point(|&edge| edge <= region);
        let count = edges.len().saturating_add(1);
        let in_classes = |runs: Runs| -> Runs {
            runs.into_iter()
                .map(|run| class(run.start)..if run.end >= regions { count } else { class(run.end) })
                .collect()
        };
        let found = found
            .into_iter()
            .map(|(yes, open)| (in_classes(yes), open.map(in_classes)))
            .collect();
        let wide = |region: usize| u32::try_from(class(region)).unwrap_or(u32::MAX);
        let mut classes = Vec::with_capacity(column.values.len().saturating_add(1));
        classes.push(wide(0));
        match subject.from {
            // Values and literals both ascend: whole stretches of values lie in one region.
            From::Attribute(_) => {
                for (number, literal) in literals.iter().enumerate() {
                    let equal = number.saturating_mul(2).saturating_add(2);
                    let below = column
                        .values
                        .partition_point(|value| value.order(literal).is_lt());
                    let upto = column
                        .values
                        .partition_point(|value| value.order(literal).is_le());
                    classes.resize(below.saturating_add(1), wide(equal.saturating_sub(1)));
                    classes.resize(upto.saturating_add(1), wide(equal));
                }
                classes.resize(
                    column.values.len().saturating_add(1),
                    wide(regions.saturating_sub(1)),
                );
            }
            From::Fact { fact, .. } => {
                let table = facts.get(fact);
                classes.extend(column.values.iter().map(|value| {
                    let Value::Text(key) = value else { return wide(0) };
                    match table.and_then(|table| table.get(Some(key))) {
                        Some(value) => wide(region(&Value::from(value), &literals)),
                        None => wide(0),
                    }
                }));
            }
        }
        Self {
            column,
            classes,
            count,
            found,
        }
    }

    /// Sorts the rows of a block by class.
    pub(crate) fn classed(&self, rows: Range<usize>) -> Classed {
        let count = rows.len();
        let classes = self.column.translate(rows, &self.classes);
        let wide = |class: u32| usize::try_from(class).unwrap_or(usize::MAX);
        let mut starts = vec![0_usize; self.count.saturating_add(1)];
        for &class in &classes {
            if let Some(start) = starts.get_mut(wide(class).saturating_add(1)) {
                *start = start.saturating_add(1);
            }
        }
        let mut sum = 0_usize;
        for start in &mut starts {
            sum = sum.saturating_add(*start);
            *start = sum;
        }
        let mut next = starts.clone();
        let mut order = vec![0_u16; count];
        for (row, &class) in classes.iter().enumerate() {
            if let Some(next) = next.get_mut(wide(class)) {
                if let Some(place) = order.get_mut(*next) {
                    *place = row_number(row);
                }
                *next = next.saturating_add(1);
            }
        }
        let mut classed = Classed {
            order,
            starts,
            below: Vec::new(),
            rows: count,
        };
        if self.count <= KEPT {
            let mut bits = vec![0; words(count)];
            for class in 0..self.count {
                classed.below.push(bits.clone());
                set(&mut bits, classed.listed(&(class..class.saturating_add(1))));
            }
            classed.below.push(bits);
        }
        classed
    }

    /// Where a list of tests is true, and where it is not false if that is elsewhere.
    pub(crate) fn rows(&self, test: usize, classed: &Classed) -> (Rows, Option<Rows>) {
        match self.found.get(test) {
            Some((yes, open)) => (classed.rows(yes), open.as_ref().map(|open| classed.rows(open))),
            None => (Rows::NONE, Some(Rows::ALL)),
        }
    }
}

impl Classed {
    fn listed(&self, run: &Range<usize>) -> &[u16] {
        let ends = (self.starts.get(run.start), self.starts.get(run.end));
        let (Some(&start), Some(&end)) = ends else {
            return &[];
        };
        self.order.get(start..end).unwrap_or_default()
    }

    fn rows(&self, runs: &Runs) -> Rows {
        let count = runs
            .iter()
            .map(|run| self.listed(run).len())
            .fold(0, usize::saturating_add);
        if count == self.rows {
            return Rows::ALL;
        }
        if !Rows::is_many(count) {
            let mut list: Vec<u16> = Vec::with_capacity(count);
            for run in runs {
                list.extend(self.listed(run));
            }
            list.sort_unstable();
            return Rows::Few(list);
        }
        let mut bits = vec![0; words(self.rows)];
        for run in runs {
            match (self.below.get(run.start), self.below.get(run.end)) {
                (Some(before), Some(upto)) => {
                    for ((word, before), upto) in bits.iter_mut().zip(before).zip(upto) {
                        *word |= upto & !before;
                    }
                }
                _ => set(&mut bits, self.listed(run)),
            }
        }
        Rows::Many(bits)
    }
}

/// The region of a value.
fn region(value: &Value, literals: &[&Value]) -> usize {
    let below = literals.partition_point(|literal| literal.order(value).is_lt());
    let equal = literals
        .get(below)
        .is_some_and(|literal| literal.order(value).is_eq());
    below.saturating_mul(2).saturating_add(if equal { 2 } else { 1 })
}

/// Where tests are true and where they are not false, in ranges of regions.
fn runs(tests: &[ValueTest], literals: &[&Value], regions: usize) -> (Runs, Runs) {
    let (mut yes, mut open): (Runs, Runs) = (Vec::new(), Vec::new());
    let extend = |runs: &mut Runs, stretch: &Range<usize>| match runs.last_mut() {
        Some(last) if last.end == stretch.start => last.end = stretch.end,
        _ => runs.push(stretch.clone()),
    };
    let mut own: Vec<usize> = Vec::new();
    for test in tests {
        match test {
            ValueTest::Present(_) => {}
            ValueTest::Compare(_, value) => own.extend(value.iter().map(|value| region(value, literals))),
            ValueTest::In(values) => own.extend(values.iter().flatten().map(|value| region(value, literals))),
        }
    }
    own.sort_unstable();
    own.dedup();
    // Between the literals of these tests nothing changes.
    let mut stretches: Runs = Vec::new();
    let mut start = 1;
    stretches.push(0..start);
    for at in own {
        stretches.extend([start..at, at..at.saturating_add(1)]);
        start = at.saturating_add(1);
    }
    stretches.push(start..regions);
    for stretch in stretches.into_iter().filter(|stretch| !stretch.is_empty()) {
        let at = stretch.start;
        let standing = |other: &Value| (at > 0).then(|| at.cmp(&region(other, literals)));
        match truth(tests, at > 0, standing) {
            Truth::True => {
                extend(&mut yes, &stretch);
                extend(&mut open, &stretch);
            }
            Truth::Unknown => extend(&mut open, &stretch),
            Truth::False => {}
        }
    }
    (yes, open)
}
