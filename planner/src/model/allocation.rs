//! An existing allocation as the scheduler sees it.
//!
//! There may be a hundred thousand: what allocations of one group and version have in common is kept once, and what
//! few have is kept aside.

use std::sync::Arc;

use super::{Symbol, Usage};
use crate::api;

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

impl Client {
    /// Nomad's word for it.
    pub fn word(self) -> &'static str {
        match self {
            Client::Pending => "pending",
            Client::Running => "running",
            Client::Complete => "complete",
            Client::Failed => "failed",
            Client::Lost => "lost",
            Client::Unknown => "unknown",
        }
    }
}

/// An allocation; its place in the snapshot is its number.
#[derive(Clone, Debug, Default)]
pub struct Alloc {
    pub id: String,
    pub name: String,
    pub common: Arc<Common>,
    pub node: Option<u32>,
    pub node_id: Arc<str>,
    pub create_index: u64,
    pub desired: Desired,
    pub client: Client,
    pub migrate: bool,
    pub reschedule: bool,
    pub force_reschedule: bool,
    pub deployment: Arc<str>,
    pub healthy: Option<bool>,
    pub canary: bool,
    /// It names its successor.
    pub has_next: bool,
    /// A finished task that failed; a batch allocation without one ran successfully.
    pub ran_successfully: bool,
    /// When it last failed, nanoseconds since the epoch; 0 unknown.
    pub failed_at: i64,
    /// Addresses and port numbers, in the places that `common.resources` leaves open.
    pub holes: Box<[u32]>,
    pub history: Option<Box<History>>,
}

/// What allocations of one group and version have in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Common {
    pub job: Symbol,
    pub job_id: String,
    pub group: String,
    pub version: u64,
    pub priority: i64,
    /// CSI volumes that the group asks for by their own ID.
    pub csi_volumes: Vec<String>,
    pub usage: Usage,
    pub cores: Vec<u16>,
    /// Interface and mbits.
    pub bandwidth: Vec<(String, i64)>,
    pub devices: Vec<DeviceUse>,
    /// Ports held: the holes of the address and of the number.
    pub sockets: Vec<(usize, usize)>,
    /// As the allocation was given them, less what fills the holes.
    pub resources: Option<api::AllocatedResources>,
}

/// What an allocation has behind it, if anything.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The one it stands in for.
    pub previous: Arc<str>,
    pub followup_eval: String,
    pub reschedules: Vec<Reschedule>,
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

    /// Earlier reschedulings of this one and those before it.
    pub fn reschedules(&self) -> &[Reschedule] {
        self.history.as_ref().map_or(&[], |history| &history.reschedules)
    }

    /// The evaluation that will reschedule it; empty without one.
    pub fn followup_eval(&self) -> &str {
        self.history.as_ref().map_or("", |history| &history.followup_eval)
    }

    /// Address and number of every port held.
    pub fn ports(&self) -> impl Iterator<Item = (Symbol, i64)> {
        let hole = |number: &usize| self.holes.get(*number).copied().unwrap_or_default();
        self.common
            .sockets
            .iter()
            .map(move |(address, number)| (Symbol(hole(address)), i64::from(hole(number))))
    }
}

/// The number in `job.group[number]`; 0 where there is none.
pub fn name_index(name: &str) -> u64 {
    name.rsplit_once('[').and_then(|(_, rest)| rest.strip_suffix(']')?.parse().ok()).unwrap_or(0)
}
