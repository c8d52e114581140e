//! A job's life after a deploy: the deployment's progress, and each allocation with its image's download,
//! its events, addresses and log, as they come.

use steppe_planner::api;
use yew::prelude::*;

use crate::component::{mount_keyed, use_value};
use crate::components::{Symbol, gauge, icon, quiet};
use crate::live::{Live, Remote, use_remote};
use crate::pages::parts::{
    Pull, allocation_link, health, job_actions, job_link, node_link, ports, pull_progress,
    restarts, short_id, status, task_life, words,
};

/// Allocations shown in full; the job's page has them all.
const SHOWN: usize = 4;

/// The job as it runs now. Embedded in the job's own page it needs no heading and no buttons.
pub fn job_life(live: &Live, job_id: &str, embedded: bool) -> Html {
    let Some(job) = live.cluster.job(job_id) else { return Html::default() };
    let current = current_allocations(&job, live.cluster.allocations_of(job_id));
    let deployment = live.cluster.deployment_of(job_id);
    let deployment = deployment.filter(|d| Some(d.job_version) == job.version);
    let total = current.len();
    let shown = current.into_iter().take(SHOWN).enumerate().map(|(i, allocation)| {
        let id = allocation.id.clone();
        let open = i == 0 && total <= SHOWN;
        mount_keyed::<AllocationLife>(&id, AllocationLifeProps { allocation, open })
    });
    html! {
        <div class="life" data-testid="life" data-job={job_id.to_owned()}>
            if !embedded {
                <div class="life-head">
                    <h3>{ job_link(job_id, "") }</h3>
                    { status(&words::job_status(&job), Some("job-status")) }
                    { job_actions(&job, false) }
                </div>
            }
            { deployment.as_ref().map(deployment_progress) }
            { for shown }
            if total > SHOWN && embedded {
                <p class="quiet">{ format!("and {} more, listed below", total - SHOWN) }</p>
            } else if total > SHOWN {
                <p class="quiet">{ format!("and {} more on the page of ", total - SHOWN) }
                    { job_link(job_id, "") }</p>
            }
        </div>
    }
}

/// The allocations worth watching: those that hold resources, and the last ones of the newest version.
fn current_allocations(job: &api::Job, all: Vec<api::Allocation>) -> Vec<api::Allocation> {
    let stopped = job.stop.unwrap_or_default();
    let newest = |a: &api::Allocation| a.job_version == job.version && a.next_allocation.is_empty();
    let mut seen: Vec<String> = Vec::new();
    let mut current: Vec<_> = all
        .into_iter()
        .filter(|a| words::is_live(a) || (!stopped && newest(a) && a.desired_status == "run"))
        // Newest first: an older one of the same name was replaced, unless it still ends.
        .filter(|a| is_new(&mut seen, &a.name) || words::is_live(a))
        .collect();
    // What needs a look comes first; equals keep their order.
    current.sort_by_key(|a| {
        let healthy = a.deployment_status.as_ref().and_then(|s| s.healthy).unwrap_or(true);
        a.client_status == "running" && healthy
    });
    current
}

/// Puts a name among the sorted ones; true if it was not there.
fn is_new(names: &mut Vec<String>, name: &str) -> bool {
    let found = names.binary_search_by(|other| other.as_str().cmp(name));
    if let Err(at) = found {
        names.insert(at, name.to_owned());
    }
    found.is_err()
}

/// How many allocations of each group are healthy.
fn deployment_progress(deployment: &api::Deployment) -> Html {
    let groups = deployment.task_groups.iter().map(|(name, state)| {
        let (healthy, all) = (state.healthy_allocs, state.desired_total);
        let text = format!("{healthy} of {all} healthy");
        html! {
            <li class="life-group">
                <span class="life-group-name">{ name }</span>
                { gauge(healthy.to_string(), all.max(1).to_string(), format!("{name}: {text}")) }
                <span>{ text }</span>
                if state.unhealthy_allocs > 0 {
                    <span data-tone="bad" class="health">
                        { format!("{} unhealthy", state.unhealthy_allocs) }
                    </span>
                }
            </li>
        }
    });
    html! {
        <div class="life-deployment" data-testid="deployment" data-status={deployment.status.clone()}>
            <p>
                { "Deployment " }{ short_id(&deployment.id) }{ " " }
                { status(&deployment.status, Some("deployment-status")) }
                { quiet(format!(" {}", deployment.status_description)) }
            </p>
            <ul class="life-groups">{ for groups }</ul>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct AllocationLifeProps {
    /// From the snapshot: without events.
    allocation: api::Allocation,
    open: bool,
}

/// One allocation: a line, and inside it each task.
#[component]
fn AllocationLife(props: &AllocationLifeProps) -> Html {
    let allocation = &props.allocation;
    let path = format!("/v1/allocation/{}", allocation.id);
    let watch = vec![format!("Allocation:{}", allocation.id)];
    let remote = use_remote::<api::Allocation>(Some(path.into()), watch);
    let open = use_value(props.open);
    // The full document lags one request behind: the line is drawn from the snapshot.
    let full = remote.ready();
    let states = full.map_or(&allocation.task_states, |a| &a.task_states);
    let inside: Html = if *open {
        states.iter().map(|(name, state)| task(allocation, name, state)).collect()
    } else {
        states.values().filter_map(Pull::of).map(|pull| pull_progress(&pull)).collect()
    };
    let ontoggle = {
        let open = open.clone();
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            open.set(!*open);
        })
    };
    let why = words::why(allocation);
    html! {
        <details class="life-alloc" open={*open} data-testid="life-alloc">
            <summary onclick={ontoggle}>
                { icon(Symbol::Chevron) }
                { allocation_link(&allocation.id, &allocation.name, "") }
                { status(&words::allocation_status(allocation), Some("alloc-status")) }
                { health(allocation) }
                { quiet("on ") }
                { node_link(&allocation.node_id, &allocation.node_name, "") }
                { ports(allocation) }
            </summary>
            if !why.is_empty() { <p class="quiet">{ why }</p> }
            { inside }
            if let Remote::Failed(e) = &remote {
                if !e.is_not_found() { <p class="failure" role="alert">{ e.to_string() }</p> }
            }
        </details>
    }
}

fn task(allocation: &api::Allocation, name: &str, state: &api::TaskState) -> Html {
    html! {
        <div class="life-task" key={name}>
            <p class="task-head">
                <strong>{ name }</strong>
                { status(&state.state, Some("task-status")) }
                { restarts(state) }
            </p>
            { task_life(allocation, name, state) }
        </div>
    }
}
