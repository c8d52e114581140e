//! What a placement is given is what the job asks for: amounts, ports by label, devices by kind.

use super::Judge;
use crate::api;
use crate::model::{DeviceAsk, Group, NetworkAsk, Node, Task};
use crate::plan::{Placement, PlannedPort};

impl Judge<'_> {
    pub(super) fn asked(&self, wrong: &mut Vec<String>) {
        for (_, placement, number, group) in self.current() {
            let node = self.node(number);
            let mut say =
                |what: String| wrong.push(format!("{} on {}: {what}", placement.name, node.name));
            let shared = &placement.resources.shared;
            if shared.disk_mb < group.disk {
                say(format!("{} of {} MB of disk are given", shared.disk_mb, group.disk));
            }
            for task in &group.tasks {
                match placement.resources.tasks.get(&task.name) {
                    Some(given) => amounts(task, given, node, &mut say),
                    None => say(format!("task {} is given nothing", task.name)),
                }
            }
            self.ports_asked(placement, group, node, &mut say);
        }
    }

    /// Each port asked for is given, where it may be.
    fn ports_asked(
        &self,
        placement: &Placement,
        group: &Group,
        node: &Node,
        say: &mut dyn FnMut(String),
    ) {
        let of_tasks = group.tasks.iter().map(|t| (t.name.as_str(), t.network.as_ref()));
        for (task, network) in of_tasks.chain([("", group.network.as_ref())]) {
            let Some(network) = network else { continue };
            let given: Vec<&PlannedPort> =
                placement.ports.iter().filter(|p| p.task == task).collect();
            let asked = network.fixed.iter().chain(&network.dynamic);
            if given.len() != asked.clone().count()
                || !asked.into_iter().all(|ask| given.iter().any(|p| p.label == ask.label))
            {
                say("not every port asked for is given".to_owned());
            }
            for port in given {
                self.port_asked(port, network, node, say);
            }
        }
    }

    fn port_asked(
        &self,
        port: &PlannedPort,
        network: &NetworkAsk,
        node: &Node,
        say: &mut dyn FnMut(String),
    ) {
        let fixed = network.fixed.iter().find(|ask| ask.label == port.label);
        let (low, high) = node.dynamic_ports;
        let right = match fixed {
            Some(ask) => ask.value == port.value,
            None => (low..=high).contains(&port.value),
        };
        if !right {
            say(format!("port {} is {}", port.label, port.value));
        }
        let text = |ip| self.cluster.symbols.text(ip);
        let asked = fixed.or_else(|| network.dynamic.iter().find(|ask| ask.label == port.label));
        let alias = asked.map_or("", |ask| ask.host_network.as_str());
        let there = if port.task.is_empty() {
            node.addresses.iter().any(|address| {
                let named = alias.contains("${") || address.alias == alias;
                named && text(address.ip) == port.host_ip
            })
        } else {
            node.interfaces.iter().flat_map(|i| &i.addresses).any(|ip| text(*ip) == port.host_ip)
        };
        if !there {
            say(format!("port {} is on {}, which is no such address", port.label, port.host_ip));
        }
    }
}

fn amounts(
    task: &Task,
    given: &api::AllocatedTaskResources,
    node: &Node,
    say: &mut dyn FnMut(String),
) {
    if given.memory.memory_mb < task.memory || given.cpu.cpu_shares < task.cpu {
        say(format!("task {} is given less than it asks", task.name));
    }
    let cores = &given.cpu.reserved_cores;
    if i64::try_from(cores.len()) != Ok(task.cores) || cores.iter().any(|c| !node.cores.contains(c))
    {
        say(format!("task {} is not given its cores", task.name));
    }
    let enough = |(ask, device): (&DeviceAsk, &api::AllocatedDevice)| is_device(ask, device, node);
    if given.devices.len() != task.devices.len()
        || !task.devices.iter().zip(&given.devices).all(enough)
    {
        say(format!("task {} is not given its devices", task.name));
    }
}

/// True if these are healthy devices of the node, of the kind and number asked for.
fn is_device(ask: &DeviceAsk, given: &api::AllocatedDevice, node: &Node) -> bool {
    let names = [
        given.kind.clone(),
        format!("{}/{}", given.vendor, given.kind),
        format!("{}/{}/{}", given.vendor, given.kind, given.name),
    ];
    let group = node
        .devices
        .iter()
        .find(|d| (&d.vendor, &d.kind, &d.name) == (&given.vendor, &given.kind, &given.name));
    let healthy = |id: &String| {
        group.is_some_and(|g| g.instances.iter().any(|(known, good)| known == id && *good))
    };
    names.contains(&ask.name)
        && given.device_ids.len() as u64 == ask.count
        && given.device_ids.iter().all(healthy)
}
