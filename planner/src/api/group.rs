//! The task group: the unit that is placed.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/group>

use super::{
    Affinity, Constraint, Map, MigrateStrategy, Nanos, NetworkResource, ReschedulePolicy, Service,
    Spread, Task, TextMap, UpdateStrategy, Value,
};
use crate::record::Record;

/// A set of tasks that run together on one node.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct TaskGroup {
    pub name: String,
    pub count: Option<i64>,
    #[record(null)]
    pub constraints: Vec<Constraint>,
    #[record(null)]
    pub affinities: Vec<Affinity>,
    #[record(null)]
    pub spreads: Vec<Spread>,
    #[record(null)]
    pub tasks: Vec<Task>,
    #[record(null)]
    pub networks: Vec<NetworkResource>,
    #[record(null)]
    pub services: Vec<Service>,
    #[record(null)]
    pub volumes: Map<VolumeRequest>,
    pub ephemeral_disk: Option<EphemeralDisk>,
    pub restart_policy: Option<RestartPolicy>,
    pub reschedule_policy: Option<ReschedulePolicy>,
    pub update: Option<UpdateStrategy>,
    #[record(rename = "Migrate")]
    pub migrate: Option<MigrateStrategy>,
    #[record(skip)]
    pub disconnect: Option<DisconnectStrategy>,
    pub scaling: Option<Value>,
    pub consul: Option<Value>,
    #[record(null)]
    pub meta: TextMap,
    pub shutdown_delay: Option<Nanos>,
    pub stop_after_client_disconnect: Option<Nanos>,
    #[record(skip)]
    pub max_run_duration: Option<Nanos>,
    #[record(skip)]
    pub max_client_disconnect: Option<Nanos>,
    #[record(skip)]
    pub prevent_reschedule_on_lost: Option<bool>,
}

/// The disk every allocation of the group gets.
#[derive(Debug, Default, Eq, Record)]
pub struct EphemeralDisk {
    #[record(rename = "Sticky")]
    pub sticky: Option<bool>,
    #[record(rename = "Migrate")]
    pub migrate: Option<bool>,
    #[record(rename = "SizeMB")]
    pub size_mb: Option<i64>,
}

/// How a task is restarted on its node.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct RestartPolicy {
    pub attempts: Option<i64>,
    pub interval: Option<Nanos>,
    pub delay: Option<Nanos>,
    pub mode: Option<String>,
    #[record(skip)]
    pub render_templates: Option<bool>,
}

/// What happens when the node loses contact (Nomad 1.8).
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct DisconnectStrategy {
    pub lost_after: Option<Nanos>,
    pub stop_on_client_after: Option<Nanos>,
    pub replace: Option<bool>,
    pub reconcile: Option<String>,
}

/// A volume the group asks of its node.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct VolumeRequest {
    pub name: String,
    /// `host` or `csi`.
    #[record(rename = "Type")]
    pub kind: String,
    pub source: String,
    pub read_only: bool,
    pub access_mode: String,
    pub attachment_mode: String,
    pub mount_options: Option<Value>,
    pub per_alloc: bool,
    #[record(skip)]
    pub sticky: Option<bool>,
}
