//! Explanations: every campaign, every option, every gate.

use chrono::{DateTime, Utc};

use super::{
    bound::Bound,
    decision::{Explained, Explanation, ReadValue, Reason},
    gate::Gate,
    occurrence::Scheduled,
    plan::{Match, Plan, Slot, Until},
    reasons::in_order,
    view::{Ask, View},
};
use crate::{
    clock::instant::{HORIZON, Instant, shown},
    compiled::condition::Condition,
};

impl Bound {
    /// Why each campaign goes or does not go to this customer at `now`: all campaigns, all options, all gates.
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
    /// // Not in the audience: `decide` is silent about it, `explain` is not.
    /// let lee = engine.bind(&Customer::new("lee"), &[], &world)?;
    /// let now = "2026-03-02T22:00:00+01:00".parse()?;
    /// assert!(lee.decide(now).reasons().is_empty());
    /// let explanation = lee.explain(now);
    /// let told: Vec<_> = explanation.reasons().iter().map(|explained| explained.reason().code().as_str()).collect();
    /// assert_eq!(told, ["audience", "quiet"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn explain(&self, now: DateTime<Utc>) -> Explanation {
        let ask = Ask::new(self, now.into());
        let mut plan = Plan::new(&ask);
        let campaigns = self.compiled.campaigns.iter();
        let all = campaigns.map(|campaign| Match {
            campaign,
            audience: None,
        });
        let mut reasons = Vec::with_capacity(self.compiled.campaigns.len());
        plan.run(&mut ask.slots(all), Until::End, |plan, rank| {
            plan.explained(rank, &mut reasons)
        });
        Explanation { reasons }
    }
}

impl Bound {
    /// Why one campaign goes or does not go to this customer at `now`: what [`Bound::explain`] says of it, at the cost of
    /// one agenda. `None` if there is no such campaign.
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
    /// let lee = engine.bind(&Customer::new("lee"), &[], &world)?;
    /// let now = "2026-03-02T12:00:00+01:00".parse()?;
    /// let explanation = lee.explain_campaign(now, "first-flush").ok_or("no such campaign")?;
    /// assert_eq!(explanation.reasons()[0].reason().detail(), "not in the audience");
    /// assert_eq!(lee.explain_campaign(now, "second-flush"), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn explain_campaign(&self, now: DateTime<Utc>, campaign: &str) -> Option<Explanation> {
        let campaign = self.compiled.campaigns.by_id(campaign)?;
        let ask = Ask::new(self, now.into());
        let matching = ask.matching(ask.now, ask.end()).also(campaign);
        let mut reasons = Vec::new();
        Plan::new(&ask).run(&mut ask.slots(matching), Until::End, |plan, rank| {
            let slot = plan.slots.get(rank);
            if slot.is_some_and(|slot| slot.campaign.id == campaign.id) {
                plan.explained(rank, &mut reasons);
            }
        });
        Some(Explanation { reasons })
    }
}

impl<'a> Plan<'a> {
    fn explained(&self, rank: usize, explained: &mut Vec<Explained>) {
        let Some(&slot) = self.slots.get(rank) else { return };
        let ask = self.ask;
        let limit = ask.now.plus(HORIZON);
        if slot.occurrence.is_none() {
            let view = View {
                campaign: Some(slot.campaign),
                ..ask.view()
            };
            explained.push(Explained {
                reason: view.unscheduled(slot.missing_anchor, shown(ask.next_start(slot, limit))),
                values: Vec::new(),
            });
            return;
        }
        let waiting: Option<Reason> = self.waiting(rank, slot, true);
        for (number, choice) in ask.choices(slot.campaign).enumerate() {
            let view = self.view(slot, choice, rank);
            let from = explained.len();
            // What is the same for every option is told once.
            let wanted = |gate| number == 0 || !view.is_of_occurrence(gate);
            view.reasons(ask.now, Some(limit), wanted, |gate, reason| {
                let values = view.values(gate);
                explained.push(Explained { reason, values });
            });
            if let Some(of_choice) = explained.get_mut(from..) {
                of_choice.sort_by(|a, b| in_order(&a.reason, &b.reason));
            }
            let waits = waiting.iter().filter(|reason| {
                reason.channel == view.channel_name() && reason.sender == view.sender_name()
            });
            explained.extend(waits.map(|reason| Explained {
                reason: reason.clone(),
                values: Vec::new(),
            }));
        }
    }
}

impl<'a> Ask<'a> {
    /// The start of the campaign's next occurrence after the look-ahead, up to `limit`.
    fn next_start(&'a self, slot: Slot<'a>, limit: Instant) -> Option<Instant> {
        match self.occurrences(slot.campaign, self.end(), limit) {
            Scheduled::Occurrences(found) => found.iter().map(|occurrence| occurrence.start).min(),
            Scheduled::MissingAnchor(_) => None,
        }
    }
}

impl<'a> View<'a, '_> {
    /// The values that the conditions of a gate read, by name.
    fn values(&self, gate: Gate<'a>) -> Vec<ReadValue> {
        self.values_of(self.conditions(gate))
    }

    /// The values that conditions read, by name, each once.
    pub(crate) fn values_of<'c>(
        &self,
        conditions: impl IntoIterator<Item = &'c Condition>,
    ) -> Vec<ReadValue> {
        let mut values = Vec::new();
        for condition in conditions {
            self.read_values(condition, self.ask.now, &mut values);
        }
        values.sort_by(|a, b| (&a.name, &a.of).cmp(&(&b.name, &b.of)));
        values.dedup_by(|a, b| (&a.name, &a.of) == (&b.name, &b.of));
        values
    }
}
