//! The whole cluster, with the draft's ghosts.

use yew::prelude::*;

use super::card::node_grid;
use crate::component::{mount, use_after};
use crate::components::{empty, note};
use crate::draft::use_draft;
use crate::further::{SceneBanner, WhatIf};
use crate::preview::words::{megabytes, megahertz, quantity};
use crate::preview::{BlockKind, NodeRow, Preview, Topology};
use crate::router::{Route, link_around};

/// A cluster of this size is shown at once.
const NODES_FIRST: usize = 96;

/// Every node as a card.
#[component]
pub fn TopologyPage() -> Html {
    let draft = use_draft();
    {
        let draft = draft.clone();
        use_after((), move || {
            let mut rows = draft.rows();
            rows.nodes = rows.nodes.max(NODES_FIRST);
            draft.show(rows);
        });
    }
    let preview = &draft.shown.preview;
    let topology = &preview.topology;
    let onmore = {
        let draft = draft.clone();
        Callback::from(move |_: MouseEvent| {
            let mut rows = draft.rows();
            rows.nodes *= 4;
            draft.show(rows);
        })
    };
    let body = if preview.snapshot_index.is_none() {
        note("Waiting for the cluster…")
    } else if topology.nodes.is_empty() {
        let hint = "As soon as a client joins, it appears here.";
        empty("The cluster has no nodes", html! { hint })
    } else {
        by_datacenter(preview, &onmore)
    };
    html! {
        <div class="topology-page">
            <header class="page-head">
                <h1>{ "Topology" }</h1>
                { note(totals(topology)) }
                if let Some(plan) = &preview.plan {
                    <p class="legend">
                        <span class="swatch ghost" aria-hidden="true" />
                        { "Dashed: what " }
                        { link_around(Route::Plan, "", html! { <code>{ &plan.job_id }</code> }) }
                        { " on the plan page would add" }
                    </p>
                }
            </header>
            { mount::<SceneBanner>(()) }
            { mount::<WhatIf>(()) }
            { body }
        </div>
    }
}

fn totals(topology: &Topology) -> String {
    let sum = |pick: fn(&NodeRow) -> i64| topology.nodes.iter().map(pick).sum::<i64>();
    let running = topology.nodes.iter().flat_map(|n| &n.blocks);
    let running = running.filter(|b| b.kind != BlockKind::Ghost).count();
    format!(
        "{} · {} · {} · {} memory · {} disk",
        quantity(topology.nodes_total, "node"),
        quantity(running, "allocation"),
        megahertz(sum(|n| n.cpu.total)),
        megabytes(sum(|n| n.memory.total)),
        megabytes(sum(|n| n.disk.total)),
    )
}

/// One part a datacenter. The rest of a cut-off list is announced below the last.
fn by_datacenter(preview: &Preview, onmore: &Callback<MouseEvent>) -> Html {
    let topology = &preview.topology;
    let mut names: Vec<&str> = topology.nodes.iter().map(|n| n.look.datacenter.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let last = names.last().copied();
    let parts = names.into_iter().map(|name| {
        let nodes = topology.nodes.iter().filter(|n| n.look.datacenter == name);
        let nodes: Vec<&NodeRow> = nodes.collect();
        let hidden = topology.nodes_total - topology.nodes.len();
        let hidden = if Some(name) == last { hidden } else { 0 };
        html! {
            <section class="block" key={name}>
                <h2>{ name }<span class="aside">{ quantity(nodes.len(), "node") }</span></h2>
                { node_grid(&nodes, preview, hidden, onmore) }
            </section>
        }
    });
    parts.collect()
}
