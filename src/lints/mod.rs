//! Lints: what is legal in a rulebook and hardly meant, each with a customer to show it.
//!
//! A finding has a stable code, a place, a sentence, and where there can be one a [`Witness`]: a customer, a history and an
//! instant of which the engine was asked, and what it decided. What no finding can be made of, though it could not be ruled
//! out either, is told apart, as [`Undecided`]. [`guide::trust`](crate::guide::trust) tells what each code means.
//!
//! ```
//! use tactful::{Rulebook, lints::{LintCode, Linter}};
//!
//! let rulebook: Rulebook = serde_json::from_str(r#"{
//!     "format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d",
//!     "attributes": {"age": "integer"}, "purposes": ["news"], "channels": {"mail": {"consent": "none"}},
//!     "campaigns": [{"id": "first-flush", "purpose": "news", "value": "knowledge", "channels": ["mail"],
//!         "audience": {"all": [{"attribute": "age", "ge": 60}, {"attribute": "age", "lt": 30}]},
//!         "variants": [{"id": "letter"}]}]}"#)?;
//! let lints = Linter::new().check(&rulebook)?;
//! let finding = &lints.findings()[0];
//! assert_eq!(finding.code(), LintCode::AudienceNever);
//! assert_eq!(finding.path(), "/campaigns/0/audience");
//! assert_eq!(finding.sentence(), "nobody can be in it: its parts `/all/0` and `/all/1` exclude each other");
//!
//! // Whoever is sixty is not below thirty.
//! let witness = finding.witness().ok_or("a witness")?;
//! assert!(witness.case().customer.attributes.contains_key("age"));
//! assert_eq!(witness.decision().outcome(), tactful::Outcome::Refrain);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod audiences;
mod caps;
mod finding;
mod house;
mod length;
mod look_ahead;
mod ranks;
mod retention;
mod scopes;
mod tags;
mod times;
mod touches;
mod unused;
mod variants;
mod week;

pub use finding::{Finding, LintCode, Lints, Undecided, Witness};

use crate::{
    checked::problem::Problems,
    compiled::engine::Engine,
    written::{customer::Customer, duration::Duration, rulebook::Rulebook},
};
use finding::Notes;
use house::House;

/// What is looked for in a rulebook, and what the host tells of itself.
#[derive(Debug, Clone, Default)]
pub struct Linter<'c> {
    retention: Option<Duration>,
    customers: &'c [Customer],
}

impl<'c> Linter<'c> {
    /// Every lint that needs nothing but the rulebook.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long the host keeps a customer's history: what reads further back is told.
    #[must_use]
    pub fn retention(mut self, retention: Duration) -> Self {
        self.retention = Some(retention);
        self
    }

    /// Customers as there are: attributes that hardly any of them has, and a campaign cannot do without, are told.
    #[must_use]
    pub fn customers(mut self, customers: &'c [Customer]) -> Self {
        self.customers = customers;
        self
    }

    /// Goes through a rulebook.
    ///
    /// # Errors
    ///
    /// Every problem of a rulebook that does not compile.
    pub fn check(&self, rulebook: &Rulebook) -> Result<Lints, Problems> {
        let (engine, _) = Engine::compile(rulebook)?;
        let house = House::of(rulebook, &engine);
        let mut notes = Notes::new();
        house.audiences(self.customers, &mut notes);
        house.tags(&mut notes);
        house.variants(&mut notes);
        house.scopes(&mut notes);
        house.times(&mut notes);
        house.ranks(&mut notes);
        house.caps(&mut notes);
        house.look_ahead(&mut notes);
        house.unused(&mut notes);
        if let Some(retention) = self.retention {
            house.retention(retention, &mut notes);
        }
        Ok(notes.lints())
    }
}
