//! The node as a document: what its configuration and its machine offer.
//!
//! Pure apart from the facts handed in. Nodes of one agent share the machine evenly unless they are
//! configured otherwise.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/api-docs/nodes>

use std::collections::BTreeMap;
use std::net::IpAddr;

use steppe_planner::Map;
use steppe_planner::api::{self, TextMap};

use super::fingerprint::Machine;
use super::fingerprint::network::{node_networks, publish_address};
use crate::config::NodeConfig;
use crate::driver::DriverFingerprint;

/// The version of Nomad whose rules and documents the agent follows.
pub const NOMAD_VERSION: &str = "2.0.5";

/// What a node is made of.
pub struct NodeFacts<'a> {
    pub id: &'a str,
    pub config: &'a NodeConfig,
    pub machine: &'a Machine,
    /// How many nodes share the machine.
    pub nodes: usize,
    pub bind: IpAddr,
    pub http_addr: &'a str,
    pub drivers: &'a BTreeMap<&'static str, (DriverFingerprint, String)>,
}

/// The document.
pub fn node(facts: &NodeFacts<'_>) -> api::Node {
    let config = facts.config;
    let (device, address) =
        publish_address(&facts.machine.interfaces, config.network_interface.as_deref(), facts.bind);
    let (network, node_network) = node_networks(&device, address);
    let resources = resources(facts, network, node_network);
    let attributes = attributes(facts, address);
    let class = computed_class(config, &attributes);
    let reserved = &config.reserved;
    api::Node {
        id: facts.id.to_owned(),
        name: config.name.clone(),
        datacenter: config.datacenter.clone(),
        node_class: config.node_class.clone(),
        node_pool: Some(config.node_pool.clone()),
        http_addr: facts.http_addr.to_owned(),
        meta: config.meta.clone(),
        resources: Some(api::Resources {
            cpu: Some(resources.cpu.cpu_shares),
            cores: Some(0),
            memory_mb: Some(resources.memory.memory_mb),
            memory_max_mb: Some(0),
            disk_mb: Some(resources.disk.disk_mb),
            iops: Some(0),
            networks: resources.networks.clone(),
            ..api::Resources::default()
        }),
        reserved: Some(api::Resources {
            cpu: Some(reserved.cpu_mhz),
            cores: Some(0),
            memory_mb: Some(reserved.memory_mb),
            memory_max_mb: Some(0),
            disk_mb: Some(reserved.disk_mb),
            iops: Some(0),
            ..api::Resources::default()
        }),
        node_resources: Some(resources),
        reserved_resources: Some(api::NodeReservedResources {
            cpu: api::ReservedCpu { cpu_shares: reserved.cpu_mhz, ..Default::default() },
            memory: api::NodeMemory { memory_mb: reserved.memory_mb },
            disk: api::NodeDisk { disk_mb: reserved.disk_mb },
            networks: api::ReservedNetworks { reserved_host_ports: reserved.ports.clone() },
        }),
        drivers: drivers(facts),
        host_volumes: host_volumes(config),
        status: "ready".into(),
        attributes,
        computed_class: class,
        ..api::Node::default()
    }
}

fn resources(
    facts: &NodeFacts<'_>,
    network: api::NetworkResource,
    node_network: api::NodeNetwork,
) -> api::NodeResources {
    let (config, machine) = (facts.config, facts.machine);
    let share = |total: i64| total / i64::try_from(facts.nodes.max(1)).unwrap_or(1);
    api::NodeResources {
        cpu: api::NodeCpu {
            cpu_shares: config.cpu_total_compute.unwrap_or_else(|| share(machine.cpu_mhz_total)),
            total_cpu_cores: machine.cores,
            reservable_cpu_cores: (0..u16::try_from(machine.cores).unwrap_or(0)).collect(),
        },
        memory: api::NodeMemory {
            memory_mb: config.memory_total_mb.unwrap_or_else(|| share(machine.memory_mb)),
        },
        disk: api::NodeDisk {
            disk_mb: config.disk_total_mb.unwrap_or_else(|| share(machine.disk_mb)),
        },
        networks: vec![network],
        node_networks: vec![node_network],
        devices: Vec::new(),
        min_dynamic_port: Some(i64::from(config.dynamic_ports.0)),
        max_dynamic_port: Some(i64::from(config.dynamic_ports.1)),
    }
}

fn attributes(facts: &NodeFacts<'_>, address: IpAddr) -> TextMap {
    let mut attributes = facts.machine.attributes.clone();
    let own = [
        ("nomad.version", NOMAD_VERSION),
        ("steppe.version", env!("CARGO_PKG_VERSION")),
        ("nomad.advertise.address", facts.http_addr),
        ("unique.network.ip-address", &address.to_string()),
    ];
    attributes.extend(own.map(|(k, v)| (k.to_owned(), v.to_owned())));
    for (name, (driver, _)) in facts.drivers.iter().filter(|(_, (d, _))| d.detected) {
        // The node says "1" where the driver's own attributes say "true".
        attributes.insert(format!("driver.{name}"), "1".into());
        let flag = format!("driver.{name}");
        let rest = driver.attributes.iter().filter(|(key, _)| **key != flag);
        attributes.extend(rest.map(|(k, v)| (k.clone(), v.clone())));
    }
    attributes
}

fn drivers(facts: &NodeFacts<'_>) -> Map<api::DriverInfo> {
    let info = |(driver, since): &(DriverFingerprint, String)| api::DriverInfo {
        attributes: driver.attributes.clone(),
        detected: driver.detected,
        healthy: driver.healthy,
        health_description: driver.description.clone(),
        update_time: Some(since.clone()),
    };
    facts.drivers.iter().map(|(name, driver)| ((*name).to_owned(), info(driver))).collect()
}

fn host_volumes(config: &NodeConfig) -> Map<api::HostVolume> {
    let volume = |(name, volume): (&String, &crate::config::HostVolumeConfig)| {
        let document = api::HostVolume {
            name: name.clone(),
            path: volume.path.display().to_string(),
            read_only: volume.read_only,
            id: None,
        };
        (name.clone(), document)
    };
    config.host_volumes.iter().map(volume).collect()
}

/// Nodes alike in all but what is unique to them have the same class.
fn computed_class(config: &NodeConfig, attributes: &TextMap) -> String {
    // FNV-1a: stable over builds and machines, which the standard hasher is not.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut feed = |text: &str| {
        for byte in text.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for text in [&config.datacenter, &config.node_class, &config.node_pool] {
        feed(text);
    }
    for (key, value) in attributes.iter().chain(&config.meta) {
        if !key.starts_with("unique.") {
            feed(key);
            feed(value);
        }
    }
    format!("v1:{hash}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(config: &NodeConfig, nodes: usize) -> api::Node {
        let machine = Machine {
            cores: 2,
            cpu_mhz_total: 4890,
            memory_mb: 24_103,
            disk_mb: 9_000,
            attributes: TextMap::from([("unique.hostname".into(), "vm".into())]),
            ..Machine::default()
        };
        let docker = DriverFingerprint {
            detected: true,
            healthy: true,
            description: "Healthy".into(),
            attributes: TextMap::from([
                ("driver.docker".into(), "true".into()),
                ("driver.docker.version".into(), "28.2.2".into()),
            ]),
        };
        let drivers = BTreeMap::from([("docker", (docker, "2026-01-01T00:00:00Z".to_owned()))]);
        node(&NodeFacts {
            id: "n1",
            config,
            machine: &machine,
            nodes,
            bind: IpAddr::from([127, 0, 0, 1]),
            http_addr: "127.0.0.1:4646",
            drivers: &drivers,
        })
    }

    #[test]
    fn nodes_share_the_machine_unless_told_otherwise() {
        let mut config = NodeConfig::default();
        let shared = document(&config, 3).node_resources.unwrap();
        assert_eq!((shared.cpu.cpu_shares, shared.memory.memory_mb), (1630, 8034));
        config.memory_total_mb = Some(512);
        assert_eq!(document(&config, 3).node_resources.unwrap().memory.memory_mb, 512);
    }

    #[test]
    fn names_are_nomads() {
        let node = document(&NodeConfig::default(), 1);
        assert_eq!(node.attributes["driver.docker"], "1");
        assert_eq!(node.attributes["driver.docker.version"], "28.2.2");
        assert_eq!(node.drivers["docker"].attributes["driver.docker"], "true");
        assert_eq!(node.attributes["unique.network.ip-address"], "127.0.0.1");
        let network = &node.node_resources.unwrap().networks[0];
        assert_eq!((network.ip.as_str(), network.device.as_str()), ("127.0.0.1", "lo"));
    }

    #[test]
    fn the_class_ignores_what_is_unique() {
        let plain = document(&NodeConfig::default(), 1).computed_class;
        let renamed = NodeConfig { name: "other".into(), ..NodeConfig::default() };
        assert_eq!(document(&renamed, 1).computed_class, plain);
        let classed = NodeConfig { node_class: "big".into(), ..NodeConfig::default() };
        assert_ne!(document(&classed, 1).computed_class, plain);
    }
}
