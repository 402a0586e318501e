//! The respect of what is placed: a lower touch may not displace a higher one.

use std::cell::{Ref, RefCell};

use smallvec::SmallVec;

use super::{
    bound::Mark,
    cap::Times,
    seen::Seen,
    tally::Tally,
    view::{Ask, View},
};
use crate::{
    clock::{
        instant::{HORIZON, Instant},
        wall::{Day, days_of},
        zone::Clock,
    },
    compiled::{
        campaign::{Campaign, Reach},
        occurrence::Occurrence,
        rule::{Cap, Effect, Per},
        symbols::Symbol,
    },
    written::{condition::Status, rule::GroupedBy},
};

/// A touch that the plan has placed.
#[derive(Debug, Clone)]
pub(crate) struct Placed<'a> {
    pub(crate) campaign: &'a Campaign,
    pub(crate) occurrence: Occurrence,
    pub(crate) reach: &'a Reach,
    pub(crate) sender: Option<usize>,
    pub(crate) mark: Mark,
    /// Whether it was seen to displace none of those that all see.
    pub(crate) respects: bool,
    /// How it stands among others, as it was last asked.
    pub(crate) stand: RefCell<Stand<'a>>,
}

/// How a placed touch stands among others.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stand<'a> {
    /// Among how many of those that all see; none if this was asked of others too, or never.
    among: Option<usize>,
    /// Whether it passes at its own instant. If not, nothing can displace it.
    passes: bool,
    /// The times at which one more touch that a cap counts would be one too many for it.
    full: SmallVec<[(&'a Cap, FullTime); 2]>,
}

/// A time in which a cap is full, as long as it holds a placed touch.
#[derive(Debug, Clone, Copy)]
enum FullTime {
    /// After the first instant and before the second.
    Between(Instant, Instant),
    /// While a clock shows a day from the first to the second, excluded.
    Days(Clock, Day, Day),
}

impl FullTime {
    fn holds(self, t: Instant) -> bool {
        match self {
            Self::Between(after, before) => after < t && t < before,
            Self::Days(clock, first, next) => (first..next).contains(&clock.day(t)),
        }
    }

    /// Where it holds at `t`: an instant after `t`, not after the first at which it does not.
    fn escape(self, t: Instant) -> Instant {
        match self {
            Self::Between(_, before) => before,
            Self::Days(clock, _, next) => clock.change_before(next, t),
        }
    }
}

impl<'a> View<'a, '_> {
    /// This view's touch as others would see it, were it placed at `t` with a content.
    pub(crate) fn mark(&self, t: Instant, content: Symbol) -> Mark {
        Mark {
            at: t,
            channel: self.reach.map_or(Symbol::ABSENT, |reach| reach.symbol),
            purpose: self.campaign.map_or(Symbol::ABSENT, |campaign| campaign.purpose),
            campaign: self.campaign.map_or(Symbol::ABSENT, |campaign| campaign.symbol),
            caps: self.reach.map_or(0, |reach| reach.counted_by),
            occurrences: self
                .occurrence
                .iter()
                .map(|occurrence| occurrence.symbol)
                .collect(),
            sender: self.sender_symbol(),
            content,
            status: Status::Sent,
            responses: smallvec::SmallVec::new(),
            rank: self.rank,
        }
    }

    fn candidate(&self, t: Instant) -> Mark {
        self.mark(t, self.content_symbol(t).unwrap_or(Symbol::ABSENT))
    }

    /// Whether, with this touch placed at `t`, a touch placed above would be refused at its own instant, though it is not
    /// without it. An answer is always given, and displaces nothing.
    pub(crate) fn displaces(&self, t: Instant) -> bool {
        if self.seen.is_empty() || !self.respects() {
            return false;
        }
        // Nothing of it is counted or seen by what is placed.
        let counted_by = self.reach.map_or(u64::MAX, |reach| reach.counted_by);
        if self.seen.placed().all(|placed| placed.passes_over(counted_by)) {
            return false;
        }
        if let Some(until) = self.known_to_respect(t) {
            return until > t;
        }
        let candidate = self.candidate(t);
        self.seen
            .placed()
            .any(|placed| placed.is_displaced(self, &candidate))
    }

    /// The first instant from `t` on, up to `limit`, at which this touch would displace nothing.
    pub(crate) fn respects_from(&self, t: Instant, limit: Instant) -> Option<Instant> {
        if self.seen.is_empty() || !self.respects() {
            return (t <= limit).then_some(t);
        }
        let until = match self.known_to_respect(t) {
            Some(until) => until,
            None => {
                // No further than any question goes, so that the answer serves the next.
                let limit = self.ask.now.plus(HORIZON).max(limit);
                let until = self.known_to_displace(t);
                let until = self.find_respect(until, limit).unwrap_or(Instant::MAX);
                if let (Some(tally), Some(reach), Some(campaign)) = (self.alike(), self.reach, self.campaign)
                {
                    let placed = self.seen.placed.len();
                    tally.note_respects(reach.symbol, campaign.purpose, placed, t, until);
                }
                until
            }
        };
        (until <= limit).then_some(until)
    }

    /// What was found for another touch of this channel and purpose, where no more is asked of them.
    fn known_to_respect(&self, t: Instant) -> Option<Instant> {
        let placed = self.seen.placed.len();
        self.alike()?
            .respects(self.reach?.symbol, self.campaign?.purpose, placed, t)
    }

    /// Up to when it surely displaces some, from `t` on: among fewer placed touches it did.
    fn known_to_displace(&self, t: Instant) -> Instant {
        let known = || {
            let placed = self.seen.placed.len();
            self.alike()?
                .displaces(self.reach?.symbol, self.campaign?.purpose, placed, t)
        };
        known().unwrap_or(t)
    }

    /// Where what is found serves all touches of the same channel and purpose: if no cap tells them apart, and no placed
    /// touch is judged by conditions that could.
    fn alike(&self) -> Option<&Tally<'a>> {
        let (tally, placed, without) = self.seen.tallied()?;
        let alike = without.is_none()
            && !self.ask.compiled.mentions.caps_tell_apart
            && placed
                .iter()
                .all(|placed| placed.respects && !placed.campaign.judged_by_touches);
        alike.then_some(tally)
    }

    fn find_respect(&self, t: Instant, limit: Instant) -> Option<Instant> {
        let mut candidate = self.candidate(t);
        let mut content_until = self.variant_change(t);
        // One after the other lets it go, until none stands in its way at the same instant.
        let mut free = 0_usize;
        for placed in self.seen.placed_over_and_over() {
            if candidate.at > limit {
                return None;
            }
            if placed.is_displaced(self, &candidate) {
                let freed = placed.freed_after(self, &candidate).min(content_until);
                if freed >= content_until {
                    candidate = self.candidate(freed);
                    content_until = self.variant_change(freed);
                }
                candidate.at = freed;
                free = 0;
            } else {
                free = free.saturating_add(1);
            }
            if free >= self.seen.count() {
                break;
            }
        }
        (candidate.at <= limit).then_some(candidate.at)
    }

    fn respects(&self) -> bool {
        self.campaign.is_none_or(|campaign| campaign.needs_consent)
    }

    /// Whether what is seen here displaces none of the touches that all see: it was asked, and of no others besides.
    pub(crate) fn respects_all(&self) -> bool {
        self.respects() && self.seen.shared().is_some()
    }
}

impl<'a> Placed<'a> {
    /// This touch's own view among what another view sees, with the other's touch or without.
    fn view<'v>(&self, from: &View<'a, 'v>, with: Option<&'v Mark>) -> View<'a, 'v> {
        View {
            ask: from.ask,
            campaign: Some(self.campaign),
            audience: None,
            occurrence: Some(self.occurrence),
            reach: Some(self.reach),
            sender: self.sender,
            rank: self.mark.rank,
            seen: Seen {
                without: self.mark.rank,
                with,
                ..from.seen
            },
        }
    }

    /// Whether the conditions that judge this touch can see the candidate.
    fn sees(&self, candidate: &Mark) -> bool {
        self.campaign.judged_by_touches && candidate.at < self.mark.at
    }

    /// Whether this touch is refused at its own instant once the candidate is placed, though it is not without it.
    fn is_displaced(&self, from: &View<'a, '_>, candidate: &Mark) -> bool {
        if self.sees(candidate) {
            return self.stand(from).passes
                && !self.view(from, Some(candidate)).passes_unreserved(self.mark.at);
        }
        // How it stands costs more to find.
        if self.stand.borrow().among != from.seen.shared_count() && !self.may_crowd(candidate, from) {
            return false;
        }
        let stand = self.stand(from);
        stand.passes && self.crowded(&stand, candidate).next().is_some()
    }

    /// Whether some cap may count another touch in a window with this one.
    fn meets(&self, other: &Mark, ask: &Ask<'_>) -> bool {
        self.sharing(other, ask).next().is_some()
    }

    /// Whether some cap may count so many touches near this one that one more would be too many.
    fn may_crowd(&self, other: &Mark, from: &View<'a, '_>) -> bool {
        self.sharing(other, from.ask).any(|cap| {
            let group = self.group(cap);
            let near = cap.reach(self.mark.at);
            let mut others = Times::new();
            let few = from.few_between(cap, group, Some(self.reach), near, &mut others);
            // This one counts as one whether or not the cap counts it.
            let itself = usize::from(!cap.counts(None, &self.mark));
            few.is_none() || others.len().saturating_add(itself) >= cap.least()
        })
    }

    /// The caps that may count another touch in a window with this one.
    fn sharing<'o>(&'o self, other: &'o Mark, ask: &'o Ask<'_>) -> impl Iterator<Item = &'a Cap> + 'o {
        let reach = Some(self.reach).filter(|_| self.may_be_counted_with(other.caps));
        let caps = reach
            .into_iter()
            .flat_map(Reach::all_rules)
            .filter_map(|rule| rule.cap());
        caps.filter(move |cap| self.shares(cap, other, ask))
    }

    /// Whether some cap that judges this touch may count another one, which these caps count.
    fn may_be_counted_with(&self, counted_by: u64) -> bool {
        self.reach.caps & counted_by != 0 || self.reach.has_other_caps
    }

    /// The group in which a cap counts for this touch.
    fn group(&self, cap: &Cap) -> Option<(GroupedBy, Symbol)> {
        cap.grouped_by.map(|by| (by, self.mark.dimension(by)))
    }

    /// Where the candidate displaces this touch: an instant after it, not after the first at which it would not.
    fn freed_after(&self, from: &View<'a, '_>, candidate: &Mark) -> Instant {
        let at = self.mark.at;
        let stand = self.stand(from);
        if self.sees(candidate) {
            // Conditions no longer see what comes after; and a window that holds both holds what is between them too.
            // A condition that looks back a while no longer misses what comes right after the start of that while.
            let looks_back = &from.ask.compiled.mentions.looks_back;
            let seen = looks_back
                .iter()
                .map(|&within| at.minus(within).plus(1))
                .filter(|&seen| seen > candidate.at);
            let view = self.view(from, None);
            let caps = view.rules().filter_map(|rule| rule.cap());
            let calendars = caps.map(|cap| cap.calendar_change(&view, candidate.at));
            return calendars.chain(seen).chain([at]).min().unwrap_or(at);
        }
        // All of the caps must have room.
        let freed = self
            .crowded(&stand, candidate)
            .map(|full| full.escape(candidate.at));
        freed.max().unwrap_or(Instant::MAX)
    }

    /// The full times in which the candidate would be.
    fn crowded(&self, stand: &Stand<'a>, candidate: &Mark) -> impl Iterator<Item = FullTime> {
        let full = stand.full.iter();
        let full =
            full.filter(|(cap, full)| full.holds(candidate.at) && cap.counts(self.group(cap), candidate));
        full.map(|&(_, full)| full)
    }

    /// How this touch stands among what a view sees.
    fn stand(&self, from: &View<'a, '_>) -> Ref<'_, Stand<'a>> {
        let among = from.seen.shared_count();
        if among.is_none() || self.stand.borrow().among != among {
            let stand = self.stand_anew(from, among);
            *self.stand.borrow_mut() = stand;
        }
        self.stand.borrow()
    }

    /// Keeps how it stands where one more placed touch cannot matter to it.
    pub(crate) fn beside(&self, other: &Self, placed: usize, ask: &Ask<'_>) {
        let mut stand = self.stand.borrow_mut();
        let matters = self.campaign.judged_by_touches || self.meets(&other.mark, ask);
        if !matters && stand.among == Some(placed) {
            stand.among = Some(placed.saturating_add(1));
        }
    }

    /// Whether it surely takes no notice of a touch that these caps count.
    fn passes_over(&self, counted_by: u64) -> bool {
        !self.may_be_counted_with(counted_by) && !self.campaign.judged_by_touches
    }

    /// Whether a cap may count another touch in a window with this one.
    fn shares(&self, cap: &Cap, other: &Mark, ask: &Ask<'_>) -> bool {
        let this = &self.mark;
        cap.counts(self.group(cap), other)
            && match &cap.per {
                Per::Calendar(period, zone) => ask
                    .clocks(zone)
                    .iter()
                    .any(|&clock| clock.period(*period, this.at).days.contains(&clock.day(other.at))),
                Per::Rolling(_) | Per::Lifetime => {
                    let (after, before) = cap.reach(this.at);
                    after < other.at && other.at < before
                }
            }
    }

    fn stand_anew(&self, from: &View<'a, '_>, among: Option<usize>) -> Stand<'a> {
        let at = self.mark.at;
        let alone = self.view(from, None);
        // It did when it was placed among these, and what was placed since respects it.
        let since = from.seen.placed.iter().rev();
        let mut since = since.take_while(|placed| placed.mark.rank >= self.mark.rank);
        let known = among.is_some() && since.all(|placed| placed.respects);
        let passes = known || alone.passes_unreserved(at);
        let mut full = SmallVec::new();
        for rule in alone.rules().filter(|rule| passes && !rule.observe) {
            if let Effect::Cap(cap) = &rule.then
                && alone.holds(rule.when.as_ref(), at).restrains()
            {
                alone.capped_times(cap, Some(self.mark.content), at, |others| {
                    cap.full(&alone, others.times, at, |time| full.push((cap, time)));
                });
            }
        }
        Stand { among, passes, full }
    }
}

impl Cap {
    /// The next instant after `t` at which a period of the cap's calendar may change.
    fn calendar_change(&self, view: &View<'_, '_>, t: Instant) -> Instant {
        match &self.per {
            Per::Calendar(period, zone) => {
                let clocks = view.ask.clocks(zone).iter();
                let changes = clocks.map(|&clock| clock.period_change(*period, t));
                changes.min().unwrap_or(Instant::MAX)
            }
            Per::Rolling(_) | Per::Lifetime => Instant::MAX,
        }
    }

    /// The times in which one more touch would be too many for one at `t` that has its place among `others`.
    fn full(&self, view: &View<'_, '_>, others: &[Instant], t: Instant, mut found: impl FnMut(FullTime)) {
        let at_most = self.count();
        match &self.per {
            Per::Rolling(length) => {
                if let Some((after, before)) = self.full_around(others, length.micros, t) {
                    found(FullTime::Between(after, before));
                }
            }
            Per::Calendar(period, zone) => {
                for &clock in view.ask.clocks(zone) {
                    let held = self.calendar(others, *period, clock, t).used;
                    if held.used.saturating_add(1) >= held.at_most {
                        let (first, next) = days_of(*period, clock.day(t));
                        found(FullTime::Days(clock, first, next));
                    }
                }
            }
            Per::Lifetime => {
                if others.len().saturating_add(1) >= at_most {
                    found(FullTime::Between(Instant::MIN, Instant::MAX));
                }
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
