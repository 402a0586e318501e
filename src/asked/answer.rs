//! Decisions and agendas, made from a plan.

use chrono::{DateTime, Utc};
use smallvec::SmallVec;

use super::{
    bound::Bound,
    decision::{Agenda, Decision, HeldOut, Outcome, Reason, ReasonCode, Touch},
    gate::Refusal,
    occurrence::Scheduled,
    plan::{Choice, Match, Plan, Planned, Slot, Until},
    variant::Chosen,
    view::{Ask, View},
};
use crate::clock::instant::{HORIZON, Instant, shown};

/// Of a second.
const NANOS: u32 = 1_000_000_000;
/// How many slots are passed over before all is planned.
const MOST_ABOVE: usize = 4;

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
        // Mostly one of the first slots goes now, with nothing above it that could bear on it: then it needs no plan.
        let mut above: SmallVec<[Slot<'_>; MOST_ABOVE]> = SmallVec::new();
        while above.len() < MOST_ABOVE
            && let Some(slot) = slots.next()
        {
            for choice in ask.at_once(&slot) {
                let view = ask.view_apart(&slot, choice, above.len());
                let Some(chosen) = view.goes(ask.now) else {
                    continue;
                };
                if view.is_held_out(ask.now) || !ask.goes_apart(&above, &view) {
                    let waiting = above.len();
                    above.push(slot);
                    return ask.planned(above, waiting, slots);
                }
                return view.sent(chosen, now, ask.reasons_above(&above));
            }
            above.push(slot);
            if slot.may_wait() {
                break;
            }
        }
        let waiting = above.len();
        ask.planned(above, waiting, slots)
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
        plan.run(&mut slots, Until::End, |plan, rank| {
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
        plan.run(&mut slots, Until::End, |_, _| {});
        plan.agenda(Vec::new())
    }
}

impl<'a> Ask<'a> {
    /// The decision by planning these slots, of which the first ones do not go now, and as many of the rest as it takes. Those
    /// who send at once do not pay for the room that a plan takes.
    #[inline(never)]
    fn planned(
        &'a self,
        first: SmallVec<[Slot<'a>; MOST_ABOVE]>,
        waiting: usize,
        rest: impl Iterator<Item = Slot<'a>>,
    ) -> Decision {
        let mut plan = Plan::new(self);
        plan.run(
            &mut first.into_iter().chain(rest),
            Until::Sent { waiting },
            |_, _| {},
        );
        plan.decision()
    }

    /// Why slots do not go now. Those above one of them are planned only if they can bear on why it does not.
    fn reasons_above(&'a self, above: &[Slot<'a>]) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for (rank, &slot) in above.iter().enumerate() {
            let Some(first) = self.choices(slot.campaign).next() else {
                continue;
            };
            let higher = above.get(..rank).unwrap_or_default();
            let view = self.view_apart(&slot, first, rank);
            if higher.is_empty() || self.is_apart(higher, &view) {
                view.slot_reasons(slot, None, &mut reasons);
            } else {
                self.reasons_below(higher, slot, first, &mut reasons);
            }
        }
        reasons
    }

    /// Adds why a slot does not go now, given what is planned of those above it.
    #[inline(never)]
    fn reasons_below(
        &'a self,
        higher: &[Slot<'a>],
        slot: Slot<'a>,
        first: Choice<'a>,
        reasons: &mut Vec<Reason>,
    ) {
        let mut plan = Plan::new(self);
        plan.run(&mut higher.iter().copied(), Until::End, |_, _| {});
        plan.view(slot, first, higher.len())
            .slot_reasons(slot, None, reasons);
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
        let (chosen, at) = (planned.chosen, planned.at);
        self.of(rank, planned)?.touch(chosen, at, at.into())
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
        let limit = frees.then(|| self.ask.now.plus(HORIZON));
        let Some(first) = self.ask.choices(slot.campaign).next() else {
            return;
        };
        let view = self.view(slot, first, rank);
        if view.slot_reasons(slot, limit, reasons) {
            reasons.extend(self.waiting(rank, slot, frees));
        }
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
        if !slot.may_wait() {
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

impl<'a> View<'a, '_> {
    /// The decision to send what is chosen of this view now; with why nothing above it goes.
    fn sent(&self, chosen: Chosen<'a>, now: DateTime<Utc>, reasons: Vec<Reason>) -> Decision {
        let at = self.ask.now;
        // What is finer than microseconds is not shown; mostly there is nothing, and the instant is at hand.
        let finer = now.timestamp_subsec_nanos();
        let is_whole = finer.is_multiple_of(1_000) && finer < NANOS;
        let shown = if is_whole { now } else { at.into() };
        Decision {
            customer: self.ask.bound.id.clone(),
            outcome: Outcome::Send,
            until: None,
            recheck_at: None,
            held_out: Vec::new(),
            observed: self.observed(at),
            reasons,
            touch: self.touch(chosen, at, shown),
        }
    }

    /// What is chosen of this view as a touch at `at`, which is shown as `shown`.
    #[inline(always)]
    fn touch(&self, chosen: Chosen<'a>, at: Instant, shown: DateTime<Utc>) -> Option<Touch> {
        let (campaign, occurrence) = (self.campaign?, self.occurrence.as_ref()?);
        let channel = self.channel()?;
        // Mostly the key is known without the id, and then nothing is moved.
        let (key, id) = match self.first_key() {
            Some(key) => (key, None),
            None => {
                let id = occurrence.id.written(campaign);
                (self.next_key(occurrence, &id), Some(id))
            }
        };
        Some(Touch {
            key,
            campaign: campaign.id.clone(),
            occurrence: id.unwrap_or_else(|| occurrence.id.written(campaign)),
            channel: channel.name.clone(),
            sender: self.sender_name(),
            variant: chosen.variant.id.clone(),
            arm: chosen.arm.map(|arm| arm.id.clone()),
            content: chosen.content().cloned(),
            fields: self.fields(chosen.variant),
            style: self.style(at),
            purpose: campaign.purpose_name.clone(),
            value: campaign.value,
            score: self.score(at),
            at: shown,
        })
    }
}
