//! `cargo xtask`: builds the page, runs the agent, checks everything.
//!
//! It decides how the pieces are put together and what a machine needs for it; it knows nothing of jobs
//! or nodes. One file a concern: `wasm` the toolchain, `page` the pipeline, `packages` the machine,
//! `engine` Docker, `ports` who holds what, `check` the whole test run.

mod bench;
mod check;
mod editor;
mod engine;
mod glue;
mod packages;
mod page;
mod planner_bench;
mod planner_node;
mod ports;
mod run;
mod shell;
mod split;
mod wasm;

use anyhow::{Result, bail};

const USAGE: &str = "\
Builds, runs and checks Steppe.

Usage: cargo xtask <command>

  run [-- AGENT ARGS]   build the page and the agent in release, start it, print its address
  build [--dev]         build the page into target/dist (--dev: quick to build, big, uncompressed)
  test [--fast]         install what is missing, then format, clippy, tidy and every test
                        (--fast leaves out the browser and Docker)
  bench                 measure keystroke to preview in the browser, and the size of the first load
  setup [--fast]        only install what `test` needs
  wasm <cargo args>     any cargo command for wasm32, e.g. `cargo xtask wasm check -p steppe-web`
  planner-node          build the planner for Node into target/planner-node

Environment:
  STEPPE_WASM_TOOLCHAIN auto (default), rustup or debian: where the wasm32 standard library comes from.
                        auto takes the target if rustup has it, else asks rustup for it, else takes
                        Debian's packages (rustc-web) with a private sysroot under target/.
";

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((command, rest)) = args.split_first() else {
        eprint!("{USAGE}");
        std::process::exit(2);
    };
    match command.as_str() {
        "run" => run::run(rest),
        "build" => page::build(flag(rest, "--dev")?).map(|_| ()),
        "test" => check::test(flag(rest, "--fast")?),
        "bench" => bench::bench(),
        "setup" => check::setup(flag(rest, "--fast")?),
        "wasm" => wasm::pass_through(rest),
        "planner-node" => planner_node::build().map(|_| ()),
        "help" | "--help" | "-h" => {
            eprint!("{USAGE}");
            Ok(())
        }
        other => bail!("unknown command {other:?}\n\n{USAGE}"),
    }
}

/// The only flag a command takes: set or not, anything else is an error.
fn flag(args: &[String], name: &str) -> Result<bool> {
    match args {
        [] => Ok(false),
        [one] if one == name => Ok(true),
        _ => bail!("unexpected arguments {args:?}\n\n{USAGE}"),
    }
}
