//! Guides.
//!
//! | to | read |
//! |---|---|
//! | see it work, step by step | [`tour`] |
//! | find how a practice is written | [`cookbook`], and in full in [`scenarios`] |
//! | write a rulebook | [`rulebook`] |
//! | take limits, laws and styles that are ready | [`presets`] |
//! | know how decisions are made | [`semantics`] |
//! | store, deliver, retry, move over | [`host`] |
//! | see a month before it is sent | [`simulation`] |
//! | test a rulebook by cases in files | [`cases`] |
//! | check, lint and compare rulebooks in CI | [`trust`] |
//! | measure what came of it, and let rules read it | [`measures`](crate::measures) |
//! | find the words of another platform | [`comparing`] |

#[doc = include_str!("tour.md")]
pub mod tour {}

#[doc = include_str!("cookbook.md")]
pub mod cookbook {}

// Documentation only: who builds the crate need not have its tests.
#[cfg(doc)]
pub mod scenarios;

#[doc = include_str!("rulebook.md")]
pub mod rulebook {}

#[doc = include_str!("presets.md")]
pub mod presets {}

#[doc = include_str!("semantics.md")]
pub mod semantics {}

#[doc = include_str!("host.md")]
pub mod host {}

#[doc = include_str!("cases.md")]
pub mod cases {}

#[doc = include_str!("trust.md")]
pub mod trust {}

#[doc = include_str!("simulation.md")]
pub mod simulation {}

#[doc = include_str!("comparing.md")]
pub mod comparing {}
