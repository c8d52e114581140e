//! The allocation: a task group placed on a node, with what it was given and how it fares.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/api-docs/allocations>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    AllocMetric, Job, Lifecycle, Nanos, NetworkResource, PortMapping, Resources, TextMap, null,
};

/// An allocation as `GET /v1/allocation/:id` gives it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Allocation {
    #[serde(rename = "ID")]
    pub id: String,
    #[serde(with = "null")]
    pub namespace: String,
    #[serde(rename = "EvalID", with = "null")]
    pub eval_id: String,
    pub name: String,
    #[serde(rename = "NodeID")]
    pub node_id: String,
    #[serde(with = "null")]
    pub node_name: String,
    #[serde(rename = "JobID")]
    pub job_id: String,
    /// The version of `job`; Nomad leaves it out where the job itself is embedded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_version: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<Box<Job>>,
    pub task_group: String,
    pub allocated_resources: Option<AllocatedResources>,
    /// The pre-0.9 forms; the CLI still reads them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "null::deserialize")]
    pub task_resources: BTreeMap<String, Resources>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics: Option<AllocMetric>,
    /// `run`, `stop` or `evict`.
    #[serde(with = "null")]
    pub desired_status: String,
    #[serde(with = "null", skip_serializing_if = "String::is_empty")]
    pub desired_description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desired_transition: Option<DesiredTransition>,
    /// `pending`, `running`, `complete`, `failed`, `lost` or `unknown`.
    #[serde(with = "null")]
    pub client_status: String,
    #[serde(with = "null", skip_serializing_if = "String::is_empty")]
    pub client_description: String,
    #[serde(with = "null", skip_serializing_if = "BTreeMap::is_empty")]
    pub task_states: BTreeMap<String, TaskState>,
    #[serde(rename = "DeploymentID", with = "null", skip_serializing_if = "String::is_empty")]
    pub deployment_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deployment_status: Option<AllocDeploymentStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reschedule_tracker: Option<RescheduleTracker>,
    #[serde(with = "null", skip_serializing_if = "String::is_empty")]
    pub previous_allocation: String,
    #[serde(with = "null", skip_serializing_if = "String::is_empty")]
    pub next_allocation: String,
    #[serde(rename = "FollowupEvalID", with = "null", skip_serializing_if = "String::is_empty")]
    pub followup_eval_id: String,
    #[serde(with = "null", skip_serializing_if = "Vec::is_empty")]
    pub preempted_allocations: Vec<String>,
    #[serde(with = "null", skip_serializing_if = "String::is_empty")]
    pub preempted_by_allocation: String,
    pub create_index: u64,
    pub modify_index: u64,
    #[serde(default)]
    pub alloc_modify_index: u64,
    /// Nanoseconds since the epoch.
    pub create_time: i64,
    pub modify_time: i64,
}

/// What an allocation was given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AllocatedResources {
    #[serde(with = "null")]
    pub tasks: BTreeMap<String, AllocatedTaskResources>,
    #[serde(with = "null")]
    pub task_lifecycles: BTreeMap<String, Option<Lifecycle>>,
    pub shared: AllocatedSharedResources,
}

/// What one task was given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AllocatedTaskResources {
    pub cpu: AllocatedCpu,
    pub memory: AllocatedMemory,
    #[serde(with = "null")]
    pub networks: Vec<NetworkResource>,
    #[serde(with = "null")]
    pub devices: Vec<AllocatedDevice>,
}

/// Shares in MHz, or whole cores.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AllocatedCpu {
    pub cpu_shares: i64,
    #[serde(with = "null")]
    pub reserved_cores: Vec<u16>,
}

/// Memory in MiB, and the limit above it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AllocatedMemory {
    #[serde(rename = "MemoryMB")]
    pub memory_mb: i64,
    #[serde(rename = "MemoryMaxMB")]
    pub memory_max_mb: i64,
}

/// Device instances given to a task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AllocatedDevice {
    #[serde(rename = "Vendor", with = "null")]
    pub vendor: String,
    #[serde(rename = "Type", with = "null")]
    pub kind: String,
    #[serde(rename = "Name", with = "null")]
    pub name: String,
    #[serde(rename = "DeviceIDs", with = "null")]
    pub device_ids: Vec<String>,
}

/// What the tasks of an allocation share.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AllocatedSharedResources {
    #[serde(rename = "DiskMB")]
    pub disk_mb: i64,
    #[serde(rename = "Networks", with = "null")]
    pub networks: Vec<NetworkResource>,
    #[serde(rename = "Ports", with = "null")]
    pub ports: Vec<PortMapping>,
}

/// What the server wants to happen to an allocation next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DesiredTransition {
    pub migrate: Option<bool>,
    pub reschedule: Option<bool>,
    pub force_reschedule: Option<bool>,
}

/// The part of an allocation in its deployment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AllocDeploymentStatus {
    pub healthy: Option<bool>,
    pub timestamp: Option<String>,
    pub canary: bool,
    pub modify_index: u64,
}

/// How often an allocation was rescheduled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RescheduleTracker {
    #[serde(with = "null")]
    pub events: Vec<RescheduleEvent>,
}

/// One rescheduling.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RescheduleEvent {
    /// Nanoseconds since the epoch.
    #[serde(rename = "RescheduleTime")]
    pub reschedule_time: i64,
    #[serde(rename = "PrevAllocID", with = "null")]
    pub prev_alloc_id: String,
    #[serde(rename = "PrevNodeID", with = "null")]
    pub prev_node_id: String,
    #[serde(rename = "Delay")]
    pub delay: Nanos,
}

/// How one task fares.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TaskState {
    /// `pending`, `running` or `dead`.
    #[serde(with = "null")]
    pub state: String,
    pub failed: bool,
    pub restarts: u64,
    pub last_restart: Option<String>,
    pub started_at: Option<String>,
    pub finished_at: Option<String>,
    #[serde(with = "null")]
    pub events: Vec<TaskEvent>,
    #[serde(rename = "TaskHandle", skip_serializing_if = "Option::is_none")]
    pub task_handle: Option<super::Value>,
}

/// Something that happened to a task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TaskEvent {
    #[serde(rename = "Type", with = "null")]
    pub kind: String,
    /// Nanoseconds since the epoch.
    pub time: i64,
    #[serde(with = "null")]
    pub display_message: String,
    #[serde(with = "null")]
    pub message: String,
    #[serde(deserialize_with = "null::deserialize")]
    pub details: TextMap,
    pub exit_code: i64,
    pub signal: i64,
    pub fails_task: bool,
}
