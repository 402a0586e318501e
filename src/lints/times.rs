//! Campaigns that are left no instant.

use std::iter;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::{TZ_VARIANTS, Tz};

use super::{
    finding::{LintCode, Notes, Witness},
    house::{House, Kind, kinds},
    week::{Week, seconds, shown},
};
use crate::{
    asked::decision::Outcome,
    clock::instant::SECOND,
    compiled::engine::Engine,
    presets,
    witness::{
        question::{Answer, Question},
        reach::{Reach, some_noon},
        sketch::sketch,
    },
    written::{
        calendar::{UnknownTimeZone, WEEKDAYS, Zone},
        campaign::Campaign,
        duration::Duration,
        policy::TouchPolicy,
        rule::{AtMost, Effect, Quiet, Rule},
        rulebook::Rulebook,
        schedule::Schedule,
        variant::Variant,
    },
};

/// Days after which the calendar begins anew: 400 years.
const CALENDAR: usize = 146_097;
/// Days of which one decision sees all: a little less than it looks ahead.
const LOOK: i64 = 399;
/// How often it is looked again in one zone.
const LOOKS: i64 = 28;

/// A clock that rules and schedules are read by: a zone's, or the customer's where there is none.
type Clock = Option<Tz>;

impl House<'_> {
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
            let has_time = |(now, zone)| {
                alone
                    .campaigns
                    .iter()
                    .any(|alone| is_reached(&reach, alone, now, zone))
            };
            let bounds = bounds(&campaign.schedule);
            let house = self.book.time_zone;
            let start = bounds.map_or_else(|| some_noon(house), |(from, _)| from);
            let answer = match bounds {
                // What most campaigns have, and what is soon proved, needs no search.
                _ if has_time((start, house)) => Answer::Yes,
                _ if self.is_never(campaign) => Answer::Never,
                Some(bounds) => in_bounds(bounds, &self.zones(campaign), has_time),
                None if self.some_times(campaign).any(has_time) => Answer::Yes,
                None => Answer::CannotTell,
            };
            match answer {
                Answer::Yes => continue,
                Answer::CannotTell => {
                    let why = "no instant was found that is left to it, nor that none is";
                    notes.undecided(LintCode::NoTime, path, why);
                    continue;
                }
                Answer::Never => {}
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

    /// A campaign, of all rules only those that refuse everyone, and of all customers everyone: if that leaves no instant,
    /// the whole leaves none.
    fn relaxed(&self, campaign: &Campaign) -> Rulebook {
        let mut alone = self.book.without_campaigns();
        alone.policies = presets::policies_of(self.book)
            .map(|policy| {
                let rules = policy.rules.iter().filter(|rule| refuses_everyone(rule));
                let rules = rules.cloned().collect();
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
        campaign.rules.retain(refuses_everyone);
        if let Schedule::Waves { waves, .. } = &mut campaign.schedule {
            for wave in waves {
                wave.audience = None;
            }
        }
        alone.campaigns = vec![campaign];
        alone
    }

    /// Whether it is proved for all times: nothing may be repeated, the calendar has no such day, or each channel is shut.
    fn is_never(&self, campaign: &Campaign) -> bool {
        let none = AtMost::Count(0);
        campaign
            .repeat
            .as_ref()
            .is_some_and(|repeat| repeat.at_most == none)
            || weekdays(&campaign.schedule).is_empty()
            || kinds(campaign).all(|kind| self.is_shut(&campaign.schedule, kind))
    }

    /// Whether the rules refuse every touch over a channel: at once, or because all that the schedule can be on one clock is
    /// quiet by that clock.
    fn is_shut(&self, schedule: &Schedule, kind: Kind<'_>) -> bool {
        let rules = self.rules.iter().filter(|ruling| ruling.covers(kind));
        let rules = rules.map(|ruling| ruling.rule.as_ref());
        let effects: Vec<&Effect> = rules
            .filter(|rule| refuses_everyone(rule))
            .map(|rule| &rule.then)
            .collect();
        let quiet = || {
            effects.iter().filter_map(|effect| match effect {
                Effect::Quiet(quiet) => Some((self.clock(quiet.zone.unwrap_or(Zone::Customer)), quiet)),
                _ => None,
            })
        };
        effects.len() > quiet().count()
            || quiet().any(|(clock, _)| {
                let mut silent = Week::new();
                for (_, quiet) in quiet().filter(|(other, _)| *other == clock) {
                    for day in quiet_days(quiet) {
                        silent.cover(day, &seconds(quiet.window));
                    }
                }
                silent.contains(&self.spoken(schedule, clock))
            })
    }

    /// All that a clock can show in a schedule's occurrences.
    fn spoken(&self, schedule: &Schedule, clock: Clock) -> Week {
        let (zone, meant) = match schedule {
            Schedule::On { zone, window, .. } => (*zone, seconds(*window)),
            Schedule::Every {
                zone, from, until, ..
            } => {
                // A second that is only begun counts.
                let end = until.micros.saturating_add(SECOND.saturating_sub(1));
                (*zone, from.micros.div_euclid(SECOND)..end.div_euclid(SECOND))
            }
            _ => return Week::whole(),
        };
        // What begins by another clock can be at any time by this one.
        if self.clock(zone.unwrap_or(Zone::House)) != clock {
            return Week::whole();
        }
        let meant = match clock {
            Some(zone) => shown(meant, &[zone]),
            None => shown(meant, &TZ_VARIANTS),
        };
        let mut week = Week::new();
        for day in weekdays(schedule) {
            week.cover(day, &meant);
        }
        week
    }

    fn clock(&self, zone: Zone) -> Clock {
        match zone {
            Zone::Customer => None,
            Zone::House => Some(self.book.time_zone),
            Zone::Named(named) => Some(named),
        }
    }

    /// The zones of customers that can make a difference: the house's, and all others if anything reads the customer's clock.
    fn zones(&self, campaign: &Campaign) -> Vec<Tz> {
        let own = match &campaign.schedule {
            Schedule::Between(between) => between.zone,
            Schedule::Every { zone, .. } | Schedule::On { zone, .. } | Schedule::Waves { zone, .. } => *zone,
            Schedule::Always | Schedule::After { .. } => None,
        };
        let reads_customers = own == Some(Zone::Customer)
            || self.rules.iter().any(|ruling| match &ruling.rule.then {
                Effect::Quiet(quiet) => quiet.zone.is_none_or(|zone| zone == Zone::Customer),
                _ => false,
            });
        let others: &[Tz] = if reads_customers { &TZ_VARIANTS } else { &[] };
        iter::once(self.book.time_zone)
            .chain(others.iter().copied())
            .collect()
    }

    /// Instants and zones at which a campaign without bounds may be left time: in the house's zone many, in the others few.
    fn some_times(&self, campaign: &Campaign) -> impl Iterator<Item = (DateTime<Utc>, Tz)> {
        let noon = some_noon(self.book.time_zone);
        let after = move |hours: i64| noon.checked_add_signed(TimeDelta::hours(hours)).unwrap_or(noon);
        // Of what hangs on an instant of the customer, every hour of a week in each season, or of a day; else year by year.
        let (many, few): (Vec<i64>, Vec<i64>) = match &campaign.schedule {
            Schedule::After { .. } | Schedule::Every { .. } => {
                let seasons = (0..4_i64).map(|season| season.saturating_mul(91 * 24));
                let hours =
                    seasons.flat_map(|season| (0..7 * 24).map(move |hour| season.saturating_add(hour)));
                (hours.collect(), (0..24).collect())
            }
            _ => (
                (0..LOOKS).map(|year| year.saturating_mul(365 * 24)).collect(),
                vec![0],
            ),
        };
        let house = self.book.time_zone;
        let zones = self.zones(campaign).into_iter().skip(1);
        let others = zones.flat_map(move |zone| few.clone().into_iter().map(move |hours| (hours, zone)));
        let all = many.into_iter().map(move |hours| (hours, house)).chain(others);
        all.map(move |(hours, zone)| (after(hours), zone))
    }
}

/// Whether a rule refuses whoever it is, at some time.
fn refuses_everyone(rule: &Rule) -> bool {
    let refuses = match &rule.then {
        Effect::Forbid | Effect::Quiet(_) => true,
        Effect::Cap(cap) => cap.at_most == AtMost::Count(0),
        Effect::React(_) | Effect::Prefer(_) | Effect::Holdout(_) => false,
    };
    refuses && rule.when.is_none() && !rule.observe
}

fn every_weekday() -> impl Iterator<Item = Weekday> {
    WEEKDAYS.into_iter().map(|(_, day)| day)
}

/// The days of every week on which a quiet window starts.
fn quiet_days(quiet: &Quiet) -> Vec<Weekday> {
    match (&quiet.days, &quiet.dates) {
        (None, None) => every_weekday().collect(),
        (days, _) => days.iter().flatten().copied().collect(),
    }
}

/// The days of the week on which an occurrence can start, in all the years of the calendar.
fn weekdays(schedule: &Schedule) -> Vec<Weekday> {
    let Schedule::On {
        days,
        days_of_month,
        months,
        ..
    } = schedule
    else {
        return every_weekday().collect();
    };
    let is_one_of = |date: NaiveDate| {
        let day = i16::from(i8::try_from(date.day()).unwrap_or(i8::MAX));
        let from_end = day.saturating_sub(i16::from(date.num_days_in_month()).saturating_add(1));
        let is_day = |listed: &i8| [day, from_end].contains(&i16::from(*listed));
        let is_month = |listed: &u8| u32::from(*listed) == date.month();
        days_of_month.as_ref().is_none_or(|list| list.iter().any(is_day))
            && months.as_ref().is_none_or(|list| list.iter().any(is_month))
    };
    let dates = || NaiveDate::default().iter_days().take(CALENDAR);
    let listed = every_weekday().filter(|day| days.as_ref().is_none_or(|days| days.contains(day)));
    listed
        .filter(|day| dates().any(|date| date.weekday() == *day && is_one_of(date)))
        .collect()
}

/// The instants between which a schedule lies by any clock, where it has a beginning and an end.
fn bounds(schedule: &Schedule) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let (from, to) = match schedule {
        Schedule::Between(once) => (once.from, once.to),
        Schedule::Waves { waves, .. } => {
            let from = waves.iter().map(|wave| wave.from).min()?;
            (from, waves.iter().map(|wave| wave.to).max()?)
        }
        _ => return None,
    };
    // No clock is two days from another.
    let beside = TimeDelta::days(2);
    let from = from.wall_clock().and_utc().checked_sub_signed(beside)?;
    Some((from, to.wall_clock().and_utc().checked_add_signed(beside)?))
}

/// Whether there is time within bounds, in one of all the zones there are.
fn in_bounds(
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    zones: &[Tz],
    has_time: impl Fn((DateTime<Utc>, Tz)) -> bool,
) -> Answer {
    let look = |number: i64| from.checked_add_signed(TimeDelta::days(number.saturating_mul(LOOK)));
    let looks = || (0..LOOKS).filter_map(look).take_while(|now| *now < to);
    if zones.iter().any(|zone| looks().any(|now| has_time((now, *zone)))) {
        Answer::Yes
    } else if look(LOOKS).is_none_or(|end| end < to) {
        Answer::CannotTell
    } else {
        Answer::Never
    }
}

/// Whether somebody of whom nothing is known gets a campaign, from an instant on and by some clock.
fn is_reached(reach: &Reach<'_>, campaign: &Campaign, now: DateTime<Utc>, zone: Tz) -> bool {
    let question = Question::new(reach.book);
    let mut case = sketch(&question, &Vec::new(), Some(campaign), "c-1", now);
    case.customer.time_zone = Some(zone);
    reach.meet(case).is_some_and(|met| {
        let decision = met.bound.decide(now);
        decision.outcome() != Outcome::Refrain || decision.recheck_at().is_some()
    })
}
