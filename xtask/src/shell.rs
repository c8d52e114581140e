//! Child processes: how they are started, shown and judged.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

/// The top folder of the project.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// A command without what the outer `cargo run` and rustup put into the environment: a nested cargo of
/// another toolchain would take it for its own.
pub(crate) fn clean(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (key, _) in env::vars_os() {
        let name = key.to_string_lossy();
        let foreign = name.starts_with("CARGO_PKG_")
            || name.starts_with("CARGO_CFG_")
            || name.starts_with("CARGO_MANIFEST_")
            || matches!(
                &*name,
                "CARGO"
                    | "RUSTC"
                    | "RUSTDOC"
                    | "RUSTUP_TOOLCHAIN"
                    | "RUST_RECURSION_COUNT"
                    | "LD_LIBRARY_PATH"
                    | "OUT_DIR"
            );
        if foreign {
            command.env_remove(&key);
        }
    }
    command.current_dir(root());
    command
}

/// Runs to the end with its output shown; a failure names the command.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let text = line(command);
    let status = command.status().with_context(|| format!("cannot start {text}"))?;
    ensure!(status.success(), "{text} failed ({status})");
    Ok(())
}

/// Standard output of a command that must succeed.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let text = line(command);
    let out = command.output().with_context(|| format!("cannot start {text}"))?;
    let errors = String::from_utf8_lossy(&out.stderr);
    ensure!(out.status.success(), "{text} failed ({}): {}", out.status, errors.trim());
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

/// The command as one would type it.
pub(crate) fn line(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|a| a.to_string_lossy().into_owned()));
    words.join(" ")
}

/// Where a program of that name lies, as the shell would find it; `/usr/sbin` is looked at too because
/// it is not on everybody's path.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(["/usr/sbin".into(), "/sbin".into(), "/usr/local/sbin".into()])
        .map(|dir| dir.join(program))
        .find(|file| file.is_file())
}

/// A headline of a long step, with the time it took when it ends.
pub(crate) struct Step {
    name: String,
    start: Instant,
}

impl Step {
    pub(crate) fn start(name: impl Into<String>) -> Step {
        let name = name.into();
        eprintln!("==> {name}");
        Step { name, start: Instant::now() }
    }

    pub(crate) fn done(self, note: &str) {
        let seconds = self.start.elapsed().as_secs_f32();
        let dash = if note.is_empty() { "" } else { ": " };
        eprintln!("    {} done in {seconds:.1} s{dash}{note}", self.name);
    }
}
