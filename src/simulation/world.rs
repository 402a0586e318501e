//! What happens around a simulation: given by the host.

use chrono::NaiveDate;

use super::draw::Draw;
use crate::{
    asked::decision::Touch,
    written::{customer::Customer, duration::Duration, facts::Facts},
};

/// What is true in the world of a simulation, and how customers answer.
///
/// Both are functions of what they are given, and of nothing else: then so is the simulation.
pub trait World {
    /// What is true on a day of the house's clock. Nothing is known unless this says so.
    fn facts(&self, _day: NaiveDate) -> Facts {
        Facts::new()
    }

    /// How a customer reacts to a touch. Nobody does unless this says so.
    fn react(&self, _customer: &Customer, _touch: &Touch, _draw: &mut Draw) -> Reaction {
        Reaction::none()
    }
}

/// A world in which nothing is known and nobody answers.
impl World for () {}

/// What a customer does after a touch, and how long after it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reaction {
    pub(super) responses: Vec<(String, Duration)>,
    pub(super) purchases: Vec<(Duration, Option<f64>)>,
}

impl Reaction {
    /// No reaction.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// And a response of a kind, such as `clicked` or `complained`.
    #[must_use]
    pub fn responds(mut self, kind: impl Into<String>, after: Duration) -> Self {
        self.responses.push((kind.into(), after));
        self
    }

    /// And a purchase of an amount. It is counted in any case, and known to the engine where the customer's purchases are:
    /// see [`Customer::known_purchases`].
    #[must_use]
    pub fn buys(mut self, after: Duration, amount: f64) -> Self {
        self.purchases.push((after, Some(amount)));
        self
    }
}
