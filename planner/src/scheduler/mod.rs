//! What should exist, where it may run, where it should run, and with what.
//!
//! `generic` plans service and batch jobs, `system` plans system and sysbatch jobs; both place through `stack`.

pub mod ask;
mod condition;
mod contest;
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
mod room;
mod situation;
pub mod stack;
mod system;
pub mod tally;
mod update;
mod verdicts;
mod writing;

pub use room::Room;
pub use situation::Situation;
pub use verdicts::verdicts;
pub use writing::Planned;

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

/// Plans one job, canonicalized and valid, against a snapshot: the whole plan, written out.
pub fn plan(job: &api::Job, snapshot: &Snapshot, options: &PlanOptions) -> Plan {
    outline(job, snapshot, options).document()
}

/// The same by number, to be written out as far as it is looked at.
pub fn outline<'a>(job: &api::Job, snapshot: &'a Snapshot, options: &PlanOptions) -> Planned<'a> {
    let situation = Situation::compile(job, snapshot, options);
    let mut draft = draft::Draft::new(snapshot.cluster(), situation.job.key);
    let outcome = match situation.job.kind {
        JobKind::Service | JobKind::Batch => generic::run(&situation, &mut draft),
        JobKind::System | JobKind::SysBatch => system::run(&situation, &mut draft),
    };
    Planned { snapshot, situation, draft, outcome }
}
