//! What reads further back than the history is kept.

use chrono::TimeDelta;

use super::{
    finding::{LintCode, Notes, Witness},
    house::{House, Kind},
    length::longest_occurrence,
};
use crate::{
    clock::instant::{DAY, SECOND},
    witness::{question::Question, reach::Met, truths::Truths, variable::Variable},
    written::{
        calendar::CalendarPeriod,
        campaign::Campaign,
        condition::{Condition, Status},
        duration::Duration,
        facts::Case,
        history::HistoryEntry,
        rule::{AtMost, Effect, Hold, Per, React, ReactTo},
        schedule::Schedule,
    },
};

/// How far back something reads, in microseconds: younger touches can make a difference. [`FOREVER`] is all of the history.
type Back = i64;
const FOREVER: Back = i64::MAX;

impl House<'_> {
    pub(super) fn retention(&self, retention: Duration, notes: &mut Notes) {
        let sentence = |who: &str, back: Back| {
            let back = match back {
                FOREVER => "all of the history".to_owned(),
                micros => format!("`{}` back", Duration::microseconds(micros)),
            };
            format!("`{who}` reads {back}, and the history is kept for `{retention}`")
        };
        for ruling in &self.rules {
            let asked = self.asked(ruling.rule.when.iter());
            let back = asked.max(read_by(&ruling.rule.then));
            if back <= retention.micros {
                continue;
            }
            let mut covered = self.kinds().filter(|(_, kind)| ruling.covers(*kind));
            let witness = covered.find_map(|(campaign, kind)| {
                self.forgotten(campaign, retention, |met| {
                    let mut case = met.case.clone();
                    case.history
                        .extend(older(&ruling.rule.then, kind, met, retention)?);
                    Some(case)
                })
            });
            let sentence = sentence(&ruling.address, back);
            notes.found(LintCode::ShortRetention, ruling.path.as_str(), sentence, witness);
        }
        for (path, campaign) in self.campaigns() {
            let back = self.read_for(campaign);
            if back <= retention.micros {
                continue;
            }
            // Sent as soon as it can be, and asked of again when that is forgotten.
            let witness = self.forgotten(campaign, retention, |met| {
                let decision = met.bound.decide(met.case.now);
                let entry = decision.touch()?.entry(Status::Sent);
                let later = TimeDelta::microseconds(retention.micros.saturating_add(SECOND));
                let mut case = met.case.clone();
                case.now = entry.at.checked_add_signed(later)?;
                case.history.push(entry);
                Some(case)
            });
            notes.found(
                LintCode::ShortRetention,
                path,
                sentence(&campaign.id, back),
                witness,
            );
        }
    }

    /// How far back conditions read.
    fn asked<'c>(&self, conditions: impl Iterator<Item = &'c Condition>) -> Back {
        let mut question = Question::new(self.book);
        for condition in conditions {
            question.want(Some(condition), Truths::TRUE);
        }
        let variables = question.variables.iter();
        let read = variables.filter_map(|variable| match variable {
            Variable::Touches(filter) => Some(filter.within.map_or(FOREVER, |within| within.micros)),
            _ => None,
        });
        read.max().unwrap_or(0)
    }

    /// How far back a campaign reads, its rules apart: its conditions, and what was sent in an occurrence.
    fn read_for(&self, campaign: &Campaign) -> Back {
        let waves = match &campaign.schedule {
            Schedule::Waves { waves, .. } => waves.as_slice(),
            _ => &[],
        };
        let own = campaign.audience.iter().chain(&campaign.stop_when);
        let own = own.chain(waves.iter().filter_map(|wave| wave.audience.as_ref()));
        let own = own.chain(campaign.score.add.iter().map(|add| &add.when));
        let variants = campaign.variants.iter();
        let asked = self.asked(own.chain(variants.filter_map(|variant| variant.when.as_ref())));
        asked.max(longest_occurrence(self.book, &campaign.schedule).unwrap_or(FOREVER))
    }

    /// Somebody who is not sent a campaign with a history, and is with what is kept of it: nothing.
    fn forgotten(
        &self,
        campaign: &Campaign,
        retention: Duration,
        remembered: impl Fn(&Met) -> Option<Case>,
    ) -> Option<Witness> {
        let question = self.reach.question(campaign);
        let found = self.somebody(campaign, &question, |met| {
            let remembering = self.reach.meet(remembered(met)?)?;
            let now = remembering.case.now;
            let mut case = remembering.case.clone();
            let kept = TimeDelta::microseconds(retention.micros);
            case.history
                .retain(|entry| now.signed_duration_since(entry.at) <= kept);
            let forgetting = self.reach.meet(case)?.bound.decide(now);
            let touch = forgetting
                .touch()
                .filter(|touch| touch.campaign() == campaign.id)?;
            let decided = remembering.bound.decide(now);
            let same = decided.touch().filter(|other| {
                (other.campaign(), other.occurrence(), other.at())
                    == (touch.campaign(), touch.occurrence(), touch.at())
            });
            let becomes = match same {
                None => "would go",
                Some(same) if same.key() != touch.key() => "would go with a key that is taken",
                Some(_) => return None,
            };
            let shows = format!(
                "without what is older than `{retention}`, `{}` {becomes}",
                campaign.id
            );
            Some(Witness::of(&remembering, shows))
        });
        found.ok()
    }
}

/// How far back a rule's effect reads.
fn read_by(effect: &Effect) -> Back {
    match effect {
        Effect::Cap(cap) if cap.at_most == AtMost::Count(0) => 0,
        Effect::Cap(cap) => match cap.per {
            Per::Rolling(length) => length.micros,
            Per::Calendar(CalendarPeriod::Day) => DAY,
            Per::Calendar(CalendarPeriod::Week) => DAY.saturating_mul(7),
            Per::Calendar(CalendarPeriod::Month) => DAY.saturating_mul(31),
            Per::Calendar(CalendarPeriod::Year) => DAY.saturating_mul(366),
            Per::Lifetime => FOREVER,
        },
        Effect::React(react) => match (&react.to, react.hold) {
            // A response may come however late.
            (ReactTo::Response(_), _) | (_, Hold::Forever) => FOREVER,
            (ReactTo::Ignored { after, .. }, Hold::For(hold)) => {
                // One event alone is in whatever time.
                let within = match react.within {
                    _ if react.at_least <= 1 => 0,
                    Some(within) => within.micros,
                    None => FOREVER,
                };
                after.micros.saturating_add(hold.micros).saturating_add(within)
            }
        },
        Effect::Forbid | Effect::Quiet(_) | Effect::Prefer(_) | Effect::Holdout(_) => 0,
    }
}

/// Touches older than the history is kept, that make an effect refuse: halfway to where it no longer would.
fn older(effect: &Effect, kind: Kind<'_>, met: &Met, retention: Duration) -> Option<Vec<HistoryEntry>> {
    let far = |back: Back| match back {
        FOREVER => retention.micros.saturating_add(DAY),
        back => retention.micros.midpoint(back),
    };
    let now = met.case.now;
    let ago = |micros: i64| now.checked_sub_signed(TimeDelta::microseconds(micros));
    let times = |count: u32, entry: HistoryEntry| vec![entry; usize::try_from(count.min(1_000)).unwrap_or(0)];
    let touch = |back: Back| Some(HistoryEntry::new(ago(far(back))?, kind.channel, kind.purpose));
    match effect {
        Effect::Cap(cap) => {
            let count = match cap.at_most {
                AtMost::Count(count) => count,
                AtMost::DaysInMonth => 31,
            };
            Some(times(count, touch(read_by(effect))?))
        }
        Effect::React(react) => match &react.to {
            ReactTo::Response(response) => {
                let answered = touch(FOREVER)?.response(response.as_str(), ago(SECOND)?);
                Some(times(react.at_least, answered))
            }
            // As if one were enough: all of them at once.
            ReactTo::Ignored { .. } => {
                let alone = Effect::React(React {
                    at_least: 1,
                    ..react.clone()
                });
                Some(times(react.at_least, touch(read_by(&alone))?))
            }
        },
        _ => None,
    }
}
