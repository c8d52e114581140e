//! What the machine must have beside Rust, and how it gets there.
//!
//! On Debian as root missing packages are installed, said with the reason, and never at the price of
//! removing one. Elsewhere the same list is printed and nothing is touched.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::shell::{self, Step};

/// A group of packages that one part of the work needs.
pub(crate) struct Need {
    pub(crate) why: &'static str,
    /// Present if every one of these exists (a program on the path, or a file).
    pub(crate) proof: &'static [&'static str],
    /// Debian's names.
    pub(crate) debian: &'static [&'static str],
    /// What to look for elsewhere.
    pub(crate) elsewhere: &'static str,
}

pub(crate) const NODE: Need = Need {
    why: "Node.js bundles the editor and runs the planner's wasm smoke test",
    proof: &["node", "npm"],
    debian: &["nodejs", "npm"],
    elsewhere: "Node.js 18 or newer with npm (https://nodejs.org)",
};

pub(crate) const RUST_WEB: Need = Need {
    why: "Debian's Rust for the web compiles the page where rustup's wasm32 target is not to be had",
    proof: &[
        "/usr/bin/cargo",
        "/usr/bin/rustc",
        "/usr/bin/cargo-clippy",
        "/usr/lib/rustlib/src/rust/library/std/Cargo.toml",
    ],
    debian: &["rustc-web", "cargo-web", "rust-web-src", "libstd-rust-web-dev", "rust-web-clippy"],
    elsewhere: "the wasm32-unknown-unknown target (`rustup target add wasm32-unknown-unknown`)",
};

pub(crate) const BROWSER: Need = Need {
    why: "the browser tests drive a real Chromium",
    proof: &["chromium", "chromedriver", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"],
    debian: &["chromium", "chromium-driver", "fonts-dejavu-core"],
    elsewhere: "Chromium and a chromedriver of the same version, both on the path, and DejaVu fonts",
};

pub(crate) const DOCKER: Need = Need {
    why: "jobs run on a real Docker engine",
    proof: &["docker", "dockerd"],
    debian: &["docker.io"],
    elsewhere: "a Docker engine 20.10 or newer with its command line",
};

pub(crate) const IMAGES: Need = Need {
    why: "the tests make their images on the spot, serve one from a registry on loopback, and log in \
          with the real MariaDB client",
    proof: &["debootstrap", "docker-registry", "mariadb", "/bin/busybox"],
    debian: &["debootstrap", "docker-registry", "mariadb-client", "busybox-static"],
    elsewhere: "Debian's debootstrap, docker-registry, mariadb-client and busybox-static",
};

impl Need {
    fn missing(&self) -> Vec<&'static str> {
        let there = |p: &str| match p.strip_prefix('/') {
            Some(_) => Path::new(p).exists(),
            None => shell::find(p).is_some(),
        };
        self.proof.iter().copied().filter(|p| !there(p)).collect()
    }

    pub(crate) fn is_met(&self) -> bool {
        self.missing().is_empty()
    }
}

/// Makes sure that all needs are met; installs on Debian as root, explains elsewhere.
pub(crate) fn ensure_all(needs: &[&Need]) -> Result<()> {
    let open: Vec<&Need> = needs.iter().copied().filter(|n| !n.is_met()).collect();
    if open.is_empty() {
        return Ok(());
    }
    for need in &open {
        eprintln!("missing: {} ({})", need.missing().join(", "), need.why);
    }
    if !is_debian() || shell::find("apt-get").is_none() {
        let list: Vec<String> = open.iter().map(|n| format!("  - {}", n.elsewhere)).collect();
        bail!("please install, then run this again:\n{}", list.join("\n"));
    }
    let packages: Vec<&str> = open.iter().flat_map(|n| n.debian.iter().copied()).collect();
    install(&packages)?;
    for need in open {
        let missing = need.missing();
        ensure!(missing.is_empty(), "installed, but still missing: {}", missing.join(", "));
    }
    Ok(())
}

/// Installs Debian packages; without the right to, says with which command.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    if !is_root() {
        bail!(
            "please install, then run this again:\n  sudo apt-get update && sudo apt-get install \
             --no-install-recommends {}",
            packages.join(" ")
        );
    }
    let step = Step::start(format!("installing {}", packages.join(" ")));
    // A third-party source that does not answer must not stop Debian's own from being read.
    if let Err(error) = shell::run(apt(["update", "-qq"]).arg("-oAPT::Update::Error-Mode=any")) {
        eprintln!("    {error}; going on with the package lists there are");
    }
    let missing = not_installed(packages)?;
    let plan = shell::output(apt(["install", "-s", "--no-install-recommends"]).args(&missing))
        .context("apt cannot install them")?;
    let removed: Vec<&str> =
        plan.lines().filter_map(|l| l.strip_prefix("Remv ")?.split(' ').next()).collect();
    ensure!(
        removed.is_empty(),
        "apt would remove {} to install {}: please decide by hand",
        removed.join(", "),
        missing.join(" ")
    );
    let mut command = apt(["install", "-y", "-qq", "--no-install-recommends", "--no-remove"]);
    shell::run(command.args(["-oDpkg::Use-Pty=0"]).args(&missing).stdout(std::io::stderr()))?;
    step.done("");
    Ok(())
}

/// What dpkg does not have, so that a satisfied part of a need (another vendor's Node) stays as it is.
fn not_installed<'a>(packages: &[&'a str]) -> Result<Vec<&'a str>> {
    let mut open = Vec::new();
    for package in packages {
        let status = Command::new("dpkg-query")
            .args(["-W", "-f=${db:Status-Status}", package])
            .output()
            .context("cannot start dpkg-query")?;
        if status.stdout != b"installed" {
            open.push(*package);
        }
    }
    Ok(open)
}

fn apt<const N: usize>(args: [&str; N]) -> Command {
    let mut command = shell::clean("apt-get");
    // Another apt may be at work: wait for it instead of failing.
    command.args(args).arg("-oDPkg::Lock::Timeout=300").env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn is_debian() -> bool {
    let text = fs::read_to_string("/etc/os-release").unwrap_or_default();
    text.lines().any(|l| l == "ID=debian")
}

fn is_root() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let uid = status.lines().find_map(|l| l.strip_prefix("Uid:"));
    uid.is_some_and(|l| l.split_whitespace().nth(1) == Some("0"))
}
