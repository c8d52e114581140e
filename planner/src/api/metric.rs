//! AllocMetric and the plan answer: what Nomad reports of a scheduling decision.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/api-docs/jobs#create-job-plan>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Evaluation, Resources, Value, null};

/// Counts of one attempt to place an allocation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AllocMetric {
    pub nodes_evaluated: i64,
    pub nodes_filtered: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nodes_in_pool: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node_pool: Option<String>,
    #[serde(with = "null")]
    pub nodes_available: BTreeMap<String, i64>,
    #[serde(with = "null")]
    pub class_filtered: BTreeMap<String, i64>,
    #[serde(with = "null")]
    pub constraint_filtered: BTreeMap<String, i64>,
    pub nodes_exhausted: i64,
    #[serde(with = "null")]
    pub class_exhausted: BTreeMap<String, i64>,
    #[serde(with = "null")]
    pub dimension_exhausted: BTreeMap<String, i64>,
    #[serde(with = "null")]
    pub quota_exhausted: Vec<String>,
    #[serde(with = "null")]
    pub resources_exhausted: BTreeMap<String, Resources>,
    pub scores: Option<Value>,
    #[serde(with = "null")]
    pub score_meta_data: Vec<NodeScoreMeta>,
    pub allocation_time: i64,
    pub coalesced_failures: i64,
}

/// The scores of one node.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NodeScoreMeta {
    #[serde(rename = "NodeID")]
    pub node_id: String,
    #[serde(rename = "Scores", with = "null")]
    pub scores: BTreeMap<String, f64>,
    #[serde(rename = "NormScore")]
    pub norm_score: f64,
}

/// What a plan would do to one group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DesiredUpdates {
    pub ignore: u64,
    pub place: u64,
    pub migrate: u64,
    pub stop: u64,
    pub in_place_update: u64,
    pub destructive_update: u64,
    pub canary: u64,
    pub preemptions: u64,
}

/// The answer of `PUT /v1/job/:id/plan`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct JobPlanResponse {
    #[serde(rename = "Annotations")]
    pub annotations: Option<PlanAnnotations>,
    #[serde(rename = "FailedTGAllocs", with = "null")]
    pub failed_tg_allocs: BTreeMap<String, AllocMetric>,
    #[serde(rename = "JobModifyIndex")]
    pub job_modify_index: u64,
    #[serde(rename = "CreatedEvals", with = "null")]
    pub created_evals: Vec<Evaluation>,
    #[serde(rename = "Diff")]
    pub diff: Option<JobDiff>,
    #[serde(rename = "NextPeriodicLaunch")]
    pub next_periodic_launch: Option<String>,
    #[serde(rename = "Warnings", with = "null")]
    pub warnings: String,
    #[serde(rename = "Index")]
    pub index: u64,
    /// Steppe's own: where everything lands and why not elsewhere. Absent from a real Nomad.
    #[serde(rename = "SteppePlan", skip_serializing_if = "Option::is_none")]
    pub steppe_plan: Option<Box<crate::plan::Plan>>,
}

/// The reconciler's counts, with the allocations that would be preempted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanAnnotations {
    #[serde(rename = "DesiredTGUpdates", with = "null")]
    pub desired_tg_updates: BTreeMap<String, DesiredUpdates>,
    #[serde(rename = "PreemptedAllocs", with = "null")]
    pub preempted_allocs: Vec<super::AllocListStub>,
}

/// The difference of two job versions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JobDiff {
    #[serde(rename = "Type")]
    pub kind: DiffKind,
    #[serde(rename = "ID")]
    pub id: String,
    #[serde(rename = "Fields", with = "null")]
    pub fields: Vec<FieldDiff>,
    #[serde(rename = "Objects", with = "null")]
    pub objects: Vec<ObjectDiff>,
    #[serde(rename = "TaskGroups", with = "null")]
    pub task_groups: Vec<TaskGroupDiff>,
}

/// The kind of a difference; `None` marks an unchanged neighbour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DiffKind {
    Added,
    Deleted,
    Edited,
    #[default]
    None,
}

/// The difference of one group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TaskGroupDiff {
    #[serde(rename = "Type")]
    pub kind: DiffKind,
    pub name: String,
    #[serde(with = "null")]
    pub fields: Vec<FieldDiff>,
    #[serde(with = "null")]
    pub objects: Vec<ObjectDiff>,
    #[serde(with = "null")]
    pub tasks: Vec<TaskDiff>,
    #[serde(with = "null")]
    pub updates: BTreeMap<String, u64>,
}

/// The difference of one task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TaskDiff {
    #[serde(rename = "Type")]
    pub kind: DiffKind,
    pub name: String,
    #[serde(with = "null")]
    pub fields: Vec<FieldDiff>,
    #[serde(with = "null")]
    pub objects: Vec<ObjectDiff>,
    #[serde(with = "null")]
    pub annotations: Vec<String>,
}

/// The difference of a nested object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ObjectDiff {
    #[serde(rename = "Type")]
    pub kind: DiffKind,
    pub name: String,
    #[serde(with = "null")]
    pub fields: Vec<FieldDiff>,
    #[serde(with = "null")]
    pub objects: Vec<ObjectDiff>,
}

/// The difference of one field, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct FieldDiff {
    #[serde(rename = "Type")]
    pub kind: DiffKind,
    pub name: String,
    pub old: String,
    pub new: String,
    #[serde(with = "null")]
    pub annotations: Vec<String>,
}
