//! The task group: the unit that is placed.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/group>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Affinity, Constraint, MigrateStrategy, Nanos, NetworkResource, ReschedulePolicy, Service,
    Spread, Task, TextMap, UpdateStrategy, Value, null,
};

/// A set of tasks that run together on one node.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TaskGroup {
    #[serde(with = "null")]
    pub name: String,
    pub count: Option<i64>,
    #[serde(with = "null")]
    pub constraints: Vec<Constraint>,
    #[serde(with = "null")]
    pub affinities: Vec<Affinity>,
    #[serde(with = "null")]
    pub spreads: Vec<Spread>,
    #[serde(with = "null")]
    pub tasks: Vec<Task>,
    #[serde(with = "null")]
    pub networks: Vec<NetworkResource>,
    #[serde(with = "null")]
    pub services: Vec<Service>,
    #[serde(with = "null")]
    pub volumes: BTreeMap<String, VolumeRequest>,
    pub ephemeral_disk: Option<EphemeralDisk>,
    pub restart_policy: Option<RestartPolicy>,
    pub reschedule_policy: Option<ReschedulePolicy>,
    pub update: Option<UpdateStrategy>,
    #[serde(rename = "Migrate")]
    pub migrate: Option<MigrateStrategy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disconnect: Option<DisconnectStrategy>,
    pub scaling: Option<Value>,
    pub consul: Option<Value>,
    #[serde(with = "null")]
    pub meta: TextMap,
    pub shutdown_delay: Option<Nanos>,
    pub stop_after_client_disconnect: Option<Nanos>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_client_disconnect: Option<Nanos>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prevent_reschedule_on_lost: Option<bool>,
}

/// The disk every allocation of the group gets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EphemeralDisk {
    #[serde(rename = "Sticky")]
    pub sticky: Option<bool>,
    #[serde(rename = "Migrate")]
    pub migrate: Option<bool>,
    #[serde(rename = "SizeMB")]
    pub size_mb: Option<i64>,
}

/// How a task is restarted on its node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RestartPolicy {
    pub attempts: Option<i64>,
    pub interval: Option<Nanos>,
    pub delay: Option<Nanos>,
    pub mode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub render_templates: Option<bool>,
}

/// What happens when the node loses contact (Nomad 1.8).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DisconnectStrategy {
    pub lost_after: Option<Nanos>,
    pub stop_on_client_after: Option<Nanos>,
    pub replace: Option<bool>,
    pub reconcile: Option<String>,
}

/// A volume the group asks of its node.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct VolumeRequest {
    #[serde(with = "null")]
    pub name: String,
    /// `host` or `csi`.
    #[serde(rename = "Type", with = "null")]
    pub kind: String,
    #[serde(with = "null")]
    pub source: String,
    pub read_only: bool,
    #[serde(with = "null")]
    pub access_mode: String,
    #[serde(with = "null")]
    pub attachment_mode: String,
    pub mount_options: Option<Value>,
    pub per_alloc: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sticky: Option<bool>,
}
