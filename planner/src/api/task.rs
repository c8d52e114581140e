//! The task: one process or container, and what it needs.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/task>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Affinity, Constraint, Nanos, NetworkResource, RestartPolicy, Service, TextMap, Value, null,
};

/// One unit of work inside a group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Task {
    #[serde(with = "null")]
    pub name: String,
    #[serde(with = "null")]
    pub driver: String,
    #[serde(with = "null")]
    pub user: String,
    /// The driver's own options, checked by the driver.
    #[serde(with = "null")]
    pub config: BTreeMap<String, Value>,
    #[serde(with = "null")]
    pub env: TextMap,
    #[serde(with = "null")]
    pub services: Vec<Service>,
    #[serde(with = "null")]
    pub constraints: Vec<Constraint>,
    #[serde(with = "null")]
    pub affinities: Vec<Affinity>,
    pub resources: Option<Resources>,
    pub restart_policy: Option<RestartPolicy>,
    #[serde(with = "null")]
    pub meta: TextMap,
    pub kill_timeout: Option<Nanos>,
    #[serde(with = "null")]
    pub kill_signal: String,
    pub log_config: Option<LogConfig>,
    #[serde(with = "null")]
    pub artifacts: Vec<Artifact>,
    #[serde(with = "null")]
    pub templates: Vec<Template>,
    pub vault: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consul: Option<Value>,
    #[serde(with = "null")]
    pub volume_mounts: Vec<VolumeMount>,
    #[serde(rename = "CSIPluginConfig")]
    pub csi_plugin_config: Option<Value>,
    pub dispatch_payload: Option<DispatchPayload>,
    pub lifecycle: Option<Lifecycle>,
    pub leader: bool,
    pub shutdown_delay: Nanos,
    #[serde(with = "null")]
    pub kind: String,
    #[serde(with = "null")]
    pub scaling_policies: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identities: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actions: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secrets: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Value>,
}

/// What a task asks of its node.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Resources {
    #[serde(rename = "CPU")]
    pub cpu: Option<i64>,
    #[serde(rename = "Cores")]
    pub cores: Option<i64>,
    #[serde(rename = "MemoryMB")]
    pub memory_mb: Option<i64>,
    #[serde(rename = "MemoryMaxMB")]
    pub memory_max_mb: Option<i64>,
    #[serde(rename = "DiskMB")]
    pub disk_mb: Option<i64>,
    #[serde(rename = "IOPS")]
    pub iops: Option<i64>,
    #[serde(rename = "Networks", with = "null")]
    pub networks: Vec<NetworkResource>,
    #[serde(rename = "Devices", with = "null")]
    pub devices: Vec<RequestedDevice>,
    #[serde(rename = "NUMA", skip_serializing_if = "Option::is_none")]
    pub numa: Option<Value>,
    #[serde(rename = "SecretsMB", skip_serializing_if = "Option::is_none")]
    pub secrets_mb: Option<i64>,
}

/// A device a task asks for, by `type`, `vendor/type` or `vendor/type/name`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RequestedDevice {
    #[serde(with = "null")]
    pub name: String,
    pub count: Option<u64>,
    #[serde(with = "null")]
    pub constraints: Vec<Constraint>,
    #[serde(with = "null")]
    pub affinities: Vec<Affinity>,
}

/// Rotation of a task's log files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LogConfig {
    #[serde(rename = "MaxFiles")]
    pub max_files: Option<i64>,
    #[serde(rename = "MaxFileSizeMB")]
    pub max_file_size_mb: Option<i64>,
    #[serde(rename = "Disabled", skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
}

/// Where a group volume appears inside the task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct VolumeMount {
    pub volume: Option<String>,
    pub destination: Option<String>,
    pub read_only: Option<bool>,
    pub propagation_mode: Option<String>,
    #[serde(rename = "SELinuxLabel", skip_serializing_if = "Option::is_none")]
    pub selinux_label: Option<String>,
}

/// When a task runs relative to the main tasks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Lifecycle {
    #[serde(with = "null")]
    pub hook: String,
    pub sidecar: bool,
}

/// Where a dispatched payload is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DispatchPayload {
    #[serde(with = "null")]
    pub file: String,
}

/// Something fetched before the task starts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Artifact {
    pub getter_source: Option<String>,
    #[serde(with = "null")]
    pub getter_options: TextMap,
    #[serde(with = "null")]
    pub getter_headers: TextMap,
    pub getter_mode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub getter_insecure: Option<bool>,
    pub relative_dest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chown: Option<bool>,
}

/// A file rendered for the task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Template {
    pub source_path: Option<String>,
    pub dest_path: Option<String>,
    pub embedded_tmpl: Option<String>,
    pub change_mode: Option<String>,
    pub change_signal: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change_script: Option<Value>,
    pub splay: Option<Nanos>,
    pub perms: Option<String>,
    pub left_delim: Option<String>,
    pub right_delim: Option<String>,
    pub envvars: Option<bool>,
    pub vault_grace: Option<Nanos>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub once: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uid: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gid: Option<i64>,
    #[serde(rename = "ErrMissingKey", skip_serializing_if = "Option::is_none")]
    pub error_missing_key: Option<bool>,
}
