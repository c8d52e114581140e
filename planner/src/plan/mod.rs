//! The plan: what a job would do to the cluster, and why it would not do it elsewhere.
//!
//! The effects (placements, stops, updates) name everything that execution needs: node, ports, devices,
//! volumes. IDs and times are given at commit. The report keeps every failing check of every node.
//! These types are plain data; the scheduler fills them, pages and command lines draw them.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/concepts/scheduling/scheduling>

mod apply;
mod check;
mod digest;
mod effects;
mod report;
pub mod text;

pub use apply::{apply, carry_out};
pub use check::check;
pub use digest::digest;
pub use effects::*;
pub use report::*;
