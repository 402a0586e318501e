//! Looking for the smallest sets of steps.

use std::collections::{BTreeMap, BTreeSet};

use super::{Counterfactual, Step, WhatIf};
use crate::{
    asked::{
        bound::Bound,
        decision::{Reason, ReasonCode},
    },
    checked::input_error::InputError,
    compiled::engine::Engine,
    presets,
    witness::{
        question::Question,
        truths::Truths,
        variable::Variable,
        vocabulary::{Vocabulary, conditions},
    },
    written::{
        campaign::Campaign,
        condition::{FactKey, Literal},
        facts::Case,
        policy::TouchPolicy,
        rule::Rule,
        rulebook::Rulebook,
    },
};

/// How many values are changed at once.
const MOST_VALUES: usize = 3;
/// How many sets are looked at.
const MOST_SETS: usize = 20_000;
/// How many rules that refuse together are lifted one without another.
const MOST_RULES: usize = 6;
/// How many ways are told.
const MOST_WAYS: usize = 5;

pub(super) fn ask(what_if: &WhatIf<'_>, case: &Case, id: &str) -> Result<Option<Counterfactual>, InputError> {
    let bound = bind(&what_if.engine, case)?;
    let Some(campaign) = what_if.book.campaigns.iter().find(|campaign| campaign.id == id) else {
        return Ok(None);
    };
    let goes = is_planned(&bound, case, id);
    let mut search = Search {
        book: what_if.book,
        engine: &what_if.engine,
        campaign,
        case,
        left: MOST_SETS,
        ways: Vec::new(),
        smallest: usize::MAX,
        is_exact: true,
    };
    let mut tried = 0;
    if !goes {
        let steps = search.steps(&bound);
        for values in 0..=MOST_VALUES.min(steps.len()) {
            if values >= search.smallest {
                break;
            }
            tried = values;
            search.sets(&steps, values, &mut Vec::new());
            if search.left == 0 {
                search.is_exact = false;
                break;
            }
        }
        // What has more values than were tried, and fewer rules, was not looked at.
        search.is_exact &=
            search.ways.is_empty() || search.smallest <= tried.saturating_add(1) || tried == steps.len();
    }
    let mut ways = std::mem::take(&mut search.ways);
    ways.truncate(MOST_WAYS);
    Ok(Some(Counterfactual {
        customer: case.customer.id.clone(),
        campaign: id.to_owned(),
        goes,
        ways,
        tried,
        is_exact: search.is_exact,
        next: next(what_if.book, &bound, case, campaign),
    }))
}

fn bind(engine: &Engine, case: &Case) -> Result<Bound, InputError> {
    let facts = engine.bind_facts(&case.facts)?;
    engine.bind(&case.customer, &case.history, &facts)
}

/// Whether the campaign is planned for now.
fn is_planned(bound: &Bound, case: &Case, id: &str) -> bool {
    let agenda = bound.planned(case.now);
    agenda
        .touches()
        .iter()
        .any(|touch| touch.campaign() == id && touch.at() == case.now)
}

/// The first instant at which the campaign goes.
fn next(
    book: &Rulebook,
    bound: &Bound,
    case: &Case,
    campaign: &Campaign,
) -> Option<chrono::DateTime<chrono::Utc>> {
    let agenda = bound.planned(case.now);
    let touch = agenda
        .touches()
        .iter()
        .find(|touch| touch.campaign() == campaign.id);
    if let Some(touch) = touch {
        return Some(touch.at());
    }
    let mut alone = book.without_campaigns();
    alone.campaigns = vec![campaign.clone()];
    let (engine, _) = Engine::compile(&alone).ok()?;
    bind(&engine, case).ok()?.decide(case.now).recheck_at()
}

struct Search<'b> {
    book: &'b Rulebook,
    engine: &'b Engine,
    campaign: &'b Campaign,
    case: &'b Case,
    /// Sets that may still be looked at.
    left: usize,
    ways: Vec<Vec<Step>>,
    smallest: usize,
    /// Whether nothing smaller was passed over.
    is_exact: bool,
}

impl Search<'_> {
    /// Everything that may be otherwise: what the campaign reads, and the rules that refuse it now.
    fn steps(&self, bound: &Bound) -> Vec<Step> {
        let explanation = bound.explain_campaign(self.case.now, &self.campaign.id);
        let reasons = explanation
            .map(|explanation| explanation.reasons().to_vec())
            .unwrap_or_default();
        let refusing: BTreeSet<&str> = reasons
            .iter()
            .filter_map(|explained| explained.reason().rule())
            .collect();
        let mut small = without_rules(self.book, |address| !refusing.contains(address));
        small.campaigns.retain(|campaign| campaign.id == self.campaign.id);
        let mut question = Question::new(&small);
        let rules = small
            .policies
            .iter()
            .filter_map(|source| presets::policy_of(source, &small));
        let rules: Vec<Rule> = rules.flat_map(|policy| policy.rules.clone()).collect();
        let own = small.campaigns.iter().flat_map(|campaign| &campaign.rules);
        let restraints = rules.iter().chain(own).filter_map(|rule| rule.when.as_ref());
        for condition in conditions(&small).chain(restraints) {
            question.want(Some(condition), Truths::TRUE);
        }
        // Only what is read: derived tags of the whole rulebook are written there too.
        let read: BTreeSet<String> = question.variables.iter().filter_map(name_of).collect();
        let vocabulary = Vocabulary::of(&[&small]);
        let now = self.case.now;
        let mut steps = Vec::new();
        for tag in question.variables.iter().filter_map(|variable| match variable {
            Variable::Tag(tag) => Some(tag),
            _ => None,
        }) {
            steps.push(Step::Hold { tag: tag.clone() });
            steps.push(Step::Drop { tag: tag.clone() });
        }
        let anchors: BTreeSet<&String> = small.campaigns.iter().filter_map(anchor).collect();
        for (name, samples) in &vocabulary.attributes {
            if !read.contains(name) && !anchors.contains(name) {
                continue;
            }
            steps.extend(samples.iter().map(|sample| Step::Attribute {
                name: name.clone(),
                value: sample.at(now),
            }));
        }
        for (fact, samples) in &vocabulary.facts {
            for key in self.keys(fact.of.as_ref()) {
                steps.extend(samples.iter().map(|sample| Step::Fact {
                    name: fact.name.clone(),
                    of: key.clone(),
                    value: sample.at(now),
                }));
            }
        }
        let refused = |code| reasons.iter().any(|explained| explained.reason().code() == code);
        if refused(ReasonCode::Consent) {
            let topic = self.campaign.topic.iter().map(|topic| format!("topic:{topic}"));
            steps.extend(
                self.campaign
                    .channels
                    .iter()
                    .cloned()
                    .chain(topic)
                    .map(|to| Step::Consent { to }),
            );
        }
        if refused(ReasonCode::UnknownTimeZone) {
            steps.push(Step::TimeZone {
                zone: self.book.time_zone,
            });
        }
        steps.retain(|step| !step.is_so(self.case, now));
        steps
    }

    /// The keys that a fact is read by.
    fn keys(&self, key: Option<&FactKey>) -> Vec<Option<String>> {
        match key {
            None => vec![None],
            Some(FactKey::Is(key)) => vec![Some(key.clone())],
            Some(FactKey::Campaign) => vec![Some(self.campaign.id.clone())],
            Some(FactKey::Channel) => self.campaign.channels.iter().cloned().map(Some).collect(),
            Some(FactKey::Sender) => self.case.customer.senders.iter().cloned().map(Some).collect(),
            Some(FactKey::Attribute(name)) => match self.case.customer.attributes.get(name) {
                Some(Some(Literal::Text(text))) => vec![Some(text.clone())],
                _ => Vec::new(),
            },
        }
    }

    /// Every set of so many more of the steps, in order.
    fn sets(&mut self, steps: &[Step], more: usize, chosen: &mut Vec<Step>) {
        if self.left == 0 {
            return;
        }
        if more == 0 {
            self.left = self.left.saturating_sub(1);
            self.look(chosen);
            return;
        }
        for (number, step) in steps.iter().enumerate() {
            if chosen.iter().any(|other| other.is_of_same(step)) {
                continue;
            }
            chosen.push(step.clone());
            let rest = steps.get(number.saturating_add(1)..).unwrap_or_default();
            self.sets(rest, more.saturating_sub(1), chosen);
            chosen.pop();
        }
    }

    /// Looks at one set: with what rules lifted besides it the campaign would go.
    fn look(&mut self, chosen: &[Step]) {
        let mut case = self.case.clone();
        for step in chosen {
            step.put(&mut case);
        }
        // A value that the rulebook cannot be asked with is no way.
        let Ok(bound) = bind(self.engine, &case) else {
            return;
        };
        if is_planned(&bound, &case, &self.campaign.id) {
            self.found(chosen.to_vec());
            return;
        }
        let Some(explanation) = bound.explain_campaign(case.now, &self.campaign.id) else {
            return;
        };
        let reasons: Vec<&Reason> = explanation
            .reasons()
            .iter()
            .map(|explained| explained.reason())
            .collect();
        for refusing in self.lifts(&reasons) {
            self.lift(chosen, &case, &refusing.into_iter().collect::<Vec<_>>());
        }
    }

    /// Lifts rules that refuse: one may pass when another is lifted, so the fewest that do.
    fn lift(&mut self, chosen: &[Step], case: &Case, refusing: &[&str]) {
        let room = self.smallest.saturating_sub(chosen.len());
        let most = if refusing.len() > MOST_RULES {
            self.is_exact = false;
            0
        } else {
            refusing.len().saturating_sub(1)
        };
        for size in (1..=most)
            .chain([refusing.len()])
            .take_while(|size| *size <= room)
        {
            let mut works = false;
            for lifted in subsets(refusing, size) {
                let without = without_rules(self.book, |address| lifted.contains(&address));
                let Ok((engine, _)) = Engine::compile(&without) else {
                    continue;
                };
                if bind(&engine, case).is_ok_and(|bound| is_planned(&bound, case, &self.campaign.id)) {
                    works = true;
                    let lifts = lifted.iter().map(|rule| Step::Lift {
                        rule: (*rule).to_owned(),
                    });
                    self.found(lifts.chain(chosen.iter().cloned()).collect());
                }
            }
            if works {
                break;
            }
        }
    }

    /// Of each option that only rules refuse: these rules.
    fn lifts<'r>(&self, reasons: &[&'r Reason]) -> BTreeSet<BTreeSet<&'r str>> {
        let mut options: BTreeMap<_, Option<BTreeSet<&'r str>>> = BTreeMap::new();
        let common = |reason: &&&Reason| reason.channel().is_none();
        for reason in reasons.iter().filter(|reason| !common(reason)) {
            let option = (reason.occurrence(), reason.channel(), reason.sender());
            options.entry(option).or_insert_with(|| Some(BTreeSet::new()));
        }
        for ((occurrence, channel, sender), rules) in &mut options {
            let concerns = |reason: &&&'r Reason| {
                reason.occurrence() == *occurrence
                    && (common(reason) || (reason.channel() == *channel && reason.sender() == *sender))
            };
            for reason in reasons.iter().filter(concerns) {
                *rules = match (rules.take(), reason.rule()) {
                    (Some(mut rules), Some(rule)) => {
                        rules.insert(rule);
                        Some(rules)
                    }
                    // What is reserved may be so by a rule that is lifted; whether it is, the engine says.
                    (rules, None) if reason.code() == ReasonCode::Reserved => rules,
                    _ => None,
                };
            }
        }
        options
            .into_values()
            .flatten()
            .filter(|rules| !rules.is_empty())
            .collect()
    }

    fn found(&mut self, way: Vec<Step>) {
        if way.len() < self.smallest {
            self.smallest = way.len();
            self.ways.clear();
        }
        if way.len() == self.smallest && self.ways.len() < MOST_WAYS && !self.ways.contains(&way) {
            self.ways.push(way);
        }
    }
}

/// The subsets of some size, in order; there are few.
fn subsets<'r>(all: &[&'r str], size: usize) -> Vec<Vec<&'r str>> {
    let Some((first, rest)) = all.split_first().filter(|_| size > 0) else {
        return if size == 0 { vec![Vec::new()] } else { Vec::new() };
    };
    let with = subsets(rest, size.saturating_sub(1))
        .into_iter()
        .map(|mut subset| {
            subset.insert(0, *first);
            subset
        });
    with.chain(subsets(rest, size)).collect()
}

fn name_of(variable: &Variable) -> Option<String> {
    use crate::written::condition::Reference;
    match variable {
        Variable::Attribute(name) | Variable::Elapsed(Reference::Attribute(name)) => Some(name.clone()),
        Variable::Related(crate::written::condition::Condition::Attribute { name, .. }) => Some(name.clone()),
        _ => None,
    }
}

fn anchor(campaign: &Campaign) -> Option<&String> {
    use crate::written::schedule::Schedule;
    match &campaign.schedule {
        Schedule::After { anchor: of, .. } | Schedule::Every { of, .. } => Some(of),
        _ => None,
    }
}

/// The rulebook without some rules, presets spelled out.
fn without_rules(book: &Rulebook, is_out: impl Fn(&str) -> bool) -> Rulebook {
    let mut without = book.clone();
    let policies = book
        .policies
        .iter()
        .filter_map(|source| presets::policy_of(source, book));
    without.policies = policies
        .map(|policy| {
            let kept = policy.rules.iter();
            let kept = kept.filter(|rule| !is_out(&format!("{}/{}", policy.id, rule.id)));
            TouchPolicy {
                id: policy.id.clone(),
                rules: kept.cloned().collect(),
            }
            .into()
        })
        .collect();
    for campaign in &mut without.campaigns {
        let id = campaign.id.clone();
        campaign
            .rules
            .retain(|rule| !is_out(&format!("campaign:{id}/{}", rule.id)));
    }
    without
}
