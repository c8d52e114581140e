//! Everything but the plan page comes a moment later: a part of the wasm of its own, fetched when the first preview
//! is drawn, or sooner if somebody goes there.

use wasm_bindgen_futures::spawn_local;
use wasm_split_helpers::SplitLoaderError;
use yew::prelude::*;

use super::parts::Loading;
use crate::components::Empty;
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

/// A page of the later part.
#[component]
pub fn Later(props: &LaterProps) -> Html {
    let drawer = use_state(|| None::<Result<Draw, ()>>);
    let tries = use_state_eq(|| 0);
    {
        let drawer = drawer.setter();
        use_effect_with(*tries, move |_| {
            spawn_local(async move { drawer.set(Some(fetch().await.map_err(|_| ()))) });
        });
    }
    match *drawer {
        Some(Ok(draw)) => draw(props.route.clone()),
        None => html! { <Loading /> },
        Some(Err(())) => {
            let onclick = Callback::from(move |_| tries.set(*tries + 1));
            html! {
                <Empty title="This page could not be fetched">
                    <button type="button" class="button" {onclick}>{ "Try again" }</button>
                </Empty>
            }
        }
    }
}
