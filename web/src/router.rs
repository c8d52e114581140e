//! Addresses and the pages behind them.

use std::collections::HashMap;

use yew::prelude::*;
use yew_router::prelude::*;

use crate::component::mount;
use crate::components::empty;
use crate::live::http::{segment, unescaped};
use crate::pages::{
    AllocationPage, AllocationsPage, JobPage, JobsPage, Later, LaterProps, NodePage, NodesPage,
    PageProps, Piece,
};
use crate::plan::{PlanPage, PlanPageProps};
use crate::topology::TopologyPage;

/// Every address of the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Route {
    Plan,
    /// The plan page with one question: why a group is on a node, or not.
    Why {
        group: String,
        node: String,
    },
    Topology,
    Jobs,
    Job {
        id: String,
    },
    Allocations,
    Allocation {
        id: String,
    },
    Nodes,
    Node {
        id: String,
    },
    NotFound,
}

impl Route {
    /// The entry of the navigation that is lit on this page.
    pub fn section(&self) -> Route {
        match self {
            Route::Why { .. } => Route::Plan,
            Route::Job { .. } => Route::Jobs,
            Route::Allocation { .. } => Route::Allocations,
            Route::Node { .. } => Route::Nodes,
            other => other.clone(),
        }
    }

    fn why(group: &str, node: &str) -> Option<Route> {
        let named = |part| unescaped(part).filter(|part| !part.is_empty());
        Some(Route::Why { group: named(group)?, node: named(node)? })
    }

    /// The page of one thing; none if it has no name.
    fn of(section: &str, id: &str) -> Option<Route> {
        let id = unescaped(id).filter(|id| !id.is_empty())?;
        match section {
            "jobs" => Some(Route::Job { id }),
            "allocations" => Some(Route::Allocation { id }),
            "nodes" => Some(Route::Node { id }),
            _ => None,
        }
    }
}

/// Written by hand: the derive brings a whole automaton along, for five words and an ID.
impl Routable for Route {
    fn recognize(path: &str) -> Option<Route> {
        let path = path.strip_suffix('/').unwrap_or(path);
        let mut parts = path.split('/').skip(1);
        let (section, id, more) = (parts.next(), parts.next(), parts.next());
        if let (Some("why"), Some(group), Some(node), None) = (section, id, more, parts.next()) {
            return Route::why(group, node).or(Some(Route::NotFound));
        }
        let route = match (section, id, more) {
            (None, ..) => Route::Plan,
            (Some("topology"), None, _) => Route::Topology,
            (Some("jobs"), None, _) => Route::Jobs,
            (Some("allocations"), None, _) => Route::Allocations,
            (Some("nodes"), None, _) => Route::Nodes,
            (Some(section), Some(id), None) => Route::of(section, id).unwrap_or(Route::NotFound),
            _ => Route::NotFound,
        };
        Some(route)
    }

    fn to_path(&self) -> String {
        let (section, id) = match self {
            Route::Plan => return "/".to_owned(),
            Route::Topology => return "/topology".to_owned(),
            Route::Jobs => return "/jobs".to_owned(),
            Route::Allocations => return "/allocations".to_owned(),
            Route::Nodes => return "/nodes".to_owned(),
            Route::NotFound => return "/404".to_owned(),
            Route::Why { group, node } => {
                return format!("/why/{}/{}", segment(group), segment(node));
            }
            Route::Job { id } => ("jobs", id),
            Route::Allocation { id } => ("allocations", id),
            Route::Node { id } => ("nodes", id),
        };
        format!("/{section}/{}", segment(id))
    }

    fn from_path(path: &str, _: &HashMap<&str, &str>) -> Option<Route> {
        Route::recognize(path)
    }

    fn routes() -> Vec<&'static str> {
        Vec::new()
    }

    fn not_found_route() -> Option<Route> {
        Some(Route::NotFound)
    }
}

/// Draws the page of an address: the plan page at once, the others when their part of the program is there.
pub fn page(route: Route) -> Html {
    match route {
        Route::Plan => mount::<PlanPage>(PlanPageProps { why: None }),
        Route::Why { group, node } => {
            mount::<PlanPage>(PlanPageProps { why: Some((group.into(), node.into())) })
        }
        route => mount::<Later>(LaterProps { piece: Piece::Page(route) }),
    }
}

/// Draws a page of the later part.
pub fn draw(route: Route) -> Html {
    match route {
        Route::Plan | Route::Why { .. } => Html::default(),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(path: &str) -> Route {
        Route::recognize(path).expect("every path has a page")
    }

    #[test]
    fn an_address_leads_to_its_page() {
        for route in [Route::Plan, Route::Topology, Route::Jobs, Route::Allocations, Route::Nodes] {
            assert_eq!(at(&route.to_path()), route);
        }
        assert_eq!(at("/jobs/web"), Route::Job { id: "web".to_owned() });
        assert_eq!(at("/allocations/4e"), Route::Allocation { id: "4e".to_owned() });
        assert_eq!(at("/nodes/4e/"), Route::Node { id: "4e".to_owned() });
        assert_eq!(at("/jobs/"), Route::Jobs);
        let why = Route::Why { group: "web".to_owned(), node: "n1".to_owned() };
        assert_eq!(at("/why/web/n1"), why);
    }

    #[test]
    fn what_is_no_address_leads_nowhere() {
        for path in [
            "/nowhere",
            "/404",
            "/topology/4e",
            "/nodes/4e/5f",
            "/jobs//",
            "/why/web",
            "/why/a/b/c",
        ] {
            assert_eq!(at(path), Route::NotFound, "{path}");
        }
    }
}
