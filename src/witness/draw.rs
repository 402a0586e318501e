//! Cases drawn from a vocabulary.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::vocabulary::{Sample, Vocabulary};
use crate::{
    simulation::Draw,
    written::{
        condition::{FactKey, Literal, Status},
        customer::Customer,
        facts::{Case, Facts},
        history::HistoryEntry,
    },
};

/// A second, in microseconds.
const SECOND: i64 = crate::clock::instant::SECOND;
const DAY: i64 = crate::clock::instant::DAY;

/// Makes choices. The first of any is the plainest.
pub(crate) trait Choices {
    /// A number below a bound; 0 if there is none.
    fn below(&mut self, bound: u64) -> u64;

    /// One in so many.
    fn one_in(&mut self, number: u64) -> bool {
        self.below(number) == number.saturating_sub(1)
    }

    /// One of some things.
    fn one_of<'v, T>(&mut self, list: &'v [T]) -> Option<&'v T> {
        let index = self.below(u64::try_from(list.len()).unwrap_or(u64::MAX));
        list.get(usize::try_from(index).unwrap_or(0))
    }
}

impl Choices for Draw {
    fn below(&mut self, bound: u64) -> u64 {
        Self::below(self, bound)
    }
}

impl Vocabulary {
    /// A case.
    pub(crate) fn case(&self, choices: &mut impl Choices) -> Case {
        let now = self.now(choices);
        let customer = self.customer(choices, now);
        let history = self.history(choices, now);
        let facts = self.facts(choices, now, &customer);
        Case::new(customer, now).history(history).facts(facts)
    }

    /// An instant: one at which something begins, one at which a window begins or ends on some day after, or beside these.
    pub(crate) fn now(&self, choices: &mut impl Choices) -> DateTime<Utc> {
        let start = choices.one_of(&self.instants).copied().unwrap_or_default();
        let zone = self.zone(choices).or(self.house).unwrap_or(Tz::UTC);
        let day = Days::new(choices.below(15));
        let at = match choices.below(3) {
            0 => start,
            1 => start
                .checked_add_days(day)
                .and_then(|at| {
                    at.checked_add_signed(TimeDelta::hours(i64::try_from(choices.below(24)).unwrap_or(0)))
                })
                .unwrap_or(start),
            _ => {
                let seconds = choices.one_of(&self.edges).copied().unwrap_or(12 * 3_600);
                let date = start.with_timezone(&zone).date_naive().checked_add_days(day);
                let time = NaiveTime::from_num_seconds_from_midnight_opt(seconds % 86_400, 0);
                let local = date.zip(time).map(|(date, time)| date.and_time(time));
                let at = local.and_then(|local| zone.from_local_datetime(&local).earliest());
                at.map_or(start, |at| at.to_utc())
            }
        };
        let beside = match choices.below(4) {
            1 => -1,
            2 => 1,
            _ => 0,
        };
        at.checked_add_signed(TimeDelta::seconds(beside)).unwrap_or(at)
    }

    /// A zone of a customer.
    fn zone(&self, choices: &mut impl Choices) -> Option<Tz> {
        match choices.below(8) {
            0..=3 => self.house,
            4 => Some(Tz::America__New_York),
            5 => Some(Tz::Asia__Kolkata),
            6 => Some(Tz::Pacific__Auckland),
            _ => None,
        }
    }

    pub(crate) fn customer(&self, choices: &mut impl Choices, now: DateTime<Utc>) -> Customer {
        let mut customer = Customer::new(format!("c-{}", choices.below(50)));
        customer.time_zone = self.zone(choices);
        for tag in &self.tags {
            if choices.one_in(2) {
                customer.tags.push(tag.as_str().into());
            }
        }
        for (name, samples) in &self.attributes {
            if choices.below(6) == 0 {
                continue;
            }
            if let Some(sample) = choices.one_of(samples) {
                customer.attributes.insert(name.clone(), Some(sample.at(now)));
            }
        }
        for name in &self.consents {
            match choices.below(6) {
                0..=3 => {
                    customer.consent.insert(name.clone(), Some(true));
                }
                4 => {}
                _ => {
                    customer.consent.insert(name.clone(), Some(false));
                }
            }
        }
        if choices.one_in(2) {
            customer.senders = self.senders.iter().take(3).cloned().collect();
        }
        if self.reads_active_hours && choices.one_in(2) {
            let mut hours = [0; 24];
            for count in &mut hours {
                *count = choices.below(5);
            }
            customer.active_hours = Some(hours);
        }
        if self.reads_purchases && !choices.one_in(4) {
            customer = customer.known_purchases();
            for _ in 0..choices.below(5) {
                let at = before(now, self.back(choices));
                let amount = choices
                    .one_of(&[10.0, 100.0, 0.0, 1_000.0])
                    .copied()
                    .unwrap_or(10.0);
                customer = customer.purchase(at, amount);
            }
        }
        customer
    }

    /// How long ago, in microseconds: about the lengths at which rules turn, or somewhere within two months.
    fn back(&self, choices: &mut impl Choices) -> i64 {
        let length = match choices.below(3) {
            0 => choices.one_of(&self.lengths).copied(),
            1 => choices.one_of(&self.lengths).map(|length| length / 2),
            _ => None,
        };
        let hours = i64::try_from(choices.below(60 * 24)).unwrap_or(0);
        let back = length.unwrap_or(hours.saturating_mul(3_600 * SECOND));
        let beside = [0, -1, 1];
        let beside = choices.one_of(&beside).copied().unwrap_or(0);
        back.saturating_add(SECOND.saturating_mul(beside))
    }

    pub(crate) fn history(&self, choices: &mut impl Choices, now: DateTime<Utc>) -> Vec<HistoryEntry> {
        let count = choices.below(7);
        (0..count).filter_map(|_| self.entry(choices, now)).collect()
    }

    fn entry(&self, choices: &mut impl Choices, now: DateTime<Utc>) -> Option<HistoryEntry> {
        let kind = choices.one_of(&self.kinds)?;
        let is_planned = choices.one_in(8);
        let back = self.back(choices);
        let at = before(now, if is_planned { back.saturating_neg() } else { back });
        let mut entry = HistoryEntry::new(at, kind.channel.as_str(), kind.purpose.as_str());
        if !choices.one_in(4) {
            entry.campaign.clone_from(&kind.campaign);
            let told = !choices.one_in(3);
            entry.occurrence = choices.one_of(&kind.occurrences).filter(|_| told).cloned();
            entry.content = choices.one_of(&kind.contents).cloned();
        }
        if choices.one_in(2) {
            entry.sender = choices.one_of(&self.senders).cloned();
        }
        entry.status = match choices.below(10) {
            _ if is_planned => Status::Scheduled,
            0..=6 => Status::Sent,
            7 => Status::Failed,
            8 => Status::Cancelled,
            _ => Status::HeldOut,
        };
        if choices.one_in(3)
            && let Some(kind) = choices.one_of(&self.responses)
        {
            let after = i64::try_from(choices.below(72)).unwrap_or(0);
            entry = entry.response(kind.as_str(), before(at, after.saturating_mul(-3_600 * SECOND)));
        }
        Some(entry)
    }

    pub(crate) fn facts(&self, choices: &mut impl Choices, now: DateTime<Utc>, customer: &Customer) -> Facts {
        let mut facts = Facts::new();
        for (fact, samples) in &self.facts {
            if choices.below(6) == 0 {
                continue;
            }
            let keys: Vec<String> = match &fact.of {
                None => {
                    if let Some(sample) = choices.one_of(samples) {
                        facts = facts.set(fact.name.as_str(), sample.at(now));
                    }
                    continue;
                }
                Some(FactKey::Is(key)) => vec![key.clone()],
                Some(FactKey::Attribute(name)) => match customer.attributes.get(name) {
                    Some(Some(Literal::Text(text))) => vec![text.clone()],
                    _ => Vec::new(),
                },
                Some(FactKey::Campaign) => self
                    .kinds
                    .iter()
                    .filter_map(|kind| kind.campaign.clone())
                    .collect(),
                Some(FactKey::Channel) => self.kinds.iter().map(|kind| kind.channel.clone()).collect(),
                Some(FactKey::Sender) => self.senders.clone(),
            };
            for key in keys {
                if let Some(sample) = choices.one_of(samples) {
                    facts = facts.set_for(fact.name.as_str(), key, sample.at(now));
                }
            }
        }
        facts
    }
}

impl Sample {
    /// The value, now.
    pub(crate) fn at(&self, now: DateTime<Utc>) -> Literal {
        match self {
            Self::Literal(literal) => literal.clone(),
            Self::Ago(micros) => {
                let at = before(now, *micros);
                Literal::Text(at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
            }
        }
    }
}

fn before(now: DateTime<Utc>, micros: i64) -> DateTime<Utc> {
    // What lies outside the calendar is as good as long ago.
    now.checked_sub_signed(TimeDelta::microseconds(micros.clamp(-4_000 * DAY, 40_000 * DAY)))
        .unwrap_or(now)
}
