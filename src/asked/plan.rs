//! The plan: which occurrence is sent when and how, the higher ranks first.

use std::{cell::RefCell, iter::Peekable};

use smallvec::SmallVec;

use super::{
    occurrence::Scheduled,
    reserve::Placed,
    seen::Seen,
    tally::Tally,
    variant::Chosen,
    view::{Ask, View},
};
use crate::{
    clock::instant::Instant,
    compiled::{
        campaign::{Campaign, Reach},
        condition::Truth,
        occurrence::Occurrence,
        rule::Rule,
    },
    written::{
        calendar::CalendarPeriod,
        campaign::{BestIn, Patience, Timing},
    },
};

/// An occurrence in its rank; or a campaign without one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot<'a> {
    pub(crate) campaign: &'a Campaign,
    /// The truth of the campaign's audience, where it is known and the same at all times.
    pub(crate) audience: Option<Truth>,
    /// None where it has none in the look-ahead.
    pub(crate) occurrence: Option<Occurrence>,
    /// The name of the anchor, where it has none for want of a value.
    pub(crate) missing_anchor: Option<&'a str>,
}

impl Slot<'_> {
    /// Whether it may wait for a better time or way, though it could go.
    pub(crate) fn may_wait(&self) -> bool {
        self.campaign.timing != Timing::Asap || self.campaign.patience != Patience::None
    }
}

/// One way to reach the customer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choice<'a> {
    pub(crate) reach: &'a Reach,
    pub(crate) sender: Option<usize>,
}

/// What the plan does with an occurrence.
#[derive(Debug)]
pub(crate) struct Planned<'a> {
    pub(crate) choice: Choice<'a>,
    pub(crate) at: Instant,
    pub(crate) chosen: Chosen<'a>,
    /// The holdouts that keep it from the customer, by address; none if it is placed.
    pub(crate) held_by: Vec<&'a Rule>,
}

/// The occurrences by rank, and what is planned of them so far.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) ask: &'a Ask<'a>,
    pub(crate) slots: SmallVec<[Slot<'a>; 8]>,
    pub(crate) planned: SmallVec<[Option<Planned<'a>>; 8]>,
    /// What is placed within its reserve, by rank: all lower ranks see it.
    placed: SmallVec<[Placed<'a>; 8]>,
    /// What is placed after it, by rank: only later occurrences of the same campaign see it.
    unreserved: SmallVec<[Placed<'a>; 2]>,
    /// What caps count of the history and of what is placed within its reserve.
    tally: Tally<'a>,
}

/// How far a plan is made.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Until {
    /// Up to the first that goes now; of so many of the first it is known that they do not.
    Sent {
        waiting: usize,
    },
    End,
}

/// A campaign that can concern a customer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Match<'a> {
    pub(crate) campaign: &'a Campaign,
    /// The truth of its audience, where it is known and the same at all times.
    pub(crate) audience: Option<Truth>,
}

impl<'a> Match<'a> {
    /// A campaign that surely has the customer in its audience.
    pub(crate) fn of_all(campaign: &'a Campaign) -> Self {
        Self {
            campaign,
            audience: Some(Truth::True),
        }
    }
}

/// Slots in the order in which they rank, made only as far as they are asked for.
pub(crate) struct Slots<'a, I: Iterator<Item = Match<'a>>> {
    ask: &'a Ask<'a>,
    campaigns: Peekable<I>,
    /// Those made and not yet handed out, with their scores; the next one last.
    made: SmallVec<[(i64, Slot<'a>); 4]>,
}

impl<'a, I: Iterator<Item = Match<'a>>> Iterator for Slots<'a, I> {
    type Item = Slot<'a>;

    fn next(&mut self) -> Option<Slot<'a>> {
        while self.made.is_empty() {
            let found = self.campaigns.next()?;
            let Match { campaign, audience } = found;
            let is_scored = self.ask.compiled.campaigns.is_scored(campaign.priority);
            // Most have one occurrence and rank by themselves.
            if !is_scored && let Some(fixed) = &campaign.fixed {
                let comes = fixed.intersects(self.ask.now, self.ask.end());
                return Some(Slot {
                    campaign,
                    audience,
                    occurrence: campaign.fixed.filter(|_| comes),
                    missing_anchor: None,
                });
            }
            self.make(found);
            // Where scores hang on the customer, the rank is known only when all of the same priority are.
            if is_scored {
                let same = |next: &Match<'_>| next.campaign.priority == campaign.priority;
                while let Some(next) = self.campaigns.next_if(same) {
                    self.make(next);
                }
                // Stable: the occurrences of one campaign come by start and id already.
                self.made.sort_by(|(score_a, a), (score_b, b)| {
                    let scores = score_b.cmp(score_a);
                    scores.then_with(|| a.campaign.id.cmp(&b.campaign.id))
                });
            }
            self.made.reverse();
        }
        self.made.pop().map(|(_, slot)| slot)
    }
}

impl<'a, I: Iterator<Item = Match<'a>>> Slots<'a, I> {
    fn make(&mut self, Match { campaign, audience }: Match<'a>) {
        let (ask, made) = (self.ask, &mut self.made);
        let view = View {
            campaign: Some(campaign),
            ..ask.view()
        };
        let mut push = |occurrence: Option<Occurrence>, missing_anchor: Option<&'a str>| {
            let slot = Slot {
                campaign,
                audience,
                occurrence,
                missing_anchor,
            };
            let score = View { occurrence, ..view }.score(ask.now);
            made.push((score, slot));
        };
        match ask.occurrences(campaign, ask.now, ask.end()) {
            Scheduled::MissingAnchor(name) => push(None, Some(name)),
            Scheduled::Occurrences(found) if found.is_empty() => push(None, None),
            Scheduled::Occurrences(found) => {
                found
                    .into_iter()
                    .for_each(|occurrence| push(Some(occurrence), None));
            }
        }
    }
}

impl<'a> Ask<'a> {
    /// The occurrences of these campaigns that intersect the look-ahead, by rank: priority and score high first, then
    /// campaign, start and id. The campaigns come by priority, base score and id.
    pub(crate) fn slots<I: Iterator<Item = Match<'a>>>(&'a self, campaigns: I) -> Slots<'a, I> {
        Slots {
            ask: self,
            campaigns: campaigns.peekable(),
            made: SmallVec::new(),
        }
    }

    /// The ways to reach the customer for a campaign, the preferred first.
    pub(crate) fn choices(&self, campaign: &'a Campaign) -> Choices<'a> {
        Choices {
            reaches: campaign.channels.iter(),
            reach: None,
            senders: self.bound.senders.len(),
            sender: 0,
        }
    }
}

/// The ways to reach a customer: by each channel from each sender.
#[derive(Default)]
pub(crate) struct Choices<'a> {
    reaches: std::slice::Iter<'a, Reach>,
    reach: Option<&'a Reach>,
    senders: usize,
    /// The next sender.
    sender: usize,
}

impl<'a> Iterator for Choices<'a> {
    type Item = Choice<'a>;

    fn next(&mut self) -> Option<Choice<'a>> {
        if self.sender == 0 {
            self.reach = self.reaches.next();
        }
        let choice = Choice {
            reach: self.reach?,
            sender: (self.senders > 0).then_some(self.sender),
        };
        self.sender = self.sender.saturating_add(1);
        if self.sender >= self.senders {
            self.sender = 0;
        }
        Some(choice)
    }
}

impl<'a> Plan<'a> {
    pub(crate) fn new(ask: &'a Ask<'a>) -> Self {
        Self {
            ask,
            slots: SmallVec::new(),
            planned: SmallVec::new(),
            placed: SmallVec::new(),
            unreserved: SmallVec::new(),
            tally: Tally::default(),
        }
    }

    /// Plans every occurrence, the higher ranks first; all of them, or up to the first that goes now: none below can be
    /// earlier, and none of the same instant ranks higher. `planned` is told of each rank, counted from 0, when it and all
    /// above it are planned.
    pub(crate) fn run(
        &mut self,
        slots: &mut impl Iterator<Item = Slot<'a>>,
        until: Until,
        mut planned: impl FnMut(&Self, usize),
    ) {
        let mut told = 0_usize;
        let stop_at_send = matches!(until, Until::Sent { .. });
        for slot in slots {
            let at_once = match until {
                Until::Sent { waiting } if self.slots.len() >= waiting => self.ask.at_once(&slot),
                _ => Choices::default(),
            };
            let found = self.goes(slot, at_once).or_else(|| self.place(slot));
            let placed = found.as_ref().filter(|planned| planned.held_by.is_empty());
            let stops = stop_at_send && placed.is_some_and(|placed| placed.at == self.ask.now);
            if let (Some(planned), Some(occurrence), false) = (placed, slot.occurrence, stops) {
                let view = self.view(slot, planned.choice, self.planned.len());
                let Choice { reach, sender } = planned.choice;
                let placed = Placed {
                    campaign: slot.campaign,
                    occurrence,
                    reach,
                    sender,
                    mark: view.mark(planned.at, planned.chosen.content_symbol()),
                    respects: view.respects_all(),
                    stand: RefCell::default(),
                };
                if planned.at <= self.ask.now.plus(slot.campaign.reserve) {
                    let count = self.placed.len();
                    self.placed
                        .iter()
                        .for_each(|other| other.beside(&placed, count, self.ask));
                    self.placed.push(placed);
                } else {
                    self.unreserved.push(placed);
                }
            }
            self.slots.push(slot);
            self.planned.push(found);
            planned(self, told);
            told = told.saturating_add(1);
            if stops {
                return;
            }
        }
    }

    /// The view of a slot's touch by one choice, below what is placed above its rank, which counts from 0.
    pub(crate) fn view<'p>(&'p self, slot: Slot<'a>, choice: Choice<'a>, rank: usize) -> View<'a, 'p> {
        // The ranks of marks count from 1.
        let above = |placed: &Placed<'a>| placed.mark.rank <= rank;
        let seen = |list: &'p [Placed<'a>]| list.get(..list.partition_point(above)).unwrap_or_default();
        let seen = Seen::new(
            seen(&self.placed),
            seen(&self.unreserved),
            slot.campaign.symbol,
            &self.tally,
        );
        View::of(self.ask, &slot, choice, rank.saturating_add(1), seen)
    }

    /// What is done with a slot that goes now by one of these ways.
    fn goes(&self, slot: Slot<'a>, mut choices: Choices<'a>) -> Option<Planned<'a>> {
        choices.find_map(|choice| {
            let view = self.view(slot, choice, self.planned.len());
            let at = self.ask.now;
            Some(Planned {
                choice,
                at,
                chosen: view.goes(at)?,
                held_by: view.holdouts(at),
            })
        })
    }

    fn place(&self, slot: Slot<'a>) -> Option<Planned<'a>> {
        let occurrence = slot.occurrence?;
        let rank = self.planned.len();
        let limit = self.ask.end().min(occurrence.end);
        let from = self.ask.now.max(occurrence.start);
        let refrains = self.ask.bound.clocks.is_empty();
        let patience = if refrains {
            Patience::None
        } else {
            slot.campaign.patience
        };
        let (choice, earliest) = match patience {
            Patience::None => self.earliest(slot, from, limit)?,
            patient => {
                let (_, first) = self.earliest(slot, from, limit)?;
                let period = match patient {
                    Patience::Day => Some(CalendarPeriod::Day),
                    Patience::Week => Some(CalendarPeriod::Week),
                    Patience::None | Patience::Occurrence => None,
                };
                let end = self.period_end(period, first).min(occurrence.end);
                self.ask.choices(slot.campaign).find_map(|choice| {
                    let at = self.view(slot, choice, rank).feasible_from(from, limit)?;
                    (at < end).then_some((choice, at))
                })?
            }
        };
        let view = self.view(slot, choice, rank);
        let at = match slot.campaign.timing {
            Timing::BestIn(best_in) if !refrains => {
                let period = match best_in {
                    BestIn::Day => Some(CalendarPeriod::Day),
                    BestIn::Week => Some(CalendarPeriod::Week),
                    BestIn::Occurrence => None,
                };
                let end = self.period_end(period, earliest).min(occurrence.end);
                best(&view, earliest, end, limit)
            }
            Timing::Asap | Timing::BestIn(_) => earliest,
        };
        Some(Planned {
            choice,
            at,
            chosen: view.variant(at)?,
            held_by: view.holdouts(at),
        })
    }

    /// The choice with the earliest feasible instant; of equals the first.
    fn earliest(&self, slot: Slot<'a>, from: Instant, limit: Instant) -> Option<(Choice<'a>, Instant)> {
        let mut best: Option<(Choice<'a>, Instant)> = None;
        for choice in self.ask.choices(slot.campaign) {
            let view = self.view(slot, choice, self.planned.len());
            // Only what is earlier is of use.
            let limit = best.map_or(limit, |(_, earliest)| earliest.minus(1));
            // What caps are known to keep out needs no search.
            let opens = self.ask.opens_by(choice.reach).max(from);
            if opens <= limit
                && let Some(at) = view.feasible_from(opens, limit)
            {
                best = Some((choice, at));
                if at == from {
                    break;
                }
            }
        }
        best
    }

    /// The end of the period of `t` in the customer's zone; of several, the earliest. No period has no end.
    fn period_end(&self, period: Option<CalendarPeriod>, t: Instant) -> Instant {
        let Some(period) = period else { return Instant::MAX };
        let clocks = self.ask.bound.clocks.iter();
        clocks
            .map(|clock| clock.period_end(period, t))
            .min()
            .unwrap_or(Instant::MAX)
    }
}

/// The feasible instant with the greatest weight from `earliest` to `end`, excluded, and `limit`, included; of equals the
/// earliest.
fn best(view: &View<'_, '_>, earliest: Instant, end: Instant, limit: Instant) -> Instant {
    let mut best = (earliest, view.weight(earliest));
    let last = limit.min(end.minus(1));
    let mut t = earliest;
    // Until the weight changes no later instant is better.
    while let Some(at) = view.feasible_from(view.weight_change(t), last) {
        let weight = view.weight(at);
        if weight > best.1 {
            best = (at, weight);
        }
        t = at;
    }
    best.0
}
