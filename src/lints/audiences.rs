//! Audiences in which nobody can be, or hardly anybody is, and those that are everyone.

use std::collections::BTreeSet;

use super::{
    finding::{LintCode, Notes, Witness},
    house::{House, reason},
};
use crate::{
    asked::decision::ReasonCode,
    checked::warn::is_undifferentiated,
    witness::{
        question::{Answer, Question},
        truths::Truths,
        variable::Variable,
    },
    written::{
        campaign::Campaign,
        condition::{Condition, Reference, Test},
        customer::Customer,
        rule::Effect,
        schedule::Schedule,
    },
};

impl House<'_> {
    pub(super) fn audiences(&self, customers: &[Customer], notes: &mut Notes) {
        // Attributes whose customers nobody has told of are noted once.
        let mut unknown = BTreeSet::new();
        for (path, campaign) in self.campaigns() {
            if let Some(audience) = &campaign.audience {
                self.never(campaign, audience, None, &format!("{path}/audience"), notes);
                self.rarely_given(
                    campaign,
                    audience,
                    customers,
                    &format!("{path}/audience"),
                    &mut unknown,
                    notes,
                );
            }
            if let Schedule::Waves { waves, .. } = &campaign.schedule {
                for (number, wave) in waves.iter().enumerate() {
                    if let Some(audience) = &wave.audience {
                        let place = format!("{path}/schedule/waves/{number}/audience");
                        self.never(campaign, audience, campaign.audience.as_ref(), &place, notes);
                    }
                }
            }
            self.undifferentiated(campaign, &format!("{path}/variants"), notes);
        }
        if !unknown.is_empty() {
            let names: Vec<&str> = unknown.iter().map(String::as_str).collect();
            let why = format!(
                "audiences need `{}`; whether customers have them can be told when the linter is given some",
                names.join("`, `")
            );
            notes.undecided(LintCode::RarelyGiven, "/attributes", why);
        }
    }

    /// An audience in which nobody can be, besides another one.
    fn never(
        &self,
        campaign: &Campaign,
        audience: &Condition,
        besides: Option<&Condition>,
        path: &str,
        notes: &mut Notes,
    ) {
        let can_be = |parts: &[(String, &Condition)]| {
            let mut question = Question::new(self.book);
            for (_, part) in parts {
                question.want(Some(part), Truths::TRUE);
            }
            question.answer()
        };
        let alone = besides
            .into_iter()
            .map(|besides| ("the campaign's audience".to_owned(), besides));
        let own = match audience {
            Condition::All(parts) => {
                let numbered = parts.iter().enumerate();
                numbered
                    .map(|(number, part)| (format!("`/all/{number}`"), part))
                    .collect()
            }
            whole => vec![("itself".to_owned(), whole)],
        };
        let mut parts: Vec<(String, &Condition)> = alone.chain(own).collect();
        match can_be(&parts) {
            Answer::Yes => return,
            Answer::CannotTell => {
                notes.undecided(
                    LintCode::AudienceNever,
                    path,
                    "there is too much in it to look at",
                );
                return;
            }
            Answer::Never => {}
        }
        // What is not needed for that is left out, part by part.
        let mut number = 0;
        while number < parts.len() {
            let without: Vec<_> = parts
                .iter()
                .enumerate()
                .filter(|(index, _)| *index != number)
                .map(|(_, part)| part.clone())
                .collect();
            if !without.is_empty() && can_be(&without) == Answer::Never {
                parts = without;
            } else {
                number = number.saturating_add(1);
            }
        }
        let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
        let sentence = match names.as_slice() {
            [] | [_] => "nobody can be in it: it is never true".to_owned(),
            [first @ .., last] => format!(
                "nobody can be in it: its parts {} and {last} exclude each other",
                first.join(", ")
            ),
        };
        // Whoever is in all parts but the last.
        let mut question = Question::new(self.book);
        for (_, part) in parts.iter().rev().skip(1) {
            question.want(Some(part), Truths::TRUE);
        }
        let witness = self.somebody(campaign, &question, |met| {
            let refused = reason(met, campaign, ReasonCode::Audience)?;
            Some(Witness::of(
                met,
                format!("{} of `{}`", refused.detail(), campaign.id),
            ))
        });
        notes.found(LintCode::AudienceNever, path, sentence, witness.ok());
    }

    /// An attribute that an audience cannot do without, and that hardly any customer has.
    fn rarely_given(
        &self,
        campaign: &Campaign,
        audience: &Condition,
        customers: &[Customer],
        path: &str,
        unknown: &mut BTreeSet<String>,
        notes: &mut Notes,
    ) {
        let mut question = Question::new(self.book);
        question.want(Some(audience), Truths::TRUE);
        let read: BTreeSet<&String> = question
            .variables
            .iter()
            .filter_map(|variable| match variable {
                Variable::Attribute(name) | Variable::Elapsed(Reference::Attribute(name)) => Some(name),
                _ => None,
            })
            .filter(|name| self.book.attributes.contains_key(*name))
            .collect();
        for name in read {
            let missing = Condition::Attribute {
                name: name.clone(),
                tests: vec![Test::Present(false)],
            };
            let mut without = Question::new(self.book);
            without
                .want(Some(audience), Truths::TRUE)
                .want(Some(&missing), Truths::TRUE);
            // An audience in which nobody can be is told already.
            if without.answer() != Answer::Never || question.answer() != Answer::Yes {
                continue;
            }
            if customers.is_empty() {
                unknown.insert(name.clone());
                continue;
            }
            let has = |customer: &&Customer| matches!(customer.attributes.get(name), Some(Some(_)));
            let given = customers.iter().filter(has).count();
            if given.saturating_mul(10) >= customers.len() {
                continue;
            }
            let sentence = format!(
                "nobody is in it without `{name}`, which {given} of {} customers have",
                customers.len()
            );
            let mut anybody = Question::new(self.book);
            anybody
                .want(Some(audience), Truths::UNKNOWN)
                .want(Some(&missing), Truths::TRUE);
            let witness = self.somebody(campaign, &anybody, |met| {
                let refused = reason(met, campaign, ReasonCode::Audience)?;
                let lacks = refused.missing().contains(name);
                lacks.then(|| Witness::of(met, format!("without `{name}` nobody knows")))
            });
            notes.found(LintCode::RarelyGiven, path, sentence, witness.ok());
        }
    }

    /// A mass audience that hears one thing.
    fn undifferentiated(&self, campaign: &Campaign, path: &str, notes: &mut Notes) {
        // A rule of a policy that names the campaign says for whom it is as one of its own does.
        let is_forbidden = self.rules.iter().any(|ruling| {
            let scope = ruling.rule.scope.as_ref();
            let named = scope.and_then(|scope| scope.campaigns.as_ref());
            ruling.rule.then == Effect::Forbid
                && ruling.rule.when.is_some()
                && !ruling.rule.observe
                && named.is_some_and(|named| named.contains(&campaign.id))
        });
        if is_forbidden || !is_undifferentiated(campaign) {
            return;
        }
        let question = self.reach.question(campaign);
        let witness = self.somebody(campaign, &question, |met| {
            let decision = met.bound.decide(met.case.now);
            let touch = decision.touch().filter(|touch| touch.campaign() == campaign.id)?;
            Some(Witness::of(
                met,
                format!("somebody of whom nothing is known gets `{}`", touch.variant()),
            ))
        });
        let sentence = "everyone hears the same; narrow the audience, or write variants for whom it concerns";
        notes.found(LintCode::Undifferentiated, path, sentence, witness.ok());
    }
}
