//! The editor bundle: CodeMirror from its npm lock file, bundled by the script in `web/editor`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::packages::{self, NODE};
use crate::shell::{self, clean, root};

/// Where the bundle is made, and its bundler is.
pub(crate) fn folder() -> PathBuf {
    root().join("web/editor")
}

/// Bundles `web/editor` and copies the result into `assets`.
pub(crate) fn bundle(assets: &Path) -> Result<()> {
    let editor = folder();
    let lock = editor.join("package-lock.json");
    if !lock.exists() {
        eprintln!("    web/editor has no package-lock.json: the page is built without its editor");
        return Ok(());
    }
    packages::ensure_all(&[&NODE])?;
    // The lock file as it was when node_modules was filled: another text means another npm ci.
    let stamp = editor.join("node_modules/.steppe-lock");
    let wanted = fs::read_to_string(&lock).context("package-lock.json")?;
    if fs::read_to_string(&stamp).ok().as_deref() != Some(wanted.as_str()) {
        let mut npm = clean("npm");
        npm.current_dir(&editor).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
        shell::run(npm.stdout(std::io::stderr()))?;
        fs::write(&stamp, &wanted)?;
    }
    let mut npm = clean("npm");
    npm.current_dir(&editor).args(["run", "--silent", "build"]);
    shell::run(npm.stdout(std::io::stderr()))?;
    let bundle = editor.join("dist");
    for file in fs::read_dir(&bundle).context("web/editor/dist")? {
        let file = file?;
        fs::copy(file.path(), assets.join(file.file_name()))?;
    }
    ensure!(assets.join("editor.js").exists(), "web/editor made no editor.js");
    Ok(())
}
