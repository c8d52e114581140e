//! The short forms in lists, and the summary of a job.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/api-docs/jobs#list-jobs>

use super::{
    AllocDeploymentStatus, AllocatedResources, DesiredTransition, DriverInfo, Map,
    NodeReservedResources, NodeResources, RescheduleTracker, TaskState, TextMap,
};
use crate::record::Record;

/// One row of `GET /v1/jobs`. `job_summary` is never null: the CLI reads its namespace.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct JobListStub {
    #[record(rename = "ID")]
    pub id: String,
    #[record(rename = "ParentID")]
    pub parent_id: String,
    pub name: String,
    pub namespace: String,
    #[record(null)]
    pub datacenters: Vec<String>,
    #[record(skip)]
    pub node_pool: Option<String>,
    #[record(rename = "Type")]
    pub kind: String,
    pub priority: i64,
    pub periodic: bool,
    pub parameterized_job: bool,
    pub stop: bool,
    /// `pending`, `running` or `dead`.
    pub status: String,
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
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct JobSummary {
    #[record(rename = "JobID")]
    pub job_id: String,
    pub namespace: String,
    pub summary: Map<TaskGroupSummary>,
    pub children: Option<JobChildrenSummary>,
    pub create_index: u64,
    pub modify_index: u64,
}

/// Counts of one group.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct TaskGroupSummary {
    pub queued: i64,
    pub complete: i64,
    pub failed: i64,
    pub running: i64,
    pub starting: i64,
    pub lost: i64,
    pub unknown: i64,
}

/// Counts of dispatched or periodic children.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct JobChildrenSummary {
    pub pending: i64,
    pub running: i64,
    pub dead: i64,
}

/// One row of an allocation list.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct AllocListStub {
    #[record(rename = "ID")]
    pub id: String,
    #[record(rename = "EvalID")]
    pub eval_id: String,
    pub name: String,
    pub namespace: String,
    #[record(rename = "NodeID")]
    pub node_id: String,
    pub node_name: String,
    #[record(rename = "JobID")]
    pub job_id: String,
    pub job_type: String,
    pub job_version: u64,
    pub task_group: String,
    #[record(skip)]
    pub allocated_resources: Option<AllocatedResources>,
    pub desired_status: String,
    pub desired_description: String,
    pub client_status: String,
    pub client_description: String,
    pub desired_transition: DesiredTransition,
    #[record(null)]
    pub task_states: Map<TaskState>,
    pub deployment_status: Option<AllocDeploymentStatus>,
    #[record(rename = "FollowupEvalID")]
    pub followup_eval_id: String,
    pub reschedule_tracker: Option<RescheduleTracker>,
    #[record(null)]
    pub preempted_allocations: Vec<String>,
    pub preempted_by_allocation: String,
    pub create_index: u64,
    pub modify_index: u64,
    pub create_time: i64,
    pub modify_time: i64,
}

/// One row of `GET /v1/nodes`.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct NodeListStub {
    #[record(rename = "ID")]
    pub id: String,
    pub address: String,
    #[record(null)]
    pub attributes: TextMap,
    pub datacenter: String,
    pub name: String,
    pub node_class: String,
    #[record(skip)]
    pub node_pool: Option<String>,
    pub version: String,
    pub drain: bool,
    pub scheduling_eligibility: String,
    pub status: String,
    pub status_description: String,
    #[record(null)]
    pub drivers: Map<DriverInfo>,
    #[record(skip)]
    pub node_resources: Option<NodeResources>,
    #[record(skip)]
    pub reserved_resources: Option<NodeReservedResources>,
    #[record(skip)]
    pub last_drain: Option<super::Value>,
    pub create_index: u64,
    pub modify_index: u64,
}
