//! The page's frame: the line to the agent, the draft with its planner, the router, and the shell around.

use std::rc::Rc;

use yew::prelude::*;
use yew_router::Router;
use yew_router::history::{AnyHistory, BrowserHistory};

use crate::assets::address;
use crate::component::mount;
use crate::draft::{DraftProvider, DraftProviderProps};
use crate::examples::SAMPLE_CLUSTER;
use crate::live::{Cluster, LiveProvider, LiveProviderProps};
use crate::shell::Shell;
use crate::worker::Planner;

/// The whole page.
#[component]
pub fn App() -> Html {
    let planner = use_mut_ref(Planner::start).borrow().clone();
    let on_document = {
        let planner = planner.clone();
        Callback::from(move |(cluster, text): (Cluster, Rc<str>)| planner.load(cluster, &text))
    };
    let sample = address(SAMPLE_CLUSTER);
    let history = AnyHistory::from(BrowserHistory::new());
    let children = html! { <Router {history}>{ mount::<Shell>(()) }</Router> };
    let children = mount::<DraftProvider>(DraftProviderProps { planner, children });
    mount::<LiveProvider>(LiveProviderProps { sample, on_document, children })
}
