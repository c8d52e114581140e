//! What should exist, where it may run, where it should run, and with what.
//!
//! `generic` plans service and batch jobs, `system` plans system and sysbatch jobs; both place through `stack`.

pub mod ask;
pub mod devices;
pub mod draft;
pub mod feasible;
pub mod fit;
mod generic;
pub mod outcome;
pub mod ports;
mod preempt;
pub mod rank;
pub mod reason;
pub mod reconcile;
mod situation;
pub mod stack;
mod system;
mod update;
mod verdicts;
mod writing;

pub use situation::Situation;
pub use verdicts::verdicts;

use crate::api;
use crate::model::JobKind;
use crate::plan::Plan;
use crate::snapshot::Snapshot;

/// What is being planned besides the job itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanOptions {
    /// Plan the job as stopped.
    pub stop: bool,
    /// The evaluation being processed, so that its follow-up allocations are due now.
    pub eval_id: Option<String>,
}

/// Plans one job, canonicalized and valid, against a snapshot.
pub fn plan(job: &api::Job, snapshot: &Snapshot, options: &PlanOptions) -> Plan {
    let situation = Situation::compile(job, snapshot, options);
    let mut draft = draft::Draft::new(snapshot.cluster(), situation.job.key);
    let outcome = match situation.job.kind {
        JobKind::Service | JobKind::Batch => generic::run(&situation, &mut draft),
        JobKind::System | JobKind::SysBatch => system::run(&situation, &mut draft),
    };
    writing::assemble(&situation, snapshot, &draft, outcome)
}
