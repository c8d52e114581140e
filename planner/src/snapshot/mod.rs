//! The cluster as data: everything a plan may look at, and nothing else.
//!
//! A `Document` is what travels (agent to page, file to command line): Nomad's own API documents plus
//! hosts, an index and the time. A `Snapshot` is the same compiled for planning. The clock is a field.

mod document;

pub use document::{DOCUMENT_VERSION, Document, Removed, Snapshot, SnapshotError, job_key};
