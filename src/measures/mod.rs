//! Measures: what came of what was sent, as ratios that carry what they are made of.
//!
//! All are pure functions of histories and purchases. None is a bare number: a [`Ratio`] has its numerator, its denominator
//! and the [`Window`] of time, so that 50 % of two is not taken for 50 % of two thousand.
//!
//! | measure | asked as |
//! |---|---|
//! | touches per reached customer (of a month: with its window) | [`Touches::per_reached`] |
//! | reach, by channel | [`Touches::reach`], after [`Touches::grouped_by`] |
//! | response, click, reply rate | [`Touches::responded`] with the kinds |
//! | complaint, block rate, dissatisfaction | the same, with `complained`, `blocked`, … |
//! | group-join rate | the same, with the kind that your channel writes, such as `joined` |
//! | conversion rate | [`Touches::converted`] |
//! | signal to noise: answered or bought after, of all sent | [`Touches::signal`] |
//! | participation: customers who answered, of those reached | [`Touches::participated`] |
//! | lift of a campaign over its holdout | [`Touches::converted`] of [`Touches::sent`] and of [`Touches::held_out`] |
//! | repurchase rate, repurchase interval | [`repurchase_rate`], [`repurchase_interval`] |
//! | spend per customer (单客价), spend per order | [`spend_per_customer`], [`spend_per_order`] |
//! | churn, of 30 days or other | [`churn`] |
//! | revenue = traffic × entry × conversion × order value | [`Funnel`] |
//! | share of public revenue by private customers | [`Ratio::new`] of the two revenues |
//!
//! A guard rule reads a measure as a fact: [`KeyedFact`] makes one, per campaign or sender.
//!
//! ```
//! use tactful::{Customer, Duration, GroupedBy, HistoryEntry, measures::{Record, Touches, Window}};
//!
//! let at = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>();
//! let sent = |day: &str| Ok::<_, chrono::ParseError>(
//!     HistoryEntry::new(at(day)?, "direct", "promotion").campaign("double11").sender("mia"));
//! let kim = Customer::new("kim");
//! let history = [
//!     sent("2026-11-01T10:00:00Z")?.response("complained", at("2026-11-01T11:00:00Z")?),
//!     sent("2026-11-08T10:00:00Z")?,
//!     sent("2026-12-01T10:00:00Z")?, // December's
//! ];
//! let november = Window::new(at("2026-11-01T00:00:00Z")?, at("2026-12-01T00:00:00Z")?);
//! let touches = Touches::sent([Record::new(&kim, &history)], november);
//! let complaints = touches.responded(&["complained"], Duration::days(7));
//! assert_eq!((complaints.numerator(), complaints.denominator()), (1.0, 2.0));
//! assert_eq!(complaints.value(), Some(0.5));
//! assert_eq!(touches.per_reached().value(), Some(2.0));
//!
//! let of_mia = &touches.grouped_by(GroupedBy::Sender)["mia"];
//! assert_eq!(of_mia.count(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod fact;
mod funnel;
mod purchases;
mod ratio;
mod touches;

use chrono::{DateTime, Utc};
use serde::Serialize;

pub use self::{
    fact::KeyedFact,
    funnel::Funnel,
    purchases::{churn, repurchase_interval, repurchase_rate, spend_per_customer, spend_per_order},
    ratio::Ratio,
    touches::Touches,
};
use crate::{
    simulation::{Simulated, SimulatedCustomer},
    written::{customer::Customer, history::HistoryEntry},
};

/// A stretch of time: from an instant until another, excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Window {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

impl Window {
    /// From an instant until another, excluded.
    pub fn new(from: DateTime<Utc>, until: DateTime<Utc>) -> Self {
        Self { from, until }
    }

    /// The first instant.
    pub fn from(&self) -> DateTime<Utc> {
        self.from
    }

    /// The first instant after it.
    pub fn until(&self) -> DateTime<Utc> {
        self.until
    }

    /// Whether an instant is in it.
    pub fn contains(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && at < self.until
    }
}

/// A customer with the history: what measures are taken of.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    pub(crate) customer: &'a Customer,
    pub(crate) history: &'a [HistoryEntry],
}

impl<'a> Record<'a> {
    /// A customer with the history.
    pub fn new(customer: &'a Customer, history: &'a [HistoryEntry]) -> Self {
        Self { customer, history }
    }
}

impl<'a> From<&'a SimulatedCustomer> for Record<'a> {
    fn from(simulated: &'a SimulatedCustomer) -> Self {
        Self::new(simulated.customer(), simulated.history())
    }
}

impl Simulated {
    /// The customers and their histories at the end, to take measures of.
    pub fn records(&self) -> impl Iterator<Item = Record<'_>> {
        self.customers().iter().map(Record::from)
    }
}
