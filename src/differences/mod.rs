//! Two rulebooks compared: in words, by the cases of last month, and by a case that tells them apart.
//!
//! | to know | ask |
//! |---|---|
//! | what was written differently, and whether that tightens or loosens | [`diff`] |
//! | what the change would have done | [`replay`] |
//! | whether two rulebooks that look alike are alike | [`distinguish`] |
//!
//! ```
//! use tactful::{Case, Customer, Engine, Outcome, Rulebook, differences::{Effect, Told, diff, distinguish, replay}};
//!
//! let rulebook = |at_most: u32| format!(r#"{{
//!     "format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d", "tags": ["tea"],
//!     "purposes": ["news"], "channels": {{"mail": {{"consent": "none"}}}},
//!     "policies": [{{"id": "house", "rules": [{{"id": "few", "then": {{"cap": {{"at_most": {at_most}, "per": "day"}}}}}}]}}],
//!     "campaigns": [{{"id": "leaf", "purpose": "news", "value": "knowledge", "channels": ["mail"],
//!         "audience": {{"tag": "tea"}}, "variants": [{{"id": "letter"}}]}}]}}"#);
//! let old: Rulebook = serde_json::from_str(&rulebook(2))?;
//! let new: Rulebook = serde_json::from_str(&rulebook(0))?;
//!
//! let differences = diff(&old, &new);
//! assert_eq!(differences[0].effect(), Effect::Tightens);
//! assert_eq!(differences[0].to_string(), "tighter: rule `house/few`: `/then/cap/at_most` was 2, is 0");
//!
//! let (old_engine, new_engine) = (Engine::compile(&old)?.0, Engine::compile(&new)?.0);
//! let cases = [Case::new(Customer::new("kim").tag("tea"), "2026-03-02T12:00:00Z".parse()?)];
//! let replay = replay(&old_engine, &new_engine, &cases);
//! let shift = &replay.shifts()[0];
//! assert_eq!((shift.from(), shift.to(), shift.count()), (Outcome::Send, Outcome::Refrain, 1));
//! assert_eq!(shift.rule(), Some("house/few"));
//!
//! assert!(matches!(distinguish(&old, &new, 1_000)?, Told::Apart(_)));
//! assert!(matches!(distinguish(&old, &old, 1_000)?, Told::NotIn(1_000)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod change;
mod diff;
mod distinguish;
mod effect;
mod replay;

pub use change::{Change, Difference, Effect};
pub use diff::diff;
pub use distinguish::{Told, distinguish};
pub use replay::{Replay, Sample, Shift, replay};
