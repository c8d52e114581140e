//! The steppe agent: Nomad's HTTP API, durable state and task drivers in one process.

pub mod config;
