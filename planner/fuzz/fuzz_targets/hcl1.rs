//! `cargo +nightly fuzz run hcl1`, in the folder `planner`.
#![no_main]
#![allow(dead_code)]

#[path = "../../tests/fuzz/targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|text: &str| targets::hcl1(text));
