//! The evaluation: one run of the scheduler for one job.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/api-docs/evaluations>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{AllocMetric, Nanos, null};

/// An evaluation as `GET /v1/evaluation/:id` gives it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Evaluation {
    #[serde(rename = "ID")]
    pub id: String,
    #[serde(with = "null")]
    pub namespace: String,
    pub priority: i64,
    /// `service`, `batch`, `system` or `sysbatch`.
    #[serde(rename = "Type")]
    pub kind: String,
    /// `job-register`, `job-deregister`, `deployment-watcher`, `node-update`, …
    pub triggered_by: String,
    #[serde(rename = "JobID")]
    pub job_id: String,
    pub job_modify_index: u64,
    #[serde(rename = "NodeID", with = "null", skip_serializing_if = "String::is_empty")]
    pub node_id: String,
    #[serde(rename = "DeploymentID", with = "null", skip_serializing_if = "String::is_empty")]
    pub deployment_id: String,
    /// `pending`, `complete`, `failed`, `canceled` or `blocked`.
    pub status: String,
    #[serde(with = "null")]
    pub status_description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait: Option<Nanos>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_until: Option<String>,
    #[serde(with = "null", skip_serializing_if = "String::is_empty")]
    pub next_eval: String,
    #[serde(with = "null", skip_serializing_if = "String::is_empty")]
    pub previous_eval: String,
    #[serde(with = "null", skip_serializing_if = "String::is_empty")]
    pub blocked_eval: String,
    #[serde(rename = "FailedTGAllocs", with = "null")]
    pub failed_tg_allocs: BTreeMap<String, AllocMetric>,
    #[serde(with = "null")]
    pub queued_allocations: BTreeMap<String, i64>,
    #[serde(with = "null", skip_serializing_if = "BTreeMap::is_empty")]
    pub class_eligibility: BTreeMap<String, bool>,
    pub escaped_computed_class: bool,
    pub annotate_plan: bool,
    pub snapshot_index: u64,
    pub create_index: u64,
    pub modify_index: u64,
    /// Nanoseconds since the epoch.
    pub create_time: i64,
    pub modify_time: i64,
}
