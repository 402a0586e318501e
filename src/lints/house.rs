//! A rulebook as the lints read it: its rules with their places, presets spelled out.

use std::borrow::Cow;

use crate::{
    asked::decision::{Reason, ReasonCode},
    compiled::engine::Engine,
    presets,
    witness::{
        question::{Answer, Question},
        reach::{Met, Reach},
    },
    written::{
        campaign::Campaign,
        policy::PolicySource,
        rule::Rule,
        rulebook::Rulebook,
        scope::{Scope, covers},
    },
};

pub(super) struct House<'b> {
    pub(super) book: &'b Rulebook,
    pub(super) reach: Reach<'b>,
    /// The rules of policies, then those of campaigns.
    pub(super) rules: Vec<Ruling<'b>>,
}

/// A rule at its place.
pub(super) struct Ruling<'b> {
    pub(super) rule: Cow<'b, Rule>,
    pub(super) address: String,
    pub(super) path: String,
    /// The campaign whose rule it is.
    pub(super) campaign: Option<&'b Campaign>,
    /// Whether a preset brought it.
    pub(super) is_shipped: bool,
}

/// A touch that could be: of a campaign by one of its channels.
#[derive(Clone, Copy)]
pub(super) struct Kind<'a> {
    pub(super) campaign: &'a str,
    pub(super) purpose: &'a str,
    pub(super) channel: &'a str,
}

impl<'b> House<'b> {
    pub(super) fn of(book: &'b Rulebook, engine: &'b Engine) -> Self {
        let mut rules = Vec::new();
        for (number, source) in book.policies.iter().enumerate() {
            let Some(policy) = presets::policy_of(source, book) else {
                continue;
            };
            let is_shipped = matches!(source, PolicySource::Preset { .. });
            let at = |index: usize| {
                if is_shipped {
                    format!("/policies/{number}")
                } else {
                    format!("/policies/{number}/rules/{index}")
                }
            };
            let address = |rule: &Rule| format!("{}/{}", policy.id, rule.id);
            match &policy {
                Cow::Borrowed(policy) => {
                    rules.extend(policy.rules.iter().enumerate().map(|(index, rule)| Ruling {
                        address: address(rule),
                        rule: Cow::Borrowed(rule),
                        path: at(index),
                        campaign: None,
                        is_shipped,
                    }))
                }
                Cow::Owned(policy) => {
                    rules.extend(policy.rules.iter().enumerate().map(|(index, rule)| Ruling {
                        address: address(rule),
                        rule: Cow::Owned(rule.clone()),
                        path: at(index),
                        campaign: None,
                        is_shipped,
                    }))
                }
            }
        }
        for (number, campaign) in book.campaigns.iter().enumerate() {
            rules.extend(campaign.rules.iter().enumerate().map(|(index, rule)| Ruling {
                address: format!("campaign:{}/{}", campaign.id, rule.id),
                rule: Cow::Borrowed(rule),
                path: format!("/campaigns/{number}/rules/{index}"),
                campaign: Some(campaign),
                is_shipped: false,
            }));
        }
        Self {
            book,
            reach: Reach { book, engine },
            rules,
        }
    }

    /// The campaigns with their places.
    pub(super) fn campaigns(&self) -> impl Iterator<Item = (String, &'b Campaign)> {
        let numbered = self.book.campaigns.iter().enumerate();
        numbered.map(|(number, campaign)| (format!("/campaigns/{number}"), campaign))
    }

    /// Every touch that could be.
    pub(super) fn kinds(&self) -> impl Iterator<Item = (&'b Campaign, Kind<'b>)> {
        let campaigns = self.book.campaigns.iter();
        campaigns.flat_map(|campaign| kinds(campaign).map(move |kind| (campaign, kind)))
    }

    /// A case of somebody in the campaign's audience of whom something is to be seen.
    pub(super) fn somebody<T>(
        &self,
        campaign: &Campaign,
        question: &Question<'b>,
        found: impl FnMut(&Met) -> Option<T>,
    ) -> Result<T, Answer> {
        self.reach.find(question, campaign, found)
    }
}

impl Ruling<'_> {
    /// Whether a touch is in the rule's scope.
    pub(super) fn covers(&self, kind: Kind<'_>) -> bool {
        self.campaign.is_none_or(|own| own.id == kind.campaign)
            && kind.is_in(self.rule.scope.as_ref(), self.rule.except.as_ref())
    }
}

impl<'a> Kind<'a> {
    pub(super) fn is_in(self, scope: Option<&Scope>, except: Option<&Scope>) -> bool {
        let touch: (&'a str, &'a str, Option<&'a str>) = (self.channel, self.purpose, Some(self.campaign));
        covers(scope, except, touch)
    }
}

/// The touches that could be of a campaign, by channel.
pub(super) fn kinds(campaign: &Campaign) -> impl Iterator<Item = Kind<'_>> {
    campaign.channels.iter().map(|channel| Kind {
        campaign: &campaign.id,
        purpose: &campaign.purpose,
        channel,
    })
}

/// The reasons of one campaign at the case's instant.
pub(super) fn reasons(met: &Met, campaign: &Campaign) -> Vec<Reason> {
    let explanation = met.bound.explain_campaign(met.case.now, &campaign.id);
    let explained = explanation.map(|explanation| explanation.reasons().to_vec());
    let explained = explained.unwrap_or_default().into_iter();
    explained.map(|explained| explained.reason().clone()).collect()
}

/// A reason of one kind, if there is one.
pub(super) fn reason(met: &Met, campaign: &Campaign, code: ReasonCode) -> Option<Reason> {
    reasons(met, campaign)
        .into_iter()
        .find(|reason| reason.code() == code)
}
