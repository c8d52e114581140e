//! The whole cluster, with the draft's ghosts.

use std::collections::BTreeMap;

use yew::prelude::*;
use yew_router::prelude::Link;

use super::card::NodeGrid;
use crate::components::Empty;
use crate::draft::use_draft;
use crate::preview::words::{megabytes, megahertz, quantity};
use crate::preview::{BlockKind, NodeRow, Topology};
use crate::router::Route;

/// A cluster of this size is shown at once.
const NODES_FIRST: usize = 96;

/// Every node as a card.
#[component]
pub fn TopologyPage() -> Html {
    let draft = use_draft();
    {
        let draft = draft.clone();
        use_effect_with((), move |()| {
            let mut rows = draft.rows();
            rows.nodes = rows.nodes.max(NODES_FIRST);
            draft.show(rows);
        });
    }
    let preview = &draft.shown.preview;
    let topology = &preview.topology;
    let onmore = {
        let draft = draft.clone();
        Callback::from(move |()| {
            let mut rows = draft.rows();
            rows.nodes *= 4;
            draft.show(rows);
        })
    };
    html! {
        <div class="topology-page">
            <header class="page-head">
                <h1>{ "Topology" }</h1>
                <p class="quiet">{ totals(topology) }</p>
                if let Some(plan) = &preview.plan {
                    <p class="legend">
                        <span class="swatch ghost" aria-hidden="true" />
                        { "Dashed: what " }<Link<Route> to={Route::Plan}><code>{ &plan.job_id }</code></Link<Route>>
                        { " on the plan page would add" }
                    </p>
                }
            </header>
            if preview.snapshot_index.is_none() {
                <p class="quiet">{ "Waiting for the cluster…" }</p>
            } else if topology.nodes.is_empty() {
                <Empty title="The cluster has no nodes">{ "As soon as a client joins, it appears here." }</Empty>
            } else {
                { for by_datacenter(topology).into_iter().map(|(name, nodes)| html! {
                    <section class="block" key={name.clone()}>
                        <h2>{ &name }<span class="aside">{ quantity(nodes.nodes.len(), "node") }</span></h2>
                        <NodeGrid topology={nodes} onmore={onmore.clone()} />
                    </section>
                }) }
            }
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
fn by_datacenter(topology: &Topology) -> Vec<(String, Topology)> {
    let mut parts: BTreeMap<String, Topology> = BTreeMap::new();
    for row in &topology.nodes {
        let part = parts.entry(row.look.datacenter.clone()).or_default();
        part.nodes.push(row.clone());
        part.nodes_total += 1;
    }
    let mut parts: Vec<_> = parts.into_iter().collect();
    if let Some((_, last)) = parts.last_mut() {
        last.nodes_total += topology.nodes_total - topology.nodes.len();
    }
    parts
}
