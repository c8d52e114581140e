//! A job as the scheduler sees it.

use super::{Affinity, Constraint, Phase, Spread, Symbol, Usage};
use crate::Map;

/// Which scheduler plans the job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JobKind {
    #[default]
    Service,
    Batch,
    System,
    SysBatch,
}

/// A job version.
#[derive(Clone, Debug, Default)]
pub struct Job {
    pub key: Symbol,
    pub namespace: String,
    pub id: String,
    pub name: String,
    pub kind: JobKind,
    pub priority: i64,
    pub datacenters: Vec<String>,
    pub pool: String,
    pub version: u64,
    pub create_index: u64,
    pub stopped: bool,
    pub stable: bool,
    pub constraints: Vec<Constraint>,
    /// The job-wide update block; system jobs roll by it.
    pub update: Update,
    pub groups: Vec<Group>,
}

/// A task group.
#[derive(Clone, Debug, Default)]
pub struct Group {
    pub name: String,
    pub count: i64,
    pub constraints: Vec<Constraint>,
    pub tasks: Vec<Task>,
    /// Of job, group and tasks.
    pub affinities: Vec<Affinity>,
    /// Of the job, then of the group.
    pub spreads: Vec<Spread>,
    pub network: Option<NetworkAsk>,
    pub volumes: Vec<VolumeAsk>,
    pub disk: i64,
    pub sticky_disk: bool,
    pub update: Option<Update>,
    pub reschedule: Option<ReschedulePolicy>,
    /// Nanoseconds until a lost allocation is replaced; 0 at once.
    pub stop_after_disconnect: i64,
    /// Absent where the loss of contact is the loss of the allocation.
    pub disconnect: Option<Disconnect>,
    /// What one allocation takes, before cores are chosen.
    pub usage: Usage,
}

/// A task.
#[derive(Clone, Debug, Default)]
pub struct Task {
    pub name: String,
    pub driver: String,
    /// Of its secrets, as far as the version of Nomad asks nodes for them.
    pub secret_providers: Vec<String>,
    pub constraints: Vec<Constraint>,
    pub phase: Phase,
    pub cpu: i64,
    pub cores: i64,
    /// With that of its secrets.
    pub memory: i64,
    /// Of `memory`, what its secrets take.
    pub secrets: i64,
    /// 0 if there is none, -1 if there is no limit.
    pub memory_max: i64,
    pub network: Option<NetworkAsk>,
    pub devices: Vec<DeviceAsk>,
    pub kill_timeout: i64,
    /// Volume and destination.
    pub mounts: Vec<(String, String)>,
}

/// A network block.
#[derive(Clone, Debug, Default)]
pub struct NetworkAsk {
    pub mode: String,
    pub mbits: i64,
    pub fixed: Vec<PortAsk>,
    pub dynamic: Vec<PortAsk>,
}

/// A port asked for.
#[derive(Clone, Debug, Default)]
pub struct PortAsk {
    pub label: String,
    /// 0 for a dynamic one.
    pub value: i64,
    pub to: i64,
    /// The host network as written; may hold a `${…}`.
    pub host_network: String,
    pub ignore_collision: bool,
}

/// A volume asked for.
#[derive(Clone, Debug, Default)]
pub struct VolumeAsk {
    pub name: String,
    pub csi: bool,
    pub source: String,
    pub read_only: bool,
    /// Each allocation has its own, where the version of Nomad knows that.
    pub per_alloc: bool,
    pub access_mode: String,
}

impl VolumeAsk {
    /// The name or ID of the volume for the allocation of that number.
    pub fn id(&self, index: u64) -> String {
        if self.per_alloc { format!("{}[{index}]", self.source) } else { self.source.clone() }
    }
}

/// A device asked for.
#[derive(Clone, Debug, Default)]
pub struct DeviceAsk {
    pub name: String,
    pub count: u64,
    pub constraints: Vec<DeviceCondition>,
    pub affinities: Vec<(DeviceCondition, i64)>,
}

/// A condition on a device, with its sides as written.
#[derive(Clone, Debug)]
pub struct DeviceCondition {
    pub left: String,
    pub operand: super::Operand,
    pub right: String,
}

/// What becomes of an allocation while there is no contact to its node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Disconnect {
    /// Nanoseconds until it counts as lost.
    pub lost_after: i64,
    /// Another stands in for it meanwhile.
    pub replace: bool,
    /// That one is placed as the reschedule block says, not at once.
    pub delayed: bool,
    /// When it comes back, the replacement stays.
    pub keeps_replacement: bool,
}

/// How a group moves to a new version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Update {
    pub max_parallel: i64,
    pub canary: i64,
    pub auto_revert: bool,
    pub auto_promote: bool,
    pub progress_deadline: i64,
    pub stagger: i64,
}

/// When a failed allocation is tried elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReschedulePolicy {
    pub attempts: i64,
    pub interval: i64,
    pub delay: i64,
    pub function: DelayFunction,
    pub max_delay: i64,
    pub unlimited: bool,
}

/// How the delay between reschedules grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DelayFunction {
    #[default]
    Constant,
    Exponential,
    Fibonacci,
}

/// A deployment of the job being planned.
#[derive(Clone, Debug, Default)]
pub struct Deployment {
    pub id: String,
    pub version: u64,
    pub create_index: u64,
    pub active: bool,
    pub paused: bool,
    pub failed: bool,
    pub successful: bool,
    pub groups: Map<GroupDeployment>,
}

/// The state of one group in a deployment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupDeployment {
    pub auto_revert: bool,
    pub auto_promote: bool,
    pub promoted: bool,
    pub progress_deadline: i64,
    pub desired_canaries: i64,
    pub desired_total: i64,
    pub healthy: i64,
    pub placed_canaries: Vec<String>,
}

impl Job {
    /// The group of that name.
    pub fn group(&self, name: &str) -> Option<&Group> {
        self.groups.iter().find(|g| g.name == name)
    }

    /// True if it runs on every node that can take it.
    pub fn is_system(&self) -> bool {
        matches!(self.kind, JobKind::System | JobKind::SysBatch)
    }
}

impl Group {
    /// Group constraints, then each task's, as Nomad checks them.
    pub fn all_constraints(&self) -> impl Iterator<Item = (Option<usize>, usize, &Constraint)> {
        let own = self.constraints.iter().enumerate().map(|(i, c)| (None, i, c));
        let tasks = self.tasks.iter().enumerate().flat_map(|(t, task)| {
            task.constraints.iter().enumerate().map(move |(i, c)| (Some(t), i, c))
        });
        own.chain(tasks)
    }
}
