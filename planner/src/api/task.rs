//! The task: one process or container, and what it needs.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/task>

use super::{
    Affinity, Constraint, Map, Nanos, NetworkResource, RestartPolicy, Service, TextMap, Value,
};
use crate::record::Record;

/// One unit of work inside a group.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct Task {
    pub name: String,
    pub driver: String,
    pub user: String,
    /// The driver's own options, checked by the driver.
    #[record(null)]
    pub config: Map<Value>,
    #[record(null)]
    pub env: TextMap,
    #[record(null)]
    pub services: Vec<Service>,
    #[record(null)]
    pub constraints: Vec<Constraint>,
    #[record(null)]
    pub affinities: Vec<Affinity>,
    pub resources: Option<Resources>,
    pub restart_policy: Option<RestartPolicy>,
    #[record(null)]
    pub meta: TextMap,
    pub kill_timeout: Option<Nanos>,
    pub kill_signal: String,
    pub log_config: Option<LogConfig>,
    #[record(null)]
    pub artifacts: Vec<Artifact>,
    #[record(null)]
    pub templates: Vec<Template>,
    pub vault: Option<Value>,
    #[record(skip)]
    pub consul: Option<Value>,
    #[record(null)]
    pub volume_mounts: Vec<VolumeMount>,
    #[record(rename = "CSIPluginConfig")]
    pub csi_plugin_config: Option<Value>,
    pub dispatch_payload: Option<DispatchPayload>,
    pub lifecycle: Option<Lifecycle>,
    pub leader: bool,
    pub shutdown_delay: Nanos,
    pub kind: String,
    #[record(null)]
    pub scaling_policies: Vec<Value>,
    #[record(skip)]
    pub identity: Option<Value>,
    #[record(skip)]
    pub identities: Option<Value>,
    #[record(skip)]
    pub actions: Option<Value>,
    #[record(skip)]
    pub secrets: Option<Value>,
    #[record(skip)]
    pub schedule: Option<Value>,
}

/// What a task asks of its node.
#[derive(Debug, Default, Record)]
pub struct Resources {
    #[record(rename = "CPU")]
    pub cpu: Option<i64>,
    #[record(rename = "Cores")]
    pub cores: Option<i64>,
    #[record(rename = "MemoryMB")]
    pub memory_mb: Option<i64>,
    #[record(rename = "MemoryMaxMB")]
    pub memory_max_mb: Option<i64>,
    #[record(rename = "DiskMB")]
    pub disk_mb: Option<i64>,
    #[record(rename = "IOPS")]
    pub iops: Option<i64>,
    #[record(rename = "Networks", null)]
    pub networks: Vec<NetworkResource>,
    #[record(rename = "Devices", null)]
    pub devices: Vec<RequestedDevice>,
    #[record(rename = "NUMA", skip)]
    pub numa: Option<Value>,
    #[record(rename = "SecretsMB", skip)]
    pub secrets_mb: Option<i64>,
}

/// A device a task asks for, by `type`, `vendor/type` or `vendor/type/name`.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct RequestedDevice {
    pub name: String,
    pub count: Option<u64>,
    #[record(null)]
    pub constraints: Vec<Constraint>,
    #[record(null)]
    pub affinities: Vec<Affinity>,
}

/// Rotation of a task's log files.
#[derive(Debug, Default, Eq, Record)]
pub struct LogConfig {
    #[record(rename = "MaxFiles")]
    pub max_files: Option<i64>,
    #[record(rename = "MaxFileSizeMB")]
    pub max_file_size_mb: Option<i64>,
    /// The older way to say the opposite of `Disabled`.
    #[record(rename = "Enabled", skip)]
    pub enabled: Option<bool>,
    #[record(rename = "Disabled", skip)]
    pub disabled: Option<bool>,
}

/// Where a group volume appears inside the task.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct VolumeMount {
    pub volume: Option<String>,
    pub destination: Option<String>,
    pub read_only: Option<bool>,
    pub propagation_mode: Option<String>,
    #[record(rename = "SELinuxLabel", skip)]
    pub selinux_label: Option<String>,
}

/// When a task runs relative to the main tasks.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct Lifecycle {
    pub hook: String,
    pub sidecar: bool,
}

/// Where a dispatched payload is written.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct DispatchPayload {
    pub file: String,
}

/// Something fetched before the task starts.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct Artifact {
    pub getter_source: Option<String>,
    #[record(null)]
    pub getter_options: TextMap,
    #[record(null)]
    pub getter_headers: TextMap,
    pub getter_mode: Option<String>,
    #[record(skip)]
    pub getter_insecure: Option<bool>,
    pub relative_dest: Option<String>,
    #[record(skip)]
    pub chown: Option<bool>,
}

/// A file rendered for the task.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct Template {
    pub source_path: Option<String>,
    pub dest_path: Option<String>,
    pub embedded_tmpl: Option<String>,
    pub change_mode: Option<String>,
    pub change_signal: Option<String>,
    #[record(skip)]
    pub change_script: Option<Value>,
    pub splay: Option<Nanos>,
    pub perms: Option<String>,
    pub left_delim: Option<String>,
    pub right_delim: Option<String>,
    pub envvars: Option<bool>,
    pub vault_grace: Option<Nanos>,
    #[record(skip)]
    pub wait: Option<Value>,
    #[record(skip)]
    pub once: Option<bool>,
    #[record(skip)]
    pub uid: Option<i64>,
    #[record(skip)]
    pub gid: Option<i64>,
    #[record(rename = "ErrMissingKey", skip)]
    pub error_missing_key: Option<bool>,
}
