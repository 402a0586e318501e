//! The tests of one time: which campaigns of a block an instant does not make false.

use super::mask::Mask;
use crate::compiled::condition::Source;

/// A time by which campaigns are told apart, in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Time {
    /// How long it is since an instant: at the first instant asked about, and at the last. It grows in between, so that
    /// what must be less is less at the first, and what must be more is more at the last.
    ElapsedFirst(Source),
    ElapsedLast(Source),
    /// The first instant asked about, and the last.
    First,
    Last,
}

impl Time {
    /// Whether it must be less than its bounds; if not, it must have reached them.
    fn must_be_less(&self) -> bool {
        matches!(self, Self::ElapsedFirst(_) | Self::First)
    }
}

/// The bounds of one time.
#[derive(Debug)]
pub(super) struct Times {
    pub(super) time: Time,
    /// Those that have a bound.
    pub(super) readers: Mask,
    /// Sorted, each once.
    bounds: Box<[i64]>,
    /// Those that the time does not make false: before the first bound, from it on and before the second, and so on.
    stretches: Box<[Mask]>,
}

impl Times {
    /// Of campaigns with several bounds the tightest counts.
    pub(super) fn new(time: Time, bounds: impl IntoIterator<Item = (usize, i64)>) -> Self {
        let less = time.must_be_less();
        let mut tightest = std::collections::BTreeMap::new();
        for (bit, bound) in bounds {
            let known: &mut i64 = tightest.entry(bit).or_insert(bound);
            *known = if less {
                bound.min(*known)
            } else {
                bound.max(*known)
            };
        }
        let mut sorted: Vec<(i64, usize)> = tightest.into_iter().map(|(bit, bound)| (bound, bit)).collect();
        sorted.sort_unstable();
        let mut readers = Mask::default();
        sorted.iter().for_each(|&(_, bit)| readers.set(bit));
        let (mut bounds, mut stretches) = (Vec::new(), Vec::new());
        let mut reached = Mask::default();
        let possible = |reached| Mask::ALL.without(if less { reached } else { readers.without(reached) });
        stretches.push(possible(reached));
        for of_bound in sorted.chunk_by(|(a, _), (b, _)| a == b) {
            for &(_, bit) in of_bound {
                reached.set(bit);
            }
            bounds.extend(of_bound.first().map(|&(bound, _)| bound));
            stretches.push(possible(reached));
        }
        Self {
            time,
            readers,
            bounds: bounds.into(),
            stretches: stretches.into(),
        }
    }

    /// Those that the time does not make false.
    #[inline]
    pub(super) fn possible(&self, value: i64) -> Mask {
        let reached = self.bounds.partition_point(|&bound| bound <= value);
        self.stretches.get(reached).copied().unwrap_or(Mask::ALL)
    }
}
