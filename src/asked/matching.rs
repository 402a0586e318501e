//! Matching: the campaigns that can concern a customer. The one door between the campaigns and everything after.
//!
//! The index of each block of campaigns keeps out what cannot concern the customer; what it lets through is asked. So
//! what comes through the door is exact, whatever the index can read.

use std::sync::Arc;

use super::{
    plan::Match,
    view::{Ask, View},
};
use crate::{
    clock::instant::Instant,
    compiled::{
        campaign::Campaign,
        campaigns::Block,
        condition::{Source, Truth},
        index::{Customer, Index, Possible, Time},
        scalar::Scalar,
    },
};

/// The campaigns that can concern a customer in a stretch of time, by rank, found only as far as they are asked for.
pub(crate) struct Matching<'a> {
    ask: &'a Ask<'a>,
    from: Instant,
    until: Instant,
    blocks: std::slice::Iter<'a, Arc<Block>>,
    /// The number of the next block.
    block: usize,
    campaigns: &'a [Arc<Campaign>],
    possible: Possible,
    /// The index by which time has yet to keep out campaigns of the block; and whether one was asked in full before that.
    untimed: Option<&'a Index>,
    asked: bool,
    /// One that comes whether or not it can concern the customer.
    also: Option<&'a Campaign>,
}

impl<'a> Ask<'a> {
    /// The campaigns whose audience is true or unknown at `from`, or may become true up to `until`, by priority, base
    /// score and id; without those that surely have no occurrence then.
    pub(crate) fn matching(&'a self, from: Instant, until: Instant) -> Matching<'a> {
        Matching {
            ask: self,
            from,
            until,
            blocks: self.compiled.campaigns.blocks().iter(),
            block: 0,
            campaigns: &[],
            possible: Possible::default(),
            untimed: None,
            asked: false,
            also: None,
        }
    }
}

impl<'a> Matching<'a> {
    /// With one campaign in its place, whether or not it can concern the customer.
    pub(crate) fn also(self, campaign: &'a Campaign) -> Self {
        Self {
            also: Some(campaign),
            ..self
        }
    }
}

impl<'a> Iterator for Matching<'a> {
    type Item = Match<'a>;

    fn next(&mut self) -> Option<Match<'a>> {
        loop {
            let Some(number) = self.possible.all.pop() else {
                self.begin_block()?;
                continue;
            };
            let Some(campaign) = self.campaigns.get(number) else {
                continue;
            };
            if !self.comes(campaign) {
                continue;
            }
            if self.possible.surely.has(number) {
                return Some(Match::of_all(campaign));
            }
            if self.asked
                && let Some(index) = self.untimed.take()
            {
                self.possible.all.set(number);
                self.keep_out_by_time(index);
                continue;
            }
            self.asked = true;
            let found = self.concerns(campaign);
            if found.is_some() {
                return found;
            }
        }
    }
}

impl<'a> Matching<'a> {
    /// Of a block, the first campaign that must be asked in full is asked by itself: mostly one before or after it goes. Of
    /// the others time keeps many out at once.
    fn begin_block(&mut self) -> Option<()> {
        let block = self.blocks.next()?;
        self.campaigns = &block.campaigns;
        let ever = || block.index.ever_possible(self);
        let kept = self.ask.bound.ever_possible.get(self.block);
        let ever = kept.map_or_else(ever, |kept| *kept.get_or_init(ever));
        self.possible = block.index.possible(ever, self);
        self.block = self.block.saturating_add(1);
        (self.untimed, self.asked) = (Some(&block.index), false);
        if let Some(number) = self.also.and_then(|also| self.place_of(also)) {
            self.possible.all.set(number);
        }
        Some(())
    }

    fn keep_out_by_time(&mut self, index: &Index) {
        let also = self.also.and_then(|also| self.place_of(also));
        let also = also.filter(|&number| self.possible.all.has(number));
        self.possible = index.possible_in_time(self.possible, self);
        also.into_iter().for_each(|number| self.possible.all.set(number));
    }

    /// The place of a campaign in the block, if it is there.
    fn place_of(&self, campaign: &Campaign) -> Option<usize> {
        let place = campaign.place();
        self.campaigns
            .binary_search_by(|other| other.place().cmp(&place))
            .ok()
    }

    /// Whether a campaign may have an occurrence, as far as time has not kept it out before.
    fn comes(&self, campaign: &'a Campaign) -> bool {
        let fixed = self.untimed.and(campaign.fixed.as_ref());
        let comes = fixed.is_none_or(|occurrence| occurrence.intersects(self.from, self.until));
        comes || self.is_also(campaign)
    }

    /// Whether a campaign comes whether or not it can concern the customer.
    fn is_also(&self, campaign: &Campaign) -> bool {
        self.also.is_some_and(|also| also.id == campaign.id)
    }

    fn concerns(&self, campaign: &'a Campaign) -> Option<Match<'a>> {
        let found = |audience: Option<Truth>| Some(Match { campaign, audience });
        if self.is_also(campaign) {
            return found(None);
        }
        let Some(audience) = &campaign.audience else {
            return Some(Match::of_all(campaign));
        };
        let view = View {
            campaign: Some(campaign),
            ..self.ask.view()
        };
        let reads = campaign.audience_reads;
        let steady = !view.may_change(reads);
        let truth = view.truth(audience, self.from);
        if truth.restrains() {
            return found(steady.then_some(truth));
        }
        // Most campaigns are out for what neither time nor touches can change.
        if view.settled(audience) == Truth::False {
            return None;
        }
        // Touches that the plan places may let a customer in.
        if reads.touches {
            return found(None);
        }
        let mut t = view.next_change(audience, self.from);
        while t <= self.until {
            if view.truth(audience, t).permits() {
                return found(None);
            }
            t = view.next_change(audience, t);
        }
        None
    }
}

impl Customer for Matching<'_> {
    #[inline]
    fn tags(&self) -> impl Iterator<Item = (usize, bool)> {
        let tags = self.ask.bound.tags.iter();
        tags.map(|held| (held.tag, !held.is_timed()))
    }

    #[inline]
    fn value<R>(&self, source: &Source, read: impl FnOnce(Option<&Scalar>) -> R) -> R {
        self.ask.read(source, read)
    }

    #[inline]
    fn time(&self, time: &Time) -> Option<i64> {
        let elapsed = |since: &Source, t: Instant| {
            let at = self.ask.read(since, |value| value.and_then(Scalar::instant));
            at.map(|at| t.since(at))
        };
        match time {
            Time::ElapsedFirst(since) => elapsed(since, self.from),
            Time::ElapsedLast(since) => elapsed(since, self.until),
            Time::First => Some(self.from.0),
            Time::Last => Some(self.until.0),
        }
    }
}

#[cfg(test)]
mod tests;
