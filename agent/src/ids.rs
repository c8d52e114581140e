//! The only source of identifiers: random UUIDs, or a counted row of them in tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Gives identifiers in the form of UUIDs.
pub trait Ids: Send + Sync + 'static {
    /// An identifier that was never given before.
    fn uuid(&self) -> String;
}

/// Random version 4 UUIDs.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomIds;

impl Ids for RandomIds {
    fn uuid(&self) -> String {
        uuid::Uuid::new_v4().to_string()
    }
}

/// `00000001-0000-4000-8000-000000000001` and so on: the same in every run.
#[derive(Debug, Default)]
pub struct CountedIds(AtomicU64);

impl CountedIds {
    /// Starts counting at one.
    pub fn new() -> Arc<CountedIds> {
        Arc::new(CountedIds::default())
    }
}

impl Ids for CountedIds {
    fn uuid(&self) -> String {
        let n = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        format!("{n:08x}-0000-4000-8000-{n:012x}")
    }
}
