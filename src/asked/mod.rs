//! The answers.

mod answer;
pub(crate) mod bound;
mod cap;
mod confirm;
pub(crate) mod decision;
mod departure;
mod explain;
mod gate;
pub(crate) mod horizon;
pub(crate) mod identity;
pub(crate) mod lane;
mod many;
mod matching;
mod occurrence;
mod plan;
mod reaction;
mod reserve;
mod spent;
pub(crate) mod tags;
mod tally;
mod truth;
mod variant;
pub(crate) mod view;
mod weight;
mod window;
