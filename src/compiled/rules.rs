//! Which of the policies' rules speak of which touches.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    rule::{Effect, Rule, Scope},
    symbols::Symbol,
};

/// What campaigns of a purpose share on a channel, as far as any was asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lanes {
    shared: BTreeMap<(Symbol, Symbol), Shared>,
    /// How many lanes there are: purposes often share one.
    count: usize,
}

/// What those share who are in one lane.
#[derive(Debug, Clone)]
pub(super) struct Shared {
    pub(super) lane: Lane,
    /// The policies' rules, by address.
    pub(super) rules: Arc<[Arc<Rule>]>,
    /// Of these, the ones that the lane asks as time passes: see [`Rule::is_asked_of_lanes`].
    pub(super) asked: Arc<[Arc<Rule>]>,
}

/// Those who share the rules that speak of all touches of their purposes on one channel.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lane {
    pub(crate) number: usize,
    /// Whether any condition of the rules reads touches.
    pub(crate) read_touches: bool,
}

/// The policies' rules, found by what they speak of.
pub(super) struct Rules {
    /// By address.
    rules: Vec<Arc<Rule>>,
    /// The numbers of those that name the campaigns that they speak of, by campaign.
    only: BTreeMap<Symbol, Vec<usize>>,
    /// The numbers of those that except campaigns, by campaign.
    except: BTreeMap<Symbol, Vec<usize>>,
    pub(super) lanes: Lanes,
}

/// The policies' rules for the touches of one campaign on one channel.
pub(super) struct Speaking {
    pub(super) rules: Arc<[Arc<Rule>]>,
    /// Those who share them, and what their lane asks.
    pub(super) lane: Option<Lane>,
    pub(super) asked: Arc<[Arc<Rule>]>,
    /// Those that name the campaign.
    pub(super) named: Vec<Arc<Rule>>,
    /// Whether any of their conditions reads touches.
    pub(super) read_touches: bool,
}

fn names(scope: &Scope) -> &[Symbol] {
    scope.campaigns.as_deref().unwrap_or_default()
}

impl Lanes {
    fn of(&mut self, channel: Symbol, purpose: Symbol, rules: &[Arc<Rule>]) -> Shared {
        let lanes = &mut self.shared;
        if let Some(known) = lanes.get(&(channel, purpose)) {
            return known.clone();
        }
        // No campaign has this name, so that no list of campaigns holds it.
        let of_all = |rule: &&Arc<Rule>| rule.scope.holds(channel, purpose, Symbol::OTHER);
        let of_all: Vec<&Arc<Rule>> = rules.iter().filter(of_all).collect();
        let same = |Shared { rules, .. }: &&Shared| {
            let mut pairs = rules.iter().zip(&of_all);
            rules.len() == of_all.len() && pairs.all(|(a, b)| Arc::ptr_eq(a, b))
        };
        let on_channel = lanes.range((channel, Symbol::FIRST)..=(channel, Symbol::ABSENT));
        let shared = on_channel.map(|(_, shared)| shared).find(same).cloned();
        let count = &mut self.count;
        let shared = shared.unwrap_or_else(|| {
            let number = *count;
            *count = count.saturating_add(1);
            let lane = Lane {
                number,
                read_touches: of_all.iter().any(|rule| rule.reads.touches),
            };
            let asked = of_all.iter().filter(|rule| rule.is_asked_of_lanes());
            let mut asked: Vec<Arc<Rule>> = asked.map(|&rule| rule.clone()).collect();
            // What a clock alone decides, first: it leads past most of the times at which the others would be asked.
            asked.sort_by_key(|rule| !matches!(rule.then, Effect::Quiet { .. }));
            Shared {
                lane,
                asked: asked.into(),
                rules: of_all.into_iter().cloned().collect(),
            }
        });
        lanes.insert((channel, purpose), shared.clone());
        shared
    }
}

impl Rules {
    pub(super) fn new(rules: &[Arc<Rule>], lanes: Lanes) -> Self {
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
            lanes,
        }
    }

    /// The rules that speak of a campaign's touches on a channel.
    pub(super) fn speaking(&mut self, channel: Symbol, purpose: Symbol, campaign: Symbol) -> Speaking {
        let rules = &self.rules;
        let Shared {
            lane,
            rules: shared,
            asked,
        } = self.lanes.of(channel, purpose, rules);
        let listed = |numbers: Option<&Vec<usize>>| -> Vec<&Arc<Rule>> {
            let numbers = numbers.into_iter().flatten();
            numbers.filter_map(|&number| rules.get(number)).collect()
        };
        let holds = |rule: &Rule| rule.scope.holds(channel, purpose, campaign);
        let mut speaking = Speaking {
            rules: shared,
            lane: Some(lane),
            asked,
            named: Vec::new(),
            read_touches: lane.read_touches,
        };
        let excepted = |rule: &&Arc<Rule>| rule.scope.holds(channel, purpose, Symbol::OTHER) && !holds(rule);
        if listed(self.except.get(&campaign)).iter().any(excepted) {
            speaking.rules = speaking
                .rules
                .iter()
                .filter(|rule| holds(rule))
                .cloned()
                .collect();
            speaking.lane = None;
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
