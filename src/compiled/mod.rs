//! What a rulebook compiles into: numbers for names, typed values for literals.

pub(crate) mod bits;
pub(crate) mod campaign;
pub(crate) mod campaigns;
mod compile;
pub(crate) mod condition;
pub(crate) mod engine;
pub(crate) mod fields;
mod fingerprint;
pub(crate) mod index;
pub(crate) mod occurrence;
pub(crate) mod reads;
mod resolve;
pub(crate) mod rule;
pub(crate) mod rules;
pub(crate) mod scalar;
pub(crate) mod symbols;
mod update;
