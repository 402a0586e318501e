//! Measures of touches.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};

use super::{Ratio, Record, Window};
use crate::{
    clock::instant::Instant,
    written::{condition::Status, duration::Duration, history::HistoryEntry, rule::GroupedBy},
};

/// The touches of a window, and what came of them.
///
/// A touch counts where it was sent: `sent`, or `scheduled` for a time of the window, which has passed when it is measured.
/// Failed and cancelled ones were not heard. What came of a touch is looked for in a time after it, `within`, also where
/// that goes beyond the window: measure when that time is over, or the last touches look worse than they are.
#[derive(Debug, Clone)]
pub struct Touches<'a> {
    records: Arc<[Record<'a>]>,
    touches: Vec<(Record<'a>, &'a HistoryEntry)>,
    window: Window,
}

impl<'a> Touches<'a> {
    /// What was sent in a window.
    pub fn sent(records: impl IntoIterator<Item = Record<'a>>, window: Window) -> Self {
        Self::of(records, window, &[Status::Sent, Status::Scheduled])
    }

    /// What was held out in a window: the control group, to whom nothing was said.
    pub fn held_out(records: impl IntoIterator<Item = Record<'a>>, window: Window) -> Self {
        Self::of(records, window, &[Status::HeldOut])
    }

    fn of(records: impl IntoIterator<Item = Record<'a>>, window: Window, statuses: &[Status]) -> Self {
        let records: Arc<[Record<'a>]> = records.into_iter().collect();
        let touches = records.iter().flat_map(|record| {
            let entries = record.history.iter().map(|entry| (*record, entry));
            entries.filter(|(_, entry)| window.contains(entry.at) && statuses.contains(&entry.status))
        });
        Self {
            touches: touches.collect(),
            records,
            window,
        }
    }

    /// Those of them that are wanted, such as the proactive ones.
    #[must_use]
    pub fn only(mut self, wanted: impl Fn(&HistoryEntry) -> bool) -> Self {
        self.touches.retain(|(_, entry)| wanted(entry));
        self
    }

    /// Apart by a dimension. Touches that have none there, as without a sender, are in no group.
    pub fn grouped_by(&self, dimension: GroupedBy) -> BTreeMap<String, Self> {
        let mut groups: BTreeMap<String, Self> = BTreeMap::new();
        for &(record, entry) in &self.touches {
            let name = match dimension {
                GroupedBy::Channel => Some(&entry.channel),
                GroupedBy::Purpose => Some(&entry.purpose),
                GroupedBy::Campaign => entry.campaign.as_ref(),
                GroupedBy::Sender => entry.sender.as_ref(),
                GroupedBy::Content => entry.content.as_ref(),
            };
            if let Some(name) = name {
                let group = groups.entry(name.clone()).or_insert_with(|| Self {
                    records: self.records.clone(),
                    touches: Vec::new(),
                    window: self.window,
                });
                group.touches.push((record, entry));
            }
        }
        groups
    }

    /// How many touches.
    pub fn count(&self) -> usize {
        self.touches.len()
    }

    /// How many customers got at least one. Customers are told apart by their ids.
    pub fn reached(&self) -> usize {
        Self::customers(self.touches.iter().map(|(record, _)| record))
    }

    fn customers<'r>(records: impl Iterator<Item = &'r Record<'a>>) -> usize
    where
        'a: 'r,
    {
        records
            .map(|record| record.customer.id.as_str())
            .collect::<BTreeSet<_>>()
            .len()
    }

    /// Touches per customer who got any.
    pub fn per_reached(&self) -> Ratio {
        Ratio::of_counts(self.count(), self.reached(), self.window)
    }

    /// Customers who got any, of all customers that were given.
    pub fn reach(&self) -> Ratio {
        Ratio::of_counts(self.reached(), Self::customers(self.records.iter()), self.window)
    }

    /// Touches that were answered by one of these kinds of response, of all touches.
    pub fn responded(&self, kinds: &[&str], within: Duration) -> Ratio {
        self.share(|_, entry| responded(entry, kinds, within))
    }

    /// Touches after which the customer bought, of all touches. Each touch before a purchase counts: the measure is made to
    /// compare with what was held out, not to share out a purchase.
    pub fn converted(&self, within: Duration) -> Ratio {
        self.share(|record, entry| bought(record, entry, within))
    }

    /// Touches that were answered or after which the customer bought, of all touches.
    pub fn signal(&self, kinds: &[&str], within: Duration) -> Ratio {
        self.share(|record, entry| responded(entry, kinds, within) || bought(record, entry, within))
    }

    /// Customers who answered at least one touch by one of these kinds, of those who got any.
    pub fn participated(&self, kinds: &[&str], within: Duration) -> Ratio {
        let answered = self
            .touches
            .iter()
            .filter(|(_, entry)| responded(entry, kinds, within));
        let answered = Self::customers(answered.map(|(record, _)| record));
        Ratio::of_counts(answered, self.reached(), self.window)
    }

    fn share(&self, counts: impl Fn(&Record<'a>, &HistoryEntry) -> bool) -> Ratio {
        let count = self
            .touches
            .iter()
            .filter(|(record, entry)| counts(record, entry))
            .count();
        Ratio::of_counts(count, self.count(), self.window)
    }
}

/// Whether an instant lies after a touch, within a length of time, both ends included.
fn follows(entry: &HistoryEntry, at: DateTime<Utc>, within: Duration) -> bool {
    entry.at <= at && Instant::from(at) <= Instant::from(entry.at).plus(within.micros)
}

fn responded(entry: &HistoryEntry, kinds: &[&str], within: Duration) -> bool {
    let mut responses = entry.responses.iter();
    responses.any(|response| kinds.contains(&response.kind.as_str()) && follows(entry, response.at, within))
}

fn bought(record: &Record<'_>, entry: &HistoryEntry, within: Duration) -> bool {
    let mut purchases = record.customer.purchases.iter().flatten();
    purchases.any(|purchase| follows(entry, purchase.at, within))
}
