//! The columns of the matrix: which checks stand together, and what they are called.

use steppe_planner::plan::Check;

/// A column, with the checks it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub checks: &'static [Check],
    /// Shown only where one of its checks fails.
    pub rare: bool,
}

/// In the order of the stages.
pub const COLUMNS: [Column; 11] = [
    column("ready", &[Check::Status, Check::Drain, Check::Eligibility]),
    column("datacenter", &[Check::Datacenter]),
    rare("pool", &[Check::NodePool]),
    column("constraint", &[Check::Constraint, Check::DistinctHosts, Check::DistinctProperty]),
    column("driver", &[Check::Driver]),
    column("volume", &[Check::HostVolume, Check::CsiVolume]),
    rare("device", &[Check::Device]),
    column("port", &[Check::Network, Check::Port, Check::Bandwidth]),
    column("cpu", &[Check::Cpu, Check::Cores]),
    column("memory", &[Check::Memory]),
    column("disk", &[Check::Disk]),
];

const fn column(name: &'static str, checks: &'static [Check]) -> Column {
    Column { name, checks, rare: false }
}

const fn rare(name: &'static str, checks: &'static [Check]) -> Column {
    Column { name, checks, rare: true }
}

/// A stable word for a check, for style sheets and tests.
pub fn slug(check: Check) -> &'static str {
    match check {
        Check::Status => "status",
        Check::Drain => "drain",
        Check::Eligibility => "eligibility",
        Check::Datacenter => "datacenter",
        Check::NodePool => "node-pool",
        Check::Constraint => "constraint",
        Check::Driver => "driver",
        Check::HostVolume => "host-volume",
        Check::Device => "device",
        Check::Network => "network",
        Check::CsiVolume => "csi-volume",
        Check::DistinctHosts => "distinct-hosts",
        Check::DistinctProperty => "distinct-property",
        Check::Port => "port",
        Check::Bandwidth => "bandwidth",
        Check::Cores => "cores",
        Check::Cpu => "cpu",
        Check::Memory => "memory",
        Check::Disk => "disk",
    }
}

/// A check in words.
pub fn label(check: Check) -> &'static str {
    match check {
        Check::Status => "Node status",
        Check::Drain => "Drain",
        Check::Eligibility => "Eligibility",
        Check::Datacenter => "Datacenter",
        Check::NodePool => "Node pool",
        Check::Constraint => "Constraint",
        Check::Driver => "Driver",
        Check::HostVolume => "Host volume",
        Check::Device => "Device",
        Check::Network => "Network",
        Check::CsiVolume => "CSI volume",
        Check::DistinctHosts => "Distinct hosts",
        Check::DistinctProperty => "Distinct property",
        Check::Port => "Port",
        Check::Bandwidth => "Bandwidth",
        Check::Cores => "Cores",
        Check::Cpu => "CPU",
        Check::Memory => "Memory",
        Check::Disk => "Disk",
    }
}
