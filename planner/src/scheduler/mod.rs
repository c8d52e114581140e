//! What should exist, where it may run, where it should run, and with what.

use crate::api;
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
pub fn plan(_job: &api::Job, _snapshot: &Snapshot, _options: &PlanOptions) -> Plan {
    Plan::default()
}
