//! Many customers at once.

use chrono::{DateTime, Utc};

use super::{bound::Bound, decision::Decision};

impl Bound {
    /// The decisions for many customers at `now`, in their order. With the feature `rayon` they are made on all threads of
    /// rayon's pool; the decisions are the same for any number of threads.
    ///
    /// ```
    /// use tactful::{Bound, Customer, Engine, Facts, Outcome};
    /// # let text = r#"{"format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d",
    /// #     "tags": ["tea"], "purposes": ["news"], "channels": {"mail": {"consent": "none"}},
    /// #     "campaigns": [{"id": "first-flush", "purpose": "news", "value": "knowledge", "channels": ["mail"],
    /// #                    "audience": {"tag": "tea"}, "variants": [{"id": "letter"}]}]}"#;
    /// # let (engine, _) = Engine::from_document(&serde_json::from_str(text)?)?;
    /// let world = engine.bind_facts(&Facts::new())?;
    /// let customers = [Customer::new("kim").tag("tea"), Customer::new("lee")];
    /// let bound: Vec<Bound> =
    ///     customers.iter().map(|customer| engine.bind(customer, &[], &world)).collect::<Result<_, _>>()?;
    /// let decisions = Bound::decide_all(&bound, "2026-03-02T12:00:00+01:00".parse()?);
    /// let outcomes: Vec<_> = decisions.iter().map(|decision| (decision.customer(), decision.outcome())).collect();
    /// assert_eq!(outcomes, [("kim", Outcome::Send), ("lee", Outcome::Refrain)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decide_all(customers: &[Self], now: DateTime<Utc>) -> Vec<Decision> {
        let decide = |customer: &Self| customer.decide(now);
        #[cfg(feature = "rayon")]
        {
            use rayon::prelude::*;
            customers.par_iter().map(decide).collect()
        }
        #[cfg(not(feature = "rayon"))]
        customers.iter().map(decide).collect()
    }
}
