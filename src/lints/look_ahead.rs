//! Waits that are longer than the look-ahead.

use chrono::TimeDelta;

use super::{
    finding::{LintCode, Notes, Witness},
    house::{House, Ruling},
};
use crate::{
    asked::decision::Outcome,
    clock::instant::DAY,
    written::{
        calendar::CalendarPeriod,
        duration::Duration,
        facts::Case,
        history::HistoryEntry,
        rule::{AtMost, Effect, Hold, Per, React, ReactTo},
        scope::Counting,
    },
};

impl House<'_> {
    pub(super) fn look_ahead(&self, notes: &mut Notes) {
        // To look at nothing but now is a way of deciding, in which every wait is the host's.
        if self.book.look_ahead == Duration::ZERO {
            return;
        }
        for ruling in self.rules.iter().filter(|ruling| !ruling.rule.observe) {
            let Some(longest) = longest_wait(&ruling.rule.then) else {
                continue;
            };
            if longest <= self.book.look_ahead.micros {
                continue;
            }
            let sentence = format!(
                "`{}` can make somebody wait for longer than the look-ahead of `{}`, in which nothing is planned or kept free",
                ruling.address, self.book.look_ahead
            );
            let covered = self.kinds().filter(|(_, kind)| ruling.covers(*kind));
            let mut found = None;
            let mut asked = false;
            for (campaign, kind) in covered {
                asked = true;
                let question = self.reach.question(campaign);
                let witness = self.somebody(campaign, &question, |met| {
                    let mut case = met.case.clone();
                    provoke(&mut case, ruling, kind.channel, kind.purpose);
                    let met = self.reach.meet(case)?;
                    let decision = met.bound.decide(met.case.now);
                    let later = decision
                        .recheck_at()
                        .filter(|_| decision.outcome() == Outcome::Refrain)?;
                    let by_rule = decision
                        .reasons()
                        .iter()
                        .any(|reason| reason.rule() == Some(&ruling.address));
                    by_rule.then(|| {
                        Witness::of(
                            &met,
                            format!(
                                "nothing until {}",
                                later.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
                            ),
                        )
                    })
                });
                if let Ok(witness) = witness {
                    found = Some(witness);
                    break;
                }
            }
            match found {
                Some(witness) => notes.found(
                    LintCode::ShortLookAhead,
                    ruling.path.as_str(),
                    sentence,
                    Some(witness),
                ),
                None if asked && !ruling.is_shipped => notes.undecided(
                    LintCode::ShortLookAhead,
                    ruling.path.as_str(),
                    "it may be, but of the customers that were thought up none shows it",
                ),
                None => {}
            }
        }
    }
}

/// The longest wait that a rule can cause, in microseconds, where it ends.
fn longest_wait(effect: &Effect) -> Option<i64> {
    match effect {
        Effect::Cap(cap) => match cap.per {
            Per::Rolling(length) => Some(length.micros),
            Per::Calendar(CalendarPeriod::Day) => Some(DAY),
            Per::Calendar(CalendarPeriod::Week) => Some(DAY.saturating_mul(7)),
            Per::Calendar(CalendarPeriod::Month) => Some(DAY.saturating_mul(31)),
            Per::Calendar(CalendarPeriod::Year) => Some(DAY.saturating_mul(366)),
            Per::Lifetime => None,
        },
        Effect::React(React {
            hold: Hold::For(hold),
            ..
        }) => Some(hold.micros),
        _ => None,
    }
}

/// Puts into the history what makes a rule act.
fn provoke(case: &mut Case, ruling: &Ruling<'_>, channel: &str, purpose: &str) {
    let entry = |back: TimeDelta| {
        let at = case.now.checked_sub_signed(back).unwrap_or(case.now);
        HistoryEntry::new(at, channel, purpose)
    };
    match &ruling.rule.then {
        Effect::Cap(cap) => {
            let count = match cap.at_most {
                AtMost::Count(count) => count,
                AtMost::DaysInMonth => 31,
            };
            let campaign = ruling.campaign.map(|campaign| campaign.id.clone());
            let scope = match &cap.counting {
                Some(Counting::Scope { scope, .. }) => Some(scope),
                Some(Counting::All) => None,
                None => ruling.rule.scope.as_ref(),
            };
            let named = scope.and_then(|scope| scope.campaigns.as_ref()?.first().cloned());
            for number in 0..i64::from(count.min(1_000)) {
                let mut entry = entry(TimeDelta::seconds(number.saturating_add(1)));
                entry.campaign = campaign.clone().or_else(|| named.clone());
                entry.occurrence = entry.campaign.as_ref().map(|_| "earlier".to_owned());
                case.history.push(entry);
            }
        }
        Effect::React(react) => {
            for number in 0..i64::from(react.at_least.min(1_000)) {
                let second = TimeDelta::seconds(number.saturating_add(1));
                match &react.to {
                    ReactTo::Response(kind) => {
                        let entry = entry(second);
                        let at = entry.at;
                        case.history.push(entry.response(kind.as_str(), at));
                    }
                    ReactTo::Ignored { after, .. } => {
                        let after = TimeDelta::microseconds(after.micros);
                        case.history
                            .push(entry(after.checked_add(&second).unwrap_or(after)));
                    }
                }
            }
        }
        _ => {}
    }
}
