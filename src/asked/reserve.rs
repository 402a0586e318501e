//! The respect of what is placed: a lower touch may not displace a higher one.

use super::{
    bound::Mark,
    occurrence::Occurrence,
    view::{Ask, View},
};
use crate::{
    clock::instant::Instant,
    compiled::{
        campaign::{Campaign, Reach},
        rule::{Cap, Effect, Per, Rule},
        symbols::Symbol,
    },
    written::condition::Status,
};

/// A touch that the plan has placed.
#[derive(Debug, Clone)]
pub(crate) struct Placed<'a> {
    pub(crate) campaign: &'a Campaign,
    pub(crate) occurrence: &'a Occurrence,
    pub(crate) reach: &'a Reach,
    pub(crate) sender: Option<usize>,
    pub(crate) mark: Mark,
}

impl<'a> View<'a, '_> {
    /// This view's touch as others would see it, were it placed at `t`.
    pub(crate) fn mark(&self, t: Instant) -> Mark {
        Mark {
            at: t,
            channel: self.reach.map_or(Symbol::ABSENT, |reach| reach.symbol),
            purpose: self.campaign.map_or(Symbol::ABSENT, |campaign| campaign.purpose),
            campaign: self.campaign.map_or(Symbol::ABSENT, |campaign| campaign.symbol),
            occurrences: self
                .occurrence
                .iter()
                .map(|occurrence| occurrence.symbol)
                .collect(),
            sender: self.sender_symbol(),
            content: self.content_symbol(t).unwrap_or(Symbol::ABSENT),
            status: Status::Sent,
            responses: smallvec::SmallVec::new(),
            rank: self.rank,
        }
    }

    /// Whether, with this touch placed at `t`, a touch placed above would be refused at its own instant, though it is not
    /// without it. An answer is always given, and displaces nothing.
    pub(crate) fn displaces(&self, t: Instant) -> bool {
        if self.above.is_empty() || !self.respects() {
            return false;
        }
        let candidate = self.mark(t);
        self.above
            .iter()
            .any(|placed| placed.is_displaced(self, &candidate))
    }

    /// Where this touch displaces others at `t`: an instant after `t`, not after the first at which it does not.
    pub(crate) fn displacement_change(&self, t: Instant) -> Instant {
        let candidate = self.mark(t);
        let displaced = self
            .above
            .iter()
            .filter(|placed| placed.is_displaced(self, &candidate));
        // All of them must be let go.
        let change = displaced
            .map(|placed| placed.freed_after(self, &candidate))
            .max()
            .unwrap_or(Instant::MAX);
        change.min(self.variant_change(t))
    }

    fn respects(&self) -> bool {
        self.campaign.is_none_or(|campaign| campaign.needs_consent)
    }
}

impl<'a> Placed<'a> {
    /// This touch's own view, where the plan sees `others`.
    fn view<'v>(&self, ask: &'a Ask<'a>, others: &'v [Mark]) -> View<'a, 'v> {
        View {
            ask,
            campaign: Some(self.campaign),
            occurrence: Some(self.occurrence),
            reach: Some(self.reach),
            sender: self.sender,
            rank: self.mark.rank,
            placed: others,
            above: &[],
        }
    }

    /// The caps of this touch that count the candidate in some window with it.
    fn shared_caps(&self, ask: &'a Ask<'a>, candidate: &Mark) -> impl Iterator<Item = &'a Rule> {
        let view = self.view(ask, &[]);
        view.rules().filter(move |rule| match &rule.then {
            Effect::Cap(cap) => {
                !rule.observe
                    && cap
                        .counting
                        .holds(candidate.channel, candidate.purpose, candidate.campaign)
                    && cap
                        .grouped_by
                        .is_none_or(|by| self.mark.dimension(by) == candidate.dimension(by))
                    && cap.reaches(&view, self.mark.at, candidate.at)
            }
            _ => false,
        })
    }

    /// Whether this touch is refused at its own instant once the candidate is placed, though it is not without it. What
    /// the candidate cannot matter to is not asked again.
    fn is_displaced(&self, from: &View<'a, '_>, candidate: &Mark) -> bool {
        let ask = from.ask;
        let at = self.mark.at;
        let conditions = self.campaign.judged_by_touches && candidate.at <= at;
        if !conditions && self.shared_caps(ask, candidate).next().is_none() {
            return false;
        }
        let mut others: Vec<Mark> = from
            .placed
            .iter()
            .filter(|mark| mark.rank != self.mark.rank)
            .cloned()
            .collect();
        others.push(candidate.clone());
        let with = self.view(ask, &others);
        let refused = if conditions {
            !with.passes_unreserved(at)
        } else {
            self.shared_caps(ask, candidate)
                .any(|rule| with.rule_refusal(rule, at).is_some())
        };
        others.pop();
        refused && self.view(ask, &others).passes_unreserved(at)
    }

    /// Where the candidate displaces this touch: an instant after it, not after the first at which it would not.
    fn freed_after(&self, from: &View<'a, '_>, candidate: &Mark) -> Instant {
        let at = self.mark.at;
        if candidate.at < at {
            // Conditions no longer see what comes after; and a window that holds both holds what is between them too.
            // A condition that looks back a while no longer misses what comes right after the start of that while.
            let looks_back = from
                .ask
                .compiled
                .looks_back
                .iter()
                .filter(|_| self.campaign.judged_by_touches);
            let seen = looks_back
                .map(|&within| at.minus(within).plus(1))
                .filter(|&seen| seen > candidate.at);
            let caps = self.shared_caps(from.ask, candidate).filter_map(cap_of);
            let changes = caps.map(|cap| cap.calendar_change(from, candidate.at));
            return changes.chain(seen).chain([at]).min().unwrap_or(at);
        }
        let mut next = Instant::MAX;
        for cap in self.shared_caps(from.ask, candidate).filter_map(cap_of) {
            let changes = [cap.calendar_change(from, candidate.at)];
            let left = match cap.per {
                Per::Rolling(length) => {
                    let marks = from.ask.marks.iter().chain(from.placed);
                    marks
                        .map(|mark| mark.at.plus(length.micros))
                        .filter(|&left| left > candidate.at)
                        .min()
                }
                Per::Calendar(..) | Per::Lifetime => None,
            };
            next = changes.into_iter().chain(left).fold(next, Instant::min);
        }
        next
    }
}

fn cap_of(rule: &Rule) -> Option<&Cap> {
    if let Effect::Cap(cap) = &rule.then {
        Some(cap)
    } else {
        None
    }
}
