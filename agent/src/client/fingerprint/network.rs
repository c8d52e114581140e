//! Network interfaces, and the address a node publishes its ports on.

use std::net::IpAddr;

use steppe_planner::api;

/// An address of an interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    pub name: String,
    pub address: IpAddr,
}

/// Every address of the machine, loopback included.
pub fn interfaces() -> Vec<Interface> {
    let list = match nix::ifaddrs::getifaddrs() {
        Ok(list) => list,
        Err(error) => {
            tracing::warn!(%error, "cannot list the network interfaces");
            return Vec::new();
        }
    };
    let mut found = Vec::new();
    for entry in list {
        let Some(address) = entry.address else {
            continue;
        };
        let v4 = address.as_sockaddr_in().map(|a| IpAddr::V4(a.ip()));
        let v6 = address.as_sockaddr_in6().map(|a| IpAddr::V6(a.ip()));
        if let Some(address) = v4.or(v6) {
            found.push(Interface { name: entry.interface_name, address });
        }
    }
    found.sort_by_key(|i| (!i.address.is_ipv4(), i.name.clone()));
    found
}

/// Where a node publishes: the address of its configured interface, otherwise the agent's own; for an
/// agent that listens on every address, the first one that others can reach.
pub fn publish_address(
    interfaces: &[Interface],
    configured: Option<&str>,
    bind: IpAddr,
) -> (String, IpAddr) {
    let device_of = |ip: IpAddr| interfaces.iter().find(|i| i.address == ip);
    if let Some(name) = configured
        && let Some(found) = interfaces.iter().find(|i| i.name == name)
    {
        return (found.name.clone(), found.address);
    }
    if bind.is_unspecified() {
        let reachable =
            |i: &&Interface| !i.address.is_loopback() && i.address.is_ipv4() && !is_bridge(&i.name);
        if let Some(found) = interfaces.iter().find(reachable) {
            return (found.name.clone(), found.address);
        }
        return ("lo".into(), IpAddr::from([127, 0, 0, 1]));
    }
    (device_of(bind).map_or_else(|| "lo".into(), |i| i.name.clone()), bind)
}

/// Docker's own bridges and cables lead nowhere outside.
fn is_bridge(name: &str) -> bool {
    ["docker", "br-", "veth", "virbr", "cni"].iter().any(|prefix| name.starts_with(prefix))
}

/// Nomad's two descriptions of one address.
pub fn node_networks(device: &str, address: IpAddr) -> (api::NetworkResource, api::NodeNetwork) {
    let bits = if address.is_ipv4() { 32 } else { 128 };
    let resource = api::NetworkResource {
        mode: "host".into(),
        device: device.into(),
        cidr: format!("{address}/{bits}"),
        ip: address.to_string(),
        mbits: Some(1000),
        ..api::NetworkResource::default()
    };
    let network = api::NodeNetwork {
        mode: "host".into(),
        device: device.into(),
        speed: 1000,
        addresses: vec![api::NodeNetworkAddress {
            family: if address.is_ipv4() { "ipv4".into() } else { "ipv6".into() },
            alias: "default".into(),
            address: address.to_string(),
            ..api::NodeNetworkAddress::default()
        }],
        ..api::NodeNetwork::default()
    };
    (resource, network)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> Vec<Interface> {
        let interface =
            |name: &str, ip: [u8; 4]| Interface { name: name.into(), address: IpAddr::from(ip) };
        vec![
            interface("docker0", [172, 17, 0, 1]),
            interface("eth0", [10, 0, 0, 5]),
            interface("lo", [127, 0, 0, 1]),
        ]
    }

    #[test]
    fn publishes_where_it_should() {
        let loopback = IpAddr::from([127, 0, 0, 1]);
        let any = IpAddr::from([0, 0, 0, 0]);
        let eth0 = ("eth0".to_owned(), IpAddr::from([10, 0, 0, 5]));
        assert_eq!(publish_address(&list(), None, loopback), ("lo".into(), loopback));
        assert_eq!(publish_address(&list(), Some("eth0"), loopback), eth0);
        assert_eq!(publish_address(&list(), None, any), eth0);
        assert_eq!(publish_address(&[], None, any), ("lo".into(), loopback));
    }

    #[test]
    fn this_machine_has_a_loopback_address() {
        assert!(interfaces().iter().any(|i| i.address == IpAddr::from([127, 0, 0, 1])));
    }
}
