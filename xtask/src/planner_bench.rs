//! The planner's benchmarks twice, by the same workload: natively, and in a browser, compiled as the page is.

use std::fs;

use anyhow::{Context, Result};

use crate::shell::{self, clean, root};
use crate::wasm::{self, Form};

/// The largest cluster measured in the browser, in nodes.
const MOST: usize = 10_000;

/// A page that runs the module and shows what it prints. It is written out when the module has ended.
const PAGE: &str = r#"<!doctype html><pre></pre><script>
const out = document.querySelector("pre");
let memory;
const text = (at, length) => new TextDecoder().decode(new Uint8Array(memory.buffer, at, length));
const bench = { now: () => performance.now(), print: (at, n) => out.append(text(at, n) + "\n") };
const module = new WebAssembly.Module(new Uint8Array([BYTES]));
const { exports } = new WebAssembly.Instance(module, { bench });
memory = exports.memory;
exports.bench(MOST);
</script>"#;

/// Prints both.
pub(crate) fn run() -> Result<()> {
    println!("the planner, natively");
    shell::run(clean("cargo").args([
        "bench",
        "--locked",
        "-p",
        "steppe-planner",
        "--bench",
        "plan",
    ]))?;
    let mut cargo = wasm::toolchain()?.cargo("build", Form::Small)?;
    shell::run(cargo.args([
        "--locked",
        "--profile",
        "web",
        "-p",
        "steppe-web",
        "--example",
        "plan",
    ]))?;
    let module = fs::read(wasm::out_dir(Form::Small, "web").join("examples/plan.wasm"))?;
    let bytes: Vec<String> = module.iter().map(u8::to_string).collect();
    let page = root().join("target/bench.html");
    fs::write(&page, PAGE.replace("BYTES", &bytes.join(",")).replace("MOST", &MOST.to_string()))?;
    println!("the planner, in Chromium");
    let mut browser = clean("chromium");
    browser.args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]);
    let shown = shell::output(browser.arg(format!("file://{}", page.display())))?;
    let lines = shown.split_once("<pre>").and_then(|(_, rest)| rest.split_once("</pre>"));
    let (lines, _) = lines.context("the browser showed nothing")?;
    println!("{lines}");
    Ok(())
}
