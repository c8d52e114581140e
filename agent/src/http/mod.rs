//! Nomad's HTTP API over the store, with Steppe's own under `/v1/steppe/`.
//!
//! Handlers translate: they read the store or call the server, and write Nomad's documents, headers and
//! error texts. They decide nothing about scheduling.

mod app;
mod client_access;
mod router;

pub use app::App;
pub use client_access::{ClientAccess, ClientError, NoClient};
pub use router::router;
