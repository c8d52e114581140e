//! The page: wasm, editor bundle and static files become `target/dist`.
//!
//! Everything but `index.html` lies in `/assets/<hash>/`. One hash over all of it names the folder, so
//! files refer to each other by their plain names and browsers may keep them for ever.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use crate::shell::{self, Step, root};
use crate::wasm::{self, Form};
use crate::{editor, glue, split};

/// Starts the page. The editor loads while the wasm compiles; without it the page still starts, and says so.
/// What cannot be fetched is fetched again by `web/start.js`.
const BOOT: &str = "\
const { again, arrived, failed } = globalThis.steppe;
try {
  const editor = import('./editor.js').then(
    (m) => { globalThis.steppeEditor = m; },
    (error) => { if (again()) throw error; },
  );
  const wasm = WebAssembly.compileStreaming(fetch(new URL('./steppe-web_bg.wasm', import.meta.url)));
  const [{ default: init }, module] = await Promise.all([import('./steppe-web.js'), wasm, editor]);
  await init({ module_or_path: module });
  arrived();
} catch (error) {
  failed(error);
}
";

/// Starts the same wasm a second time, inside the Web Worker.
const WORKER: &str = "\
import init from './steppe-web.js';
await init({ module_or_path: new URL('./steppe-web_bg.wasm', import.meta.url) });
";

/// What completion and hover say about names: the worker fetches it when somebody writes.
const DOCS: &str = "planner/src/jobspec/assist/docs.txt";

/// What is worth compressing; fonts and images are compressed already.
const TEXT: [&str; 7] = ["wasm", "js", "css", "html", "svg", "json", "txt"];

/// Builds the page; `dev` builds fast, keeps names and leaves compression out.
pub(crate) fn build(dev: bool) -> Result<PathBuf> {
    let step = Step::start("building the page");
    let wasm = compile(dev)?;
    let dist = root().join("target/dist");
    let fresh = root().join("target/dist.tmp");
    if fresh.exists() {
        fs::remove_dir_all(&fresh)?;
    }
    let assets = fresh.join("assets/new");
    fs::create_dir_all(&assets)?;
    let wasm = if dev { wasm } else { split::split(&wasm, &assets)? };
    bind(&wasm, &assets, dev)?;
    editor::bundle(&assets)?;
    if !dev {
        glue::shorten(&assets)?;
    }
    // It stands in the page itself, because nothing else may ever arrive.
    let start = fs::read_to_string(assets.join("start.js")).context("start.js")?;
    fs::remove_file(assets.join("start.js"))?;
    let statics = root().join("web/static");
    if statics.exists() {
        copy_all(&statics, &assets)?;
    }
    fs::copy(root().join(DOCS), assets.join("docs.txt"))?;
    fs::write(assets.join("boot.js"), BOOT)?;
    fs::write(assets.join("worker.js"), WORKER)?;
    let hash = hash_of(&assets)?;
    fs::rename(&assets, fresh.join("assets").join(&hash))?;
    let index = fs::read_to_string(root().join("index.html")).context("index.html")?;
    ensure!(index.contains("@HASH@"), "index.html names no assets (@HASH@)");
    fs::write(fresh.join("index.html"), index.replace("@HASH@", &hash).replace("@START@", &start))?;
    if !dev {
        compress(&fresh.join("assets"))?;
    }
    if dist.exists() {
        fs::remove_dir_all(&dist)?;
    }
    fs::rename(&fresh, &dist)?;
    step.done(&if dev { "uncompressed".to_owned() } else { first_load(&dist)?.to_string() });
    Ok(dist)
}

fn compile(dev: bool) -> Result<PathBuf> {
    let (profile, form) = if dev { ("dev", Form::Plain) } else { ("web", Form::Small) };
    let mut cargo = wasm::toolchain()?.cargo("rustc", form)?;
    cargo.args(["--locked", "--package", "steppe-web", "--profile", profile]);
    if !dev {
        cargo.arg("--").args(split::FLAGS);
    }
    shell::run(&mut cargo)?;
    Ok(wasm::out_dir(form, profile).join("steppe-web.wasm"))
}

fn bind(wasm: &Path, out: &Path, dev: bool) -> Result<()> {
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    bindgen
        .input_path(wasm)
        .web(true)?
        .out_name("steppe-web")
        // The parts that are fetched later share memory and function table with the first one.
        .keep_lld_exports(!dev)
        .typescript(false)
        .omit_default_module_path(true)
        .remove_producers_section(!dev)
        .remove_name_section(!dev)
        .debug(dev);
    bindgen.generate(out).context("wasm-bindgen")
}

fn copy_all(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let goal = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&goal)?;
            copy_all(&entry.path(), &goal)?;
        } else {
            fs::copy(entry.path(), goal)?;
        }
    }
    Ok(())
}

/// Twelve hex digits of a digest: enough to tell builds apart, short enough for an address.
pub(crate) fn short_hash(digest: impl AsRef<[u8]>) -> String {
    digest.as_ref().iter().take(6).map(|b| format!("{b:02x}")).collect()
}

fn hash_of(dir: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    for file in files(dir)? {
        hash.update(file.strip_prefix(dir)?.as_os_str().as_encoded_bytes());
        hash.update(fs::read(&file)?);
    }
    Ok(short_hash(hash.finalize()))
}

/// All files below, in a fixed order.
fn files(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            found.extend(files(&entry.path())?);
        } else {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

fn compress(dir: &Path) -> Result<()> {
    for file in files(dir)? {
        let kind = file.extension().and_then(|e| e.to_str()).unwrap_or_default();
        if !TEXT.contains(&kind) {
            continue;
        }
        let data = fs::read(&file)?;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(&data)?;
        fs::write(format!("{}.gz", file.display()), gzip.finish()?)?;
        let settings = brotli::enc::BrotliEncoderParams {
            quality: 11,
            lgwin: 22,
            size_hint: data.len(),
            ..Default::default()
        };
        let mut small = Vec::new();
        brotli::BrotliCompress(&mut &data[..], &mut small, &settings)?;
        fs::write(format!("{}.br", file.display()), small)?;
    }
    Ok(())
}

/// Assets that a browser fetches when they are needed, by the beginning of their names: the parts of the wasm that were
/// cut off with their looks, what helps with writing, and what is shown where no agent is.
const LATER: [&str; 6] =
    ["split_", "chunk_", "further.css", "docs.txt", "editor-assist", "sample-cluster.json"];

/// What a browser transfers on a first visit, until the first preview is there.
pub(crate) struct FirstLoad {
    pub(crate) bytes: u64,
    largest: Vec<(String, u64)>,
}

impl std::fmt::Display for FirstLoad {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kb = |bytes: u64| bytes as f64 / 1000.0;
        write!(f, "first load {:.0} KB brotli", kb(self.bytes))?;
        for (name, bytes) in self.largest.iter().take(4) {
            write!(f, ", {name} {:.0}", kb(*bytes))?;
        }
        Ok(())
    }
}

/// The brotli sizes of a release build, summed over what is not for later.
pub(crate) fn first_load(dist: &Path) -> Result<FirstLoad> {
    let mut largest = Vec::new();
    for file in files(&dist.join("assets"))? {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let later = LATER.iter().any(|start| name.starts_with(start));
        if file.extension().is_some_and(|e| e == "br") && !later {
            largest.push((name, fs::metadata(&file)?.len()));
        }
    }
    largest.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    let index = fs::metadata(dist.join("index.html"))?.len();
    Ok(FirstLoad { bytes: index + largest.iter().map(|(_, b)| b).sum::<u64>(), largest })
}
