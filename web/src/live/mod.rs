//! The line to the agent: what the cluster looks like now, and how to ask for more.
//!
//! One WebSocket tells that something changed (many tabs may hold one each; browsers count them apart
//! from the six connections a host gets); the snapshot then comes as a delta by one request at a time.
//! Nothing here asks on a timer: a clock only spaces out the attempts to reconnect. What the data mean
//! is the pages' business, planning is the worker's.

mod bus;
mod cluster;
mod connection;
pub mod http;
mod message;
mod provider;
mod remote;
mod socket;
pub mod stream;
mod token;

pub use bus::Bus;
pub use cluster::{Cluster, JobCounts, newest_first};
pub use message::{Change, Link};
pub use provider::{Live, LiveProvider, LiveProviderProps, use_live};
pub use remote::{Remote, use_remote};
