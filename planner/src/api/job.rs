//! The job and the blocks that may stand at job, group and task level.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/job>

use super::{Nanos, TaskGroup, TextMap, Value};
use crate::record::Record;

/// A job as the HTTP API carries it.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct Job {
    #[record(rename = "ID")]
    pub id: Option<String>,
    pub name: Option<String>,
    #[record(rename = "ParentID")]
    pub parent_id: Option<String>,
    pub region: Option<String>,
    pub namespace: Option<String>,
    /// `service`, `batch`, `system` or `sysbatch`.
    #[record(rename = "Type")]
    pub kind: Option<String>,
    pub priority: Option<i64>,
    pub all_at_once: Option<bool>,
    #[record(null)]
    pub datacenters: Vec<String>,
    #[record(skip)]
    pub node_pool: Option<String>,
    #[record(null)]
    pub constraints: Vec<Constraint>,
    #[record(null)]
    pub affinities: Vec<Affinity>,
    #[record(null)]
    pub spreads: Vec<Spread>,
    #[record(null)]
    pub task_groups: Vec<TaskGroup>,
    pub update: Option<UpdateStrategy>,
    pub periodic: Option<Periodic>,
    pub parameterized_job: Option<ParameterizedJob>,
    pub multiregion: Option<Value>,
    /// Job-wide default of every group, as `Migrate` is.
    #[record(skip)]
    pub reschedule: Option<ReschedulePolicy>,
    #[record(skip)]
    pub migrate: Option<MigrateStrategy>,
    pub dispatched: bool,
    #[record(skip)]
    pub dispatch_idempotency_token: Option<String>,
    pub payload: Option<String>,
    #[record(null)]
    pub meta: TextMap,
    pub consul_token: Option<String>,
    pub consul_namespace: Option<String>,
    pub vault_token: Option<String>,
    pub vault_namespace: Option<String>,
    #[record(rename = "NomadTokenID")]
    pub nomad_token_id: Option<String>,
    #[record(rename = "UI", skip)]
    pub ui: Option<Value>,
    #[record(skip)]
    pub version_tag: Option<Value>,
    pub status: Option<String>,
    pub status_description: Option<String>,
    pub stop: Option<bool>,
    pub stable: Option<bool>,
    pub version: Option<u64>,
    pub submit_time: Option<i64>,
    pub create_index: Option<u64>,
    pub modify_index: Option<u64>,
    pub job_modify_index: Option<u64>,
}

/// A hard condition on the node.
#[derive(Debug, Default, Eq, Record)]
pub struct Constraint {
    #[record(rename = "LTarget")]
    pub l_target: String,
    #[record(rename = "RTarget")]
    pub r_target: String,
    #[record(rename = "Operand")]
    pub operand: String,
}

/// A wish about the node, weighted from -100 to 100.
#[derive(Debug, Default, Eq, Record)]
pub struct Affinity {
    #[record(rename = "LTarget")]
    pub l_target: String,
    #[record(rename = "RTarget")]
    pub r_target: String,
    #[record(rename = "Operand")]
    pub operand: String,
    #[record(rename = "Weight")]
    pub weight: Option<i64>,
}

/// A wish to distribute allocations over the values of a node attribute.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct Spread {
    pub attribute: String,
    pub weight: Option<i64>,
    #[record(null)]
    pub spread_target: Vec<SpreadTarget>,
}

/// The share one attribute value should get.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct SpreadTarget {
    pub value: String,
    pub percent: i64,
}

/// How a group moves to a new job version.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct UpdateStrategy {
    pub stagger: Option<Nanos>,
    pub max_parallel: Option<i64>,
    pub health_check: Option<String>,
    pub min_healthy_time: Option<Nanos>,
    pub healthy_deadline: Option<Nanos>,
    pub progress_deadline: Option<Nanos>,
    pub auto_revert: Option<bool>,
    pub auto_promote: Option<bool>,
    pub canary: Option<i64>,
}

/// How a failed allocation is tried again elsewhere.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct ReschedulePolicy {
    pub attempts: Option<i64>,
    pub interval: Option<Nanos>,
    pub delay: Option<Nanos>,
    pub delay_function: Option<String>,
    pub max_delay: Option<Nanos>,
    pub unlimited: Option<bool>,
}

/// How allocations leave a draining node.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct MigrateStrategy {
    pub max_parallel: Option<i64>,
    pub health_check: Option<String>,
    pub min_healthy_time: Option<Nanos>,
    pub healthy_deadline: Option<Nanos>,
}

/// A job that runs by the calendar.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct Periodic {
    pub enabled: Option<bool>,
    pub spec: Option<String>,
    #[record(skip)]
    pub specs: Option<Vec<String>>,
    pub spec_type: Option<String>,
    pub prohibit_overlap: Option<bool>,
    pub time_zone: Option<String>,
}

/// A job that is dispatched with arguments.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct ParameterizedJob {
    pub payload: String,
    #[record(null)]
    pub meta_required: Vec<String>,
    #[record(null)]
    pub meta_optional: Vec<String>,
}
