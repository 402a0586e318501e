//! Random rulebooks and cases: pure functions of a stream of numbers.
//!
//! `rulebook` makes a rulebook that compiles without problems, `case` a case for it. Worlds are small and instants
//! clustered, so that caps, reactions, quiet hours, reserves and holds meet. Every choice takes its simplest alternative
//! at 0, so that a stream of zeros is the simplest world, and shrinking the stream shrinks the world.
//!
//! `shrink::smallest` reduces a failing pair further, on the documents themselves.
#![allow(dead_code, unreachable_pub, unused_imports, clippy::type_complexity)]

pub mod campaigns;
pub mod cases;
pub mod census;
pub mod census_cases;
pub mod clock;
pub mod conditions;
pub mod floors;
pub mod histories;
pub mod measures;
pub mod permute;
pub mod rules;
pub mod sequels;
pub mod shrink;
pub mod world;

pub use cases::case;
pub use sequels::{delivery, follow_up};
pub use world::rulebook;

use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::Value;
use std::fmt::Debug;
use std::rc::Rc;

/// A stream of choices: given words first, then a seeded generator or zeros.
#[derive(Clone, Debug)]
pub struct Dice {
    words: Vec<u32>,
    at: usize,
    seed: Option<u64>,
}

impl Dice {
    /// An endless stream that follows from the seed alone.
    pub fn seeded(seed: u64) -> Dice {
        Dice {
            words: Vec::new(),
            at: 0,
            seed: Some(seed),
        }
    }

    /// The given words, then zeros (the simplest choice) for ever.
    pub fn from_words(words: Vec<u32>) -> Dice {
        Dice {
            words,
            at: 0,
            seed: None,
        }
    }

    /// Every word drawn so far; `from_words` of it draws the same.
    pub fn drawn(&self) -> &[u32] {
        &self.words[..self.at.min(self.words.len())]
    }

    fn word(&mut self) -> u32 {
        if self.at == self.words.len() {
            let Some(state) = &mut self.seed else { return 0 };
            // splitmix64
            *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = *state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            self.words.push(((z ^ (z >> 31)) >> 32) as u32);
        }
        self.at += 1;
        self.words[self.at - 1]
    }

    /// A whole number below `n` (0 for `n` = 0).
    pub fn below(&mut self, n: usize) -> usize {
        ((u64::from(self.word()) * n as u64) >> 32) as usize
    }

    /// A whole number from `low` to `high`, both included.
    pub fn range(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as usize) as i64
    }

    /// True in `percent` of the draws; false is the simple answer.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) + percent >= 100
    }

    /// One of them; the first is the simplest.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// One of them, by weight; the first is the simplest.
    pub fn weighted<T: Copy>(&mut self, list: &[(usize, T)]) -> T {
        let mut left = self.below(list.iter().map(|(weight, _)| weight).sum());
        for (weight, item) in list {
            if left < *weight {
                return *item;
            }
            left -= weight;
        }
        list[0].1
    }

    /// From `least` to `most` different ones, in any order.
    pub fn some<T: Clone>(&mut self, list: &[T], least: usize, most: usize) -> Vec<T> {
        let most = most.min(list.len());
        let least = least.min(most);
        let count = least + self.below(most - least + 1);
        let mut rest = list.to_vec();
        (0..count).map(|_| rest.remove(self.below(rest.len()))).collect()
    }

    /// The list in another order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            let j = i - self.below(i + 1);
            list.swap(i, j);
        }
    }
}

/// A strategy that draws from a recorded stream and shrinks by zeroing blocks of it.
#[derive(Clone)]
pub struct Drawn<T> {
    build: Rc<dyn Fn(&mut Dice) -> T>,
}

impl<T> Debug for Drawn<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Drawn")
    }
}

impl<T: Debug> Strategy for Drawn<T> {
    type Tree = DrawnTree<T>;
    type Value = T;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let seed = (0..64).fold(0, |seed: u64, _| {
            (seed << 1)
                | u64::from(
                    proptest::bool::ANY
                        .new_tree(runner)
                        .is_ok_and(|bit| bit.current()),
                )
        });
        let mut dice = Dice::seeded(seed);
        (self.build)(&mut dice);
        let words = dice.drawn().to_vec();
        let block = words.len().next_power_of_two();
        Ok(DrawnTree {
            build: Rc::clone(&self.build),
            failing: words.clone(),
            words,
            block,
            from: 0,
            halves: false,
        })
    }
}

/// The value tree of `Drawn`.
pub struct DrawnTree<T> {
    build: Rc<dyn Fn(&mut Dice) -> T>,
    failing: Vec<u32>,
    words: Vec<u32>,
    block: usize,
    from: usize,
    halves: bool,
}

impl<T> DrawnTree<T> {
    /// Moves to the next smaller stream to try; false when there is none.
    fn attempt(&mut self) -> bool {
        self.words.clone_from(&self.failing);
        loop {
            if self.from >= self.words.len() {
                if self.block > 1 {
                    self.block /= 2;
                } else if self.halves {
                    return false;
                } else {
                    self.halves = true;
                }
                self.from = 0;
                continue;
            }
            let to = (self.from + self.block).min(self.words.len());
            let part = &mut self.words[self.from..to];
            self.from = to;
            if part.iter().any(|&word| word != 0) {
                for word in part {
                    *word = if self.halves { *word / 2 } else { 0 };
                }
                return true;
            }
        }
    }
}

impl<T: Debug> ValueTree for DrawnTree<T> {
    type Value = T;

    fn current(&self) -> T {
        (self.build)(&mut Dice::from_words(self.words.clone()))
    }

    fn simplify(&mut self) -> bool {
        self.failing.clone_from(&self.words);
        self.attempt()
    }

    fn complicate(&mut self) -> bool {
        if self.attempt() {
            return true;
        }
        self.words.clone_from(&self.failing);
        false
    }
}

/// Any function of a stream as a strategy.
pub fn drawn<T: Debug>(build: impl Fn(&mut Dice) -> T + 'static) -> Drawn<T> {
    Drawn {
        build: Rc::new(build),
    }
}

/// Valid rulebooks.
pub fn rulebook_strategy() -> Drawn<Value> {
    drawn(rulebook)
}

/// A valid rulebook and `n` cases for it.
pub fn rulebook_and_cases(n: usize) -> Drawn<(Value, Vec<Value>)> {
    drawn(move |dice| {
        let rulebook = rulebook(dice);
        let cases = (0..n).map(|_| case(dice, &rulebook)).collect();
        (rulebook, cases)
    })
}
