//! How far back a host must load history.

use crate::{
    clock::instant::{DAY, SECOND},
    compiled::{
        campaign::{Campaign, Schedule},
        condition::Condition,
        engine::{Compiled, Engine},
        rule::{Effect, Per, ReactTo, Rule},
    },
    written::{calendar::CalendarPeriod, duration::Duration},
};

/// How far back a host must load history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryHorizon {
    /// At least this long before now.
    Back(Duration),
    /// All of it.
    Forever,
}

/// Microseconds; [`FOREVER`] is all of it.
type Back = i64;
const FOREVER: Back = i64::MAX;
// No two zones' calendars are further apart.
const ZONES: i64 = 2 * DAY;

impl Engine {
    /// How far back decisions can read the history: load so much, and older touches change nothing. What is scheduled in
    /// the future is always needed.
    ///
    /// It holds as long as each touch lies in the occurrence that it names: load all touches of a campaign whose schedule
    /// has been moved.
    pub fn history_horizon(&self) -> HistoryHorizon {
        let compiled = &self.compiled;
        let own = compiled.campaigns.iter().flat_map(|campaign| &campaign.rules);
        let rules = compiled.frame.rules.iter().chain(own);
        let rules = rules.map(|rule| rule_reads(compiled, rule));
        let campaigns = compiled
            .campaigns
            .iter()
            .map(|campaign| campaign_reads(compiled, campaign));
        let styles = compiled
            .frame
            .styles
            .iter()
            .filter_map(|style| style.when.as_ref());
        let styles = styles.map(|when| reads(compiled, when));
        horizon(rules.chain(campaigns).chain(styles).max().unwrap_or(0))
    }
}

fn horizon(back: Back) -> HistoryHorizon {
    match back {
        FOREVER => HistoryHorizon::Forever,
        micros => HistoryHorizon::Back(Duration::seconds(micros.div_euclid(SECOND).saturating_add(1))),
    }
}

fn rule_reads(compiled: &Compiled, rule: &Rule) -> Back {
    let when = rule.when.as_ref().map_or(0, |when| reads(compiled, when));
    let effect = match &rule.then {
        Effect::Cap(cap) => per_reads(&cap.per),
        Effect::React(react) => {
            // An event is seen while it holds; it counts those within before it; a touch makes one after a while. What
            // came before is read where any response at all is looked for, whenever its touch was sent, and where those
            // that count may lie back for ever.
            match react.to {
                ReactTo::Response(_) => FOREVER,
                ReactTo::Ignored { after, .. } => sum(&[after, react.hold, react.within]),
            }
        }
        Effect::Forbid | Effect::Quiet { .. } | Effect::Prefer { .. } | Effect::Holdout { .. } => 0,
    };
    when.max(effect)
}

fn campaign_reads(compiled: &Compiled, campaign: &Campaign) -> Back {
    let variants = campaign
        .variants
        .iter()
        .filter_map(|variant| variant.when.as_ref());
    let scores = campaign.score.add.iter().map(|(when, _)| when);
    let conditions = campaign
        .audience
        .iter()
        .chain(&campaign.stop_when)
        .chain(variants)
        .chain(scores);
    let asked = conditions
        .map(|condition| reads(compiled, condition))
        .max()
        .unwrap_or(0);
    let mut waves = 0;
    let occurrence = match &campaign.schedule {
        Schedule::Always => FOREVER,
        Schedule::Between { between, .. } => days(between.from.0, between.to.0),
        Schedule::After { from, until, .. } | Schedule::Every { from, until, .. } => {
            sum(&[until.saturating_sub(*from), ZONES])
        }
        Schedule::On { .. } => sum(&[2 * DAY, ZONES]),
        Schedule::Waves { waves: list, .. } => {
            let audiences = list.iter().filter_map(|wave| wave.audience.as_ref());
            waves = audiences
                .map(|audience| reads(compiled, audience))
                .max()
                .unwrap_or(0);
            list.iter()
                .map(|wave| days(wave.between.from.0, wave.between.to.0))
                .max()
                .unwrap_or(0)
        }
    };
    // All of an occurrence's touches: those that spend it, and those whose keys the next may not carry again.
    asked.max(waves).max(occurrence)
}

fn days(from: i64, to: i64) -> Back {
    sum(&[
        to.saturating_sub(from).saturating_add(1).saturating_mul(DAY),
        ZONES,
    ])
}

fn per_reads(per: &Per) -> Back {
    match per {
        Per::Rolling(length) => length.micros,
        Per::Calendar(CalendarPeriod::Day, _) => sum(&[DAY, ZONES]),
        Per::Calendar(CalendarPeriod::Week, _) => sum(&[7 * DAY, ZONES]),
        Per::Calendar(CalendarPeriod::Month, _) => sum(&[31 * DAY, ZONES]),
        Per::Calendar(CalendarPeriod::Year, _) => sum(&[366 * DAY, ZONES]),
        Per::Lifetime => FOREVER,
    }
}

fn reads(compiled: &Compiled, condition: &Condition) -> Back {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().map(|part| reads(compiled, part)).max().unwrap_or(0)
        }
        Condition::Not(part) => reads(compiled, part),
        Condition::Derived(number) => {
            let derived = compiled.frame.derived.get(*number);
            derived.map_or(0, |derived| reads(compiled, &derived.when))
        }
        Condition::Touches { filter, .. } => filter.within.unwrap_or(FOREVER),
        // The scores that it reads are asked of their campaigns.
        Condition::Score(_)
        | Condition::Held(_)
        | Condition::Value { .. }
        | Condition::Elapsed { .. }
        | Condition::Purchases { .. }
        | Condition::Occurrence(_) => 0,
    }
}

fn sum(parts: &[i64]) -> Back {
    parts.iter().fold(0, |sum: i64, part| sum.saturating_add(*part))
}
