//! Witnesses: customers that are thought up, so that what is said of a rulebook can be shown by running the engine.
//!
//! A [`Question`](question::Question) asks whether conditions of a rulebook can have some truth values together. It takes
//! apart what they read into variables, each with one value for every way in which the conditions could tell it apart from
//! others, and goes through them. So "never" is a proof, as far as each variable has all such values and is free of the
//! others; a model is only a proposal, which a [`sketch`](sketch::sketch) makes a case of and the engine is asked about.

pub(crate) mod domain;
pub(crate) mod draw;
pub(crate) mod question;
pub(crate) mod reach;
pub(crate) mod sketch;
pub(crate) mod truths;
pub(crate) mod variable;
pub(crate) mod vocabulary;
