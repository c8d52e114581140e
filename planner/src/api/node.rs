//! The node: what a client offers, and how it is doing.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/api-docs/nodes>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Nanos, NetworkResource, TextMap, Value, null};

/// A node as `GET /v1/node/:id` gives it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Node {
    #[serde(rename = "ID")]
    pub id: String,
    pub name: String,
    pub datacenter: String,
    #[serde(with = "null")]
    pub node_class: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node_pool: Option<String>,
    #[serde(rename = "HTTPAddr", with = "null")]
    pub http_addr: String,
    #[serde(rename = "TLSEnabled")]
    pub tls_enabled: bool,
    #[serde(with = "null")]
    pub attributes: TextMap,
    #[serde(with = "null")]
    pub meta: TextMap,
    #[serde(with = "null")]
    pub links: TextMap,
    pub node_resources: Option<NodeResources>,
    pub reserved_resources: Option<NodeReservedResources>,
    /// The pre-0.9 forms of the two above; the CLI still reads them.
    pub resources: Option<super::Resources>,
    pub reserved: Option<super::Resources>,
    #[serde(with = "null")]
    pub drivers: BTreeMap<String, DriverInfo>,
    #[serde(with = "null")]
    pub host_volumes: BTreeMap<String, HostVolume>,
    #[serde(with = "null")]
    pub host_networks: BTreeMap<String, Value>,
    #[serde(rename = "CSIControllerPlugins", with = "null")]
    pub csi_controller_plugins: BTreeMap<String, Value>,
    #[serde(rename = "CSINodePlugins", with = "null")]
    pub csi_node_plugins: BTreeMap<String, Value>,
    /// `initializing`, `ready`, `down` or `disconnected`.
    pub status: String,
    #[serde(with = "null")]
    pub status_description: String,
    /// Seconds since the epoch.
    pub status_updated_at: i64,
    /// `eligible` or `ineligible`.
    pub scheduling_eligibility: String,
    pub drain: bool,
    pub drain_strategy: Option<DrainStrategy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_drain: Option<Value>,
    #[serde(with = "null")]
    pub computed_class: String,
    #[serde(with = "null")]
    pub events: Vec<NodeEvent>,
    #[serde(rename = "SecretID", with = "null")]
    pub secret_id: String,
    pub create_index: u64,
    pub modify_index: u64,
}

/// What a node has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NodeResources {
    pub cpu: NodeCpu,
    pub memory: NodeMemory,
    pub disk: NodeDisk,
    #[serde(with = "null")]
    pub networks: Vec<NetworkResource>,
    #[serde(with = "null")]
    pub node_networks: Vec<NodeNetwork>,
    #[serde(with = "null")]
    pub devices: Vec<NodeDevice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_dynamic_port: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_dynamic_port: Option<i64>,
}

/// Processor shares in MHz, and cores.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NodeCpu {
    pub cpu_shares: i64,
    pub total_cpu_cores: i64,
    #[serde(with = "null")]
    pub reservable_cpu_cores: Vec<u16>,
}

/// Memory in MiB.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NodeMemory {
    #[serde(rename = "MemoryMB")]
    pub memory_mb: i64,
}

/// Disk in MiB.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NodeDisk {
    #[serde(rename = "DiskMB")]
    pub disk_mb: i64,
}

/// What a node keeps for itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NodeReservedResources {
    pub cpu: ReservedCpu,
    pub memory: NodeMemory,
    pub disk: NodeDisk,
    pub networks: ReservedNetworks,
}

/// Reserved shares and cores.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ReservedCpu {
    pub cpu_shares: i64,
    #[serde(with = "null")]
    pub reserved_cpu_cores: Vec<u16>,
}

/// Reserved ports, written like `22,80,8000-8100`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ReservedNetworks {
    #[serde(with = "null")]
    pub reserved_host_ports: String,
}

/// A network interface with its addresses.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NodeNetwork {
    #[serde(with = "null")]
    pub mode: String,
    #[serde(with = "null")]
    pub device: String,
    #[serde(with = "null")]
    pub mac_address: String,
    pub speed: i64,
    #[serde(with = "null")]
    pub addresses: Vec<NodeNetworkAddress>,
}

/// One address of an interface, named by its alias.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NodeNetworkAddress {
    #[serde(with = "null")]
    pub family: String,
    #[serde(with = "null")]
    pub alias: String,
    #[serde(with = "null")]
    pub address: String,
    #[serde(with = "null")]
    pub reserved_ports: String,
    #[serde(with = "null")]
    pub gateway: String,
}

/// A group of equal devices.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NodeDevice {
    #[serde(with = "null")]
    pub vendor: String,
    #[serde(rename = "Type", with = "null")]
    pub kind: String,
    #[serde(with = "null")]
    pub name: String,
    #[serde(with = "null")]
    pub instances: Vec<NodeDeviceInstance>,
    /// Attribute values in Nomad's tagged form (`{"Int": 1, "Unit": "GiB"}`).
    #[serde(with = "null")]
    pub attributes: BTreeMap<String, Value>,
}

/// One device.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NodeDeviceInstance {
    #[serde(rename = "ID", with = "null")]
    pub id: String,
    #[serde(rename = "Healthy")]
    pub healthy: bool,
    #[serde(rename = "HealthDescription", with = "null")]
    pub health_description: String,
    #[serde(rename = "Locality")]
    pub locality: Option<Value>,
}

/// A task driver of a node.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DriverInfo {
    #[serde(with = "null")]
    pub attributes: TextMap,
    pub detected: bool,
    pub healthy: bool,
    #[serde(with = "null")]
    pub health_description: String,
    pub update_time: Option<String>,
}

/// A directory of the host offered to tasks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HostVolume {
    #[serde(rename = "Name", with = "null")]
    pub name: String,
    #[serde(rename = "Path", with = "null")]
    pub path: String,
    #[serde(rename = "ReadOnly")]
    pub read_only: bool,
    #[serde(rename = "ID", skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// How a node is being emptied.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DrainStrategy {
    pub deadline: Nanos,
    pub ignore_system_jobs: bool,
    pub force_deadline: Option<String>,
    pub started_at: Option<String>,
}

/// Something that happened to a node.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NodeEvent {
    #[serde(with = "null")]
    pub message: String,
    #[serde(with = "null")]
    pub subsystem: String,
    #[serde(with = "null")]
    pub details: TextMap,
    pub timestamp: Option<String>,
    pub create_index: u64,
}
