//! Rules as bits: which caps count a touch, and which rules bar a customer, known of all of them at once.

use std::sync::Arc;

use super::{
    rule::{Cap, Effect, Rule},
    symbols::Symbol,
};
use crate::written::rule::GroupedBy;

/// How many lists of latest touches are kept for a customer: one for each cap, and each channel if it is grouped by it.
pub(crate) const RECENT: usize = 8;

/// The policies' rules that have a bit: the first 64 caps, and the first 64 bars, which forbid by what stays as it is.
#[derive(Debug, Default)]
pub(crate) struct RuleBits {
    caps: Vec<Arc<Rule>>,
    bars: Vec<Arc<Rule>>,
    /// Whether any of the caps tells campaigns apart by name.
    pub(crate) caps_name_campaigns: bool,
}

impl RuleBits {
    /// Gives rules their bits, and caps their places.
    pub(super) fn give(rules: &mut [Rule], channels: usize) {
        give(rules.iter_mut().filter_map(|rule| match &mut rule.then {
            Effect::Cap(cap) => Some(&mut cap.bit),
            _ => None,
        }));
        let mut next = 0_usize;
        for rule in rules.iter_mut() {
            let Effect::Cap(cap) = &mut rule.then else {
                continue;
            };
            let end = match cap.grouped_by {
                None => next.saturating_add(1),
                Some(GroupedBy::Channel) => next.saturating_add(channels),
                Some(_) => continue,
            };
            // Placed touches are known by the bits of the caps that count them.
            if end <= RECENT && cap.bit != 0 {
                (cap.place, next) = (Some(next), end);
                rule.kept = rule.when.is_none() && !rule.observe;
            }
        }
        let bars = rules.iter_mut().filter(|rule| rule.is_bar());
        give(bars.map(|rule| &mut rule.bar));
    }

    /// Of rules that have their bits.
    pub(super) fn of(rules: &[Arc<Rule>]) -> Self {
        let caps = rules
            .iter()
            .filter(|rule| rule.cap().is_some_and(|cap| cap.bit != 0));
        let bars = rules.iter().filter(|rule| rule.bar != 0);
        let mut counting = caps.clone().filter_map(|rule| rule.cap());
        Self {
            caps_name_campaigns: counting.any(|cap| cap.counting.names_campaigns()),
            caps: caps.cloned().collect(),
            bars: bars.cloned().collect(),
        }
    }

    /// The caps with these bits.
    pub(crate) fn caps(&self, bits: u64) -> impl Iterator<Item = &Cap> {
        let caps = self.caps.iter().filter_map(|rule| rule.cap());
        caps.filter(move |cap| bits & cap.bit != 0)
    }

    /// The bits of the caps that count the touches of a campaign.
    pub(crate) fn counting(&self, channel: Symbol, purpose: Symbol, campaign: Symbol) -> u64 {
        let caps = self.caps.iter().filter_map(|rule| rule.cap());
        caps.filter(|cap| cap.counting.holds(channel, purpose, campaign))
            .fold(0, |bits, cap| bits | cap.bit)
    }

    /// The bits of the bars that have a property.
    pub(crate) fn bars(&self, has: impl Fn(&Rule) -> bool) -> u64 {
        let bars = self.bars.iter().filter(|rule| has(rule));
        bars.fold(0, |bits, rule| bits | rule.bar)
    }
}

fn give<'b>(places: impl Iterator<Item = &'b mut u64>) {
    let mut bit = 1_u64;
    for place in places {
        *place = bit;
        // After the last one there are none.
        bit = bit.checked_mul(2).unwrap_or(0);
    }
}
