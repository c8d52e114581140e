//! The evaluation: one run of the scheduler for one job.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/api-docs/evaluations>

use super::{AllocMetric, Map, Nanos};
use crate::record::Record;

/// An evaluation as `GET /v1/evaluation/:id` gives it.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct Evaluation {
    #[record(rename = "ID")]
    pub id: String,
    pub namespace: String,
    pub priority: i64,
    /// `service`, `batch`, `system` or `sysbatch`.
    #[record(rename = "Type")]
    pub kind: String,
    /// `job-register`, `job-deregister`, `deployment-watcher`, `node-update`, …
    pub triggered_by: String,
    #[record(rename = "JobID")]
    pub job_id: String,
    pub job_modify_index: u64,
    #[record(rename = "NodeID", skip)]
    pub node_id: String,
    #[record(rename = "DeploymentID", skip)]
    pub deployment_id: String,
    /// `pending`, `complete`, `failed`, `canceled` or `blocked`.
    pub status: String,
    pub status_description: String,
    #[record(skip)]
    pub wait: Option<Nanos>,
    #[record(skip)]
    pub wait_until: Option<String>,
    #[record(skip)]
    pub next_eval: String,
    #[record(skip)]
    pub previous_eval: String,
    #[record(skip)]
    pub blocked_eval: String,
    #[record(rename = "FailedTGAllocs", null)]
    pub failed_tg_allocs: Map<AllocMetric>,
    #[record(null)]
    pub queued_allocations: Map<i64>,
    #[record(null, skip)]
    pub class_eligibility: Map<bool>,
    pub escaped_computed_class: bool,
    pub annotate_plan: bool,
    pub snapshot_index: u64,
    pub create_index: u64,
    pub modify_index: u64,
    /// Nanoseconds since the epoch.
    pub create_time: i64,
    pub modify_time: i64,
}
