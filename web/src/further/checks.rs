//! Checks in words: what they are called, which stand together in the matrix, and who stands in the way.

use steppe_planner::api::Holder;
use steppe_planner::plan::{Check, Failure};

/// A column, with the checks it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub checks: &'static [Check],
    /// Shown only where one of its checks fails.
    pub rare: bool,
}

/// In the order of the stages.
pub const COLUMNS: [Column; 13] = [
    column("ready", &[Check::Status, Check::Drain, Check::Eligibility]),
    column("datacenter", &[Check::Datacenter]),
    rare("pool", &[Check::NodePool]),
    column("constraint", &[Check::Constraint, Check::DistinctHosts, Check::DistinctProperty]),
    column("driver", &[Check::Driver]),
    column("volume", &[Check::HostVolume, Check::CsiVolume]),
    rare("device", &[Check::Device]),
    rare("secrets", &[Check::SecretsProvider]),
    column("port", &[Check::Network, Check::Port, Check::Bandwidth]),
    rare("allocations", &[Check::Allocations]),
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
        Check::SecretsProvider => "secrets-provider",
        Check::CsiVolume => "csi-volume",
        Check::DistinctHosts => "distinct-hosts",
        Check::DistinctProperty => "distinct-property",
        Check::Port => "port",
        Check::Bandwidth => "bandwidth",
        Check::Cores => "cores",
        Check::Allocations => "allocations",
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
        Check::SecretsProvider => "Secrets provider",
        Check::CsiVolume => "CSI volume",
        Check::DistinctHosts => "Distinct hosts",
        Check::DistinctProperty => "Distinct property",
        Check::Port => "Port",
        Check::Bandwidth => "Bandwidth",
        Check::Cores => "Cores",
        Check::Allocations => "Allocations",
        Check::Cpu => "CPU",
        Check::Memory => "Memory",
        Check::Disk => "Disk",
    }
}

/// The check's own name says enough where the subject only repeats it.
pub fn subject(failure: &Failure) -> &str {
    match failure.check {
        Check::Cpu | Check::Memory | Check::Disk | Check::Datacenter | Check::NodePool => "",
        Check::Status | Check::Drain | Check::Eligibility => "",
        _ if failure.required == failure.subject => "",
        _ => &failure.subject,
    }
}

/// Who holds what is missing.
pub fn holder(holder: &Holder) -> String {
    match (holder.kind.as_str(), holder.name.as_str(), holder.id.as_str()) {
        ("reserved", ..) => "the node itself".to_owned(),
        ("", "", "") | ("unknown", "", _) => "something unknown".to_owned(),
        (kind, "", id) => format!("{kind} {id}"),
        ("process", name, id) if !id.is_empty() => format!("process {name} ({id})"),
        (kind, name, _) => format!("{kind} {name}"),
    }
}
