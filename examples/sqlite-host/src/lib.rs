//! A host of `tactful`, to copy from. Read [`worker`] first.

pub mod platform;
pub mod rulebook;
pub mod sample;
pub mod store;
pub mod worker;

pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
