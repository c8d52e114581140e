//! What would start where, with its ports and volumes; and what would end.

use steppe_planner::plan::{InPlaceUpdate, Placement, PlacementReason, PlannedPort, Stop};
use yew::prelude::*;

use crate::components::{Symbol, button, icon, quiet, tag};
use crate::preview::PlanView;
use crate::preview::words::{megabytes, megahertz};

/// The plan's effects, one row each.
pub fn placements(plan: &PlanView, onmore: &Callback<MouseEvent>) -> Html {
    let total = plan.placements_total + plan.stops_total + plan.in_place_total;
    if total == 0 {
        return Html::default();
    }
    let hidden = total - plan.placements.len() - plan.stops.len() - plan.in_place.len();
    html! {
        <section class="block" aria-labelledby="placements-title">
            <h2 id="placements-title">{ "Placements" }<span class="aside">{ total }</span></h2>
            <ul class="placements">
                { for plan.placements.iter().map(|p| placement(p, &plan.stops)) }
                { for plan.in_place.iter().map(in_place) }
                { for plan.stops.iter().map(stop) }
            </ul>
            if hidden > 0 {
                { button("button small", None, onmore, format!("Show more of {hidden}")) }
            }
        </section>
    }
}

fn placement(p: &Placement, stops: &[Stop]) -> Html {
    let cpu: i64 = p.resources.tasks.values().map(|t| t.cpu.cpu_shares).sum();
    let memory: i64 = p.resources.tasks.values().map(|t| t.memory.memory_mb).sum();
    let scores: Vec<String> = p.scores.iter().map(|(n, v)| format!("{n} {v:.3}")).collect();
    html! {
        <li class="placement create" data-testid="placement" data-name={p.name.clone()} key={format!("new {}", p.name)}>
            <div class="placement-head">
                <span class="sign" aria-hidden="true">{ "+" }</span>
                <code class="placement-name" data-testid="placement-name">{ &p.name }</code>
                { icon(Symbol::Arrow) }
                <strong class="placement-node" data-testid="placement-node">{ &p.node_name }</strong>
                <span class="push" />
                if let Some(why) = reason(p, stops) { { tag(why) } }
            </div>
            <div class="placement-facts">
                { for p.ports.iter().map(port) }
                { for p.volumes.iter().map(|v| html! {
                    <span class="chip volume" data-testid="placement-volume" title={v.mounts.join("\n")}>
                        { icon(Symbol::Disk) }<b>{ &v.source }</b>
                        if !v.path.is_empty() { <code>{ &v.path }</code> }
                        if v.read_only { { tag("read only") } }
                    </span>
                }) }
                { for p.preempted.iter().map(|id| html! {
                    <span class="chip displaced" data-testid="displaced">{ "displaces " }<code>{ stopped_name(stops, id) }</code></span>
                }) }
                <span class="size">{ format!("{} · {} · {} disk", megahertz(cpu), megabytes(memory),
                    megabytes(p.resources.shared.disk_mb)) }</span>
                <span class="score" title={scores.join("\n")}>{ format!("score {:.3}", p.score) }</span>
            </div>
        </li>
    }
}

fn port(port: &PlannedPort) -> Html {
    let address = if port.host_ip.is_empty() {
        port.value.to_string()
    } else if port.host_ip.contains(':') {
        format!("[{}]:{}", port.host_ip, port.value)
    } else {
        format!("{}:{}", port.host_ip, port.value)
    };
    let inside = if port.to > 0 {
        format!("to port {} inside", port.to)
    } else {
        "the same port inside".to_owned()
    };
    let kind = if port.is_static { "static" } else { "dynamic, reserved by this plan" };
    html! {
        <span class="chip port" data-testid="placement-port" data-label={port.label.clone()}
            data-port={port.value.to_string()} title={format!("{kind}; {inside}")}>
            { icon(Symbol::Port) }<b>{ &port.label }</b><code>{ address }</code>
            if port.to > 0 && port.to != port.value { <code class="quiet">{ format!("→ {}", port.to) }</code> }
            if !port.is_static { { tag("dynamic") } }
        </span>
    }
}

/// The name of what a plan stops; its short ID, if it is not among those that are shown.
fn stopped_name(stops: &[Stop], id: &str) -> String {
    let name = stops.iter().find(|stop| stop.alloc_id == id).map(|stop| stop.name.as_str());
    name.unwrap_or(id.get(..8).unwrap_or(id)).to_owned()
}

fn reason(p: &Placement, stops: &[Stop]) -> Option<String> {
    let short = p.previous_allocation.get(..8).unwrap_or(&p.previous_allocation);
    let before = stops.iter().find(|stop| stop.alloc_id == p.previous_allocation);
    match (p.reason, before) {
        (PlacementReason::Migrate, Some(stop)) => {
            return Some(format!("moves from {}", stop.node_name));
        }
        (PlacementReason::DestructiveUpdate, Some(stop)) if stop.node_id != p.node_id => {
            return Some(format!("replaces {short} on {}", stop.node_name));
        }
        _ => {}
    }
    match p.reason {
        PlacementReason::Missing => None,
        PlacementReason::DestructiveUpdate => Some(format!("replaces {short}")),
        PlacementReason::Migrate => Some(format!("migrates {short}")),
        PlacementReason::Reschedule => Some(format!("rescheduled from {short}")),
        PlacementReason::Lost => Some(format!("stands in for lost {short}")),
        PlacementReason::Canary => Some("canary".to_owned()),
    }
}

fn in_place(update: &InPlaceUpdate) -> Html {
    let head = head("~", &update.name, "stays on", &update.node_name, tag("no restart"));
    let key = format!("update {}", update.alloc_id);
    html! { <li class="placement update" data-testid="in-place" {key}>{ head }</li> }
}

fn stop(stop: &Stop) -> Html {
    let head = head("−", &stop.name, "ends on", &stop.node_name, quiet(&stop.description));
    let key = format!("stop {}", stop.alloc_id);
    html! { <li class="placement stop" data-testid="stop" {key}>{ head }</li> }
}

/// What happens to an allocation that is there already.
fn head(sign: &'static str, name: &str, fate: &'static str, node: &str, more: Html) -> Html {
    html! {
        <div class="placement-head">
            <span class="sign" aria-hidden="true">{ sign }</span>
            <code class="placement-name">{ name }</code>
            { quiet(fate) }
            <strong>{ node }</strong>
            <span class="push" />
            { more }
        </div>
    }
}
