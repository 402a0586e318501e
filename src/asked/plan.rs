//! The plan: which occurrence is sent when and how, the higher ranks first.

use std::{borrow::Cow, cmp::Reverse};

use smallvec::SmallVec;

use super::{
    bound::Mark,
    occurrence::{Occurrence, Scheduled},
    reserve::Placed,
    variant::Chosen,
    view::{Ask, View},
};
use crate::{
    clock::{instant::Instant, zone::Clock},
    compiled::{
        campaign::{Campaign, Reach},
        rule::Rule,
    },
    written::{
        calendar::CalendarPeriod,
        campaign::{BestIn, Patience, Timing},
    },
};

/// An occurrence in its rank; or a campaign without one, because its anchor has no value.
#[derive(Debug)]
pub(crate) struct Slot<'a> {
    pub(crate) campaign: &'a Campaign,
    pub(crate) when: When<'a>,
}

#[derive(Debug)]
pub(crate) enum When<'a> {
    Occurrence(Occurrence),
    /// The name of the anchor.
    MissingAnchor(&'a str),
    /// No occurrence in the look-ahead.
    Never,
}

impl Slot<'_> {
    pub(crate) fn occurrence(&self) -> Option<&Occurrence> {
        match &self.when {
            When::Occurrence(occurrence) => Some(occurrence),
            When::MissingAnchor(_) | When::Never => None,
        }
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
    /// The holdouts that keep it from the customer; none if it is placed.
    pub(crate) held_by: Vec<&'a Rule>,
}

/// The occurrences by rank, and what is planned of them so far.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) ask: &'a Ask<'a>,
    pub(crate) slots: &'a [Slot<'a>],
    pub(crate) planned: Vec<Option<Planned<'a>>>,
    /// What is placed within its reserve, which all lower ranks see.
    placed: Vec<Placed<'a>>,
    marks: Vec<Mark>,
    /// What is placed after it, which only later occurrences of the same campaign see.
    unreserved: Vec<Placed<'a>>,
}

/// The touches placed above a slot that the slot sees, by rank.
#[derive(Debug, Clone, Default)]
pub(crate) struct Above<'a, 'p> {
    placed: Cow<'p, [Placed<'a>]>,
    marks: Cow<'p, [Mark]>,
}

impl<'a> Ask<'a> {
    /// The occurrences of these campaigns that intersect the look-ahead, by rank: priority and score high first, then
    /// campaign, start and id.
    pub(crate) fn slots(&'a self, campaigns: impl Iterator<Item = &'a Campaign>) -> Vec<Slot<'a>> {
        let mut ranked: Vec<(i64, Slot<'a>)> = Vec::new();
        for campaign in campaigns {
            let view = View {
                campaign: Some(campaign),
                ..self.view()
            };
            let mut push = |when: When<'a>| {
                let occurrence = if let When::Occurrence(occurrence) = &when {
                    Some(occurrence)
                } else {
                    None
                };
                let score = View { occurrence, ..view }.score(self.now);
                ranked.push((score, Slot { campaign, when }));
            };
            match self.occurrences(campaign, self.now, self.end()) {
                Scheduled::MissingAnchor(name) => push(When::MissingAnchor(name)),
                Scheduled::Occurrences(found) if found.is_empty() => push(When::Never),
                Scheduled::Occurrences(found) => found.into_iter().map(When::Occurrence).for_each(push),
            }
        }
        // Stable: the occurrences of one campaign come by start and id already.
        ranked.sort_by(|(score_a, a), (score_b, b)| {
            let rank = |score: &i64, campaign: &Campaign| (Reverse(campaign.priority), Reverse(*score));
            rank(score_a, a.campaign)
                .cmp(&rank(score_b, b.campaign))
                .then_with(|| a.campaign.id.cmp(&b.campaign.id))
        });
        ranked.into_iter().map(|(_, slot)| slot).collect()
    }

    /// The ways to reach the customer for a campaign, the preferred first.
    pub(crate) fn choices(&'a self, campaign: &'a Campaign) -> impl Iterator<Item = Choice<'a>> + use<'a> {
        let senders = self.bound.senders.len();
        let senders = move || (0..senders.max(1)).map(move |number| (senders > 0).then_some(number));
        campaign
            .channels
            .iter()
            .flat_map(move |reach| senders().map(move |sender| Choice { reach, sender }))
    }
}

impl<'a> Plan<'a> {
    pub(crate) fn new(ask: &'a Ask<'a>, slots: &'a [Slot<'a>]) -> Self {
        Self {
            ask,
            slots,
            planned: Vec::with_capacity(slots.len()),
            placed: Vec::new(),
            marks: Vec::new(),
            unreserved: Vec::new(),
        }
    }

    /// Plans every occurrence, the higher ranks first; all of them, or up to the first that goes now: none below can be
    /// earlier, and none of the same instant ranks higher.
    pub(crate) fn run(&mut self, stop_at_send: bool) {
        for slot in self.slots {
            let planned = self.place(slot);
            let placed = planned.as_ref().filter(|planned| planned.held_by.is_empty());
            let sends = placed.is_some_and(|placed| placed.at == self.ask.now);
            if let (Some(planned), Some(occurrence)) = (placed, slot.occurrence()) {
                let alone = Above::default();
                let view = self.view(slot, planned.choice, self.planned.len(), &alone);
                let mark = Mark {
                    content: planned.chosen.content_symbol(),
                    ..view.mark(planned.at)
                };
                let Choice { reach, sender } = planned.choice;
                let reserved = planned.at <= self.ask.now.plus(slot.campaign.reserve);
                let placed = Placed {
                    campaign: slot.campaign,
                    occurrence,
                    reach,
                    sender,
                    mark,
                };
                if reserved {
                    self.marks.push(placed.mark.clone());
                    self.placed.push(placed);
                } else {
                    self.unreserved.push(placed);
                }
            }
            self.planned.push(planned);
            if stop_at_send && sends {
                return;
            }
        }
    }

    /// What is placed above a rank, counted from 0, that its slot sees.
    pub(crate) fn above(&self, rank: usize) -> Above<'a, '_> {
        let campaign = self.slots.get(rank).map(|slot| slot.campaign.symbol);
        // The ranks of marks count from 1.
        let is_above = |placed: &Placed<'a>| placed.mark.rank <= rank;
        let own = self
            .unreserved
            .iter()
            .filter(|placed| is_above(placed) && Some(placed.campaign.symbol) == campaign);
        let own: Vec<Placed<'a>> = own.cloned().collect();
        let seen = self.placed.partition_point(is_above);
        let (placed, marks) = (
            self.placed.get(..seen).unwrap_or_default(),
            self.marks.get(..seen).unwrap_or_default(),
        );
        if own.is_empty() {
            return Above {
                placed: Cow::Borrowed(placed),
                marks: Cow::Borrowed(marks),
            };
        }
        let mut placed: Vec<Placed<'a>> = placed.iter().cloned().chain(own).collect();
        placed.sort_by_key(|placed| placed.mark.rank);
        let marks = placed.iter().map(|placed| placed.mark.clone()).collect();
        Above {
            placed: Cow::Owned(placed),
            marks: Cow::Owned(marks),
        }
    }

    /// The view of a slot's touch by one choice, below what is placed above.
    pub(crate) fn view<'p>(
        &self,
        slot: &'a Slot<'a>,
        choice: Choice<'a>,
        rank: usize,
        above: &'p Above<'a, '_>,
    ) -> View<'a, 'p> {
        View {
            ask: self.ask,
            campaign: Some(slot.campaign),
            occurrence: slot.occurrence(),
            reach: Some(choice.reach),
            sender: choice.sender,
            rank: rank.saturating_add(1),
            placed: &above.marks,
            above: &above.placed,
        }
    }

    fn place(&self, slot: &'a Slot<'a>) -> Option<Planned<'a>> {
        let occurrence = slot.occurrence()?;
        let rank = self.planned.len();
        let above = self.above(rank);
        let limit = self.ask.end().min(occurrence.end);
        let from = self.ask.now.max(occurrence.start);
        let refrains = self.ask.bound.clocks.is_empty();
        let patience = if refrains {
            Patience::None
        } else {
            slot.campaign.patience
        };
        let (choice, earliest) = match patience {
            Patience::None => self.earliest(slot, &above, from, limit)?,
            patient => {
                let (_, first) = self.earliest(slot, &above, from, limit)?;
                let period = match patient {
                    Patience::Day => Some(CalendarPeriod::Day),
                    Patience::Week => Some(CalendarPeriod::Week),
                    Patience::None | Patience::Occurrence => None,
                };
                let end = self.period_end(period, first).min(occurrence.end);
                self.ask.choices(slot.campaign).find_map(|choice| {
                    let at = self.view(slot, choice, rank, &above).feasible_from(from, limit)?;
                    (at < end).then_some((choice, at))
                })?
            }
        };
        let view = self.view(slot, choice, rank, &above);
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
    fn earliest(
        &self,
        slot: &'a Slot<'a>,
        above: &Above<'a, '_>,
        from: Instant,
        limit: Instant,
    ) -> Option<(Choice<'a>, Instant)> {
        let mut best: Option<(Choice<'a>, Instant)> = None;
        for choice in self.ask.choices(slot.campaign) {
            let view = self.view(slot, choice, self.planned.len(), above);
            if let Some(at) = view.feasible_from(from, limit)
                && best.is_none_or(|(_, earliest)| at < earliest)
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
        let clocks: SmallVec<[Clock; 1]> = self.ask.bound.clocks.clone();
        clocks
            .iter()
            .map(|clock| clock.period_end(period, t))
            .min()
            .unwrap_or(Instant::MAX)
    }
}

/// The feasible instant with the greatest weight from `earliest` to `end`, excluded, and `limit`, included; of equals the
/// earliest.
fn best(view: &View<'_, '_>, earliest: Instant, end: Instant, limit: Instant) -> Instant {
    let mut best = (earliest, view.weight(earliest));
    let mut t = earliest;
    loop {
        // Until the weight changes no later instant is better.
        let change = view.weight_change(t);
        if change >= end || change > limit {
            return best.0;
        }
        match view.feasible_from(change, limit) {
            Some(at) if at < end => {
                let weight = view.weight(at);
                if weight > best.1 {
                    best = (at, weight);
                }
                t = at;
            }
            _ => return best.0,
        }
    }
}
