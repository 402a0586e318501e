//! Looking for the smallest sets of steps.
//!
//! A set with which the campaign does not go is refused by something in each way to reach the customer. Whatever larger set
//! does, changes something of what one such refusal of each way reads; so only such steps are added. The sets are looked at
//! by size, each once.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Counterfactual, Step, WhatIf, ahead,
    ground::{Ground, without},
    reading::Reading,
    steps::steps,
};
use crate::{
    asked::{
        bound::Bound,
        decision::{Agenda, Reason, ReasonCode},
    },
    checked::input_error::InputError,
    compiled::engine::Engine,
    written::facts::Case,
};

/// How often the engine is asked, and how often one is compiled.
const MOST_ASKED: usize = 3_000;
/// What is kept of it for a way that need not be the smallest.
const KEPT: usize = 50;
/// How many ways are told.
const MOST_WAYS: usize = 5;

/// Steps by number, in order.
type Set = Vec<usize>;

pub(super) fn ask(what_if: &WhatIf<'_>, case: &Case, id: &str) -> Result<Option<Counterfactual>, InputError> {
    let bound = what_if.engine.bind_case(case)?;
    let Some(campaign) = what_if.book.campaigns.iter().find(|campaign| campaign.id == id) else {
        return Ok(None);
    };
    let goes = is_planned(&bound.planned(case.now), case, id);
    let ground = Ground::new(what_if.book, campaign, case);
    let mut search = Search {
        steps: steps(&ground),
        ground,
        engines: BTreeMap::new(),
        left: MOST_ASKED,
        ways: Vec::new(),
        tried: 0,
        is_exact: true,
    };
    if !goes {
        search.run();
    }
    let ahead = ahead::walk(what_if, case, id);
    Ok(Some(Counterfactual {
        customer: case.customer.id.clone(),
        campaign: id.to_owned(),
        goes,
        ways: search.told(),
        tried: search.tried,
        is_exact: search.is_exact,
        asked: MOST_ASKED.saturating_sub(search.left),
        next: ahead.next,
        days: ahead.days,
    }))
}

/// Whether the campaign is planned for now.
fn is_planned(agenda: &Agenda, case: &Case, id: &str) -> bool {
    let mut touches = agenda.touches().iter();
    touches.any(|touch| touch.campaign() == id && touch.at() == case.now)
}

struct Search<'b> {
    ground: Ground<'b>,
    steps: Vec<Step>,
    /// By the rules that are lifted.
    engines: BTreeMap<Set, Option<Engine>>,
    left: usize,
    ways: Vec<Set>,
    /// The size of the sets of which all were looked at.
    tried: usize,
    is_exact: bool,
}

/// What the engine says with a set of steps.
enum Look {
    Goes,
    Refused(Refused),
    /// The rulebook cannot be asked with it.
    Cannot,
}

struct Refused {
    /// Of each way to reach the customer: everything that refuses.
    options: Vec<Vec<Refusal>>,
    /// Whether the touches of others may have to do with it.
    crowded: bool,
}

enum Refusal {
    Reason(Reason),
    /// A holdout that acts, by address.
    Holdout(String),
}

impl Refusal {
    fn rule(&self) -> Option<&str> {
        match self {
            Self::Reason(reason) => reason.rule(),
            Self::Holdout(rule) => Some(rule),
        }
    }

    fn is(&self, code: ReasonCode) -> bool {
        matches!(self, Self::Reason(reason) if reason.code() == code)
    }
}

/// There is nothing left to ask with.
struct Spent;

impl Search<'_> {
    fn run(&mut self) {
        let mut layer = BTreeSet::from([Set::new()]);
        // Whether a set may do that is none of those looked at: of fewer steps than the layer's, and of as many.
        let (mut fewer, mut as_many) = (false, false);
        while !layer.is_empty() {
            let looked = self.layer(&layer);
            if !self.ways.is_empty() {
                self.is_exact = !fewer;
                return;
            }
            let Ok((larger, is_open)) = looked else {
                self.is_exact = false;
                break;
            };
            self.tried = match layer.first() {
                Some(set) if !larger.is_empty() => set.len(),
                _ => self.steps.len(),
            };
            fewer |= as_many;
            as_many = is_open;
            self.is_exact = !(fewer || as_many);
            layer = larger;
        }
        let way = self.dive();
        self.ways.extend(way);
    }

    /// Looks at sets of one size: the larger sets to look at where none of them does, and whether others may do.
    fn layer(&mut self, layer: &BTreeSet<Set>) -> Result<(BTreeSet<Set>, bool), Spent> {
        let mut larger = BTreeSet::new();
        let mut is_open = false;
        for set in layer {
            if self.left <= KEPT {
                return Err(Spent);
            }
            match self.look(set) {
                Look::Goes if self.is_told(set) => {}
                Look::Goes => self.ways.push(set.clone()),
                // More sets than can be looked at need not be known.
                Look::Refused(refused) if self.ways.is_empty() && larger.len() <= self.left => {
                    let (more, open) = self.larger(set, &refused);
                    is_open |= open;
                    larger.extend(more);
                }
                Look::Refused(_) | Look::Cannot => {}
            }
            if self.ways.len() == MOST_WAYS {
                break;
            }
        }
        Ok((larger, is_open))
    }

    /// Whether it is a way that is known but for the zone, of which one is told for all; it is the last step.
    fn is_told(&self, set: &[usize]) -> bool {
        let is_zone = |number: &usize| matches!(self.steps.get(*number), Some(Step::TimeZone { .. }));
        let others = |set: &[usize]| match set.split_last() {
            Some((last, others)) if is_zone(last) => Some(others.to_vec()),
            _ => None,
        };
        let own = others(set);
        own.is_some() && self.ways.iter().any(|way| others(way) == own)
    }

    /// The sets of one step more that may do what this one does not.
    fn larger(&self, set: &Set, refused: &Refused) -> (BTreeSet<Set>, bool) {
        let mut larger = BTreeSet::new();
        let mut is_open = false;
        for refusals in &refused.options {
            // Each of them has to be changed: the one that leaves the least to try.
            let readings = refusals.iter().map(|refusal| match refusal {
                Refusal::Reason(reason) => Reading::of(&self.ground, reason, refused.crowded),
                Refusal::Holdout(rule) => Reading::of_holdout(&self.ground, rule, refused.crowded),
            });
            let changes = readings.map(|reading| (reading.is_open, self.changes(set, &reading)));
            if let Some((open, steps)) = changes.min_by_key(|(open, steps)| (*open, steps.len())) {
                is_open |= open;
                larger.extend(steps.into_iter().map(|step| {
                    let mut more = set.clone();
                    more.push(step);
                    more.sort_unstable();
                    more
                }));
            }
        }
        (larger, is_open)
    }

    /// The steps that change what is read, and nothing that is changed already.
    fn changes(&self, set: &Set, reading: &Reading) -> Set {
        let steps = self.steps.iter().enumerate();
        let fresh = |step: &Step| !self.of(set).any(|chosen| chosen.is_of_same(step));
        steps
            .filter(|(_, step)| reading.reads(step) && fresh(step))
            .map(|(number, _)| number)
            .collect()
    }

    fn of<'s>(&'s self, set: &'s [usize]) -> impl Iterator<Item = &'s Step> {
        set.iter().filter_map(|number| self.steps.get(*number))
    }

    /// Asks with a set of steps.
    fn look(&mut self, set: &Set) -> Look {
        self.left = self.left.saturating_sub(1);
        let mut case = self.ground.case.clone();
        for step in self.of(set) {
            step.put(&mut case);
        }
        let Some(bound) = self.engine(set).and_then(|engine| engine.bind_case(&case).ok()) else {
            return Look::Cannot;
        };
        let agenda = bound.planned(case.now);
        if is_planned(&agenda, &case, &self.ground.campaign.id) {
            return Look::Goes;
        }
        Look::Refused(self.refused(&bound, &agenda))
    }

    /// The engine without the rules that a set lifts; each is compiled once.
    fn engine(&mut self, set: &Set) -> Option<&Engine> {
        let lifts = set.iter().copied();
        let lifts: Set = lifts
            .filter(|number| {
                self.steps
                    .get(*number)
                    .is_some_and(|step| step.lifted().is_some())
            })
            .collect();
        if !self.engines.contains_key(&lifts) {
            self.left = self.left.saturating_sub(1);
            let lifted: BTreeSet<&str> = self.of(&lifts).filter_map(Step::lifted).collect();
            let book = without(&self.ground.book, |address, _| lifted.contains(address));
            let engine = Engine::compile(&book).ok().map(|(engine, _)| engine);
            self.engines.insert(lifts.clone(), engine);
        }
        self.engines.get(&lifts)?.as_ref()
    }

    fn refused(&self, bound: &Bound, agenda: &Agenda) -> Refused {
        let (id, now) = (&self.ground.campaign.id, self.ground.case.now);
        let explanation = bound.explain_campaign(now, id);
        let mut common: BTreeMap<Option<String>, Vec<Refusal>> = BTreeMap::new();
        let mut apart: BTreeMap<_, Vec<Refusal>> = BTreeMap::new();
        let (mut waits, mut crowded) = (Vec::new(), false);
        for explained in explanation.iter().flat_map(|explanation| explanation.reasons()) {
            let reason = explained.reason();
            crowded |= reason.code() == ReasonCode::Reserved;
            let occurrence = reason.occurrence().map(str::to_owned);
            let refusal = Refusal::Reason(reason.clone());
            match reason.channel() {
                // Some option could go, and so no refusal of this one need change.
                _ if matches!(
                    reason.code(),
                    ReasonCode::BetterTime | ReasonCode::PreferredOption
                ) =>
                {
                    waits.push(vec![refusal]);
                }
                None => common.entry(occurrence).or_default().push(refusal),
                Some(channel) => {
                    let option = (occurrence, channel.to_owned(), reason.sender().map(str::to_owned));
                    apart.entry(option).or_default().push(refusal);
                }
            }
        }
        apart.retain(|(occurrence, ..), _| !common.contains_key(occurrence));
        let held = agenda.held_out().iter().map(|held| (held.touch(), held.rules()));
        let held = held.filter(|(touch, _)| touch.campaign() == id && touch.at() == now);
        let held = held.map(|(_, rules)| rules.iter().cloned().map(Refusal::Holdout).collect());
        let of_others = |campaign: &str| self.ground.above().any(|above| above.id == campaign);
        let occurrences: BTreeSet<_> = common
            .keys()
            .chain(apart.keys().map(|(occurrence, ..)| occurrence))
            .collect();
        let several = occurrences.len() > 1;
        let mut touches = agenda.touches().iter();
        crowded |= touches.any(|touch| of_others(touch.campaign()) || (several && touch.campaign() == id));
        Refused {
            options: held
                .chain(waits)
                .chain(common.into_values())
                .chain(apart.into_values())
                .collect(),
            crowded,
        }
    }

    /// Lifts whatever refuses, until it goes; then leaves out what need not be lifted.
    fn dive(&mut self) -> Option<Set> {
        let mut set = Set::new();
        loop {
            if self.left == 0 {
                return None;
            }
            let refused = match self.look(&set) {
                Look::Goes => break,
                Look::Cannot => return None,
                Look::Refused(refused) => refused,
            };
            let options = refused.options.iter();
            let ruled = options.filter_map(|refusals| {
                // Whether what is reserved is so by one of the rules, the engine says.
                let others = refusals
                    .iter()
                    .filter(|refusal| !refusal.is(ReasonCode::Reserved));
                let rules = others.map(Refusal::rule);
                rules.collect::<Option<BTreeSet<&str>>>()
            });
            let fewest = ruled.min_by_key(BTreeSet::len)?;
            let lifts = self.steps.iter().enumerate().filter(|(number, step)| {
                !set.contains(number) && step.lifted().is_some_and(|rule| fewest.contains(rule))
            });
            let lifts: Set = lifts.map(|(number, _)| number).collect();
            if lifts.is_empty() {
                return None;
            }
            set.extend(lifts);
            set.sort_unstable();
        }
        for lift in set.clone() {
            let fewer: Set = set.iter().copied().filter(|number| *number != lift).collect();
            if self.left > 0 && matches!(self.look(&fewer), Look::Goes) {
                set = fewer;
            }
        }
        Some(set)
    }

    fn told(&self) -> Vec<Vec<Step>> {
        let ways = self.ways.iter();
        ways.map(|set| self.of(set).cloned().collect()).collect()
    }
}
