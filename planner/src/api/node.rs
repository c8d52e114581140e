//! The node: what a client offers, and how it is doing.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/api-docs/nodes>

use super::{Map, Nanos, NetworkResource, TextMap, Value};
use crate::record::Record;

/// A node as `GET /v1/node/:id` gives it.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct Node {
    #[record(rename = "ID")]
    pub id: String,
    pub name: String,
    pub datacenter: String,
    pub node_class: String,
    #[record(skip)]
    pub node_pool: Option<String>,
    #[record(rename = "HTTPAddr")]
    pub http_addr: String,
    #[record(rename = "TLSEnabled")]
    pub tls_enabled: bool,
    #[record(null)]
    pub attributes: TextMap,
    #[record(null)]
    pub meta: TextMap,
    #[record(null)]
    pub links: TextMap,
    pub node_resources: Option<NodeResources>,
    pub reserved_resources: Option<NodeReservedResources>,
    /// The pre-0.9 forms of the two above; the CLI still reads them.
    pub resources: Option<super::Resources>,
    pub reserved: Option<super::Resources>,
    /// How many allocations it takes; 0 for as many as fit (1.10.2).
    #[record(skip)]
    pub node_max_allocs: Option<i64>,
    #[record(null)]
    pub drivers: Map<DriverInfo>,
    #[record(null)]
    pub host_volumes: Map<HostVolume>,
    #[record(null)]
    pub host_networks: Map<Value>,
    #[record(rename = "CSIControllerPlugins", null)]
    pub csi_controller_plugins: Map<Value>,
    #[record(rename = "CSINodePlugins", null)]
    pub csi_node_plugins: Map<Value>,
    /// `initializing`, `ready`, `down` or `disconnected`.
    pub status: String,
    pub status_description: String,
    /// Seconds since the epoch.
    pub status_updated_at: i64,
    /// `eligible` or `ineligible`.
    pub scheduling_eligibility: String,
    pub drain: bool,
    pub drain_strategy: Option<DrainStrategy>,
    #[record(skip)]
    pub last_drain: Option<Value>,
    pub computed_class: String,
    #[record(null)]
    pub events: Vec<NodeEvent>,
    #[record(rename = "SecretID")]
    pub secret_id: String,
    pub create_index: u64,
    pub modify_index: u64,
}

/// What a node has.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct NodeResources {
    pub cpu: NodeCpu,
    pub memory: NodeMemory,
    pub disk: NodeDisk,
    #[record(null)]
    pub networks: Vec<NetworkResource>,
    #[record(null)]
    pub node_networks: Vec<NodeNetwork>,
    #[record(null)]
    pub devices: Vec<NodeDevice>,
    #[record(skip)]
    pub min_dynamic_port: Option<i64>,
    #[record(skip)]
    pub max_dynamic_port: Option<i64>,
}

/// Processor shares in MHz, and cores.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct NodeCpu {
    pub cpu_shares: i64,
    pub total_cpu_cores: i64,
    #[record(null)]
    pub reservable_cpu_cores: Vec<u16>,
}

/// Memory in MiB.
#[derive(Debug, Default, Eq, Record)]
pub struct NodeMemory {
    #[record(rename = "MemoryMB")]
    pub memory_mb: i64,
}

/// Disk in MiB.
#[derive(Debug, Default, Eq, Record)]
pub struct NodeDisk {
    #[record(rename = "DiskMB")]
    pub disk_mb: i64,
}

/// What a node keeps for itself.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct NodeReservedResources {
    pub cpu: ReservedCpu,
    pub memory: NodeMemory,
    pub disk: NodeDisk,
    pub networks: ReservedNetworks,
}

/// Reserved shares and cores.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct ReservedCpu {
    pub cpu_shares: i64,
    #[record(null)]
    pub reserved_cpu_cores: Vec<u16>,
}

/// Reserved ports, written like `22,80,8000-8100`.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct ReservedNetworks {
    pub reserved_host_ports: String,
}

/// A network interface with its addresses.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct NodeNetwork {
    pub mode: String,
    pub device: String,
    pub mac_address: String,
    pub speed: i64,
    #[record(null)]
    pub addresses: Vec<NodeNetworkAddress>,
}

/// One address of an interface, named by its alias.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct NodeNetworkAddress {
    pub family: String,
    pub alias: String,
    pub address: String,
    pub reserved_ports: String,
    pub gateway: String,
}

/// A group of equal devices.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct NodeDevice {
    pub vendor: String,
    #[record(rename = "Type")]
    pub kind: String,
    pub name: String,
    #[record(null)]
    pub instances: Vec<NodeDeviceInstance>,
    /// Attribute values in Nomad's tagged form (`{"Int": 1, "Unit": "GiB"}`).
    #[record(null)]
    pub attributes: Map<Value>,
}

/// One device.
#[derive(Debug, Default, Record)]
pub struct NodeDeviceInstance {
    #[record(rename = "ID")]
    pub id: String,
    #[record(rename = "Healthy")]
    pub healthy: bool,
    #[record(rename = "HealthDescription")]
    pub health_description: String,
    #[record(rename = "Locality")]
    pub locality: Option<Value>,
}

/// A task driver of a node.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct DriverInfo {
    #[record(null)]
    pub attributes: TextMap,
    pub detected: bool,
    pub healthy: bool,
    pub health_description: String,
    pub update_time: Option<String>,
}

/// A directory of the host offered to tasks.
#[derive(Debug, Default, Record)]
pub struct HostVolume {
    #[record(rename = "Name")]
    pub name: String,
    #[record(rename = "Path")]
    pub path: String,
    #[record(rename = "ReadOnly")]
    pub read_only: bool,
    #[record(rename = "ID", skip)]
    pub id: Option<String>,
}

/// How a node is being emptied.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct DrainStrategy {
    pub deadline: Nanos,
    pub ignore_system_jobs: bool,
    pub force_deadline: Option<String>,
    pub started_at: Option<String>,
}

/// Something that happened to a node.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct NodeEvent {
    pub message: String,
    pub subsystem: String,
    #[record(null)]
    pub details: TextMap,
    pub timestamp: Option<String>,
    pub create_index: u64,
}
