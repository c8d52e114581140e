//! Why a node cannot take an allocation: compact, and with Nomad's metric key.
//!
//! The scheduler only ever counts these; `plan::explain` turns them into sentences.

use crate::model::{Constraint, Group, Job, PortAsk, Symbol};
use crate::quote::quote;

/// Names a port of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PortRef {
    /// The task whose legacy network asks for it; `None` for the group's network.
    pub task: Option<usize>,
    pub dynamic: bool,
    pub index: usize,
}

impl PortRef {
    /// The port asked for.
    pub fn ask<'a>(&self, group: &'a Group) -> Option<&'a PortAsk> {
        let network = match self.task {
            Some(task) => group.tasks.get(task)?.network.as_ref()?,
            None => group.network.as_ref()?,
        };
        if self.dynamic { network.dynamic.get(self.index) } else { network.fixed.get(self.index) }
    }
}

/// Names a constraint of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConstraintRef {
    Job(usize),
    Group(usize),
    Task(usize, usize),
}

impl ConstraintRef {
    /// The constraint meant.
    pub fn get<'a>(&self, job: &'a Job, group: &'a Group) -> Option<&'a Constraint> {
        match self {
            ConstraintRef::Job(i) => job.constraints.get(*i),
            ConstraintRef::Group(i) => group.constraints.get(*i),
            ConstraintRef::Task(t, i) => group.tasks.get(*t)?.constraints.get(*i),
        }
    }
}

/// Why a CSI volume cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CsiProblem {
    /// No volume of that ID is registered.
    NoVolume,
    /// The volume's plugin does not run on the node.
    NoPlugin(String),
    /// It runs there, and is not well.
    UnhealthyPlugin(String),
    /// It has as many volumes there as it takes.
    FullPlugin(String),
    /// The node is in none of the volume's topologies.
    Topology,
    /// It cannot be scheduled to readers.
    NotReadable,
    /// It cannot be scheduled to writers, or is for reading only.
    NotWritable,
    /// Somebody else writes to it, and one writer is all it takes.
    NoWriterLeft,
}

/// Why a device cannot be assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeviceProblem {
    /// The node has no devices at all.
    NoDevices,
    /// The job asks for none.
    ZeroAsked,
    /// No device group of the kind has enough unused ones that keep the constraints.
    NoMatch,
}

/// One failing check. What each checks, and Nomad's page for it, stands with [`Check`](crate::plan::Check); here is what
/// can be wrong about it. The sentence for a reader is made where the plan is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The node is not ready.
    Status,
    /// It is being drained.
    Drain,
    /// It is marked ineligible.
    Eligibility,
    /// Its datacenter is none of the job's.
    Datacenter,
    /// Its pool is not the job's.
    Pool,
    /// A constraint of job, group or task does not hold.
    Constraint(ConstraintRef),
    /// The task's driver is missing or unhealthy.
    Driver { task: usize },
    /// The node has no host volume of that name, which may hold the number of the allocation.
    VolumeMissing { volume: usize, index: Option<u64> },
    /// It has one that cannot be written to.
    VolumeReadOnly { volume: usize, index: Option<u64> },
    /// The node has too few healthy devices of the kind, used or not.
    Device { task: usize, request: usize },
    /// The node has no network of the group's mode.
    NetworkMode,
    /// The name of a port's host network refers to what the node does not have.
    HostNetworkTemplate { port: PortRef },
    /// The node has no address of a port's host network.
    HostNetworkMissing { port: PortRef, network: String },
    /// The node lacks the provider of a task's secret.
    Secret { task: usize, secret: usize },
    /// A CSI volume cannot be used there.
    Csi { volume: usize, source: String, problem: CsiProblem },
    /// Another allocation of the job or group is there.
    DistinctHosts,
    /// The node has no value of the property.
    DistinctPropertyMissing(ConstraintRef),
    /// Its value is used as often as it may be.
    DistinctPropertyUsed { constraint: ConstraintRef, value: String, used: i64 },
    /// How often it may be used is no number.
    DistinctPropertyInvalid(ConstraintRef),
    /// A static port is held on the address: by an allocation, another process, or the node itself.
    PortTaken { port: PortRef, ip: Symbol, value: i64 },
    /// A static port is no port number.
    PortRange { port: PortRef, value: i64 },
    /// There is no address to give a port on.
    NoAddress { port: PortRef, network: String },
    /// The whole range of dynamic ports is held, reserved or resting.
    NoDynamicPort { port: PortRef },
    /// The node has no interface for a task's own network.
    NoNetwork { task: usize },
    /// Its interface lacks so many MBits.
    Bandwidth { task: usize, missing: i64 },
    /// Devices of the kind are there, and in use.
    DeviceAssign { task: usize, request: usize, problem: DeviceProblem },
    /// Too few reservable cores are free.
    Cores { task: usize, asked: i64, free: i64 },
    /// The node takes no more than so many allocations, and has so many.
    MaxAllocs { most: i64, held: i64 },
    /// So many MHz are missing.
    Cpu { asked: i64, missing: i64 },
    /// So many MB of memory are missing.
    Memory { asked: i64, missing: i64 },
    /// So many MB of disk are missing.
    Disk { asked: i64, missing: i64 },
}

/// Which kind of verdict a reason makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// No candidate, and not counted.
    Excluded,
    /// Nomad's `NodesFiltered`.
    Filtered,
    /// Nomad's `NodesExhausted`.
    Exhausted,
}

impl Reason {
    /// The kind of verdict.
    pub fn stage(&self) -> Stage {
        match self {
            Reason::Status
            | Reason::Drain
            | Reason::Eligibility
            | Reason::Datacenter
            | Reason::Pool => Stage::Excluded,
            Reason::Constraint(_)
            | Reason::Driver { .. }
            | Reason::VolumeMissing { .. }
            | Reason::VolumeReadOnly { .. }
            | Reason::Device { .. }
            | Reason::NetworkMode
            | Reason::HostNetworkTemplate { .. }
            | Reason::HostNetworkMissing { .. }
            | Reason::Secret { .. }
            | Reason::Csi { .. }
            | Reason::DistinctHosts
            | Reason::DistinctPropertyMissing(_)
            | Reason::DistinctPropertyUsed { .. }
            | Reason::DistinctPropertyInvalid(_) => Stage::Filtered,
            Reason::PortTaken { .. }
            | Reason::PortRange { .. }
            | Reason::NoAddress { .. }
            | Reason::NoDynamicPort { .. }
            | Reason::NoNetwork { .. }
            | Reason::Bandwidth { .. }
            | Reason::DeviceAssign { .. }
            | Reason::Cores { .. }
            | Reason::MaxAllocs { .. }
            | Reason::Cpu { .. }
            | Reason::Memory { .. }
            | Reason::Disk { .. } => Stage::Exhausted,
        }
    }

    /// True if nothing that is placed or stopped can change it.
    pub fn is_lasting(&self) -> bool {
        matches!(
            self,
            Reason::Constraint(_)
                | Reason::Driver { .. }
                | Reason::VolumeMissing { index: None, .. }
                | Reason::VolumeReadOnly { index: None, .. }
                | Reason::Device { .. }
                | Reason::NetworkMode
                | Reason::HostNetworkTemplate { .. }
                | Reason::HostNetworkMissing { .. }
                | Reason::Secret { .. }
        )
    }

    /// True if both surely have the same key: they differ at most in amounts.
    pub fn has_key_of(&self, other: &Reason) -> bool {
        match (self, other) {
            (Reason::Cpu { .. }, Reason::Cpu { .. })
            | (Reason::Memory { .. }, Reason::Memory { .. })
            | (Reason::Disk { .. }, Reason::Disk { .. })
            | (Reason::Cores { .. }, Reason::Cores { .. })
            | (Reason::Bandwidth { .. }, Reason::Bandwidth { .. })
            | (Reason::MaxAllocs { .. }, Reason::MaxAllocs { .. })
            | (Reason::Driver { .. }, Reason::Driver { .. })
            | (Reason::Secret { .. }, Reason::Secret { .. }) => true,
            (
                Reason::PortTaken { port, value, .. },
                Reason::PortTaken { port: other_port, value: other_value, .. },
            ) => port == other_port && value == other_value,
            // Its key names the node.
            (Reason::Csi { .. }, _) => false,
            (one, other) => one == other,
        }
    }

    /// Nomad's metric key; empty for a node that is no candidate.
    pub fn key(&self, job: &Job, group: &Group, node_id: &str) -> String {
        let label = |port: &PortRef| port.ask(group).map_or("", |p| p.label.as_str());
        match self {
            Reason::Status
            | Reason::Drain
            | Reason::Eligibility
            | Reason::Datacenter
            | Reason::Pool => String::new(),
            Reason::Constraint(c) => c.get(job, group).map(Constraint::key).unwrap_or_default(),
            Reason::Driver { .. } => "missing drivers".into(),
            Reason::VolumeMissing { .. } | Reason::VolumeReadOnly { .. } => {
                "missing compatible host volumes".into()
            }
            Reason::Device { .. } => "missing devices".into(),
            Reason::NetworkMode => "missing network".into(),
            Reason::HostNetworkTemplate { port } => {
                let text = port.ask(group).map_or("", |p| p.host_network.as_str());
                format!(
                    "invalid host network {} template for port {}",
                    quote(text),
                    quote(label(port))
                )
            }
            Reason::HostNetworkMissing { port, network } => {
                format!("missing host network {} for port {}", quote(network), quote(label(port)))
            }
            Reason::Secret { .. } => "missing secrets provider".into(),
            Reason::Csi { source, problem, .. } => csi_key(source, problem, node_id),
            Reason::DistinctHosts => "distinct_hosts".into(),
            Reason::DistinctPropertyMissing(c) => {
                format!("missing property {}", quote(left(c, job, group)))
            }
            Reason::DistinctPropertyUsed { constraint, value, used } => {
                let left = left(constraint, job, group);
                format!("distinct_property: {left}={value} used by {used} allocs")
            }
            Reason::DistinctPropertyInvalid(c) => {
                let right = quote(c.get(job, group).map_or("", |c| c.right_text.as_str()));
                format!(
                    "failed to convert RTarget {right} to uint64: strconv.ParseUint: parsing {right}: invalid syntax"
                )
            }
            Reason::PortTaken { port, value, .. } => {
                format!("network: reserved port collision {}={value}", label(port))
            }
            Reason::PortRange { value, .. } => {
                format!("network: invalid port {value} (out of range)")
            }
            Reason::NoAddress { network, .. } => {
                format!("network: no addresses available for {network} network")
            }
            Reason::NoDynamicPort { .. } => "network: dynamic port selection failed".into(),
            Reason::NoNetwork { .. } => "network: no networks available".into(),
            Reason::Bandwidth { .. } => "network: bandwidth exceeded".into(),
            Reason::DeviceAssign { problem, .. } => match problem {
                DeviceProblem::NoDevices => "devices: no devices available".into(),
                DeviceProblem::ZeroAsked => "devices: invalid request of zero devices".into(),
                DeviceProblem::NoMatch => "devices: no devices match request".into(),
            },
            Reason::Cores { .. } => "cores".into(),
            Reason::MaxAllocs { .. } => "max allocation exceeded".into(),
            Reason::Cpu { .. } => "cpu".into(),
            Reason::Memory { .. } => "memory".into(),
            Reason::Disk { .. } => "disk".into(),
        }
    }
}

fn left<'a>(constraint: &ConstraintRef, job: &'a Job, group: &'a Group) -> &'a str {
    constraint.get(job, group).map_or("", |c| c.left_text.as_str())
}

fn csi_key(id: &str, problem: &CsiProblem, node_id: &str) -> String {
    match problem {
        CsiProblem::NoVolume => format!("missing CSI Volume {id}"),
        CsiProblem::NoPlugin(plugin) => {
            format!("CSI plugin {plugin} is missing from client {node_id}")
        }
        CsiProblem::UnhealthyPlugin(plugin) => {
            format!("CSI plugin {plugin} is unhealthy on client {node_id}")
        }
        CsiProblem::FullPlugin(plugin) => {
            format!("CSI plugin {plugin} has the maximum number of volumes on client {node_id}")
        }
        CsiProblem::Topology => "did not meet topology requirement".into(),
        CsiProblem::NotReadable => {
            format!("CSI volume {id} is unschedulable or has exhausted its available reader claims")
        }
        CsiProblem::NotWritable => {
            format!("CSI volume {id} is unschedulable or is read-only")
        }
        CsiProblem::NoWriterLeft => {
            format!("CSI volume {id} has exhausted its available writer claims")
        }
    }
}
