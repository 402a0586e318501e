//! The loop of a worker: decide and reserve, hand over, record. Any number of them run at once, and any of them may die.

use std::{env, path::Path, thread, time::Duration};

use chrono::{DateTime, Utc};
use tactful::{Bound, Decision, Outcome, Status, Touch};

use crate::{
    Result,
    platform::Platform,
    rulebook::Rulebook,
    store::{House, Reserved, Store},
};

pub struct Worker {
    store: Store,
    platform: Platform,
    rulebook: Rulebook,
    /// How long a reserved touch is left to the worker that has reserved it. Longer than any delivery takes.
    patience: Duration,
}

impl Worker {
    pub fn open(directory: &Path) -> Result<Self> {
        let patience = env::var("SQLITE_HOST_PATIENCE_MS")
            .ok()
            .and_then(|ms| ms.parse().ok());
        Ok(Self {
            store: Store::open(&directory.join("house.db"))?,
            platform: Platform::open(&directory.join("platform.db"))?,
            rulebook: Rulebook::open(directory)?,
            patience: Duration::from_millis(patience.unwrap_or(30_000)),
        })
    }

    /// Works until all is said.
    pub fn run(&mut self) -> Result<()> {
        loop {
            self.rulebook.refresh(|told| eprintln!("{told}"));
            if self.settle_one()? || self.decide_one()? {
                continue;
            }
            let house = self.store.begin()?;
            let over = house.is_over()?;
            let advanced = !over && house.advance()?;
            house.commit()?;
            if over {
                return Ok(());
            }
            if !advanced {
                // Others are at work.
                thread::sleep(Duration::from_millis(5));
            }
        }
    }

    /// Decides for one customer, and delivers what may go now. Whether there was one.
    fn decide_one(&mut self) -> Result<bool> {
        // One transaction: the history that the caps are checked against, and the touch that fills them.
        let house = self.store.begin()?;
        let now = house.now()?;
        let Some(customer) = house.due(now)? else {
            return Ok(false);
        };
        let bound = bind(&house, &self.rulebook, &customer, now)?;
        let decision = bound.decide(now);
        let rulebook = self.rulebook.engine.fingerprint();
        for held_out in decision.held_out() {
            house.record(&customer, held_out.touch(), Status::HeldOut, &rulebook)?;
        }
        let touch = decision.touch().filter(|_| decision.outcome() == Outcome::Send);
        if let Some(touch) = touch {
            house.record(&customer, touch, Status::Scheduled, &rulebook)?;
            house.commit()?;
            self.deliver(&customer, touch, now)?;
            // The customer is asked about again at once: there may be more.
            return Ok(true);
        }
        for reason in decision.reasons() {
            house.count_refusal(reason.rule().unwrap_or(reason.code().as_str()))?;
        }
        house.ask_at(&customer, next_question(&bound, &decision, now))?;
        house.commit()?;
        Ok(true)
    }

    /// Hands over what is reserved, and records it. Killed before, in between or after: somebody settles it.
    fn deliver(&mut self, customer: &str, touch: &Touch, now: DateTime<Utc>) -> Result<()> {
        self.platform.deliver(customer, touch, now)?;
        self.record_sent(touch, now)
    }

    fn record_sent(&mut self, touch: &Touch, now: DateTime<Utc>) -> Result<()> {
        let house = self.store.begin()?;
        house.settle(touch, Status::Sent, Platform::response(touch, now))?;
        house.commit()
    }

    /// Settles a touch whose worker has died. Whether there was one.
    fn settle_one(&mut self) -> Result<bool> {
        let house = self.store.begin()?;
        let Some(Reserved { customer, touch }) = house.take_over(self.patience)? else {
            return Ok(false);
        };
        let now = house.now()?;
        // It is this worker's from here on; were it to die too, the next one comes.
        if self.platform.has(touch.key())? {
            house.commit()?;
            self.record_sent(&touch, touch.at())?;
            return Ok(true);
        }
        // Much may have changed since it was reserved.
        let reasons = bind(&house, &self.rulebook, &customer, now)?.confirm(&touch, now);
        if !reasons.is_empty() {
            // It went nowhere, so that its occurrence is free to be decided anew.
            house.settle(&touch, Status::Failed, None)?;
            house.ask_at(&customer, Some(now))?;
            house.commit()?;
            return Ok(true);
        }
        house.move_to(&touch, now)?;
        house.commit()?;
        self.deliver(&customer, &touch, now)?;
        Ok(true)
    }
}

fn bind(house: &House<'_>, rulebook: &Rulebook, customer: &str, now: DateTime<Utc>) -> Result<Bound> {
    let case = serde_json::from_value(house.case(customer, now)?)?;
    let case = rulebook.engine.read_case(&case)?;
    Ok(rulebook
        .engine
        .bind(&case.customer, &case.history, &rulebook.facts)?)
}

/// When time alone may bring something: a touch, or somebody to be recorded as held out.
fn next_question(bound: &Bound, decision: &Decision, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let planned = bound.planned(now);
    let held_out = planned.held_out().iter().map(|held_out| held_out.touch().at());
    let next = decision.until().or(decision.recheck_at());
    held_out.filter(|&at| at > now).chain(next).min()
}
