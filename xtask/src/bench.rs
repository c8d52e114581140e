//! `cargo xtask bench`: what a user feels, as numbers.

use anyhow::Result;

use crate::packages::{self, BROWSER, NODE};
use crate::shell::{self, clean};
use crate::{page, planner_bench, run};

/// Prints the size of the first load, the time from keystroke to drawn preview, and what the planner takes of it.
pub(crate) fn bench() -> Result<()> {
    packages::ensure_all(&[&NODE, &BROWSER])?;
    let dist = page::build(false)?;
    println!("{}", page::first_load(&dist)?);
    let steppe = run::agent()?;
    let mut cargo = clean("cargo");
    cargo.args(["run", "--locked", "-p", "steppe-tests", "--bin", "keystroke"]);
    shell::run(cargo.env("STEPPE_BIN", steppe))?;
    planner_bench::run()
}
