//! A month of a rulebook, before anything is sent.

pub mod calendar;
pub mod plots;
pub mod report;
pub mod sample;
