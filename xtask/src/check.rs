//! `cargo xtask test`: everything that must hold, counted from what the test harnesses print.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::engine::Engine;
use crate::packages::{self, BROWSER, DOCKER, IMAGES, NODE};
use crate::shell::{self, Step, clean};
use crate::wasm::{self, Form};
use crate::{page, planner_node, ports, run};

/// The workshop's MySQL listens here, on the host.
const MYSQL_PORT: u16 = 3306;

/// Tests passed and failed, and the names of what failed.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    passed: u64,
    failed: u64,
    failures: Vec<String>,
}

/// Installs what `test` needs.
pub(crate) fn setup(fast: bool) -> Result<()> {
    wasm::toolchain()?;
    if fast {
        return packages::ensure_all(&[&NODE]);
    }
    packages::ensure_all(&[&NODE, &BROWSER, &DOCKER, &IMAGES])
}

/// Runs everything, keeps going after a failure, and ends with one line of numbers.
pub(crate) fn test(fast: bool) -> Result<()> {
    setup(fast)?;
    let mut tally = Tally::default();
    tally.step("formatting", clean("cargo").args(["fmt", "--all", "--check"]));
    let mut clippy = clean("cargo");
    clippy.args(["clippy", "--locked", "--all-targets", "--", "-Dwarnings"]);
    tally.step("clippy, native", &mut clippy);
    let mut clippy = wasm::toolchain()?.cargo("clippy", Form::Small)?;
    clippy.args(["--locked", "-p", "steppe-web", "-p", "steppe-planner"]);
    clippy.args(["--features", "steppe-planner/wasm", "--", "-Dwarnings"]);
    tally.step("clippy, wasm", &mut clippy);
    tally.result("planner for Node", planner_node::build());
    let mut cargo = clean("cargo");
    cargo.args(["test", "--locked", "--no-fail-fast", "--workspace"]);
    cargo.args(["--exclude", "steppe-tests"]);
    tally.tests("planner, agent, page and xtask tests", &mut cargo);
    if fast {
        let mut cargo = clean("cargo");
        cargo.args(["test", "--locked", "-p", "steppe-tests", "--test", "wasm"]);
        tally.tests("native and wasm agree", &mut cargo);
    } else {
        end_to_end(&mut tally)?;
    }
    for failure in &tally.failures {
        println!("failed: {failure}");
    }
    println!("{} passed, {} failed", tally.passed, tally.failed);
    if tally.failed > 0 {
        std::process::exit(1);
    }
    Ok(())
}

fn end_to_end(tally: &mut Tally) -> Result<()> {
    ports::ensure_free(MYSQL_PORT, "the workshop's MySQL")?;
    let built = page::build(false).and_then(|_| run::agent());
    let Some(steppe) = tally.result("page and agent", built) else { return Ok(()) };
    let engine = Engine::ensure()?;
    tally.tests("end to end", &mut end_to_end_tests(&steppe));
    drop(engine);
    Ok(())
}

/// The end-to-end tests, one at a time: they share a Docker engine and port 3306.
fn end_to_end_tests(steppe: &Path) -> Command {
    let mut cargo = clean("cargo");
    cargo.args(["test", "--locked", "--no-fail-fast", "-p", "steppe-tests"]);
    cargo.args(["--", "--test-threads=1"]).env("STEPPE_BIN", steppe);
    cargo
}

impl Tally {
    /// A step that either holds or not, without tests of its own.
    fn step(&mut self, name: &str, command: &mut Command) {
        let step = Step::start(name);
        if let Some(()) = self.result(name, shell::run(command)) {
            step.done("");
        }
    }

    fn result<T>(&mut self, name: &str, result: Result<T>) -> Option<T> {
        result
            .inspect_err(|error| {
                eprintln!("{error:#}");
                self.failed += 1;
                self.failures.push(name.to_owned());
            })
            .ok()
    }

    /// A `cargo test`, shown as it runs and counted from its own summaries.
    fn tests(&mut self, name: &str, command: &mut Command) {
        let step = Step::start(name);
        let failed_before = self.failed;
        let ended_well = self.stream(command);
        let ok = match ended_well {
            Ok(ok) => ok,
            Err(error) => {
                eprintln!("{error:#}");
                false
            }
        };
        if !ok && self.failed == failed_before {
            // It did not come as far as a test: a compile error, or a crash of the harness.
            self.failed += 1;
            self.failures.push(name.to_owned());
        }
        step.done(&format!("{} passed, {} failed so far", self.passed, self.failed));
    }

    fn stream(&mut self, command: &mut Command) -> Result<bool> {
        let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start cargo")?;
        let out = child.stdout.take().context("standard output is piped")?;
        for line in BufReader::new(out).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            self.read(&line);
        }
        Ok(child.wait()?.success())
    }

    /// Takes in one line of a test harness.
    fn read(&mut self, line: &str) {
        if let Some(name) = line.strip_prefix("test ").and_then(|l| l.strip_suffix(" ... FAILED")) {
            self.failures.push(name.to_owned());
        }
        let Some(summary) = line.strip_prefix("test result: ") else { return };
        for part in summary.split([';', '.']) {
            match part.trim().split_once(' ') {
                Some((n, "passed")) => self.passed += n.parse().unwrap_or(0),
                Some((n, "failed")) => self.failed += n.parse().unwrap_or(0),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_are_added_up() {
        let mut tally = Tally::default();
        for line in [
            "test a::b ... ok",
            "test a::c ... FAILED",
            "test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; \
             finished in 0.00s",
            "test result: ok. 40 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1s",
        ] {
            tally.read(line);
        }
        assert_eq!(tally, Tally { passed: 41, failed: 1, failures: vec!["a::c".into()] });
    }

    #[test]
    fn a_command_that_fails_without_a_test_counts_as_one_failure() {
        let mut tally = Tally::default();
        tally.tests("broken", &mut Command::new("false"));
        assert_eq!((tally.passed, tally.failed), (0, 1));
        assert_eq!(tally.failures, ["broken"]);
    }
}
