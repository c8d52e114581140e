//! Addresses and the pages behind them.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::Empty;
use crate::pages;
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

/// Draws the page of an address: the plan page at once, the others when their part of the program is there.
pub fn switch(route: Route) -> Html {
    match route {
        Route::Plan => html! { <PlanPage /> },
        route => html! { <pages::Later {route} /> },
    }
}

/// Draws a page of the later part.
pub fn draw(route: Route) -> Html {
    match route {
        Route::Plan => Html::default(),
        Route::Topology => html! { <TopologyPage /> },
        Route::Jobs => html! { <pages::JobsPage /> },
        Route::Job { id } => html! { <pages::JobPage {id} /> },
        Route::Allocations => html! { <pages::AllocationsPage /> },
        Route::Allocation { id } => html! { <pages::AllocationPage {id} /> },
        Route::Nodes => html! { <pages::NodesPage /> },
        Route::Node { id } => html! { <pages::NodePage {id} /> },
        Route::NotFound => html! {
            <Empty title="There is no such page">
                <Link<Route> to={Route::Plan} classes="button">{ "Go to the plan" }</Link<Route>>
            </Empty>
        },
    }
}
