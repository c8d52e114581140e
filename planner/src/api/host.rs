//! The host: the machine behind one or more nodes. Steppe's own document (Nomad has one host a node).
//!
//! Several nodes of one agent share their machine's ports; a port is free once per host address.

use serde::{Deserialize, Serialize};

use super::null;

/// A machine, its addresses and the ports held on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Host {
    #[serde(rename = "ID")]
    pub id: String,
    pub name: String,
    /// The nodes that share this machine.
    #[serde(rename = "NodeIDs", with = "null")]
    pub node_ids: Vec<String>,
    #[serde(with = "null")]
    pub addresses: Vec<String>,
    /// Ports held by anything that is not a live allocation of these nodes.
    #[serde(with = "null")]
    pub held_ports: Vec<HeldPort>,
    /// Dynamic ports that were free a moment ago and rest before they are given again.
    #[serde(with = "null")]
    pub cooling_ports: Vec<i64>,
    pub cpu_mhz: i64,
    #[serde(rename = "MemoryMB")]
    pub memory_mb: i64,
    #[serde(rename = "DiskMB")]
    pub disk_mb: i64,
    pub modify_index: u64,
}

/// A port in use on a host.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct HeldPort {
    /// The address listened on; `0.0.0.0` and `::` hold the port on every address.
    #[serde(rename = "IP", with = "null")]
    pub ip: String,
    #[serde(rename = "Port")]
    pub port: i64,
    /// `tcp` or `udp`.
    #[serde(rename = "Protocol", with = "null")]
    pub protocol: String,
    #[serde(rename = "Holder")]
    pub holder: Holder,
}

/// Who holds a port, a device or a volume.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Holder {
    /// `allocation`, `container`, `process`, `reserved` or `unknown`.
    #[serde(rename = "Kind", with = "null")]
    pub kind: String,
    /// Allocation, container or process ID.
    #[serde(rename = "ID", with = "null")]
    pub id: String,
    /// Allocation, container or program name.
    #[serde(rename = "Name", with = "null")]
    pub name: String,
}
