//! `cargo xtask run`: page and agent in release, started.

use std::path::PathBuf;

use anyhow::Result;

use crate::shell::{self, Step, clean, root};
use crate::{page, ports};

/// Where the agent listens when nothing else is asked.
const AGENT_PORT: u16 = 4646;

/// Builds everything and becomes the agent until it ends.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let args = args.strip_prefix(&["--".to_owned()]).unwrap_or(args);
    if args.is_empty() {
        // Better now than after minutes of building.
        ports::ensure_free(AGENT_PORT, "the agent's page and API")?;
    }
    page::build(false)?;
    let steppe = agent()?;
    if args.is_empty() {
        eprintln!("\nSteppe: http://127.0.0.1:{AGENT_PORT}  (Ctrl-C ends it)\n");
    }
    shell::run(clean(steppe).arg("agent").args(args))
}

/// Builds the release agent with the page of `target/dist` inside.
pub(crate) fn agent() -> Result<PathBuf> {
    let step = Step::start("building the agent");
    shell::run(clean("cargo").args([
        "build",
        "--locked",
        "--release",
        "--package",
        "steppe-agent",
    ]))?;
    step.done("");
    Ok(root().join("target/release/steppe"))
}
