//! Nomad's HTTP API over the store, with Steppe's own under `/v1/steppe/`.
//!
//! Handlers translate: they read the store or call the server, and write Nomad's documents, headers and
//! error texts. They decide nothing about scheduling.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/api-docs>

mod agent;
mod alloc_dir;
mod allocs;
mod answer;
mod app;
mod assets;
mod blocking;
mod body;
mod client_access;
mod client_alloc;
mod deployments;
mod error;
mod evals;
mod event_stream;
mod fs;
mod fs_stream;
mod guard;
mod job;
mod job_path;
mod jobs;
mod live;
mod nodes;
mod operator;
mod params;
mod prefix;
mod router;
mod search;
mod steppe;
mod stubs;

pub use app::App;
pub use client_access::{ClientAccess, ClientError, NoClient};
pub use router::router;
