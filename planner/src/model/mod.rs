//! What scheduling needs, compiled from the documents once: numbers, enums, interned text.
//!
//! Nothing here knows JSON; `compile` reads the documents, everything else is plain data for the scheduler.

mod allocation;
mod change;
mod compare;
mod compile;
mod condition;
mod job;
mod node;
mod quantity;
mod resources;
mod symbols;
mod version;

pub use allocation::*;
pub use change::{destructive_change, same_specification};
pub use compile::{compile_job, job_symbol};
pub use condition::*;
pub use job::*;
pub use node::*;
pub use quantity::*;
pub use resources::*;
pub use symbols::*;
