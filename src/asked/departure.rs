//! What goes at once: found without looking ahead, and with nothing kept for later questions.
//!
//! Most who get something get the first campaign that concerns them, by the first or second way to reach them. Nothing is
//! earlier than now, so that no other time and no later option need be looked at.

use super::{
    plan::{Plan, Planned, Slot},
    variant::Chosen,
    view::View,
};
use crate::{
    clock::instant::Instant,
    written::campaign::{Patience, Timing},
};

impl<'a> Plan<'a> {
    /// What the plan does with a slot, where it goes now and there is nothing better to wait for.
    pub(crate) fn goes_now(&self, slot: Slot<'a>) -> Option<Planned<'a>> {
        let now = self.ask.now;
        let campaign = slot.campaign;
        let waits = campaign.timing != Timing::Asap || campaign.patience != Patience::None;
        if waits || !slot.occurrence()?.contains(now) {
            return None;
        }
        self.ask.choices(campaign).find_map(|choice| {
            let view = self.view(slot, choice, self.planned.len());
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
