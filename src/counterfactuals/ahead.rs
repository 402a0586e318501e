//! When a campaign goes if nothing changes.

use chrono::{DateTime, TimeDelta, Utc};

use super::WhatIf;
use crate::{
    asked::decision::Outcome,
    written::{condition::Status, facts::Case},
};

/// How many days are walked through.
const MOST_DAYS: i64 = 400;
/// How often the engine is asked on the way.
const MOST_ASKED: usize = 2_000;

/// The first touch of a campaign, and how many days were walked through to find it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ahead {
    pub(super) next: Option<DateTime<Utc>>,
    pub(super) days: u32,
}

/// Does as the engine says, from one instant that it names to the next, until the campaign is sent.
pub(super) fn walk(what_if: &WhatIf<'_>, case: &Case, campaign: &str) -> Ahead {
    let end = case.now.checked_add_signed(TimeDelta::days(MOST_DAYS));
    let end = end.unwrap_or(DateTime::<Utc>::MAX_UTC);
    let mut then = case.clone();
    let walked = |next, until: DateTime<Utc>| Ahead {
        next,
        days: u32::try_from(until.signed_duration_since(case.now).num_days()).unwrap_or(0),
    };
    for _ in 0..MOST_ASKED {
        let Ok(bound) = what_if.engine.bind_case(&then) else {
            break;
        };
        let decision = bound.decide(then.now);
        let recorded = then.history.len();
        let held = decision.held_out().iter();
        then.history
            .extend(held.map(|held| held.touch().entry(Status::HeldOut)));
        if let Some(touch) = decision.touch().filter(|_| decision.outcome() == Outcome::Send) {
            if touch.campaign() == campaign {
                return walked(Some(then.now), then.now);
            }
            then.history.push(touch.entry(Status::Sent));
        }
        if then.history.len() > recorded {
            continue;
        }
        match decision.until().or(decision.recheck_at()) {
            Some(at) if at <= end => then.now = at,
            _ => return walked(None, end),
        }
    }
    walked(None, then.now)
}
