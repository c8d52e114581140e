//! What hosts give: no port of an address twice, and of an interface no more bandwidth than it has.

use std::collections::BTreeMap;

use super::Judge;
use crate::model::Node;
use crate::plan::{Placement, PlannedPort};
use crate::snapshot::{Cluster, PortHolder};

impl Judge<'_> {
    /// No port of a host address is given twice, or taken from its holder.
    pub(super) fn ports(&self, wrong: &mut Vec<String>) {
        let mut given: BTreeMap<(usize, &str, i64), &str> = BTreeMap::new();
        for placement in &self.plan.placements {
            let Some(number) = self.cluster.node_number(&placement.node_id) else { continue };
            let host = self.cluster.nodes[number as usize].host;
            for port in placement.ports.iter().filter(|port| !may_collide(placement, port)) {
                let key = (host, port.host_ip.as_str(), port.value);
                if let Some(other) = given.insert(key, &placement.name) {
                    wrong.push(format!(
                        "port {} on {} goes to {other} and to {}",
                        port.value, port.host_ip, placement.name
                    ));
                }
                if is_reserved(self.node(number), &port.host_ip, port.value, self.cluster) {
                    wrong.push(format!(
                        "port {} of {} is kept by {}",
                        port.value, placement.name, placement.node_name
                    ));
                }
                let Some(ip) = self.cluster.symbols.find(&port.host_ip) else { continue };
                let held = self.cluster.ports[host].holders(ip, port.value).any(|h| match h {
                    PortHolder::Other(_) => true,
                    PortHolder::Alloc(n) => {
                        !self.ended.contains(self.cluster.allocs[*n as usize].id.as_str())
                    }
                });
                if held {
                    wrong.push(format!(
                        "port {} on {} of {} is held already",
                        port.value, port.host_ip, placement.name
                    ));
                }
            }
        }
    }

    /// No interface gives more than it has to the tasks that ask for some of it.
    pub(super) fn bandwidth(&self, wrong: &mut Vec<String>) {
        let mut given: BTreeMap<(u32, &str), i64> = BTreeMap::new();
        for placement in &self.plan.placements {
            let Some(node) = self.cluster.node_number(&placement.node_id) else { continue };
            for network in placement.resources.tasks.values().flat_map(|task| &task.networks) {
                *given.entry((node, &network.device)).or_default() += network.mbits.unwrap_or(0);
            }
        }
        for (node, alloc) in self.staying() {
            for (device, mbits) in &alloc.common.bandwidth {
                if let Some(sum) = given.get_mut(&(node, device.as_str())) {
                    *sum += mbits;
                }
            }
        }
        for ((number, device), sum) in given {
            let node = self.node(number);
            let interface = node.interfaces.iter().find(|i| i.device == device);
            if interface.is_none_or(|i| sum > i.mbits) {
                wrong.push(format!("{}: {sum} MBits of {device} given", node.name));
            }
        }
    }
}

/// True if the node keeps the port for itself, everywhere or on that address.
fn is_reserved(node: &Node, ip: &str, port: i64, cluster: &Cluster) -> bool {
    let here = node.addresses.iter().filter(|a| cluster.symbols.text(a.ip) == ip);
    let mut ranges = node.reserved_ports.iter().chain(here.flat_map(|a| &a.reserved_ports));
    ranges.any(|(first, last)| (*first..=*last).contains(&port))
}

/// True for a port of the group that asks to be given even where it is held.
fn may_collide(placement: &Placement, port: &PlannedPort) -> bool {
    let networks = &placement.resources.shared.networks;
    port.task.is_empty()
        && networks
            .iter()
            .flat_map(|network| &network.reserved_ports)
            .any(|p| p.label == port.label && p.ignore_collision == Some(true))
}
