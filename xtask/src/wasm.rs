//! Which toolchain compiles for wasm32, and how it is called.
//!
//! rustup has the target ready-made. Debian's rustc-web has not: its standard library is built once from
//! rust-web-src into a private sysroot under `target/`, and from then on it is used like any other. Since it
//! is built here anyway, it is built small for the page that is shipped: a panic there ends the program
//! without a word. The planner is a function, so what made it panic does so natively, with all words.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};

use crate::packages::{self, RUST_WEB};
use crate::shell::{self, Step, clean, root};

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// How long `rustup target add` may take before the next way is tried.
const RUSTUP_PATIENCE: Duration = Duration::from_secs(180);

/// Empty but for its profile: what the standard library is built with.
const STD_MANIFEST: &str = "\
[package]
name = \"wasm-std\"
version = \"0.0.0\"
edition = \"2024\"
[workspace]
[profile.release]
codegen-units = 1
";

/// What the page is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// To be shipped: as small as can be.
    Small,
    /// To be worked on: panics say what is wrong.
    Plain,
}

/// Compiler flags of the small form; some want `RUSTC_BOOTSTRAP`. Together they are a tenth of the page: no
/// code for panics, no `Debug`, and moves of more than eight bytes by the one instruction for it.
const SMALL: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none \
     -Zfmt-debug=none -Cllvm-args=--max-store-memcpy=1";

impl Form {
    fn flags(self) -> &'static str {
        match self {
            Form::Small => SMALL,
            Form::Plain => "-Cpanic=abort",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// The `cargo` on the path has the target.
    Rustup,
    /// Debian's, with sysroots made here.
    Debian { linker: PathBuf },
}

/// Finds or installs the toolchain that `STEPPE_WASM_TOOLCHAIN` asks for.
pub(crate) fn toolchain() -> Result<Toolchain> {
    let wish = env::var("STEPPE_WASM_TOOLCHAIN").unwrap_or_else(|_| "auto".into());
    match wish.as_str() {
        "debian" => debian(),
        "rustup" => {
            ensure!(
                has_target() || add_target(),
                "this toolchain lacks {TARGET} and `rustup target add {TARGET}` did not bring it"
            );
            Ok(Toolchain::Rustup)
        }
        "auto" if has_target() => Ok(Toolchain::Rustup),
        "auto" if sysroot(Form::Small).is_ok_and(|s| library(&s).exists()) => debian(),
        "auto" if add_target() => Ok(Toolchain::Rustup),
        "auto" => debian().context(
            "no standard library for wasm32: neither rustup nor Debian's packages could bring it",
        ),
        other => bail!("STEPPE_WASM_TOOLCHAIN is auto, rustup or debian, not {other:?}"),
    }
}

impl Toolchain {
    /// A cargo that compiles for wasm32 into `target/wasm`; the caller adds what it shall do.
    pub(crate) fn cargo(&self, verb: &str, form: Form) -> Result<Command> {
        let mut command = match self {
            Toolchain::Rustup => clean("cargo"),
            Toolchain::Debian { linker } => {
                let sysroot = sysroot(form)?;
                if !library(&sysroot).exists() {
                    build_std(&sysroot, form)?;
                }
                let flags = format!(
                    "--sysroot={} -Clinker={} -Clinker-flavor=wasm-ld {}",
                    sysroot.display(),
                    linker.display(),
                    form.flags()
                );
                let mut command = debian_cargo();
                command
                    .env("RUSTDOC", "/usr/bin/rustdoc")
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags)
                    // cargo looks for cargo-clippy and clippy-driver here first; rustup's would refuse
                    // a standard library that another compiler made.
                    .env("PATH", debian_path());
                command
            }
        };
        command.arg(verb).args(["--target", TARGET, "--target-dir"]).arg(target_dir(form));
        Ok(command)
    }
}

fn target_dir(form: Form) -> PathBuf {
    root().join(match form {
        Form::Small => "target/wasm",
        Form::Plain => "target/wasm-plain",
    })
}

/// The folder of a profile's wasm files.
pub(crate) fn out_dir(form: Form, profile: &str) -> PathBuf {
    target_dir(form).join(TARGET).join(if profile == "dev" { "debug" } else { profile })
}

/// `cargo xtask wasm <cargo args>`.
pub(crate) fn pass_through(args: &[String]) -> Result<()> {
    let Some((verb, rest)) = args.split_first() else {
        bail!("which cargo command? e.g. cargo xtask wasm check -p steppe-web");
    };
    shell::run(toolchain()?.cargo(verb, Form::Plain)?.args(rest))
}

/// True if the `rustc` on the path can compile for wasm32.
fn has_target() -> bool {
    let query = clean("rustc").args(["--print", "target-libdir", "--target", TARGET]).output();
    let Ok(out) = query else { return false };
    let dir = PathBuf::from(String::from_utf8_lossy(&out.stdout).trim());
    fs::read_dir(dir).is_ok_and(|files| {
        files.flatten().any(|f| f.file_name().to_string_lossy().starts_with("libcore-"))
    })
}

/// Asks rustup for the target; false if there is no rustup, no network, or it takes too long.
fn add_target() -> bool {
    let step = Step::start(format!("rustup target add {TARGET}"));
    let child = clean("rustup").args(["target", "add", TARGET]).stdin(Stdio::null()).spawn();
    let Ok(mut child) = child else {
        step.done("there is no rustup");
        return false;
    };
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => {
                step.done(if status.success() { "" } else { "it failed" });
                return status.success() && has_target();
            }
            Ok(None) if start.elapsed() < RUSTUP_PATIENCE => {
                thread::sleep(Duration::from_millis(100));
            }
            _ => {
                // Already gone is as good as killed.
                let _ = child.kill();
                let _ = child.wait();
                step.done("no answer, given up");
                return false;
            }
        }
    }
}

fn debian() -> Result<Toolchain> {
    packages::ensure_all(&[&RUST_WEB])?;
    Ok(Toolchain::Debian { linker: debian_linker()? })
}

/// Debian's cargo with Debian's compiler, whatever the environment says.
fn debian_cargo() -> Command {
    let mut command = clean("/usr/bin/cargo");
    command
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1")
        .env_remove("RUSTC_WRAPPER")
        .env_remove("RUSTFLAGS");
    command
}

/// The wasm linker of the LLVM that rustc-web was built with. No package asks for it, so it is installed
/// by its version.
fn debian_linker() -> Result<PathBuf> {
    let about = shell::output(clean("/usr/bin/rustc").arg("-vV"))?;
    let llvm = about
        .lines()
        .find_map(|line| line.strip_prefix("LLVM version: ")?.split('.').next())
        .context("rustc does not name its LLVM")?;
    let linker = PathBuf::from(format!("/usr/bin/wasm-ld-{llvm}"));
    if !linker.exists() {
        packages::install(&[&format!("lld-{llvm}")])?;
        ensure!(linker.exists(), "lld-{llvm} is installed, but {} is not there", linker.display());
    }
    Ok(linker)
}

fn debian_path() -> std::ffi::OsString {
    let mut path = std::ffi::OsString::from("/usr/bin:");
    path.push(env::var_os("PATH").unwrap_or_default());
    path
}

/// One sysroot a compiler version and way of building: an update of the package makes a new one.
fn sysroot(form: Form) -> Result<PathBuf> {
    let version = shell::output(clean("/usr/bin/rustc").arg("-vV"))?;
    let way = format!("{version}{STD_MANIFEST}{}", std_flags(form));
    let id = crate::page::short_hash(Sha256::digest(way));
    Ok(root().join("target/wasm-std").join(id).join("sysroot"))
}

fn library(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(TARGET).join("lib")
}

/// Without bitcode inside, fat LTO cannot use the libraries.
fn std_flags(form: Form) -> String {
    format!("-Cembed-bitcode=yes -Copt-level=z {}", form.flags())
}

fn build_std(sysroot: &Path, form: Form) -> Result<()> {
    let step = Step::start("building the wasm32 standard library with Debian's rustc (once)");
    let base = sysroot.parent().context("a sysroot has a parent")?;
    let krate = base.join("krate");
    let target = base.join("target");
    fs::create_dir_all(krate.join("src"))?;
    fs::write(krate.join("Cargo.toml"), STD_MANIFEST)?;
    fs::write(krate.join("src/lib.rs"), "#![no_std]\n")?;
    let mut cargo = debian_cargo();
    cargo
        .current_dir(&krate)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", std_flags(form))
        .args(["build", "--release", "--quiet", "--target", TARGET])
        .arg("-Zbuild-std=core,alloc,std,panic_abort,test,proc_macro")
        // Sorting alone, made for speed at 66 places, is a tenth of the page.
        .arg("-Zbuild-std-features=optimize_for_size")
        .arg("--target-dir")
        .arg(&target);
    shell::run(&mut cargo)?;
    // Complete or not there at all: the libraries move into place in one go.
    let fresh = base.join("lib.tmp");
    if fresh.exists() {
        fs::remove_dir_all(&fresh)?;
    }
    fs::create_dir_all(&fresh)?;
    for entry in fs::read_dir(target.join(TARGET).join("release/deps"))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libwasm_std") {
            fs::copy(entry.path(), fresh.join(name))?;
        }
    }
    let library = library(sysroot);
    fs::create_dir_all(library.parent().context("a library has a parent")?)?;
    fs::rename(&fresh, &library)?;
    fs::remove_dir_all(&target)?;
    step.done("");
    Ok(())
}
