//! One allocation: its tasks with events and logs, its addresses, resources and volumes.

use steppe_planner::api;
use yew::prelude::*;
use yew_router::prelude::*;

use super::parts::{
    Ago, AllocationLink, Events, Failure, JobLink, Loading, LogView, NodeLink, Pull, PullProgress,
    Status, health, use_now, words,
};
use crate::components::{Copyable, Empty};
use crate::live::{Remote, use_live, use_remote};
use crate::router::Route;

/// Properties of [`AllocationPage`].
#[derive(Properties, PartialEq)]
pub struct AllocationPageProps {
    pub id: AttrValue,
}

/// The page of one allocation.
#[component]
pub fn AllocationPage(props: &AllocationPageProps) -> Html {
    let live = use_live();
    let now = use_now(10_000);
    let path = format!("/v1/allocation/{}", props.id);
    let watch = vec![format!("Allocation:{}", props.id)];
    let remote = use_remote::<api::Allocation>(Some(path.into()), watch);
    let known = live.cluster.allocations_where(|a| *a.id == *props.id).pop();
    let full = match &remote {
        Remote::Ready(allocation) => Some((**allocation).clone()),
        Remote::Failed(error) if known.is_none() && !error.is_not_found() => {
            return html! { <Failure what="The allocation cannot be read." error={error.clone()} /> };
        }
        Remote::Loading if known.is_none() && live.has_agent() => return html! { <Loading /> },
        Remote::Loading | Remote::Failed(_) => known,
    };
    let Some(mut allocation) = full else {
        if live.cluster.is_empty() {
            return html! { <Loading /> };
        }
        return html! {
            <Empty title="There is no such allocation">
                <p>{ "Ended allocations are forgotten after a while, and when their job is purged." }</p>
                <Link<Route> to={Route::Allocations} classes="button">{ "All allocations" }</Link<Route>>
            </Empty>
        };
    };
    let job = allocation.job.take().map(|j| *j).or_else(|| live.cluster.job(&allocation.job_id));
    let node = live.cluster.node(&allocation.node_id);
    html! {
        <article class="record" data-testid="allocation-page">
            { head(&allocation, now) }
            <div class="facts">
                { addresses(&allocation) }
                { resources(&allocation) }
                { volumes(&allocation, job.as_ref(), node.as_ref()) }
            </div>
            { tasks(&allocation) }
        </article>
    }
}

fn head(allocation: &api::Allocation, now: f64) -> Html {
    let related = |label: &str, id: &str| {
        if id.is_empty() {
            return Html::default();
        }
        html! { <span>{ format!("{label} ") }<AllocationLink id={id.to_owned()} /></span> }
    };
    html! {
        <header class="page-head">
            <p class="crumbs">
                <Link<Route> to={Route::Jobs}>{ "Jobs" }</Link<Route>>{ " / " }
                <JobLink id={allocation.job_id.clone()} />
            </p>
            <h1>{ allocation.name.clone() }</h1>
            <Status word={words::allocation_status(allocation)} testid="alloc-status" />
            { health(allocation) }
            <span>{ "on " }
                <NodeLink id={allocation.node_id.clone()} name={allocation.node_name.clone()} />
            </span>
            <Copyable value={allocation.id.clone()} label={words::short(&allocation.id).to_owned()} />
            <span class="quiet">{ "created " }<Ago nanos={allocation.create_time} {now} />
                { ", changed " }<Ago nanos={allocation.modify_time} {now} /></span>
            { related("replaces", &allocation.previous_allocation) }
            { related("replaced by", &allocation.next_allocation) }
            if !words::why(allocation).is_empty() {
                <p class="why">{ words::why(allocation).to_owned() }</p>
            }
            if !allocation.desired_description.is_empty() {
                <p class="why quiet">{ allocation.desired_description.clone() }</p>
            }
        </header>
    }
}

fn addresses(allocation: &api::Allocation) -> Html {
    let ports = words::ports(allocation);
    html! {
        <section class="fact">
            <h2>{ "Addresses" }</h2>
            if ports.is_empty() {
                <p class="quiet">{ "No port was asked for." }</p>
            } else {
                <ul class="plain">{ for ports.iter().map(|port| html! {
                    <li data-testid="address" data-label={port.label.clone()}>
                        <span class="port-label">{ port.label.clone() }</span>{ " " }
                        <Copyable value={words::address(port)} />
                        if port.to > 0 && port.to != port.value {
                            <span class="quiet">{ format!(" → {} inside", port.to) }</span>
                        }
                    </li>
                }) }</ul>
            }
        </section>
    }
}

fn resources(allocation: &api::Allocation) -> Html {
    let (_, _, disk) = words::given(allocation);
    let tasks = allocation.allocated_resources.iter().flat_map(|r| &r.tasks);
    let rows = tasks.map(|(name, given)| {
        let most = given.memory.memory_max_mb;
        html! {
            <li>
                <span class="port-label">{ name.clone() }</span>
                { format!(" {} MHz, {}", given.cpu.cpu_shares, words::megabytes(given.memory.memory_mb)) }
                if most > given.memory.memory_mb {
                    <span class="quiet">{ format!(" (up to {})", words::megabytes(most)) }</span>
                }
            </li>
        }
    });
    html! {
        <section class="fact">
            <h2>{ "Resources" }</h2>
            <ul class="plain">
                { for rows }
                <li><span class="port-label">{ "disk" }</span>{ format!(" {}", words::megabytes(disk)) }</li>
            </ul>
        </section>
    }
}

/// The group's volumes, where they are on the host and where each task sees them.
fn volumes(allocation: &api::Allocation, job: Option<&api::Job>, node: Option<&api::Node>) -> Html {
    let group = job.and_then(|j| j.task_groups.iter().find(|g| g.name == allocation.task_group));
    let Some(group) = group.filter(|g| !g.volumes.is_empty()) else { return Html::default() };
    let rows = group.volumes.iter().map(|(name, volume)| {
        let path = node.and_then(|n| n.host_volumes.get(&volume.source)).map(|v| v.path.clone());
        let mounts = group.tasks.iter().flat_map(|task| {
            let of_volume = task.volume_mounts.iter().filter(|m| m.volume.as_ref() == Some(name));
            of_volume
                .map(|m| format!("{}:{}", task.name, m.destination.as_deref().unwrap_or_default()))
        });
        let mounts = mounts.collect::<Vec<_>>().join(", ");
        html! {
            <li data-testid="volume">
                <span class="port-label">{ volume.source.clone() }</span>{ " " }
                if let Some(path) = path { <Copyable value={path} /> }
                <span class="quiet">{ format!(" → {mounts}") }</span>
                if volume.read_only { <span class="quiet">{ " read-only" }</span> }
            </li>
        }
    });
    html! {
        <section class="fact">
            <h2>{ "Volumes" }</h2>
            <ul class="plain">{ for rows }</ul>
        </section>
    }
}

fn tasks(allocation: &api::Allocation) -> Html {
    if allocation.task_states.is_empty() {
        return html! {
            <Empty title="The node has not picked it up yet">
                <p>{ "Tasks appear here as soon as the client starts them." }</p>
            </Empty>
        };
    }
    html! { <>{ for allocation.task_states.iter().map(|(name, state)| task(allocation, name, state)) }</> }
}

fn task(allocation: &api::Allocation, name: &str, state: &api::TaskState) -> Html {
    let word = if state.failed { "failed".to_owned() } else { state.state.clone() };
    html! {
        <section class="task" key={name.to_owned()} data-testid="task" data-task={name.to_owned()}>
            <div class="task-head">
                <h2>{ name.to_owned() }</h2>
                <Status {word} testid="task-status" />
                if state.restarts > 0 {
                    <span class="quiet">
                        { words::count(usize::try_from(state.restarts).unwrap_or(0), "restart") }
                    </span>
                }
            </div>
            if let Some(pull) = Pull::of(state) { <PullProgress {pull} /> }
            <Events events={state.events.clone()} />
            <LogView alloc_id={allocation.id.clone()} task={name.to_owned()} state={state.state.clone()} />
        </section>
    }
}
