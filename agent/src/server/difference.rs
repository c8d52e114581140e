//! Two plans of one job: what is different, in sentences.

use std::collections::BTreeMap;

use steppe_planner::plan::{Placement, Plan};

/// The differences of the plan made now to the one that was shown; without that one, what the plan made
/// now would do.
pub(super) fn describe(seen: Option<&Plan>, now: &Plan) -> Vec<String> {
    let nothing = Plan::default();
    let before = seen.unwrap_or(&nothing);
    let mut changes = Vec::new();
    compare_placements(before, now, &mut changes);
    compare_stops(before, now, &mut changes);
    compare_failures(before, now, &mut changes);
    if changes.is_empty() {
        changes.push("the plan differs in details that have no name".to_owned());
    }
    changes
}

fn compare_placements(before: &Plan, now: &Plan, changes: &mut Vec<String>) {
    let old: BTreeMap<&str, &Placement> =
        before.placements.iter().map(|p| (p.name.as_str(), p)).collect();
    let new: BTreeMap<&str, &Placement> =
        now.placements.iter().map(|p| (p.name.as_str(), p)).collect();
    for (name, placement) in &new {
        match old.get(name) {
            None => changes.push(format!("{name} would now be placed on {}", place(placement))),
            Some(was) if was.node_id != placement.node_id => changes.push(format!(
                "{name} would go to {} instead of {}",
                place(placement),
                was.node_name
            )),
            Some(was) => compare_ports(name, was, placement, changes),
        }
    }
    for (name, was) in old {
        if !new.contains_key(name) {
            changes.push(format!("{name} would no longer be placed on {}", was.node_name));
        }
    }
}

fn compare_ports(name: &str, was: &Placement, is: &Placement, changes: &mut Vec<String>) {
    for port in &is.ports {
        let old = was.ports.iter().find(|p| p.label == port.label && p.task == port.task);
        match old {
            Some(old) if (&old.host_ip, old.value) == (&port.host_ip, port.value) => {}
            Some(old) => changes.push(format!(
                "{name}: port {} would be {}:{} instead of {}:{}",
                port.label, port.host_ip, port.value, old.host_ip, old.value
            )),
            None => changes.push(format!(
                "{name}: port {} would be {}:{}",
                port.label, port.host_ip, port.value
            )),
        }
    }
}

fn compare_stops(before: &Plan, now: &Plan, changes: &mut Vec<String>) {
    for stop in &now.stops {
        if !before.stops.iter().any(|s| s.alloc_id == stop.alloc_id) {
            changes.push(format!("{} on {} would be stopped", stop.name, stop.node_name));
        }
    }
    for stop in &before.stops {
        if !now.stops.iter().any(|s| s.alloc_id == stop.alloc_id) {
            changes.push(format!("{} on {} would not be stopped", stop.name, stop.node_name));
        }
    }
}

/// Groups that do not fit any more, with the first reason that names a holder, or any.
fn compare_failures(before: &Plan, now: &Plan, changes: &mut Vec<String>) {
    for group in now.failed_groups.keys() {
        if before.failed_groups.contains_key(group) {
            continue;
        }
        let failures = now
            .groups
            .iter()
            .filter(|report| report.name == *group)
            .flat_map(|report| &report.nodes)
            .flat_map(|node| node.failures.iter().map(move |failure| (node, failure)));
        let reason = failures
            .clone()
            .find(|(_, failure)| !failure.holders.is_empty())
            .or_else(|| failures.clone().next());
        changes.push(match reason {
            Some((node, failure)) => {
                format!(
                    "group {group} fits no node any more: {}: {}",
                    node.node_name, failure.message
                )
            }
            None => format!("group {group} fits no node any more"),
        });
    }
    for group in before.failed_groups.keys() {
        if !now.failed_groups.contains_key(group) {
            changes.push(format!("group {group} fits now"));
        }
    }
}

fn place(placement: &Placement) -> String {
    let ports: Vec<String> =
        placement.ports.iter().map(|p| format!("{} {}:{}", p.label, p.host_ip, p.value)).collect();
    if ports.is_empty() {
        placement.node_name.clone()
    } else {
        format!("{} ({})", placement.node_name, ports.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use steppe_planner::api;
    use steppe_planner::plan::PlannedPort;

    use super::*;

    fn plan(node: &str, port: i64) -> Plan {
        let db = PlannedPort {
            label: "db".to_owned(),
            host_ip: "127.0.0.1".to_owned(),
            value: port,
            ..PlannedPort::default()
        };
        Plan {
            placements: vec![Placement {
                name: "j.g[0]".to_owned(),
                node_id: node.to_owned(),
                node_name: node.to_owned(),
                ports: vec![db],
                ..Placement::default()
            }],
            ..Plan::default()
        }
    }

    #[test]
    fn names_node_and_port() {
        assert_eq!(
            describe(Some(&plan("n1", 3306)), &plan("n2", 3306)),
            ["j.g[0] would go to n2 (db 127.0.0.1:3306) instead of n1"]
        );
        assert_eq!(
            describe(Some(&plan("n1", 20000)), &plan("n1", 20001)),
            ["j.g[0]: port db would be 127.0.0.1:20001 instead of 127.0.0.1:20000"]
        );
    }

    #[test]
    fn a_group_that_fits_no_more() {
        let mut now = Plan::default();
        now.failed_groups.insert("g".to_owned(), api::AllocMetric::default());
        assert_eq!(
            describe(Some(&plan("n1", 3306)), &now),
            ["j.g[0] would no longer be placed on n1", "group g fits no node any more"]
        );
    }
}
