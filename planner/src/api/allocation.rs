//! The allocation: a task group placed on a node, with what it was given and how it fares.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/api-docs/allocations>

use super::{
    AllocMetric, Job, Lifecycle, Map, Nanos, NetworkResource, PortMapping, Resources, TextMap,
};
use crate::record::Record;

/// An allocation as `GET /v1/allocation/:id` gives it.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct Allocation {
    #[record(rename = "ID")]
    pub id: String,
    pub namespace: String,
    #[record(rename = "EvalID")]
    pub eval_id: String,
    pub name: String,
    #[record(rename = "NodeID")]
    pub node_id: String,
    pub node_name: String,
    #[record(rename = "JobID")]
    pub job_id: String,
    /// The version of `job`; Nomad leaves it out where the job itself is embedded.
    #[record(skip)]
    pub job_version: Option<u64>,
    #[record(skip)]
    pub job: Option<Box<Job>>,
    pub task_group: String,
    pub allocated_resources: Option<AllocatedResources>,
    /// The pre-0.9 forms; the CLI still reads them.
    #[record(skip)]
    pub resources: Option<Resources>,
    #[record(skip)]
    pub task_resources: Map<Resources>,
    #[record(skip)]
    pub metrics: Option<AllocMetric>,
    /// `run`, `stop` or `evict`.
    pub desired_status: String,
    #[record(skip)]
    pub desired_description: String,
    #[record(skip)]
    pub desired_transition: Option<DesiredTransition>,
    /// `pending`, `running`, `complete`, `failed`, `lost` or `unknown`.
    pub client_status: String,
    #[record(skip)]
    pub client_description: String,
    #[record(null, skip)]
    pub task_states: Map<TaskState>,
    #[record(rename = "DeploymentID", skip)]
    pub deployment_id: String,
    #[record(skip)]
    pub deployment_status: Option<AllocDeploymentStatus>,
    #[record(skip)]
    pub reschedule_tracker: Option<RescheduleTracker>,
    #[record(skip)]
    pub previous_allocation: String,
    #[record(skip)]
    pub next_allocation: String,
    #[record(rename = "FollowupEvalID", skip)]
    pub followup_eval_id: String,
    #[record(null, skip)]
    pub preempted_allocations: Vec<String>,
    #[record(skip)]
    pub preempted_by_allocation: String,
    pub create_index: u64,
    pub modify_index: u64,
    pub alloc_modify_index: u64,
    /// Nanoseconds since the epoch.
    pub create_time: i64,
    pub modify_time: i64,
}

/// What an allocation was given.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct AllocatedResources {
    #[record(null)]
    pub tasks: Map<AllocatedTaskResources>,
    #[record(null)]
    pub task_lifecycles: Map<Option<Lifecycle>>,
    pub shared: AllocatedSharedResources,
}

/// What one task was given.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct AllocatedTaskResources {
    pub cpu: AllocatedCpu,
    pub memory: AllocatedMemory,
    #[record(null)]
    pub networks: Vec<NetworkResource>,
    #[record(null)]
    pub devices: Vec<AllocatedDevice>,
}

/// Shares in MHz, or whole cores.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct AllocatedCpu {
    pub cpu_shares: i64,
    #[record(null)]
    pub reserved_cores: Vec<u16>,
}

/// Memory in MiB, and the limit above it.
#[derive(Debug, Default, Eq, Record)]
pub struct AllocatedMemory {
    #[record(rename = "MemoryMB")]
    pub memory_mb: i64,
    #[record(rename = "MemoryMaxMB")]
    pub memory_max_mb: i64,
}

/// Device instances given to a task.
#[derive(Debug, Default, Eq, Record)]
pub struct AllocatedDevice {
    #[record(rename = "Vendor")]
    pub vendor: String,
    #[record(rename = "Type")]
    pub kind: String,
    #[record(rename = "Name")]
    pub name: String,
    #[record(rename = "DeviceIDs", null)]
    pub device_ids: Vec<String>,
}

/// What the tasks of an allocation share.
#[derive(Debug, Default, Record)]
pub struct AllocatedSharedResources {
    #[record(rename = "DiskMB")]
    pub disk_mb: i64,
    #[record(rename = "Networks", null)]
    pub networks: Vec<NetworkResource>,
    #[record(rename = "Ports", null)]
    pub ports: Vec<PortMapping>,
}

/// What the server wants to happen to an allocation next.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct DesiredTransition {
    pub migrate: Option<bool>,
    pub reschedule: Option<bool>,
    pub force_reschedule: Option<bool>,
}

/// The part of an allocation in its deployment.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct AllocDeploymentStatus {
    pub healthy: Option<bool>,
    pub timestamp: Option<String>,
    pub canary: bool,
    pub modify_index: u64,
}

/// How often an allocation was rescheduled.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct RescheduleTracker {
    #[record(null)]
    pub events: Vec<RescheduleEvent>,
}

/// One rescheduling.
#[derive(Debug, Default, Eq, Record)]
pub struct RescheduleEvent {
    /// Nanoseconds since the epoch.
    #[record(rename = "RescheduleTime")]
    pub reschedule_time: i64,
    #[record(rename = "PrevAllocID")]
    pub prev_alloc_id: String,
    #[record(rename = "PrevNodeID")]
    pub prev_node_id: String,
    #[record(rename = "Delay")]
    pub delay: Nanos,
}

/// How one task fares.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct TaskState {
    /// `pending`, `running` or `dead`.
    pub state: String,
    pub failed: bool,
    pub restarts: u64,
    pub last_restart: Option<String>,
    pub started_at: Option<String>,
    pub finished_at: Option<String>,
    #[record(null)]
    pub events: Vec<TaskEvent>,
    #[record(rename = "TaskHandle", skip)]
    pub task_handle: Option<super::Value>,
}

/// Something that happened to a task.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct TaskEvent {
    #[record(rename = "Type")]
    pub kind: String,
    /// Nanoseconds since the epoch.
    pub time: i64,
    pub display_message: String,
    pub message: String,
    pub details: TextMap,
    pub exit_code: i64,
    pub signal: i64,
    pub fails_task: bool,
}
