//! Rules of networks: labels and static ports may be taken only once in a group.

use std::collections::BTreeMap;

use super::{Report, inside};
use crate::Map;
use crate::api::{NetworkResource, Port, TaskGroup};

/// Who has a static port of a host network, as it is told.
type Owners = BTreeMap<(String, i64), String>;

const HIGHEST: i64 = 65_535;
const A_PORT: &str = "write a number from 1 to 65535";

pub(super) fn group(group: &TaskGroup, path: &str, report: &mut Report) {
    let mut labels = Map::new();
    let mut owners = Owners::new();
    for (at, network) in group.networks.iter().enumerate() {
        for port in ports(network) {
            let place = inside(path, &format!("network[{at}].port.{}", port.label));
            label(port, &labels, &place, report);
            labels.entry(port.label.clone()).or_insert_with(|| "taskgroup network".to_owned());
            number(port, &mut owners, "taskgroup network", &place, report);
            target(port, &place, report);
        }
    }
    for task in &group.tasks {
        let networks = task.resources.as_ref().map_or(&[][..], |resources| &resources.networks);
        for (at, network) in networks.iter().enumerate() {
            let place = format!("task.{}.resources.network[{at}]", task.name);
            for port in ports(network) {
                let place = inside(path, &format!("{place}.port.{}", port.label));
                // Labels of a task's own network are the task's, but the group's are everyone's.
                label(port, &labels, &place, report);
                number(port, &mut owners, &task.name, &place, report);
            }
        }
    }
}

fn ports(network: &NetworkResource) -> impl Iterator<Item = &Port> {
    network.reserved_ports.iter().chain(&network.dynamic_ports)
}

fn label(port: &Port, labels: &Map<String>, place: &str, report: &mut Report) {
    if let Some(other) = labels.get(&port.label) {
        let message = format!("Port label {} already in use by {other}", port.label);
        report.error(place, "duplicate-port", message);
        report.hint("give one of the two another label");
    }
}

fn number(port: &Port, owners: &mut Owners, owner: &str, place: &str, report: &mut Report) {
    if port.value == 0 {
        return;
    }
    let network = if port.host_network.is_empty() { "default" } else { &port.host_network };
    let key = (network.to_owned(), port.value);
    let place = inside(place, "static");
    if let Some(other) = owners.get(&key) {
        let message = format!("Static port {} already reserved by {other}", port.value);
        report.error(&place, "port-collision", message);
        report.hint("choose another number, or leave static out and take any free port");
    } else if port.value > HIGHEST {
        let message =
            format!("Port {} ({}) cannot be greater than {HIGHEST}", port.label, port.value);
        report.error(&place, "invalid-port", message);
        report.hint(A_PORT);
    } else {
        owners.insert(key, format!("{owner}:{}", port.label));
    }
}

/// The port inside the allocation; minus one stands for the same as outside.
fn target(port: &Port, place: &str, report: &mut Report) {
    let (label, to) = (&port.label, port.to);
    let message = if to < -1 {
        format!("Port \"{label}\" cannot be mapped to negative value {to}")
    } else if to > HIGHEST {
        format!("Port \"{label}\" cannot be mapped to a port ({to}) greater than {HIGHEST}")
    } else {
        return;
    };
    report.error(&inside(place, "to"), "invalid-port", message);
    report.hint(A_PORT);
}
