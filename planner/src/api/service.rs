//! Services and their checks: parsed, kept and validated; the planner weighs only Connect's extra tasks.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/service>

use super::{Map, Nanos, TextMap, Value};
use crate::record::Record;

/// A service a group or task offers.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct Service {
    #[record(rename = "Id")]
    pub id: String,
    pub name: String,
    #[record(null)]
    pub tags: Vec<String>,
    #[record(null)]
    pub canary_tags: Vec<String>,
    pub enable_tag_override: bool,
    pub port_label: String,
    pub address_mode: String,
    #[record(skip)]
    pub address: Option<String>,
    #[record(null)]
    pub checks: Vec<ServiceCheck>,
    pub check_restart: Option<CheckRestart>,
    pub connect: Option<Value>,
    #[record(null)]
    pub meta: TextMap,
    #[record(null)]
    pub canary_meta: TextMap,
    #[record(skip)]
    pub tagged_addresses: Option<TextMap>,
    pub task_name: String,
    pub on_update: String,
    /// The Consul namespace, set when the job is registered.
    #[record(skip)]
    pub namespace: Option<String>,
    #[record(skip)]
    pub provider: Option<String>,
    #[record(skip)]
    pub cluster: Option<String>,
    #[record(skip)]
    pub identity: Option<Value>,
    #[record(skip)]
    pub weights: Option<Value>,
    #[record(skip)]
    pub kind: Option<String>,
}

/// A health check of a service.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct ServiceCheck {
    #[record(rename = "Id")]
    pub id: String,
    pub name: String,
    #[record(rename = "Type")]
    pub kind: String,
    pub command: String,
    #[record(null)]
    pub args: Vec<String>,
    pub path: String,
    pub protocol: String,
    pub port_label: String,
    pub expose: bool,
    pub address_mode: String,
    #[record(skip)]
    pub advertise: Option<String>,
    pub interval: Nanos,
    pub timeout: Nanos,
    pub initial_status: String,
    #[record(rename = "TLSSkipVerify")]
    pub tls_skip_verify: bool,
    #[record(rename = "TLSServerName", skip)]
    pub tls_server_name: Option<String>,
    #[record(null)]
    pub header: Map<Vec<String>>,
    pub method: String,
    pub body: String,
    pub check_restart: Option<CheckRestart>,
    #[record(rename = "GRPCService")]
    pub grpc_service: String,
    #[record(rename = "GRPCUseTLS")]
    pub grpc_use_tls: bool,
    pub task_name: String,
    pub success_before_passing: i64,
    pub failures_before_critical: i64,
    #[record(skip)]
    pub failures_before_warning: Option<i64>,
    pub on_update: String,
    #[record(skip)]
    pub notes: Option<String>,
}

/// When a failing check restarts its task.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct CheckRestart {
    pub limit: i64,
    pub grace: Option<Nanos>,
    pub ignore_warnings: bool,
}
