//! Everything but the plan page comes a moment later: a part of the wasm of its own, fetched when the first preview
//! is drawn, or sooner if somebody goes there.

use wasm_bindgen_futures::spawn_local;
use wasm_split_helpers::SplitLoaderError;
use yew::prelude::*;

use super::parts::loading;
use crate::component::{use_after, use_value};
use crate::components::{button, empty};
use crate::router::{Route, draw};

/// Draws the page of an address.
type Draw = fn(Route) -> Html;

/// Gives what draws the pages; the build cuts here.
#[cfg_attr(steppe_split, wasm_split_helpers::wasm_split(pages, fallible))]
fn drawer() -> Result<Draw, SplitLoaderError> {
    Ok(draw)
}

/// The same where nothing is cut.
#[cfg(not(steppe_split))]
async fn fetch() -> Result<Draw, SplitLoaderError> {
    drawer()
}

#[cfg(steppe_split)]
async fn fetch() -> Result<Draw, SplitLoaderError> {
    drawer().await
}

/// Fetches the pages ahead of time, so that going there takes no time and needs no network.
pub fn prefetch() {
    // If it fails now it is tried again when somebody goes there.
    spawn_local(async { drop(fetch().await) });
}

/// Properties of [`Later`].
#[derive(Properties, PartialEq)]
pub struct LaterProps {
    pub route: Route,
}

/// What came of fetching.
#[derive(Clone, Copy)]
enum Fetched {
    Pages(Draw),
    Failed,
}

impl PartialEq for Fetched {
    fn eq(&self, other: &Fetched) -> bool {
        matches!(
            (self, other),
            (Fetched::Pages(_), Fetched::Pages(_)) | (Fetched::Failed, Fetched::Failed)
        )
    }
}

/// A page of the later part.
#[component]
pub fn Later(props: &LaterProps) -> Html {
    let fetched = use_value(None::<Fetched>);
    let tries = use_value(0);
    {
        let fetched = fetched.setter();
        use_after(*tries, move || {
            spawn_local(async move {
                fetched.set(Some(fetch().await.map_or(Fetched::Failed, Fetched::Pages)));
            });
        });
    }
    match *fetched {
        Some(Fetched::Pages(draw)) => draw(props.route.clone()),
        None => loading(),
        Some(Fetched::Failed) => {
            let onclick = Callback::from(move |_: MouseEvent| tries.set(*tries + 1));
            empty("This page could not be fetched", button("button", None, &onclick, "Try again"))
        }
    }
}
