//! Every allocation of the cluster, newest first.

use yew::prelude::*;
use yew_router::prelude::*;

use super::parts::{AllocationTable, Filter, Loading, matches, use_allocations, use_now, words};
use crate::components::Empty;
use crate::live::use_live;
use crate::router::Route;

/// The table of allocations.
#[component]
pub fn AllocationsPage() -> Html {
    let live = use_live();
    let now = use_now(15_000);
    let filter = use_state_eq(AttrValue::default);
    let over = use_state_eq(|| true);
    let mut allocations = use_allocations("/v1/allocations?".to_owned(), |_| true);
    if live.cluster.is_empty() {
        return html! { <Loading /> };
    }
    let total = allocations.len();
    let text = (*filter).clone();
    allocations.retain(|a| {
        let status = words::allocation_status(a);
        (*over || words::is_live(a))
            && matches(&text, &[&a.name, &a.id, &a.job_id, &a.node_name, &status])
    });
    let onfilter = {
        let filter = filter.clone();
        Callback::from(move |v| filter.set(v))
    };
    let onover = {
        let over = over.clone();
        Callback::from(move |_: Event| over.set(!*over))
    };
    html! {
        <article class="listing">
            <header class="page-head">
                <h1>{ "Allocations" }<span class="aside">{ total }</span></h1>
                <label class="check">
                    <input type="checkbox" checked={*over} onchange={onover} />{ "Show ended" }
                </label>
                <Filter value={(*filter).clone()} label="Filter allocations" onchange={onfilter} />
            </header>
            if total == 0 {
                <Empty title="Nothing has been placed yet">
                    <p>{ "An allocation appears when a job is deployed and finds a node." }</p>
                    <Link<Route> to={Route::Plan} classes="button primary">{ "Plan a job" }</Link<Route>>
                </Empty>
            } else if allocations.is_empty() {
                <Empty title="No allocation matches" />
            } else {
                <AllocationTable {allocations} {now} />
            }
        </article>
    }
}
