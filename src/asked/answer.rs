//! Decisions and agendas, made from a plan.

use chrono::{DateTime, Utc};
use smallvec::SmallVec;
use smol_str::{SmolStr, SmolStrBuilder};

use super::{
    bound::Bound,
    cap::Used,
    decision::{Agenda, Decision, HeldOut, Outcome, Reason, ReasonCode, Touch},
    gate::{Gate, Refusal},
    occurrence::Scheduled,
    plan::{Choice, Match, Plan, Planned, Slot, When},
    view::{Ask, View},
};
use crate::{
    clock::instant::{HORIZON, Instant, shown},
    compiled::{
        condition::Truth,
        rule::{Cap, Effect, Rule},
    },
    written::campaign::{Patience, Timing},
};

impl Bound {
    /// Whether, when and what to send this customer at `now`, and why not the rest.
    ///
    /// ```
    /// # use tactful::{Customer, Engine, Facts, Outcome};
    /// # let text = r#"{"format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d",
    /// #     "tags": ["tea", {"tag": "regular", "when": {"purchases": "count", "ge": 2}}], "purposes": ["news"],
    /// #     "channels": {"mail": {"consent": "none"}},
    /// #     "policies": [{"id": "house", "rules": [{"id": "night", "then": {"quiet": {"from": "21:00", "to": "09:00"}}}]}],
    /// #     "campaigns": [{"id": "first-flush", "purpose": "news", "value": "knowledge", "channels": ["mail"],
    /// #                    "audience": {"tag": "tea"}, "variants": [{"id": "letter"}]}]}"#;
    /// # let (engine, _) = Engine::from_document(&serde_json::from_str(text)?)?;
    /// # let world = engine.bind_facts(&Facts::new())?;
    /// let kim = engine.bind(&Customer::new("kim").tag("tea"), &[], &world)?;
    /// assert_eq!(kim.decide("2026-03-02T12:00:00+01:00".parse()?).outcome(), Outcome::Send);
    /// let at_night = kim.decide("2026-03-02T22:00:00+01:00".parse()?);
    /// assert_eq!(at_night.outcome(), Outcome::Wait);
    /// assert_eq!(at_night.until(), Some("2026-03-03T09:00:00+01:00".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decide(&self, now: DateTime<Utc>) -> Decision {
        let ask = Ask::new(self, now.into());
        let mut slots = ask.slots(ask.matching(ask.now, ask.end()));
        let first = slots.next();
        if let Some(first) = first
            && let Some(planned) = ask.sends(first)
        {
            return ask.sent(first, &planned);
        }
        let mut plan = Plan::new(&ask);
        plan.run(&mut first.into_iter().chain(slots), true, |_, _| {});
        plan.decision()
    }

    /// Everything planned for this customer from `now` over the look-ahead.
    ///
    /// ```
    /// # use tactful::{Customer, Engine, Facts};
    /// # let text = r#"{"format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d",
    /// #     "tags": ["tea", {"tag": "regular", "when": {"purchases": "count", "ge": 2}}], "purposes": ["news"],
    /// #     "channels": {"mail": {"consent": "none"}},
    /// #     "policies": [{"id": "house", "rules": [{"id": "night", "then": {"quiet": {"from": "21:00", "to": "09:00"}}}]}],
    /// #     "campaigns": [{"id": "first-flush", "purpose": "news", "value": "knowledge", "channels": ["mail"],
    /// #                    "audience": {"tag": "tea"}, "variants": [{"id": "letter"}]}]}"#;
    /// # let (engine, _) = Engine::from_document(&serde_json::from_str(text)?)?;
    /// # let world = engine.bind_facts(&Facts::new())?;
    /// let kim = engine.bind(&Customer::new("kim").tag("tea"), &[], &world)?;
    /// let agenda = kim.agenda("2026-03-02T22:00:00+01:00".parse()?);
    /// let planned: Vec<_> = agenda.touches().iter().map(|touch| (touch.campaign(), touch.at())).collect();
    /// assert_eq!(planned, [("first-flush", "2026-03-03T09:00:00+01:00".parse()?)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn agenda(&self, now: DateTime<Utc>) -> Agenda {
        let ask = Ask::new(self, now.into());
        let mut plan = Plan::new(&ask);
        let mut reasons = Vec::new();
        let mut slots = ask.slots(ask.matching(ask.now, ask.end()));
        plan.run(&mut slots, false, |plan, rank| {
            if !plan.is_placed(rank, |_| true) {
                plan.reasons(rank, true, &mut reasons);
            }
        });
        plan.agenda(reasons)
    }

    /// As [`Bound::agenda`], without the reasons of what is not placed: all that a host records, for less.
    ///
    /// ```
    /// # use tactful::{Customer, Engine, Facts};
    /// # let text = r#"{"format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d",
    /// #     "tags": ["tea"], "purposes": ["news"], "channels": {"mail": {"consent": "opt_in"}},
    /// #     "campaigns": [{"id": "first-flush", "purpose": "news", "value": "knowledge", "channels": ["mail"],
    /// #                    "audience": {"tag": "tea"}, "variants": [{"id": "letter"}]}]}"#;
    /// # let (engine, _) = Engine::from_document(&serde_json::from_str(text)?)?;
    /// # let world = engine.bind_facts(&Facts::new())?;
    /// let now = "2026-03-02T22:00:00+01:00".parse()?;
    /// let kim = engine.bind(&Customer::new("kim").tag("tea").consent("mail", true), &[], &world)?;
    /// assert_eq!(kim.planned(now).touches(), kim.agenda(now).touches());
    /// let lee = engine.bind(&Customer::new("lee").tag("tea"), &[], &world)?; // has not agreed
    /// assert_eq!((lee.planned(now).reasons().len(), lee.agenda(now).reasons().len()), (0, 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn planned(&self, now: DateTime<Utc>) -> Agenda {
        let ask = Ask::new(self, now.into());
        let mut plan = Plan::new(&ask);
        let mut slots = ask.slots(ask.matching(ask.now, ask.end()));
        plan.run(&mut slots, false, |_, _| {});
        plan.agenda(Vec::new())
    }
}

impl<'a> Plan<'a> {
    /// What is planned, by instant and then by rank.
    fn by_instant(&self, wanted: impl Fn(&Planned<'a>) -> bool) -> SmallVec<[(usize, &Planned<'a>); 8]> {
        let planned = self.planned.iter().enumerate();
        let mut found: SmallVec<[(usize, &Planned<'a>); 8]> = planned
            .filter_map(|(rank, planned)| Some((rank, planned.as_ref().filter(|planned| wanted(planned))?)))
            .collect();
        found.sort_by_key(|(_, planned)| planned.at);
        found
    }

    fn decision(&self) -> Decision {
        let now = self.ask.now;
        let placed = self.planned.iter().enumerate().filter_map(|(rank, planned)| {
            let planned = planned.as_ref().filter(|planned| planned.held_by.is_empty())?;
            Some((rank, planned))
        });
        // Of the same instant, the first.
        let first = placed.min_by_key(|(_, planned)| planned.at);
        let outcome = match first {
            Some((_, planned)) if planned.at == now => Outcome::Send,
            Some(_) => Outcome::Wait,
            None => Outcome::Refrain,
        };
        let held = || {
            let planned = self.planned.iter().enumerate();
            let planned = planned.filter_map(|(rank, planned)| Some((rank, planned.as_ref()?)));
            planned.filter(|(_, planned)| !planned.held_by.is_empty())
        };
        let held_now = held().filter(|(_, planned)| planned.at == now);
        let recheck_at = (outcome == Outcome::Refrain).then(|| {
            let held = held().map(|(_, planned)| planned.at).filter(|&at| at > now);
            held.chain(self.feasible_later()).min()
        });
        let mut reasons = Vec::new();
        // A plan that sends ends with the touch: only what ranks above it is told of, and not when that frees.
        for rank in (0..self.slots.len()).filter(|&rank| !self.is_placed(rank, |at| at == now)) {
            self.reasons(rank, outcome != Outcome::Send, &mut reasons);
        }
        Decision {
            customer: self.ask.bound.id.clone(),
            outcome,
            touch: first.and_then(|(rank, planned)| self.touch(rank, planned)),
            until: first
                .filter(|_| outcome == Outcome::Wait)
                .map(|(_, planned)| planned.at.into()),
            recheck_at: shown(recheck_at.flatten()),
            held_out: held_now
                .filter_map(|(rank, planned)| self.held_out(rank, planned))
                .collect(),
            observed: first
                .and_then(|(rank, planned)| Some(self.of(rank, planned)?.observed(planned.at)))
                .unwrap_or_default(),
            reasons,
        }
    }

    fn agenda(&self, reasons: Vec<Reason>) -> Agenda {
        let placed = self.by_instant(|planned| planned.held_by.is_empty());
        let held = self.by_instant(|planned| !planned.held_by.is_empty());
        Agenda {
            customer: self.ask.bound.id.clone(),
            touches: placed
                .into_iter()
                .filter_map(|(rank, planned)| self.touch(rank, planned))
                .collect(),
            held_out: held
                .into_iter()
                .filter_map(|(rank, planned)| self.held_out(rank, planned))
                .collect(),
            reasons,
        }
    }

    pub(crate) fn is_placed(&self, rank: usize, at: impl Fn(Instant) -> bool) -> bool {
        let planned = self.planned.get(rank).and_then(Option::as_ref);
        planned.is_some_and(|planned| planned.held_by.is_empty() && at(planned.at))
    }

    /// The view of what is planned.
    fn of(&self, rank: usize, planned: &Planned<'a>) -> Option<View<'a, '_>> {
        let slot = *self.slots.get(rank)?;
        Some(self.view(slot, planned.choice, rank))
    }

    fn touch(&self, rank: usize, planned: &Planned<'a>) -> Option<Touch> {
        self.of(rank, planned)?.touch(planned)
    }

    fn held_out(&self, rank: usize, planned: &Planned<'a>) -> Option<HeldOut> {
        let rules = planned
            .held_by
            .iter()
            .map(|rule| rule.address.to_string())
            .collect();
        Some(HeldOut {
            touch: self.touch(rank, planned)?,
            rules,
        })
    }

    /// The first instant after the look-ahead at which some option is feasible given the history alone.
    fn feasible_later(&self) -> Option<Instant> {
        let ask = self.ask;
        let from = ask.end().plus(1);
        let mut best: Option<Instant> = None;
        for Match { campaign, audience } in ask.matching(from, ask.now.plus(HORIZON)) {
            let until = best.unwrap_or(ask.now.plus(HORIZON));
            let Scheduled::Occurrences(occurrences) = ask.occurrences(campaign, from, until) else {
                continue;
            };
            for occurrence in occurrences {
                for Choice { reach, sender } in ask.choices(campaign) {
                    let limit = best.unwrap_or(ask.now.plus(HORIZON)).min(occurrence.end);
                    let view = View {
                        campaign: Some(campaign),
                        audience,
                        occurrence: Some(occurrence),
                        reach: Some(reach),
                        sender,
                        ..ask.view()
                    };
                    let Some(at) = view.feasible_from(from.max(occurrence.start), limit) else {
                        continue;
                    };
                    // What is feasible at once, and goes on being so, is asked for at the next whole second.
                    let second = ask.end().next_second();
                    let goes_on = at == from && view.feasible_from(second, second.min(limit)).is_some();
                    let at = if goes_on { second } else { at };
                    best = Some(best.map_or(at, |best| best.min(at)));
                }
            }
        }
        best
    }

    /// Adds why a slot does not go now: every gate that refuses its first option, and what it waits for though it could go.
    fn reasons(&self, rank: usize, frees: bool, reasons: &mut Vec<Reason>) {
        let Some(&slot) = self.slots.get(rank) else { return };
        let now = self.ask.now;
        let limit = frees.then(|| now.plus(HORIZON));
        let Some(first) = self.ask.choices(slot.campaign).next() else {
            return;
        };
        let view = self.view(slot, first, rank);
        if view.audience(now) == Truth::False {
            return;
        }
        let from = reasons.len();
        match slot.when {
            When::Never => {}
            When::MissingAnchor(name) => reasons.push(view.unscheduled(Some(name), None)),
            When::Occurrence(_) => {
                reasons.extend(view.reasons(now, limit, |_| true).map(|(_, reason)| reason));
            }
        }
        if let Some(told) = reasons.get_mut(from..) {
            told.sort_by(in_order);
        }
        reasons.extend(self.waiting(rank, slot, frees));
    }

    /// What an occurrence waits for that could go now.
    pub(crate) fn waiting(&self, rank: usize, slot: Slot<'a>, frees: bool) -> Option<Reason> {
        let now = self.ask.now;
        let planned = self
            .planned
            .get(rank)?
            .as_ref()
            .filter(|planned| planned.at > now)?;
        // The earliest of all options is taken: were one feasible now, it would go now.
        if slot.campaign.timing == Timing::Asap && slot.campaign.patience == Patience::None {
            return None;
        }
        let feasible = |choice: Choice<'a>| self.view(slot, choice, rank).feasible_from(now, now).is_some();
        let code = if feasible(planned.choice) {
            ReasonCode::BetterTime
        } else if self.ask.choices(slot.campaign).any(feasible) {
            ReasonCode::PreferredOption
        } else {
            return None;
        };
        let frees_at = frees.then(|| planned.at.into());
        Some(self.view(slot, planned.choice, rank).told(
            Refusal { code, used: None },
            None,
            frees_at,
            Vec::new(),
        ))
    }
}

/// By option (none first), gate and rule.
pub(crate) fn in_order(a: &Reason, b: &Reason) -> std::cmp::Ordering {
    (a.channel.is_some(), a.code, &a.rule).cmp(&(b.channel.is_some(), b.code, &b.rule))
}

impl<'a> View<'a, '_> {
    /// The touch that a plan made of this view.
    pub(crate) fn touch(&self, planned: &Planned<'a>) -> Option<Touch> {
        let (campaign, occurrence) = (self.campaign?, self.occurrence?);
        let chosen = planned.chosen;
        let id = occurrence.id.written(campaign);
        Some(Touch {
            key: self.next_key(&occurrence, &id),
            campaign: campaign.id.clone(),
            occurrence: id,
            channel: self.channel_name()?,
            sender: self.sender_name(),
            variant: chosen.variant.id.clone(),
            arm: chosen.arm.map(|arm| arm.id.clone()),
            content: chosen.content().cloned(),
            fields: self.fields(chosen.variant),
            style: self.style(planned.at),
            purpose: campaign.purpose_name.clone(),
            value: campaign.value,
            score: self.score(planned.at),
            at: planned.at.into(),
        })
    }

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

    pub(crate) fn channel_name(&self) -> Option<SmolStr> {
        let channel = self.ask.frame.channels.get(self.reach?.channel)?;
        Some(channel.name.clone())
    }

    pub(crate) fn sender_name(&self) -> Option<SmolStr> {
        let (name, _) = self.ask.bound.senders.get(self.sender?)?;
        Some(name.clone())
    }

    /// The reason of a gate that refuses at `t`, if it does; with the instant at which it frees up to `limit`, if asked.
    pub(crate) fn reason(&self, gate: Gate<'a>, t: Instant, limit: Option<Instant>) -> Option<Reason> {
        let refusal = self.refusal(gate, t)?;
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
        Some(reason)
    }

    /// The reasons of all gates that refuse at `t`, of those that are wanted; with the instants at which they free up to
    /// `limit`, if asked.
    pub(crate) fn reasons(
        &self,
        t: Instant,
        limit: Option<Instant>,
        wanted: impl Fn(Gate<'a>) -> bool,
    ) -> impl Iterator<Item = (Gate<'a>, Reason)> {
        let apart = self.gates_apart().filter(move |&gate| wanted(gate));
        let apart = apart.filter_map(move |gate| Some((gate, self.reason(gate, t, limit)?)));
        apart.chain(self.lane_reasons(t, limit))
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
        let cap = rule.and_then(|rule| {
            if let Effect::Cap(cap) = &rule.then {
                Some(cap)
            } else {
                None
            }
        });
        let detail = match (refusal.used, cap) {
            (Some(used), Some(cap)) => usage(used, cap),
            _ => SmolStr::new_static(detail(refusal.code)),
        };
        Reason {
            campaign: self
                .campaign
                .map(|campaign| campaign.id.clone())
                .unwrap_or_default(),
            occurrence: self
                .occurrence
                .zip(self.campaign)
                .map(|(occurrence, campaign)| occurrence.id.written(campaign)),
            channel: self.channel_name(),
            sender: self.sender_name(),
            code: refusal.code,
            rule: rule.map(|rule| rule.address.clone()),
            frees_at,
            missing,
            detail,
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
