//! A job's life after a deploy: the deployment's progress, and each allocation with its image's download,
//! its events, addresses and log, as they come.

use steppe_planner::api;
use yew::prelude::*;

use crate::components::{Icon, Symbol};
use crate::live::{Remote, use_live, use_remote};
use crate::pages::parts::{
    AllocationLink, Events, JobActions, JobLink, LogView, NodeLink, Pull, PullProgress, Status,
    health, ports, words,
};

/// Allocations shown in full; the job's page has them all.
const SHOWN: usize = 4;

/// Properties of [`JobLife`].
#[derive(Properties, PartialEq)]
pub struct JobLifeProps {
    pub job_id: AttrValue,
    /// On the job's own page, which has a heading and buttons already.
    #[prop_or_default]
    pub embedded: bool,
}

/// The job as it runs now.
#[component]
pub fn JobLife(props: &JobLifeProps) -> Html {
    let live = use_live();
    let Some(job) = live.cluster.job(&props.job_id) else { return Html::default() };
    let current = current_allocations(&job, live.cluster.allocations_of(&props.job_id));
    let deployment = live.cluster.deployment_of(&props.job_id);
    let deployment = deployment.filter(|d| Some(d.job_version) == job.version);
    let total = current.len();
    let stopped = job.stop.unwrap_or_default();
    let namespace = job.namespace.clone().unwrap_or_else(|| "default".to_owned());
    html! {
        <div class="life" data-testid="life" data-job={props.job_id.clone()}>
            if !props.embedded {
                <div class="life-head">
                    <h3><JobLink id={props.job_id.clone()} /></h3>
                    <Status word={words::job_status(&job)} testid="job-status" />
                    <JobActions job_id={props.job_id.clone()} {namespace} {stopped} />
                </div>
            }
            { deployment.as_ref().map(deployment_progress) }
            { for current.iter().take(SHOWN).enumerate().map(|(i, a)| html! {
                <AllocationLife key={a.id.clone()} allocation={a.clone()} open={i == 0 && total <= SHOWN} />
            }) }
            if total > SHOWN && props.embedded {
                <p class="quiet">{ format!("and {} more, listed below", total - SHOWN) }</p>
            } else if total > SHOWN {
                <p class="quiet">{ format!("and {} more on the page of ", total - SHOWN) }
                    <JobLink id={props.job_id.clone()} /></p>
            }
        </div>
    }
}

/// The allocations worth watching: those that hold resources, and the last ones of the newest version.
fn current_allocations(job: &api::Job, all: Vec<api::Allocation>) -> Vec<api::Allocation> {
    let stopped = job.stop.unwrap_or_default();
    let newest = |a: &api::Allocation| a.job_version == job.version && a.next_allocation.is_empty();
    let mut seen = std::collections::BTreeSet::new();
    let mut current: Vec<_> = all
        .into_iter()
        .filter(|a| words::is_live(a) || (!stopped && newest(a) && a.desired_status == "run"))
        // Newest first: an older one of the same name was replaced, unless it still ends.
        .filter(|a| seen.insert(a.name.clone()) || words::is_live(a))
        .collect();
    // What needs a look comes first; equals keep their order.
    current.sort_by_key(|a| {
        let healthy = a.deployment_status.as_ref().and_then(|s| s.healthy).unwrap_or(true);
        a.client_status == "running" && healthy
    });
    current
}

/// How many allocations of each group are healthy.
fn deployment_progress(deployment: &api::Deployment) -> Html {
    let groups = deployment.task_groups.iter().map(|(name, state)| {
        let text = format!("{} of {} healthy", state.healthy_allocs, state.desired_total);
        html! {
            <li class="life-group">
                <span class="life-group-name">{ name.clone() }</span>
                <progress class="gauge" max={state.desired_total.max(1).to_string()}
                    value={state.healthy_allocs.to_string()} aria-label={format!("{name}: {text}")} />
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
                { "Deployment " }<span class="id">{ words::short(&deployment.id).to_owned() }</span>{ " " }
                <Status word={deployment.status.clone()} testid="deployment-status" />
                <span class="quiet">{ format!(" {}", deployment.status_description) }</span>
            </p>
            <ul class="life-groups">{ for groups }</ul>
        </div>
    }
}

/// Properties of [`AllocationLife`].
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
    let open = use_state_eq(|| props.open);
    // The full document lags one request behind: the line is drawn from the snapshot.
    let full = remote.ready();
    let states = full.map_or(&allocation.task_states, |a| &a.task_states);
    let tasks = states.iter().map(|(name, state)| task(allocation, name, state));
    let ontoggle = {
        let open = open.clone();
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            open.set(!*open);
        })
    };
    let pulls = states.values().filter_map(Pull::of);
    html! {
        <details class="life-alloc" open={*open} data-testid="life-alloc">
            <summary onclick={ontoggle}>
                <Icon symbol={Symbol::Chevron} />
                <AllocationLink id={allocation.id.clone()}>{ allocation.name.clone() }</AllocationLink>
                <Status word={words::allocation_status(allocation)} testid="alloc-status" />
                { health(allocation) }
                <span class="quiet">{ "on " }</span>
                <NodeLink id={allocation.node_id.clone()} name={allocation.node_name.clone()} />
                { ports(allocation) }
            </summary>
            if !words::why(allocation).is_empty() {
                <p class="quiet">{ words::why(allocation).to_owned() }</p>
            }
            if *open { { for tasks } } else { { for pulls.map(|pull| html! { <PullProgress {pull} /> }) } }
            if let Remote::Failed(e) = &remote {
                if !e.is_not_found() { <p class="failure" role="alert">{ e.to_string() }</p> }
            }
        </details>
    }
}

fn task(allocation: &api::Allocation, name: &str, state: &api::TaskState) -> Html {
    html! {
        <div class="life-task" key={name.to_owned()}>
            <p class="task-head">
                <strong>{ name.to_owned() }</strong>
                <Status word={state.state.clone()} testid="task-status" />
                if state.restarts > 0 {
                    <span class="quiet">
                        { words::count(usize::try_from(state.restarts).unwrap_or(0), "restart") }
                    </span>
                }
            </p>
            if let Some(pull) = Pull::of(state) { <PullProgress {pull} /> }
            <Events events={state.events.clone()} />
            <LogView alloc_id={allocation.id.clone()} task={name.to_owned()} state={state.state.clone()} />
        </div>
    }
}
