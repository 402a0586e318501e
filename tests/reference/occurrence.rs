//! Schedules and their occurrences.

use super::time::{self, DAY};
use super::touch::Touch;
use super::world::{Campaign, Val, World, get, list, listed, text};
use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use serde_json::Value;

#[derive(Clone, Debug)]
pub struct Occurrence<'w> {
    pub id: String,
    /// Half-open; `always` is unbounded.
    pub start: i64,
    pub end: i64,
    /// A wave's own audience.
    pub audience: Option<&'w Value>,
    /// It needs the customer's zone, which is unknown under `refrain`: every touch is refused.
    pub zone_unknown: bool,
}

impl Occurrence<'_> {
    pub fn contains(&self, t: i64) -> bool {
        self.start <= t && t < self.end
    }

    /// By its id, or without one if its instant is inside.
    pub fn owns(&self, campaign: &str, touch: &Touch) -> bool {
        touch.campaign.as_deref() == Some(campaign)
            && touch
                .occurrence
                .as_ref()
                .map_or(self.contains(touch.at), |id| *id == self.id)
    }
}

/// What an occurrence is called, before zones give it an interval.
#[derive(Clone, Copy)]
enum Name<'w> {
    Always,
    Once,
    Anchor,
    Nth(i64),
    Date(i64),
    Wave(&'w Value),
}

fn schedule<'w>(campaign: &Campaign<'w>) -> Option<&'w Value> {
    get(campaign.body, "schedule")
}

fn anchor<'w>(campaign: &Campaign<'w>) -> Option<&'w str> {
    let schedule = schedule(campaign)?;
    text(schedule, "after").or_else(|| text(schedule, "of"))
}

/// A missing anchor means no occurrence.
pub fn missing_anchor(world: &World, campaign: &Campaign) -> Option<String> {
    world.attribute(anchor(campaign)?).err()
}

/// The occurrences that intersect `[from, to]`, by start, then id.
pub fn occurrences<'w>(
    world: &World<'w>,
    campaign: &Campaign<'w>,
    from: i64,
    to: i64,
) -> Vec<Occurrence<'w>> {
    let names = names(world, campaign, from, to);
    let mut all: Vec<_> = names
        .into_iter()
        .filter_map(|name| occurrence(world, campaign, name))
        .collect();
    all.retain(|occurrence| occurrence.start <= to && occurrence.end > from);
    all.sort_by(|a, b| (a.start, &a.id).cmp(&(b.start, &b.id)));
    all
}

/// The one with this id, wherever it lies.
pub fn occurrence_by_id<'w>(world: &World<'w>, campaign: &Campaign<'w>, id: &str) -> Option<Occurrence<'w>> {
    let of = schedule(campaign).unwrap_or(&Value::Null);
    let names = if get(of, "every").is_some() {
        let n = id
            .rsplit('-')
            .next()?
            .parse()
            .ok()
            .filter(|n| (1..10_000).contains(n));
        n.filter(|_| missing_anchor(world, campaign).is_none())
            .map(Name::Nth)
            .into_iter()
            .collect()
    } else if get(of, "on").is_some() {
        id.parse()
            .ok()
            .map(|date| Name::Date(time::day_number(date)))
            .into_iter()
            .collect()
    } else {
        names(world, campaign, world.now, world.now)
    };
    names
        .into_iter()
        .filter_map(|name| occurrence(world, campaign, name))
        .find(|occurrence| occurrence.id == id)
}

/// At least the names of the occurrences that intersect `[from, to]`.
fn names<'w>(world: &World<'w>, campaign: &Campaign<'w>, from: i64, to: i64) -> Vec<Name<'w>> {
    let Some(schedule) = schedule(campaign) else {
        return vec![Name::Always];
    };
    if get(schedule, "between").is_some() {
        return vec![Name::Once];
    }
    if get(schedule, "after").is_some() {
        return vec![Name::Anchor];
    }
    if get(schedule, "waves").is_some() {
        return list(schedule, "waves").iter().map(Name::Wave).collect();
    }
    if get(schedule, "on").is_some() {
        return (from.div_euclid(DAY) - 3..=to.div_euclid(DAY) + 3)
            .map(Name::Date)
            .collect();
    }
    let Some(first) = anchor_date(world, campaign, chrono_tz::UTC) else {
        return Vec::new();
    };
    let steps = |t: i64| {
        let date = time::date_of(t.div_euclid(DAY));
        let years = i64::from(date.year() - first.year());
        if text(schedule, "every") == Some("year") {
            years
        } else {
            years * 12 + i64::from(date.month()) - i64::from(first.month())
        }
    };
    ((steps(from) - 3).max(1)..=steps(to) + 3)
        .map(Name::Nth)
        .collect()
}

/// An occurrence must exist in every zone; its interval is the intersection. If it needs the unknown
/// customer's zone it is named by the house's.
fn occurrence<'w>(world: &World<'w>, campaign: &Campaign<'w>, name: Name<'w>) -> Option<Occurrence<'w>> {
    let schedule = schedule(campaign);
    let clockless = matches!(name, Name::Always | Name::Anchor);
    let own = if clockless {
        Some("house")
    } else {
        Some(text(schedule?, "zone").unwrap_or("house"))
    };
    let (zones, zone_unknown) = match world.zones(own) {
        Some(zones) => (zones, false),
        None => (world.zones(Some("house"))?, true),
    };
    let intervals: Option<Vec<(i64, i64)>> = zones
        .iter()
        .map(|tz| interval(world, campaign, name, *tz))
        .collect();
    let start = intervals.as_ref()?.iter().map(|interval| interval.0).max()?;
    let end = intervals.as_ref()?.iter().map(|interval| interval.1).min()?;
    let id = match name {
        Name::Always => "always".to_owned(),
        Name::Once => "once".to_owned(),
        Name::Anchor => time::print(anchor_instant(world, campaign)?),
        Name::Nth(n) => format!("{}-{n}", text(schedule?, "every")?),
        Name::Date(day) => time::date_of(day).to_string(),
        Name::Wave(wave) => text(wave, "id")?.to_owned(),
    };
    let audience = if let Name::Wave(wave) = name {
        get(wave, "audience")
    } else {
        None
    };
    (start < end).then_some(Occurrence {
        id,
        start,
        end,
        audience,
        zone_unknown,
    })
}

fn interval(world: &World, campaign: &Campaign, name: Name, tz: Tz) -> Option<(i64, i64)> {
    let (start, end) = match name {
        Name::Always => (i64::MIN, i64::MAX),
        Name::Once => between(schedule(campaign)?, tz),
        Name::Wave(wave) => between(wave, tz),
        Name::Anchor => {
            let (anchor, schedule) = (anchor_instant(world, campaign)?, schedule(campaign)?);
            (
                anchor + offset(schedule, "from", "0s"),
                anchor + offset(schedule, "until", "0s"),
            )
        }
        Name::Nth(n) => {
            // Offsets count from local midnight of the anniversary and are read on the calendar.
            let schedule = schedule(campaign)?;
            let midnight = time::day_number(anniversary(
                anchor_date(world, campaign, tz)?,
                text(schedule, "every")?,
                n,
            )) * DAY;
            let edge = |key, default| time::resolve(tz, midnight + offset(schedule, key, default));
            (edge("from", "0s"), edge("until", "1d"))
        }
        Name::Date(day) => {
            let on = get(schedule(campaign)?, "on")?;
            let (from, to) = (
                text(on, "from").map_or(0, time::clock),
                text(on, "to").map_or(DAY, time::clock),
            );
            let last = if from < to { day } else { day + 1 };
            let inside = starts_on(on, day).then(|| {
                (
                    time::resolve(tz, day * DAY + from),
                    time::resolve(tz, last * DAY + to),
                )
            });
            inside?
        }
    };
    (start < end).then_some((start, end))
}

fn between(of: &Value, tz: Tz) -> (i64, i64) {
    let edges = list(of, "between");
    let edge = |index: usize| time::resolve(tz, time::local_date_time(edges[index].as_str().unwrap()));
    (edge(0), edge(1))
}

fn offset(schedule: &Value, key: &str, default: &str) -> i64 {
    time::duration(text(schedule, key).unwrap_or(default)).unwrap()
}

/// Every listed dimension must match the start day.
fn starts_on(on: &Value, day: i64) -> bool {
    let date = time::date_of(day);
    let from_end = i64::from(date.day()) - i64::from(time::last_day_of_month(date.year(), date.month())) - 1;
    let one_of =
        |key, matches: &dyn Fn(&Value) -> bool| get(on, key).is_none() || list(on, key).iter().any(matches);
    one_of("days", &|_| {
        listed(list(on, "days"), time::WEEKDAYS[time::weekday(day) as usize])
    }) && one_of("days_of_month", &|n| {
        *n == i64::from(date.day()) || *n == from_end
    }) && one_of("months", &|n| *n == i64::from(date.month()))
}

fn anchor_instant(world: &World, campaign: &Campaign) -> Option<i64> {
    match world.attribute(anchor(campaign)?).ok()? {
        Val::At(at) => Some(at),
        other => panic!("no instant: {other:?}"),
    }
}

/// A date, or the local date of a date-time.
fn anchor_date(world: &World, campaign: &Campaign, tz: Tz) -> Option<NaiveDate> {
    match world.attribute(anchor(campaign)?).ok()? {
        Val::Day(date) => Some(date),
        Val::At(at) => Some(time::date_of(time::local(tz, at).div_euclid(DAY))),
        other => panic!("no date: {other:?}"),
    }
}

/// A missing day of month takes the month's last.
fn anniversary(first: NaiveDate, every: &str, n: i64) -> NaiveDate {
    let months =
        i64::from(first.year()) * 12 + i64::from(first.month0()) + if every == "year" { n * 12 } else { n };
    let (year, month) = (months.div_euclid(12) as i32, months.rem_euclid(12) as u32 + 1);
    NaiveDate::from_ymd_opt(year, month, first.day().min(time::last_day_of_month(year, month))).unwrap()
}
