//! Simulations: a population and a rulebook run forward through days.

mod day;
mod draw;
mod run;
mod world;

use chrono::{DateTime, NaiveTime, Utc};

use self::run::{Run, days};
pub use self::{
    day::SimulatedDay,
    draw::Draw,
    run::SimulatedCustomer,
    world::{Reaction, World},
};
use crate::{
    asked::bound::BoundFacts,
    checked::input_error::InputError,
    compiled::engine::Engine,
    written::{customer::Customer, history::HistoryEntry},
};

/// A rulebook run forward through days, to see what a month of it sends before anything is sent.
///
/// Every customer is asked about as a careful host would: whenever something may go, whenever a decision says to ask
/// again, when something has happened, and once a day at a fixed time, whose reasons are counted. What may go is sent, at
/// that instant; what is held out is recorded; then the [`World`] says how the customer answers. Nothing is known before it
/// happens: a response or a purchase is put into the history at its instant.
///
/// A simulation is a function: the same rulebook, customers, world and seed give the same result, in any order of
/// customers and, with the feature `rayon`, on any number of threads. It says what the *rulebook* does with customers who
/// behave as the world says; it predicts nobody's behaviour.
///
/// ```
/// use tactful::{Customer, Draw, Duration, Engine, Reaction, Touch, World};
///
/// struct EveryThirdClicks;
/// impl World for EveryThirdClicks {
///     fn react(&self, _customer: &Customer, _touch: &Touch, draw: &mut Draw) -> Reaction {
///         if draw.below(3) == 0 {
///             Reaction::none().responds("clicked", Duration::minutes(10))
///         } else {
///             Reaction::none()
///         }
///     }
/// }
///
/// # let text = r#"{"format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d",
/// #     "purposes": ["news"], "channels": {"mail": {"consent": "none"}},
/// #     "policies": [{"id": "house", "rules": [{"id": "night", "then": {"quiet": {"from": "21:00", "to": "09:00"}}}]}],
/// #     "campaigns": [{"id": "friday", "purpose": "news", "value": "knowledge", "channels": ["mail"],
/// #                    "schedule": {"on": {"days": ["fri"]}}, "variants": [{"id": "letter"}]}]}"#;
/// # let (engine, _) = Engine::from_document(&serde_json::from_str(text)?)?;
/// // A letter every Friday, from Monday the 2nd of March on, for two weeks.
/// let simulated = engine
///     .simulation("2026-03-02T00:00:00+01:00".parse()?, "2026-03-16T00:00:00+01:00".parse()?)
///     .seed(2026)
///     .run([(Customer::new("kim"), Vec::new())], &EveryThirdClicks)?;
/// let touches = simulated.customers()[0].touches();
/// let instants: Vec<String> = touches.iter().map(|touch| touch.at().to_rfc3339()).collect();
/// assert_eq!(instants, ["2026-03-06T08:00:00+00:00", "2026-03-13T08:00:00+00:00"]); // Nine in Berlin.
/// assert_eq!(simulated.days().len(), 14);
/// assert_eq!(simulated.days()[4].touches_by_purpose()["news"], 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Simulation {
    engine: Engine,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    seed: u64,
    asked_at: NaiveTime,
}

/// What a simulation has produced.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulated {
    customers: Vec<SimulatedCustomer>,
    days: Vec<SimulatedDay>,
}

impl Engine {
    /// A simulation of this rulebook from an instant on, until another, excluded.
    pub fn simulation(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> Simulation {
        Simulation {
            engine: self.clone(),
            from,
            until,
            seed: 0,
            asked_at: NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default(),
        }
    }
}

impl Simulation {
    /// The most days that are simulated; what comes later is not.
    pub const MOST_DAYS: usize = 1_000;
    /// The most touches that are simulated for one customer; then nothing more is asked about this one.
    pub const MOST_TOUCHES: usize = 10_000;

    /// With another seed than 0 for the world's draws.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// With another time of the day, on the house's clock, at which each customer is asked about for the count of refusals;
    /// noon unless it is said.
    pub fn asked_at(self, time: NaiveTime) -> Self {
        Self {
            asked_at: time,
            ..self
        }
    }

    /// Runs it for customers with what was sent to them before.
    ///
    /// # Errors
    ///
    /// The first part of the customers (`/customers/3/tags/0`) or of the world's facts that does not fit the rulebook.
    pub fn run(
        &self,
        customers: impl IntoIterator<Item = (Customer, Vec<HistoryEntry>)>,
        world: &(impl World + Sync),
    ) -> Result<Simulated, InputError> {
        let days = days(&self.engine, self.from, self.until, self.asked_at);
        let facts = days.iter().map(|day| {
            let facts = world.facts(day.date);
            self.engine.bind_facts(&facts)
        });
        let facts: Vec<BoundFacts> = facts.collect::<Result<_, _>>()?;
        let customers: Vec<(Customer, Vec<HistoryEntry>)> = customers.into_iter().collect();
        let run = |(number, (customer, history)): (usize, (Customer, Vec<HistoryEntry>))| {
            let run = Run::new(&self.engine, self.seed, customer, history);
            run.through(&days, &facts, world).map_err(|error| {
                let path = error.path();
                let rest = path.strip_prefix("/customer").unwrap_or(path);
                InputError::new(format!("/customers/{number}{rest}"), error.message())
            })
        };
        #[cfg(feature = "rayon")]
        let ran: Result<Vec<_>, InputError> = {
            use rayon::prelude::*;
            let numbered: Vec<_> = customers.into_iter().enumerate().collect();
            // The first error in the order of the customers, whichever thread is first.
            let ran: Vec<_> = numbered.into_par_iter().map(run).collect();
            ran.into_iter().collect()
        };
        #[cfg(not(feature = "rayon"))]
        let ran: Result<Vec<_>, InputError> = customers.into_iter().enumerate().map(run).collect();
        let mut counted: Vec<SimulatedDay> = days
            .iter()
            .map(|day| SimulatedDay::new(day.date, day.window()))
            .collect();
        let mut customers = Vec::new();
        for (customer, of_customer) in ran? {
            for (day, of_day) in counted.iter_mut().zip(of_customer) {
                day.add(of_day);
            }
            customers.push(customer);
        }
        Ok(Simulated {
            customers,
            days: counted,
        })
    }
}

impl Simulated {
    /// The customers, in the order in which they were given.
    pub fn customers(&self) -> &[SimulatedCustomer] {
        &self.customers
    }

    /// The days of the house's clock, each with what was counted on it.
    pub fn days(&self) -> &[SimulatedDay] {
        &self.days
    }
}
