//! The deployment: a job version on its way to healthy.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/api-docs/deployments>

use super::{Map, Nanos};
use crate::record::Record;

/// A deployment as `GET /v1/deployment/:id` gives it.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct Deployment {
    #[record(rename = "ID")]
    pub id: String,
    pub namespace: String,
    #[record(rename = "JobID")]
    pub job_id: String,
    pub job_version: u64,
    pub job_modify_index: u64,
    pub job_spec_modify_index: u64,
    pub job_create_index: u64,
    pub is_multiregion: bool,
    #[record(null)]
    pub task_groups: Map<DeploymentState>,
    /// `running`, `paused`, `successful`, `failed` or `cancelled`.
    pub status: String,
    pub status_description: String,
    pub create_index: u64,
    pub modify_index: u64,
}

/// How far one group has come.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct DeploymentState {
    pub auto_revert: bool,
    pub auto_promote: bool,
    pub promoted: bool,
    #[record(null)]
    pub placed_canaries: Vec<String>,
    pub desired_canaries: i64,
    pub desired_total: i64,
    pub placed_allocs: i64,
    pub healthy_allocs: i64,
    pub unhealthy_allocs: i64,
    pub progress_deadline: Nanos,
    pub require_progress_by: Option<String>,
}
