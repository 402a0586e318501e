//! Customers whom a campaign reaches, or does not, thought up and asked of the engine.

use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::{
    question::{Answer, Model, Question},
    sketch::sketch,
    truths::Truths,
};
use crate::{
    asked::bound::Bound,
    compiled::engine::Engine,
    presets,
    written::{
        calendar::{LocalDateTime, Zone},
        campaign::Campaign,
        condition::{Condition, ElapsedTest, Reference, Test},
        facts::Case,
        rule::{Effect, Rule},
        rulebook::Rulebook,
        schedule::Schedule,
        scope::covers,
        variant::{FieldSource, Variant},
    },
};

/// How many models are made a case of.
const MODELS: usize = 24;
/// How often a case is asked again, at the instant at which something frees.
const STEPS: usize = 8;

/// A rulebook and its engine.
pub(crate) struct Reach<'b> {
    pub(crate) book: &'b Rulebook,
    pub(crate) engine: &'b Engine,
}

/// A case, and the customer bound.
pub(crate) struct Met {
    pub(crate) case: Case,
    pub(crate) bound: Bound,
}

impl<'b> Reach<'b> {
    /// That a customer is in the campaign's audience, in an occurrence.
    pub(crate) fn question(&self, campaign: &Campaign) -> Question<'b> {
        let mut question = Question::new(self.book);
        question.want(campaign.audience.as_ref(), Truths::TRUE);
        if let Schedule::After { anchor, from, until } = &campaign.schedule {
            let inside = Condition::Elapsed {
                since: Reference::Attribute(anchor.clone()),
                tests: vec![ElapsedTest::Ge(*from), ElapsedTest::Lt(*until)],
            };
            question.want(Some(&inside), Truths::TRUE);
        }
        if let Schedule::Waves { waves, .. } = &campaign.schedule {
            let waves = waves.iter().map(|wave| {
                let named = Condition::Occurrence(vec![wave.id.clone()]);
                Condition::All([named].into_iter().chain(wave.audience.clone()).collect())
            });
            question.want(Some(&Condition::Any(waves.collect())), Truths::TRUE);
        }
        question
    }

    /// That a customer is in the campaign's audience, and that no condition keeps all of it from them.
    pub(crate) fn open(&self, campaign: &Campaign) -> Question<'b> {
        let mut question = self.question(campaign);
        self.want_free(&mut question, campaign, |rule| {
            campaign
                .channels
                .iter()
                .all(|channel| is_over(rule, campaign, channel))
        });
        question
    }

    /// That a customer is in the campaign's audience, has a variant, and is kept from it by no condition.
    pub(crate) fn served(&self, campaign: &Campaign) -> Question<'b> {
        let mut question = self.question(campaign);
        let fitting = Condition::Any(campaign.variants.iter().map(fits).collect());
        question.want(Some(&fitting), Truths::TRUE);
        self.want_free(&mut question, campaign, |rule| {
            campaign
                .channels
                .iter()
                .any(|channel| is_over(rule, campaign, channel))
        });
        question
    }

    /// Wants that the campaign is not stopped, and that no rule forbids it of those that concern it.
    fn want_free(&self, question: &mut Question<'b>, campaign: &Campaign, concerns: impl Fn(&Rule) -> bool) {
        if let Some(stop) = &campaign.stop_when {
            question.want(Some(stop), Truths::FALSE);
        }
        let policies: Vec<_> = presets::policies_of(self.book).collect();
        let rules = policies
            .iter()
            .flat_map(|policy| &policy.rules)
            .chain(&campaign.rules);
        let forbids = rules.filter(|rule| rule.then == Effect::Forbid && !rule.observe);
        for rule in forbids.filter(|rule| concerns(rule)) {
            if let Some(when) = &rule.when {
                question.want(Some(when), Truths::FALSE);
            }
        }
    }

    /// Goes through models, and through instants of each, until something is found of one.
    pub(crate) fn find<T>(
        &self,
        question: &Question<'b>,
        campaign: &Campaign,
        mut found: impl FnMut(&Met) -> Option<T>,
    ) -> Result<T, Answer> {
        let mut kept = None;
        let answer = question.search(MODELS, |model| {
            kept = self.of_model(question, model, campaign, &mut found);
            kept.is_some()
        });
        kept.ok_or(answer)
    }

    fn of_model<T>(
        &self,
        question: &Question<'b>,
        model: &Model,
        campaign: &Campaign,
        found: &mut impl FnMut(&Met) -> Option<T>,
    ) -> Option<T> {
        for start in starts(self.book, campaign) {
            let mut now = start;
            let mut waiting: Option<Case> = None;
            for step in 1..=STEPS {
                // What reads the customer moves along, or it is the same customer who waits.
                let anew = sketch(question, model, Some(campaign), &format!("c-{step}"), now);
                let same = waiting.take().map(|mut case| {
                    case.now = now;
                    case
                });
                let mut frees = None;
                for case in same.into_iter().chain([anew]) {
                    let met = self.meet(case)?;
                    if let Some(found) = found(&met) {
                        return Some(found);
                    }
                    let explanation = met.bound.explain_campaign(now, &campaign.id)?;
                    let reasons = explanation.reasons().iter();
                    // What frees last is waited for.
                    frees = reasons
                        .filter_map(|explained| explained.reason().frees_at())
                        .max();
                    waiting.get_or_insert(met.case);
                }
                match frees {
                    Some(later) if later > now => now = later,
                    _ => break,
                }
            }
        }
        None
    }

    /// Binds a case, if the rulebook can be asked of it.
    pub(crate) fn meet(&self, case: Case) -> Option<Met> {
        let bound = self.engine.bind_case(&case).ok()?;
        Some(Met { case, bound })
    }
}

/// Whether a campaign's touches over a channel are in a rule's scope.
fn is_over(rule: &Rule, campaign: &Campaign, channel: &str) -> bool {
    let touch = (channel, campaign.purpose.as_str(), Some(campaign.id.as_str()));
    covers(rule.scope.as_ref(), rule.except.as_ref(), touch)
}

/// Instants from which on a campaign may speak.
pub(crate) fn starts(book: &Rulebook, campaign: &Campaign) -> Vec<DateTime<Utc>> {
    let zone = |zone: Option<Zone>| match zone {
        Some(Zone::Named(named)) => named,
        _ => book.time_zone,
    };
    let instant = |at: LocalDateTime, tz: Tz| {
        let local = tz.from_local_datetime(&at.wall_clock());
        local
            .earliest()
            .or_else(|| Some(tz.from_utc_datetime(&at.wall_clock())))
    };
    let starts: Vec<_> = match &campaign.schedule {
        Schedule::Between(between) => vec![instant(between.from, zone(between.zone))],
        Schedule::Waves { waves, zone: tz } => {
            waves.iter().map(|wave| instant(wave.from, zone(*tz))).collect()
        }
        _ => Vec::new(),
    };
    let starts: Vec<DateTime<Utc>> = starts.into_iter().flatten().map(|at| at.to_utc()).collect();
    if starts.is_empty() {
        vec![some_noon(book.time_zone)]
    } else {
        starts
    }
}

/// Noon of a Monday in winter: where nothing says when, an instant as good as any.
pub(crate) fn some_noon(zone: Tz) -> DateTime<Utc> {
    let noon = zone.with_ymd_and_hms(2026, 1, 5, 12, 0, 0);
    noon.earliest().map_or(DateTime::UNIX_EPOCH, |noon| noon.to_utc())
}

/// What is true when a variant fits: its condition, and that its fields resolve.
pub(crate) fn fits(variant: &Variant) -> Condition {
    let present = vec![Test::Present(true)];
    let fields = variant.fields.values().filter(|field| field.default.is_none());
    let fields = fields.filter_map(|field| match &field.from {
        FieldSource::Reference(Reference::Attribute(name)) => Some(Condition::Attribute {
            name: name.clone(),
            tests: present.clone(),
        }),
        FieldSource::Reference(Reference::Fact(fact)) => Some(Condition::Fact {
            fact: fact.clone(),
            tests: present.clone(),
        }),
        FieldSource::Is(_) => None,
    });
    Condition::All(variant.when.iter().cloned().chain(fields).collect())
}
