//! The short forms in lists, and the summary of a job.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/api-docs/jobs#list-jobs>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    AllocDeploymentStatus, AllocatedResources, DesiredTransition, DriverInfo,
    NodeReservedResources, NodeResources, RescheduleTracker, TaskState, TextMap, null,
};

/// One row of `GET /v1/jobs`. `job_summary` is never null: the CLI reads its namespace.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct JobListStub {
    #[serde(rename = "ID")]
    pub id: String,
    #[serde(rename = "ParentID", with = "null")]
    pub parent_id: String,
    pub name: String,
    pub namespace: String,
    #[serde(with = "null")]
    pub datacenters: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node_pool: Option<String>,
    #[serde(rename = "Type")]
    pub kind: String,
    pub priority: i64,
    pub periodic: bool,
    pub parameterized_job: bool,
    pub stop: bool,
    /// `pending`, `running` or `dead`.
    pub status: String,
    #[serde(with = "null")]
    pub status_description: String,
    /// Nomad lists it and leaves it `null`; jobs of several regions are not ours.
    pub multiregion: Option<super::Value>,
    pub job_summary: JobSummary,
    pub create_index: u64,
    pub modify_index: u64,
    pub job_modify_index: u64,
    pub submit_time: i64,
}

/// Counts of a job's allocations by state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct JobSummary {
    #[serde(rename = "JobID")]
    pub job_id: String,
    pub namespace: String,
    #[serde(deserialize_with = "null::deserialize")]
    pub summary: BTreeMap<String, TaskGroupSummary>,
    pub children: Option<JobChildrenSummary>,
    pub create_index: u64,
    pub modify_index: u64,
}

/// Counts of one group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TaskGroupSummary {
    pub queued: i64,
    pub complete: i64,
    pub failed: i64,
    pub running: i64,
    pub starting: i64,
    pub lost: i64,
    #[serde(default)]
    pub unknown: i64,
}

/// Counts of dispatched or periodic children.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct JobChildrenSummary {
    pub pending: i64,
    pub running: i64,
    pub dead: i64,
}

/// One row of an allocation list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AllocListStub {
    #[serde(rename = "ID")]
    pub id: String,
    #[serde(rename = "EvalID", with = "null")]
    pub eval_id: String,
    pub name: String,
    pub namespace: String,
    #[serde(rename = "NodeID")]
    pub node_id: String,
    #[serde(with = "null")]
    pub node_name: String,
    #[serde(rename = "JobID")]
    pub job_id: String,
    pub job_type: String,
    pub job_version: u64,
    pub task_group: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allocated_resources: Option<AllocatedResources>,
    pub desired_status: String,
    #[serde(with = "null")]
    pub desired_description: String,
    pub client_status: String,
    #[serde(with = "null")]
    pub client_description: String,
    pub desired_transition: DesiredTransition,
    #[serde(with = "null")]
    pub task_states: BTreeMap<String, TaskState>,
    pub deployment_status: Option<AllocDeploymentStatus>,
    #[serde(rename = "FollowupEvalID", with = "null")]
    pub followup_eval_id: String,
    pub reschedule_tracker: Option<RescheduleTracker>,
    #[serde(with = "null")]
    pub preempted_allocations: Vec<String>,
    #[serde(with = "null")]
    pub preempted_by_allocation: String,
    pub create_index: u64,
    pub modify_index: u64,
    pub create_time: i64,
    pub modify_time: i64,
}

/// One row of `GET /v1/nodes`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NodeListStub {
    #[serde(rename = "ID")]
    pub id: String,
    #[serde(with = "null")]
    pub address: String,
    #[serde(with = "null")]
    pub attributes: TextMap,
    pub datacenter: String,
    pub name: String,
    #[serde(with = "null")]
    pub node_class: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node_pool: Option<String>,
    #[serde(with = "null")]
    pub version: String,
    pub drain: bool,
    pub scheduling_eligibility: String,
    pub status: String,
    #[serde(with = "null")]
    pub status_description: String,
    #[serde(with = "null")]
    pub drivers: BTreeMap<String, DriverInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node_resources: Option<NodeResources>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserved_resources: Option<NodeReservedResources>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_drain: Option<super::Value>,
    pub create_index: u64,
    pub modify_index: u64,
}
