//! What rulebooks speak of: the names, the values that their conditions tell apart, and the instants and lengths at which
//! their rules turn.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{
    question::Question,
    reach::{some_noon, starts},
    truths::Truths,
    variable::{Value, Variable},
};
use crate::{
    presets,
    written::{
        calendar::{CalendarPeriod, ClockWindow},
        campaign::Campaign,
        condition::{Condition, FactKey, FactRef, Literal, Reference},
        rule::{Effect, GroupedBy, Per, Prefer, ReactTo, Rule},
        rulebook::{ChannelConsent, Rulebook, ValueType},
        schedule::Schedule,
    },
};

/// What one rulebook, or several, speak of.
#[derive(Debug, Clone, Default)]
pub(crate) struct Vocabulary {
    /// Tags that hosts give.
    pub(crate) tags: Vec<String>,
    pub(crate) attributes: BTreeMap<String, Vec<Sample>>,
    pub(crate) facts: Vec<(FactRef, Vec<Sample>)>,
    /// What a customer may have consented to.
    pub(crate) consents: Vec<String>,
    pub(crate) senders: Vec<String>,
    pub(crate) kinds: Vec<Kind>,
    /// Kinds of responses.
    pub(crate) responses: Vec<String>,
    /// Microseconds, short first: windows, holds, gaps, offsets.
    pub(crate) lengths: Vec<i64>,
    /// Seconds of a day at which windows begin and end.
    pub(crate) edges: Vec<u32>,
    /// Instants at which something begins or ends.
    pub(crate) instants: Vec<DateTime<Utc>>,
    pub(crate) house: Option<Tz>,
    /// Whether anything is preferred by the hours in which a customer is active.
    pub(crate) reads_active_hours: bool,
    pub(crate) reads_purchases: bool,
}

/// A value of an attribute or a fact.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Sample {
    Literal(Literal),
    /// An instant so many microseconds before now.
    Ago(i64),
}

/// A touch that could have been.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Kind {
    pub(crate) channel: String,
    pub(crate) purpose: String,
    pub(crate) campaign: Option<String>,
    pub(crate) occurrences: Vec<String>,
    pub(crate) contents: Vec<String>,
}

impl Vocabulary {
    pub(crate) fn of(books: &[&Rulebook]) -> Self {
        let mut all = Self::default();
        for book in books {
            all.book(book);
        }
        for names in [
            &mut all.tags,
            &mut all.consents,
            &mut all.senders,
            &mut all.responses,
        ] {
            names.sort();
            names.dedup();
        }
        all.lengths.retain(|length| *length > 0);
        all.lengths.sort_unstable();
        all.lengths.dedup();
        all.edges.sort_unstable();
        all.edges.dedup();
        all.instants.sort_unstable();
        all.instants.dedup();
        all
    }

    fn book(&mut self, book: &Rulebook) {
        self.house = self.house.or(Some(book.time_zone));
        self.tags.extend(
            book.tags
                .iter()
                .filter(|tag| tag.when.is_none())
                .map(|tag| tag.name.clone()),
        );
        for (name, channel) in &book.channels {
            if channel.consent != ChannelConsent::None {
                self.consents.push(name.clone());
            }
        }
        let policies: Vec<_> = presets::policies_of(book).collect();
        let rules = || {
            let own = book.campaigns.iter().flat_map(|campaign| &campaign.rules);
            policies.iter().flat_map(|policy| &policy.rules).chain(own)
        };
        for rule in rules() {
            self.rule(rule);
        }
        for campaign in &book.campaigns {
            self.campaign(campaign, book);
        }
        // What another system of the house may have sent, over each channel and for each purpose.
        let channels = book.channels.keys().zip(book.purposes.iter().cycle());
        let purposes = book.channels.keys().take(1).cycle().zip(&book.purposes);
        for (channel, purpose) in channels.chain(purposes) {
            self.kinds.push(Kind {
                channel: channel.clone(),
                purpose: purpose.name.clone(),
                campaign: None,
                occurrences: Vec::new(),
                contents: Vec::new(),
            });
        }
        if self.instants.is_empty() {
            self.instants.push(some_noon(book.time_zone));
        }
        let mut question = Question::new(book);
        for condition in conditions(book).chain(rules().filter_map(|rule| rule.when.as_ref())) {
            question.want(Some(condition), Truths::TRUE);
        }
        self.variables(&question);
        // What is declared and compared with nothing has some value all the same.
        for (name, value_type) in &book.attributes {
            self.attributes
                .entry(name.clone())
                .or_insert_with(|| vec![any_value(*value_type)]);
        }
    }

    fn variables(&mut self, question: &Question<'_>) {
        for (number, variable) in question.variables.iter().enumerate() {
            let samples = question
                .values(number)
                .into_iter()
                .filter_map(|value| match value {
                    Value::Literal(literal) => Some(Sample::Literal(literal)),
                    Value::Elapsed(micros) => Some(Sample::Ago(micros)),
                    _ => None,
                });
            let samples: Vec<Sample> = samples.collect();
            match variable {
                Variable::Attribute(name) | Variable::Elapsed(Reference::Attribute(name)) => {
                    if question.book.attributes.contains_key(name) {
                        merge(self.attributes.entry(name.clone()).or_default(), samples);
                    } else {
                        self.reads_purchases = true;
                    }
                }
                Variable::Fact(fact) | Variable::Elapsed(Reference::Fact(fact)) => self.fact(fact, samples),
                Variable::Touches(filter) => {
                    self.lengths.extend(filter.within.map(|within| within.micros));
                    self.responses.extend(filter.responses.iter().flatten().cloned());
                    self.senders.extend(filter.senders.iter().flatten().cloned());
                }
                Variable::Purchases(_, within) => {
                    self.reads_purchases = true;
                    self.lengths.extend(within.map(|within| within.micros));
                }
                Variable::Related(condition) => self.related(condition, question.book),
                Variable::Tag(_) | Variable::Occurrence | Variable::Score => {}
            }
        }
    }

    /// Two values that are compared with each other have some values in common.
    fn related(&mut self, condition: &Condition, book: &Rulebook) {
        let (left, tests) = match condition {
            Condition::Attribute { name, tests } => (Reference::Attribute(name.clone()), tests),
            Condition::Fact { fact, tests } => (Reference::Fact(fact.clone()), tests),
            _ => return,
        };
        let right = tests
            .iter()
            .flat_map(|test| test.operands())
            .filter_map(|operand| match operand {
                crate::written::condition::Operand::Reference(right) => Some(right.clone()),
                crate::written::condition::Operand::Literal(_) => None,
            });
        for reference in [left].into_iter().chain(right) {
            let value_type = match &reference {
                Reference::Attribute(name) => book.attributes.get(name).copied(),
                Reference::Fact(fact) => book.facts.get(&fact.name).map(|fact| fact.value_type),
            };
            let samples = match value_type {
                Some(ValueType::Integer | ValueType::Number) => [9, 10, 11]
                    .map(|number| Sample::Literal(Literal::Integer(number)))
                    .to_vec(),
                Some(ValueType::String) => ["a", "b"]
                    .map(|text| Sample::Literal(Literal::Text(text.to_owned())))
                    .to_vec(),
                Some(value_type) => vec![any_value(value_type)],
                None => continue,
            };
            match &reference {
                Reference::Attribute(name) => {
                    merge(self.attributes.entry(name.clone()).or_default(), samples)
                }
                Reference::Fact(fact) => self.fact(fact, samples),
            }
        }
    }

    fn fact(&mut self, fact: &FactRef, samples: Vec<Sample>) {
        match &fact.of {
            Some(FactKey::Attribute(name)) => {
                let somewhere = Literal::Text("somewhere".to_owned());
                merge(
                    self.attributes.entry(name.clone()).or_default(),
                    vec![Sample::Literal(somewhere)],
                );
            }
            Some(FactKey::Sender) => self.senders.extend(["sender-1", "sender-2"].map(str::to_owned)),
            _ => {}
        }
        match self.facts.iter_mut().find(|(known, _)| known == fact) {
            Some((_, known)) => merge(known, samples),
            None => self.facts.push((fact.clone(), samples)),
        }
    }

    fn rule(&mut self, rule: &Rule) {
        match &rule.then {
            Effect::Forbid | Effect::Holdout(_) => {}
            Effect::Cap(cap) => {
                self.per(cap.per);
                if cap.grouped_by == Some(GroupedBy::Sender) {
                    self.senders.extend(["sender-1", "sender-2"].map(str::to_owned));
                }
            }
            Effect::Quiet(quiet) => self.window(&quiet.window),
            Effect::Prefer(Prefer::Window { window, .. }) => self.window(window),
            Effect::Prefer(Prefer::ActiveHours { .. }) => self.reads_active_hours = true,
            Effect::React(react) => {
                self.lengths.extend(react.within.map(|within| within.micros));
                if let crate::written::rule::Hold::For(hold) = react.hold {
                    self.lengths.push(hold.micros);
                }
                match &react.to {
                    ReactTo::Response(kind) => self.responses.push(kind.clone()),
                    ReactTo::Ignored {
                        after, answered_by, ..
                    } => {
                        self.lengths.push(after.micros);
                        let answers = answered_by.iter().flatten().cloned();
                        self.responses.extend(answers.chain(["clicked".to_owned()]));
                    }
                }
            }
        }
    }

    fn per(&mut self, per: Per) {
        const DAY: i64 = crate::clock::instant::DAY;
        match per {
            Per::Rolling(length) => self.lengths.push(length.micros),
            Per::Calendar(period) => {
                self.edges.push(0);
                self.lengths.push(match period {
                    CalendarPeriod::Day => DAY,
                    CalendarPeriod::Week => DAY.saturating_mul(7),
                    CalendarPeriod::Month => DAY.saturating_mul(30),
                    CalendarPeriod::Year => DAY.saturating_mul(365),
                });
            }
            Per::Lifetime => {}
        }
    }

    fn window(&mut self, window: &ClockWindow) {
        for time in [window.from, window.to] {
            self.edges.push(time.second_of_day());
        }
    }

    fn campaign(&mut self, campaign: &Campaign, book: &Rulebook) {
        self.consents
            .extend(campaign.topic.iter().map(|topic| format!("topic:{topic}")));
        if let Some(repeat) = &campaign.repeat {
            self.per(repeat.per);
            self.lengths.push(repeat.gap.micros);
        }
        let occurrences = match &campaign.schedule {
            Schedule::Always => vec!["always".to_owned()],
            Schedule::Between(_) => vec!["once".to_owned()],
            Schedule::Waves { waves, .. } => waves.iter().map(|wave| wave.id.clone()).collect(),
            Schedule::After { anchor, from, until } => {
                let middle = from.micros.midpoint(until.micros);
                let samples = [middle, from.micros, until.micros].map(Sample::Ago).to_vec();
                merge(self.attributes.entry(anchor.clone()).or_default(), samples);
                Vec::new()
            }
            Schedule::Every { of, .. } => {
                let anchor = match book.attributes.get(of) {
                    Some(ValueType::Date) => Sample::Literal(Literal::Text("2001-01-05".to_owned())),
                    _ => Sample::Literal(Literal::Text("2001-01-05T12:00:00Z".to_owned())),
                };
                merge(self.attributes.entry(of.clone()).or_default(), vec![anchor]);
                Vec::new()
            }
            Schedule::On { window, .. } => {
                self.window(window);
                Vec::new()
            }
        };
        if matches!(campaign.schedule, Schedule::Between(_) | Schedule::Waves { .. }) {
            self.instants.extend(starts(book, campaign));
        }
        let contents: BTreeSet<String> = campaign
            .variants
            .iter()
            .flat_map(|variant| {
                let arms = variant.arms.iter().filter_map(|arm| arm.content.clone());
                variant.content.iter().cloned().chain(arms)
            })
            .collect();
        for channel in &campaign.channels {
            self.kinds.push(Kind {
                channel: channel.clone(),
                purpose: campaign.purpose.clone(),
                campaign: Some(campaign.id.clone()),
                occurrences: occurrences.clone(),
                contents: contents.iter().cloned().collect(),
            });
        }
    }
}

/// The conditions of a rulebook, but for those of rules.
pub(crate) fn conditions(book: &Rulebook) -> impl Iterator<Item = &Condition> {
    let tags = book.tags.iter().filter_map(|tag| tag.when.as_ref());
    let styles = book.styles.iter().filter_map(|style| style.when.as_ref());
    let campaigns = book.campaigns.iter().flat_map(|campaign| {
        let waves = match &campaign.schedule {
            Schedule::Waves { waves, .. } => waves.as_slice(),
            _ => &[],
        };
        let variants = campaign
            .variants
            .iter()
            .filter_map(|variant| variant.when.as_ref());
        campaign
            .audience
            .iter()
            .chain(&campaign.stop_when)
            .chain(waves.iter().filter_map(|wave| wave.audience.as_ref()))
            .chain(campaign.score.add.iter().map(|add| &add.when))
            .chain(variants)
    });
    tags.chain(styles).chain(campaigns)
}

fn merge(into: &mut Vec<Sample>, samples: Vec<Sample>) {
    for sample in samples {
        if !into.contains(&sample) {
            into.push(sample);
        }
    }
}

fn any_value(value_type: ValueType) -> Sample {
    match value_type {
        ValueType::Integer | ValueType::Number => Sample::Literal(Literal::Integer(10)),
        ValueType::String => Sample::Literal(Literal::Text("a".to_owned())),
        ValueType::Boolean => Sample::Literal(Literal::Boolean(true)),
        ValueType::Date => Sample::Literal(Literal::Text("2001-01-05".to_owned())),
        ValueType::DateTime => Sample::Ago(crate::clock::instant::DAY.saturating_mul(10)),
    }
}
