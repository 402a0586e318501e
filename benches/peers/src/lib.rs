//! tactful beside what one would use instead, over one workload.

mod audience;
mod check;
mod contenders;
mod engines;
mod index;
mod live_bytes;
mod measure;
mod plain;
mod population;
mod report;
#[path = "../../workload/mod.rs"]
mod workload;

pub use contenders::compare;
pub use population::write as write_population;
