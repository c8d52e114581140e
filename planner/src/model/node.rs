//! A node as the scheduler sees it.

use super::{Symbol, Usage};
use crate::Map;

/// Whether a node takes allocations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub ready: bool,
    pub draining: bool,
    pub eligible: bool,
}

impl Standing {
    /// True if it takes new allocations at all.
    pub fn is_ready(self) -> bool {
        self.ready && !self.draining && self.eligible
    }
}

/// What a node is called, as symbols.
#[derive(Clone, Copy, Debug, Default)]
pub struct NodeSymbols {
    pub id: Symbol,
    pub name: Symbol,
    pub datacenter: Symbol,
    pub class: Symbol,
    pub pool: Symbol,
}

/// What a node offers.
#[derive(Clone, Debug, Default)]
pub struct Node {
    pub symbols: NodeSymbols,
    /// Of the cluster's list of classes.
    pub class_number: usize,
    pub id: String,
    pub name: String,
    pub datacenter: String,
    pub class: String,
    pub pool: String,
    pub status: String,
    pub eligibility: String,
    pub draining: bool,
    /// Index of the host whose ports it shares.
    pub host: usize,
    /// Sorted by key.
    pub attributes: Vec<(Symbol, Symbol)>,
    pub meta: Vec<(Symbol, Symbol)>,
    pub drivers: Map<Driver>,
    pub volumes: Map<HostVolume>,
    /// Network modes offered (`host`, `bridge`, `cni/…`).
    pub modes: Vec<String>,
    /// Interfaces for task networks.
    pub interfaces: Vec<Interface>,
    /// Addresses by host network, in the node's order.
    pub addresses: Vec<Address>,
    /// The address written into a group's network.
    pub host_ip: String,
    /// Total minus reserved.
    pub capacity: Usage,
    /// How many allocations it takes; 0 for as many as fit.
    pub max_allocs: i64,
    /// What the node keeps for itself.
    pub reserved: Usage,
    pub cores: Vec<u16>,
    pub mhz_per_core: i64,
    /// Port ranges reserved on every address.
    pub reserved_ports: Vec<(i64, i64)>,
    pub dynamic_ports: (i64, i64),
    pub devices: Vec<DeviceGroup>,
    pub csi_plugins: Map<CsiPlugin>,
}

/// Whether a driver can be used, and why not.
#[derive(Clone, Debug, Default)]
pub struct Driver {
    pub detected: bool,
    pub healthy: bool,
    pub description: String,
}

/// A directory offered to tasks.
#[derive(Clone, Debug, Default)]
pub struct HostVolume {
    pub path: String,
    pub read_only: bool,
}

/// An interface that task networks may use.
#[derive(Clone, Debug, Default)]
pub struct Interface {
    pub device: String,
    pub mbits: i64,
    /// Addresses in the order they are tried.
    pub addresses: Vec<Symbol>,
}

/// An address of a host network.
#[derive(Clone, Debug, Default)]
pub struct Address {
    pub alias: String,
    pub ip: Symbol,
    pub reserved_ports: Vec<(i64, i64)>,
}

/// Equal devices of a node.
#[derive(Clone, Debug, Default)]
pub struct DeviceGroup {
    pub vendor: String,
    pub kind: String,
    pub name: String,
    /// ID and health, by ID.
    pub instances: Vec<(String, bool)>,
    pub attributes: Map<super::Quantity>,
}

/// A CSI plugin running on a node.
#[derive(Clone, Debug, Default)]
pub struct CsiPlugin {
    pub healthy: bool,
    pub max_volumes: i64,
    /// Where the node stands, as the plugin tells it.
    pub topology: Map<String>,
}

impl Node {
    /// The value of an attribute.
    pub fn attribute(&self, key: Symbol) -> Option<Symbol> {
        lookup(&self.attributes, key)
    }

    /// The value of a meta key.
    pub fn meta_value(&self, key: Symbol) -> Option<Symbol> {
        lookup(&self.meta, key)
    }

    /// Whether it takes allocations.
    pub fn standing(&self) -> Standing {
        Standing {
            ready: self.status == "ready",
            draining: self.draining,
            eligible: self.eligibility == "eligible",
        }
    }

    /// True if it takes new allocations at all.
    pub fn is_ready(&self) -> bool {
        self.standing().is_ready()
    }

    /// True if everything on it is lost.
    pub fn is_down(&self) -> bool {
        self.status == "down"
    }
}

fn lookup(list: &[(Symbol, Symbol)], key: Symbol) -> Option<Symbol> {
    list.binary_search_by_key(&key, |(k, _)| *k).ok().map(|i| list[i].1)
}
