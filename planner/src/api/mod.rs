//! Nomad's JSON documents, one file a noun.
//!
//! Field names are Nomad's on the wire (PascalCase) and their snake-case form in Rust. A field is an
//! `Option` where "absent" differs from the zero value. The same types serve a job as written (before
//! defaults) and as registered (after `canonicalize`). Nothing here decides anything.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/api-docs>

mod allocation;
mod deployment;
mod evaluation;
mod group;
mod host;
mod job;
mod metric;
mod network;
mod node;
mod same;
mod scheduler_config;
mod service;
mod stubs;
mod task;

pub use allocation::*;
pub use deployment::*;
pub use evaluation::*;
pub use group::*;
pub use host::*;
pub use job::*;
pub use metric::*;
pub use network::*;
pub use node::*;
pub use same::same_document;
pub use scheduler_config::*;
pub use service::*;
pub use stubs::*;
pub use task::*;

pub use crate::map::Map;

/// Free-form JSON: driver configuration and the blocks that the planner carries without weighing.
pub type Value = serde_json::Value;
/// An ordered text map such as `Meta` or `Env`.
pub type TextMap = Map<String>;
/// A span of time in nanoseconds, as Go writes a `time.Duration`.
pub type Nanos = i64;
