//! The rules of a rulebook as the invariants read them: plainly, and by themselves.

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;

use crate::{
    presets,
    written::{
        calendar::{UnknownTimeZone, Zone},
        customer::Customer,
        history::HistoryEntry,
        policy::TouchPolicy,
        rule::Rule,
        rulebook::Rulebook,
        scope::{Scope, covers},
    },
};

/// A rule with its address.
#[derive(Debug, Clone)]
pub(super) struct Addressed {
    pub(super) address: String,
    /// The campaign whose rule it is.
    pub(super) campaign: Option<String>,
    pub(super) rule: Rule,
}

/// Every rule that restrains: none that only watches.
pub(super) fn restraining(book: &Rulebook) -> Vec<Addressed> {
    let of_policies = presets::policies_of(book).flat_map(|policy| of_policy(&policy));
    let of_campaigns = book.campaigns.iter().flat_map(|campaign| {
        campaign.rules.iter().map(|rule| Addressed {
            address: format!("campaign:{}/{}", campaign.id, rule.id),
            campaign: Some(campaign.id.clone()),
            rule: rule.clone(),
        })
    });
    let mut rules: Vec<Addressed> = of_policies.chain(of_campaigns).collect();
    rules.retain(|addressed| !addressed.rule.observe);
    rules
}

/// The rules of a policy, those that only watch as well.
pub(super) fn of_policy(policy: &TouchPolicy) -> Vec<Addressed> {
    let rules = policy.rules.iter().map(|rule| Addressed {
        address: format!("{}/{}", policy.id, rule.id),
        campaign: None,
        rule: rule.clone(),
    });
    rules.collect()
}

impl Addressed {
    /// Whether a touch is in the rule's scope.
    pub(super) fn covers(&self, touch: &HistoryEntry) -> bool {
        self.campaign
            .as_ref()
            .is_none_or(|own| touch.campaign.as_ref() == Some(own))
            && is_in(self.rule.scope.as_ref(), self.rule.except.as_ref(), touch)
    }
}

pub(super) fn is_in(scope: Option<&Scope>, except: Option<&Scope>, touch: &HistoryEntry) -> bool {
    covers(
        scope,
        except,
        (&touch.channel, &touch.purpose, touch.campaign.as_deref()),
    )
}

/// The clocks by which a rule is read; none for a customer whose clock is not known, where the house refrains.
pub(super) fn clocks(zone: Option<Zone>, customer: &Customer, book: &Rulebook) -> Vec<Tz> {
    match zone.unwrap_or(Zone::Customer) {
        Zone::Named(zone) => vec![zone],
        Zone::House => vec![book.time_zone],
        Zone::Customer => match (customer.time_zone, &book.unknown_time_zone) {
            (Some(zone), _) => vec![zone],
            (None, UnknownTimeZone::House) => vec![book.time_zone],
            (None, UnknownTimeZone::Every(zones)) => zones.clone(),
            (None, UnknownTimeZone::Refrain) => Vec::new(),
        },
    }
}

/// What a clock on the wall shows.
pub(super) fn wall(at: DateTime<Utc>, zone: Tz) -> NaiveDateTime {
    at.with_timezone(&zone).naive_local()
}
