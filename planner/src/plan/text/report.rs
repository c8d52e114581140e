//! Steppe's own part: where everything lands, and for each node every reason why not.

use std::collections::BTreeSet;

use super::columns::table;
use super::paint::{Color, Paint};
use crate::api::Holder;
use crate::plan::{Failure, GroupReport, NodeVerdict, Outcome, Placement, Plan};

/// Placements, then what ends, then every node that cannot.
pub fn report_text(plan: &Plan, paint: Paint) -> String {
    let sections: Vec<String> =
        [placements_text(plan, paint), stops_text(plan, paint), reasons_text(plan, paint)]
            .into_iter()
            .filter(|s| !s.is_empty())
            .collect();
    sections.join("\n\n")
}

fn placements_text(plan: &Plan, paint: Paint) -> String {
    if plan.placements.is_empty() {
        return String::new();
    }
    let head = ["Allocation", "Node", "Datacenter", "Ports", "Volumes"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(plan.placements.iter().map(|p| {
        vec![
            p.name.clone(),
            p.node_name.clone(),
            p.datacenter.clone(),
            ports_text(p),
            volumes_text(p),
        ]
    }));
    format!("{}\n{}", paint.bold("Placements"), table(&rows))
}

/// `http 10.0.0.1:8080 -> 80`, one after another.
pub fn ports_text(placement: &Placement) -> String {
    let ports: Vec<String> = placement
        .ports
        .iter()
        .map(|p| {
            let address = if p.host_ip.contains(':') {
                format!("[{}]", p.host_ip)
            } else {
                p.host_ip.clone()
            };
            match p.to {
                0 => format!("{} {address}:{}", p.label, p.value),
                to => format!("{} {address}:{} -> {to}", p.label, p.value),
            }
        })
        .collect();
    ports.join(", ")
}

/// `data (/srv/data) -> db:/var/lib`, one after another.
pub fn volumes_text(placement: &Placement) -> String {
    let volumes: Vec<String> = placement
        .volumes
        .iter()
        .map(|v| {
            let path = if v.path.is_empty() { String::new() } else { format!(" ({})", v.path) };
            let access = if v.read_only { ", read-only" } else { "" };
            let mounts: Vec<String> = v.mounts.iter().map(|m| format!(" -> {m}")).collect();
            format!("{}{path}{}{access}", v.source, mounts.concat())
        })
        .collect();
    volumes.join(", ")
}

fn stops_text(plan: &Plan, paint: Paint) -> String {
    if plan.stops.is_empty() {
        return String::new();
    }
    let mut rows = vec![["Allocation", "ID", "Node", "Reason"].map(str::to_owned).to_vec()];
    rows.extend(plan.stops.iter().map(|s| {
        let id = s.alloc_id.chars().take(8).collect();
        vec![s.name.clone(), id, s.node_name.clone(), s.description.clone()]
    }));
    format!("{}\n{}", paint.bold("Stops"), table(&rows))
}

/// Nodes that cannot take a group although it wants one: of groups that failed everything, of others only
/// a count, because a plan that works needs no excuse.
fn reasons_text(plan: &Plan, paint: Paint) -> String {
    let groups: Vec<String> = plan
        .groups
        .iter()
        .filter(|g| plan.failed_groups.contains_key(&g.name))
        .map(|g| group_text(g, paint))
        .filter(|text| !text.is_empty())
        .collect();
    groups.join("\n\n")
}

fn group_text(group: &GroupReport, paint: Paint) -> String {
    let refused: Vec<&NodeVerdict> =
        group.nodes.iter().filter(|n| n.outcome != Outcome::Feasible).collect();
    if refused.is_empty() {
        return String::new();
    }
    let title = format!("Why not: task group \"{}\"", group.name);
    let mut out = paint.bold(&title);
    for node in refused {
        out +=
            &format!("\n  {} ({})", paint.color(Color::Yellow, &node.node_name), node.datacenter);
        // Two tasks of one group can fail a check with the same words.
        let mut seen = BTreeSet::new();
        for failure in &node.failures {
            let text = failure_text(failure);
            if seen.insert(text.clone()) {
                out.push_str(&text);
            }
        }
    }
    out
}

/// One sentence for each failing check of a node.
pub fn failure_lines(node: &NodeVerdict) -> Vec<&str> {
    let mut lines: Vec<&str> = node.failures.iter().map(sentence).collect();
    lines.dedup();
    lines
}

fn sentence(failure: &Failure) -> &str {
    if failure.message.is_empty() { &failure.key } else { &failure.message }
}

/// One failing check: its sentence, and below what was asked, what is there, and who holds it.
fn failure_text(failure: &Failure) -> String {
    let sentence = sentence(failure);
    let mut facts: Vec<String> = [("required", &failure.required), ("actual", &failure.actual)]
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| format!("{name}: {text}"))
        .collect();
    // A port is held once for tcp and once for udp; and what is there may name its holder already.
    let holders: BTreeSet<&Holder> =
        failure.holders.iter().filter(|h| !failure.actual.contains(&h.name)).collect();
    if !holders.is_empty() {
        let holders: Vec<String> = holders.into_iter().map(holder_text).collect();
        facts.push(format!("held by: {}", holders.join(", ")));
    }
    let facts = match facts.is_empty() {
        true => String::new(),
        false => format!("\n        {}", facts.join("; ")),
    };
    format!("\n    * {sentence}{facts}")
}

fn holder_text(holder: &Holder) -> String {
    let id: String = match holder.kind.as_str() {
        "process" => format!(" (pid {})", holder.id),
        _ => holder.id.get(..8).map(|id| format!(" ({id})")).unwrap_or_default(),
    };
    match (holder.kind.as_str(), holder.name.as_str()) {
        ("", name) => format!("{name}{id}"),
        (kind, "") => format!("{kind}{id}"),
        (kind, name) => format!("{kind} {name}{id}"),
    }
}
