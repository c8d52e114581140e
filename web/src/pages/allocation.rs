//! One allocation: its tasks with events and logs, its addresses, resources and volumes.

use steppe_planner::api;
use yew::prelude::*;

use super::PageProps;
use super::parts::{
    ago, allocation_link, failure, health, job_link, loading, node_link, restarts, status,
    task_life, use_now, words,
};
use crate::components::{copyable, copyable_as, empty, fact, label, list_or, quiet};
use crate::live::{Remote, use_live, use_remote};
use crate::router::{Route, link};

/// The page of one allocation.
#[component]
pub fn AllocationPage(props: &PageProps) -> Html {
    let live = use_live();
    let now = use_now(10_000);
    let path = format!("/v1/allocation/{}", props.id);
    let watch = vec![format!("Allocation:{}", props.id)];
    let remote = use_remote::<api::Allocation>(Some(path.into()), watch);
    let known = live.cluster.allocations_where(&|a| *a.id == *props.id).pop();
    let full = match &remote {
        Remote::Ready(allocation) => Some((**allocation).clone()),
        Remote::Failed(error) if known.is_none() && !error.is_not_found() => {
            return failure("The allocation cannot be read.", error);
        }
        Remote::Loading if known.is_none() && live.has_agent() => return loading(),
        Remote::Loading | Remote::Failed(_) => known,
    };
    let Some(mut allocation) = full else {
        if live.cluster.is_empty() {
            return loading();
        }
        let body = html! {
            <>
            <p>{ "Ended allocations are forgotten after a while, and when their job is purged." }</p>
            { link(Route::Allocations, "button", "All allocations") }
            </>
        };
        return empty("There is no such allocation", body);
    };
    let job = allocation.job.take().map(|j| *j).or_else(|| live.cluster.job(&allocation.job_id));
    let node = live.cluster.node(&allocation.node_id);
    html! {
        <article class="record" data-testid="allocation-page">
            { head(&allocation, now) }
            <div class="facts">{ vec![
                addresses(&allocation),
                resources(&allocation),
                volumes(&allocation, job.as_ref(), node.as_ref()),
            ] }</div>
            { tasks(&allocation) }
        </article>
    }
}

fn head(allocation: &api::Allocation, now: f64) -> Html {
    let related = |label: &str, id: &str| {
        if id.is_empty() {
            return Html::default();
        }
        html! { <span>{ format!("{label} ") }{ allocation_link(id, "", "") }</span> }
    };
    let why = words::why(allocation);
    html! {
        <header class="page-head">
            <p class="crumbs">
                { link(Route::Jobs, "", "Jobs") }{ " / " }{ job_link(&allocation.job_id, "") }
            </p>
            <h1>{ &allocation.name }</h1>
            { status(&words::allocation_status(allocation), Some("alloc-status")) }
            { health(allocation) }
            <span>{ "on " }{ node_link(&allocation.node_id, &allocation.node_name, "") }</span>
            { copyable_as(&allocation.id, words::short(&allocation.id)) }
            <span class="quiet">{ "created " }{ ago(allocation.create_time, now) }
                { ", changed " }{ ago(allocation.modify_time, now) }</span>
            { related("replaces", &allocation.previous_allocation) }
            { related("replaced by", &allocation.next_allocation) }
            if !why.is_empty() { <p class="why">{ why }</p> }
            if !allocation.desired_description.is_empty() {
                <p class="why quiet">{ &allocation.desired_description }</p>
            }
        </header>
    }
}

fn addresses(allocation: &api::Allocation) -> Html {
    let ports = words::ports(allocation);
    let rows = ports.iter().map(|port| {
        html! {
            <li data-testid="address" data-label={port.label.clone()}>
                { label(&port.label) }{ " " }
                { copyable(&words::address(port)) }
                if port.to > 0 && port.to != port.value {
                    { quiet(format!(" → {} inside", port.to)) }
                }
            </li>
        }
    });
    fact("Addresses", list_or(rows.collect(), "No port was asked for."))
}

fn resources(allocation: &api::Allocation) -> Html {
    let row = |name: &str, words: String, more: Html| {
        html! { <li>{ label(name) }{ words }{ more }</li> }
    };
    let (_, _, disk) = words::given(allocation);
    let tasks = allocation.allocated_resources.iter().flat_map(|r| &r.tasks);
    let rows = tasks.map(|(name, given)| {
        let (mhz, mb) = (given.cpu.cpu_shares, given.memory.memory_mb);
        let most = given.memory.memory_max_mb;
        let more = if most > mb {
            quiet(format!(" (up to {})", words::megabytes(most)))
        } else {
            Html::default()
        };
        row(name, format!(" {mhz} MHz, {}", words::megabytes(mb)), more)
    });
    let mut rows: Vec<Html> = rows.collect();
    rows.push(row("disk", format!(" {}", words::megabytes(disk)), Html::default()));
    fact("Resources", list_or(rows, ""))
}

/// The group's volumes, where they are on the host and where each task sees them.
fn volumes(allocation: &api::Allocation, job: Option<&api::Job>, node: Option<&api::Node>) -> Html {
    let group = job.and_then(|j| j.task_groups.iter().find(|g| g.name == allocation.task_group));
    let Some(group) = group.filter(|g| !g.volumes.is_empty()) else { return Html::default() };
    let rows = group.volumes.iter().map(|(name, volume)| {
        let path = node.and_then(|n| n.host_volumes.get(&volume.source)).map(|v| &v.path);
        let mounts = group.tasks.iter().flat_map(|task| {
            let of_volume = task.volume_mounts.iter().filter(|m| m.volume.as_ref() == Some(name));
            of_volume
                .map(|m| format!("{}:{}", task.name, m.destination.as_deref().unwrap_or_default()))
        });
        let mounts = mounts.collect::<Vec<_>>().join(", ");
        html! {
            <li data-testid="volume">
                { label(&volume.source) }{ " " }
                if let Some(path) = path { { copyable(path) } }
                { quiet(format!(" → {mounts}")) }
                if volume.read_only { { quiet(" read-only") } }
            </li>
        }
    });
    fact("Volumes", list_or(rows.collect(), ""))
}

fn tasks(allocation: &api::Allocation) -> Html {
    if allocation.task_states.is_empty() {
        let body = html! { <p>{ "Tasks appear here as soon as the client starts them." }</p> };
        return empty("The node has not picked it up yet", body);
    }
    allocation.task_states.iter().map(|(name, state)| task(allocation, name, state)).collect()
}

fn task(allocation: &api::Allocation, name: &str, state: &api::TaskState) -> Html {
    let word = if state.failed { "failed" } else { &state.state };
    html! {
        <section class="task" key={name} data-testid="task" data-task={name.to_owned()}>
            <div class="task-head">
                <h2>{ name }</h2>
                { status(word, Some("task-status")) }
                { restarts(state) }
            </div>
            { task_life(allocation, name, state) }
        </section>
    }
}
