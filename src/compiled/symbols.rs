//! Names as small numbers: every name that a rulebook mentions has one, so that questions compare integers.

use std::collections::HashMap;

use smol_str::SmolStr;

use super::occurrence::{ALWAYS, ONCE};
use crate::checked::name_hash::NameHash;

/// The number of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Symbol(pub(crate) u32);

impl Symbol {
    pub(crate) const FIRST: Self = Self(0);
    /// The ids of occurrences that many campaigns have: the first two numbers.
    pub(crate) const ALWAYS: Self = Self(0);
    pub(crate) const ONCE: Self = Self(1);
    /// No name at all; equal to itself only.
    pub(crate) const ABSENT: Self = Self(u32::MAX);
    /// A name that the rulebook never mentions; never asked for.
    pub(crate) const OTHER: Self = Self(u32::MAX - 1);

    /// One bit of 64, for sets that may hold more than they should; none of what the rulebook does not name.
    pub(crate) fn bit(self) -> u64 {
        if self >= Self::OTHER {
            return 0;
        }
        1_u64.rotate_left(self.0)
    }
}

/// The names that a rulebook mentions. Looked up only, never walked: its order decides nothing.
#[derive(Debug, Clone)]
pub(crate) struct Symbols {
    numbers: HashMap<SmolStr, Symbol, NameHash>,
}

impl Symbols {
    /// Hardly any names yet. The seed should hang on all of the rulebook: then nobody can choose names that collide.
    pub(crate) fn new(seed: u64) -> Self {
        let mut numbers = HashMap::with_hasher(NameHash(seed));
        numbers.extend([(ALWAYS.into(), Symbol::ALWAYS), (ONCE.into(), Symbol::ONCE)]);
        Self { numbers }
    }

    pub(crate) fn intern(&mut self, name: &str) -> Symbol {
        if let Some(&symbol) = self.numbers.get(name) {
            return symbol;
        }
        // INVARIANT: the limits keep a rulebook far below 2^32 names.
        let symbol = Symbol(u32::try_from(self.numbers.len()).unwrap_or(u32::MAX >> 1));
        self.numbers.insert(name.into(), symbol);
        symbol
    }

    pub(crate) fn get(&self, name: &str) -> Symbol {
        self.numbers.get(name).copied().unwrap_or(Symbol::OTHER)
    }

    /// How names are hashed here.
    pub(crate) fn hash(&self) -> NameHash {
        *self.numbers.hasher()
    }

    /// The first number that no name of the rulebook has.
    pub(crate) fn end(&self) -> u32 {
        u32::try_from(self.numbers.len()).unwrap_or(u32::MAX >> 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_numbered_and_what_is_not_named_is_not() {
        let mut symbols = Symbols::new(7);
        assert_eq!(
            (symbols.get("always"), symbols.get("once")),
            (Symbol::ALWAYS, Symbol::ONCE)
        );
        assert_eq!(symbols.end(), 2);
        let numbers = ["tea", "mate", "tea", "coffee"].map(|name| symbols.intern(name).0);
        assert_eq!(numbers, [2, 3, 2, 4]);
        assert_eq!(symbols.get("mate"), Symbol(3));
        assert_eq!(symbols.get("milk"), Symbol::OTHER);
        // What is numbered beside them begins here.
        assert_eq!(symbols.end(), 5);
    }

    #[test]
    fn a_symbol_is_one_bit_of_64() {
        for number in 0..128 {
            assert_eq!(Symbol(number).bit(), 1 << (number % 64));
        }
        assert_eq!((Symbol::OTHER.bit(), Symbol::ABSENT.bit()), (0, 0));
    }
}
