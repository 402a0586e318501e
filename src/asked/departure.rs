//! What goes at once: found without looking ahead, and with nothing kept for later questions.
//!
//! Most who get something get the first campaign that concerns them, by the first or second way to reach them. Nothing is
//! earlier than now, so that no other time and no later option need be looked at.

use super::{
    plan::{Choices, Slot},
    variant::Chosen,
    view::{Ask, View},
};
use crate::clock::instant::Instant;

impl<'a> Ask<'a> {
    /// The ways by which a slot may go now, the first that does, with nothing better to wait for.
    pub(crate) fn at_once(&'a self, slot: &Slot<'a>) -> Choices<'a> {
        let open = slot
            .occurrence
            .is_some_and(|occurrence| occurrence.contains(self.now));
        if slot.may_wait() || !open {
            return Choices::default();
        }
        self.choices(slot.campaign)
    }
}

impl<'a> View<'a, '_> {
    /// What would be said at `t`, if every gate lets pass then.
    pub(crate) fn goes(&self, t: Instant) -> Option<Chosen<'a>> {
        if self.is_barred() || self.lane_is_known_to_wait(t) {
            return None;
        }
        let opening = self.opening(t);
        if opening.is_some_and(|opening| t < opening.opens) || self.refuses_itself(t).is_some() {
            return None;
        }
        let chosen = self.variant(t)?;
        let caps_pass = opening.is_some_and(|opening| opening.passes(t));
        let mut rules = self.judging_but(|rule| caps_pass && rule.kept);
        let refused = rules.any(|rule| self.rule_refuses(rule, t)) || self.displaces(t);
        (!refused).then_some(chosen)
    }
}
