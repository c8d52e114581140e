//! `cargo +nightly fuzz run json`, in the folder `planner`.
#![no_main]
#![allow(dead_code)]

#[path = "../../tests/fuzz/targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|text: &str| targets::json(text));
