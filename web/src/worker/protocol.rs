//! What page and worker say to each other. Strings of JSON on the wire.

use serde::{Deserialize, Serialize};

use crate::preview::Preview;

/// From the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// A snapshot, whole or a change to the loaded one, as the agent wrote it.
    Load { text: String },
    /// Give back the loaded snapshot as one whole document.
    Save,
    /// Plan this text; the answer carries the same number.
    Plan(Question),
}

/// A text to plan, and how much of the answer is on the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub number: u64,
    pub source: String,
    pub rows: Rows,
}

/// How many rows the page shows. The plan stays in the worker; only these travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    pub placements: usize,
    pub verdicts: usize,
    pub nodes: usize,
}

impl Default for Rows {
    fn default() -> Rows {
        Rows { placements: 24, verdicts: 40, nodes: 24 }
    }
}

/// From the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// The worker listens.
    Ready,
    /// The snapshot is in place, or why it is not.
    Loaded(Result<u64, String>),
    /// The loaded snapshot; empty if there is none.
    Saved(String),
    Preview(Box<Preview>),
}
