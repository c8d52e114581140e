//! Networks and ports: as asked in a job, as offered by a node, as given to an allocation.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/network>

use super::Value;
use crate::record::Record;

/// A network block, or an address with the ports taken on it.
#[derive(Debug, Default, Record)]
pub struct NetworkResource {
    #[record(rename = "Mode")]
    pub mode: String,
    #[record(rename = "Device")]
    pub device: String,
    #[record(rename = "CIDR")]
    pub cidr: String,
    #[record(rename = "IP")]
    pub ip: String,
    #[record(rename = "Hostname", skip)]
    pub hostname: Option<String>,
    #[record(rename = "MBits")]
    pub mbits: Option<i64>,
    #[record(rename = "DNS")]
    pub dns: Option<DnsConfig>,
    #[record(rename = "ReservedPorts", null)]
    pub reserved_ports: Vec<Port>,
    #[record(rename = "DynamicPorts", null)]
    pub dynamic_ports: Vec<Port>,
    #[record(rename = "CNI", skip)]
    pub cni: Option<Value>,
}

/// Name resolution inside the allocation.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct DnsConfig {
    #[record(null)]
    pub servers: Vec<String>,
    #[record(null)]
    pub searches: Vec<String>,
    #[record(null)]
    pub options: Vec<String>,
}

/// A labelled port; `value` 0 means "any free one" in a job.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct Port {
    pub label: String,
    pub value: i64,
    /// The port inside the network namespace; 0 same, -1 same as the chosen value.
    pub to: i64,
    pub host_network: String,
    #[record(skip)]
    pub ignore_collision: Option<bool>,
}

/// A port given to an allocation, on one address.
#[derive(Debug, Default, Eq, Record)]
pub struct PortMapping {
    #[record(rename = "Label")]
    pub label: String,
    #[record(rename = "Value")]
    pub value: i64,
    #[record(rename = "To")]
    pub to: i64,
    #[record(rename = "HostIP")]
    pub host_ip: String,
}
