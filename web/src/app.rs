//! The page's frame: the line to the agent, the draft with its planner, the router, and the shell around.

use std::rc::Rc;

use yew::prelude::*;
use yew_router::{BrowserRouter, Switch};

use crate::draft::DraftProvider;
use crate::live::LiveProvider;
use crate::router::{Route, switch};
use crate::shell::Shell;
use crate::worker::Planner;

/// The whole page.
#[component]
pub fn App() -> Html {
    let planner = (*use_memo((), |()| Planner::start())).clone();
    let on_document = {
        let planner = planner.clone();
        Callback::from(move |text: Rc<str>| planner.load(text))
    };
    let sample = Callback::from(|()| crate::examples::sample_cluster());
    html! {
        <LiveProvider {sample} {on_document}>
            <DraftProvider {planner}>
                <BrowserRouter>
                    <Shell>
                        <Switch<Route> render={switch} />
                    </Shell>
                </BrowserRouter>
            </DraftProvider>
        </LiveProvider>
    }
}
