//! Campaigns that a higher one leaves no turn.

use chrono::{DateTime, Utc};

use super::{
    finding::{LintCode, Notes, Witness},
    house::House,
};
use crate::{
    asked::decision::{Outcome, Reason},
    compiled::engine::Engine,
    witness::reach::{Met, Reach},
    written::{campaign::Campaign, condition::Status, facts::Case, rulebook::Rulebook},
};

/// How many touches are sent before it counts as endless.
const MOST_TOUCHES: usize = 60;

/// What came of sending everything in turn.
struct Run {
    sent: Vec<String>,
    /// Whether nothing is left to send.
    ended: bool,
    reasons: Vec<Reason>,
}

impl House<'_> {
    pub(super) fn ranks(&self, notes: &mut Notes) {
        let campaigns: Vec<_> = self.campaigns().collect();
        // Who competes: the same people at the same time over the same channels.
        for (path, lower) in &campaigns {
            let higher = campaigns.iter().map(|(_, campaign)| *campaign).find(|higher| {
                higher.id != lower.id
                    && higher.audience == lower.audience
                    && higher.schedule == lower.schedule
                    && higher.channels == lower.channels
                    && is_above(higher, lower)
            });
            if let Some(higher) = higher {
                self.outranked(higher, lower, path, notes);
            }
        }
    }

    fn outranked(&self, higher: &Campaign, lower: &Campaign, path: &str, notes: &mut Notes) {
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
        let mut refused = together
            .reasons
            .iter()
            .filter(|reason| reason.campaign() == lower.id);
        let by = refused
            .find_map(|reason| reason.rule())
            .map_or(String::new(), |rule| format!(" by `{rule}`"));
        let sentence = format!(
            "`{}` has the same audience and schedule and goes first; what is left{by} is no turn for this one",
            higher.id
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

/// Sends what may be sent and asks again, until nothing is left.
fn run(reach: &Reach<'_>, mut case: Case) -> Run {
    let mut run = Run {
        sent: Vec::new(),
        ended: false,
        reasons: Vec::new(),
    };
    for _ in 0..MOST_TOUCHES {
        let Some(Met { bound, .. }) = reach.meet(case.clone()) else {
            return run;
        };
        let decision = bound.decide(case.now);
        run.reasons = decision.reasons().to_vec();
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
