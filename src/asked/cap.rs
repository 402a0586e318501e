//! Frequency caps: how many touches a window of time may hold.

use smallvec::SmallVec;

use super::{bound::Mark, view::View};
use crate::{
    clock::{instant::Instant, wall::days_in_month, zone::Clock},
    compiled::{
        rule::{Cap, Per},
        symbols::Symbol,
    },
    written::{
        calendar::CalendarPeriod,
        rule::{AtMost, GroupedBy},
    },
};

/// The instants of the touches that count, sorted.
pub(crate) type Times = SmallVec<[Instant; 16]>;

/// How much of a cap that refuses is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Used {
    pub(crate) used: usize,
    pub(crate) at_most: usize,
}

/// How a cap refuses at an instant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Full {
    pub(crate) used: Used,
    /// An instant after that one, not after the first at which the cap does not refuse.
    pub(crate) until: Instant,
}

fn number(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

impl Cap {
    /// Whether the cap reads the customer's clock while it is not known.
    #[inline]
    pub(crate) fn needs_zone(&self, view: &View<'_, '_>) -> bool {
        self.reads_clock && view.ask.bound.clocks.is_empty()
    }

    /// How a cap over touches at `times` refuses one more at `t`, if it does.
    pub(crate) fn refuses(&self, view: &View<'_, '_>, times: &[Instant], t: Instant) -> Option<Full> {
        let at_most = self.count();
        let full = |used: usize, until: Instant| {
            let until = if at_most == 0 { Instant::MAX } else { until };
            let used = Used { used, at_most };
            (used.used >= at_most).then_some(Full { used, until })
        };
        match &self.per {
            Per::Rolling(length) => {
                let (end, used) = fullest(times, length.micros, t);
                full(used, leave(times, length.micros, at_most, end))
            }
            Per::Lifetime => full(times.len(), Instant::MAX),
            Per::Calendar(period, zone) => {
                let mut refuses: Option<Full> = None;
                let mut most = 0;
                for &clock in view.ask.clocks(zone) {
                    let held = self.calendar(times, *period, clock, t);
                    most = most.max(held.used.used);
                    if held.used.used >= held.used.at_most {
                        // Every instant before the latest of these changes is in a full period of one of the clocks.
                        let until = refuses.map_or(held.until, |refuses| refuses.until.max(held.until));
                        let used = refuses.map_or(held.used, |refuses| refuses.used);
                        refuses = Some(Full { used, until });
                    }
                }
                let Full { used, until } = refuses?;
                let until = if at_most == 0 { Instant::MAX } else { until };
                Some(Full {
                    used: Used { used: most, ..used },
                    until,
                })
            }
        }
    }

    /// The time that can share a window with `t`: after the first instant and before the second.
    #[inline]
    pub(crate) fn reach(&self, t: Instant) -> (Instant, Instant) {
        (t.minus(self.reach), t.plus(self.reach))
    }

    /// Where a touch at `t` has its place among `others`: the time in which one more would be too many in some window of
    /// `length` that holds both, after the first instant and before the second.
    pub(crate) fn full_around(
        &self,
        others: &[Instant],
        length: i64,
        t: Instant,
    ) -> Option<(Instant, Instant)> {
        // A window with the touch at `t` is full with all but one of the cap's others. The windows that hold `t` end from
        // `t` on and before `t + length`, so that what the full ones cover is one stretch.
        let Some(others_in_full) = self.count().checked_sub(2) else {
            return Some((t.minus(length), t.plus(length)));
        };
        let firsts = others.iter();
        let lasts = others.iter().skip(others_in_full);
        // They end from when the last has come until the first leaves.
        let mut ends = firsts
            .zip(lasts)
            .map(|(first, last)| ((*last).max(t), first.plus(length).min(t.plus(length))))
            .filter(|(from, until)| from < until);
        let (from, until) = ends.next()?;
        let (_, until) = ends.next_back().unwrap_or((from, until));
        Some((from.minus(length), until))
    }

    #[inline]
    pub(crate) fn count(&self) -> usize {
        match self.at_most {
            AtMost::Count(count) => number(count),
            AtMost::DaysInMonth => usize::MAX,
        }
    }

    /// How many touches a window may hold at the least: no month has fewer than 28 days.
    #[inline]
    pub(crate) fn least(&self) -> usize {
        match self.at_most {
            AtMost::Count(count) => number(count),
            AtMost::DaysInMonth => 28,
        }
    }

    /// How many touches the local period of `t` holds, and may hold, and until when at least it lasts.
    pub(crate) fn calendar(
        &self,
        times: &[Instant],
        period: CalendarPeriod,
        clock: Clock,
        t: Instant,
    ) -> Full {
        let stretch = clock.period(period, t);
        let used = match stretch.instants {
            Some((start, end)) => {
                let before = times.partition_point(|&at| at < start);
                let inside = times.get(before..).unwrap_or_default();
                inside.partition_point(|&at| at < end)
            }
            // The clock is set back or forward in it.
            None => times
                .iter()
                .filter(|&&at| stretch.days.contains(&clock.day(at)))
                .count(),
        };
        let at_most = match self.at_most {
            AtMost::Count(count) => number(count),
            AtMost::DaysInMonth => number(days_in_month(stretch.days.start)),
        };
        Full {
            used: Used { used, at_most },
            until: stretch.change,
        }
    }
}

/// Where the window of `length` that ends at `end` holds `at_most` touches or more, and so do those that end later: the
/// instant at which they let one more in.
pub(crate) fn leave(times: &[Instant], length: i64, at_most: usize, end: Instant) -> Instant {
    let inside = times.partition_point(|&at| at <= end);
    // Every window that ends from `end` on is as full until the oldest of its last `at_most` touches leaves.
    let oldest = inside.checked_sub(at_most).and_then(|index| times.get(index));
    oldest.map_or(Instant::MAX, |at| at.plus(length))
}

/// Of the half-open windows `(u − length, u]` that contain `t`, the latest with the most touches: its end and how many.
pub(crate) fn fullest(times: &[Instant], length: i64, t: Instant) -> (Instant, usize) {
    let mut from = times.partition_point(|&at| at <= t.minus(length));
    let mut to = times.partition_point(|&at| at <= t);
    let mut best = (t, to.saturating_sub(from));
    // Each touch after `t` ends another window, as long as that reaches back to `t`.
    while let Some(&end) = times.get(to).filter(|&&end| end < t.plus(length)) {
        while times.get(to).is_some_and(|&at| at <= end) {
            to = to.saturating_add(1);
        }
        while times.get(from).is_some_and(|&at| at <= end.minus(length)) {
            from = from.saturating_add(1);
        }
        let held = to.saturating_sub(from);
        if held >= best.1 {
            best = (end, held);
        }
    }
    best
}

impl<'a> View<'a, '_> {
    /// The dimension by which a cap counts apart, with the candidate's value in it. `None` where there is no variant.
    #[inline]
    pub(crate) fn group(
        &self,
        by: Option<GroupedBy>,
        content: Option<Symbol>,
    ) -> Option<Option<(GroupedBy, Symbol)>> {
        let Some(by) = by else { return Some(None) };
        let symbol = match by {
            GroupedBy::Channel => self.reach?.symbol,
            GroupedBy::Purpose => self.campaign?.purpose,
            GroupedBy::Campaign => self.campaign?.symbol,
            GroupedBy::Sender => self.sender_symbol(),
            GroupedBy::Content => content?,
        };
        Some(Some((by, symbol)))
    }

    pub(crate) fn sender_symbol(&self) -> Symbol {
        let sender = self.sender.and_then(|number| self.ask.bound.senders.get(number));
        sender.map_or(Symbol::ABSENT, |&(_, symbol)| symbol)
    }
}

impl Mark {
    #[inline]
    pub(crate) fn dimension(&self, by: GroupedBy) -> Symbol {
        match by {
            GroupedBy::Channel => self.channel,
            GroupedBy::Purpose => self.purpose,
            GroupedBy::Campaign => self.campaign,
            GroupedBy::Sender => self.sender,
            GroupedBy::Content => self.content,
        }
    }
}
