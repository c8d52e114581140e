//! The steppe agent: Nomad's HTTP API, durable state and task drivers in one process.

pub mod cli;
pub mod client;
pub mod clock;
pub mod config;
mod data_dir;
pub mod driver;
pub mod duration;
pub mod http;
pub mod ids;
pub mod running;
pub mod server;
pub mod state;
