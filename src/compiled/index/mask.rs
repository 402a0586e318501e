//! Bits over the campaigns of a block.

use crate::compiled::campaigns::BLOCK;

const WORDS: usize = BLOCK / 64;

/// A bit for each campaign of a block, in the order in which they rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Mask([u64; WORDS]);

impl Mask {
    pub(super) const ALL: Self = Self([u64::MAX; WORDS]);

    pub(crate) fn set(&mut self, bit: usize) {
        if let Some(word) = self.0.get_mut(bit / 64) {
            *word |= 1_u64.rotate_left(place(bit));
        }
    }

    #[inline]
    pub(crate) fn has(self, bit: usize) -> bool {
        let word = self.0.get(bit / 64).copied().unwrap_or(0);
        word.rotate_right(place(bit)) & 1 == 1
    }

    #[inline]
    fn zip(self, other: Self, join: impl Fn(u64, u64) -> u64) -> Self {
        let mut joined = self;
        for (word, other) in joined.0.iter_mut().zip(other.0) {
            *word = join(*word, other);
        }
        joined
    }

    #[inline]
    pub(super) fn and(self, other: Self) -> Self {
        self.zip(other, |a, b| a & b)
    }

    #[inline]
    pub(super) fn or(self, other: Self) -> Self {
        self.zip(other, |a, b| a | b)
    }

    #[inline]
    pub(super) fn without(self, other: Self) -> Self {
        self.zip(other, |a, b| a & !b)
    }

    #[inline]
    pub(crate) fn is_empty(self) -> bool {
        self.0.iter().fold(0, |bits, word| bits | word) == 0
    }

    /// Takes out the lowest bit.
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<usize> {
        for (number, word) in self.0.iter_mut().enumerate() {
            if *word != 0 {
                let bit = usize::try_from(word.trailing_zeros()).unwrap_or(0);
                *word &= word.wrapping_sub(1);
                return Some(number.saturating_mul(64).saturating_add(bit));
            }
        }
        None
    }
}

/// How far a bit is rotated; within a word once round is not at all.
#[inline]
fn place(bit: usize) -> u32 {
    // INVARIANT: a block has few campaigns.
    u32::try_from(bit).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_of_all_words_are_found_and_taken_out() {
        let mut mask = Mask::default();
        assert!(mask.is_empty() && mask.pop().is_none());
        // The same bit of two words.
        let bits = [3, 67, 130, BLOCK - 1];
        bits.iter().for_each(|&bit| mask.set(bit));
        for bit in 0..BLOCK {
            assert_eq!(mask.has(bit), bits.contains(&bit), "{bit}");
        }
        let mut two = Mask::default();
        [3, 67].iter().for_each(|&bit| two.set(bit));
        assert!(!two.is_empty());
        for bit in bits {
            assert!(!mask.is_empty());
            assert_eq!(mask.pop(), Some(bit));
        }
        assert!(mask.is_empty() && mask.pop().is_none());
    }
}
