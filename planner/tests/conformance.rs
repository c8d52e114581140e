//! Compares the planner with what Nomad did: one line a case, a summary, and names that must go on passing.
//!
//! `cargo test -p steppe-planner --test conformance [-- NAME]` runs the cases whose name contains NAME (`parse/NAME`, `plan/NAME`).
//! `UPDATE=1` rewrites the ratchet files; `STEPPE_CONFORMANCE=<dir>` takes another directory of the same form.
#![allow(clippy::disallowed_methods, reason = "the cases are files")]

#[path = "conformance/case.rs"]
mod case;
#[path = "conformance/input.rs"]
mod input;
#[path = "conformance/parse.rs"]
mod parse;
#[path = "conformance/plan.rs"]
mod plan;
#[path = "conformance/rules.rs"]
mod rules;
#[path = "conformance/shown.rs"]
mod shown;
#[path = "conformance/text.rs"]
mod text;

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut filters = Vec::new();
    let mut quiet = false;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            // Asked by tools that list tests; there is nothing they could run one by one.
            "--list" => return ExitCode::SUCCESS,
            "-q" | "--quiet" => quiet = true,
            flag if flag.starts_with('-') => {}
            name => filters.push(name.to_owned()),
        }
    }
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let given = std::env::var_os("STEPPE_CONFORMANCE").map(PathBuf::from);
    let run = case::Run {
        root: given.clone().unwrap_or_else(|| own.clone()),
        filters,
        quiet,
        ratchet: given.is_none(),
    };
    let mut good = true;
    good &= run.suite("parse", parse::check);
    good &= run.suite("plan", plan::check);
    good &= run.suite_of("diff", "plan", shown::check_diff);
    good &= run.suite_of("text", "plan", shown::check_text);
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
