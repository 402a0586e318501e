//! The part of a rulebook that a campaign's touches hang on.

use std::cmp::Reverse;

use crate::{
    presets,
    written::{
        campaign::Campaign, facts::Case, policy::TouchPolicy, rule::Rule, rulebook::Rulebook, scope::Scope,
    },
};

/// A campaign of a rulebook, and a case of it.
pub(super) struct Ground<'b> {
    /// The campaign and those that may rank above it, with the rules that may act on them: the others change nothing.
    pub(super) book: Rulebook,
    /// Its rules, by address.
    pub(super) rules: Vec<(String, Rule)>,
    pub(super) campaign: &'b Campaign,
    pub(super) case: &'b Case,
}

impl<'b> Ground<'b> {
    pub(super) fn new(book: &Rulebook, campaign: &'b Campaign, case: &'b Case) -> Self {
        let mut small = book.without_campaigns();
        small.campaigns = book
            .campaigns
            .iter()
            .filter(|other| other.id == campaign.id || may_rank_above(other, campaign))
            .cloned()
            .collect();
        let campaigns = std::mem::take(&mut small.campaigns);
        let mut small = without(&small, |_, rule| {
            rule.observe || !campaigns.iter().any(|campaign| may_cover(rule, campaign))
        });
        small.campaigns = campaigns;
        for campaign in &mut small.campaigns {
            campaign.rules.retain(|rule| !rule.observe);
        }
        Self {
            rules: rules_of(&small),
            book: small,
            campaign,
            case,
        }
    }

    /// The campaigns that may rank above.
    pub(super) fn above(&self) -> impl Iterator<Item = &Campaign> {
        let others = self.book.campaigns.iter();
        others.filter(|other| other.id != self.campaign.id)
    }
}

fn rules_of(book: &Rulebook) -> Vec<(String, Rule)> {
    let own = book.campaigns.iter().flat_map(|campaign| {
        let rules = campaign.rules.iter();
        rules.map(|rule| (own_address(campaign, rule), rule.clone()))
    });
    let mut rules: Vec<_> = presets::policy_rules(book).chain(own).collect();
    rules.sort_by(|(a, _), (b, _)| a.cmp(b));
    rules
}

/// A rulebook without some rules, by address; presets are spelled out.
pub(super) fn without(book: &Rulebook, is_out: impl Fn(&str, &Rule) -> bool) -> Rulebook {
    let mut without = book.clone();
    without.policies = presets::policies_of(book)
        .map(|policy| {
            let mut policy = policy.into_owned();
            let TouchPolicy { id, rules } = &mut policy;
            rules.retain(|rule| !is_out(&format!("{id}/{}", rule.id), rule));
            policy.into()
        })
        .collect();
    for campaign in &mut without.campaigns {
        let mut rules = std::mem::take(&mut campaign.rules);
        rules.retain(|rule| !is_out(&own_address(campaign, rule), rule));
        campaign.rules = rules;
    }
    without
}

fn own_address(campaign: &Campaign, rule: &Rule) -> String {
    format!("campaign:{}/{}", campaign.id, rule.id)
}

/// Whether the priority, the score or the id can bring it above.
fn may_rank_above(other: &Campaign, campaign: &Campaign) -> bool {
    let is_scored = |campaign: &Campaign| !campaign.score.add.is_empty();
    let rank = |campaign: &Campaign| (campaign.score.base, Reverse(campaign.id.clone()));
    other.priority > campaign.priority
        || (other.priority == campaign.priority
            && (is_scored(other) || is_scored(campaign) || rank(other) > rank(campaign)))
}

/// Whether some touch of the campaign is in the rule's scope, its exception apart.
fn may_cover(rule: &Rule, campaign: &Campaign) -> bool {
    let Some(Scope {
        channels,
        purposes,
        campaigns,
    }) = &rule.scope
    else {
        return true;
    };
    let has =
        |names: &Option<Vec<String>>, name: &String| names.as_ref().is_none_or(|names| names.contains(name));
    has(purposes, &campaign.purpose)
        && has(campaigns, &campaign.id)
        && campaign.channels.iter().any(|channel| has(channels, channel))
}
