//! What conditions read that can change.

use super::{
    condition::{Condition, FactKey, Operand, Source, Test},
    engine::Derived,
};

/// What a condition reads that can change: as time passes, as touches are placed, from one campaign to another; for all
/// that it is made of, derived tags included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Reads {
    /// Elapsed times, purchases or scores.
    pub(crate) time: bool,
    /// Tags that a customer may hold for some time only.
    pub(crate) held_tags: bool,
    pub(crate) touches: bool,
    /// What is not the same for all campaigns: scores, occurrences and facts of a campaign.
    pub(crate) campaign: bool,
    /// What is not the same by all ways to reach a customer: facts of a channel or a sender.
    pub(crate) option: bool,
    /// What is not the same for all questions: the purchases up to now.
    pub(crate) now: bool,
}

impl Reads {
    #[inline]
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            time: self.time || other.time,
            held_tags: self.held_tags || other.held_tags,
            touches: self.touches || other.touches,
            campaign: self.campaign || other.campaign,
            option: self.option || other.option,
            now: self.now || other.now,
        }
    }
}

/// What a condition reads that can change.
pub(super) fn reads_of(condition: &Condition, derived: &[Derived]) -> Reads {
    reads(condition, &|number| {
        derived
            .get(number)
            .map(|derived| derived.reads)
            .unwrap_or_default()
    })
}

/// What a condition reads that can change; `derived` tells it of the derived tags.
pub(super) fn reads(condition: &Condition, derived: &dyn Fn(usize) -> Reads) -> Reads {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts
            .iter()
            .fold(Reads::default(), |sum, part| sum.and(reads(part, derived))),
        Condition::Not(part) => reads(part, derived),
        Condition::Held(_) => Reads {
            held_tags: true,
            ..Reads::default()
        },
        Condition::Derived(number) => derived(*number),
        Condition::Elapsed { since, .. } => Reads {
            time: true,
            ..of_source(since)
        },
        Condition::Purchases { tests, .. } => Reads {
            time: true,
            ..of_tests(tests)
        },
        // A score may read anything.
        Condition::Score(_) => Reads {
            time: true,
            held_tags: true,
            touches: true,
            campaign: true,
            option: true,
            now: true,
        },
        Condition::Touches { tests, .. } => Reads {
            touches: true,
            time: true,
            ..of_tests(tests)
        },
        Condition::Value { subject, tests } => of_source(subject).and(of_tests(tests)),
        Condition::Occurrence(_) => Reads {
            campaign: true,
            ..Reads::default()
        },
    }
}

fn of_source(source: &Source) -> Reads {
    match source {
        Source::Attribute(_) => Reads::default(),
        Source::Purchase(_) => Reads {
            now: true,
            ..Reads::default()
        },
        Source::Fact { key, .. } => Reads {
            campaign: matches!(key, FactKey::Campaign),
            option: matches!(key, FactKey::Channel | FactKey::Sender),
            ..Reads::default()
        },
    }
}

/// What the values are that tests compare with.
fn of_tests(tests: &[Test]) -> Reads {
    let operands = tests.iter().flat_map(Test::operands);
    operands.fold(Reads::default(), |sum, operand| match operand {
        Operand::Source(source) => sum.and(of_source(source)),
        Operand::Literal(_) => sum,
    })
}
