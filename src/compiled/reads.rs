//! What conditions read that can change.

use super::{
    condition::{Condition, Operand, Test},
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
}

impl Reads {
    #[inline]
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            time: self.time || other.time,
            held_tags: self.held_tags || other.held_tags,
            touches: self.touches || other.touches,
            campaign: self.campaign || other.campaign,
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
            campaign: since.is_of_campaign(),
            ..Reads::default()
        },
        Condition::Purchases { tests, .. } => Reads {
            time: true,
            campaign: read_campaign(tests),
            ..Reads::default()
        },
        // A score may read anything.
        Condition::Score(_) => Reads {
            time: true,
            held_tags: true,
            touches: true,
            campaign: true,
        },
        Condition::Touches { tests, .. } => Reads {
            touches: true,
            time: true,
            campaign: read_campaign(tests),
            ..Reads::default()
        },
        Condition::Value { subject, tests } => Reads {
            campaign: subject.is_of_campaign() || read_campaign(tests),
            ..Reads::default()
        },
        Condition::Occurrence(_) => Reads {
            campaign: true,
            ..Reads::default()
        },
    }
}

/// Whether tests compare with a fact of a campaign.
fn read_campaign(tests: &[Test]) -> bool {
    let of_campaign =
        |operand: &Operand| matches!(operand, Operand::Source(source) if source.is_of_campaign());
    tests.iter().flat_map(Test::operands).any(of_campaign)
}
