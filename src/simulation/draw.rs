//! Draws that follow from a seed.

use crate::asked::identity::draw_of;

/// Numbers for one touch of one customer: they follow from the simulation's seed, the customer's id and the touch's key, and
/// from nothing else, so that no order and no other customer changes them.
///
/// ```
/// # use tactful::{Customer, Draw, Engine, Reaction, Touch, World};
/// struct OneInTen;
/// impl World for OneInTen {
///     fn react(&self, _: &Customer, _: &Touch, draw: &mut Draw) -> Reaction {
///         assert!(draw.below(10) < 10);
///         assert_eq!(draw.below(0), 0); // Of nothing there is nothing to draw.
///         Reaction::none()
///     }
/// }
/// # let text = r#"{"format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d",
/// #     "purposes": ["news"], "channels": {"mail": {"consent": "none"}},
/// #     "campaigns": [{"id": "tea", "purpose": "news", "value": "knowledge", "channels": ["mail"],
/// #                    "variants": [{"id": "letter"}]}]}"#;
/// # let (engine, _) = Engine::from_document(&serde_json::from_str(text)?)?;
/// # let simulation = engine.simulation("2026-03-02T00:00:00Z".parse()?, "2026-03-03T00:00:00Z".parse()?);
/// # assert_eq!(simulation.run([(Customer::new("kim"), vec![])], &OneInTen)?.customers()[0].touches().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Draw(u64);

impl Draw {
    /// The draws of a number.
    pub(crate) fn numbered(number: u64) -> Self {
        Self(number.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    pub(super) fn new(seed: u64, customer: &str, key: &str) -> Self {
        Self(draw_of(seed, customer, key))
    }

    /// A number from 0 up to `bound`, excluded, each as likely as the others; 0 where there is none.
    pub fn below(&mut self, bound: u64) -> u64 {
        // SplitMix64: a public-domain generator that passes the usual tests and has no bad seeds.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        let scaled = u128::from(mixed).saturating_mul(u128::from(bound)) >> 64;
        u64::try_from(scaled).unwrap_or(0)
    }

    /// Whether something happens that happens in so many of a hundred cases.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}
