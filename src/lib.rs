//! Given a customer, what was already sent, what is true in the world and the time now: whether, when and what to send,
//! and why not the rest.
//!
//! A house writes a rulebook ([`Rulebook`], or any serde format) and compiles it into an [`Engine`]. A host binds a
//! customer with their history and the world's facts, and asks.
//!
//! ```
//! use tactful::{Customer, Engine, Facts, Outcome};
//!
//! let rulebook = r#"{
//!     "format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d",
//!     "tags": ["tea"], "purposes": ["news"], "channels": {"mail": {"consent": "opt_in"}},
//!     "policies": [{"id": "house", "rules": [
//!         {"id": "night", "then": {"quiet": {"from": "21:00", "to": "09:00"}}}]}],
//!     "campaigns": [{"id": "first-flush", "purpose": "news", "value": "knowledge", "channels": ["mail"],
//!         "audience": {"tag": "tea"}, "variants": [{"id": "letter", "content": "tpl-first-flush"}]}]}"#;
//! let (engine, _warnings) = Engine::from_document(&serde_json::from_str(rulebook)?)?;
//! let world = engine.bind_facts(&Facts::new())?;
//!
//! let kim = Customer::new("kim").tag("tea").consent("mail", true);
//! let decision = engine.bind(&kim, &[], &world)?.decide("2026-03-02T22:30:00+01:00".parse()?);
//! assert_eq!(decision.outcome(), Outcome::Wait);
//! assert_eq!(decision.until(), Some("2026-03-03T09:00:00+01:00".parse()?));
//! assert_eq!(decision.reasons()[0].rule(), Some("house/night"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | to | read |
//! |---|---|
//! | see it work, step by step | [`guide::tour`] |
//! | find how a practice is written | [`guide::cookbook`] |
//! | write a rulebook | [`guide::rulebook`], or [`Rulebook::new`] to build one in Rust |
//! | take limits, laws and styles that are ready | [`guide::presets`] |
//! | know how decisions are made | [`guide::semantics`] |
//! | store, deliver, retry, move over | [`guide::host`] |
//! | see a month before it is sent | [`guide::simulation`], [`Engine::simulation`] |
//! | test a rulebook by cases in files | [`guide::cases`], [`cases`] |
//! | check, lint and compare rulebooks in CI | [`guide::trust`], [`lints`], [`differences`], [`counterfactuals`]; `testing` and `schema` are features |
//! | measure what came of it, and let rules read it | [`measures`] |
//! | find the words of another platform | [`guide::comparing`] |
//! | ask | [`Engine::bind`], then [`Bound::decide`], [`Bound::agenda`], [`Bound::planned`], [`Bound::explain`], [`Bound::confirm`] |
//! | count or list audiences | [`Engine::population`], then [`Population::counts`] or [`Population::audiences`] |
//! | change one campaign | [`Engine::with_campaign`], [`Engine::without_campaign`] |
//! | read an answer | [`Decision`], [`Agenda`], [`Touch`], [`Reason`]; [`Decision::sentences`] for people |
//!
//! # What it promises
//!
//! 1. In doubt, silence: a value that is missing never turns a no into a yes, unless a `present` test reads it.
//! 2. The same question gets the same answer, byte for byte, in any order of input. There is no clock, randomness,
//!    input, output or global state here, and asking cannot fail.
//! 3. Every no has a name, and the instant at which it frees.
//! 4. Mistakes are found when the rulebook is compiled, all at once, each with a path.
//!
//! # What it does not do
//!
//! It does not send, store, wait or render. It predicts nothing. A decision sees one customer, and knows of the others
//! only what the host tells it as a fact. It keeps the rules that a house writes; whether the law asks for more it cannot
//! know.

#![forbid(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::todo,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a test that fails may panic"
    )
)]

mod asked;
pub mod cases;
mod checked;
mod clock;
mod compiled;
pub mod counterfactuals;
pub mod differences;
pub mod lints;
pub mod measures;
mod population;
mod presets;
mod said;
#[cfg(feature = "schema")]
pub mod schema;
mod simulation;
#[cfg(feature = "testing")]
pub mod testing;
mod witness;
mod written;

pub mod guide;

/// The README's code, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;

pub use chrono;
pub use chrono_tz;

pub use asked::decision::{
    Agenda, Decision, Explained, Explanation, HeldOut, Key, Outcome, ReadValue, Reason, ReasonCode, Touch,
};
pub use asked::{
    bound::{Bound, BoundFacts},
    horizon::HistoryHorizon,
    tags::DerivedTag,
};
pub use checked::{
    input_error::InputError,
    limits::Limits,
    problem::{Code, Problem, Problems, Warning, WarningCode},
};
pub use compiled::engine::Engine;
pub use population::{
    Population,
    audience::{Audience, AudienceCount, Audiences},
    builder::PopulationBuilder,
};
pub use presets::{Confidence, Preset, PresetSource};
pub use said::{
    language::{Language, LanguageError, ListWords, ReasonTemplates, Templates},
    template::Template,
    what_if::WhatIfTemplates,
};
pub use simulation::{Draw, Reaction, Simulated, SimulatedCustomer, SimulatedDay, Simulation, World};
pub use written::{
    calendar::{
        CalendarPeriod, ClockWindow, LocalDateTime, LocalTime, ParseTimeError, UnknownTimeZone, Weekday, Zone,
    },
    campaign::{BestIn, Campaign, Patience, Repeat, Score, ScoreAdd, Timing, Value},
    compare::{Compare, CompareElapsed},
    condition::{
        Condition, ElapsedTest, FactKey, FactRef, Literal, Operand, PurchaseMeasure, Reference, Status, Test,
        TouchFilter,
    },
    customer::{Customer, HeldTag, Purchase},
    document::Document,
    duration::{Duration, ParseDurationError},
    facts::{Case, FactValue, Facts},
    history::{HistoryEntry, Response},
    percent::{Percent, PercentError},
    policy::{PolicySource, TouchPolicy},
    rule::{AtMost, Cap, Effect, GroupedBy, Hold, Holdout, Per, Prefer, Quiet, React, ReactTo, Rule},
    rulebook::{Channel, ChannelConsent, FactDeclaration, Purpose, Rulebook, ValueType},
    schedule::{Between, Cycle, Schedule, Wave},
    scope::{Counting, Scope},
    tag::Tag,
    variant::{Arm, Field, FieldSource, Style, Variant},
};
