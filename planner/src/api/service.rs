//! Services and their checks: parsed, kept and validated; the planner weighs only Connect's extra tasks.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/service>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Nanos, TextMap, Value, null};

/// A service a group or task offers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Service {
    #[serde(rename = "Id", with = "null")]
    pub id: String,
    #[serde(with = "null")]
    pub name: String,
    #[serde(with = "null")]
    pub tags: Vec<String>,
    #[serde(with = "null")]
    pub canary_tags: Vec<String>,
    pub enable_tag_override: bool,
    #[serde(with = "null")]
    pub port_label: String,
    #[serde(with = "null")]
    pub address_mode: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    #[serde(with = "null")]
    pub checks: Vec<ServiceCheck>,
    pub check_restart: Option<CheckRestart>,
    pub connect: Option<Value>,
    #[serde(with = "null")]
    pub meta: TextMap,
    #[serde(with = "null")]
    pub canary_meta: TextMap,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tagged_addresses: Option<TextMap>,
    #[serde(with = "null")]
    pub task_name: String,
    #[serde(with = "null")]
    pub on_update: String,
    /// The Consul namespace, set when the job is registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// A health check of a service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ServiceCheck {
    #[serde(rename = "Id", with = "null")]
    pub id: String,
    #[serde(with = "null")]
    pub name: String,
    #[serde(rename = "Type", with = "null")]
    pub kind: String,
    #[serde(with = "null")]
    pub command: String,
    #[serde(with = "null")]
    pub args: Vec<String>,
    #[serde(with = "null")]
    pub path: String,
    #[serde(with = "null")]
    pub protocol: String,
    #[serde(with = "null")]
    pub port_label: String,
    pub expose: bool,
    #[serde(with = "null")]
    pub address_mode: String,
    pub interval: Nanos,
    pub timeout: Nanos,
    #[serde(with = "null")]
    pub initial_status: String,
    #[serde(rename = "TLSSkipVerify")]
    pub tls_skip_verify: bool,
    #[serde(rename = "TLSServerName", skip_serializing_if = "Option::is_none")]
    pub tls_server_name: Option<String>,
    #[serde(with = "null")]
    pub header: BTreeMap<String, Vec<String>>,
    #[serde(with = "null")]
    pub method: String,
    #[serde(with = "null")]
    pub body: String,
    pub check_restart: Option<CheckRestart>,
    #[serde(rename = "GRPCService", with = "null")]
    pub grpc_service: String,
    #[serde(rename = "GRPCUseTLS")]
    pub grpc_use_tls: bool,
    #[serde(with = "null")]
    pub task_name: String,
    pub success_before_passing: i64,
    pub failures_before_critical: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failures_before_warning: Option<i64>,
    #[serde(with = "null")]
    pub on_update: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// When a failing check restarts its task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CheckRestart {
    pub limit: i64,
    pub grace: Option<Nanos>,
    pub ignore_warnings: bool,
}
