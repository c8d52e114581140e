//! Which ports an allocation gets on a node, and which it cannot get.
//!
//! Static ports are taken as asked. A dynamic port is the lowest free one from a start that depends on
//! job, group, index and label only, so that the same job gets the same ports wherever it is planned.

use std::borrow::Cow;

use super::draft::Draft;
use super::feasible::{Ask, Report};
use super::fit::{Depth, Grant, NetworkGrant, PortGrant};
use super::reason::{PortRef, Reason};
use crate::hash::Fnv;
use crate::model::{NetworkAsk, Node, PortAsk, Symbol, Symbols, Target};
use crate::semantics::Rule;

/// One more than the highest port.
const PORTS_END: i64 = 65536;

/// The host network a port names on this node; `None` if its `${…}` resolves to nothing.
pub fn host_network<'a>(ask: &'a PortAsk, node: &Node, symbols: &Symbols) -> Option<Cow<'a, str>> {
    let text = ask.host_network.as_str();
    if !text.starts_with("${") {
        return Some(Cow::Borrowed(text));
    }
    let resolved = Target::parse(text, symbols).resolve(node, symbols)?.to_owned();
    Some(Cow::Owned(resolved))
}

/// Assigns the ports of the group's network. `false` where the report said to stop.
pub(super) fn assign_group(
    depth: Depth<'_>,
    ask: &Ask<'_>,
    number: u32,
    draft: &Draft<'_>,
    grant: &mut Grant,
    report: Report<'_>,
) -> bool {
    let Some(network) = &ask.group.network else { return true };
    let node = &draft.cluster.nodes[number as usize];
    let plenty = match depth {
        Depth::Judge(names) if has_plenty(network.dynamic.len(), number, draft) => Some(names),
        Depth::Judge(_) | Depth::Grant => None,
    };
    for (index, port) in network.fixed.iter().enumerate() {
        let reference = PortRef { task: None, dynamic: false, index };
        match fixed_port(port, reference, node, number, draft, grant) {
            Ok(granted) => grant.ports.push(granted),
            Err(reason) => {
                if !report(reason) {
                    return false;
                }
            }
        }
    }
    for (index, port) in network.dynamic.iter().enumerate() {
        if plenty.is_some_and(|names| names.has_address(index, number)) {
            continue;
        }
        let reference = PortRef { task: None, dynamic: true, index };
        let start = start(ask, &port.label, node);
        let Some(alias) = host_network(port, node, &draft.cluster.symbols) else { continue };
        let mut addresses = node.addresses.iter().filter(|a| a.alias == alias).peekable();
        let reason = if addresses.peek().is_some() {
            Reason::NoDynamicPort { port: reference }
        } else {
            Reason::NoAddress { port: reference, network: alias.clone().into_owned() }
        };
        let found = addresses.find_map(|address| {
            let value = free_dynamic_port(start, address.ip, network, number, node, draft, grant)?;
            Some(PortGrant { port: reference, ip: address.ip, value })
        });
        match found {
            Some(granted) => grant.ports.push(granted),
            None => {
                if !report(reason) {
                    return false;
                }
            }
        }
    }
    true
}

fn fixed_port(
    port: &PortAsk,
    reference: PortRef,
    node: &Node,
    number: u32,
    draft: &Draft<'_>,
    grant: &Grant,
) -> Result<PortGrant, Reason> {
    let alias = host_network(port, node, &draft.cluster.symbols).unwrap_or_default();
    let tried = if draft.cluster.semantics.has(Rule::AnyAddressOfAlias) { usize::MAX } else { 1 };
    let mut taken = None;
    for address in node.addresses.iter().filter(|a| a.alias == alias).take(tried) {
        if !(0..PORTS_END).contains(&port.value) {
            return Err(Reason::PortRange { port: reference, value: port.value });
        }
        let free = is_free(address.ip, port.value, number, node, draft)
            && !grant.has_port(address.ip, port.value);
        if free || port.ignore_collision {
            return Ok(PortGrant { port: reference, ip: address.ip, value: port.value });
        }
        taken = taken.or(Some(Reason::PortTaken {
            port: reference,
            ip: address.ip,
            value: port.value,
        }));
    }
    Err(taken.unwrap_or(Reason::NoAddress { port: reference, network: alias.into_owned() }))
}

/// Assigns a task's own network: one address that has everything asked for.
pub(super) fn assign_task(
    ask: &Ask<'_>,
    task: usize,
    number: u32,
    draft: &Draft<'_>,
    grant: &mut Grant,
    report: Report<'_>,
) -> bool {
    let Some(network) = &ask.group.tasks[task].network else { return true };
    let node = &draft.cluster.nodes[number as usize];
    // The last address tried is the one whose failure Nomad reports.
    let mut failures = vec![Reason::NoNetwork { task }];
    for interface in &node.interfaces {
        let before = grant.bandwidth(&interface.device);
        let used = bandwidth_used(&interface.device, number, draft) + before;
        for ip in &interface.addresses {
            failures.clear();
            let over = used + network.mbits - interface.mbits;
            if over > 0 {
                failures.push(Reason::Bandwidth { task, missing: over });
            }
            let mark = grant.ports.len();
            task_ports(ask, task, network, *ip, number, draft, grant, &mut failures);
            if failures.is_empty() {
                grant.networks.push(NetworkGrant {
                    task,
                    device: interface.device.clone(),
                    ip: *ip,
                    mbits: network.mbits,
                });
                return true;
            }
            grant.ports.truncate(mark);
        }
    }
    failures.into_iter().all(report)
}

#[allow(clippy::too_many_arguments, reason = "one address of one task, in one place")]
fn task_ports(
    ask: &Ask<'_>,
    task: usize,
    network: &NetworkAsk,
    ip: Symbol,
    number: u32,
    draft: &Draft<'_>,
    grant: &mut Grant,
    failures: &mut Vec<Reason>,
) {
    let node = &draft.cluster.nodes[number as usize];
    for (index, port) in network.fixed.iter().enumerate() {
        let reference = PortRef { task: Some(task), dynamic: false, index };
        let value = port.value;
        if !(0..PORTS_END).contains(&value) {
            failures.push(Reason::PortRange { port: reference, value });
        } else if is_free(ip, value, number, node, draft) && !grant.has_port(ip, value) {
            grant.ports.push(PortGrant { port: reference, ip, value });
        } else {
            failures.push(Reason::PortTaken { port: reference, ip, value });
        }
    }
    for (index, port) in network.dynamic.iter().enumerate() {
        let reference = PortRef { task: Some(task), dynamic: true, index };
        let start = start(ask, &port.label, node);
        match free_dynamic_port(start, ip, network, number, node, draft, grant) {
            Some(value) => grant.ports.push(PortGrant { port: reference, ip, value }),
            None => failures.push(Reason::NoDynamicPort { port: reference }),
        }
    }
}

/// True if a node certainly has a free dynamic port more than so many are asked for, whatever is in use there.
pub(super) fn has_plenty(asked: usize, number: u32, draft: &Draft<'_>) -> bool {
    let room = draft.cluster.rooms[number as usize];
    let taken = draft.cluster.ports[room.host].count() + draft.ports_placed() + asked;
    i64::try_from(taken).is_ok_and(|taken| taken < room.ports)
}

/// True if nobody holds the port on the address, the plan included.
pub(super) fn is_free(ip: Symbol, port: i64, number: u32, node: &Node, draft: &Draft<'_>) -> bool {
    !is_reserved(node, ip, port)
        && draft.port_placed(number, ip, port).is_none()
        && draft.port_holders(number, ip, port).next().is_none()
}

/// True if the node keeps the port for itself.
pub fn is_reserved(node: &Node, ip: Symbol, port: i64) -> bool {
    let inside = |ranges: &[(i64, i64)]| ranges.iter().any(|(a, b)| (*a..=*b).contains(&port));
    inside(&node.reserved_ports)
        || node.addresses.iter().any(|a| a.ip == ip && inside(&a.reserved_ports))
}

fn free_dynamic_port(
    start: i64,
    ip: Symbol,
    network: &NetworkAsk,
    number: u32,
    node: &Node,
    draft: &Draft<'_>,
    grant: &Grant,
) -> Option<i64> {
    let (low, high) = node.dynamic_ports;
    let cooling = &draft.cluster.ports[node.host].cooling;
    (start..=high).chain(low..start).find(|port| {
        is_free(ip, *port, number, node, draft)
            && !cooling.contains(port)
            && !grant.has_port(ip, *port)
            && !network.fixed.iter().any(|p| p.value == *port)
    })
}

/// Where the search for a dynamic port begins.
fn start(ask: &Ask<'_>, label: &str, node: &Node) -> i64 {
    let (low, high) = node.dynamic_ports;
    let mut hash = Fnv::new();
    hash.add(ask.job.id.as_bytes());
    hash.add(ask.group.name.as_bytes());
    hash.add(&ask.index.to_le_bytes());
    hash.add(label.as_bytes());
    let size = u64::try_from(high - low + 1).unwrap_or(1).max(1);
    low + i64::try_from(hash.value() % size).unwrap_or(0)
}

fn bandwidth_used(device: &str, number: u32, draft: &Draft<'_>) -> i64 {
    let existing: i64 = draft
        .holding(number)
        .flat_map(|(_, a)| &a.common.bandwidth)
        .filter(|(d, _)| d == device)
        .map(|(_, mbits)| mbits)
        .sum();
    let placed: i64 =
        draft.placed_on(number).map(|(_, placed)| placed.grant.bandwidth(device)).sum();
    existing + placed
}
