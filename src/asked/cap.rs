//! Frequency caps: how many touches a window of time may hold.

use smallvec::SmallVec;

use super::{bound::Mark, view::View};
use crate::{
    clock::{
        instant::{DAY, Instant},
        wall::{Day, days_in_month, days_of},
        zone::Clock,
    },
    compiled::{
        rule::{Cap, Per, Zone},
        symbols::Symbol,
    },
    written::{
        calendar::CalendarPeriod,
        rule::{AtMost, GroupedBy},
    },
};

/// The instants of the touches that count, sorted.
pub(crate) type Times = SmallVec<[Instant; 32]>;

/// A cap that refuses: how much of it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Used {
    pub(crate) used: usize,
    pub(crate) at_most: usize,
}

fn number(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

impl Cap {
    /// Whether the cap reads the customer's clock while it is not known.
    pub(crate) fn needs_zone(&self, view: &View<'_, '_>) -> bool {
        matches!(self.per, Per::Calendar(_, Zone::Customer)) && view.ask.bound.clocks.is_empty()
    }

    /// How a cap over touches at `times` refuses one more at `t`, if it does.
    pub(crate) fn refuses(&self, view: &View<'_, '_>, times: &Times, t: Instant) -> Option<Used> {
        match &self.per {
            Per::Rolling(length) => {
                let at_most = self.count();
                let (_, used) = fullest(times, length.micros, t);
                (used >= at_most).then_some(Used { used, at_most })
            }
            Per::Lifetime => {
                let at_most = self.count();
                (times.len() >= at_most).then_some(Used {
                    used: times.len(),
                    at_most,
                })
            }
            Per::Calendar(period, zone) => {
                let mut refusing = None;
                let mut most = 0;
                for &clock in view.ask.clocks(zone) {
                    let (used, at_most) = self.calendar(times, *period, clock, t);
                    most = most.max(used);
                    if used >= at_most && refusing.is_none() {
                        refusing = Some(at_most);
                    }
                }
                refusing.map(|at_most| Used { used: most, at_most })
            }
        }
    }

    /// Where the cap refuses at `t`: an instant after `t`, not after the first at which it does not.
    pub(crate) fn escape(&self, view: &View<'_, '_>, times: &Times, t: Instant) -> Instant {
        if self.at_most == AtMost::Count(0) {
            return Instant::MAX;
        }
        match &self.per {
            Per::Rolling(length) => leave(times, length.micros, self.count(), t),
            Per::Lifetime => Instant::MAX,
            Per::Calendar(period, zone) => {
                let full = view.ask.clocks(zone).iter().filter(|&&clock| {
                    let (used, at_most) = self.calendar(times, *period, clock, t);
                    used >= at_most
                });
                // Every instant before the latest of these changes is in a full period of one of the clocks.
                full.map(|&clock| clock.period_change(*period, t))
                    .max()
                    .unwrap_or(Instant::MAX)
            }
        }
    }

    fn count(&self) -> usize {
        match self.at_most {
            AtMost::Count(count) => number(count),
            AtMost::DaysInMonth => usize::MAX,
        }
    }

    /// How many touches the local period of `t` holds, and may hold.
    fn calendar(&self, times: &Times, period: CalendarPeriod, clock: Clock, t: Instant) -> (usize, usize) {
        let day = clock.day(t);
        let (first, next) = days_of(period, day);
        let inside = |at: Instant| -> bool {
            let day: Day = clock.day(at);
            first <= day && day < next
        };
        // Nothing further away than the period and two days is inside: no clock is set back or forward by more.
        let reach = next.saturating_sub(first).saturating_add(2).saturating_mul(DAY);
        let from = times.partition_point(|&at| at < t.minus(reach));
        let near = times.iter().skip(from).take_while(|&&at| at <= t.plus(reach));
        let used = near.filter(|&&at| inside(at)).count();
        let at_most = match self.at_most {
            AtMost::Count(count) => number(count),
            AtMost::DaysInMonth => number(days_in_month(day)),
        };
        (used, at_most)
    }
}

/// Where a window of `length` that contains `t` holds `at_most` touches or more: the instant at which the fullest and
/// latest of these windows lets one more in.
pub(crate) fn leave(times: &Times, length: i64, at_most: usize, t: Instant) -> Instant {
    let (end, _) = fullest(times, length, t);
    let inside = times.partition_point(|&at| at <= end);
    // Every window that ends from `end` on is as full until the oldest of its last `at_most` touches leaves.
    let oldest = inside.checked_sub(at_most).and_then(|index| times.get(index));
    oldest.map_or(Instant::MAX, |at| at.plus(length))
}

/// Of the half-open windows `(u − length, u]` that contain `t`, the latest with the most touches: its end and how many.
pub(crate) fn fullest(times: &Times, length: i64, t: Instant) -> (Instant, usize) {
    let count = |end: Instant| {
        let from = times.partition_point(|&at| at <= end.minus(length));
        let to = times.partition_point(|&at| at <= end);
        to.saturating_sub(from)
    };
    let later = times.partition_point(|&at| at <= t);
    times
        .iter()
        .skip(later)
        .take_while(|&&at| at < t.plus(length))
        .map(|&end| (end, count(end)))
        .fold(
            (t, count(t)),
            |best, found| if found.1 >= best.1 { found } else { best },
        )
}

impl<'a> View<'a, '_> {
    /// The counted touches, of the history and placed, that a cap counts against a candidate with this content; `None`
    /// where a cap by content has no content to count by.
    pub(crate) fn capped_times(&self, cap: &Cap, content: Option<Symbol>) -> Option<Times> {
        let group = self.group(cap.grouped_by, content)?;
        let counts = |mark: &&Mark| {
            mark.counted()
                && cap.counting.holds(mark.channel, mark.purpose, mark.campaign)
                && group.is_none_or(|(by, symbol)| mark.dimension(by) == symbol)
        };
        let marks = self.ask.marks.iter().chain(self.placed).filter(counts);
        Some(sorted(marks.map(|mark| mark.at)))
    }

    /// The dimension by which a cap counts apart, with the candidate's value in it. `None` where there is no variant.
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

pub(crate) fn sorted(times: impl Iterator<Item = Instant>) -> Times {
    let mut times: Times = times.collect();
    // Those of the history come sorted, those placed after them.
    if !times.is_sorted() {
        times.sort_unstable();
    }
    times
}

impl Mark {
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
