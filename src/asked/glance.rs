//! Caps at a glance: what a look at the few touches near an instant tells, without a list that is kept.

use super::{bound::Mark, cap::Times, recent::Recent, view::View};
use crate::{
    clock::instant::Instant,
    compiled::{
        campaign::Reach,
        rule::{Cap, Per},
        symbols::Symbol,
    },
    written::rule::{AtMost, GroupedBy},
};

/// Among more placed touches than these a list that is kept is faster.
const FEW: usize = 4;

/// So many touches of the history are not looked at one by one.
const MANY: usize = 12;

/// What is seen of a cap at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Glance {
    /// One more passes.
    Room,
    /// None passes before this instant; then, perhaps.
    Full(Instant),
}

impl View<'_, '_> {
    /// How a cap takes one more at `t`, where that is known without looking.
    #[inline]
    pub(crate) fn known_glance(&self, cap: &Cap, t: Instant) -> Option<Glance> {
        let reach = self.reach?;
        let recent = self.ask.known_recent(cap.place_by(reach.channel)?)?;
        if self.seen.may_count(cap, reach.symbol) {
            return None;
        }
        let opens = recent.opens_after(t)?;
        Some(if opens <= t {
            Glance::Room
        } else {
            Glance::Full(opens)
        })
    }

    /// How a cap takes one more at `t`, where a glance tells.
    pub(crate) fn glance(&self, cap: &Cap, content: Option<Symbol>, t: Instant) -> Option<Glance> {
        self.known_glance(cap, t)
            .or_else(|| self.look_around(cap, content, t))
    }

    /// As [`View::glance`], where it is not known without looking.
    pub(crate) fn look_around(&self, cap: &Cap, content: Option<Symbol>, t: Instant) -> Option<Glance> {
        if cap.needs_zone(self) || self.seen.count() > FEW {
            return None;
        }
        let Some(group) = self.group(cap.grouped_by, content) else {
            return Some(Glance::Room);
        };
        if cap.least() == 0 {
            return Some(Glance::Full(Instant::MAX));
        }
        let recent = self.reach.and_then(|reach| self.ask.recent(cap, reach));
        let after_all = recent.filter(|recent| recent.latest() <= t);
        let seen = after_all.and_then(|recent| self.after_all(recent, cap, group, t));
        seen.or_else(|| self.look(cap, group, t))
    }

    /// As [`View::glance`], by the latest touches of the history, all of which are before `t`.
    #[inline]
    fn after_all(
        &self,
        recent: &Recent,
        cap: &Cap,
        group: Option<(GroupedBy, Symbol)>,
        t: Instant,
    ) -> Option<Glance> {
        // The oldest of so many that, with those placed, there may be no more in one window; where those placed are as many
        // by themselves, none is old enough.
        let oldest = |placed: usize| match cap.least().saturating_sub(placed).checked_sub(1) {
            Some(others) => recent.nth(others),
            None => Some(Instant::MAX),
        };
        if cap.at_most == AtMost::DaysInMonth {
            return None;
        }
        match &cap.per {
            Per::Calendar(period, zone) => {
                let [clock] = self.ask.clocks(zone) else {
                    return None;
                };
                let (start, end) = clock.period(*period, t).instants?;
                let inside = self.placed_between(cap, group, (start.minus(1), end)).count();
                let full = oldest(inside)? >= start;
                Some(if full { Glance::Full(end) } else { Glance::Room })
            }
            Per::Rolling(length) => {
                let (after, before) = cap.reach(t);
                let near = self.placed_between(cap, group, (after, before)).count();
                match oldest(near)? {
                    oldest if oldest <= after => Some(Glance::Room),
                    oldest if near == 0 => Some(Glance::Full(oldest.plus(length.micros))),
                    _ => None,
                }
            }
            Per::Lifetime => None,
        }
    }

    /// The placed touches that a cap counts in a group after an instant and before another one.
    fn placed_between(
        &self,
        cap: &Cap,
        group: Option<(GroupedBy, Symbol)>,
        (after, before): (Instant, Instant),
    ) -> impl Iterator<Item = Instant> {
        let inside = move |mark: &&Mark| after < mark.at && mark.at < before && cap.counts(group, mark);
        self.seen.marks().filter(inside).map(|mark| mark.at)
    }

    /// As [`View::glance`], by counting what is near.
    #[inline(never)]
    fn look(&self, cap: &Cap, group: Option<(GroupedBy, Symbol)>, t: Instant) -> Option<Glance> {
        let mut times = Times::new();
        self.few_between(cap, group, self.reach, cap.reach(t), &mut times)?;
        if times.len() < cap.least() {
            return Some(Glance::Room);
        }
        times.sort_unstable();
        let full = cap.refuses(self, &times, t);
        Some(full.map_or(Glance::Room, |full| Glance::Full(full.until)))
    }

    /// Adds the touches that a cap counts in a group, by a channel, after an instant and before another one; if they are
    /// few.
    pub(super) fn few_between(
        &self,
        cap: &Cap,
        group: Option<(GroupedBy, Symbol)>,
        reach: Option<&Reach>,
        (after, before): (Instant, Instant),
        times: &mut Times,
    ) -> Option<()> {
        let recent = reach.and_then(|reach| self.ask.recent(cap, reach));
        if let Some(recent) = recent.and_then(|recent| recent.all_after(after)) {
            times.extend(recent.iter().copied().filter(|&at| at < before));
        } else {
            let marks: &[Mark] = &self.ask.marks;
            let end = marks.partition_point(|mark| mark.at < before);
            let latest = marks.get(..end).unwrap_or_default().iter().rev();
            for (number, mark) in latest.take_while(|mark| mark.at > after).enumerate() {
                if number >= MANY {
                    return None;
                }
                if cap.counts(group, mark) {
                    times.push(mark.at);
                }
            }
        }
        times.extend(self.placed_between(cap, group, (after, before)));
        Some(())
    }
}

#[cfg(test)]
pub(in crate::asked) mod tests;
