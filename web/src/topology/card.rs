//! A node as a card: its state, its bars, its ports and volumes, and who stands on it.

use steppe_planner::api;
use yew::prelude::*;

use super::bar::{Dimension, bar, hue, kind_class};
use crate::component::mount_keyed;
use crate::components::{Symbol, button, heard, icon, quiet, tag};
use crate::draft::use_draft;
use crate::preview::words::{megabytes, megahertz, quantity};
use crate::preview::{Block, BlockKind, NodeLook, NodeRow, Preview};
use crate::router::{Route, link, link_around};

/// More would push the next card off the screen.
const BLOCKS_MAX: usize = 12;
const HELD_MAX: usize = 4;
/// Of a job with many groups, these can be asked about here; all of them in the matrix.
const GROUPS_MAX: usize = 3;

/// Nodes as cards, and a way to those that are not here.
pub fn node_grid(
    nodes: &[&NodeRow],
    preview: &Preview,
    hidden: usize,
    onmore: &Callback<MouseEvent>,
) -> Html {
    let groups = preview.plan.iter().flat_map(|plan| &plan.groups).take(GROUPS_MAX);
    let groups: Vec<AttrValue> = groups.map(|g| g.name.clone().into()).collect();
    // Components, because a keystroke changes few of many cards.
    let card = |row: &&NodeRow| NodeCardProps { row: (*row).clone(), groups: groups.clone() };
    let cards = nodes.iter().map(|row| mount_keyed::<NodeCard>(&row.look.id, card(row)));
    html! {
        <>
            <div class="node-grid">{ for cards }</div>
            if hidden > 0 {
                { button("button small", None, onmore, format!("Show more of {hidden} nodes")) }
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct NodeCardProps {
    row: NodeRow,
    /// Of the draft: those one may ask about.
    groups: Vec<AttrValue>,
}

#[component]
fn NodeCard(props: &NodeCardProps) -> Html {
    let draft = use_draft();
    let row = &props.row;
    let name = row.look.name.clone();
    let onpick = Callback::from(move |_: MouseEvent| draft.pick(&name));
    // Only for a try: there is nothing to measure.
    let gone = row.look.status == "removed";
    let chosen = row.blocks.iter().any(|b| b.kind == BlockKind::Ghost);
    html! {
        <article class={classes!("node-card", chosen.then_some("chosen"), (!ready(&row.look)).then_some("away"))}
            data-testid="topology-node" data-node={row.look.name.clone()}>
            { head(&row.look) }
            <div class="bars" hidden={gone}>
                { bar(Dimension::Cpu, row.cpu, &row.blocks) }
                { bar(Dimension::Memory, row.memory, &row.blocks) }
                { bar(Dimension::Disk, row.disk, &row.blocks) }
            </div>
            { occupants(&row.blocks) }
            { ports(row) }
            { volumes(&row.look) }
            if !gone { { questions(row, &props.groups, &onpick) } }
        </article>
    }
}

/// The ways to ask about a node: why, and what if.
fn questions(row: &NodeRow, groups: &[AttrValue], onpick: &Callback<MouseEvent>) -> Html {
    let chosen = |group: &str| {
        let own = format!(".{group}[");
        row.blocks.iter().any(|b| b.status == "planned" && b.name.contains(&own))
    };
    let why = groups.iter().map(|group| {
        let to = Route::Why { group: group.to_string(), node: row.look.name.clone() };
        let not = if chosen(group) { "" } else { "not " };
        let which = if groups.len() > 1 { format!("{group} ") } else { String::new() };
        link(to, "ask", &format!("Why {not}{which}here?"))
    });
    html! {
        <footer class="node-ask">
            { for why }
            <span class="push" />
            { button("ask", Some("pick-node"), onpick, "What if…") }
        </footer>
    }
}

fn ready(look: &NodeLook) -> bool {
    look.status == "ready" && look.eligible && !look.draining
}

fn head(look: &NodeLook) -> Html {
    let state = if look.draining {
        "draining"
    } else if !look.eligible {
        "ineligible"
    } else {
        &look.status
    };
    let route = Route::Node { id: look.id.clone() };
    html! {
        <header class="node-head">
            <span class={classes!("dot", if ready(look) { "good" } else { "bad" })} aria-hidden="true" />
            { link(route, "node-name", &look.name) }
            { quiet(&look.datacenter) }
            if !look.class.is_empty() { { tag(&look.class) } }
            if state != "ready" { <span class="tag bad">{ state.to_owned() }</span> }
            <span class="push" />
            { for look.drivers.iter().map(|d| html! {
                <span class={classes!("tag", (!d.healthy).then_some("bad"))} title={d.why.clone()}>
                    { &d.name }{ if d.healthy { "" } else { " unhealthy" } }
                </span>
            }) }
        </header>
    }
}

fn occupants(blocks: &[Block]) -> Html {
    if blocks.is_empty() {
        return html! { <p class="occupants quiet">{ "nothing runs here" }</p> };
    }
    // Ghosts first: they are what one looks for.
    let mut order: Vec<&Block> = blocks.iter().collect();
    order.sort_by_key(|b| b.kind != BlockKind::Ghost);
    let hidden = order.len().saturating_sub(BLOCKS_MAX);
    html! {
        <ul class="occupants">
            { for order.into_iter().take(BLOCKS_MAX).map(occupant) }
            if hidden > 0 { <li class="quiet">{ format!("and {}", quantity(hidden, "other")) }</li> }
        </ul>
    }
}

fn occupant(block: &Block) -> Html {
    let class = format!("occupant {} {}", kind_class(block.kind), hue(&block.job_id));
    let title = format!(
        "{} · {} · {} · {}",
        block.status,
        megahertz(block.cpu_mhz),
        megabytes(block.memory_mb),
        megabytes(block.disk_mb)
    );
    if block.kind == BlockKind::Ghost {
        return html! {
            <li><span {class} {title} data-testid="ghost" data-name={block.name.clone()}>
                <span class="swatch" aria-hidden="true" />{ &block.name }{ tag(block.fate.clone()) }
            </span></li>
        };
    }
    let route = Route::Allocation { id: block.id.clone() };
    let note = match block.kind {
        BlockKind::Leaving => Some(block.fate.as_str()),
        _ if block.status != "running" => Some(block.status.as_str()),
        _ => None,
    };
    let inside = html! {
        <>
        <span class="swatch" aria-hidden="true" /><span class="name">{ &block.name }</span>
        if let Some(note) = note { { tag(note) } }
        </>
    };
    html! { <li>{ link_around(route, &class, inside) }</li> }
}

fn ports(row: &NodeRow) -> Html {
    let mut chips: Vec<(i64, Html)> = Vec::new();
    for block in &row.blocks {
        for port in &block.ports {
            let title = format!("{} · {}", port.label, block.name);
            let class = classes!("port-chip", kind_class(block.kind), hue(&block.job_id));
            chips.push((port.value, html! { <code {class} {title}>{ port.value }</code> }));
        }
    }
    // What the machine itself holds matters less here: a few, and the rest on request.
    for held in row.held.iter().take(HELD_MAX) {
        let (who, title) = held_by(held);
        chips.push((
            held.port,
            html! {
                <code class="port-chip held" {title}>{ held.port }<span class="who">{ who }</span></code>
            },
        ));
    }
    if chips.is_empty() {
        return Html::default();
    }
    chips.sort_by_key(|(port, _)| *port);
    let rest: Vec<String> = row.held.iter().skip(HELD_MAX).map(|h| held_by(h).1).collect();
    html! {
        <div class="node-line">{ icon(Symbol::Port) }{ heard("Ports held") }
            { for chips.into_iter().map(|(_, chip)| chip) }
            if !rest.is_empty() {
                <span class="quiet more" title={rest.join("\n")}>{ format!("and {} held by others", rest.len()) }</span>
            }
        </div>
    }
}

fn held_by(held: &api::HeldPort) -> (String, String) {
    let who = if held.holder.name.is_empty() { "unknown" } else { &held.holder.name };
    (who.to_owned(), format!("{}: {} {who}", held.port, held.holder.kind))
}

fn volumes(look: &NodeLook) -> Html {
    if look.volumes.is_empty() {
        return Html::default();
    }
    html! {
        <div class="node-line">{ icon(Symbol::Disk) }{ heard("Host volumes") }
            { for look.volumes.iter().map(|v| html! {
                <span class="volume-chip" title={v.path.clone()}>{ &v.name }
                    if v.read_only { { tag("read only") } }
                </span>
            }) }
        </div>
    }
}
