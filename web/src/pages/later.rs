//! Everything but the plan itself comes a moment later: a part of the wasm of its own, fetched when the first preview
//! is drawn, or sooner if somebody goes to another page.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use wasm_split_helpers::SplitLoaderError;
use yew::prelude::*;

use super::parts::loading;
use crate::component::{mount, use_after, use_value};
use crate::components::{button, empty};
use crate::deploy::DeployPanel;
use crate::further::{
    self, Advice, Changes, InputsForm, SceneBanner, WhatIf, Why, WhyProps, matrix,
};
use crate::patience::patiently;
use crate::preview::PlanView;
use crate::router::{self, Route};

/// What the later part draws.
#[derive(Clone, PartialEq)]
pub enum Piece {
    /// The page of an address.
    Page(Route),
    /// The cluster that is planned in, if it is not the real one.
    Scene,
    /// The way from the plan to running.
    Deploy,
    /// What would change in the registered job.
    Changes,
    /// What the text gets from outside.
    Inputs,
    /// What would help, how many more fit.
    Advice,
    /// Every node and every check of a plan.
    Reasons(Rc<PlanView>, Callback<MouseEvent>),
    /// What if the cluster were another one.
    WhatIf,
    /// Why a group is on a node, or not.
    Why(AttrValue, AttrValue),
}

/// Draws a piece.
type Draw = fn(Piece) -> Html;

fn draw(piece: Piece) -> Html {
    further::styled();
    match piece {
        Piece::Page(route) => router::draw(route),
        Piece::Scene => mount::<SceneBanner>(()),
        Piece::Deploy => mount::<DeployPanel>(()),
        Piece::Changes => mount::<Changes>(()),
        Piece::Inputs => mount::<InputsForm>(()),
        Piece::Advice => mount::<Advice>(()),
        Piece::Reasons(plan, onmore) => matrix(&plan, &onmore),
        Piece::WhatIf => mount::<WhatIf>(()),
        Piece::Why(group, node) => mount::<Why>(WhyProps { group, node }),
    }
}

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

/// Properties of [`Later`].
#[derive(Properties, PartialEq)]
pub struct LaterProps {
    pub piece: Piece,
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

/// A piece of the later part.
#[component]
pub fn Later(props: &LaterProps) -> Html {
    let fetched = use_value(None::<Fetched>);
    let tries = use_value(0);
    {
        let fetched = fetched.setter();
        use_after(*tries, move || {
            spawn_local(async move {
                fetched.set(Some(patiently(fetch).await.map_or(Fetched::Failed, Fetched::Pages)));
            });
        });
    }
    match *fetched {
        Some(Fetched::Pages(draw)) => draw(props.piece.clone()),
        // What stands beside the plan is only missed.
        _ if !matches!(props.piece, Piece::Page(_) | Piece::Why(..)) => Html::default(),
        None => loading(),
        Some(Fetched::Failed) => {
            let onclick = Callback::from(move |_: MouseEvent| tries.set(*tries + 1));
            empty("This page could not be fetched", button("button", None, &onclick, "Try again"))
        }
    }
}
