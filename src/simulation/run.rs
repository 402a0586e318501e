//! One customer, run forward.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveTime, Timelike, Utc};

use super::{
    Simulation,
    day::SimulatedDay,
    draw::Draw,
    world::{Reaction, World},
};
use crate::{
    asked::{
        bound::{Bound, BoundFacts},
        decision::{Decision, Outcome, Touch},
    },
    checked::input_error::InputError,
    clock::{
        instant::Instant,
        wall::{date_of, micros},
    },
    compiled::engine::Engine,
    measures::Window,
    written::{
        condition::Status,
        customer::{Customer, Purchase},
        history::{HistoryEntry, Response},
    },
};

/// One customer of a simulation.
#[derive(Debug, Clone, PartialEq)]
pub struct SimulatedCustomer {
    customer: Customer,
    history: Vec<HistoryEntry>,
    touches: Vec<Touch>,
}

impl SimulatedCustomer {
    /// The customer at the end, with all purchases.
    pub fn customer(&self) -> &Customer {
        &self.customer
    }

    /// The history at the end: what there was before, then what was sent and held out.
    pub fn history(&self) -> &[HistoryEntry] {
        &self.history
    }

    /// What was sent, in order.
    pub fn touches(&self) -> &[Touch] {
        &self.touches
    }
}

/// A day of the house's clock, as far as it is simulated.
pub(super) struct Day {
    pub(super) date: NaiveDate,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    /// When everybody is asked about, if that is on this day.
    asked_at: DateTime<Utc>,
}

impl Day {
    pub(super) fn window(&self) -> Window {
        Window::new(self.from, self.until)
    }
}

/// The days from an instant until another.
pub(super) fn days(
    engine: &Engine,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    asked_at: NaiveTime,
) -> Vec<Day> {
    let clock = engine.compiled.frame.house;
    let first = clock.day(from.into());
    let numbers = (0_i64..).map(|number| first.saturating_add(number));
    let days = numbers.map(|number| Day {
        date: date_of(number),
        from: from.max(clock.local(number, 0).into()),
        until: until.min(clock.local(number.saturating_add(1), 0).into()),
        asked_at: clock
            .local(number, micros(asked_at.num_seconds_from_midnight()))
            .into(),
    });
    days.take(Simulation::MOST_DAYS)
        .take_while(|day| day.from < until)
        .collect()
}

/// What will have happened at an instant.
#[derive(Debug, Clone, PartialEq)]
enum Event {
    Response { entry: usize, kind: String },
    Purchase(Option<f64>),
}

/// A customer on the way.
pub(super) struct Run<'e> {
    engine: &'e Engine,
    seed: u64,
    simulated: SimulatedCustomer,
    /// What is still to come: by instant, then in the order in which it was said.
    to_come: Vec<(DateTime<Utc>, Event)>,
}

impl<'e> Run<'e> {
    pub(super) fn new(engine: &'e Engine, seed: u64, customer: Customer, history: Vec<HistoryEntry>) -> Self {
        Self {
            engine,
            seed,
            simulated: SimulatedCustomer {
                customer,
                history,
                touches: Vec::new(),
            },
            to_come: Vec::new(),
        }
    }

    pub(super) fn through(
        mut self,
        days: &[Day],
        facts: &[BoundFacts],
        world: &impl World,
    ) -> Result<(SimulatedCustomer, Vec<SimulatedDay>), InputError> {
        let mut counted = Vec::with_capacity(days.len());
        for (day, facts) in days.iter().zip(facts) {
            let mut counts = SimulatedDay::new(day.date, day.window());
            let mut now = day.from;
            while now < day.until && self.simulated.touches.len() < Simulation::MOST_TOUCHES {
                self.happen(now, &mut counts);
                let bound = self
                    .engine
                    .bind(&self.simulated.customer, &self.simulated.history, facts)?;
                let decision = bound.decide(now);
                self.hold_out(&decision, &mut counts);
                match decision.touch().filter(|_| decision.outcome() == Outcome::Send) {
                    Some(touch) => self.send(touch, world, &mut counts),
                    None => {
                        if now == day.asked_at {
                            counts.refused(decision.reasons());
                        }
                        now = self.next(&bound, &decision, now, day);
                    }
                }
            }
            counted.push(counts);
        }
        Ok((self.simulated, counted))
    }

    /// Lets happen what was to come up to now.
    fn happen(&mut self, now: DateTime<Utc>, counts: &mut SimulatedDay) {
        let come = self.to_come.partition_point(|(at, _)| *at <= now);
        for (at, event) in self.to_come.drain(..come) {
            match event {
                Event::Response { entry, kind } => {
                    counts.responded(&kind);
                    if let Some(entry) = self.simulated.history.get_mut(entry) {
                        entry.responses.push(Response::new(kind, at));
                    }
                }
                Event::Purchase(amount) => {
                    counts.bought(amount);
                    // Where earlier ones are not known, one more makes no list of them all.
                    if let Some(purchases) = &mut self.simulated.customer.purchases {
                        let mut purchase = Purchase::new(at);
                        purchase.amount = amount;
                        purchases.push(purchase);
                    }
                }
            }
        }
    }

    fn hold_out(&mut self, decision: &Decision, counts: &mut SimulatedDay) {
        for held_out in decision.held_out() {
            self.simulated
                .history
                .push(held_out.touch().entry(Status::HeldOut));
            counts.hold_out();
        }
    }

    fn send(&mut self, touch: &Touch, world: &impl World, counts: &mut SimulatedDay) {
        let entry = self.simulated.history.len();
        self.simulated.history.push(touch.entry(Status::Sent));
        self.simulated.touches.push(touch.clone());
        counts.sent(touch);
        let customer = &self.simulated.customer;
        let mut draw = Draw::new(self.seed, &customer.id, &touch.key().to_string());
        let Reaction { responses, purchases } = world.react(customer, touch, &mut draw);
        let responses = responses
            .into_iter()
            .map(|(kind, after)| (after, Event::Response { entry, kind }));
        let purchases = purchases
            .into_iter()
            .map(|(after, amount)| (after, Event::Purchase(amount)));
        for (after, event) in responses.chain(purchases) {
            let at = Instant::from(touch.at()).plus(after.micros);
            self.to_come.push((at.into(), event));
        }
        // Stable: at one instant, as it was said.
        self.to_come.sort_by_key(|(at, _)| *at);
    }

    /// When to ask next: where a decision says so, where something happens, at the time of the day, at the end of the day.
    fn next(&self, bound: &Bound, decision: &Decision, now: DateTime<Utc>, day: &Day) -> DateTime<Utc> {
        let agenda = bound.planned(now);
        let held_out = agenda.held_out().iter().map(|held_out| held_out.touch().at());
        let said = decision.until().into_iter().chain(decision.recheck_at());
        let happens = self.to_come.first().map(|(at, _)| *at);
        let instants: BTreeSet<DateTime<Utc>> = held_out
            .chain(said)
            .chain(happens)
            .chain([day.asked_at, day.until])
            .filter(|&at| at > now)
            .collect();
        instants.first().copied().unwrap_or(day.until)
    }
}
