//! Reasons: what is told of the gates that refuse.

use chrono::{DateTime, Utc};
use smol_str::{SmolStr, SmolStrBuilder};

use super::{
    cap::Used,
    decision::{Reason, ReasonCode},
    gate::{Gate, Refusal},
    plan::Slot,
    view::View,
};
use crate::{
    clock::instant::{HORIZON, Instant, shown},
    compiled::{
        condition::Truth,
        rule::{Cap, Rule},
    },
};

/// By option (none first), gate and rule.
pub(crate) fn in_order(a: &Reason, b: &Reason) -> std::cmp::Ordering {
    (a.channel.is_some(), a.code, &a.rule).cmp(&(b.channel.is_some(), b.code, &b.rule))
}

impl<'a> View<'a, '_> {
    /// What rules that only watch would have refused of the touch at its instant.
    pub(crate) fn observed(&self, at: Instant) -> Vec<Reason> {
        if !self.reach.is_some_and(|reach| reach.watches) {
            return Vec::new();
        }
        let limit = Some(self.ask.now.plus(HORIZON));
        let mut reasons: Vec<Reason> = self
            .rules()
            .filter(|rule| rule.observe)
            .filter_map(|rule| self.reason(Gate::Rule(rule), at, limit))
            .collect();
        reasons.sort_by(|a, b| (a.code, &a.rule).cmp(&(b.code, &b.rule)));
        reasons
    }

    /// The id of the occurrence as it is written.
    pub(crate) fn occurrence_id(&self) -> Option<SmolStr> {
        let (campaign, occurrence) = (self.campaign?, self.occurrence.as_ref()?);
        Some(occurrence.id.written(campaign))
    }

    pub(crate) fn channel_name(&self) -> Option<SmolStr> {
        Some(self.channel()?.name.clone())
    }

    pub(crate) fn sender_name(&self) -> Option<SmolStr> {
        let (name, _) = self.ask.bound.senders.get(self.sender?)?;
        Some(name.clone())
    }

    /// The reason of a gate that refuses at `t`, if it does; with the instant at which it frees up to `limit`, if asked.
    pub(crate) fn reason(&self, gate: Gate<'a>, t: Instant, limit: Option<Instant>) -> Option<Reason> {
        let refusal = self.refusal(gate, t)?;
        Some(self.reason_of(gate, refusal, t, limit))
    }

    fn reason_of(&self, gate: Gate<'a>, refusal: Refusal, t: Instant, limit: Option<Instant>) -> Reason {
        let frees_at = limit.and_then(|limit| self.passes_from(gate, t, limit));
        let rule = if let Gate::Rule(rule) = gate {
            Some(rule)
        } else {
            None
        };
        let mut reason = self.told(refusal, rule, shown(frees_at), self.missing_at(gate, t));
        if self.is_of_occurrence(gate) {
            (reason.channel, reason.sender) = (None, None);
        }
        reason
    }

    /// Tells the reasons of all gates that refuse at `t`, of those that are wanted; with the instants at which they free up
    /// to `limit`, if asked.
    pub(crate) fn reasons(
        &self,
        t: Instant,
        limit: Option<Instant>,
        wanted: impl Fn(Gate<'a>) -> bool,
        mut tell: impl FnMut(Gate<'a>, Reason),
    ) {
        let mut ask = |gate: Gate<'a>| {
            if let Some(refusal) = self.refusal(gate, t).filter(|_| wanted(gate)) {
                tell(gate, self.reason_of(gate, refusal, t, limit));
            }
        };
        if self.refuses_itself(t).is_some() {
            Gate::BEFORE_RULES.into_iter().for_each(&mut ask);
        }
        self.rules_apart().map(Gate::Rule).for_each(&mut ask);
        [Gate::NoVariant, Gate::Reserved].into_iter().for_each(&mut ask);
        self.lane_reasons(t, limit, tell);
    }

    /// Adds why a slot does not go now by this view, its first: every gate that refuses. False where the customer is not in
    /// the audience now, of which nothing is told.
    pub(super) fn slot_reasons(
        &self,
        slot: Slot<'a>,
        limit: Option<Instant>,
        reasons: &mut Vec<Reason>,
    ) -> bool {
        let now = self.ask.now;
        if self.audience(now) == Truth::False {
            return false;
        }
        let from = reasons.len();
        if let Some(name) = slot.missing_anchor {
            reasons.push(self.unscheduled(Some(name), None));
        } else if slot.occurrence.is_some() {
            self.reasons(now, limit, |_| true, |_, reason| reasons.push(reason));
        }
        if let Some(told) = reasons.get_mut(from..) {
            told.sort_by(in_order);
        }
        true
    }

    /// Whether a gate is the same for every option.
    pub(crate) fn is_of_occurrence(&self, gate: Gate<'a>) -> bool {
        match gate {
            Gate::NotScheduled | Gate::Audience | Gate::Stopped => true,
            Gate::Spent => {
                let repeat = self.campaign.and_then(|campaign| campaign.repeat.as_ref());
                repeat.is_none_or(|repeat| repeat.cap.grouped_by.is_none())
            }
            _ => false,
        }
    }

    pub(crate) fn told(
        &self,
        refusal: Refusal,
        rule: Option<&Rule>,
        frees_at: Option<DateTime<Utc>>,
        missing: Vec<String>,
    ) -> Reason {
        let cap = rule.and_then(|rule| rule.cap());
        Reason {
            campaign: self
                .campaign
                .map(|campaign| campaign.id.clone())
                .unwrap_or_default(),
            occurrence: self.occurrence_id(),
            channel: self.channel_name(),
            sender: self.sender_name(),
            code: refusal.code,
            rule: rule.map(|rule| rule.address.clone()),
            frees_at,
            missing,
            detail: match (refusal.used, cap) {
                (Some(used), Some(cap)) => usage(used, cap),
                _ => SmolStr::new_static(detail(refusal.code)),
            },
        }
    }

    /// The reason of a campaign without an occurrence.
    pub(crate) fn unscheduled(&self, anchor: Option<&str>, frees_at: Option<DateTime<Utc>>) -> Reason {
        let missing: Vec<String> = anchor.map(String::from).into_iter().collect();
        let refusal = Refusal {
            code: ReasonCode::NotScheduled,
            used: None,
        };
        let detail = if missing.is_empty() {
            "no occurrence in the look-ahead"
        } else {
            "its anchor is missing"
        };
        Reason {
            channel: None,
            sender: None,
            detail: SmolStr::new_static(detail),
            ..self.told(refusal, None, frees_at, missing)
        }
    }
}

/// `1 of 2 per day used`.
fn usage(used: Used, cap: &Cap) -> SmolStr {
    let mut text = SmolStrBuilder::new();
    for (number, after) in [(used.used, " of "), (used.at_most, " per ")] {
        match u32::try_from(number)
            .ok()
            .and_then(|number| char::from_digit(number, 10))
        {
            // By far the most, and any other way of writing costs more than deciding.
            Some(digit) => text.push(digit),
            None => text.push_str(&number.to_string()),
        }
        text.push_str(after);
    }
    text.push_str(&cap.period);
    text.push_str(" used");
    text.finish()
}

fn detail(code: ReasonCode) -> &'static str {
    match code {
        ReasonCode::NotScheduled => "outside its schedule",
        ReasonCode::Spent => "already used",
        ReasonCode::Audience => "not in the audience",
        ReasonCode::Stopped => "its stop condition holds",
        ReasonCode::Consent => "no consent",
        ReasonCode::UnknownTimeZone => "the customer's time zone is unknown",
        ReasonCode::Forbidden => "forbidden",
        ReasonCode::Reaction => "held after a reaction",
        ReasonCode::Quiet => "quiet time",
        ReasonCode::Cap => "frequency cap reached",
        ReasonCode::Reserved => "would displace a higher-ranked touch",
        ReasonCode::NoVariant => "no variant fits",
        ReasonCode::Holdout => "in a holdout",
        ReasonCode::BetterTime => "waits for a better time",
        ReasonCode::PreferredOption => "waits for a preferred option",
        ReasonCode::Changed => "the content would differ now",
    }
}
