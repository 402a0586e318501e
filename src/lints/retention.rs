//! What reads further back than the history is kept.

use chrono::TimeDelta;

use super::{
    finding::{LintCode, Notes, Witness},
    house::{House, Kind},
};
use crate::{
    asked::horizon::{HistoryHorizon, campaign_horizon, rule_horizon},
    witness::reach::Met,
    written::{
        campaign::Campaign,
        condition::Status,
        duration::Duration,
        history::HistoryEntry,
        rule::{AtMost, Effect, ReactTo},
    },
};

impl House<'_> {
    pub(super) fn retention(&self, retention: Duration, notes: &mut Notes) {
        let compiled = &self.reach.engine.compiled;
        let is_short = |horizon: HistoryHorizon| match horizon {
            HistoryHorizon::Back(back) => back > retention,
            HistoryHorizon::Forever => true,
        };
        let told = |horizon: HistoryHorizon| match horizon {
            HistoryHorizon::Back(back) => format!("`{back}`"),
            HistoryHorizon::Forever => "all of the history".to_owned(),
        };
        for ruling in &self.rules {
            let Some(horizon) = rule_horizon(compiled, &ruling.address).filter(|horizon| is_short(*horizon))
            else {
                continue;
            };
            let sentence = format!(
                "`{}` reads {}, and the history is kept for `{retention}`",
                ruling.address,
                told(horizon)
            );
            let witness =
                self.kinds()
                    .filter(|(_, kind)| ruling.covers(*kind))
                    .find_map(|(campaign, kind)| {
                        self.forgotten(campaign, retention, |met| {
                            self.before(&ruling.rule.then, kind, met, retention)
                        })
                    });
            notes.found(LintCode::ShortRetention, ruling.path.as_str(), sentence, witness);
        }
        for (path, campaign) in self.campaigns() {
            let Some(horizon) = campaign_horizon(compiled, &campaign.id).filter(|horizon| is_short(*horizon))
            else {
                continue;
            };
            let sentence = format!(
                "`{}` reads {}, and the history is kept for `{retention}`",
                campaign.id,
                told(horizon)
            );
            let witness = self.forgotten(campaign, retention, |met| {
                let decision = met.bound.decide(met.case.now);
                let mut entry = decision.touch()?.entry(Status::Sent);
                entry.at = older(met, retention)?;
                Some(vec![entry])
            });
            notes.found(LintCode::ShortRetention, path, sentence, witness);
        }
    }

    /// Somebody who gets another answer with a history than with what is kept of it: nothing.
    fn forgotten(
        &self,
        campaign: &Campaign,
        retention: Duration,
        history: impl Fn(&Met) -> Option<Vec<HistoryEntry>>,
    ) -> Option<Witness> {
        let question = self.reach.question(campaign);
        let found = self.somebody(campaign, &question, |met| {
            let decision = met.bound.decide(met.case.now);
            let touch = decision.touch().filter(|touch| touch.campaign() == campaign.id)?;
            let mut case = met.case.clone();
            case.history.extend(history(met)?);
            let remembering = self.reach.meet(case)?;
            let decided = remembering.bound.decide(met.case.now);
            let differs = decided
                .touch()
                .is_none_or(|other| other.key() != touch.key() || other.at() != touch.at());
            differs.then(|| {
                Witness::of(
                    &remembering,
                    format!(
                        "without what is older than `{retention}`, `{}` would go",
                        campaign.id
                    ),
                )
            })
        });
        found.ok()
    }

    /// Touches older than the history is kept, that make a rule act.
    fn before(
        &self,
        effect: &Effect,
        kind: Kind<'_>,
        met: &Met,
        retention: Duration,
    ) -> Option<Vec<HistoryEntry>> {
        let at = older(met, retention)?;
        let touch = || HistoryEntry::new(at, kind.channel, kind.purpose);
        let touches = |count: u32| (0..count.min(1_000)).map(|_| touch()).collect();
        match effect {
            Effect::Cap(cap) => match cap.at_most {
                AtMost::Count(count) => Some(touches(count)),
                AtMost::DaysInMonth => Some(touches(31)),
            },
            Effect::React(react) => Some(
                (0..react.at_least.min(1_000))
                    .map(|_| match &react.to {
                        ReactTo::Response(kind) => touch().response(kind.as_str(), at),
                        ReactTo::Ignored { .. } => touch(),
                    })
                    .collect(),
            ),
            _ => None,
        }
    }
}

/// An hour before what is kept.
fn older(met: &Met, retention: Duration) -> Option<chrono::DateTime<chrono::Utc>> {
    let back = TimeDelta::microseconds(retention.micros).checked_add(&TimeDelta::hours(1))?;
    met.case.now.checked_sub_signed(back)
}
