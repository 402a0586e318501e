//! What happens when a host asks, sends, records and asks again.

use chrono::{DateTime, TimeDelta, Utc};

use super::{host::Host, vocabulary::Listed};
use crate::{
    asked::{
        bound::Bound,
        decision::{Decision, Outcome, Touch},
    },
    compiled::engine::Engine,
    said::language::Language,
    witness::{draw::Choices, vocabulary::Vocabulary},
    written::{condition::Status, facts::Case, history::HistoryEntry, history::Response},
};

/// How often it is asked.
const QUESTIONS: usize = 40;

/// One question and its answer.
pub(super) struct Asked {
    /// As the host keeps it.
    pub(super) kept: Case,
    /// As the host asked with it.
    pub(super) case: Case,
    pub(super) decision: Decision,
    /// What was truly delivered before, whatever the host keeps.
    pub(super) before: Vec<HistoryEntry>,
    /// What was truly delivered now.
    pub(super) delivered: Option<HistoryEntry>,
}

impl Asked {
    /// The touch, if it was sent.
    pub(super) fn sent(&self) -> Option<&Touch> {
        let touch = self.decision.touch();
        touch.filter(|_| self.decision.outcome() == Outcome::Send)
    }
}

/// Binds a case; the strategies make none that the rulebook cannot be asked of.
pub(super) fn bind(engine: &Engine, case: &Case) -> Option<Bound> {
    engine.bind_case(case).ok()
}

/// Asks, sends what may be sent, lets the host record it, and goes on to the instant that was told, or to another one. Each
/// question is looked at, and what is found in one ends it. The choices say who it is and what happens.
pub(super) fn run<T>(
    engine: &Engine,
    host: &dyn Host,
    (start, mut choices): (Case, Listed<'_>),
    vocabulary: &Vocabulary,
    mut look: impl FnMut(&Asked) -> Option<T>,
) -> (Vec<String>, Option<T>) {
    let mut told = Vec::new();
    let mut before = start.history.clone();
    let mut case = start;
    for _ in 0..QUESTIONS {
        let loaded = host.load(case.clone());
        let Some(bound) = bind(engine, &loaded) else { break };
        let decision = bound.decide(case.now);
        told.push(line(engine, &case, &decision));
        let mut asked = Asked {
            kept: case.clone(),
            case: loaded,
            decision,
            before: before.clone(),
            delivered: None,
        };
        if let Some(touch) = asked.sent() {
            let mut entry = touch.entry(Status::Sent);
            if choices.one_in(4)
                && let Some(kind) = choices.one_of(&vocabulary.responses)
            {
                entry.responses.push(Response::new(kind.as_str(), case.now));
            }
            let delivered = host.deliver(&mut case.history, entry);
            before.push(delivered.clone());
            asked.delivered = Some(delivered);
        }
        if let Some(found) = look(&asked) {
            return (told, Some(found));
        }
        if asked.delivered.is_some() {
            continue;
        }
        if choices.is_over() && told.len() > 12 {
            break;
        }
        match later(&asked.decision, case.now, &mut choices) {
            Some(later) => case.now = later,
            None => break,
        }
    }
    (told, None)
}

/// When the host asks again: as it was told, or at some other time.
fn later(decision: &Decision, now: DateTime<Utc>, choices: &mut Listed<'_>) -> Option<DateTime<Utc>> {
    let told = decision.until().or(decision.recheck_at());
    let after = |delta: TimeDelta| now.checked_add_signed(delta);
    match choices.below(5) {
        1 => after(TimeDelta::hours(i64::try_from(choices.below(72)).ok()?)),
        2 => told
            .and_then(|told| told.checked_sub_signed(TimeDelta::seconds(1)))
            .filter(|at| *at > now)
            .or(told),
        3 => told.and_then(|told| told.checked_add_signed(TimeDelta::hours(1))),
        _ => told,
    }
    .filter(|later| *later > now)
    .or_else(|| told.filter(|told| *told > now))
}

fn line(engine: &Engine, case: &Case, decision: &Decision) -> String {
    let zone = case
        .customer
        .time_zone
        .unwrap_or(engine.compiled.frame.book.time_zone);
    let sentences = decision.sentences(&Language::english(), zone);
    let local = case.now.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S %a");
    format!("{local}  {}", sentences.first().map_or("", String::as_str))
}
