//! Node document to model.

use super::volumes::segments;
use crate::Map;
use crate::api;
use crate::model::*;

/// Nomad's range for dynamic ports where a node names none.
const DYNAMIC_PORTS: (i64, i64) = (20000, 32000);
/// The most addresses of one CIDR that are tried.
const CIDR_ADDRESSES_MAX: u32 = 65536;

/// Compiles a node. Its host is not known here.
pub(super) fn compile_node(node: &api::Node, symbols: &mut Symbols) -> Node {
    let empty = api::NodeResources::default();
    let resources = node.node_resources.as_ref().unwrap_or(&empty);
    let nothing = api::NodeReservedResources::default();
    let reserved = node.reserved_resources.as_ref().unwrap_or(&nothing);
    let total_cores = resources.cpu.total_cpu_cores;
    let held_cores = &reserved.cpu.reserved_cpu_cores;
    let interfaces = resources
        .networks
        .iter()
        .filter(|n| !n.device.is_empty())
        .map(|n| interface(n, symbols))
        .collect();
    // What checks ask for by name.
    let drivers = drivers(node);
    let offers = drivers.keys().chain(node.host_volumes.keys());
    offers.for_each(|name| _ = symbols.intern(name));
    let aliases = resources.node_networks.iter().flat_map(|n| &n.addresses).map(|a| &a.alias);
    aliases.for_each(|name| _ = symbols.intern(name));
    resources.networks.iter().for_each(|n| _ = symbols.intern(&mode(&n.mode)));
    let pool = node.node_pool.clone().filter(|p| !p.is_empty()).unwrap_or_else(|| "default".into());
    Node {
        symbols: NodeSymbols {
            id: symbols.intern(&node.id),
            name: symbols.intern(&node.name),
            datacenter: symbols.intern(&node.datacenter),
            class: symbols.intern(&node.node_class),
            pool: symbols.intern(&pool),
        },
        class_number: 0,
        id: node.id.clone(),
        name: node.name.clone(),
        datacenter: node.datacenter.clone(),
        class: node.node_class.clone(),
        pool,
        status: node.status.clone(),
        eligibility: node.scheduling_eligibility.clone(),
        draining: node.drain || node.drain_strategy.is_some(),
        host: 0,
        attributes: pairs(&node.attributes, symbols),
        meta: pairs(&node.meta, symbols),
        drivers,
        volumes: node
            .host_volumes
            .iter()
            .map(|(name, v)| {
                (name.clone(), HostVolume { path: v.path.clone(), read_only: v.read_only })
            })
            .collect(),
        modes: resources.networks.iter().map(|n| mode(&n.mode)).collect(),
        interfaces,
        addresses: addresses(resources, symbols),
        host_ip: host_ip(resources),
        capacity: Usage {
            cpu: resources.cpu.cpu_shares - reserved.cpu.cpu_shares,
            memory: resources.memory.memory_mb - reserved.memory.memory_mb,
            disk: resources.disk.disk_mb - reserved.disk.disk_mb,
        },
        max_allocs: node.node_max_allocs.unwrap_or(0),
        reserved: Usage {
            cpu: reserved.cpu.cpu_shares,
            memory: reserved.memory.memory_mb,
            disk: reserved.disk.disk_mb,
        },
        cores: resources
            .cpu
            .reservable_cpu_cores
            .iter()
            .copied()
            .filter(|core| !held_cores.contains(core))
            .collect(),
        mhz_per_core: if total_cores > 0 { resources.cpu.cpu_shares / total_cores } else { 0 },
        reserved_ports: port_ranges(&reserved.networks.reserved_host_ports),
        dynamic_ports: (
            resources.min_dynamic_port.filter(|p| *p > 0).unwrap_or(DYNAMIC_PORTS.0),
            resources.max_dynamic_port.filter(|p| *p > 0).unwrap_or(DYNAMIC_PORTS.1),
        ),
        devices: resources.devices.iter().map(device_group).collect(),
        csi_plugins: node.csi_node_plugins.iter().map(|(id, p)| (id.clone(), plugin(p))).collect(),
    }
}

fn mode(mode: &str) -> String {
    if mode.is_empty() { "host".to_owned() } else { mode.to_owned() }
}

fn pairs(map: &api::TextMap, symbols: &mut Symbols) -> Vec<(Symbol, Symbol)> {
    let mut list: Vec<_> =
        map.iter().map(|(k, v)| (symbols.intern(k), symbols.intern(v))).collect();
    list.sort_unstable();
    list
}

/// Drivers as fingerprinted, or as old clients tell them: by an attribute.
fn drivers(node: &api::Node) -> Map<Driver> {
    let mut drivers: Map<Driver> = node
        .attributes
        .iter()
        .filter_map(|(key, value)| {
            let name = key.strip_prefix("driver.")?;
            let usable = matches!(value.as_str(), "1" | "t" | "T" | "true" | "TRUE" | "True");
            let driver = Driver { detected: usable, healthy: usable, description: String::new() };
            (!name.contains('.')).then(|| (name.to_owned(), driver))
        })
        .collect();
    for (name, info) in &node.drivers {
        let driver = Driver {
            detected: info.detected,
            healthy: info.healthy,
            description: info.health_description.clone(),
        };
        drivers.insert(name.clone(), driver);
    }
    drivers
}

fn interface(network: &api::NetworkResource, symbols: &mut Symbols) -> Interface {
    Interface {
        device: network.device.clone(),
        mbits: network.mbits.unwrap_or(0),
        addresses: cidr_addresses(&network.cidr).iter().map(|ip| symbols.intern(ip)).collect(),
    }
}

/// Every address of a CIDR, from its network address up.
fn cidr_addresses(cidr: &str) -> Vec<String> {
    let Some((base, bits)) = cidr.split_once('/') else { return Vec::new() };
    let (Ok(base), Ok(bits)) = (base.parse::<std::net::IpAddr>(), bits.parse::<u32>()) else {
        return Vec::new();
    };
    match base {
        std::net::IpAddr::V4(ip) if bits <= 32 => {
            let size = 1u64 << (32 - bits);
            let start = u64::from(u32::from(ip)) / size * size;
            (start..start + size.min(u64::from(CIDR_ADDRESSES_MAX)))
                .filter_map(|n| Some(std::net::Ipv4Addr::from(u32::try_from(n).ok()?).to_string()))
                .collect()
        }
        std::net::IpAddr::V6(ip) if bits == 128 => vec![ip.to_string()],
        std::net::IpAddr::V6(ip) if bits < 128 => {
            let size = 1u128 << (128 - bits).min(127);
            let start = u128::from(ip) / size * size;
            (start..start.saturating_add(size.min(u128::from(CIDR_ADDRESSES_MAX))))
                .map(|n| std::net::Ipv6Addr::from(n).to_string())
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Addresses by host network. Nodes without `NodeNetworks` name their interfaces `default`.
fn addresses(resources: &api::NodeResources, symbols: &mut Symbols) -> Vec<Address> {
    let named: Vec<Address> = resources
        .node_networks
        .iter()
        .flat_map(|n| &n.addresses)
        .map(|a| Address {
            alias: a.alias.clone(),
            ip: symbols.intern(&a.address),
            reserved_ports: port_ranges(&a.reserved_ports),
        })
        .collect();
    named
}

fn host_ip(resources: &api::NodeResources) -> String {
    let of_networks = resources
        .node_networks
        .iter()
        .find(|n| n.mode == "host")
        .and_then(|n| n.addresses.first())
        .map(|a| a.address.clone());
    let of_resources =
        || resources.networks.iter().find(|n| n.mode == "host").map(|n| n.ip.clone());
    of_networks.or_else(of_resources).unwrap_or_default()
}

fn device_group(device: &api::NodeDevice) -> DeviceGroup {
    let mut instances: Vec<_> =
        device.instances.iter().map(|i| (i.id.clone(), i.healthy)).collect();
    instances.sort();
    DeviceGroup {
        vendor: device.vendor.clone(),
        kind: device.kind.clone(),
        name: device.name.clone(),
        instances,
        attributes: device
            .attributes
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), quantity(value)?)))
            .collect(),
    }
}

/// Reads Nomad's tagged attribute form: exactly one of the values is set.
fn quantity(value: &api::Value) -> Option<Quantity> {
    let unit = value.get("Unit").and_then(api::Value::as_str).unwrap_or("");
    if let Some(flag) = value.get("Bool").and_then(api::Value::as_bool) {
        return Some(Quantity::Bool(flag));
    }
    if let Some(text) = value.get("String").and_then(api::Value::as_str) {
        return Some(Quantity::Text(text.to_owned()));
    }
    let number = value
        .get("Int")
        .and_then(api::Value::as_f64)
        .or_else(|| value.get("Float").and_then(api::Value::as_f64))?;
    Quantity::number(number, unit)
}

fn plugin(value: &api::Value) -> CsiPlugin {
    CsiPlugin {
        healthy: value.get("Healthy").and_then(api::Value::as_bool).unwrap_or_default(),
        max_volumes: value
            .get("NodeInfo")
            .and_then(|i| i.get("MaxVolumes")?.as_i64())
            .unwrap_or(i64::MAX),
        topology: value
            .get("NodeInfo")
            .and_then(|i| i.get("AccessibleTopology"))
            .map(segments)
            .unwrap_or_default(),
    }
}
