//! Measures as facts, for guard rules to read.

use std::collections::BTreeMap;

use super::Ratio;
use crate::written::facts::Facts;

/// A keyed fact made of ratios, such as the complaint rate by sender or the dissatisfaction by campaign.
///
/// A guard rule acts when its fact is *unknown*, too: so a campaign that was never sent would never be sent. Say what is to be
/// taken for those of which too little is known, if they are not to be silent.
///
/// ```
/// use tactful::{Facts, FactValue, measures::{KeyedFact, Ratio, Window}};
///
/// let november = Window::new("2026-11-01T00:00:00Z".parse()?, "2026-12-01T00:00:00Z".parse()?);
/// let ratios = [("mia", Ratio::new(9.0, 1_000.0, november)), ("tom", Ratio::new(1.0, 3.0, november))]
///     .map(|(name, ratio)| (name.to_owned(), ratio)).into();
/// let facts = KeyedFact::new("sender.complaint_rate")
///     .at_least(100)                         // one complaint of three says nothing
///     .otherwise(0.0, ["mia", "tom", "ann"]) // and then they may speak
///     .facts(&ratios);
/// let expected = Facts::new()
///     .set_for("sender.complaint_rate", "mia", 0.009)
///     .set_for("sender.complaint_rate", "tom", 0.0)
///     .set_for("sender.complaint_rate", "ann", 0.0);
/// assert_eq!(facts, expected);
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct KeyedFact {
    name: String,
    at_least: f64,
    otherwise: BTreeMap<String, f64>,
}

impl KeyedFact {
    /// A fact of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            at_least: 1.0,
            otherwise: BTreeMap::new(),
        }
    }

    /// Only of ratios whose denominator is at least so large; 1 unless this says so.
    #[must_use]
    pub fn at_least(mut self, denominator: u32) -> Self {
        self.at_least = f64::from(denominator);
        self
    }

    /// With a value for those of these keys whose ratio is too small or not there.
    #[must_use]
    pub fn otherwise<K: Into<String>>(mut self, value: f64, keys: impl IntoIterator<Item = K>) -> Self {
        self.otherwise
            .extend(keys.into_iter().map(|key| (key.into(), value)));
        self
    }

    /// The fact. Whoever is in no list and has no ratio is unknown.
    pub fn facts(&self, ratios: &BTreeMap<String, Ratio>) -> Facts {
        let mut values = self.otherwise.clone();
        for (key, ratio) in ratios {
            if let Some(value) = ratio.value().filter(|_| ratio.denominator() >= self.at_least) {
                values.insert(key.clone(), value);
            }
        }
        values.into_iter().fold(Facts::new(), |facts, (key, value)| {
            facts.set_for(&self.name, key, value)
        })
    }
}
