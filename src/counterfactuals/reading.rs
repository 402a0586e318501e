//! What a refusal hangs on: with none of it changed, it stays.

use std::collections::BTreeSet;

use super::{Step, ground::Ground};
use crate::{
    asked::decision::{Reason, ReasonCode},
    written::{
        calendar::UnknownTimeZone,
        campaign::Campaign,
        condition::{Condition, ElapsedTest, FactKey, FactRef, Operand, Reference, Test},
        rule::{Effect, GroupedBy},
        schedule::Schedule,
        variant::FieldSource,
    },
};

/// What something reads of the customer, the world and the rules.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) tags: BTreeSet<String>,
    pub(super) attributes: BTreeSet<String>,
    pub(super) facts: BTreeSet<String>,
    rules: BTreeSet<String>,
    reads_consent: bool,
    reads_zone: bool,
    reads_touches: bool,
    /// Whatever can be otherwise may change it.
    is_anything: bool,
    /// Whether a change of it may do that is none of the steps.
    pub(super) is_open: bool,
}

impl Reading {
    /// Of campaigns and rules: all that they read.
    pub(super) fn of_all(ground: &Ground<'_>) -> Self {
        let mut reading = Self::default();
        for campaign in &ground.book.campaigns {
            reading.audience(ground, campaign);
            reading.condition(ground, campaign.stop_when.as_ref());
            reading.variants(ground, campaign);
            reading.score(ground, campaign);
            reading.anchor(ground, campaign);
        }
        for (_, rule) in &ground.rules {
            reading.condition(ground, rule.when.as_ref());
        }
        reading
    }

    /// Of one reason why the campaign does not go. `crowded` says whether the touches of others may have to do with it.
    pub(super) fn of(ground: &Ground<'_>, reason: &Reason, crowded: bool) -> Self {
        let mut reading = Self::default();
        let campaign = ground.campaign;
        match reason.code() {
            ReasonCode::Audience => reading.audience(ground, campaign),
            ReasonCode::Stopped => reading.condition(ground, campaign.stop_when.as_ref()),
            ReasonCode::NoVariant => reading.variants(ground, campaign),
            ReasonCode::Consent => reading.reads_consent = true,
            ReasonCode::NotScheduled | ReasonCode::UnknownTimeZone => reading.zone(ground),
            ReasonCode::Spent => {
                reading.zone(ground);
                let repeat = campaign.repeat.as_ref();
                reading.grouped(ground, repeat.and_then(|repeat| repeat.grouped_by));
            }
            ReasonCode::Reserved
            | ReasonCode::BetterTime
            | ReasonCode::PreferredOption
            | ReasonCode::Changed => reading.anything(),
            ReasonCode::Forbidden
            | ReasonCode::Reaction
            | ReasonCode::Quiet
            | ReasonCode::Cap
            | ReasonCode::Holdout => {}
        }
        if let Some(rule) = reason.rule() {
            reading.rule(ground, rule);
        }
        // Another anchor makes another occurrence.
        reading.anchor(ground, campaign);
        let counts = matches!(reason.code(), ReasonCode::Cap | ReasonCode::Spent);
        reading.touches(ground, crowded, counts);
        reading
    }

    /// Of a holdout that acts.
    pub(super) fn of_holdout(ground: &Ground<'_>, address: &str, crowded: bool) -> Self {
        let mut reading = Self::default();
        reading.rule(ground, address);
        // It need not act over another channel or by another sender.
        if !reading.facts.is_empty() {
            reading.anything();
        }
        reading.touches(ground, crowded, false);
        reading
    }

    /// Whatever touches hang on, where they count.
    fn touches(&mut self, ground: &Ground<'_>, crowded: bool, counts: bool) {
        let may_come = self.reads_touches && ground.above().next().is_some();
        if may_come || (crowded && (counts || self.reads_touches)) {
            self.anything();
        }
    }

    /// Whether a step changes some of it.
    pub(super) fn reads(&self, step: &Step) -> bool {
        self.is_anything
            || match step {
                Step::Lift { rule } => self.rules.contains(rule),
                Step::Hold { tag } | Step::Drop { tag } => self.tags.contains(tag),
                Step::Attribute { name, .. } => self.attributes.contains(name),
                Step::Fact { name, .. } => self.facts.contains(name),
                Step::Consent { .. } => self.reads_consent,
                Step::TimeZone { .. } => self.reads_zone,
            }
    }

    fn anything(&mut self) {
        self.is_anything = true;
        self.is_open = true;
    }

    fn rule(&mut self, ground: &Ground<'_>, address: &str) {
        self.rules.insert(address.to_owned());
        self.zone(ground);
        let Some((_, rule)) = ground.rules.iter().find(|(known, _)| known == address) else {
            return;
        };
        self.condition(ground, rule.when.as_ref());
        if let Effect::Cap(cap) = &rule.then {
            self.grouped(ground, cap.grouped_by);
        }
    }

    /// The content is the variant's.
    fn grouped(&mut self, ground: &Ground<'_>, by: Option<GroupedBy>) {
        if by == Some(GroupedBy::Content) {
            self.variants(ground, ground.campaign);
        }
    }

    fn zone(&mut self, ground: &Ground<'_>) {
        self.reads_zone = true;
        // Some zones are tried, not all.
        self.is_open |= lacks_zone(ground);
    }

    fn audience(&mut self, ground: &Ground<'_>, campaign: &Campaign) {
        self.condition(ground, campaign.audience.as_ref());
        if let Schedule::Waves { waves, .. } = &campaign.schedule {
            for wave in waves {
                self.condition(ground, wave.audience.as_ref());
            }
        }
    }

    fn variants(&mut self, ground: &Ground<'_>, campaign: &Campaign) {
        for variant in &campaign.variants {
            self.condition(ground, variant.when.as_ref());
            for field in variant.fields.values() {
                if let FieldSource::Reference(reference) = &field.from {
                    self.reference(reference);
                }
            }
        }
    }

    fn score(&mut self, ground: &Ground<'_>, campaign: &Campaign) {
        for add in &campaign.score.add {
            self.condition(ground, Some(&add.when));
        }
    }

    fn anchor(&mut self, ground: &Ground<'_>, campaign: &Campaign) {
        if let Schedule::After { anchor, .. } | Schedule::Every { of: anchor, .. } = &campaign.schedule {
            // What is made of purchases is no step.
            self.is_open |= ground.book.attributes.contains_key(anchor);
            self.attributes.insert(anchor.clone());
        }
    }

    fn condition(&mut self, ground: &Ground<'_>, condition: Option<&Condition>) {
        match condition {
            None | Some(Condition::Purchases { .. } | Condition::Occurrence(_)) => {}
            Some(Condition::All(parts) | Condition::Any(parts)) => {
                for part in parts {
                    self.condition(ground, Some(part));
                }
            }
            Some(Condition::Not(part)) => self.condition(ground, Some(part)),
            Some(Condition::Tag(name)) => {
                let tag = ground.book.tags.iter().find(|tag| tag.name == *name);
                match tag.and_then(|tag| tag.when.as_ref()) {
                    Some(when) => self.condition(ground, Some(when)),
                    None => {
                        self.tags.insert(name.clone());
                    }
                }
            }
            Some(Condition::Attribute { name, tests }) => {
                self.compared(ground, &Reference::Attribute(name.clone()), tests);
            }
            Some(Condition::Fact { fact, tests }) => {
                self.compared(ground, &Reference::Fact(fact.clone()), tests);
            }
            Some(Condition::Elapsed { since, tests }) => {
                self.reference(since);
                let present = |test: &ElapsedTest| matches!(test, ElapsedTest::Present(_));
                self.is_open |= is_known(ground, since) && tests.iter().any(present);
            }
            Some(Condition::Touches { .. }) => self.reads_touches = true,
            Some(Condition::Score(_)) => self.score(ground, ground.campaign),
        }
    }

    fn compared(&mut self, ground: &Ground<'_>, left: &Reference, tests: &[Test]) {
        self.reference(left);
        for test in tests {
            // That a value goes missing is no step.
            self.is_open |= is_known(ground, left) && matches!(test, Test::Present(_));
            for operand in test.operands() {
                // Two values may stand to each other in more ways than are tried.
                if let Operand::Reference(right) = operand {
                    self.reference(right);
                    self.is_open = true;
                }
            }
        }
    }

    fn reference(&mut self, reference: &Reference) {
        match reference {
            Reference::Attribute(name) => {
                self.attributes.insert(name.clone());
            }
            Reference::Fact(FactRef { name, of }) => {
                self.facts.insert(name.clone());
                if let Some(FactKey::Attribute(key)) = of {
                    self.attributes.insert(key.clone());
                    self.is_open = true;
                }
            }
        }
    }
}

/// Whether the customer has no zone, and none is taken for it.
pub(super) fn lacks_zone(ground: &Ground<'_>) -> bool {
    ground.case.customer.time_zone.is_none() && ground.book.unknown_time_zone != UnknownTimeZone::House
}

fn is_known(ground: &Ground<'_>, reference: &Reference) -> bool {
    match reference {
        Reference::Attribute(name) => matches!(ground.case.customer.attributes.get(name), Some(Some(_))),
        Reference::Fact(fact) => ground.case.facts.get(&fact.name).is_some(),
    }
}
