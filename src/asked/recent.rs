//! The latest touches of a history that a cap counts: found once for a customer, since no time changes them.

use std::sync::OnceLock;

use super::view::Ask;
use crate::{
    clock::instant::Instant,
    compiled::{
        bits::RECENT,
        campaign::Reach,
        rule::{Cap, Per},
        symbols::Symbol,
    },
    written::rule::{AtMost, GroupedBy},
};

/// How many touches are kept.
const KEPT: usize = 4;

/// The latest touches that caps count in a group, once somebody asked; by the places of caps and channels.
pub(crate) type Recents = [OnceLock<Recent>; RECENT];

/// The latest touches of a history that a cap counts in a group.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recent {
    /// The latest first; where there are not so many, [`Instant::MIN`].
    times: [Instant; KEPT],
    /// After all of them, and as long as nothing is added: from when on one more passes, and not before; if it is known.
    opens: Option<Instant>,
}

impl Recent {
    fn of(ask: &Ask<'_>, cap: &Cap, group: Option<(GroupedBy, Symbol)>) -> Self {
        let mut times = [Instant::MIN; KEPT];
        let marks = ask.bound.marks.iter().rev();
        let counted = marks.filter(|mark| cap.counts(group, mark));
        for (place, mark) in times.iter_mut().zip(counted) {
            *place = mark.at;
        }
        let last = cap.least().checked_sub(1).and_then(|last| times.get(last));
        Self {
            times,
            opens: last.and_then(|&last| opens(ask, cap, last)),
        }
    }

    #[inline]
    pub(super) fn latest(&self) -> Instant {
        let [latest, ..] = self.times;
        latest
    }

    /// After all of them, and as long as nothing is added: from when on one more passes, and not before; if it is known.
    #[inline]
    pub(super) fn opens(&self) -> Option<Instant> {
        self.opens
    }

    /// As [`Recent::opens`], if `t` is after all of them.
    #[inline]
    pub(super) fn opens_after(&self, t: Instant) -> Option<Instant> {
        self.opens.filter(|_| self.latest() <= t)
    }

    /// The n-th latest, counted from 0, if it is known.
    #[inline]
    pub(super) fn nth(&self, n: usize) -> Option<Instant> {
        self.times.get(n).copied()
    }

    /// All that are after an instant, the latest first, if they are known.
    #[inline]
    pub(super) fn all_after(&self, after: Instant) -> Option<&[Instant]> {
        let count = self.times.iter().position(|&at| at <= after)?;
        self.times.get(..count)
    }
}

/// When a cap takes one more after a touch from which on there are as many as there may be.
fn opens(ask: &Ask<'_>, cap: &Cap, last: Instant) -> Option<Instant> {
    if cap.reads_clock && ask.bound.clocks.is_empty() {
        return None;
    }
    if last == Instant::MIN {
        return Some(last);
    }
    match (&cap.per, cap.at_most) {
        (_, AtMost::DaysInMonth) => None,
        (Per::Lifetime, _) => Some(Instant::MAX),
        (Per::Rolling(length), _) => Some(last.plus(length.micros)),
        (Per::Calendar(period, zone), _) => match ask.clocks(zone) {
            [clock] => Some(clock.period(*period, last).instants?.1),
            _ => None,
        },
    }
}

impl Cap {
    /// The place of its latest touches, by a channel if it is grouped by it.
    #[inline]
    pub(super) fn place_by(&self, channel: usize) -> Option<usize> {
        let by_channel = self.grouped_by == Some(GroupedBy::Channel);
        Some(self.place?.saturating_add(if by_channel { channel } else { 0 }))
    }
}

impl Ask<'_> {
    /// The latest touches that a cap counts by a channel, where they are kept.
    #[inline]
    pub(super) fn recent(&self, cap: &Cap, reach: &Reach) -> Option<&Recent> {
        let place = cap.place_by(reach.channel)?;
        let kept = self.bound.recents.get(place).filter(|_| self.is_whole)?;
        // INVARIANT: what has a place is grouped by nothing or by channel.
        let group = || cap.grouped_by.map(|by| (by, reach.symbol));
        Some(kept.get_or_init(|| Recent::of(self, cap, group())))
    }

    /// As [`Ask::recent`], where somebody asked before.
    #[inline]
    pub(super) fn known_recent(&self, place: usize) -> Option<&Recent> {
        self.bound.recents.get(place).filter(|_| self.is_whole)?.get()
    }
}
