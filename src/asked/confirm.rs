//! Confirmation: a scheduled touch judged again at delivery.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use smol_str::SmolStr;

use super::{
    bound::{Bound, Entry, Mark},
    cap::Used,
    decision::{Reason, ReasonCode, Touch},
    gate::{Gate, Refusal},
    occurrence::Scheduled,
    plan::Choice,
    reasons::in_order,
    view::{Ask, View},
};
use crate::{
    clock::instant::{HORIZON, Instant, shown},
    compiled::{campaign::Campaign, occurrence::Occurrence, rule::Rule},
    written::condition::Status,
};

impl Bound {
    /// Whether a touch that was planned may still be delivered at `now`: every reason against it, none for yes.
    ///
    /// Of the history it counts what was sent, and what is scheduled earlier than the touch, by instant and key. What is not
    /// there any more, the campaign or its occurrence, is not scheduled.
    ///
    /// ```
    /// # use tactful::{Customer, Engine, Facts, ReasonCode, Status};
    /// # let text = r#"{"format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d",
    /// #     "tags": ["tea", {"tag": "regular", "when": {"purchases": "count", "ge": 2}}], "purposes": ["news"],
    /// #     "channels": {"mail": {"consent": "none"}},
    /// #     "policies": [{"id": "house", "rules": [{"id": "night", "then": {"quiet": {"from": "21:00", "to": "09:00"}}}]}],
    /// #     "campaigns": [{"id": "first-flush", "purpose": "news", "value": "knowledge", "channels": ["mail"],
    /// #                    "audience": {"tag": "tea"}, "variants": [{"id": "letter"}]}]}"#;
    /// # let (engine, _) = Engine::from_document(&serde_json::from_str(text)?)?;
    /// # let world = engine.bind_facts(&Facts::new())?;
    /// let kim = Customer::new("kim").tag("tea");
    /// let night = "2026-03-02T22:00:00+01:00".parse()?;
    /// let touch = engine.bind(&kim, &[], &world)?.decide(night).touch().ok_or("a plan")?.clone();
    /// let history = [touch.entry(Status::Scheduled)];
    /// assert!(engine.bind(&kim, &history, &world)?.confirm(&touch, touch.at()).is_empty());
    /// // Delivery is late, and it is night again.
    /// let reasons = engine.bind(&kim, &history, &world)?.confirm(&touch, "2026-03-03T21:00:00+01:00".parse()?);
    /// assert_eq!(reasons[0].code(), ReasonCode::Quiet);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use = "any reason is a no"]
    pub fn confirm(&self, touch: &Touch, now: DateTime<Utc>) -> Vec<Reason> {
        let (marks, entries) = self.before(touch);
        Ask::over(self, now.into(), Cow::Owned(marks), Cow::Owned(entries)).confirm(touch)
    }

    /// The history without the touch itself and what is scheduled after it.
    fn before(&self, touch: &Touch) -> (Vec<Mark>, Vec<Entry>) {
        let key = touch.key.to_string();
        let place = (Instant::from(touch.at), Some(key.as_str()));
        let counts = |(mark, entry): &(&Mark, &Entry)| {
            mark.status != Status::Scheduled || (mark.at, entry.key.as_deref()) < place
        };
        let kept = self.marks.iter().zip(&self.entries).filter(counts);
        kept.map(|(mark, entry)| (mark.clone(), entry.clone())).unzip()
    }
}

impl<'a> Ask<'a> {
    fn confirm(&'a self, touch: &Touch) -> Vec<Reason> {
        let gone = |code: ReasonCode| {
            let reason = Reason {
                campaign: touch.campaign.clone(),
                occurrence: Some(touch.occurrence.clone()),
                channel: None,
                sender: None,
                code,
                rule: None,
                frees_at: None,
                missing: Vec::new(),
                detail: SmolStr::new_static("outside its schedule"),
            };
            vec![reason]
        };
        let Some(campaign) = self.compiled.campaigns.by_id(&touch.campaign) else {
            return gone(ReasonCode::NotScheduled);
        };
        let (Some(occurrence), Some(choice)) = (
            self.occurrence_of(campaign, touch),
            self.choice_of(campaign, touch),
        ) else {
            return gone(ReasonCode::NotScheduled);
        };
        let limit = self.now.plus(HORIZON);
        let view = View {
            campaign: Some(campaign),
            occurrence: Some(occurrence),
            reach: Some(choice.reach),
            sender: choice.sender,
            ..self.view()
        };
        // At delivery a holdout refuses when it is true as well as when it is unknown, so it is no gate like the others.
        let mut reasons: Vec<Reason> = Vec::new();
        view.reasons(
            self.now,
            Some(limit),
            |_| true,
            |_, reason| {
                if reason.code != ReasonCode::Holdout {
                    reasons.push(reason);
                }
            },
        );
        let told = |code, rule, frees_at, missing| {
            view.told(
                Refusal {
                    code,
                    used: None::<Used>,
                },
                rule,
                frees_at,
                missing,
            )
        };
        let holds =
            |rule: &&Rule| view.in_bucket(rule) && view.holds(rule.when.as_ref(), self.now).restrains();
        reasons.extend(view.rules().filter(holds).map(|rule| {
            told(
                ReasonCode::Holdout,
                Some(rule),
                shown(view.leaves_holdout(rule, self.now, limit)),
                view.missing_at(Gate::Rule(rule), self.now),
            )
        }));
        if let Some(chosen) = view.variant(self.now) {
            let arm = chosen.arm.map(|arm| arm.id.as_str());
            let same = chosen.variant.id == touch.variant
                && arm == touch.arm.as_deref()
                && chosen.content() == touch.content.as_ref();
            if !same {
                reasons.push(told(ReasonCode::Changed, None, None, Vec::new()));
            }
        }
        reasons.sort_by(in_order);
        reasons
    }

    /// The touch's occurrence.
    fn occurrence_of(&'a self, campaign: &'a Campaign, touch: &Touch) -> Option<Occurrence> {
        // Near the touch or near now: what may lie between them is not bounded.
        [touch.at.into(), self.now]
            .into_iter()
            .find_map(|around: Instant| {
                match self.occurrences(campaign, around.minus(HORIZON), around.plus(HORIZON)) {
                    Scheduled::Occurrences(found) => found
                        .into_iter()
                        .find(|occurrence| occurrence.id.written(campaign) == touch.occurrence),
                    Scheduled::MissingAnchor(_) => None,
                }
            })
    }

    fn choice_of(&'a self, campaign: &'a Campaign, touch: &Touch) -> Option<Choice<'a>> {
        let reach = campaign.channels.iter().find(|reach| {
            let channel = self.frame.channels.get(reach.channel);
            channel.is_some_and(|channel| channel.name == touch.channel)
        })?;
        let sender = match &touch.sender {
            None if self.bound.senders.is_empty() => None,
            None => return None,
            Some(sender) => Some(self.bound.senders.iter().position(|(name, _)| name == sender)?),
        };
        Some(Choice { reach, sender })
    }
}
