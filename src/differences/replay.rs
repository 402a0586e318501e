//! The same cases under two rulebooks.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use crate::{
    asked::decision::{Decision, Outcome, ReasonCode},
    checked::input_error::InputError,
    compiled::engine::Engine,
    written::facts::Case,
};

/// How many cases of each shift are kept.
const SAMPLES: usize = 3;

/// What a change of rulebook does to cases.
///
/// Its `Display` is a table to read, one line for each shift, the most frequent first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Replay {
    cases: usize,
    same: usize,
    shifts: Vec<Shift>,
    unreadable: Vec<Unreadable>,
}

/// Cases that are decided otherwise, in the same way and for the same reason.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shift {
    #[serde(flatten)]
    of: Key,
    count: usize,
    samples: Vec<Sample>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Key {
    from: Order,
    to: Order,
    code: Option<ReasonCode>,
    rule: Option<String>,
}

/// Outcomes, in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum Order {
    Send,
    Wait,
    Refrain,
}

/// A case, and what was decided of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sample {
    pub(super) case: Case,
    pub(super) was: Decision,
    pub(super) is: Decision,
}

/// A case that one of the rulebooks cannot be asked of.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Unreadable {
    case: usize,
    error: InputError,
}

impl Replay {
    /// How many cases were decided.
    pub fn cases(&self) -> usize {
        self.cases
    }

    /// How many are decided the same: the outcome, the touch and its instant.
    pub fn same(&self) -> usize {
        self.same
    }

    /// What is decided otherwise, the most frequent first.
    pub fn shifts(&self) -> &[Shift] {
        &self.shifts
    }

    /// The cases that one of the rulebooks cannot be asked of, by number, and why: such as one with an attribute that is
    /// no longer declared.
    pub fn unreadable(&self) -> impl Iterator<Item = (usize, &InputError)> {
        self.unreadable
            .iter()
            .map(|unreadable| (unreadable.case, &unreadable.error))
    }
}

impl Shift {
    /// The outcome under the old rulebook.
    pub fn from(&self) -> Outcome {
        self.of.from.into()
    }

    /// The outcome under the new one.
    pub fn to(&self) -> Outcome {
        self.of.to.into()
    }

    /// Why the touch of one side does not go now on the other: the first reason that the other gives of its campaign. None
    /// where it gives none, as where another campaign goes first.
    pub fn code(&self) -> Option<ReasonCode> {
        self.of.code
    }

    /// The rule of that reason, if it has one.
    pub fn rule(&self) -> Option<&str> {
        self.of.rule.as_deref()
    }

    /// How many cases.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The first of them, at most three.
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }
}

impl Sample {
    /// The case.
    pub fn case(&self) -> &Case {
        &self.case
    }

    /// What the old rulebook decides.
    pub fn was(&self) -> &Decision {
        &self.was
    }

    /// What the new one decides.
    pub fn is(&self) -> &Decision {
        &self.is
    }
}

impl fmt::Display for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} cases, {} decided the same", self.cases, self.same)?;
        for shift in &self.shifts {
            write!(f, "{:>8}  {} → {}", shift.count, shift.from(), shift.to())?;
            match (shift.code(), shift.rule()) {
                (Some(code), Some(rule)) => write!(f, "  {code} `{rule}`")?,
                (Some(code), None) => write!(f, "  {code}")?,
                (None, _) => {}
            }
            if let Some(sample) = shift.samples.first() {
                write!(f, "  (such as {})", sample.case.customer.id)?;
            }
            writeln!(f)?;
        }
        if !self.unreadable.is_empty() {
            writeln!(f, "{:>8}  could not be asked", self.unreadable.len())?;
        }
        Ok(())
    }
}

/// Decides cases under two rulebooks: what a change would have done.
///
/// A case is decided at its `now` with its own history: what was sent under the old rulebook stays in it.
/// [`Engine::simulation`] runs a population forward where that is not enough.
pub fn replay<'c>(old: &Engine, new: &Engine, cases: impl IntoIterator<Item = &'c Case>) -> Replay {
    let mut replay = Replay {
        cases: 0,
        same: 0,
        shifts: Vec::new(),
        unreadable: Vec::new(),
    };
    let mut shifts: BTreeMap<Key, (usize, Vec<Sample>)> = BTreeMap::new();
    for (number, case) in cases.into_iter().enumerate() {
        let (was, is) = match (decide(old, case), decide(new, case)) {
            (Ok(was), Ok(is)) => (was, is),
            (Err(error), _) | (_, Err(error)) => {
                replay.unreadable.push(Unreadable { case: number, error });
                continue;
            }
        };
        replay.cases = replay.cases.saturating_add(1);
        if was.outcome() == is.outcome() && was.touch() == is.touch() {
            replay.same = replay.same.saturating_add(1);
            continue;
        }
        let (code, rule) = why(&was, &is).or_else(|| why(&is, &was)).unwrap_or_default();
        let key = Key {
            from: was.outcome().into(),
            to: is.outcome().into(),
            code,
            rule,
        };
        let (count, samples) = shifts.entry(key).or_default();
        *count = count.saturating_add(1);
        if samples.len() < SAMPLES {
            samples.push(Sample {
                case: case.clone(),
                was,
                is,
            });
        }
    }
    replay.shifts = shifts
        .into_iter()
        .map(|(of, (count, samples))| Shift { of, count, samples })
        .collect();
    replay.shifts.sort_by_key(|shift| std::cmp::Reverse(shift.count));
    replay
}

pub(super) fn decide(engine: &Engine, case: &Case) -> Result<Decision, InputError> {
    Ok(engine.bind_case(case)?.decide(case.now))
}

/// The first reason that one side gives of the campaign that goes on the other.
fn why(goes: &Decision, other: &Decision) -> Option<(Option<ReasonCode>, Option<String>)> {
    let touch = goes.touch()?;
    let mut reasons = other.reasons().iter();
    let reason = reasons.find(|reason| reason.campaign() == touch.campaign())?;
    Some((Some(reason.code()), reason.rule().map(str::to_owned)))
}

impl From<Outcome> for Order {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Send => Self::Send,
            Outcome::Wait => Self::Wait,
            Outcome::Refrain => Self::Refrain,
        }
    }
}

impl From<Order> for Outcome {
    fn from(order: Order) -> Self {
        match order {
            Order::Send => Self::Send,
            Order::Wait => Self::Wait,
            Order::Refrain => Self::Refrain,
        }
    }
}
