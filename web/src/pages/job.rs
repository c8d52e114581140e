//! One job: how it runs, why it waits, its text, and what it was.

use steppe_planner::api;
use yew::prelude::*;

use super::PageProps;
use super::job_history::{Deployments, Evaluations, HistoryProps, Versions};
use super::job_source::{Definition, DefinitionProps};
use super::jobs::allocation_counts;
use super::parts::{
    Subject, Tab, ago, allocation_table, failure, job_actions, loading, status, tabs,
    use_allocations, use_now, use_shown, words,
};
use crate::component::{mount, use_value};
use crate::components::{counted, empty, note};
use crate::deploy::job_life;
use crate::live::http::segment;
use crate::live::{Live, Remote, use_live, use_remote};
use crate::router::{Route, link};

const TABS: &[Tab] = &[
    ("overview", "Overview"),
    ("definition", "Definition"),
    ("versions", "Versions"),
    ("evaluations", "Evaluations"),
    ("deployments", "Deployments"),
];

/// The page of one job.
#[component]
pub fn JobPage(props: &PageProps) -> Html {
    let live = use_live();
    let now = use_now(10_000);
    let tab = use_value("overview");
    if live.cluster.is_empty() {
        return loading();
    }
    let Some(job) = live.cluster.job(&props.id) else {
        let body = html! {
            <>
            <p>{ "It was purged, or never registered." }</p>
            { link(Route::Jobs, "button", "All jobs") }
            </>
        };
        return empty(&format!("There is no job {}", props.id), body);
    };
    let onselect = {
        let tab = tab.clone();
        Callback::from(move |word| tab.set(word))
    };
    let job_id = props.id.clone();
    let panel = match *tab {
        "definition" => {
            let version = job.version.unwrap_or_default();
            mount::<Definition>(DefinitionProps { job_id, version })
        }
        "versions" => mount::<Versions>(HistoryProps { job_id, now }),
        "evaluations" => mount::<Evaluations>(HistoryProps { job_id, now }),
        "deployments" => mount::<Deployments>(HistoryProps { job_id, now }),
        _ => mount::<Overview>(HistoryProps { job_id, now }),
    };
    html! {
        <article class="record" data-testid="job-page">
            { head(&job, &live, now) }
            { tabs(TABS, *tab, &onselect, "Job") }
            <div role="tabpanel" aria-labelledby={format!("tab-{}", *tab)} class="tab-panel">{ panel }</div>
        </article>
    }
}

fn head(job: &api::Job, live: &Live, now: f64) -> Html {
    let id = job.id.as_deref().unwrap_or_default();
    let counts = live.cluster.counts(std::slice::from_ref(job));
    let kind = job.kind.as_deref().unwrap_or("service");
    html! {
        <header class="page-head">
            <p class="crumbs">{ link(Route::Jobs, "", "Jobs") }</p>
            <h1>{ id }</h1>
            { status(&words::job_status(job), Some("job-status")) }
            { for counts.iter().map(allocation_counts) }
            <span class="quiet">
                { format!("{kind}, version {}, submitted ", job.version.unwrap_or_default()) }
                { ago(job.submit_time.unwrap_or_default(), now) }
            </span>
            { job_actions(job, false) }
        </header>
    }
}

/// What the job does now.
#[component]
fn Overview(props: &HistoryProps) -> Html {
    let live = use_live();
    let path = format!("/v1/job/{}/evaluations", segment(&props.job_id));
    let watch = vec!["Evaluation".to_owned()];
    let evaluations = use_remote::<Vec<api::Evaluation>>(Some(path.into()), watch);
    let listed = format!("/v1/job/{}/allocations?all=true&", segment(&props.job_id));
    let allocations = use_allocations(&listed, &|a| *a.job_id == *props.job_id);
    let shown = use_shown();
    html! {
        <>
        if let Some(list) = evaluations.ready() { { placement_failures(list) } }
        if let Remote::Failed(error) = &evaluations {
            { failure("The evaluations cannot be read.", error) }
        }
        <section>
            <h2>{ "Now" }</h2>
            { job_life(&live, &props.job_id, true) }
        </section>
        <section>
            { counted("Allocations", allocations.len()) }
            if allocations.is_empty() {
                { empty("No allocation yet", Html::default()) }
            } else {
                { allocation_table(&allocations, Subject::Job, props.now, &shown) }
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
            { for failed.iter().map(|(group, metric)| group_failure(group, metric)) }
            { note("It is placed by itself as soon as a node fits.") }
        </section>
    }
}

fn group_failure(group: &str, metric: &api::AllocMetric) -> Html {
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
