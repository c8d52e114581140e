//! What a plan does: the part that is committed, and that the digest covers.

use super::GroupReport;
use crate::api;
use crate::record::{Record, Word};

/// The outcome of planning one job against one snapshot.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct Plan {
    #[record(rename = "JobID")]
    pub job_id: String,
    pub namespace: String,
    pub job_type: String,
    /// The version the job gets when it is registered.
    pub job_version: u64,
    /// Of the job registered now; 0 for a new one. Deploy sends it back.
    pub job_modify_index: u64,
    /// False if the same specification is registered already.
    pub spec_changed: bool,
    /// The index of the snapshot planned against.
    pub snapshot_index: u64,
    /// Semantics profile: `1.1` or `2.0`.
    pub profile: String,
    /// In the order they were made.
    pub placements: Vec<Placement>,
    pub stops: Vec<Stop>,
    pub in_place: Vec<InPlaceUpdate>,
    /// Allocations that wait for a later evaluation.
    pub followups: Vec<Followup>,
    /// By group.
    pub desired_updates: api::Map<api::DesiredUpdates>,
    /// Groups that could not be placed completely, with Nomad's metrics.
    pub failed_groups: api::Map<api::AllocMetric>,
    /// Placements not made, by group.
    pub queued: api::Map<i64>,
    /// The deployment this plan creates.
    pub deployment: Option<PlannedDeployment>,
    /// Changes to existing deployments (cancelled, successful).
    pub deployment_updates: Vec<DeploymentUpdate>,
    /// Evaluations the plan asks for (blocked, delayed), without IDs.
    pub created_evals: Vec<PlannedEvaluation>,
    /// SHA-256 (hex) over the effects. Equal digests mean equal effects.
    pub digest: String,
    /// Every node, every reason; one report a group.
    pub groups: Vec<GroupReport>,
}

/// Why an allocation is placed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Word)]
pub enum PlacementReason {
    /// The group has fewer allocations than its count.
    #[default]
    Missing,
    /// Replaces an allocation of an older version.
    DestructiveUpdate,
    /// Replaces one on a draining node.
    Migrate,
    /// Replaces a failed one.
    Reschedule,
    /// Replaces one whose node is gone.
    Lost,
    /// Tries a new version beside the old.
    Canary,
}

/// A new allocation.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct Placement {
    /// `job.group[index]`.
    pub name: String,
    pub group: String,
    pub index: u64,
    pub reason: PlacementReason,
    #[record(rename = "NodeID")]
    pub node_id: String,
    pub node_name: String,
    pub datacenter: String,
    /// The job version it runs; older than the plan's for a downgrade during canaries.
    pub job_version: u64,
    pub canary: bool,
    pub previous_allocation: String,
    /// Everything reserved for it, ports and devices included.
    pub resources: api::AllocatedResources,
    /// The same ports, as a flat list for drawing.
    pub ports: Vec<PlannedPort>,
    pub volumes: Vec<PlannedVolume>,
    /// IDs of allocations evicted for it.
    pub preempted: Vec<String>,
    /// Final score, and its parts by Nomad's names.
    pub score: f64,
    pub scores: api::Map<f64>,
    /// Carried over from the previous allocation.
    pub reschedule_tracker: Option<api::RescheduleTracker>,
    /// The metrics to store with the allocation.
    pub metrics: api::AllocMetric,
}

/// A port of a placement.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct PlannedPort {
    pub label: String,
    /// The address on the node.
    #[record(rename = "HostIP")]
    pub host_ip: String,
    pub value: i64,
    /// Port inside; 0 where it is the same.
    pub to: i64,
    pub is_static: bool,
    /// The task whose legacy network asks for it; empty for a group port.
    pub task: String,
}

/// A volume of a placement.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct PlannedVolume {
    /// The name inside the group.
    pub name: String,
    /// `host` or `csi`.
    pub kind: String,
    /// The node's name for it.
    pub source: String,
    /// Directory on the host, for host volumes.
    pub path: String,
    pub read_only: bool,
    /// `task:/destination` of every mount.
    pub mounts: Vec<String>,
}

/// An allocation that ends.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct Stop {
    #[record(rename = "AllocID")]
    pub alloc_id: String,
    pub name: String,
    pub group: String,
    #[record(rename = "NodeID")]
    pub node_id: String,
    pub node_name: String,
    /// Nomad's desired description.
    pub description: String,
    /// Set where the client cannot report any more (`lost`).
    pub client_status: String,
    /// True for a victim of preemption (desired status `evict`).
    pub evict: bool,
    #[record(rename = "FollowupEval", skip)]
    pub followup_eval: Option<usize>,
}

/// An allocation that gets the new job version without a restart.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct InPlaceUpdate {
    #[record(rename = "AllocID")]
    pub alloc_id: String,
    pub name: String,
    pub group: String,
    #[record(rename = "NodeID")]
    pub node_id: String,
    pub node_name: String,
    pub resources: api::AllocatedResources,
}

/// An allocation that waits: a failed one for its rescheduling, one on a node out of contact for its return.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct Followup {
    #[record(rename = "AllocID")]
    pub alloc_id: String,
    /// Index into `created_evals`.
    pub eval: usize,
    /// `unknown` where the contact to its node is gone.
    #[record(skip)]
    pub client_status: String,
}

/// A deployment to create.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct PlannedDeployment {
    pub status: String,
    pub status_description: String,
    pub groups: api::Map<api::DeploymentState>,
}

/// A change to an existing deployment.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct DeploymentUpdate {
    #[record(rename = "DeploymentID")]
    pub deployment_id: String,
    pub status: String,
    pub status_description: String,
}

/// An evaluation to create.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct PlannedEvaluation {
    pub triggered_by: String,
    /// `blocked` or `pending`.
    pub status: String,
    pub status_description: String,
    /// Nanoseconds since the epoch; 0 for at once.
    pub wait_until: i64,
    /// Nanoseconds to wait from its creation, where there is no fixed time.
    pub wait: api::Nanos,
    #[record(rename = "NodeID")]
    pub node_id: String,
}
