//! The host: the machine behind one or more nodes. Steppe's own document (Nomad has one host a node).
//!
//! Several nodes of one agent share their machine's ports; a port is free once per host address.

use crate::record::Record;

/// A machine, its addresses and the ports held on it.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct Host {
    #[record(rename = "ID")]
    pub id: String,
    pub name: String,
    /// The nodes that share this machine.
    #[record(rename = "NodeIDs", null)]
    pub node_ids: Vec<String>,
    #[record(null)]
    pub addresses: Vec<String>,
    /// Ports held by anything that is not a live allocation of these nodes.
    #[record(null)]
    pub held_ports: Vec<HeldPort>,
    /// Dynamic ports that were free a moment ago and rest before they are given again.
    #[record(null)]
    pub cooling_ports: Vec<i64>,
    pub cpu_mhz: i64,
    #[record(rename = "MemoryMB")]
    pub memory_mb: i64,
    #[record(rename = "DiskMB")]
    pub disk_mb: i64,
    pub modify_index: u64,
}

/// A port in use on a host.
#[derive(Debug, Default, Eq, PartialOrd, Ord, Record)]
pub struct HeldPort {
    /// The address listened on; `0.0.0.0` and `::` hold the port on every address.
    #[record(rename = "IP")]
    pub ip: String,
    #[record(rename = "Port")]
    pub port: i64,
    /// `tcp` or `udp`.
    #[record(rename = "Protocol")]
    pub protocol: String,
    #[record(rename = "Holder")]
    pub holder: Holder,
}

/// Who holds a port, a device or a volume.
#[derive(Debug, Default, Eq, PartialOrd, Ord, Record)]
pub struct Holder {
    /// `allocation`, `container`, `process`, `reserved` or `unknown`.
    #[record(rename = "Kind")]
    pub kind: String,
    /// Allocation, container or process ID.
    #[record(rename = "ID")]
    pub id: String,
    /// Allocation, container or program name.
    #[record(rename = "Name")]
    pub name: String,
}
