//! What a house writes: the rulebook's nouns, plain data that can be built in Rust or read from any serde format.

pub(crate) mod as_document;
pub(crate) mod calendar;
pub(crate) mod campaign;
pub(crate) mod cap;
pub(crate) mod compare;
pub(crate) mod condition;
pub(crate) mod customer;
pub(crate) mod document;
pub(crate) mod duration;
pub(crate) mod facts;
pub(crate) mod history;
pub(crate) mod literal;
pub(crate) mod percent;
pub(crate) mod policy;
pub(crate) mod rule;
pub(crate) mod rulebook;
pub(crate) mod schedule;
pub(crate) mod scope;
pub(crate) mod tag;
pub(crate) mod variant;
