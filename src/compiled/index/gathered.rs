//! What the campaigns of a block ask, gathered by what they ask it of.

use std::collections::BTreeMap;

use super::{
    Time,
    mask::Mask,
    table::{TestsOf, ValueTests},
    tags::TagEntry,
};
use crate::compiled::{
    campaign::{Campaign, Schedule},
    condition::{Condition, ElapsedTest, FactKey, Operand, Source, Test},
    engine::Derived,
};

/// So many parts of an audience are gathered at most, and so many literals or tags of one part: with what is left out the
/// index lets more through, but neither its size nor the time to make it can be driven up.
const MOST_PARTS: usize = 32;
const MOST_LITERALS: usize = 64;

/// What one campaign asks.
struct Asked<'c> {
    derived: &'c [Derived],
    /// Tags of which it needs one.
    wanted: Option<Vec<usize>>,
    bit: usize,
    /// How many more parts are gathered.
    left: usize,
}

impl Asked<'_> {
    /// Notes a demand for one of these tags; whether it is the first.
    fn want(&mut self, tags: Vec<usize>) -> bool {
        let first = self.wanted.is_none();
        if self.wanted.as_ref().is_none_or(|known| tags.len() < known.len()) {
            self.wanted = Some(tags);
        }
        first
    }
}

/// What the campaigns of a block ask, gathered by what they ask it of.
#[derive(Default)]
pub(super) struct Gathered<'c> {
    pub(super) ask_for_tags: Mask,
    pub(super) known: Mask,
    pub(super) tags: BTreeMap<usize, TagEntry>,
    pub(super) tables: Vec<(Source, Vec<ValueTests<'c>>)>,
    /// With the campaigns' bounds.
    pub(super) times: Vec<(Time, Vec<(usize, i64)>)>,
}

impl<'c> Gathered<'c> {
    pub(super) fn campaign(&mut self, campaign: &'c Campaign, bit: usize, derived: &'c [Derived]) {
        self.schedule(&campaign.schedule, bit);
        let mut asked = Asked {
            derived,
            wanted: None,
            bit,
            left: MOST_PARTS,
        };
        let known = match &campaign.audience {
            Some(audience) => self.condition(audience, false, &mut asked),
            None => true,
        };
        if known {
            self.known.set(bit);
        }
        if let Some(tags) = asked.wanted {
            self.ask_for_tags.set(bit);
            for tag in tags {
                self.tag(tag).wanted.set(bit);
            }
        }
    }

    /// What must hold for a condition, or its contrary if it is turned, not to be false; whether that is all there is to it,
    /// at all times. Of several demands for tags the one that fewer tags meet is kept.
    fn condition(&mut self, condition: &'c Condition, turned: bool, asked: &mut Asked<'c>) -> bool {
        let Some(left) = asked.left.checked_sub(1) else {
            return false;
        };
        asked.left = left;
        let bit = asked.bit;
        match condition {
            Condition::All(parts) if !turned => self.conditions(parts, turned, asked),
            Condition::Any(parts) if turned => self.conditions(parts, turned, asked),
            Condition::Any(parts) => {
                let held = |part: &Condition| {
                    if let Condition::Held(tag) = part {
                        Some(*tag)
                    } else {
                        None
                    }
                };
                if parts.len() > MOST_LITERALS {
                    return false;
                }
                let tags: Option<_> = parts.iter().map(held).collect();
                tags.is_some_and(|tags| asked.want(tags))
            }
            Condition::Not(part) => self.condition(part, !turned, asked),
            Condition::Held(tag) if turned => {
                self.tag(*tag).refused.set(bit);
                true
            }
            Condition::Held(tag) => asked.want(vec![*tag]),
            Condition::Derived(number) => asked
                .derived
                .get(*number)
                .is_some_and(|tag| self.condition(&tag.when, turned, asked)),
            Condition::Value { subject, tests } => {
                if !same_for_all(subject) || literals(tests) > MOST_LITERALS {
                    return false;
                }
                self.test(
                    subject.clone(),
                    ValueTests {
                        bit,
                        tests: TestsOf::Written(tests),
                        turned,
                    },
                );
                tests.iter().all(is_literal)
            }
            Condition::Elapsed { since, tests } => {
                self.elapsed(since, tests, turned, bit);
                false
            }
            Condition::All(_)
            | Condition::Touches { .. }
            | Condition::Purchases { .. }
            | Condition::Occurrence(_)
            | Condition::Score(_) => false,
        }
    }

    /// All of these, whether or not the index knows all of the first.
    fn conditions(&mut self, parts: &'c [Condition], turned: bool, asked: &mut Asked<'c>) -> bool {
        let mut known = true;
        for part in parts {
            known &= self.condition(part, turned, asked);
        }
        known
    }

    fn elapsed(&mut self, since: &Source, tests: &[ElapsedTest], turned: bool, bit: usize) {
        // Of several tests turned round any may fail, and which is not known here.
        if !same_for_all(since) || turned && tests.len() > 1 {
            return;
        }
        for test in tests {
            match (*test, turned) {
                (ElapsedTest::Lt(length), false) | (ElapsedTest::Ge(length), true) => {
                    self.time(Time::ElapsedFirst(since.clone()), length, bit);
                }
                (ElapsedTest::Ge(length), false) | (ElapsedTest::Lt(length), true) => {
                    self.time(Time::ElapsedLast(since.clone()), length, bit);
                }
                (ElapsedTest::Present(wanted), turned) => {
                    let tests = TestsOf::Made(Test::Present(wanted));
                    self.test(since.clone(), ValueTests { bit, tests, turned });
                }
            }
        }
    }

    /// An occurrence must begin before the last instant asked about, and end after the first.
    fn schedule(&mut self, schedule: &Schedule, bit: usize) {
        let fixed = match schedule {
            Schedule::Between { between, .. } => between.fixed,
            Schedule::Waves { waves, .. } => waves
                .iter()
                .map(|wave| wave.between.fixed)
                .reduce(|a, b| {
                    let ((start_a, end_a), (start_b, end_b)) = (a?, b?);
                    Some((start_a.min(start_b), end_a.max(end_b)))
                })
                .flatten(),
            Schedule::After { anchor, from, until } => {
                self.time(Time::ElapsedLast(anchor.clone()), *from, bit);
                self.time(Time::ElapsedFirst(anchor.clone()), *until, bit);
                None
            }
            Schedule::Always | Schedule::Every { .. } | Schedule::On { .. } => None,
        };
        if let Some((start, end)) = fixed {
            self.time(Time::Last, start.0, bit);
            self.time(Time::First, end.0, bit);
        }
    }

    fn time(&mut self, time: Time, bound: i64, bit: usize) {
        match self.times.iter_mut().find(|(known, _)| *known == time) {
            Some((_, bounds)) => bounds.push((bit, bound)),
            None => self.times.push((time, vec![(bit, bound)])),
        }
    }

    fn test(&mut self, source: Source, tests: ValueTests<'c>) {
        match self.tables.iter_mut().find(|(known, _)| *known == source) {
            Some((_, list)) => list.push(tests),
            None => self.tables.push((source, vec![tests])),
        }
    }

    fn tag(&mut self, tag: usize) -> &mut TagEntry {
        self.tags.entry(tag).or_insert_with(|| TagEntry {
            tag,
            wanted: Mask::default(),
            refused: Mask::default(),
        })
    }
}

/// How many operands tests have.
fn literals(tests: &[Test]) -> usize {
    let operands = tests.iter().map(|test| match test {
        Test::Compare(..) => 1,
        Test::In(list) => list.len(),
        Test::Present(_) => 0,
    });
    operands.fold(0, usize::saturating_add)
}

/// Whether a test compares with literals only.
fn is_literal(test: &Test) -> bool {
    let literal = |operand: &Operand| matches!(operand, Operand::Literal(_));
    match test {
        Test::Compare(_, operand) => literal(operand),
        Test::In(list) => list.iter().all(literal),
        Test::Present(_) => true,
    }
}

/// Whether a source gives all campaigns of a block the same.
fn same_for_all(source: &Source) -> bool {
    let key = match source {
        Source::Attribute(_) | Source::Purchase(_) => return true,
        Source::Fact { key, .. } => key,
    };
    !matches!(key, FactKey::Campaign | FactKey::Sender | FactKey::Channel)
}
