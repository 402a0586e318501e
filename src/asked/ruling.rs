//! Rules asked: whether one refuses at an instant, how, until when at least, and when it lets pass.

use super::{cap::Full, decision::ReasonCode, gate::Refusal, glance::Glance, tally::Counted, view::View};
use crate::{
    clock::instant::Instant,
    compiled::{
        condition::{Condition, Truth},
        rule::{Cap, Effect, Rule, Zone},
        symbols::Symbol,
    },
    written::rule::GroupedBy,
};

/// How often a cap is looked at before all that it counts is listed.
const LOOKS: usize = 3;

impl<'a> View<'a, '_> {
    /// Whether a rule reads the customer's clock while it is not known.
    fn rule_needs_zone(&self, rule: &Rule) -> bool {
        match &rule.then {
            Effect::Quiet { zone, .. } => matches!(zone, Zone::Customer) && self.ask.bound.clocks.is_empty(),
            Effect::Cap(cap) => cap.needs_zone(self),
            _ => false,
        }
    }

    /// Whether a rule refuses at `t`.
    #[inline]
    pub(crate) fn rule_refuses(&self, rule: &'a Rule, t: Instant) -> bool {
        if self.surely_passes(rule, t) {
            return false;
        }
        if let Effect::Cap(cap) = &rule.then {
            match self.look_around(cap, self.content_for(cap, t), t) {
                Some(Glance::Room) => return false,
                Some(Glance::Full(_)) => return self.holds(rule.when.as_ref(), t).restrains(),
                None => {}
            }
        }
        self.rule_refusal(rule, t).is_some()
    }

    /// Whether it is known without asking that a rule lets pass at `t`.
    #[inline]
    pub(crate) fn surely_passes(&self, rule: &'a Rule, t: Instant) -> bool {
        match &rule.then {
            Effect::Cap(cap) => self.known_glance(cap, t) == Some(Glance::Room),
            Effect::Forbid => self.known_bar(rule) == Some(false),
            Effect::Quiet { window, zone } => window.is_open(self.ask.clocks(zone), t),
            _ => false,
        }
    }

    /// How a rule refuses at `t`, if it does.
    pub(crate) fn rule_refusal(&self, rule: &'a Rule, t: Instant) -> Option<Refusal> {
        if self.surely_passes(rule, t) {
            return None;
        }
        let when = self.holds(rule.when.as_ref(), t);
        if !when.restrains() {
            return None;
        }
        if self.rule_needs_zone(rule) {
            return Refusal::when(true, ReasonCode::UnknownTimeZone);
        }
        match &rule.then {
            Effect::Forbid => Refusal::when(true, ReasonCode::Forbidden),
            Effect::Quiet { window, zone } => {
                Refusal::when(window.contains_any(self.ask.clocks(zone), t), ReasonCode::Quiet)
            }
            Effect::React(react) => Refusal::when(react.holds(self, t), ReasonCode::Reaction),
            Effect::Cap(cap) => {
                let full = self.cap_refuses(cap, t)?;
                Some(Refusal {
                    code: ReasonCode::Cap,
                    used: Some(full.used),
                })
            }
            Effect::Holdout { .. } => Refusal::when(
                when == Truth::Unknown && self.in_bucket(rule),
                ReasonCode::Holdout,
            ),
            Effect::Prefer { .. } => None,
        }
    }

    /// Where a rule refuses at `t`: an instant after `t`, not after the first at which it lets pass.
    fn rule_refuses_until(&self, rule: &'a Rule, t: Instant) -> Option<Instant> {
        if let Some(bars) = self.known_bar(rule) {
            return bars.then_some(Instant::MAX);
        }
        let when = self.holds(rule.when.as_ref(), t);
        if !when.restrains() {
            return None;
        }
        let effect = match &rule.then {
            _ if self.rule_needs_zone(rule) => Some(Instant::MAX),
            Effect::Forbid => Some(Instant::MAX),
            Effect::Holdout { .. } => {
                (when == Truth::Unknown && self.in_bucket(rule)).then_some(Instant::MAX)
            }
            Effect::Prefer { .. } => None,
            Effect::Quiet { window, zone } => window.contains_until(self.ask.clocks(zone), t),
            Effect::React(react) => react.holds_until(self, t),
            Effect::Cap(cap) => {
                let until = match self.glance(cap, self.content_for(cap, t), t) {
                    Some(Glance::Room) => None,
                    Some(Glance::Full(until)) => Some(until),
                    None => self.cap_refuses(cap, t).map(|full| full.until),
                };
                let by_content = cap.grouped_by == Some(GroupedBy::Content);
                let changes = || {
                    if by_content {
                        self.variant_change(t)
                    } else {
                        Instant::MAX
                    }
                };
                until.map(|until| until.min(changes()))
            }
        };
        effect.map(|until| until.min(self.next_change_of(rule.when.as_ref(), t)))
    }

    /// How a cap refuses at `t`, if it does, where that is not known without looking.
    fn cap_refuses(&self, cap: &'a Cap, t: Instant) -> Option<Full> {
        let content = self.content_for(cap, t);
        if self.look_around(cap, content, t) == Some(Glance::Room) {
            return None;
        }
        self.capped_times(cap, content, t, |counted| counted.refuses(cap, self, t))?
    }

    /// The content that a cap counts by, if it does.
    fn content_for(&self, cap: &Cap, t: Instant) -> Option<Symbol> {
        if cap.grouped_by == Some(GroupedBy::Content) {
            self.content_symbol(t)
        } else {
            None
        }
    }

    /// As [`View::passes_from`], of a rule.
    pub(crate) fn rule_passes_from(&self, rule: &'a Rule, t: Instant, limit: Instant) -> Option<Instant> {
        if t > limit {
            return None;
        }
        let mut t = t;
        if let Effect::Cap(cap) = &rule.then
            && cap.grouped_by != Some(GroupedBy::Content)
            && !cap.needs_zone(self)
        {
            // Most searches are over after a look or two.
            for _ in 0..LOOKS {
                match self.glance(cap, None, t) {
                    Some(Glance::Room) => return Some(t),
                    _ if !self.holds(rule.when.as_ref(), t).restrains() => return Some(t),
                    Some(Glance::Full(until)) => t = until.min(self.next_change_of(rule.when.as_ref(), t)),
                    None => break,
                }
                if t > limit {
                    return None;
                }
            }
            return self.cap_passes_from(rule.when.as_ref(), cap, t, limit);
        }
        while t <= limit {
            match self.rule_refuses_until(rule, t) {
                Some(until) => t = until,
                None => return Some(t),
            }
        }
        None
    }

    /// As [`View::passes_from`], of a cap: the touches that it counts are the same at every instant, so they are found once.
    fn cap_passes_from(
        &self,
        when: Option<&Condition>,
        cap: &'a Cap,
        t: Instant,
        limit: Instant,
    ) -> Option<Instant> {
        let passes = |counted: Counted<'_>| {
            let Some(condition) = when else {
                return counted.passes_from(cap, self, t, limit);
            };
            let mut t = t;
            while t <= limit {
                if !self.truth(condition, t).restrains() {
                    return Some(t);
                }
                let Some(full) = counted.refuses(cap, self, t) else {
                    return Some(t);
                };
                t = full.until.min(self.next_change(condition, t));
            }
            None
        };
        self.capped_times(cap, None, t, passes).unwrap_or(Some(t))
    }
}
