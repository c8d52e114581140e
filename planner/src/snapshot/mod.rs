//! The cluster as data: everything a plan may look at, and nothing else.
//!
//! A `Document` is what travels (agent to page, file to command line): Nomad's own API documents plus
//! hosts, an index and the time. A `Snapshot` is the same compiled for planning. The clock is a field.

mod cluster;
mod columns;
mod compile_alloc;
mod compile_node;
mod document;
mod ports;
pub mod time;
mod volumes;

pub use cluster::Cluster;
pub use columns::{Column, Fact, NO_VALUE, READ_ONLY, YES};
pub use document::{DOCUMENT_VERSION, Document, Removed, Snapshot, SnapshotError, job_key};
pub use ports::{PortBook, PortHolder, PortRoom};
pub use volumes::CsiVolume;
