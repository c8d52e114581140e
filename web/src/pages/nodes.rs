//! Every node: its status, drivers, resources in use and host volumes.

use std::collections::BTreeMap;

use steppe_planner::api;
use yew::prelude::*;

use super::parts::{Filter, Loading, More, NodeLink, Status, matches, use_shown, words};
use crate::components::Empty;
use crate::live::use_live;

/// The table of nodes, in the order that breaks ties.
#[component]
pub fn NodesPage() -> Html {
    let live = use_live();
    let filter = use_state_eq(AttrValue::default);
    let (shown, more) = use_shown();
    if live.cluster.is_empty() {
        return html! { <Loading /> };
    }
    let document = live.cluster.read();
    let used = used_by_node(&document.allocations);
    let kept: Vec<&api::Node> = document.nodes.iter().filter(|n| keep(n, &filter)).collect();
    let total = kept.len();
    let onfilter = {
        let filter = filter.clone();
        Callback::from(move |v| filter.set(v))
    };
    html! {
        <article class="listing">
            <header class="page-head">
                <h1>{ "Nodes" }<span class="aside">{ document.nodes.len() }</span></h1>
                <Filter value={(*filter).clone()} label="Filter nodes" onchange={onfilter} />
            </header>
            if document.nodes.is_empty() {
                <Empty title="The agent runs no node">
                    <p>{ "Start it with a " }<code>{ "client" }</code>{ " block that is enabled, or without a configuration." }</p>
                </Empty>
            } else if kept.is_empty() {
                <Empty title="No node matches the filter" />
            } else {
                <table class="rows">
                    <thead><tr>
                        <th scope="col">{ "Node" }</th>
                        <th scope="col">{ "Status" }</th>
                        <th scope="col">{ "Datacenter" }</th>
                        <th scope="col">{ "Drivers" }</th>
                        <th scope="col">{ "CPU" }</th>
                        <th scope="col">{ "Memory" }</th>
                        <th scope="col">{ "Host volumes" }</th>
                        <th scope="col" class="num">{ "Allocations" }</th>
                    </tr></thead>
                    <tbody>{ for kept.into_iter().take(shown).map(|node| row(node, &used)) }</tbody>
                </table>
                <More {shown} {total} onmore={more} />
            }
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

/// Sums over the live allocations, for the eye; whether something fits is the planner's verdict.
pub fn used_by_node(allocations: &[api::Allocation]) -> BTreeMap<&str, Used> {
    let mut used: BTreeMap<&str, Used> = BTreeMap::new();
    for allocation in allocations.iter().filter(|a| words::is_live(a)) {
        let (cpu, memory, disk) = words::given(allocation);
        let sum = used.entry(allocation.node_id.as_str()).or_default();
        sum.cpu += cpu;
        sum.memory += memory;
        sum.disk += disk;
        sum.allocations += 1;
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

fn row(node: &api::Node, used: &BTreeMap<&str, Used>) -> Html {
    let used = used.get(node.id.as_str()).copied().unwrap_or_default();
    let have = node.node_resources.clone().unwrap_or_default();
    let volumes = node.host_volumes.keys().cloned().collect::<Vec<_>>().join(", ");
    html! {
        <tr key={node.id.clone()} data-testid="node-row" data-node={node.name.clone()}>
            <th scope="row" data-label="Node">
                <NodeLink id={node.id.clone()} name={node.name.clone()} class="row-link" />
                <span class="id">{ words::short(&node.id).to_owned() }</span>
            </th>
            <td data-label="Status">
                <Status word={node_status(node)} testid="node-status"
                    title={node.status_description.clone()} />
            </td>
            <td data-label="Datacenter">{ node.datacenter.clone() }</td>
            <td data-label="Drivers">{ drivers(node) }</td>
            <td data-label="CPU">
                { meter(used.cpu, have.cpu.cpu_shares, format!("{} / {} MHz", used.cpu, have.cpu.cpu_shares)) }
            </td>
            <td data-label="Memory">
                { meter(used.memory, have.memory.memory_mb, format!(
                    "{} / {}", words::megabytes(used.memory), words::megabytes(have.memory.memory_mb))) }
            </td>
            <td data-label="Host volumes">
                if volumes.is_empty() { <span class="quiet">{ "–" }</span> } else { { volumes } }
            </td>
            <td data-label="Allocations" class="num">{ used.allocations }</td>
        </tr>
    }
}

/// A bar with its numbers.
pub fn meter(used: i64, total: i64, text: String) -> Html {
    html! {
        <span class="meter">
            <progress class="gauge" max={total.max(1).to_string()} value={used.to_string()}
                aria-label={text.clone()} />
            <span class="meter-text">{ text }</span>
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
    html! { <span class="drivers">{ for items }</span> }
}
