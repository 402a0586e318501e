//! Which of the policies' rules speak of which touches.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    rule::{Rule, Scope},
    symbols::Symbol,
};

/// The policies' rules, found by what they speak of.
pub(super) struct Rules {
    /// By address.
    rules: Vec<Arc<Rule>>,
    /// The numbers of those that name the campaigns that they speak of, by campaign.
    only: BTreeMap<Symbol, Vec<usize>>,
    /// The numbers of those that except campaigns, by campaign.
    except: BTreeMap<Symbol, Vec<usize>>,
    /// What all other campaigns of a purpose share on a channel.
    shared: BTreeMap<(Symbol, Symbol), Shared>,
}

/// Rules that campaigns share, and whether any of their conditions reads touches.
type Shared = (Arc<[Arc<Rule>]>, bool);

/// The policies' rules for the touches of one campaign on one channel.
pub(super) struct Speaking {
    pub(super) shared: Arc<[Arc<Rule>]>,
    /// Those that name the campaign.
    pub(super) named: Vec<Arc<Rule>>,
    /// Whether any of their conditions reads touches.
    pub(super) read_touches: bool,
}

fn names(scope: &Scope) -> &[Symbol] {
    scope.campaigns.as_deref().unwrap_or_default()
}

impl Rules {
    pub(super) fn new(rules: &[Arc<Rule>]) -> Self {
        let mut only: BTreeMap<Symbol, Vec<usize>> = BTreeMap::new();
        let mut except: BTreeMap<Symbol, Vec<usize>> = BTreeMap::new();
        for (number, rule) in rules.iter().enumerate() {
            for &campaign in names(&rule.scope.scope) {
                only.entry(campaign).or_default().push(number);
            }
            for &campaign in rule.scope.except.iter().flat_map(names) {
                except.entry(campaign).or_default().push(number);
            }
        }
        Self {
            rules: rules.to_vec(),
            only,
            except,
            shared: BTreeMap::new(),
        }
    }

    /// The rules that speak of a campaign's touches on a channel.
    pub(super) fn speaking(&mut self, channel: Symbol, purpose: Symbol, campaign: Symbol) -> Speaking {
        let rules = &self.rules;
        let (shared, read_touches) = self.shared.entry((purpose, channel)).or_insert_with(|| {
            // No campaign has this name, so that no list of campaigns holds it.
            let of_all = |rule: &&Arc<Rule>| rule.scope.holds(channel, purpose, Symbol::OTHER);
            let of_all: Arc<[Arc<Rule>]> = rules.iter().filter(of_all).cloned().collect();
            let reads = of_all.iter().any(|rule| rule.reads.touches);
            (of_all, reads)
        });
        let listed = |numbers: Option<&Vec<usize>>| -> Vec<&Arc<Rule>> {
            let numbers = numbers.into_iter().flatten();
            numbers.filter_map(|&number| rules.get(number)).collect()
        };
        let holds = |rule: &Rule| rule.scope.holds(channel, purpose, campaign);
        let mut speaking = Speaking {
            shared: shared.clone(),
            named: Vec::new(),
            read_touches: *read_touches,
        };
        if listed(self.except.get(&campaign)).iter().any(|rule| !holds(rule)) {
            speaking.shared = shared.iter().filter(|rule| holds(rule)).cloned().collect();
        }
        for rule in listed(self.only.get(&campaign)) {
            if holds(rule) {
                speaking.named.push(rule.clone());
                speaking.read_touches |= rule.reads.touches;
            }
        }
        speaking
    }
}
