//! Why: for each group every node, and for each node every failing check.

use crate::api::{Holder, Map};
use crate::record::{Record, Word};

/// Every node's verdict on one group, judged for the group's next placement.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct GroupReport {
    pub name: String,
    pub feasible: u64,
    /// Ready, but a check on the node itself fails (constraint, driver, volume, …).
    pub filtered: u64,
    /// Suitable, but full (port, cpu, memory, disk, …).
    pub exhausted: u64,
    /// Not a candidate (status, drain, eligibility, datacenter, pool).
    pub excluded: u64,
    /// In snapshot order.
    pub nodes: Vec<NodeVerdict>,
}

/// What kind of verdict a node has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Word)]
pub enum Outcome {
    #[default]
    Feasible,
    Filtered,
    Exhausted,
    Excluded,
    /// What filters a node for a system job: it runs elsewhere, and nothing has failed.
    NotTargeted,
}

/// One node's answer to one group.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct NodeVerdict {
    #[record(rename = "NodeID")]
    pub node_id: String,
    pub node_name: String,
    pub datacenter: String,
    /// The first failing stage decides; `failures` holds all of them.
    pub outcome: Outcome,
    /// Every failing check, in the order of the stages.
    pub failures: Vec<Failure>,
    /// Mean of the parts; of a feasible node only.
    pub score: Option<f64>,
    /// The parts by Nomad's names (`binpack`, `job-anti-affinity`, …).
    pub scores: Map<f64>,
    /// Placements of this plan on the node, by allocation name.
    pub placed: Vec<String>,
}

/// The checks, in the order of the stages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Word)]
pub enum Check {
    #[default]
    Status,
    Drain,
    Eligibility,
    Datacenter,
    NodePool,
    Constraint,
    Driver,
    HostVolume,
    Device,
    Network,
    CsiVolume,
    DistinctHosts,
    DistinctProperty,
    Port,
    Bandwidth,
    Cores,
    Cpu,
    Memory,
    Disk,
}

/// One failing check with what was asked, what was there, and who is in the way.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct Failure {
    pub check: Check,
    /// Nomad's metric key, e.g. `memory` or `network: reserved port collision db=3306`; empty where
    /// Nomad has none (a node that is no candidate).
    pub key: String,
    /// What it is about: an attribute, a volume, a port label, a driver, a task.
    pub subject: String,
    /// What the job asks, as a short text: `linux`, `512 MB`, `port 3306`.
    pub required: String,
    /// What the node has: `windows`, `200 MB free of 1024 MB`, `held`.
    pub actual: String,
    /// How much is missing, in the check's unit (MHz, MB, cores, instances).
    pub shortfall: Option<i64>,
    /// Who holds what is missing.
    pub holders: Vec<Holder>,
    /// One English sentence naming values and holders.
    pub message: String,
}

/// A check of one node, failed or passed.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct Checked {
    pub passed: bool,
    /// Of one that passed, too: what was asked, and what is there.
    pub check: Failure,
}
