//! When the caps of a lane open: found once for a customer, since no time changes it.

use std::sync::OnceLock;

use super::{
    recent::Recent,
    view::{Ask, View},
};
use crate::{clock::instant::Instant, compiled::campaign::Reach};

/// Of so many lanes it is kept, the first ones.
const KEPT: usize = 16;

/// When the caps of lanes open, once somebody asked; by the number of the lane.
pub(crate) type Openings = [OnceLock<Opening>; KEPT];

/// From when on the kept caps of a lane let pass. See [`Rule::kept`](crate::compiled::rule::Rule::kept).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opening {
    /// The latest touch that any of them counts: nothing is known of what is before.
    latest: Instant,
    /// Before this, some of them refuses: what is placed besides opens none.
    pub(super) opens: Instant,
    /// Whether from then on all of them let pass.
    pub(super) is_complete: bool,
}

impl Opening {
    fn of(ask: &Ask<'_>, reach: &Reach) -> Self {
        let mut opening = Self {
            latest: Instant::MIN,
            opens: Instant::MIN,
            is_complete: true,
        };
        let kept = reach.rules.iter().filter(|rule| rule.kept);
        for cap in kept.filter_map(|rule| rule.cap()) {
            let recent = ask.recent(cap, reach);
            let opens = recent.and_then(Recent::opens);
            opening.latest = recent.map_or(Instant::MIN, Recent::latest).max(opening.latest);
            opening.opens = opens.unwrap_or(Instant::MIN).max(opening.opens);
            opening.is_complete &= opens.is_some();
        }
        opening
    }

    /// Whether all of the kept caps let pass at `t`.
    #[inline]
    pub(super) fn passes(self, t: Instant) -> bool {
        self.is_complete && self.opens <= t
    }
}

impl Ask<'_> {
    /// When the kept caps of those that share a list of rules open, if `t` is after all that they count.
    #[inline]
    pub(super) fn opening(&self, reach: &Reach, t: Instant) -> Option<Opening> {
        let kept = self.bound.openings.get(reach.lane?.number);
        let kept = kept.filter(|_| self.is_whole)?;
        let opening = kept.get_or_init(|| Opening::of(self, reach));
        (opening.latest <= t).then_some(*opening)
    }

    /// An instant, now or later, before which caps are known to let nothing pass by a channel.
    pub(crate) fn opens_by(&self, by: &Reach) -> Instant {
        let opening = self.opening(by, self.now);
        opening.map_or(self.now, |opening| opening.opens.max(self.now))
    }
}

impl View<'_, '_> {
    /// When the kept caps open for this view's touch, if `t` is after all that they count.
    #[inline]
    pub(super) fn opening(&self, t: Instant) -> Option<Opening> {
        let reach = self.reach?;
        let opening = self.ask.opening(reach, t)?;
        let fills = |caps: u64| caps != 0 && self.seen.marks().any(|mark| mark.caps & caps != 0);
        Some(Opening {
            is_complete: opening.is_complete && (self.seen.is_empty() || !fills(reach.caps)),
            ..opening
        })
    }
}

#[cfg(test)]
mod tests;
