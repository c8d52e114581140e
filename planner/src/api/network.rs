//! Networks and ports: as asked in a job, as offered by a node, as given to an allocation.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/network>

use serde::{Deserialize, Serialize};

use super::{Value, null};

/// A network block, or an address with the ports taken on it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NetworkResource {
    #[serde(rename = "Mode", with = "null")]
    pub mode: String,
    #[serde(rename = "Device", with = "null")]
    pub device: String,
    #[serde(rename = "CIDR", with = "null")]
    pub cidr: String,
    #[serde(rename = "IP", with = "null")]
    pub ip: String,
    #[serde(rename = "Hostname", skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    #[serde(rename = "MBits")]
    pub mbits: Option<i64>,
    #[serde(rename = "DNS")]
    pub dns: Option<DnsConfig>,
    #[serde(rename = "ReservedPorts", with = "null")]
    pub reserved_ports: Vec<Port>,
    #[serde(rename = "DynamicPorts", with = "null")]
    pub dynamic_ports: Vec<Port>,
    #[serde(rename = "CNI", skip_serializing_if = "Option::is_none")]
    pub cni: Option<Value>,
}

/// Name resolution inside the allocation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DnsConfig {
    #[serde(with = "null")]
    pub servers: Vec<String>,
    #[serde(with = "null")]
    pub searches: Vec<String>,
    #[serde(with = "null")]
    pub options: Vec<String>,
}

/// A labelled port; `value` 0 means "any free one" in a job.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Port {
    #[serde(with = "null")]
    pub label: String,
    pub value: i64,
    /// The port inside the network namespace; 0 same, -1 same as the chosen value.
    pub to: i64,
    #[serde(with = "null")]
    pub host_network: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_collision: Option<bool>,
}

/// A port given to an allocation, on one address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PortMapping {
    #[serde(rename = "Label", with = "null")]
    pub label: String,
    #[serde(rename = "Value")]
    pub value: i64,
    #[serde(rename = "To")]
    pub to: i64,
    #[serde(rename = "HostIP", with = "null")]
    pub host_ip: String,
}
