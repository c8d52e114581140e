//! What the page shows of a plan: plain data made in the worker, drawn by the page.
//!
//! Only the rows on the screen travel; counts say how many there are. Places in the text are lines and
//! UTF-16 columns, as editors count. No decision is made here: the planner made them all.

mod finding;
mod scenery;
mod topology;
mod view;
pub mod words;

use steppe_planner::jobspec::Input;
use steppe_planner::record::Record;

pub use finding::{Finding, locate};
pub use scenery::Scenery;
pub use topology::{Block, BlockKind, Meter, NodeLook, NodeRow, Topology};
pub use view::{GroupView, PlanView};

/// The answer to one text.
#[derive(Debug, Default, Record)]
pub struct Preview {
    /// The question's number.
    pub number: u64,
    /// The snapshot planned against; absent before one is loaded.
    pub snapshot_index: Option<u64>,
    /// `hcl2`, `hcl1` or `json`: what the text was read as.
    pub format: String,
    pub findings: Vec<Finding>,
    /// Absent while the text has errors, is empty, or no snapshot is there.
    pub plan: Option<std::rc::Rc<PlanView>>,
    pub topology: Topology,
    /// What the scene came to, if it was planned in one: only the later part of the page reads it.
    pub staged: Option<String>,
    /// The variables that the text declares.
    pub inputs: Vec<Input>,
    /// Files that it reads and nobody has given.
    pub missing_files: Vec<String>,
    /// In the worker, milliseconds.
    pub parse_ms: f64,
    pub plan_ms: f64,
}

impl Preview {
    /// How many findings keep the job from being planned.
    pub fn errors(&self) -> usize {
        let error = steppe_planner::diagnostic::Severity::Error;
        self.findings.iter().filter(|f| f.severity == error).count()
    }
}
