//! What a view sees of the placed touches.

use super::{bound::Mark, reserve::Placed, tally::Tally};
use crate::{
    compiled::{rule::Cap, symbols::Symbol},
    written::rule::GroupedBy,
};

/// The placed touches that a view sees.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'a, 'p> {
    /// Placed within their reserve: all see them.
    pub(super) placed: &'p [Placed<'a>],
    /// Placed after their reserve, of which only those of one campaign are seen.
    pub(super) unreserved: &'p [Placed<'a>],
    pub(super) of: Symbol,
    /// One that is not seen, by its rank, and one that is seen besides.
    pub(super) without: usize,
    pub(super) with: Option<&'p Mark>,
    /// What caps count of them.
    pub(super) tally: Option<&'p Tally<'a>>,
}

impl Default for Seen<'_, '_> {
    fn default() -> Self {
        Self {
            placed: &[],
            unreserved: &[],
            of: Symbol::ABSENT,
            without: 0,
            with: None,
            tally: None,
        }
    }
}

impl<'a, 'p> Seen<'a, 'p> {
    /// All of the placed touches, and of those placed after their reserve the ones of a campaign.
    pub(crate) fn new(
        placed: &'p [Placed<'a>],
        unreserved: &'p [Placed<'a>],
        of: Symbol,
        tally: &'p Tally<'a>,
    ) -> Self {
        Self {
            placed,
            unreserved,
            of,
            // No placed touch has it.
            without: 0,
            with: None,
            tally: Some(tally),
        }
    }

    /// How many placed touches it sees; one more, where one is left out.
    #[inline]
    pub(crate) fn count(self) -> usize {
        if self.unreserved.is_empty() {
            self.placed.len()
        } else {
            self.placed().count()
        }
    }

    pub(super) fn placed_over_and_over(self) -> impl Iterator<Item = &'p Placed<'a>> {
        std::iter::repeat_with(move || self.placed()).flatten()
    }

    /// Whether a cap may count any of them for touches on a channel.
    #[inline]
    pub(crate) fn may_count(self, cap: &Cap, channel: Symbol) -> bool {
        if self.is_empty() {
            return false;
        }
        let by_channel = cap.grouped_by == Some(GroupedBy::Channel);
        let mut marks = self.marks();
        marks.any(|mark| mark.caps & cap.bit != 0 && !(by_channel && mark.channel != channel))
    }

    #[inline]
    pub(crate) fn is_empty(self) -> bool {
        self.placed.is_empty() && !self.sees_unreserved()
    }

    /// What caps count, where that is kept: the placed touches in it, and the one of them that is not seen.
    pub(crate) fn tallied(self) -> Option<(&'p Tally<'a>, &'p [Placed<'a>], Option<&'p Mark>)> {
        // Before anything is placed, what is near is found as fast.
        let kept = !self.placed.is_empty() && self.with.is_none() && !self.sees_unreserved();
        let tally = self.tally.filter(|_| kept)?;
        let without = || self.placed.iter().find(|placed| placed.mark.rank == self.without);
        let without = if self.without == 0 { None } else { without() };
        Some((tally, self.placed, without.map(|placed| &placed.mark)))
    }

    /// How many placed touches it sees, where it sees those and no others.
    #[inline]
    pub(crate) fn shared(self) -> Option<usize> {
        let plain = self.without == 0 && self.with.is_none();
        self.shared_count().filter(|_| plain)
    }

    /// How many placed touches all see, where it sees no others.
    pub(super) fn shared_count(self) -> Option<usize> {
        (!self.sees_unreserved()).then_some(self.placed.len())
    }

    #[inline]
    pub(super) fn sees_unreserved(self) -> bool {
        let own = |placed: &Placed<'a>| placed.campaign.symbol == self.of;
        !self.unreserved.is_empty() && self.unreserved.iter().any(own)
    }

    #[inline]
    pub(super) fn placed(self) -> impl Iterator<Item = &'p Placed<'a>> {
        let own = self
            .unreserved
            .iter()
            .filter(move |placed| placed.campaign.symbol == self.of);
        self.placed.iter().chain(own)
    }

    #[inline]
    pub(crate) fn marks(self) -> impl Iterator<Item = &'p Mark> + use<'a, 'p> {
        let placed = self.placed().map(|placed| &placed.mark);
        placed
            .filter(move |mark| mark.rank != self.without)
            .chain(self.with)
    }
}
