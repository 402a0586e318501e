//! Guides: how to write rulebooks, how decisions are made, what a host does.

#[doc = include_str!("rulebook.md")]
pub mod rulebook {}

#[doc = include_str!("semantics.md")]
pub mod semantics {}

#[doc = include_str!("host.md")]
pub mod host {}
