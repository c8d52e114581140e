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
    /// No check fails: the node has a score.
    #[default]
    Feasible,
    /// A check on the node itself fails; no freeing of resources would help.
    Filtered,
    /// It is suitable, but something of it is used up.
    Exhausted,
    /// It is no candidate: not looked at, and not counted in Nomad's metrics.
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

/// The checks, in the order of the stages: first whether the node is a candidate, then whether it is suitable, then whether
/// it has room. Nomad stops at the first that fails; here all of them are put to every node.
///
/// Nomad: <https://developer.hashicorp.com/nomad/docs/concepts/scheduling/placement>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Word)]
pub enum Check {
    /// The node's status is `ready`.
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/api-docs/nodes>
    #[default]
    Status,
    /// The node is not being drained.
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/commands/node/drain>
    Drain,
    /// The node is marked eligible.
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/commands/node/eligibility>
    Eligibility,
    /// The node's datacenter is one of the job's, which may be patterns with `*` (1.5).
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/job#datacenters>
    Datacenter,
    /// The node's pool is the job's, or the job names `all` (1.6).
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/docs/concepts/node-pools>
    NodePool,
    /// Each constraint of job, group and tasks holds, left side against right side by its operator. A side that the node
    /// has no value for fails every operator but `!=` and `is_not_set`.
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/constraint>
    Constraint,
    /// The driver of each task is detected and healthy.
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/task#driver>
    Driver,
    /// Each host volume asked for is there, and is not read-only where the group writes.
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/volume>
    HostVolume,
    /// As many healthy devices of the kind, with the constraints on them, as each task asks for. Whoever uses them now
    /// does not count; when they are given out (still this check) only unused ones do, all from one device group.
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/device>
    Device,
    /// The node has a network of the group's mode, and an address of each host network that a port names.
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/network>
    Network,
    /// The node has the provider of each secret of the tasks: an attribute `plugins.secrets.<provider>.version` (1.11).
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/secret>
    SecretsProvider,
    /// The volume is registered and schedulable, its plugin runs healthy on the node with room for one more and within the
    /// volume's topology, and the volume has a claim left for reading or writing.
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/volume>
    CsiVolume,
    /// No other allocation of the job (or of the group, where the group says so) is on the node.
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/constraint#distinct_hosts>
    DistinctHosts,
    /// Fewer allocations of the job (or group) than the limit, 1 if none is given, have the node's value of the property:
    /// existing + planned - stopped < limit.
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/constraint#distinct_property>
    DistinctProperty,
    /// Each static port is free on an address of its host network, and for each dynamic port one of the node's range is.
    /// Ports belong to the machine: nodes of one host share them.
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/network#port-parameters>
    Port,
    /// Used + asked MBits <= the interface's, for tasks with a network of their own.
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/network#mbits>
    Bandwidth,
    /// As many reservable cores are free as the task asks for.
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/resources#cores>
    Cores,
    /// The node has fewer allocations than it takes, where it has a maximum (1.10.2).
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/docs/configuration/client#node_max_allocs>
    Allocations,
    /// Used + asked MHz <= total - reserved.
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/resources#cpu>
    Cpu,
    /// Used + asked MB <= total - reserved. What secrets take is asked for too (1.8.3); `memory_max` does not count.
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/resources#memory>
    Memory,
    /// Used + asked MB of ephemeral disk <= total - reserved.
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/ephemeral_disk>
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
