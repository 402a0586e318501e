//! Matching: the campaigns that can concern a customer. The one door between the campaigns and everything after.
//!
//! The index of each block of campaigns keeps out what cannot concern the customer; what it lets through is asked. So
//! what comes through the door is exact, whatever the index can read.

use std::sync::Arc;

use super::view::{Ask, View};
use crate::{
    clock::instant::Instant,
    compiled::{
        campaign::Campaign,
        campaigns::Block,
        condition::{Source, Truth},
        index::{Customer, Mask, Subject},
        scalar::Scalar,
    },
};

/// The campaigns that can concern a customer in a stretch of time, by rank, found only as far as they are asked for.
pub(crate) struct Matching<'a> {
    ask: &'a Ask<'a>,
    from: Instant,
    until: Instant,
    blocks: std::slice::Iter<'a, Arc<Block>>,
    campaigns: &'a [Arc<Campaign>],
    possible: Mask,
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
            campaigns: &[],
            possible: Mask::default(),
        }
    }
}

impl<'a> Iterator for Matching<'a> {
    type Item = &'a Campaign;

    fn next(&mut self) -> Option<&'a Campaign> {
        loop {
            while let Some(number) = self.possible.pop() {
                if let Some(campaign) = self.campaigns.get(number)
                    && self.concerns(campaign)
                {
                    return Some(campaign);
                }
            }
            let block = self.blocks.next()?;
            self.campaigns = &block.campaigns;
            self.possible = block.index.possible(self);
        }
    }
}

impl Matching<'_> {
    fn concerns(&self, campaign: &Campaign) -> bool {
        let Some(audience) = &campaign.audience else {
            return true;
        };
        let view = View {
            campaign: Some(campaign),
            ..self.ask.view()
        };
        if view.truth(audience, self.from).restrains() {
            return true;
        }
        // Most campaigns are out for what neither time nor touches can change.
        let reads = campaign.audience_reads;
        if !view.may_change(reads) || view.settled(audience) == Truth::False {
            return false;
        }
        // Touches that the plan places may let a customer in.
        if reads.touches {
            return true;
        }
        let mut t = view.next_change(audience, self.from);
        while t <= self.until {
            if view.truth(audience, t).permits() {
                return true;
            }
            t = view.next_change(audience, t);
        }
        false
    }
}

impl Customer for Matching<'_> {
    fn tags(&self) -> impl Iterator<Item = (usize, bool)> {
        let tags = self.ask.bound.tags.iter();
        tags.map(|held| (held.tag, held.since == Instant::MIN && held.until == Instant::MAX))
    }

    fn value<R>(&self, subject: &Subject, read: impl FnOnce(Option<&Scalar>) -> R) -> R {
        let view = self.ask.view();
        let elapsed = |since: &Source, t: Instant| view.instant(since).map(|at| Scalar::Integer(t.since(at)));
        match subject {
            Subject::Source(source) => read(view.value(source).as_deref()),
            Subject::ElapsedFirst(since) => read(elapsed(since, self.from).as_ref()),
            Subject::ElapsedLast(since) => read(elapsed(since, self.until).as_ref()),
            Subject::First => read(Some(&Scalar::Instant(self.from))),
            Subject::Last => read(Some(&Scalar::Instant(self.until))),
        }
    }
}
