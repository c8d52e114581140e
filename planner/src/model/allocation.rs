//! An existing allocation as the scheduler sees it.

use super::{Symbol, Usage};

/// What the server wants of an allocation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Desired {
    #[default]
    Run,
    Stop,
    Evict,
}

/// What the client last reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Client {
    #[default]
    Pending,
    Running,
    Complete,
    Failed,
    Lost,
    Unknown,
}

/// An allocation; its position in the snapshot is its number.
#[derive(Clone, Debug, Default)]
pub struct Alloc {
    pub id: String,
    pub name: String,
    pub job: Symbol,
    pub job_id: String,
    pub group: String,
    pub node: Option<u32>,
    pub node_id: String,
    pub version: u64,
    pub create_index: u64,
    pub priority: i64,
    pub desired: Desired,
    pub client: Client,
    pub migrate: bool,
    pub reschedule: bool,
    pub force_reschedule: bool,
    pub deployment: String,
    pub healthy: Option<bool>,
    pub canary: bool,
    pub replaced: bool,
    pub followup_eval: String,
    /// When it last failed, nanoseconds since the epoch; 0 unknown.
    pub failed_at: i64,
    /// A finished task that failed; a batch allocation without one ran successfully.
    pub ran_successfully: bool,
    pub reschedules: Vec<Reschedule>,
    /// Of the group's migrate block; preemption spares groups that were hit already.
    pub migrate_max_parallel: i64,
    pub usage: Usage,
    pub cores: Vec<u16>,
    /// Address and port.
    pub ports: Vec<(Symbol, i64)>,
    /// Interface and mbits.
    pub bandwidth: Vec<(String, i64)>,
    pub devices: Vec<DeviceUse>,
}

/// One earlier rescheduling.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reschedule {
    pub time: i64,
    pub previous_alloc: String,
    pub previous_node: String,
    pub delay: i64,
}

/// Device instances held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceUse {
    pub vendor: String,
    pub kind: String,
    pub name: String,
    pub instances: Vec<String>,
}

impl Alloc {
    /// True if the server or the client has ended it.
    pub fn is_terminal(&self) -> bool {
        self.desired != Desired::Run || self.is_client_terminal()
    }

    /// True if the client has ended it.
    pub fn is_client_terminal(&self) -> bool {
        matches!(self.client, Client::Complete | Client::Failed | Client::Lost)
    }

    /// The number in `job.group[number]`.
    pub fn index(&self) -> u64 {
        name_index(&self.name)
    }
}

/// The number in `job.group[number]`; 0 where there is none.
pub fn name_index(name: &str) -> u64 {
    name.rsplit_once('[').and_then(|(_, rest)| rest.strip_suffix(']')?.parse().ok()).unwrap_or(0)
}
