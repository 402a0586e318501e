//! The occurrences that a schedule gives for a customer.

use chrono::Datelike;
use smallvec::SmallVec;

use super::view::{Ask, View};
use crate::{
    clock::{
        instant::{DAY, Instant},
        wall::{Day, date_of, days_in_month, month_day, weekday_of},
        zone::Clock,
    },
    compiled::{
        campaign::{Campaign, OnDays, Schedule, Wave},
        condition::Source,
        occurrence::{Occurrence, OccurrenceId},
        rule::Zone,
        scalar::Scalar,
        symbols::Symbol,
    },
    written::schedule::Cycle,
};

pub(crate) type Occurrences = SmallVec<[Occurrence; 1]>;

/// What a schedule gives for a customer.
pub(crate) enum Scheduled<'a> {
    Occurrences(Occurrences),
    /// The anchor has no value; its name.
    MissingAnchor(&'a str),
}

impl<'a> Ask<'a> {
    /// The occurrences of a campaign that intersect `[from, to]`, by start, then id.
    pub(crate) fn occurrences(&'a self, campaign: &'a Campaign, from: Instant, to: Instant) -> Scheduled<'a> {
        let house = [self.frame.house];
        let clocks: &[Clock] = match campaign.schedule.zone() {
            // Where the customer's clock is needed and not known, the house's names the occurrences.
            Some(Zone::Customer) if !self.bound.clocks.is_empty() => &self.bound.clocks,
            Some(Zone::Fixed(clock)) => std::slice::from_ref(clock),
            Some(Zone::Customer) | None => &house,
        };
        let view = self.view();
        let mut found = Occurrences::new();
        match &campaign.schedule {
            Schedule::Always => found.extend(campaign.fixed),
            Schedule::Between { between, .. } => {
                let (start, end) = common(clocks, |clock| between.on(clock));
                found.extend(self.occurrence(campaign, OccurrenceId::Once, start, end));
            }
            Schedule::After { anchor, from, until } => {
                let Some(at) = view.instant(anchor) else {
                    return Scheduled::MissingAnchor(view.missing_name(anchor));
                };
                let (start, end) = (at.plus(*from), at.plus(*until));
                found.extend(self.occurrence(campaign, OccurrenceId::Anchor(at), start, end));
            }
            Schedule::Every {
                cycle,
                of,
                from: offset,
                until,
                ..
            } => {
                if view.value(of).is_none() {
                    return Scheduled::MissingAnchor(view.missing_name(of));
                }
                self.anniversaries(
                    &mut found,
                    campaign,
                    clocks,
                    (*cycle, of),
                    (*offset, *until),
                    (from, to),
                );
            }
            Schedule::On {
                days,
                from: start,
                to: end,
                ..
            } => {
                self.dates(&mut found, campaign, clocks, days, (*start, *end), (from, to));
            }
            Schedule::Waves { waves, .. } => {
                for (number, Wave { between, .. }) in waves.iter().enumerate() {
                    let (start, end) = common(clocks, |clock| between.on(clock));
                    found.extend(self.occurrence(campaign, OccurrenceId::Wave(number), start, end));
                }
            }
        }
        found.retain(|occurrence| occurrence.intersects(from, to));
        if found.len() < 2 {
            return Scheduled::Occurrences(found);
        }
        let id = |occurrence: &Occurrence| occurrence.id.written(campaign);
        found.sort_by(|a, b| a.start.cmp(&b.start).then_with(|| id(a).cmp(&id(b))));
        Scheduled::Occurrences(found)
    }

    /// An occurrence, if there is any time in it.
    fn occurrence(
        &self,
        campaign: &Campaign,
        id: OccurrenceId,
        start: Instant,
        end: Instant,
    ) -> Option<Occurrence> {
        let symbol = || match (id, &campaign.schedule) {
            _ if !self.compiled.mentions.names_occurrences => Symbol::OTHER,
            (OccurrenceId::Wave(number), Schedule::Waves { waves, .. }) => {
                waves.get(number).map_or(Symbol::OTHER, |wave| wave.symbol)
            }
            _ => self.compiled.symbols.get(&id.written(campaign)),
        };
        (start < end).then(|| Occurrence {
            id,
            symbol: symbol(),
            start,
            end,
        })
    }

    fn anniversaries(
        &self,
        found: &mut Occurrences,
        campaign: &Campaign,
        clocks: &[Clock],
        (cycle, of): (Cycle, &Source),
        offsets: (i64, i64),
        (from, to): (Instant, Instant),
    ) {
        let view = self.view();
        let Some(anchor) = view.value(of) else { return };
        let anchor_day = |clock: &Clock| match *anchor {
            Scalar::Date(day) => Some(day),
            Scalar::Instant(at) => Some(clock.day(at)),
            _ => None,
        };
        // How many cycles lie between the anchor and the range; offsets reach over at most one cycle either way, and one
        // more is for the zones.
        let months = |day: Day| {
            let date = date_of(day);
            i64::from(date.year())
                .saturating_mul(12)
                .saturating_add(i64::from(date.month0()))
        };
        let Some((house, first_clock)) = clocks.first().and_then(|clock| Some((anchor_day(clock)?, clock)))
        else {
            return;
        };
        let length = if cycle == Cycle::Year { 12 } else { 1 };
        let count = |t: Instant| {
            months(first_clock.day(t))
                .saturating_sub(months(house))
                .div_euclid(length)
        };
        let first = count(from).saturating_sub(3).max(1);
        let last = count(to).saturating_add(3);
        for n in first..=last {
            let (start, end) = common(clocks, |clock| {
                let Some(day) = anchor_day(&clock) else {
                    return (Instant::MAX, Instant::MAX);
                };
                let date = date_of(day);
                let day = month_day(date.year(), date.month0(), n.saturating_mul(length), date.day());
                let at = |offset: i64| {
                    clock.local(day.saturating_add(offset.div_euclid(DAY)), offset.rem_euclid(DAY))
                };
                (at(offsets.0), at(offsets.1))
            });
            let id = match cycle {
                Cycle::Year => OccurrenceId::Year(n),
                Cycle::Month => OccurrenceId::Month(n),
            };
            found.extend(self.occurrence(campaign, id, start, end));
        }
    }

    fn dates(
        &self,
        found: &mut Occurrences,
        campaign: &Campaign,
        clocks: &[Clock],
        days: &OnDays,
        (start, end): (i64, i64),
        (from, to): (Instant, Instant),
    ) {
        let next_day = i64::from(end < start);
        // A window lasts less than two days, and zones differ by less than two.
        let first = clocks
            .iter()
            .map(|clock| clock.day(from))
            .min()
            .unwrap_or(0)
            .saturating_sub(3);
        let last = clocks
            .iter()
            .map(|clock| clock.day(to))
            .max()
            .unwrap_or(0)
            .saturating_add(2);
        for day in (first..=last).filter(|&day| matches(days, day)) {
            let (start, end) = common(clocks, |clock| {
                (
                    clock.local(day, start),
                    clock.local(day.saturating_add(next_day), end),
                )
            });
            found.extend(self.occurrence(campaign, OccurrenceId::Date(day), start, end));
        }
    }
}

fn matches(days: &OnDays, day: Day) -> bool {
    let date = date_of(day);
    let bit = |bits: u16, number: u32| bits.checked_shr(number).unwrap_or(0) & 1 == 1;
    days.weekdays
        .is_none_or(|bits| bit(u16::from(bits), u32::from(weekday_of(day))))
        && days.months.is_none_or(|bits| bit(bits, date.month0()))
        && days.days_of_month.as_deref().is_none_or(|list| {
            let length = i64::from(days_in_month(day));
            let of_month = i64::from(date.day());
            // Counted from the start, or from the end below nought.
            list.iter().map(|&listed| i64::from(listed)).any(|listed| {
                listed == of_month || length.saturating_add(1).saturating_add(listed) == of_month
            })
        })
}

/// What the occurrences of the same id in every zone have in common; nothing where one of them is empty.
fn common(clocks: &[Clock], interval: impl Fn(Clock) -> (Instant, Instant)) -> (Instant, Instant) {
    clocks
        .iter()
        .fold((Instant::MIN, Instant::MAX), |(start, end), &clock| {
            let (from, to) = interval(clock);
            (start.max(from), end.min(to))
        })
}

impl View<'_, '_> {
    /// Whether the occurrence needs the customer's clock while it is not known.
    pub(crate) fn occurrence_needs_zone(&self) -> bool {
        self.ask.bound.clocks.is_empty()
            && self
                .campaign
                .is_some_and(|campaign| matches!(campaign.schedule.zone(), Some(Zone::Customer)))
    }
}
