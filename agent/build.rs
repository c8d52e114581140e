//! Refuses a release build without the page: it would embed nothing and say nothing.

use std::env;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var("PROFILE").as_deref() != Ok("release") {
        // A debug agent reads the page from target/dist while it runs, if it is there.
        return;
    }
    println!("cargo::rerun-if-changed=../target/dist");
    if !Path::new("../target/dist/index.html").exists() {
        println!("cargo::error=target/dist holds no page to embed: run `cargo xtask build` first");
    }
}
