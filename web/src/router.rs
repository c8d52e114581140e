//! Addresses and the pages behind them.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::component::mount;
use crate::components::empty;
use crate::pages::{
    AllocationPage, AllocationsPage, JobPage, JobsPage, NodePage, NodesPage, PageProps,
};
use crate::plan::PlanPage;
use crate::topology::TopologyPage;

/// Every address of the page.
#[derive(Clone, Debug, PartialEq, Routable)]
pub enum Route {
    #[at("/")]
    Plan,
    #[at("/topology")]
    Topology,
    #[at("/jobs")]
    Jobs,
    #[at("/jobs/:id")]
    Job { id: String },
    #[at("/allocations")]
    Allocations,
    #[at("/allocations/:id")]
    Allocation { id: String },
    #[at("/nodes")]
    Nodes,
    #[at("/nodes/:id")]
    Node { id: String },
    #[not_found]
    #[at("/404")]
    NotFound,
}

impl Route {
    /// The entry of the navigation that is lit on this page.
    pub fn section(&self) -> Route {
        match self {
            Route::Job { .. } => Route::Jobs,
            Route::Allocation { .. } => Route::Allocations,
            Route::Node { .. } => Route::Nodes,
            other => other.clone(),
        }
    }
}

/// Draws the page of an address.
pub fn page(route: Route) -> Html {
    match route {
        Route::Plan => mount::<PlanPage>(()),
        Route::Topology => mount::<TopologyPage>(()),
        Route::Jobs => mount::<JobsPage>(()),
        Route::Job { id } => mount::<JobPage>(PageProps { id: id.into() }),
        Route::Allocations => mount::<AllocationsPage>(()),
        Route::Allocation { id } => mount::<AllocationPage>(PageProps { id: id.into() }),
        Route::Nodes => mount::<NodesPage>(()),
        Route::Node { id } => mount::<NodePage>(PageProps { id: id.into() }),
        Route::NotFound => {
            empty("There is no such page", link(Route::Plan, "button", "Go to the plan"))
        }
    }
}

/// A link inside the page.
pub fn link(to: Route, class: &str, words: &str) -> Html {
    link_around(to, class, html! { words })
}

/// A link around more than words.
pub fn link_around(to: Route, class: &str, content: Html) -> Html {
    html! { <Link<Route> {to} classes={Classes::from(class.to_owned())}>{ content }</Link<Route>> }
}
