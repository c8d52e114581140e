//! The planner as a Node module: what the wasm smoke test and the comparison with native run.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::shell::{self, Step, root};
use crate::wasm::{self, Form};

/// Builds `target/planner-node/steppe_planner.js` with its wasm and TypeScript types.
pub(crate) fn build() -> Result<PathBuf> {
    let step = Step::start("building the planner for Node");
    let mut cargo = wasm::toolchain()?.cargo("rustc", Form::Small)?;
    cargo.args(["--locked", "--package", "steppe-planner", "--lib", "--features", "wasm"]).args([
        "--crate-type",
        "cdylib",
        "--profile",
        "web",
    ]);
    shell::run(&mut cargo)?;
    let out = root().join("target/planner-node");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir_all(&out)?;
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    bindgen
        .input_path(wasm::out_dir(Form::Small, "web").join("steppe_planner.wasm"))
        .nodejs(true)?
        .typescript(true);
    bindgen.generate(&out).context("wasm-bindgen")?;
    step.done("");
    Ok(out)
}
