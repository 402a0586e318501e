//! What cannot meet: slots that do not go now, and one below them that does, where no rule brings their touches together.
//!
//! A touch that is placed later bears on one that goes now in two ways: caps count both, or the later one would be
//! displaced. Where neither can be, wherever it is placed, it need not be placed: neither whether nor what is sent hangs on
//! it. Why another one above does not go may still hang on it.

use super::{
    plan::{Choice, Slot},
    seen::Seen,
    view::{Ask, View},
};
use crate::{
    clock::{instant::Instant, zone::Clock},
    compiled::{
        campaign::Reach,
        rule::{Cap, Per},
    },
    written::rule::GroupedBy,
};

impl<'a> Ask<'a> {
    /// The view of a slot's touch by one choice, as if nothing were placed above it.
    pub(crate) fn view_apart(&'a self, slot: &Slot<'a>, choice: Choice<'a>, above: usize) -> View<'a, 'a> {
        View::of(self, slot, choice, above.saturating_add(1), Seen::default())
    }

    /// Whether nothing that is placed of these slots, none of which goes now, can bear on this view's touch now, nor on what
    /// rules that only watch tell of it.
    pub(crate) fn goes_apart(&'a self, above: &[Slot<'a>], view: &View<'a, '_>) -> bool {
        let watches = view.reach.is_none_or(|reach| reach.watches);
        above.is_empty() || !watches && self.is_apart(above, view)
    }

    /// Whether nothing that is placed of these slots after now can be counted with this view's touch now.
    pub(crate) fn is_apart(&'a self, above: &[Slot<'a>], view: &View<'a, '_>) -> bool {
        let (Some(campaign), Some(reach)) = (view.campaign, view.reach) else {
            return false;
        };
        let mut shared = 0;
        // Without an occurrence there is nothing to place.
        for slot in above.iter().filter(|slot| slot.occurrence.is_some()) {
            let other = slot.campaign;
            if other.judged_by_touches || other.symbol == campaign.symbol || reach.has_other_caps {
                return false;
            }
            for by in &other.channels {
                if by.has_other_caps {
                    return false;
                }
                shared |= reach.caps & by.counted_by | by.caps & reach.counted_by;
            }
        }
        let mut caps = self.frame.rule_bits.caps(shared);
        caps.all(|cap| self.has_room_for_all(cap, above, reach))
    }

    /// Whether a cap has room for one that goes now by a channel, with all that may be placed of these slots in a window with
    /// it.
    fn has_room_for_all(&'a self, cap: &Cap, above: &[Slot<'a>], now_by: &Reach) -> bool {
        let by_channel = cap.grouped_by == Some(GroupedBy::Channel);
        let until = match &cap.per {
            Per::Rolling(length) => self.now.plus(length.micros),
            Per::Calendar(period, zone) => {
                let period = |clock: &Clock| clock.period(*period, self.now).instants;
                match self.clocks(zone) {
                    [clock] => period(clock).map_or(Instant::MAX, |(_, end)| end),
                    _ => Instant::MAX,
                }
            }
            Per::Lifetime => Instant::MAX,
        };
        let may_share = |slot: &&Slot<'a>| {
            slot.campaign.channels.iter().any(|by| {
                (by.caps | by.counted_by) & cap.bit != 0
                    && !(by_channel && by.symbol != now_by.symbol)
                    && self.earliest(slot, by).is_some_and(|from| from < until)
            })
        };
        let placed = above.iter().filter(may_share).count();
        if placed == 0 {
            return true;
        }
        // So few are near in the history that with these, and the one that goes now, they are not too many.
        let others = cap.least().checked_sub(placed.saturating_add(1));
        let recent = others.zip(self.recent(cap, now_by));
        let oldest = recent.and_then(|(others, recent)| recent.nth(others));
        oldest.is_some_and(|oldest| oldest <= cap.reach(self.now).0)
    }

    /// An instant before which nothing of a slot can go by a channel; none if that is after the look-ahead.
    fn earliest(&self, slot: &Slot<'a>, by: &Reach) -> Option<Instant> {
        let start = slot.occurrence.as_ref()?.start;
        let earliest = start.max(self.opens_by(by));
        (earliest <= self.end()).then_some(earliest)
    }
}

#[cfg(test)]
mod tests;
