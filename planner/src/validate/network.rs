//! Rules of networks: labels and static ports may be taken only once in a group.

use std::collections::BTreeMap;

use super::{Report, inside};
use crate::Map;
use crate::api::{NetworkResource, TaskGroup};

/// Who has a label or port, as it is told.
type Owners = BTreeMap<(String, i64), String>;

pub(super) fn group(group: &TaskGroup, path: &str, report: &mut Report) {
    if group.networks.len() > 1 {
        let message =
            "Multiple group networks are not supported; only one network block may be used";
        report.error(&inside(path, "network[1]"), "two-networks", message);
        report.hint("put all ports into one network block");
    }
    let mut labels = Map::new();
    let mut ports = Owners::new();
    for (at, network) in group.networks.iter().enumerate() {
        let place = inside(path, &format!("network[{at}]"));
        let owner = "taskgroup network";
        check(
            network,
            &place,
            &mut labels,
            &mut ports,
            owner,
            |label| format!("{owner}:{label}"),
            report,
        );
    }
    for task in &group.tasks {
        // Labels of a task's own network are the task's; its static ports are the group's all the same.
        let mut own = Map::new();
        let networks = task
            .resources
            .as_ref()
            .map(|resources| resources.networks.as_slice())
            .unwrap_or_default();
        for (at, network) in networks.iter().enumerate() {
            let place = inside(path, &format!("task.{}.resources.network[{at}]", task.name));
            let name = task.name.as_str();
            check(
                network,
                &place,
                &mut own,
                &mut ports,
                name,
                |label| format!("{name}:{label}"),
                report,
            );
        }
    }
}

fn check(
    network: &NetworkResource,
    place: &str,
    labels: &mut Map<String>,
    ports: &mut Owners,
    owner: &str,
    holder: impl Fn(&str) -> String,
    report: &mut Report,
) {
    for port in network.reserved_ports.iter().chain(&network.dynamic_ports) {
        let place = inside(place, &format!("port.{}", port.label));
        match labels.get(&port.label) {
            Some(other) => {
                let message = format!("Port label {} already in use by {other}", port.label);
                report.error(&place, "duplicate-port", message);
                report.hint("give one of the two another label");
            }
            None => {
                labels.insert(port.label.clone(), owner.to_owned());
            }
        }
        if port.value > 0 {
            let key = (port.host_network.clone(), port.value);
            match ports.get(&key) {
                Some(other) => {
                    let message = format!("Static port {} already reserved by {other}", port.value);
                    report.error(&inside(&place, "static"), "port-collision", message);
                    report
                        .hint("choose another number, or leave static out and take any free port");
                }
                None => {
                    ports.insert(key, holder(&port.label));
                }
            }
        }
        for (name, number) in [("static", port.value), ("to", port.to)] {
            if number > 65_535 {
                let message = format!(
                    "Port {} ({name} = {number}) is greater than the highest port 65535",
                    port.label
                );
                report.error(&inside(&place, name), "invalid-port", message);
                report.hint("write a number from 1 to 65535");
            }
        }
    }
}
