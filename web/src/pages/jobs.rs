//! Every job: its status, how many allocations run, and the buttons to stop it or run it again.

use steppe_planner::api;
use yew::prelude::*;

use super::parts::{
    ago, job_actions, job_link, loading, matches, titled_status, use_filter, use_now, use_shown,
    words,
};
use crate::components::Column::{self, Numbers, Silent, Words};
use crate::components::{all, cell, empty, number, row_head, table};
use crate::live::{JobCounts, use_live};
use crate::router::{Route, link};

const COLUMNS: [Column; 7] = [
    Words("Job"),
    Words("Status"),
    Words("Allocations"),
    Words("Type"),
    Numbers("Version"),
    Words("Submitted"),
    Silent("Actions"),
];

/// The table of jobs.
#[component]
pub fn JobsPage() -> Html {
    let live = use_live();
    let now = use_now(15_000);
    let (filter, field) = use_filter("Filter jobs");
    let shown = use_shown();
    if live.cluster.is_empty() {
        return loading();
    }
    let jobs = live.cluster.jobs();
    let counts = live.cluster.counts(&jobs);
    let kept: Vec<_> = jobs.iter().zip(counts).filter(|(job, _)| keep(job, &filter)).collect();
    let list = if jobs.is_empty() {
        let body = html! {
            <>
            <p>{ "Write or paste one, see where it would land, and deploy it." }</p>
            { link(Route::Plan, "button primary", "Plan a job") }
            </>
        };
        empty("No job is registered", body)
    } else if kept.is_empty() {
        empty("No job matches the filter", Html::default())
    } else {
        let rows = kept.iter().take(shown.rows).map(|(job, counts)| row(job, counts, now));
        all(vec![table(&COLUMNS, rows.collect()), shown.more(kept.len())])
    };
    html! {
        <article class="listing">
            <header class="page-head">
                <h1>{ "Jobs" }<span class="aside">{ jobs.len() }</span></h1>
                { field }
            </header>
            { list }
        </article>
    }
}

fn keep(job: &api::Job, filter: &str) -> bool {
    let status = words::job_status(job);
    let name = job.name.as_deref().unwrap_or_default();
    let kind = job.kind.as_deref().unwrap_or_default();
    matches(filter, &[job.id.as_deref().unwrap_or_default(), name, &status, kind])
}

fn row(job: &api::Job, counts: &JobCounts, now: f64) -> Html {
    let id = job.id.as_deref().unwrap_or_default();
    let why = job.status_description.as_deref().unwrap_or_default();
    let status = titled_status(&words::job_status(job), Some("job-status"), why);
    let cells = vec![
        row_head("Job", job_link(id, "row-link")),
        cell("Status", status),
        cell("Allocations", allocation_counts(counts)),
        cell("Type", job.kind.as_deref().unwrap_or("service")),
        number("Version", job.version.unwrap_or_default()),
        cell("Submitted", ago(job.submit_time.unwrap_or_default(), now)),
        html! { <td class="row-actions">{ job_actions(job, true) }</td> },
    ];
    html! { <tr key={id} data-testid="job-row" data-job={id.to_owned()}>{ cells }</tr> }
}

/// `2 of 3 running, 1 failed`.
pub fn allocation_counts(counts: &JobCounts) -> Html {
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
