//! Decisions as sentences, from templates that are data, so that a host can add its own language.

mod chinese;
mod clock;
mod english;
pub(crate) mod language;
mod layout;
mod sentences;
pub(crate) mod template;
pub(crate) mod what_if;
