//! What is counted on a day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use crate::{
    asked::decision::{Reason, Touch},
    measures::Window,
};

/// What a simulation counts on one day of the house's clock, over all customers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SimulatedDay {
    date: NaiveDate,
    window: Window,
    reached: u64,
    touches_by_purpose: BTreeMap<String, u64>,
    touches_by_channel: BTreeMap<String, u64>,
    touches_by_campaign: BTreeMap<String, u64>,
    held_out: u64,
    refusals: BTreeMap<String, u64>,
    responses: BTreeMap<String, u64>,
    purchases: u64,
    revenue: f64,
}

fn count(counts: &mut BTreeMap<String, u64>, name: &str) {
    let count = counts.entry(name.to_owned()).or_default();
    *count = count.saturating_add(1);
}

fn add(counts: &mut BTreeMap<String, u64>, others: BTreeMap<String, u64>) {
    for (name, more) in others {
        let count = counts.entry(name).or_default();
        *count = count.saturating_add(more);
    }
}

impl SimulatedDay {
    pub(super) fn new(date: NaiveDate, window: Window) -> Self {
        Self {
            date,
            window,
            reached: 0,
            touches_by_purpose: BTreeMap::new(),
            touches_by_channel: BTreeMap::new(),
            touches_by_campaign: BTreeMap::new(),
            held_out: 0,
            refusals: BTreeMap::new(),
            responses: BTreeMap::new(),
            purchases: 0,
            revenue: 0.0,
        }
    }

    pub(super) fn sent(&mut self, touch: &Touch) {
        self.reached = 1;
        count(&mut self.touches_by_purpose, touch.purpose());
        count(&mut self.touches_by_channel, touch.channel());
        count(&mut self.touches_by_campaign, touch.campaign());
    }

    pub(super) fn hold_out(&mut self) {
        self.held_out = self.held_out.saturating_add(1);
    }

    /// Counts each rule once, however many campaigns it refuses.
    pub(super) fn refused(&mut self, reasons: &[Reason]) {
        let names = reasons
            .iter()
            .map(|reason| reason.rule().unwrap_or(reason.code().as_str()));
        let mut names: Vec<&str> = names.collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            count(&mut self.refusals, name);
        }
    }

    pub(super) fn responded(&mut self, kind: &str) {
        count(&mut self.responses, kind);
    }

    pub(super) fn bought(&mut self, amount: Option<f64>) {
        self.purchases = self.purchases.saturating_add(1);
        self.revenue += amount.unwrap_or(0.0);
    }

    /// Adds what was counted of one customer.
    pub(super) fn add(&mut self, other: Self) {
        self.reached = self.reached.saturating_add(other.reached);
        add(&mut self.touches_by_purpose, other.touches_by_purpose);
        add(&mut self.touches_by_channel, other.touches_by_channel);
        add(&mut self.touches_by_campaign, other.touches_by_campaign);
        self.held_out = self.held_out.saturating_add(other.held_out);
        add(&mut self.refusals, other.refusals);
        add(&mut self.responses, other.responses);
        self.purchases = self.purchases.saturating_add(other.purchases);
        self.revenue += other.revenue;
    }

    /// The day, on the house's clock.
    pub fn date(&self) -> NaiveDate {
        self.date
    }

    /// The day as far as it was simulated, for the measures of [`Simulated::records`](crate::Simulated::records).
    pub fn window(&self) -> Window {
        self.window
    }

    /// How many customers got at least one touch.
    pub fn reached(&self) -> u64 {
        self.reached
    }

    /// How many touches were sent, by purpose.
    pub fn touches_by_purpose(&self) -> &BTreeMap<String, u64> {
        &self.touches_by_purpose
    }

    /// How many touches were sent, by channel.
    pub fn touches_by_channel(&self) -> &BTreeMap<String, u64> {
        &self.touches_by_channel
    }

    /// How many touches were sent, by campaign.
    pub fn touches_by_campaign(&self) -> &BTreeMap<String, u64> {
        &self.touches_by_campaign
    }

    /// How many touches were held out.
    pub fn held_out(&self) -> u64 {
        self.held_out
    }

    /// How many customers were refused something at the time of the day at which they are asked about, by the address of
    /// the rule, or by the code of a gate without rules.
    pub fn refusals(&self) -> &BTreeMap<String, u64> {
        &self.refusals
    }

    /// How many responses came, by kind, whenever the touch was sent that they answer.
    pub fn responses(&self) -> &BTreeMap<String, u64> {
        &self.responses
    }

    /// How many purchases were made.
    pub fn purchases(&self) -> u64 {
        self.purchases
    }

    /// The sum of their amounts, in the order of the customers.
    pub fn revenue(&self) -> f64 {
        self.revenue
    }
}
