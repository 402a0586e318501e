//! How instants are read on a wall clock: offsets, days and calendar periods of a zone.

pub(crate) mod instant;
pub(crate) mod wall;
pub(crate) mod zone;
