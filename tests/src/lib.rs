//! What the end-to-end tests stand on: the real agent, a real Docker engine with images made on the spot,
//! a real Chromium, the real MariaDB client.
//!
//! `cargo xtask test` installs and builds all of that first; a test started by hand uses what is there and
//! says what is missing. Every wait polls and names what it waits for.

pub mod agent;
pub mod api;
pub mod browser;
pub mod docker;
pub mod images;
pub mod mysql;
pub mod page;
pub mod random;
pub mod registry;
pub mod throttle;
pub mod wait;
pub mod workshop;

use std::path::{Path, PathBuf};

/// The top folder of the project.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Where tests leave what is worth keeping between runs (root file systems, data directories).
pub fn scratch() -> PathBuf {
    root().join("target/e2e")
}
