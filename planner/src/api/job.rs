//! The job and the blocks that may stand at job, group and task level.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/job>

use serde::{Deserialize, Serialize};

use super::{Nanos, TaskGroup, TextMap, Value, null};

/// A job as the HTTP API carries it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Job {
    #[serde(rename = "ID")]
    pub id: Option<String>,
    pub name: Option<String>,
    #[serde(rename = "ParentID")]
    pub parent_id: Option<String>,
    pub region: Option<String>,
    pub namespace: Option<String>,
    /// `service`, `batch`, `system` or `sysbatch`.
    #[serde(rename = "Type")]
    pub kind: Option<String>,
    pub priority: Option<i64>,
    pub all_at_once: Option<bool>,
    #[serde(with = "null")]
    pub datacenters: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node_pool: Option<String>,
    #[serde(with = "null")]
    pub constraints: Vec<Constraint>,
    #[serde(with = "null")]
    pub affinities: Vec<Affinity>,
    #[serde(with = "null")]
    pub spreads: Vec<Spread>,
    #[serde(with = "null")]
    pub task_groups: Vec<TaskGroup>,
    pub update: Option<UpdateStrategy>,
    pub periodic: Option<Periodic>,
    pub parameterized_job: Option<ParameterizedJob>,
    pub multiregion: Option<Value>,
    /// Job-wide default of every group, as `Migrate` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reschedule: Option<ReschedulePolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub migrate: Option<MigrateStrategy>,
    pub dispatched: bool,
    pub payload: Option<String>,
    #[serde(with = "null")]
    pub meta: TextMap,
    pub consul_token: Option<String>,
    pub consul_namespace: Option<String>,
    pub vault_token: Option<String>,
    pub vault_namespace: Option<String>,
    #[serde(rename = "NomadTokenID")]
    pub nomad_token_id: Option<String>,
    #[serde(rename = "UI", skip_serializing_if = "Option::is_none")]
    pub ui: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Constraint {
    #[serde(rename = "LTarget", with = "null")]
    pub l_target: String,
    #[serde(rename = "RTarget", with = "null")]
    pub r_target: String,
    #[serde(rename = "Operand", with = "null")]
    pub operand: String,
}

/// A wish about the node, weighted from -100 to 100.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Affinity {
    #[serde(rename = "LTarget", with = "null")]
    pub l_target: String,
    #[serde(rename = "RTarget", with = "null")]
    pub r_target: String,
    #[serde(rename = "Operand", with = "null")]
    pub operand: String,
    #[serde(rename = "Weight")]
    pub weight: Option<i64>,
}

/// A wish to distribute allocations over the values of a node attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Spread {
    #[serde(with = "null")]
    pub attribute: String,
    pub weight: Option<i64>,
    #[serde(with = "null")]
    pub spread_target: Vec<SpreadTarget>,
}

/// The share one attribute value should get.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SpreadTarget {
    #[serde(with = "null")]
    pub value: String,
    pub percent: i64,
}

/// How a group moves to a new job version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ReschedulePolicy {
    pub attempts: Option<i64>,
    pub interval: Option<Nanos>,
    pub delay: Option<Nanos>,
    pub delay_function: Option<String>,
    pub max_delay: Option<Nanos>,
    pub unlimited: Option<bool>,
}

/// How allocations leave a draining node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MigrateStrategy {
    pub max_parallel: Option<i64>,
    pub health_check: Option<String>,
    pub min_healthy_time: Option<Nanos>,
    pub healthy_deadline: Option<Nanos>,
}

/// A job that runs by the calendar.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Periodic {
    pub enabled: Option<bool>,
    pub spec: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specs: Option<Vec<String>>,
    pub spec_type: Option<String>,
    pub prohibit_overlap: Option<bool>,
    pub time_zone: Option<String>,
}

/// A job that is dispatched with arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ParameterizedJob {
    #[serde(with = "null")]
    pub payload: String,
    #[serde(with = "null")]
    pub meta_required: Vec<String>,
    #[serde(with = "null")]
    pub meta_optional: Vec<String>,
}
