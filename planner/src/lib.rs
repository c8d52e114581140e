//! Steppe's planner: reads Nomad job files and says where each allocation would land, and why not elsewhere.
//!
//! A pure library: no files, sockets, clock, randomness, threads or logging. The browser preview, the
//! agent's scheduler, the command line and the JavaScript package call the same functions.
//!
//! One way through: text → [`parse`] → [`api::Job`] → [`canonicalize`] → [`validate`] → [`plan`]. Who shows findings
//! asks [`review`], which goes it as far as the plan and adds what [`lint`] finds.
// wasm-bindgen writes the one unsafe part there is.
#![cfg_attr(not(feature = "wasm"), forbid(unsafe_code))]
#![warn(clippy::disallowed_methods, clippy::disallowed_types, reason = "the planner is pure")]

// The derives name this crate as others do.
extern crate self as steppe_planner;

pub mod answer;
pub mod api;
mod canonical_json;
pub mod canonicalize;
mod decimal;
pub mod diagnostic;
pub mod diff;
mod duration;
mod hash;
pub mod jobspec;
pub mod known;
pub mod lint;
mod map;
pub mod model;
mod order;
pub mod plan;
pub mod quote;
pub mod record;
pub mod review;
pub mod scheduler;
pub mod semantics;
pub mod snapshot;
pub mod suggest;
pub mod validate;
#[cfg(feature = "wasm")]
pub mod wasm;
pub mod whatif;
pub mod wire;

pub use canonicalize::canonicalize;
pub use diff::diff;
pub use jobspec::{Named, ParseOptions, Parsed, parse, parse_plain};
pub use known::Known;
pub use lint::lint;
pub use map::Map;
pub use review::{Reviewed, review, review_plain};
pub use scheduler::{PlanOptions, Planned, outline, plan};
pub use suggest::suggest;
pub use validate::validate;
