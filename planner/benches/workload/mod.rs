//! What is measured, and how: the same natively and in a browser. The clock and the printing are handed in.

mod cluster;
mod reading;

use std::hint::black_box;

use steppe_planner::snapshot::{Document, Snapshot};
use steppe_planner::{PlanOptions, outline, plan};

/// Sizes of clusters, in nodes.
pub(crate) const SIZES: [usize; 4] = [100, 1_000, 5_000, 10_000];
const COUNTS: [usize; 3] = [1, 10, 100];
/// Each figure is the third best of so many turns: what else the machine does makes turns longer, never shorter.
const TURNS: usize = 15;
const BEST: usize = 2;
/// Rows that a page asks for.
const ROWS: usize = 30;

/// What measuring needs from outside.
pub(crate) struct Bench<'a> {
    /// Milliseconds since whenever.
    pub(crate) now: &'a dyn Fn() -> f64,
    /// Bytes in use; 0 where that is not known.
    pub(crate) memory: &'a dyn Fn() -> usize,
    pub(crate) print: &'a dyn Fn(&str),
}

impl Bench<'_> {
    /// Measures a cluster of so many nodes.
    pub(crate) fn cluster(&self, nodes: usize) {
        let document = cluster::document(nodes);
        let copy = document.clone();
        let began = (self.now)();
        let mut snapshot = Snapshot::new(document).expect("a snapshot");
        let built = (self.now)() - began;
        let size = self.size(copy, &snapshot);
        let allocations = nodes * cluster::ALLOCATIONS;
        self.say(&format!("{nodes} nodes, {allocations} allocations"));
        self.say(&format!("  snapshot, from documents   {built:>9.3} ms{size}"));
        self.line("delta of one allocation", self.delta(&mut snapshot, nodes));
        for spread in [false, true] {
            for count in COUNTS {
                let with = if spread { ", spread" } else { "" };
                let job = cluster::job(count, spread);
                let options = PlanOptions::default();
                let time = self.time(1, &mut || {
                    let planned = outline(&job, &snapshot, &options);
                    assert_eq!(planned.placements(), count, "what is measured is placed");
                    black_box(planned.head());
                    for place in 0..count.min(ROWS) {
                        black_box(planned.placement(place));
                    }
                    for node in planned.nearest(0, ROWS) {
                        black_box(planned.verdict(0, node));
                    }
                });
                self.line(&format!("plan, count {count}{with}"), time);
            }
        }
        let job = cluster::job(10, false);
        let options = PlanOptions::default();
        let whole = self.time(1, &mut || _ = black_box(plan(&job, &snapshot, &options)));
        self.line("every verdict as document", whole);
    }

    fn delta(&self, snapshot: &mut Snapshot, nodes: usize) -> f64 {
        const DELTAS: usize = 200;
        let mut made: Vec<Document> = (0..DELTAS * TURNS)
            .map(|n| {
                // Every third is a new one.
                let number = if n % 3 == 0 { nodes * cluster::ALLOCATIONS + n } else { n };
                let mut alloc = cluster::allocation(number, nodes);
                alloc.client_status = "pending".to_owned();
                let allocations = vec![alloc];
                Document { base: Some(0), allocations, ..Document::default() }
            })
            .collect();
        self.time(DELTAS, &mut || {
            for _ in 0..DELTAS {
                snapshot.apply(made.pop().unwrap_or_default()).expect("applied");
            }
        })
    }

    /// The time of one of `times`, in milliseconds.
    fn time(&self, times: usize, work: &mut dyn FnMut()) -> f64 {
        let mut turns: Vec<f64> = (0..TURNS)
            .map(|_| {
                let began = (self.now)();
                work();
                (self.now)() - began
            })
            .collect();
        turns.sort_by(f64::total_cmp);
        turns[BEST] / times as f64
    }

    /// What a snapshot holds, from a second one.
    fn size(&self, document: Document, like: &Snapshot) -> String {
        let before = (self.memory)();
        let copy = document.clone();
        let documents = (self.memory)() - before;
        drop(copy);
        let mut other = Snapshot::new(document).expect("a snapshot");
        let both = (self.memory)();
        other.clone_from(&Snapshot::default());
        let held = both - (self.memory)();
        black_box(like);
        if held == 0 {
            return String::new();
        }
        let mb = |bytes: usize| bytes as f64 / 1e6;
        format!(", {:.1} MB (as documents {:.1} MB)", mb(held), mb(documents))
    }

    fn line(&self, what: &str, time: f64) {
        self.say(&format!("  {what:<26} {time:>9.3} ms"));
    }

    fn say(&self, text: &str) {
        (self.print)(text);
    }
}
