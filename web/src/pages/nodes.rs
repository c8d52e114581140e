//! Every node: its status, drivers, resources in use and host volumes.

use steppe_planner::api;
use yew::prelude::*;

use super::parts::{
    loading, matches, node_link, short_id, titled_status, use_filter, use_shown, words,
};
use crate::components::Column::{self, Numbers, Words};
use crate::components::{all, cell, empty, gauge, number, quiet, row_head, table};
use crate::live::use_live;
use crate::positions::Positions;

const COLUMNS: [Column; 8] = [
    Words("Node"),
    Words("Status"),
    Words("Datacenter"),
    Words("Drivers"),
    Words("CPU"),
    Words("Memory"),
    Words("Host volumes"),
    Numbers("Allocations"),
];

/// The table of nodes, in the order that breaks ties.
#[component]
pub fn NodesPage() -> Html {
    let live = use_live();
    let (filter, field) = use_filter("Filter nodes");
    let shown = use_shown();
    if live.cluster.is_empty() {
        return loading();
    }
    let document = live.cluster.read();
    let used = used_by_node(&document.nodes, &document.allocations);
    let kept = document.nodes.iter().zip(used).filter(|(node, _)| keep(node, &filter));
    let kept: Vec<_> = kept.collect();
    let list = if document.nodes.is_empty() {
        let body = html! {
            <p>{ "Start it with a " }<code>{ "client" }</code>
            { " block that is enabled, or without a configuration." }</p>
        };
        empty("The agent runs no node", body)
    } else if kept.is_empty() {
        empty("No node matches the filter", Html::default())
    } else {
        let rows = kept.iter().take(shown.rows).map(|(node, used)| row(node, used));
        all(vec![table(&COLUMNS, rows.collect()), shown.more(kept.len())])
    };
    html! {
        <article class="listing">
            <header class="page-head">
                <h1>{ "Nodes" }<span class="aside">{ document.nodes.len() }</span></h1>
                { field }
            </header>
            { list }
        </article>
    }
}

fn keep(node: &api::Node, filter: &str) -> bool {
    matches(filter, &[&node.name, &node.id, &node.datacenter, &node.node_class, &node.status])
}

/// What live allocations take of a node.
#[derive(Clone, Copy, Default)]
pub struct Used {
    pub cpu: i64,
    pub memory: i64,
    pub disk: i64,
    pub allocations: usize,
}

impl Used {
    /// Sums over the live allocations, for the eye; whether something fits is the planner's verdict.
    pub fn add(&mut self, allocation: &api::Allocation) {
        if words::is_live(allocation) {
            let (cpu, memory, disk) = words::given(allocation);
            self.cpu += cpu;
            self.memory += memory;
            self.disk += disk;
            self.allocations += 1;
        }
    }
}

fn used_by_node(nodes: &[api::Node], allocations: &[api::Allocation]) -> Vec<Used> {
    let places = Positions::new(nodes.iter().map(|node| node.id.as_str()));
    let mut used = vec![Used::default(); nodes.len()];
    for allocation in allocations {
        if let Some(at) = places.of(&allocation.node_id) {
            used[at].add(allocation);
        }
    }
    used
}

/// `ready`, or what keeps a ready node from taking allocations.
pub fn node_status(node: &api::Node) -> String {
    if node.status == "ready" && (node.drain || node.drain_strategy.is_some()) {
        return "ready (draining)".to_owned();
    }
    if node.status == "ready" && node.scheduling_eligibility == "ineligible" {
        return "ready (ineligible)".to_owned();
    }
    node.status.clone()
}

fn row(node: &api::Node, used: &Used) -> Html {
    let have = node.node_resources.as_ref();
    let mhz = have.map_or(0, |r| r.cpu.cpu_shares);
    let mb = have.map_or(0, |r| r.memory.memory_mb);
    let name = node_link(&node.id, &node.name, "row-link");
    let status = titled_status(&node_status(node), Some("node-status"), &node.status_description);
    let volumes: Vec<&str> = node.host_volumes.iter().map(|(name, _)| name.as_str()).collect();
    let cells = vec![
        row_head("Node", vec![name, short_id(&node.id)]),
        cell("Status", status),
        cell("Datacenter", &node.datacenter),
        cell("Drivers", drivers(node)),
        cell("CPU", cpu_meter(used.cpu, mhz)),
        cell("Memory", megabytes_meter(used.memory, mb)),
        cell("Host volumes", or_dash(&volumes.join(", "))),
        number("Allocations", used.allocations),
    ];
    html! {
        <tr key={node.id.as_str()} data-testid="node-row" data-node={node.name.clone()}>{ cells }</tr>
    }
}

fn or_dash(words: &str) -> Html {
    if words.is_empty() {
        quiet("–")
    } else {
        html! { words }
    }
}

/// A bar with its numbers, for CPU.
pub fn cpu_meter(used: i64, total: i64) -> Html {
    meter(used, total, &format!("{used} / {total} MHz"))
}

/// A bar with its numbers, for memory and disk.
pub fn megabytes_meter(used: i64, total: i64) -> Html {
    meter(used, total, &format!("{} / {}", words::megabytes(used), words::megabytes(total)))
}

fn meter(used: i64, total: i64, words: &str) -> Html {
    html! {
        <span class="meter">
            { gauge(used.to_string(), total.max(1).to_string(), words.to_owned()) }
            <span class="meter-text">{ words }</span>
        </span>
    }
}

fn drivers(node: &api::Node) -> Html {
    let detected = node.drivers.iter().filter(|(_, d)| d.detected);
    let items = detected.map(|(name, driver)| {
        let (tone, word) = if driver.healthy { ("good", "") } else { ("bad", " unhealthy") };
        html! {
            <span class="driver" data-tone={tone} title={driver.health_description.clone()}>
                { format!("{name}{word}") }
            </span>
        }
    });
    let items: Vec<Html> = items.collect();
    if items.is_empty() {
        return html! { <span class="driver" data-tone="bad">{ "none: nothing can run here" }</span> };
    }
    html! { <span class="drivers">{ items }</span> }
}
