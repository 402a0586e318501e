//! Caps that another one always reaches first.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::{
    finding::{LintCode, Notes, Witness},
    house::{House, Ruling, reasons},
    touches::Touches,
};
use crate::{
    asked::decision::ReasonCode,
    clock::instant::{DAY, SECOND},
    written::{
        calendar::{CalendarPeriod, UnknownTimeZone, Zone},
        history::HistoryEntry,
        rule::{AtMost, Cap, Effect, Per},
    },
};

impl House<'_> {
    pub(super) fn caps(&self, notes: &mut Notes) {
        let caps: Vec<(&Ruling<'_>, &Cap)> = self
            .rules
            .iter()
            .filter(|ruling| !ruling.rule.observe)
            .filter_map(|ruling| match &ruling.rule.then {
                Effect::Cap(cap) => Some((ruling, cap)),
                _ => None,
            })
            .collect();
        for (number, &(loose, loose_cap)) in caps.iter().enumerate() {
            // The numbers of a preset are not the house's to choose.
            if loose.is_shipped {
                continue;
            }
            let tight = caps.iter().enumerate().find(|&(other, &(tight, tight_cap))| {
                other != number
                    && self.always_before((tight, tight_cap), (loose, loose_cap))
                    // Of two that are the same, the later one is idle.
                    && (other < number || !self.always_before((loose, loose_cap), (tight, tight_cap)))
            });
            let Some((_, &(tight, tight_cap))) = tight else {
                continue;
            };
            let sentence = format!(
                "it never binds in a history that keeps to `{}`, which allows no more and is reached first",
                tight.address
            );
            let witness = self.reaches(tight, tight_cap, loose);
            notes.found(
                LintCode::CapNeverBinds,
                format!("{}/then/cap", loose.path),
                sentence,
                witness,
            );
        }
    }

    /// Whether whatever fills the loose cap has been refused by the tight one before: all that the loose one counts, in the
    /// scope of any campaign there is, was or is not, is in the tight one's scope and counted by it.
    fn always_before(
        &self,
        (tight, tight_cap): (&Ruling<'_>, &Cap),
        (loose, loose_cap): (&Ruling<'_>, &Cap),
    ) -> bool {
        let same_groups = tight_cap.grouped_by.is_none() || tight_cap.grouped_by == loose_cap.grouped_by;
        if tight.rule.when.is_some() || !same_groups {
            return false;
        }
        // For a customer without a zone it refuses everything, full or not.
        if self.book.unknown_time_zone == UnknownTimeZone::Refrain
            && reads_customers_clock(loose_cap)
            && !reads_customers_clock(tight_cap)
        {
            return false;
        }
        let (scope, counted) = (Touches::of(tight), Touches::counted(tight, tight_cap));
        let filling = Touches::counted(loose, loose_cap);
        self.kinds().any(|(_, kind)| loose.covers(kind))
            && scope.contains(Touches::of(loose))
            && scope.contains(filling)
            && counted.contains(filling)
            && most_within(tight_cap, loose_cap).is_some_and(|most| is_at_most(most, loose_cap))
    }

    /// A history that fills the tight cap and leaves room in the loose one.
    fn reaches(&self, tight: &Ruling<'_>, tight_cap: &Cap, loose: &Ruling<'_>) -> Option<Witness> {
        let AtMost::Count(count) = tight_cap.at_most else {
            return None;
        };
        let mut asked = BTreeSet::new();
        self.kinds().find_map(|(campaign, kind)| {
            if !loose.covers(kind) || !asked.insert(&campaign.id) {
                return None;
            }
            let question = self.reach.question(campaign);
            let found = self.somebody(campaign, &question, |met| {
                let mut case = met.case.clone();
                for number in 0..i64::from(count.min(1_000)) {
                    let back = TimeDelta::seconds(number.saturating_add(1));
                    let at = case.now.checked_sub_signed(back)?;
                    let mut entry = HistoryEntry::new(at, kind.channel, kind.purpose);
                    // Of another occurrence, so that this one is not spent.
                    entry.campaign = Some(kind.campaign.to_owned());
                    entry.occurrence = Some("earlier".to_owned());
                    entry.content = campaign
                        .variants
                        .first()
                        .and_then(|variant| variant.content.clone());
                    entry.sender = case.customer.senders.first().cloned();
                    case.history.push(entry);
                }
                let met = self.reach.meet(case)?;
                let refused = reasons(&met, campaign);
                let by = |ruling: &Ruling<'_>| {
                    let mut caps = refused.iter().filter(|reason| reason.code() == ReasonCode::Cap);
                    caps.any(|reason| reason.rule() == Some(&ruling.address))
                };
                (by(tight) && !by(loose)).then(|| {
                    Witness::of(
                        &met,
                        format!("`{}` refuses, `{}` would not", tight.address, loose.address),
                    )
                })
            });
            found.ok()
        })
    }
}

fn reads_customers_clock(cap: &Cap) -> bool {
    matches!(cap.per, Per::Calendar(_)) && cap.zone.is_none_or(|zone| zone == Zone::Customer)
}

/// How many touches one cap can let into a window of another; none where that has no bound.
fn most_within(tight: &Cap, loose: &Cap) -> Option<Most> {
    let AtMost::Count(count) = tight.at_most else {
        return None;
    };
    let count = i64::from(count);
    if count == 0 {
        return Some(Most::Times(0));
    }
    let same_clock = tight.zone == loose.zone;
    // Periods of the tight one that a window of the loose one touches.
    let periods = match (tight.per, loose.per) {
        (Per::Lifetime, _) => 1,
        (_, Per::Lifetime) => return None,
        (Per::Calendar(tight), Per::Calendar(loose)) if same_clock => match (tight, loose) {
            (CalendarPeriod::Day, CalendarPeriod::Month) if count == 1 => return Some(Most::DaysInMonth),
            _ => calendar_periods(tight, loose)?,
        },
        // A window of any length touches one period more than fit in it, and one that ends in it.
        (Per::Calendar(tight), loose) => longest(loose)?.checked_div(shortest(tight))?.checked_add(2)?,
        (Per::Rolling(length), loose) => {
            let window = longest(loose)?;
            let more = i64::from(window.checked_rem(length.micros)? != 0);
            window.checked_div(length.micros)?.checked_add(more)?
        }
    };
    Some(Most::Times(count.checked_mul(periods)?))
}

/// A number of touches.
enum Most {
    Times(i64),
    DaysInMonth,
}

fn is_at_most(most: Most, cap: &Cap) -> bool {
    match (most, cap.at_most) {
        (Most::Times(times), AtMost::Count(count)) => times <= i64::from(count),
        (Most::Times(times), AtMost::DaysInMonth) => times <= 28,
        (Most::DaysInMonth, AtMost::Count(count)) => count >= 31,
        (Most::DaysInMonth, AtMost::DaysInMonth) => true,
    }
}

/// How many periods of one kind a period of another touches, by one clock.
fn calendar_periods(of: CalendarPeriod, within: CalendarPeriod) -> Option<i64> {
    use CalendarPeriod::{Day, Month, Week, Year};
    Some(match (of, within) {
        (Day, Day) | (Week, Week | Day) | (Month, Month | Day) | (Year, Year | Month | Day) => 1,
        (Day, Week) => 7,
        (Day, Month) => 31,
        (Day, Year) => 366,
        (Week, Month) => 6,
        (Week, Year) => 54,
        (Month, Week) | (Year, Week) => 2,
        (Month, Year) => 12,
    })
}

/// Microseconds, with what clocks that change add.
fn longest(per: Per) -> Option<i64> {
    let hours = |hours: i64| hours.checked_mul(3_600 * SECOND);
    match per {
        Per::Rolling(length) => Some(length.micros),
        // Clocks have changed by as much as a day.
        Per::Calendar(CalendarPeriod::Day) => hours(48),
        Per::Calendar(CalendarPeriod::Week) => hours(8 * 24),
        Per::Calendar(CalendarPeriod::Month) => hours(32 * 24),
        Per::Calendar(CalendarPeriod::Year) => hours(367 * 24),
        Per::Lifetime => None,
    }
}

fn shortest(period: CalendarPeriod) -> i64 {
    match period {
        CalendarPeriod::Day => DAY.saturating_mul(22).saturating_div(24),
        CalendarPeriod::Week => DAY.saturating_mul(6),
        CalendarPeriod::Month => DAY.saturating_mul(27),
        CalendarPeriod::Year => DAY.saturating_mul(364),
    }
}
