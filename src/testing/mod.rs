//! Properties of a house's own rulebook, for its own tests. With the feature `testing`.
//!
//! ```
//! use tactful::{Rulebook, testing::Invariants};
//!
//! let rulebook: Rulebook = serde_json::from_str(r#"{
//!     "format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d", "tags": ["tea"],
//!     "purposes": ["news"], "channels": {"mail": {"consent": "opt_out"}},
//!     "policies": [{"id": "house", "rules": [
//!         {"id": "night", "then": {"quiet": {"from": "21:00", "to": "09:00"}}},
//!         {"id": "few", "then": {"cap": {"at_most": 2, "per": "week"}}}]}],
//!     "campaigns": [{"id": "leaf", "purpose": "news", "value": "knowledge", "channels": ["mail"],
//!         "audience": {"tag": "tea"}, "variants": [{"id": "letter"}]}]}"#)?;
//!
//! // In a test of the house:
//! if let Err(broken) = Invariants::of(&rulebook)?.cases(64).check() {
//!     panic!("{broken}");
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Invariant`] lists what is held. Each is judged by counting and clocks of its own, and not by those of the engine; a
//! failure shrinks to a plain customer and a short timeline, told in words. [`Vocabulary`] has the strategies, for
//! properties of the house's own.

mod apart;
mod broken;
mod caps;
mod host;
mod invariants;
mod quiet;
mod rules;
mod suppression;
mod timeline;
mod vocabulary;

pub use broken::{Broken, Invariant};
pub use host::Host;
pub use invariants::Invariants;
pub use vocabulary::Vocabulary;
