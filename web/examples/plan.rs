//! The planner's benchmarks in a browser: what `planner/benches` measures, by the browser's clock. `cargo xtask bench` runs it.
//!
//! No glue: two functions come in, one goes out.
#![allow(unsafe_code, reason = "what a page and a module call each other by")]

#[path = "../../planner/benches/workload/mod.rs"]
mod workload;

#[link(wasm_import_module = "bench")]
unsafe extern "C" {
    /// Milliseconds since whenever.
    fn now() -> f64;
    /// Shows a line of text.
    fn print(text: *const u8, length: usize);
}

/// Measures all sizes of clusters up to one.
#[unsafe(no_mangle)]
extern "C" fn bench(most: usize) {
    let bench = workload::Bench {
        now: &|| unsafe { now() },
        memory: &|| 0,
        print: &|line| unsafe { print(line.as_ptr(), line.len()) },
    };
    bench.reading();
    let sizes = workload::SIZES.into_iter();
    sizes.filter(|nodes| *nodes <= most).for_each(|nodes| bench.cluster(nodes));
}
