//! One node: what it offers, who holds its ports, and what runs on it.

use steppe_planner::api;
use yew::prelude::*;

use super::PageProps;
use super::nodes::{Used, cpu_meter, megabytes_meter, node_status};
use super::parts::{
    Subject, allocation_link, allocation_table, loading, matches, status, use_allocations,
    use_filter, use_now, use_shown, words,
};
use crate::components::Column::{self, Words};
use crate::components::{
    cell, copyable, copyable_as, counted, empty, fact, label, list_or, note, quiet, row_head, table,
};
use crate::live::use_live;
use crate::router::{Route, link};

/// The page of one node.
#[component]
pub fn NodePage(props: &PageProps) -> Html {
    let live = use_live();
    let now = use_now(10_000);
    let (filter, field) = use_filter("Filter attributes");
    let shown = use_shown();
    let allocations = use_allocations("/v1/allocations?", &|a| *a.node_id == *props.id);
    if live.cluster.is_empty() {
        return loading();
    }
    let Some(node) = live.cluster.node(&props.id) else {
        return empty("There is no such node", link(Route::Nodes, "button", "All nodes"));
    };
    let host = live.cluster.host_of(&node.id);
    html! {
        <article class="record" data-testid="node-page">
            { head(&node, host.as_ref()) }
            <div class="facts">
                { vec![capacity(&node, &allocations), drivers(&node), volumes(&node)] }
            </div>
            <section>
                { counted("Allocations", allocations.len()) }
                if allocations.is_empty() {
                    { empty("Nothing runs here", Html::default()) }
                } else {
                    { allocation_table(&allocations, Subject::Node, now, &shown) }
                }
            </section>
            { ports(host.as_ref(), &allocations) }
            <section>
                <div class="section-head"><h2>{ "Attributes" }</h2>{ field }</div>
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
            <p class="crumbs">{ link(Route::Nodes, "", "Nodes") }</p>
            <h1>{ &node.name }</h1>
            { status(&node_status(node), Some("node-status")) }
            { quiet(facts.join(", ")) }
            { copyable_as(&node.id, words::short(&node.id)) }
            if let Some(host) = host { { quiet(host_line(host)) } }
            if !node.status_description.is_empty() {
                <p class="why">{ &node.status_description }</p>
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
    let mut used = Used::default();
    allocations.iter().for_each(|a| used.add(a));
    let have = node.node_resources.clone().unwrap_or_default();
    let kept = node.reserved_resources.clone().unwrap_or_default();
    let row = |name: &'static str, meter: Html, kept: i64, words: String| {
        html! {
            <>
            <dt>{ name }</dt>
            <dd>{ meter }if kept > 0 { { quiet(format!(" {words} reserved")) } }</dd>
            </>
        }
    };
    let (cpu, memory, disk) = (kept.cpu.cpu_shares, kept.memory.memory_mb, kept.disk.disk_mb);
    let body = html! {
        <dl class="pairs">
            { row("CPU", cpu_meter(used.cpu, have.cpu.cpu_shares), cpu, format!("{cpu} MHz")) }
            { row("Memory", megabytes_meter(used.memory, have.memory.memory_mb), memory,
                words::megabytes(memory)) }
            { row("Disk", megabytes_meter(used.disk, have.disk.disk_mb), disk,
                words::megabytes(disk)) }
        </dl>
    };
    fact("Resources", body)
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
                { label(name) }{ " " }{ status(word, None) }
                // "Healthy" says nothing that the status has not said.
                if !driver.health_description.eq_ignore_ascii_case(word) {
                    { quiet(format!(" {}", driver.health_description)) }
                }
            </li>
        }
    });
    fact("Drivers", list_or(rows.collect(), "None was found: nothing can run here."))
}

fn volumes(node: &api::Node) -> Html {
    let rows = node.host_volumes.iter().map(|(name, volume)| {
        html! {
            <li data-testid="host-volume">
                { label(name) }{ " " }{ copyable(&volume.path) }
                if volume.read_only { { quiet(" read-only") } }
            </li>
        }
    });
    fact("Host volumes", list_or(rows.collect(), "None is configured."))
}

const PORT_COLUMNS: [Column; 4] =
    [Words("Port"), Words("Protocol"), Words("Address"), Words("Held by")];

/// A port of the machine with who holds it, one line however many sockets.
struct Held {
    port: i64,
    /// What tells the holder from others.
    key: String,
    holder: Html,
    addresses: Vec<String>,
    protocols: Vec<String>,
}

/// The host's held ports: those of live allocations on this node, and everybody else's.
fn ports(host: Option<&api::Host>, allocations: &[api::Allocation]) -> Html {
    let mut held: Vec<Held> = Vec::new();
    for allocation in allocations.iter().filter(|a| words::is_live(a)) {
        for port in words::ports(allocation) {
            let holder = html! {
                <>{ "allocation " }{ allocation_link(&allocation.id, &allocation.name, "") }</>
            };
            let held = line(&mut held, port.value, allocation.id.clone(), holder);
            add(&mut held.addresses, &port.host_ip);
        }
    }
    for port in host.map(|h| h.held_ports.as_slice()).unwrap_or_default() {
        let name = if port.holder.name.is_empty() { &port.holder.id } else { &port.holder.name };
        let key = format!("{} {name}", port.holder.kind);
        let holder = if port.holder.kind == "process" && !port.holder.id.is_empty() {
            html! { format!("{key} ({})", port.holder.id) }
        } else {
            html! { &key }
        };
        let held = line(&mut held, port.port, key, holder);
        add(&mut held.addresses, &port.ip);
        add(&mut held.protocols, &port.protocol);
    }
    held.sort_unstable_by(|a, b| (a.port, &a.key).cmp(&(b.port, &b.key)));
    let rows = held.iter().map(|held| {
        let cells = vec![
            row_head("Port", held.port),
            cell("Protocol", held.protocols.join(", ")),
            cell("Address", held.addresses.join(", ")),
            cell("Held by", held.holder.clone()),
        ];
        html! { <tr data-testid="held-port" data-port={held.port.to_string()}>{ cells }</tr> }
    });
    html! {
        <section>
            { counted("Ports held on this machine", held.len()) }
            if held.is_empty() {
                { note("Every port is free.") }
            } else {
                { table(&PORT_COLUMNS, rows.collect()) }
            }
        </section>
    }
}

/// The line of a port and its holder; a new one if there is none yet.
fn line(held: &mut Vec<Held>, port: i64, key: String, holder: Html) -> &mut Held {
    let at = held.iter().position(|h| h.port == port && h.key == key).unwrap_or(held.len());
    if at == held.len() {
        held.push(Held { port, key, holder, addresses: Vec::new(), protocols: Vec::new() });
    }
    &mut held[at]
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
        .map(|(key, value)| html! { <><dt>{ key }</dt><dd>{ value }</dd></> })
        .collect();
    if rows.is_empty() {
        return note("No attribute matches.");
    }
    html! { <dl class="pairs attributes">{ rows }</dl> }
}
