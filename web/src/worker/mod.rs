//! The planner in a Web Worker: the same wasm binary, started a second time.
//!
//! `protocol` is what the two sides say to each other (JSON strings: the data are free-form), `engine`
//! answers (a pure struct, it knows no browser), `scope` runs inside the worker, `planner` is the page's
//! handle. The worker is replaced when it dies or hangs; typing never waits for it.

mod engine;
mod later;
mod planner;
mod protocol;
mod scope;

pub(crate) use engine::{Case, Staged};
pub use planner::{Loaded, Planner};
pub use protocol::{Question, Rows};
pub use scope::{is_worker, run};
