//! AllocMetric and the plan answer: what Nomad reports of a scheduling decision.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/api-docs/jobs#create-job-plan>

use super::{Evaluation, Map, Resources, Value};
use crate::record::{Record, Word};

/// Counts of one attempt to place an allocation.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct AllocMetric {
    pub nodes_evaluated: i64,
    pub nodes_filtered: i64,
    #[record(skip)]
    pub nodes_in_pool: Option<i64>,
    #[record(skip)]
    pub node_pool: Option<String>,
    #[record(null)]
    pub nodes_available: Map<i64>,
    #[record(null)]
    pub class_filtered: Map<i64>,
    #[record(null)]
    pub constraint_filtered: Map<i64>,
    pub nodes_exhausted: i64,
    #[record(null)]
    pub class_exhausted: Map<i64>,
    #[record(null)]
    pub dimension_exhausted: Map<i64>,
    #[record(null)]
    pub quota_exhausted: Vec<String>,
    #[record(null)]
    pub resources_exhausted: Map<Resources>,
    pub scores: Option<Value>,
    #[record(null)]
    pub score_meta_data: Vec<NodeScoreMeta>,
    pub allocation_time: i64,
    pub coalesced_failures: i64,
}

/// The scores of one node.
#[derive(Debug, Default, Record)]
pub struct NodeScoreMeta {
    #[record(rename = "NodeID")]
    pub node_id: String,
    #[record(rename = "Scores", null)]
    pub scores: Map<f64>,
    #[record(rename = "NormScore")]
    pub norm_score: f64,
}

/// What a plan would do to one group.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct DesiredUpdates {
    pub ignore: u64,
    pub place: u64,
    pub migrate: u64,
    pub stop: u64,
    pub in_place_update: u64,
    pub destructive_update: u64,
    pub canary: u64,
    pub preemptions: u64,
    /// The contact to their nodes is gone (1.11, as the three below).
    #[record(skip)]
    pub disconnect: Option<u64>,
    /// They go on where they were before the contact was gone.
    #[record(skip)]
    pub reconnect: Option<u64>,
    /// Replaced at once; counted only where `disconnect` is.
    #[record(skip)]
    pub reschedule_now: Option<u64>,
    /// To be replaced after a delay.
    #[record(skip)]
    pub reschedule_later: Option<u64>,
}

/// The answer of `PUT /v1/job/:id/plan`.
#[derive(Debug, Default, Record)]
pub struct JobPlanResponse {
    #[record(rename = "Annotations")]
    pub annotations: Option<PlanAnnotations>,
    #[record(rename = "FailedTGAllocs", null)]
    pub failed_tg_allocs: Map<AllocMetric>,
    #[record(rename = "JobModifyIndex")]
    pub job_modify_index: u64,
    #[record(rename = "CreatedEvals", null)]
    pub created_evals: Vec<Evaluation>,
    #[record(rename = "Diff")]
    pub diff: Option<JobDiff>,
    #[record(rename = "NextPeriodicLaunch")]
    pub next_periodic_launch: Option<String>,
    #[record(rename = "Warnings")]
    pub warnings: String,
    #[record(rename = "Index")]
    pub index: u64,
    /// Steppe's own: where everything lands and why not elsewhere. Absent from a real Nomad.
    #[record(rename = "SteppePlan", skip)]
    pub steppe_plan: Option<Box<crate::plan::Plan>>,
}

/// The reconciler's counts, with the allocations that would be preempted.
#[derive(Debug, Default, Record)]
pub struct PlanAnnotations {
    #[record(rename = "DesiredTGUpdates", null)]
    pub desired_tg_updates: Map<DesiredUpdates>,
    #[record(rename = "PreemptedAllocs", null)]
    pub preempted_allocs: Vec<super::AllocListStub>,
}

/// The difference of two job versions.
#[derive(Debug, Default, Eq, Record)]
pub struct JobDiff {
    #[record(rename = "Type")]
    pub kind: DiffKind,
    #[record(rename = "ID")]
    pub id: String,
    #[record(rename = "Fields", null)]
    pub fields: Vec<FieldDiff>,
    #[record(rename = "Objects", null)]
    pub objects: Vec<ObjectDiff>,
    #[record(rename = "TaskGroups", null)]
    pub task_groups: Vec<TaskGroupDiff>,
}

/// The kind of a difference; `None` marks an unchanged neighbour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Word)]
pub enum DiffKind {
    Added,
    Deleted,
    Edited,
    #[default]
    None,
}

/// The difference of one group.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct TaskGroupDiff {
    #[record(rename = "Type")]
    pub kind: DiffKind,
    pub name: String,
    #[record(null)]
    pub fields: Vec<FieldDiff>,
    #[record(null)]
    pub objects: Vec<ObjectDiff>,
    #[record(null)]
    pub tasks: Vec<TaskDiff>,
    #[record(null)]
    pub updates: Map<u64>,
}

/// The difference of one task.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct TaskDiff {
    #[record(rename = "Type")]
    pub kind: DiffKind,
    pub name: String,
    #[record(null)]
    pub fields: Vec<FieldDiff>,
    #[record(null)]
    pub objects: Vec<ObjectDiff>,
    #[record(null)]
    pub annotations: Vec<String>,
}

/// The difference of a nested object.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct ObjectDiff {
    #[record(rename = "Type")]
    pub kind: DiffKind,
    pub name: String,
    #[record(null)]
    pub fields: Vec<FieldDiff>,
    #[record(null)]
    pub objects: Vec<ObjectDiff>,
}

/// The difference of one field, as text.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct FieldDiff {
    #[record(rename = "Type")]
    pub kind: DiffKind,
    pub name: String,
    pub old: String,
    pub new: String,
    #[record(null)]
    pub annotations: Vec<String>,
}
