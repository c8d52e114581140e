//! How long reading a job file takes, a plan, a snapshot, and how much memory it holds: `cargo bench -p steppe-planner`.
//!
//! Nodes can be given: `-- 1000`; 0 is for reading alone. The same runs in a browser: `cargo xtask bench`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "it measures time")]
#![allow(unsafe_code, reason = "an allocator that counts")]

mod workload;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// The system's allocator, counting what is in use.
struct Counting;

static IN_USE: AtomicUsize = AtomicUsize::new(0);

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        IN_USE.fetch_add(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn main() {
    let start = Instant::now();
    let bench = workload::Bench {
        now: &|| start.elapsed().as_secs_f64() * 1000.0,
        memory: &|| IN_USE.load(Ordering::Relaxed),
        print: &|line| println!("{line}"),
    };
    let given: Vec<usize> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    if given.is_empty() || given.contains(&0) {
        bench.reading();
    }
    let sizes = if given.is_empty() { workload::SIZES.to_vec() } else { given };
    sizes.into_iter().filter(|nodes| *nodes > 0).for_each(|nodes| bench.cluster(nodes));
}
