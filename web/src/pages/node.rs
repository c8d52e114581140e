//! One node: what it offers, who holds its ports, and what runs on it.

use std::collections::BTreeMap;

use steppe_planner::api;
use yew::prelude::*;
use yew_router::prelude::*;

use super::nodes::{meter, node_status, used_by_node};
use super::parts::{
    AllocationLink, AllocationTable, Filter, Loading, Status, matches, use_allocations, use_now,
    words,
};
use crate::components::{Copyable, Empty};
use crate::live::use_live;
use crate::router::Route;

/// Properties of [`NodePage`].
#[derive(Properties, PartialEq)]
pub struct NodePageProps {
    pub id: AttrValue,
}

/// The page of one node.
#[component]
pub fn NodePage(props: &NodePageProps) -> Html {
    let live = use_live();
    let now = use_now(10_000);
    let filter = use_state_eq(AttrValue::default);
    let allocations = use_allocations("/v1/allocations?".to_owned(), |a| *a.node_id == *props.id);
    if live.cluster.is_empty() {
        return html! { <Loading /> };
    }
    let Some(node) = live.cluster.node(&props.id) else {
        return html! {
            <Empty title="There is no such node">
                <Link<Route> to={Route::Nodes} classes="button">{ "All nodes" }</Link<Route>>
            </Empty>
        };
    };
    let host = live.cluster.host_of(&node.id);
    let onfilter = {
        let filter = filter.clone();
        Callback::from(move |v| filter.set(v))
    };
    html! {
        <article class="record" data-testid="node-page">
            { head(&node, host.as_ref()) }
            <div class="facts">
                { capacity(&node, &allocations) }
                { drivers(&node) }
                { volumes(&node) }
            </div>
            <section>
                <h2>{ "Allocations" }<span class="aside">{ allocations.len() }</span></h2>
                if allocations.is_empty() {
                    <Empty title="Nothing runs here" />
                } else {
                    <AllocationTable allocations={allocations.clone()} {now} show_node=false />
                }
            </section>
            { ports(host.as_ref(), &allocations) }
            <section>
                <div class="section-head">
                    <h2>{ "Attributes" }</h2>
                    <Filter value={(*filter).clone()} label="Filter attributes" onchange={onfilter} />
                </div>
                { attributes(&node, &filter) }
            </section>
        </article>
    }
}

fn head(node: &api::Node, host: Option<&api::Host>) -> Html {
    let mut facts = vec![node.datacenter.clone()];
    facts.extend(Some(node.node_class.clone()).filter(|c| !c.is_empty()));
    html! {
        <header class="page-head">
            <p class="crumbs"><Link<Route> to={Route::Nodes}>{ "Nodes" }</Link<Route>></p>
            <h1>{ node.name.clone() }</h1>
            <Status word={node_status(node)} testid="node-status" />
            <span class="quiet">{ facts.join(", ") }</span>
            <Copyable value={node.id.clone()} label={words::short(&node.id).to_owned()} />
            if let Some(host) = host {
                <span class="quiet">{ host_line(host) }</span>
            }
            if !node.status_description.is_empty() {
                <p class="why">{ node.status_description.clone() }</p>
            }
        </header>
    }
}

fn host_line(host: &api::Host) -> String {
    let addresses = host.addresses.join(", ");
    match host.node_ids.len() {
        0 | 1 => format!("on {} ({addresses})", host.name),
        n => format!("on {} ({addresses}), shared by {n} nodes", host.name),
    }
}

fn capacity(node: &api::Node, allocations: &[api::Allocation]) -> Html {
    let used = used_by_node(allocations).get(node.id.as_str()).copied().unwrap_or_default();
    let have = node.node_resources.clone().unwrap_or_default();
    let kept = node.reserved_resources.clone().unwrap_or_default();
    let reserved = |n: i64, text: String| {
        if n > 0 {
            html! { <span class="quiet">{ format!(" {text} reserved") }</span> }
        } else {
            Html::default()
        }
    };
    let (cpu, memory, disk) = (have.cpu.cpu_shares, have.memory.memory_mb, have.disk.disk_mb);
    let of_mb =
        |used: i64, all: i64| format!("{} / {}", words::megabytes(used), words::megabytes(all));
    html! {
        <section class="fact">
            <h2>{ "Resources" }</h2>
            <dl class="pairs">
                <dt>{ "CPU" }</dt>
                <dd>{ meter(used.cpu, cpu, format!("{} / {cpu} MHz", used.cpu)) }
                    { reserved(kept.cpu.cpu_shares, format!("{} MHz", kept.cpu.cpu_shares)) }</dd>
                <dt>{ "Memory" }</dt>
                <dd>{ meter(used.memory, memory, of_mb(used.memory, memory)) }
                    { reserved(kept.memory.memory_mb, words::megabytes(kept.memory.memory_mb)) }</dd>
                <dt>{ "Disk" }</dt>
                <dd>{ meter(used.disk, disk, of_mb(used.disk, disk)) }
                    { reserved(kept.disk.disk_mb, words::megabytes(kept.disk.disk_mb)) }</dd>
            </dl>
        </section>
    }
}

fn drivers(node: &api::Node) -> Html {
    let rows = node.drivers.iter().map(|(name, driver)| {
        let word = match (driver.detected, driver.healthy) {
            (false, _) => "not found",
            (true, true) => "healthy",
            (true, false) => "unhealthy",
        };
        html! {
            <li data-testid="driver" data-driver={name.clone()}>
                <span class="port-label">{ name.clone() }</span>{ " " }<Status {word} />
                // "Healthy" says nothing that the status has not said.
                if !driver.health_description.eq_ignore_ascii_case(word) {
                    <span class="quiet">{ format!(" {}", driver.health_description) }</span>
                }
            </li>
        }
    });
    html! {
        <section class="fact">
            <h2>{ "Drivers" }</h2>
            if node.drivers.is_empty() {
                <p class="quiet">{ "None was found: nothing can run here." }</p>
            } else {
                <ul class="plain">{ for rows }</ul>
            }
        </section>
    }
}

fn volumes(node: &api::Node) -> Html {
    let rows = node.host_volumes.iter().map(|(name, volume)| html! {
        <li data-testid="host-volume">
            <span class="port-label">{ name.clone() }</span>{ " " }<Copyable value={volume.path.clone()} />
            if volume.read_only { <span class="quiet">{ " read-only" }</span> }
        </li>
    });
    html! {
        <section class="fact">
            <h2>{ "Host volumes" }</h2>
            if node.host_volumes.is_empty() {
                <p class="quiet">{ "None is configured." }</p>
            } else {
                <ul class="plain">{ for rows }</ul>
            }
        </section>
    }
}

/// A port of the machine with who holds it, one line however many sockets.
struct Held {
    addresses: Vec<String>,
    protocols: Vec<String>,
    holder: Html,
}

/// The host's held ports: those of live allocations on this node, and everybody else's.
fn ports(host: Option<&api::Host>, allocations: &[api::Allocation]) -> Html {
    let mut held: BTreeMap<(i64, String), Held> = BTreeMap::new();
    let live = allocations.iter().filter(|a| words::is_live(a));
    for allocation in live {
        for port in words::ports(allocation) {
            let holder = html! {
                <>{ "allocation " }<AllocationLink id={allocation.id.clone()}>
                    { allocation.name.clone() }</AllocationLink></>
            };
            let entry = held.entry((port.value, allocation.id.clone()));
            let entry =
                entry.or_insert_with(|| Held { addresses: vec![], protocols: vec![], holder });
            add(&mut entry.addresses, &port.host_ip);
        }
    }
    for port in host.map(|h| h.held_ports.as_slice()).unwrap_or_default() {
        let name = if port.holder.name.is_empty() { &port.holder.id } else { &port.holder.name };
        let number = if port.holder.kind == "process" && !port.holder.id.is_empty() {
            format!(" ({})", port.holder.id)
        } else {
            String::new()
        };
        let holder = html! { format!("{} {name}{number}", port.holder.kind) };
        let entry = held.entry((port.port, format!("{} {name}", port.holder.kind)));
        let entry = entry.or_insert_with(|| Held { addresses: vec![], protocols: vec![], holder });
        add(&mut entry.addresses, &port.ip);
        add(&mut entry.protocols, &port.protocol);
    }
    let rows = held.iter().map(|((port, _), held)| {
        html! {
            <tr data-testid="held-port" data-port={port.to_string()}>
                <th scope="row" data-label="Port">{ port }</th>
                <td data-label="Protocol">{ held.protocols.join(", ") }</td>
                <td data-label="Address">{ held.addresses.join(", ") }</td>
                <td data-label="Held by">{ held.holder.clone() }</td>
            </tr>
        }
    });
    html! {
        <section>
            <h2>{ "Ports held on this machine" }<span class="aside">{ held.len() }</span></h2>
            if held.is_empty() {
                <p class="quiet">{ "Every port is free." }</p>
            } else {
                <table class="rows">
                    <thead><tr>
                        <th scope="col">{ "Port" }</th><th scope="col">{ "Protocol" }</th>
                        <th scope="col">{ "Address" }</th><th scope="col">{ "Held by" }</th>
                    </tr></thead>
                    <tbody>{ for rows }</tbody>
                </table>
            }
        </section>
    }
}

fn add(list: &mut Vec<String>, text: &str) {
    if !text.is_empty() && !list.iter().any(|t| t == text) {
        list.push(text.to_owned());
    }
}

fn attributes(node: &api::Node, filter: &str) -> Html {
    let meta = node.meta.iter().map(|(k, v)| (format!("meta.{k}"), v));
    let all = node.attributes.iter().map(|(k, v)| (k.clone(), v)).chain(meta);
    let rows: Vec<Html> = all
        .filter(|(key, value)| matches(filter, &[key, value]))
        .map(|(key, value)| html! { <><dt>{ key }</dt><dd>{ value.clone() }</dd></> })
        .collect();
    if rows.is_empty() {
        return html! { <p class="quiet">{ "No attribute matches." }</p> };
    }
    html! { <dl class="pairs attributes">{ for rows }</dl> }
}
