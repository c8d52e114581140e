//! Sentences about networks and ports, with every holder by name.

use super::explain::Scene;
use crate::api::Holder;
use crate::model::Symbol;
use crate::plan::{Check, Failure};
use crate::scheduler::ports::is_reserved;
use crate::scheduler::reason::{PortRef, Reason};
use crate::snapshot::PortHolder;

/// A failure of a network check.
pub(super) fn network(scene: &Scene<'_>, reason: &Reason) -> Failure {
    let node = &scene.node.name;
    match reason {
        Reason::PortTaken { port, ip, value } => taken(scene, port, *ip, *value),
        Reason::PortRange { port, value } => Failure {
            check: Check::Port,
            subject: label(scene, port).to_owned(),
            required: format!("port {value}"),
            actual: "0 to 65535".to_owned(),
            message: format!("port {value} of {} does not exist", label(scene, port)),
            ..Failure::default()
        },
        Reason::NoAddress { port, network } | Reason::HostNetworkMissing { port, network } => {
            let aliases: Vec<&str> =
                scene.node.addresses.iter().map(|a| a.alias.as_str()).collect();
            let actual = if aliases.is_empty() { "none".to_owned() } else { aliases.join(", ") };
            let label = label(scene, port);
            Failure {
                check: Check::Network,
                subject: network.clone(),
                required: format!("host network {network} for port {label}"),
                message: format!(
                    "port {label} asks for host network {network}; {node} has {actual}"
                ),
                actual,
                ..Failure::default()
            }
        }
        Reason::HostNetworkTemplate { port } => {
            let text = port.ask(scene.group).map_or("", |p| p.host_network.as_str());
            Failure {
                check: Check::Network,
                subject: text.to_owned(),
                required: text.to_owned(),
                actual: "not set".to_owned(),
                message: format!("{text} names nothing on {node}"),
                ..Failure::default()
            }
        }
        Reason::NoDynamicPort { port } => {
            let (low, high) = scene.node.dynamic_ports;
            Failure {
                check: Check::Port,
                subject: label(scene, port).to_owned(),
                required: "a free dynamic port".to_owned(),
                actual: format!("none from {low} to {high}"),
                message: format!("{node} has no free dynamic port from {low} to {high}"),
                ..Failure::default()
            }
        }
        Reason::Bandwidth { task, missing } => bandwidth(scene, *task, *missing),
        Reason::NoNetwork { task } => Failure {
            check: Check::Network,
            subject: task_name(scene, *task).to_owned(),
            required: "a network interface with an address".to_owned(),
            actual: "none".to_owned(),
            message: format!(
                "task {} asks for a network; {node} offers no interface",
                task_name(scene, *task)
            ),
            ..Failure::default()
        },
        _ => {
            let mode = scene.group.network.as_ref().map_or("", |n| n.mode.as_str());
            let mode = if mode.is_empty() { "host" } else { mode };
            let mut modes: Vec<&str> = scene.node.modes.iter().map(String::as_str).collect();
            modes.dedup();
            let actual = if modes.is_empty() { "none".to_owned() } else { modes.join(", ") };
            Failure {
                check: Check::Network,
                subject: mode.to_owned(),
                required: format!("network mode {mode}"),
                message: format!("{node} offers no {mode} network (it has: {actual})"),
                actual,
                ..Failure::default()
            }
        }
    }
}

fn label<'a>(scene: &Scene<'a>, port: &PortRef) -> &'a str {
    port.ask(scene.group).map_or("", |p| p.label.as_str())
}

fn task_name<'a>(scene: &Scene<'a>, task: usize) -> &'a str {
    scene.group.tasks.get(task).map_or("", |t| t.name.as_str())
}

fn taken(scene: &Scene<'_>, port: &PortRef, ip: Symbol, value: i64) -> Failure {
    let cluster = scene.draft.cluster;
    let address = cluster.symbols.text(ip);
    let mut holders: Vec<Holder> = Vec::new();
    let mut elsewhere = None;
    for holder in scene.draft.port_holders(scene.number, ip, value) {
        holders.push(match holder {
            PortHolder::Other(holder) => (**holder).clone(),
            PortHolder::Alloc(number) => {
                let alloc = &cluster.allocs[*number as usize];
                let node = alloc.node.filter(|n| *n != scene.number);
                elsewhere = elsewhere.or(node);
                named("allocation", &alloc.id, &alloc.name)
            }
        });
    }
    if let Some(placed) = scene.draft.port_placed(scene.number, ip, value) {
        elsewhere = elsewhere.or(Some(placed.node).filter(|n| *n != scene.number));
        holders.push(named("allocation", "", &placed.name));
    }
    if is_reserved(scene.node, ip, value) {
        holders.push(named("reserved", "", "the node's reserved ports"));
    }
    if holders.is_empty() {
        holders.push(named("unknown", "", "another port of this allocation"));
    }
    let names: Vec<String> = holders.iter().map(describe).collect();
    // Nodes of one host share its ports: say so where the holder is on another one.
    let shared = elsewhere.map_or_else(String::new, |number| {
        format!(" on {} (same host)", cluster.nodes[number as usize].name)
    });
    Failure {
        check: Check::Port,
        subject: label(scene, port).to_owned(),
        required: format!("port {value}"),
        actual: format!("held by {}{shared}", names.join(", ")),
        message: format!(
            "port {value} ({}) on {address} of {} is held by {}{shared}",
            label(scene, port),
            scene.node.name,
            names.join(", ")
        ),
        holders,
        ..Failure::default()
    }
}

fn named(kind: &str, id: &str, name: &str) -> Holder {
    Holder { kind: kind.to_owned(), id: id.to_owned(), name: name.to_owned() }
}

fn describe(holder: &Holder) -> String {
    match (holder.kind.as_str(), holder.name.as_str(), holder.id.as_str()) {
        ("reserved" | "unknown" | "", name, _) if !name.is_empty() => name.to_owned(),
        (_, "", "") => "an unknown process".to_owned(),
        ("process", name, "") => format!("process {name}"),
        ("process", name, id) => format!("process {name} ({id})"),
        (kind, "", id) => format!("{kind} {id}"),
        (kind, name, _) => format!("{kind} {name}"),
    }
}

fn bandwidth(scene: &Scene<'_>, task: usize, missing: i64) -> Failure {
    let asked = scene.group.tasks.get(task).and_then(|t| t.network.as_ref()).map_or(0, |n| n.mbits);
    let total: i64 = scene.node.interfaces.iter().map(|i| i.mbits).max().unwrap_or(0);
    let free = asked - missing;
    Failure {
        check: Check::Bandwidth,
        subject: task_name(scene, task).to_owned(),
        required: format!("{asked} Mbit/s"),
        actual: format!("{free} Mbit/s free of {total} Mbit/s"),
        shortfall: Some(missing),
        message: format!(
            "task {} asks for {asked} Mbit/s; {} has {free} of {total} free",
            task_name(scene, task),
            scene.node.name
        ),
        ..Failure::default()
    }
}
