//! Checking campaigns, their variants and their scores.

use std::collections::BTreeSet;

use super::{
    check::{Checker, Place},
    names::NameKind,
    path::Path,
    problem::Code,
};
use crate::written::{
    campaign::{Campaign, Repeat, Score},
    variant::{Arm, FieldSource, Variant},
};

impl Checker<'_> {
    /// All campaigns.
    pub(crate) fn campaigns(&mut self, campaigns: &[Campaign], path: &Path<'_>) {
        if !self.list_length(campaigns.len(), self.limits.campaigns, path) {
            return;
        }
        let mut seen = BTreeSet::new();
        for (index, campaign) in campaigns.iter().enumerate() {
            let at = path.index(index);
            self.id(&campaign.id, &mut seen, &at.member("id"));
            self.campaign(campaign, &at);
        }
    }

    /// One campaign.
    pub(crate) fn campaign(&mut self, campaign: &Campaign, path: &Path<'_>) {
        let purpose = path.member("purpose");
        if self.name(&campaign.purpose, &purpose) {
            self.purpose(&campaign.purpose, &purpose);
        }
        if let Some(topic) = &campaign.topic {
            self.name(topic, &path.member("topic"));
        }
        if let Some(audience) = &campaign.audience {
            self.whole_condition(audience, Place::Customer, &path.member("audience"));
        }
        self.schedule(&campaign.schedule, &path.member("schedule"));
        self.names(&campaign.channels, NameKind::Channel, &path.member("channels"));
        self.score(&campaign.score, &path.member("score"));
        if let Some(stop_when) = &campaign.stop_when {
            let at = path.member("stop_when");
            self.whole_condition(stop_when, Place::Customer, &at);
            self.restraining(Some(stop_when), &at);
        }
        if let Some(repeat) = &campaign.repeat {
            self.repeat(repeat, &path.member("repeat"));
        }
        if let Some(reserve) = campaign.reserve {
            self.not_negative(reserve, &path.member("reserve"));
        }
        self.variants(&campaign.variants, &path.member("variants"));
        let address = format!("campaign:{}", campaign.id);
        self.rules(
            &campaign.rules,
            Place::CampaignRule,
            &address,
            &path.member("rules"),
        );
        self.undifferentiated(campaign, path);
    }

    fn score(&mut self, score: &Score, path: &Path<'_>) {
        let add = path.member("add");
        if !self.list_length(score.add.len(), self.limits.list_length, &add) {
            return;
        }
        for (index, part) in score.add.iter().enumerate() {
            let at = add.index(index);
            self.whole_condition(&part.when, Place::Score, &at.member("when"));
        }
    }

    fn repeat(&mut self, repeat: &Repeat, path: &Path<'_>) {
        self.at_most_per(repeat.at_most, repeat.per, path);
        self.not_negative(repeat.gap, &path.member("gap"));
    }

    fn variants(&mut self, variants: &[Variant], path: &Path<'_>) {
        self.not_empty(variants.len(), path);
        if !self.list_length(variants.len(), self.limits.variants, path) {
            return;
        }
        let mut seen = BTreeSet::new();
        for (index, variant) in variants.iter().enumerate() {
            let at = path.index(index);
            self.id(&variant.id, &mut seen, &at.member("id"));
            if let Some(when) = &variant.when {
                self.whole_condition(when, Place::Variant, &at.member("when"));
            }
            if let Some(content) = &variant.content {
                self.name(content, &at.member("content"));
            }
            self.fields(variant, &at.member("fields"));
            self.arms(&variant.arms, &at.member("arms"));
        }
    }

    fn fields(&mut self, variant: &Variant, path: &Path<'_>) {
        if !self.list_length(variant.fields.len(), self.limits.list_length, path) {
            return;
        }
        for (name, field) in &variant.fields {
            let at = path.member(name);
            if !self.name(name, &at) {
                continue;
            }
            match &field.from {
                FieldSource::Reference(reference) => {
                    self.reference(reference, Place::Variant, &at);
                }
                FieldSource::Is(literal) => {
                    self.literal(literal, &at.member("is"));
                }
            }
            if let Some(default) = &field.default {
                self.literal(default, &at.member("default"));
            }
        }
    }

    fn arms(&mut self, arms: &[Arm], path: &Path<'_>) {
        if !self.list_length(arms.len(), self.limits.variants, path) {
            return;
        }
        let mut seen = BTreeSet::new();
        for (index, arm) in arms.iter().enumerate() {
            let at = path.index(index);
            self.id(&arm.id, &mut seen, &at.member("id"));
            if arm.weight == 0 {
                let sentence = "an arm without weight is never taken; write 1 or more";
                self.problem(&at.member("weight"), Code::BadValue, sentence);
            }
            if let Some(content) = &arm.content {
                self.name(content, &at.member("content"));
            }
        }
    }
}
