//! Every allocation of the cluster, newest first.

use yew::prelude::*;

use super::parts::{
    Subject, allocation_table, loading, matches, use_allocations, use_filter, use_now, use_shown,
    words,
};
use crate::component::use_value;
use crate::components::empty;
use crate::live::use_live;
use crate::router::{Route, link};

/// The table of allocations.
#[component]
pub fn AllocationsPage() -> Html {
    let live = use_live();
    let now = use_now(15_000);
    let (filter, field) = use_filter("Filter allocations");
    let over = use_value(true);
    let shown = use_shown();
    let mut allocations = use_allocations("/v1/allocations?", &|_| true);
    if live.cluster.is_empty() {
        return loading();
    }
    let total = allocations.len();
    allocations.retain(|a| {
        let status = words::allocation_status(a);
        (*over || words::is_live(a))
            && matches(&filter, &[&a.name, &a.id, &a.job_id, &a.node_name, &status])
    });
    let onover = {
        let over = over.clone();
        Callback::from(move |_: Event| over.set(!*over))
    };
    let list = if total == 0 {
        let body = html! {
            <>
            <p>{ "An allocation appears when a job is deployed and finds a node." }</p>
            { link(Route::Plan, "button primary", "Plan a job") }
            </>
        };
        empty("Nothing has been placed yet", body)
    } else if allocations.is_empty() {
        empty("No allocation matches", Html::default())
    } else {
        allocation_table(&allocations, Subject::Cluster, now, &shown)
    };
    html! {
        <article class="listing">
            <header class="page-head">
                <h1>{ "Allocations" }<span class="aside">{ total }</span></h1>
                <label class="check">
                    <input type="checkbox" checked={*over} onchange={onover} />{ "Show ended" }
                </label>
                { field }
            </header>
            { list }
        </article>
    }
}
