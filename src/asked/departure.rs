//! What goes at once: found without looking ahead, and with nothing kept for later questions.
//!
//! Most who get something get the first campaign that concerns them, by the first or second way to reach them. Nothing is
//! earlier than now, so that no other time and no later option need be looked at.

use super::{
    decision::{Decision, Outcome},
    plan::{Choice, Planned, Slot},
    reserve::Seen,
    variant::Chosen,
    view::{Ask, View},
};
use crate::{
    clock::instant::Instant,
    written::campaign::{Patience, Timing},
};

impl<'a> Ask<'a> {
    /// What is sent, where the first slot of all goes now: then nothing ranks above it, and no plan is needed.
    pub(crate) fn sends(&'a self, first: Slot<'a>) -> Option<Planned<'a>> {
        let planned = self.goes_now(first, |choice| self.first(first, choice))?;
        planned.held_by.is_empty().then_some(planned)
    }

    /// The decision to send the first slot of all.
    pub(crate) fn sent(&'a self, first: Slot<'a>, planned: &Planned<'a>) -> Decision {
        let view = self.first(first, planned.choice);
        Decision {
            customer: self.bound.id.clone(),
            outcome: Outcome::Send,
            touch: view.touch(planned),
            until: None,
            recheck_at: None,
            held_out: Vec::new(),
            observed: view.observed(planned.at),
            reasons: Vec::new(),
        }
    }

    /// The view of the first slot of all, before anything is placed.
    fn first(&'a self, slot: Slot<'a>, choice: Choice<'a>) -> View<'a, 'a> {
        View::of(self, slot, choice, 1, Seen::default())
    }

    /// What is done with a slot, where it goes now and there is nothing better to wait for.
    pub(crate) fn goes_now<'p>(
        &'a self,
        slot: Slot<'a>,
        view: impl Fn(Choice<'a>) -> View<'a, 'p>,
    ) -> Option<Planned<'a>>
    where
        'a: 'p,
    {
        let (now, campaign) = (self.now, slot.campaign);
        let waits = campaign.timing != Timing::Asap || campaign.patience != Patience::None;
        if waits || !slot.occurrence()?.contains(now) {
            return None;
        }
        self.choices(campaign).find_map(|choice| {
            let view = view(choice);
            let chosen = view.goes(now)?;
            Some(Planned {
                choice,
                at: now,
                chosen,
                held_by: view.holdouts(now),
            })
        })
    }
}

impl<'a> View<'a, '_> {
    /// What would be said at `t`, if every gate lets pass then.
    fn goes(&self, t: Instant) -> Option<Chosen<'a>> {
        if self.lane_is_known_to_wait(t) || self.refuses_itself(t).is_some() {
            return None;
        }
        let chosen = self.variant(t)?;
        let mut rules = self.rules().filter(|rule| !rule.observe);
        let refused = rules.any(|rule| self.rule_refuses(rule, t)) || self.displaces(t);
        (!refused).then_some(chosen)
    }
}
