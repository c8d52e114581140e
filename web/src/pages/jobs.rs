//! Every job: its status, how many allocations run, and the buttons to stop it or run it again.

use std::collections::BTreeMap;

use steppe_planner::api;
use yew::prelude::*;
use yew_router::prelude::*;

use super::parts::{
    Ago, Filter, JobActions, JobLink, Loading, More, Status, matches, use_now, use_shown, words,
};
use crate::components::Empty;
use crate::live::{JobCounts, use_live};
use crate::router::Route;

/// The table of jobs.
#[component]
pub fn JobsPage() -> Html {
    let live = use_live();
    let now = use_now(15_000);
    let filter = use_state_eq(AttrValue::default);
    let (shown, more) = use_shown();
    if live.cluster.is_empty() {
        return html! { <Loading /> };
    }
    let jobs = live.cluster.jobs();
    let counts = live.cluster.counts();
    let kept: Vec<&api::Job> = jobs.iter().filter(|job| keep(job, &filter)).collect();
    let total = kept.len();
    let onfilter = {
        let filter = filter.clone();
        Callback::from(move |v| filter.set(v))
    };
    html! {
        <article class="listing">
            <header class="page-head">
                <h1>{ "Jobs" }<span class="aside">{ jobs.len() }</span></h1>
                <Filter value={(*filter).clone()} label="Filter jobs" onchange={onfilter} />
            </header>
            if jobs.is_empty() {
                <Empty title="No job is registered">
                    <p>{ "Write or paste one, see where it would land, and deploy it." }</p>
                    <Link<Route> to={Route::Plan} classes="button primary">{ "Plan a job" }</Link<Route>>
                </Empty>
            } else if kept.is_empty() {
                <Empty title="No job matches the filter" />
            } else {
                <table class="rows">
                    <thead><tr>
                        <th scope="col">{ "Job" }</th>
                        <th scope="col">{ "Status" }</th>
                        <th scope="col">{ "Allocations" }</th>
                        <th scope="col">{ "Type" }</th>
                        <th scope="col" class="num">{ "Version" }</th>
                        <th scope="col">{ "Submitted" }</th>
                        <th scope="col"><span class="visually-hidden">{ "Actions" }</span></th>
                    </tr></thead>
                    <tbody>{ for kept.into_iter().take(shown).map(|job| row(job, &counts, now)) }</tbody>
                </table>
                <More {shown} {total} onmore={more} />
            }
        </article>
    }
}

fn keep(job: &api::Job, filter: &str) -> bool {
    let status = words::job_status(job);
    let name = job.name.as_deref().unwrap_or_default();
    let kind = job.kind.as_deref().unwrap_or_default();
    matches(filter, &[job.id.as_deref().unwrap_or_default(), name, &status, kind])
}

fn row(job: &api::Job, counts: &BTreeMap<String, JobCounts>, now: f64) -> Html {
    let id = job.id.clone().unwrap_or_default();
    let counts = counts.get(&id).copied().unwrap_or_default();
    let namespace = job.namespace.clone().unwrap_or_else(|| "default".to_owned());
    html! {
        <tr key={id.clone()} data-testid="job-row" data-job={id.clone()}>
            <th scope="row" data-label="Job"><JobLink id={id.clone()} class="row-link" /></th>
            <td data-label="Status">
                <Status word={words::job_status(job)} testid="job-status"
                    title={job.status_description.clone().unwrap_or_default()} />
            </td>
            <td data-label="Allocations">{ allocation_counts(counts) }</td>
            <td data-label="Type">{ job.kind.clone().unwrap_or_else(|| "service".to_owned()) }</td>
            <td data-label="Version" class="num">{ job.version.unwrap_or_default() }</td>
            <td data-label="Submitted"><Ago nanos={job.submit_time.unwrap_or_default()} {now} /></td>
            <td class="row-actions">
                <JobActions job_id={id} {namespace} stopped={job.stop.unwrap_or_default()} compact=true />
            </td>
        </tr>
    }
}

/// `2 of 3 running, 1 failed`.
pub fn allocation_counts(counts: JobCounts) -> Html {
    let running = if counts.desired > 0 || counts.running > 0 {
        format!("{} of {} running", counts.running, counts.desired)
    } else {
        String::new()
    };
    let others = [
        (counts.pending, "pending", "wait"),
        (counts.failed, "failed", "bad"),
        (counts.lost, "lost", "bad"),
        (counts.complete, "complete", "done"),
    ];
    let others = others.into_iter().filter(|(n, _, _)| *n > 0).map(|(n, word, tone)| {
        html! { <span class="count-word" data-tone={tone}>{ format!("{n} {word}") }</span> }
    });
    html! {
        <span class="alloc-counts" data-testid="job-counts">
            if !running.is_empty() { <span class="count-word">{ running }</span> }
            { for others }
        </span>
    }
}
