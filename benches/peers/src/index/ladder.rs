//! Rows of bits for the stretches between the values that campaigns compare an attribute with.

use crate::workload::{Spec, Test};

use super::WORD;

#[derive(Clone, Copy)]
pub(super) enum Bound<T> {
    AtLeast(T),
    Below(T),
}

pub(super) struct Ladder<T> {
    /// Sorted: the values at which an answer changes.
    steps: Vec<T>,
    /// Where the row below the first step starts.
    start: usize,
}

impl<T: Copy + PartialOrd> Ladder<T> {
    pub(super) fn new(
        ranked: &[Spec],
        words: usize,
        rows: &mut Vec<u64>,
        pick: &dyn Fn(Test) -> Option<Bound<T>>,
    ) -> Self {
        let asked = ranked.iter().enumerate().flat_map(|(rank, spec)| {
            let bounds = spec.audience.iter().filter_map(|&test| pick(test));
            bounds.map(move |bound| (rank, bound))
        });
        let asked: Vec<(usize, Bound<T>)> = asked.collect();
        let mut steps: Vec<T> = asked.iter().map(|(_, bound)| bound.step()).collect();
        steps.sort_by(|a, b| a.partial_cmp(b).expect("steps are numbers"));
        steps.dedup_by(|a, b| a == b);

        let start = rows.len();
        rows.resize(start + (steps.len() + 1) * words, u64::MAX);
        for (rank, bound) in asked {
            // A value of row n has reached the first n steps.
            let reached = steps.partition_point(|&step| step <= bound.step());
            let ruled_out = match bound {
                Bound::AtLeast(_) => 0..reached,
                Bound::Below(_) => reached..steps.len() + 1,
            };
            for row in ruled_out {
                clear(&mut rows[start + row * words..], rank);
            }
        }
        Self { steps, start }
    }

    /// Where the row of a value starts.
    pub(super) fn row(&self, value: T, words: usize) -> usize {
        self.start + self.steps.partition_point(|&step| step <= value) * words
    }
}

impl<T: Copy> Bound<T> {
    fn step(self) -> T {
        match self {
            Self::AtLeast(step) | Self::Below(step) => step,
        }
    }
}

fn clear(bits: &mut [u64], number: usize) {
    bits[number / WORD] &= !(1 << (number % WORD));
}

pub(super) fn set(bits: &mut [u64], number: usize) {
    bits[number / WORD] |= 1 << (number % WORD);
}
