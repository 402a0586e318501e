//! Campaigns that are left no instant.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{
    finding::{LintCode, Notes, Witness},
    house::House,
};
use crate::{
    asked::decision::Outcome,
    compiled::engine::Engine,
    presets,
    witness::{
        question::Question,
        reach::{Reach, starts},
        sketch::sketch,
    },
    written::{
        calendar::{UnknownTimeZone, Zone},
        campaign::Campaign,
        duration::Duration,
        policy::TouchPolicy,
        rule::{Effect, Rule},
        rulebook::Rulebook,
        schedule::Schedule,
        variant::Variant,
    },
};

/// Clocks of customers: every offset of today, and some that change it.
const ZONES: [Tz; 34] = [
    Tz::Etc__GMTPlus12,
    Tz::Etc__GMTPlus11,
    Tz::Etc__GMTPlus10,
    Tz::Pacific__Marquesas,
    Tz::Etc__GMTPlus9,
    Tz::Etc__GMTPlus8,
    Tz::Etc__GMTPlus7,
    Tz::Etc__GMTPlus6,
    Tz::America__New_York,
    Tz::Etc__GMTPlus4,
    Tz::America__St_Johns,
    Tz::Etc__GMTPlus3,
    Tz::Etc__GMTPlus2,
    Tz::Etc__GMTPlus1,
    Tz::UTC,
    Tz::Europe__Berlin,
    Tz::Etc__GMTMinus2,
    Tz::Etc__GMTMinus3,
    Tz::Asia__Tehran,
    Tz::Etc__GMTMinus4,
    Tz::Asia__Kabul,
    Tz::Etc__GMTMinus5,
    Tz::Asia__Kolkata,
    Tz::Asia__Kathmandu,
    Tz::Etc__GMTMinus6,
    Tz::Asia__Yangon,
    Tz::Etc__GMTMinus7,
    Tz::Asia__Shanghai,
    Tz::Etc__GMTMinus9,
    Tz::Australia__Adelaide,
    Tz::Etc__GMTMinus11,
    Tz::Etc__GMTMinus12,
    Tz::Pacific__Chatham,
    Tz::Etc__GMTMinus14,
];
/// Hours of a week: so many instants are tried for what hangs on an instant of the customer.
const HOURS: i64 = 7 * 24;

impl House<'_> {
    /// A campaign, of all rules only those without a condition, and of all customers everyone: if that leaves no instant, the
    /// whole leaves none.
    pub(super) fn times(&self, notes: &mut Notes) {
        for (path, campaign) in self.campaigns() {
            let alone = self.relaxed(campaign);
            let Ok((engine, _)) = Engine::compile(&alone) else {
                notes.undecided(LintCode::NoTime, path, "it has too many occurrences to look at");
                continue;
            };
            let reach = Reach {
                book: &alone,
                engine: &engine,
            };
            if alone.campaigns.iter().any(|campaign| has_time(&reach, campaign)) {
                continue;
            }
            let question = self.reach.question(campaign);
            let witness = self.somebody(campaign, &question, |met| {
                let agenda = met.bound.agenda(met.case.now);
                let none = agenda
                    .touches()
                    .iter()
                    .all(|touch| touch.campaign() != campaign.id);
                none.then(|| {
                    Witness::of(
                        met,
                        format!("in the audience, and `{}` is never planned", campaign.id),
                    )
                })
            });
            let sentence = "its schedule, its channels and the rules leave it no instant, for anybody";
            notes.found(LintCode::NoTime, path, sentence, witness.ok());
        }
    }

    fn relaxed(&self, campaign: &Campaign) -> Rulebook {
        let keeps = |rule: &Rule| {
            let restrains = !matches!(rule.then, Effect::Prefer(_) | Effect::Holdout(_));
            rule.when.is_none() && !rule.observe && restrains
        };
        let mut alone = self.book.without_campaigns();
        let policies = self.book.policies.iter();
        alone.policies = policies
            .filter_map(|source| presets::policy_of(source, self.book))
            .map(|policy| {
                let rules = policy.rules.iter().filter(|rule| keeps(rule)).cloned().collect();
                let id = policy.id.clone();
                TouchPolicy { id, rules }.into()
            })
            .collect();
        alone.unknown_time_zone = UnknownTimeZone::House;
        alone.look_ahead = Duration::days(400);
        alone.styles.clear();
        let mut campaign = campaign.clone();
        campaign.audience = None;
        campaign.stop_when = None;
        campaign.variants = vec![Variant::new("any")];
        campaign.rules.retain(keeps);
        if let Schedule::Waves { waves, .. } = &mut campaign.schedule {
            for wave in waves {
                wave.audience = None;
            }
        }
        alone.campaigns = vec![campaign];
        alone
    }
}

/// Whether somebody, by some clock, gets the only campaign at some time.
fn has_time(reach: &Reach<'_>, campaign: &Campaign) -> bool {
    let question = Question::new(reach.book);
    let anchored = matches!(campaign.schedule, Schedule::After { .. } | Schedule::Every { .. });
    let zones: &[Tz] = if reads_customers_clock(reach.book, campaign) {
        &ZONES
    } else {
        &[reach.book.time_zone]
    };
    let at =
        |start: DateTime<Utc>, hours: i64| start.checked_add_signed(TimeDelta::hours(hours)).unwrap_or(start);
    let starts = starts(reach.book, campaign).into_iter().flat_map(|start| {
        // Of a schedule of dates, the day before counts as well: it begins there by other clocks.
        let hours = if anchored { 0..HOURS } else { -24..-23 };
        hours.map(move |hours| at(start, hours))
    });
    starts
        .flat_map(|now| zones.iter().map(move |zone| (now, *zone)))
        .any(|(now, zone)| {
            let mut case = sketch(&question, &Vec::new(), Some(campaign), "c-1", now);
            case.customer.time_zone = Some(zone);
            reach.meet(case).is_some_and(|met| {
                let decision = met.bound.decide(now);
                decision.outcome() != Outcome::Refrain || decision.recheck_at().is_some()
            })
        })
}

fn reads_customers_clock(book: &Rulebook, campaign: &Campaign) -> bool {
    let own = match &campaign.schedule {
        Schedule::Between(between) => between.zone,
        Schedule::Every { zone, .. } | Schedule::On { zone, .. } | Schedule::Waves { zone, .. } => *zone,
        Schedule::Always | Schedule::After { .. } => None,
    };
    let policies = book
        .policies
        .iter()
        .filter_map(|source| presets::policy_of(source, book));
    let policies: Vec<_> = policies.collect();
    let mut rules = policies
        .iter()
        .flat_map(|policy| &policy.rules)
        .chain(&campaign.rules);
    own == Some(Zone::Customer)
        || rules.any(|rule| match &rule.then {
            Effect::Quiet(quiet) => quiet.zone.is_none_or(|zone| zone == Zone::Customer),
            Effect::Cap(cap) => cap.zone.is_none_or(|zone| zone == Zone::Customer),
            _ => false,
        })
}
