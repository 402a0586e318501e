//! Campaigns that a higher one leaves no turn.

use chrono::{DateTime, Utc};

use super::{
    finding::{LintCode, Notes, Witness},
    house::{House, Ruling, kinds},
    length::longest_occurrence,
    touches::Touches,
};
use crate::{
    asked::decision::Outcome,
    clock::instant::DAY,
    compiled::engine::Engine,
    witness::{
        question::Question,
        reach::{Met, Reach, fits},
        truths::Truths,
        variable::Variable,
        vocabulary::conditions,
    },
    written::{
        calendar::Zone,
        campaign::{Campaign, Patience, Timing},
        condition::{Condition, FactKey, Reference, Status},
        facts::Case,
        rule::{AtMost, Effect, GroupedBy, Per},
        rulebook::Rulebook,
        schedule::{Between, Schedule},
        variant::Variant,
    },
};

/// How many touches are sent before it counts as endless.
const MOST_TOUCHES: usize = 60;

/// What came of sending everything in turn.
struct Run {
    sent: Vec<String>,
    /// Whether nothing is left to send.
    ended: bool,
}

impl<'b> House<'b> {
    pub(super) fn ranks(&self, notes: &mut Notes) {
        let campaigns: Vec<_> = self.campaigns().collect();
        // Who competes: the same people at the same time over the same channels.
        for (path, lower) in &campaigns {
            let competes = |higher: &&Campaign| {
                higher.id != lower.id
                    && higher.audience == lower.audience
                    && higher.schedule == lower.schedule
                    && higher.channels == lower.channels
                    && is_above(higher, lower)
            };
            let higher = || campaigns.iter().map(|(_, campaign)| *campaign).filter(competes);
            // One of whom it is proved says more than one of whom it is only shown.
            let proved = higher().find_map(|higher| Some((higher, Some(self.last_turn(higher, lower)?))));
            if let Some((higher, cap)) = proved.or_else(|| Some((higher().next()?, None))) {
                self.outranked(higher, lower, cap, path, notes);
            }
        }
    }

    /// The cap by which one touch of the higher campaign leaves no turn to the lower, if the higher goes whenever the lower
    /// could.
    fn last_turn(&self, higher: &Campaign, lower: &Campaign) -> Option<&Ruling<'b>> {
        let is_for_all =
            |variant: &Variant| matches!(fits(variant), Condition::All(needs) if needs.is_empty());
        let goes = higher.purpose == lower.purpose
            && higher.stop_when.is_none()
            && (higher.topic.is_none() || higher.topic == lower.topic)
            && (higher.timing, higher.patience) == (Timing::Asap, Patience::None)
            && higher.variants.iter().any(is_for_all)
            && !self.tells_apart(higher)
            && self
                .rules
                .iter()
                .all(|ruling| treats_alike(ruling, higher, lower));
        let length = longest_occurrence(self.book, &higher.schedule);
        // Where clocks are changed, or are the customer's, it may be longer.
        let by_clock = match &higher.schedule {
            Schedule::Between(Between { zone, .. }) | Schedule::Waves { zone, .. } => {
                *zone == Some(Zone::Customer)
            }
            Schedule::On { .. } | Schedule::Every { .. } => true,
            Schedule::Always | Schedule::After { .. } => false,
        };
        let length = length.map(|length| length.saturating_add(if by_clock { DAY } else { 0 }));
        let mut rules = self.rules.iter();
        rules.find(|ruling| {
            let Effect::Cap(cap) = &ruling.rule.then else {
                return false;
            };
            let lasts = match cap.per {
                Per::Lifetime => true,
                Per::Rolling(window) => length.is_some_and(|length| length <= window.micros),
                Per::Calendar(_) => false,
            };
            goes && lasts
                && cap.at_most == AtMost::Count(1)
                && matches!(cap.grouped_by, None | Some(GroupedBy::Purpose))
                && ruling.rule.when.is_none()
                && !ruling.rule.observe
                && kinds(higher).all(|kind| Touches::counted(ruling, cap).has(kind))
                && kinds(lower).all(|kind| ruling.covers(kind))
        })
    }

    /// Whether something may be true of one campaign that is not true of another beside it.
    fn tells_apart(&self, higher: &Campaign) -> bool {
        let rules = self.rules.iter().filter_map(|ruling| ruling.rule.when.as_ref());
        let mut question = Question::new(self.book);
        for condition in conditions(self.book).chain(rules) {
            question.want(Some(condition), Truths::TRUE);
        }
        question.variables.iter().any(|variable| match variable {
            Variable::Touches(filter) => {
                let named = filter.campaigns.as_ref();
                filter.contents.is_some() || named.is_some_and(|named| named.contains(&higher.id))
            }
            Variable::Fact(fact) | Variable::Elapsed(Reference::Fact(fact)) => {
                fact.of == Some(FactKey::Campaign)
            }
            Variable::Related(_) => true,
            _ => false,
        })
    }

    fn outranked(
        &self,
        higher: &Campaign,
        lower: &Campaign,
        cap: Option<&Ruling<'b>>,
        path: &str,
        notes: &mut Notes,
    ) {
        let of = |campaigns: &[&Campaign]| -> Rulebook {
            let mut book = self.book.without_campaigns();
            book.campaigns = campaigns.iter().map(|&campaign| campaign.clone()).collect();
            book
        };
        let (both, alone) = (of(&[higher, lower]), of(&[lower]));
        let (Ok((both_engine, _)), Ok((alone_engine, _))) = (Engine::compile(&both), Engine::compile(&alone))
        else {
            return;
        };
        let both = Reach {
            book: &both,
            engine: &both_engine,
        };
        let alone = Reach {
            book: &alone,
            engine: &alone_engine,
        };
        let question = both.question(higher);
        let found = both.find(&question, higher, |met| {
            let decision = met.bound.decide(met.case.now);
            let first = decision.touch().filter(|touch| touch.campaign() == higher.id);
            first.filter(|_| decision.outcome() == Outcome::Send)?;
            let by_itself = run(&alone, met.case.clone());
            let together = run(&both, met.case.clone());
            Some((
                Witness::asked(
                    met.case.clone(),
                    &met.bound,
                    format!("gets `{}`, and then `{}` never", higher.id, lower.id),
                ),
                by_itself,
                together,
            ))
        });
        let Ok((witness, by_itself, together)) = found else {
            return;
        };
        let has_turn = |run: &Run| run.sent.contains(&lower.id);
        if !has_turn(&by_itself) || has_turn(&together) {
            return;
        }
        if !together.ended {
            let why = format!("`{}` goes first, {MOST_TOUCHES} times and more", higher.id);
            notes.undecided(LintCode::Outranked, path, why);
            return;
        }
        let Some(cap) = cap else {
            let why = format!(
                "somebody gets `{}` first and then never this one; whether all do is not known",
                higher.id
            );
            notes.undecided(LintCode::Outranked, path, why);
            return;
        };
        let sentence = format!(
            "`{}` has the same audience and schedule and goes first, and then no turn is left to this one by `{}`",
            higher.id, cap.address
        );
        notes.found(LintCode::Outranked, path, sentence, Some(witness));
    }
}

/// Whether one ranks above another for everyone.
fn is_above(higher: &Campaign, lower: &Campaign) -> bool {
    let score = |campaign: &Campaign| campaign.score.add.is_empty().then_some(campaign.score.base);
    if higher.priority != lower.priority {
        return higher.priority > lower.priority;
    }
    match (score(higher), score(lower)) {
        (Some(a), Some(b)) if a != b => a > b,
        (Some(_), Some(_)) => higher.id < lower.id,
        _ => false,
    }
}

/// Whether a rule refuses no more of the higher campaign than of the lower, and counts no more of it.
fn treats_alike(ruling: &Ruling<'_>, higher: &Campaign, lower: &Campaign) -> bool {
    let rule = &ruling.rule;
    if rule.observe || matches!(rule.then, Effect::Prefer(_)) {
        return true;
    }
    kinds(higher).zip(kinds(lower)).all(|(higher, lower)| {
        let restrains_both = match &rule.then {
            Effect::Holdout(_) => false,
            Effect::Cap(cap) => !matches!(cap.grouped_by, Some(GroupedBy::Campaign | GroupedBy::Content)),
            _ => true,
        };
        let counts_both = match &rule.then {
            Effect::Cap(cap) => {
                let counted = Touches::counted(ruling, cap);
                !counted.has(higher) || (counted.has(lower) && cap.grouped_by != Some(GroupedBy::Content))
            }
            _ => true,
        };
        let is_alike = restrains_both && rule.when.is_none() && ruling.covers(lower);
        counts_both && (is_alike || !ruling.covers(higher))
    })
}

/// Sends what may be sent and asks again, until nothing is left.
fn run(reach: &Reach<'_>, mut case: Case) -> Run {
    let mut run = Run {
        sent: Vec::new(),
        ended: false,
    };
    for _ in 0..MOST_TOUCHES {
        let Some(Met { bound, .. }) = reach.meet(case.clone()) else {
            return run;
        };
        let decision = bound.decide(case.now);
        let later: Option<DateTime<Utc>> = match decision.outcome() {
            Outcome::Send => {
                if let Some(touch) = decision.touch() {
                    run.sent.push(touch.campaign().to_owned());
                    case.history.push(touch.entry(Status::Sent));
                }
                continue;
            }
            Outcome::Wait => decision.until(),
            Outcome::Refrain => decision.recheck_at(),
        };
        match later {
            Some(later) => case.now = later,
            None => {
                run.ended = true;
                return run;
            }
        }
    }
    run
}
