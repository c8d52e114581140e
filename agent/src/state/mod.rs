//! The store: everything the agent must not lose, in SQLite, with a copy in memory for reading.
//!
//! One index counts every write. A write is one [`Txn`]: it becomes durable, then visible, then
//! announced, in this order. Readers take [`Store::read`] for a moment and never wait for the disk.
//! Server and client meet only here: the server writes what is desired, the client what it observes.
//! Nothing here decides what should run.

mod changes;
mod client_writes;
mod commit_plan;
mod document;
mod record;
mod schema;
mod server_writes;
mod status;
mod store;
mod tables;
#[cfg(test)]
mod tests;
mod txn;

pub use changes::{Change, Changes, Topic};
pub use client_writes::AllocUpdate;
pub use commit_plan::Committed;
pub use record::{AllocRecord, JobKey, JobSource, VersionKey};
pub use server_writes::{NewEval, Registered};
pub use status::{job_status, job_summary};
pub use store::{StateError, Store};
pub use tables::{State, Table};
pub use txn::Txn;
