//! Sets of rows of one block, and their algebra.

/// How many customers a block holds: so few that what is found of a block stays near the processor.
pub(crate) const BLOCK: usize = 16_384;
/// Up to so many rows are listed: a list is then no larger than a bit for every row.
const FEW: usize = BLOCK / 16;

/// Rows of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Rows {
    /// These, ascending.
    Few(Vec<u16>),
    /// All but these, ascending.
    But(Vec<u16>),
    /// A bit for every row; those after the last row are not set.
    Many(Vec<u64>),
}

/// A set or its complement, as the intersection reads it.
enum Part<'a> {
    Within(&'a [u16]),
    Without(&'a [u16]),
    /// The bits, and what is to be flipped in them.
    Bits(&'a [u64], u64),
}

/// The word and the bit of a row.
pub(crate) fn place(row: u16) -> (usize, u64) {
    (usize::from(row >> 6), 1_u64.wrapping_shl(u32::from(row & 63)))
}

/// How many words hold a bit for each of so many rows.
pub(crate) fn words(rows: usize) -> usize {
    rows.div_ceil(64)
}

/// The number of a row in its block; a block has no more rows than fit.
pub(crate) fn row_number(row: usize) -> u16 {
    u16::try_from(row).unwrap_or(u16::MAX)
}

impl Rows {
    pub(crate) const NONE: Self = Self::Few(Vec::new());
    pub(crate) const ALL: Self = Self::But(Vec::new());

    /// Whether so many rows are kept as bits.
    pub(crate) fn is_many(count: usize) -> bool {
        count > FEW
    }

    /// The set of ascending rows, of a block of `rows`.
    pub(crate) fn of(list: Vec<u16>, rows: usize) -> Self {
        if !Self::is_many(list.len()) {
            return Self::Few(list);
        }
        let mut bits = vec![0; words(rows)];
        set(&mut bits, &list);
        Self::Many(bits)
    }

    /// The set of the bits, listed where that is smaller.
    pub(crate) fn of_bits(bits: Vec<u64>) -> Self {
        if count(&bits) > FEW {
            return Self::Many(bits);
        }
        Self::Few(listed(&bits).collect())
    }

    /// How many, of a block of `rows`.
    pub(crate) fn count(&self, rows: usize) -> usize {
        match self {
            Self::Few(list) => list.len(),
            Self::But(list) => rows.saturating_sub(list.len()),
            Self::Many(bits) => count(bits),
        }
    }

    /// The rows, ascending, of a block of `rows`.
    pub(crate) fn iter(&self, rows: usize) -> Box<dyn Iterator<Item = u16> + '_> {
        match self {
            Self::Few(list) => Box::new(list.iter().copied()),
            Self::But(list) => {
                let mut out = list.iter().copied().peekable();
                Box::new(
                    (0..rows)
                        .map(row_number)
                        .filter(move |row| out.next_if_eq(row).is_none()),
                )
            }
            Self::Many(bits) => Box::new(listed(bits)),
        }
    }

    /// All the others, of a block of `rows`.
    pub(crate) fn complement(self, rows: usize) -> Self {
        match self {
            Self::Few(list) => Self::But(list),
            Self::But(list) => Self::Few(list),
            Self::Many(mut bits) => {
                for (word, all) in bits.iter_mut().zip(full(rows)) {
                    *word = !*word & all;
                }
                Self::Many(bits)
            }
        }
    }

    fn part(&self, complement: bool) -> Part<'_> {
        match (self, complement) {
            (Self::Few(list), false) | (Self::But(list), true) => Part::Within(list),
            (Self::But(list), false) | (Self::Few(list), true) => Part::Without(list),
            (Self::Many(bits), false) => Part::Bits(bits, 0),
            (Self::Many(bits), true) => Part::Bits(bits, u64::MAX),
        }
    }

    /// The rows that are in all the sets, of a block of `rows`.
    pub(crate) fn intersection<'a>(sets: impl Iterator<Item = &'a Self>, rows: usize) -> Self {
        intersection(sets.map(|set| set.part(false)).collect(), rows)
    }

    /// The rows that are in any of the sets, of a block of `rows`.
    pub(crate) fn union<'a>(sets: impl Iterator<Item = &'a Self>, rows: usize) -> Self {
        intersection(sets.map(|set| set.part(true)).collect(), rows).complement(rows)
    }
}

fn intersection(mut parts: Vec<Part<'_>>, rows: usize) -> Rows {
    let shortest = parts
        .iter()
        .enumerate()
        .filter_map(|(number, part)| match part {
            Part::Within(list) => Some((list.len(), number)),
            _ => None,
        })
        .min();
    if let Some((_, shortest)) = shortest
        && let Part::Within(list) = parts.swap_remove(shortest)
    {
        return Rows::Few(among(list, &parts));
    }
    // Every part is bits or leaves rows out.
    let left_out: usize = parts
        .iter()
        .map(|part| match part {
            Part::Without(list) => list.len(),
            _ => FEW.saturating_add(1),
        })
        .fold(0, usize::saturating_add);
    if left_out <= FEW {
        let mut out: Vec<u16> = Vec::with_capacity(left_out);
        for part in parts {
            if let Part::Without(list) = part {
                out.extend(list);
            }
        }
        out.sort_unstable();
        out.dedup();
        return Rows::But(out);
    }
    let mut bits: Vec<u64> = full(rows).collect();
    for part in &parts {
        if let Part::Bits(other, flip) = part {
            for (word, other) in bits.iter_mut().zip(*other) {
                *word &= other ^ flip;
            }
        }
    }
    for part in parts {
        if let Part::Without(list) = part {
            clear(&mut bits, list);
        }
    }
    Rows::of_bits(bits)
}

/// Those of the listed rows that are in every part.
fn among(list: &[u16], parts: &[Part<'_>]) -> Vec<u16> {
    let mut left = list.to_vec();
    for part in parts {
        match part {
            Part::Within(other) => keep(&mut left, other, true),
            Part::Without(other) => keep(&mut left, other, false),
            Part::Bits(bits, flip) => left.retain(|&row| {
                let (word, bit) = place(row);
                bits.get(word).is_some_and(|word| (word ^ flip) & bit != 0)
            }),
        }
        if left.is_empty() {
            break;
        }
    }
    left
}

/// Keeps the rows that are in the other list, or those that are not.
fn keep(left: &mut Vec<u16>, other: &[u16], within: bool) {
    let mut other = other.iter().copied().peekable();
    left.retain(|&row| {
        while other.next_if(|&next| next < row).is_some() {}
        (other.peek() == Some(&row)) == within
    });
}

/// A word of ones for every 64 rows; the last has a one for every row that there is.
fn full(rows: usize) -> impl Iterator<Item = u64> {
    (0..words(rows)).map(move |word| {
        let before = word.saturating_mul(64);
        match rows.saturating_sub(before) {
            64.. => u64::MAX,
            left => 1_u64
                .wrapping_shl(u32::try_from(left).unwrap_or(0))
                .wrapping_sub(1),
        }
    })
}

fn count(bits: &[u64]) -> usize {
    bits.iter()
        .map(|word| usize::try_from(word.count_ones()).unwrap_or(64))
        .fold(0, usize::saturating_add)
}

/// The rows whose bits are set, ascending.
fn listed(bits: &[u64]) -> impl Iterator<Item = u16> {
    bits.iter().enumerate().flat_map(|(number, &word)| {
        let first = number.saturating_mul(64);
        let mut left = word;
        std::iter::from_fn(move || {
            let bit = usize::try_from(left.trailing_zeros()).ok()?;
            left &= left.checked_sub(1)?;
            Some(row_number(first.saturating_add(bit)))
        })
    })
}

/// Sets the bits of the rows.
pub(crate) fn set(bits: &mut [u64], list: &[u16]) {
    for &row in list {
        let (word, bit) = place(row);
        if let Some(word) = bits.get_mut(word) {
            *word |= bit;
        }
    }
}

fn clear(bits: &mut [u64], list: &[u16]) {
    for &row in list {
        let (word, bit) = place(row);
        if let Some(word) = bits.get_mut(word) {
            *word &= !bit;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    const ROWS: usize = 3_000;

    fn set_of(share: u16, seed: u64) -> Rows {
        let mut state = seed;
        let list = (0..ROWS).filter(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % 1_000 < u64::from(share)
        });
        Rows::of(list.map(row_number).collect(), ROWS)
    }

    fn plain(rows: &Rows) -> BTreeSet<u16> {
        rows.iter(ROWS).collect()
    }

    proptest! {
        #[test]
        fn the_algebra_is_that_of_sets(
            sets in prop::collection::vec((0..=1_000_u16, any::<u64>(), any::<bool>()), 1..5)
        ) {
            let sets: Vec<Rows> = sets
                .into_iter()
                .map(|(share, seed, other)| {
                    let set = set_of(share, seed);
                    if other { set.complement(ROWS) } else { set }
                })
                .collect();
            let plains: Vec<BTreeSet<u16>> = sets.iter().map(plain).collect();
            let all = Rows::intersection(sets.iter(), ROWS);
            let any = Rows::union(sets.iter(), ROWS);
            let within = |row: &u16| plains.iter().all(|set| set.contains(row));
            let somewhere = |row: &u16| plains.iter().any(|set| set.contains(row));
            let rows = || (0..ROWS).map(row_number);
            prop_assert_eq!(plain(&all), rows().filter(within).collect());
            prop_assert_eq!(plain(&any), rows().filter(somewhere).collect());
            prop_assert_eq!(any.count(ROWS), plain(&any).len());
            prop_assert_eq!(all.clone().complement(ROWS).count(ROWS), ROWS - all.count(ROWS));
        }
    }

    #[test]
    fn nothing_asks_nothing() {
        assert_eq!(Rows::intersection([].into_iter(), 9).count(9), 9);
        assert_eq!(Rows::union([].into_iter(), 9).count(9), 0);
    }
}
