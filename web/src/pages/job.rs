//! One job: how it runs, why it waits, its text, and what it was.

use steppe_planner::api;
use yew::prelude::*;
use yew_router::prelude::*;

use super::job_history::{Deployments, Evaluations, Versions};
use super::job_source::Definition;
use super::jobs::allocation_counts;
use super::parts::{
    Ago, AllocationTable, Failure, JobActions, Loading, Status, Tabs, use_allocations, use_now,
    words,
};
use crate::components::Empty;
use crate::deploy::JobLife;
use crate::live::http::segment;
use crate::live::{Live, Remote, use_live, use_remote};
use crate::router::Route;

/// Properties of [`JobPage`].
#[derive(Properties, PartialEq)]
pub struct JobPageProps {
    pub id: AttrValue,
}

/// The page of one job.
#[component]
pub fn JobPage(props: &JobPageProps) -> Html {
    let live = use_live();
    let now = use_now(10_000);
    let tab = use_state_eq(|| "overview");
    if live.cluster.is_empty() {
        return html! { <Loading /> };
    }
    let Some(job) = live.cluster.job(&props.id) else {
        return html! {
            <Empty title={format!("There is no job {}", props.id)}>
                <p>{ "It was purged, or never registered." }</p>
                <Link<Route> to={Route::Jobs} classes="button">{ "All jobs" }</Link<Route>>
            </Empty>
        };
    };
    let onselect = {
        let tab = tab.clone();
        Callback::from(move |word| tab.set(word))
    };
    let tabs: Vec<(&'static str, AttrValue)> = vec![
        ("overview", "Overview".into()),
        ("definition", "Definition".into()),
        ("versions", "Versions".into()),
        ("evaluations", "Evaluations".into()),
        ("deployments", "Deployments".into()),
    ];
    let id = props.id.clone();
    let panel = match *tab {
        "definition" => {
            html! { <Definition job_id={id} version={job.version.unwrap_or_default()} /> }
        }
        "versions" => html! { <Versions job_id={id} {now} /> },
        "evaluations" => html! { <Evaluations job_id={id} {now} /> },
        "deployments" => html! { <Deployments job_id={id} /> },
        _ => html! { <Overview job_id={id} {now} /> },
    };
    html! {
        <article class="record" data-testid="job-page">
            { head(&job, &live, now) }
            <Tabs {tabs} selected={*tab} {onselect} label="Job" />
            <div role="tabpanel" aria-labelledby={format!("tab-{}", *tab)} class="tab-panel">{ panel }</div>
        </article>
    }
}

fn head(job: &api::Job, live: &Live, now: f64) -> Html {
    let id = job.id.clone().unwrap_or_default();
    let counts = live.cluster.counts().get(&id).copied().unwrap_or_default();
    let namespace = job.namespace.clone().unwrap_or_else(|| "default".to_owned());
    html! {
        <header class="page-head">
            <p class="crumbs"><Link<Route> to={Route::Jobs}>{ "Jobs" }</Link<Route>></p>
            <h1>{ id.clone() }</h1>
            <Status word={words::job_status(job)} testid="job-status" />
            { allocation_counts(counts) }
            <span class="quiet">
                { format!("{}, version {}, submitted ", job.kind.as_deref().unwrap_or("service"),
                    job.version.unwrap_or_default()) }
                <Ago nanos={job.submit_time.unwrap_or_default()} {now} />
            </span>
            <JobActions job_id={id} {namespace} stopped={job.stop.unwrap_or_default()} />
        </header>
    }
}

/// Properties of [`Overview`].
#[derive(Properties, PartialEq)]
struct OverviewProps {
    job_id: AttrValue,
    now: f64,
}

/// What the job does now.
#[component]
fn Overview(props: &OverviewProps) -> Html {
    let path = format!("/v1/job/{}/evaluations", segment(&props.job_id));
    let watch = vec!["Evaluation".to_owned()];
    let evaluations = use_remote::<Vec<api::Evaluation>>(Some(path.into()), watch);
    let listed = format!("/v1/job/{}/allocations?all=true&", segment(&props.job_id));
    let allocations = use_allocations(listed, |a| *a.job_id == *props.job_id);
    html! {
        <>
        if let Some(list) = evaluations.ready() { { placement_failures(list) } }
        if let Remote::Failed(error) = &evaluations {
            <Failure what="The evaluations cannot be read." error={error.clone()} />
        }
        <section>
            <h2>{ "Now" }</h2>
            <JobLife job_id={props.job_id.clone()} embedded=true />
        </section>
        <section>
            <h2>{ "Allocations" }<span class="aside">{ allocations.len() }</span></h2>
            if allocations.is_empty() {
                <Empty title="No allocation yet" />
            } else {
                <AllocationTable {allocations} now={props.now} show_job=false />
            }
        </section>
        </>
    }
}

/// Why the newest evaluation could not place everything: Nomad's counts, one line a reason.
fn placement_failures(evaluations: &[api::Evaluation]) -> Html {
    let newest = evaluations.iter().max_by_key(|e| (e.create_index, e.modify_index));
    let waiting = newest.filter(|e| !e.failed_tg_allocs.is_empty() || e.status == "blocked");
    let Some(evaluation) = waiting else { return Html::default() };
    // A blocked evaluation waits on what the one before it found.
    let failed = if evaluation.failed_tg_allocs.is_empty() {
        let before = evaluations.iter().find(|e| e.blocked_eval == evaluation.id);
        before.map(|e| e.failed_tg_allocs.clone()).unwrap_or_default()
    } else {
        evaluation.failed_tg_allocs.clone()
    };
    if failed.is_empty() {
        return Html::default();
    }
    html! {
        <section class="failures" data-testid="placement-failures" role="status">
            <h2>{ "Waiting for a node" }</h2>
            { for failed.iter().map(|(group, metric)| failure(group, metric)) }
            <p class="quiet">{ "It is placed by itself as soon as a node fits." }</p>
        </section>
    }
}

fn failure(group: &str, metric: &api::AllocMetric) -> Html {
    let nodes = |n: i64| words::count(usize::try_from(n).unwrap_or(0), "node");
    let filtered =
        metric.constraint_filtered.iter().map(|(why, n)| format!("{}: {why}", nodes(*n)));
    let exhausted =
        metric.dimension_exhausted.iter().map(|(what, n)| format!("{}: {what}", nodes(*n)));
    let unplaced = usize::try_from(metric.coalesced_failures + 1).unwrap_or(1);
    html! {
        <div class="failure-group">
            <h3>{ format!("{group}: {} not placed", words::count(unplaced, "allocation")) }</h3>
            <ul>
                if metric.nodes_evaluated == 0 { <li>{ "No node is a candidate." }</li> }
                { for filtered.chain(exhausted).map(|line| html! { <li>{ line }</li> }) }
            </ul>
        </div>
    }
}
