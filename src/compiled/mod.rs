//! What a rulebook compiles into: numbers for names, typed values for literals.

pub(crate) mod campaign;
pub(crate) mod condition;
pub(crate) mod engine;
mod fingerprint;
mod resolve;
pub(crate) mod rule;
pub(crate) mod scalar;
pub(crate) mod symbols;
