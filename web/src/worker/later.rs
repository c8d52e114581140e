//! The worker's share of the later part of the program: suggestions, what if, and whatever else is asked seldom. It
//! is fetched when somebody asks.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_split_helpers::SplitLoaderError;
use web_sys::{Response, WorkerGlobalScope};

use super::engine::Later;
use crate::further;
use crate::patience::patiently;

/// Gives what the engine lacks; the build cuts here.
#[cfg_attr(steppe_split, wasm_split_helpers::wasm_split(advice, fallible))]
pub(super) fn tools() -> Result<Later, SplitLoaderError> {
    Ok(Later {
        parse: steppe_planner::parse,
        review: steppe_planner::review,
        verdict: |planned, group, node| planned.verdict(group, node),
        stage: further::stage,
        further: further::answer,
        docs: Rc::default(),
    })
}

/// The same where nothing is cut.
#[cfg(not(steppe_split))]
async fn part() -> Result<Later, SplitLoaderError> {
    tools()
}

#[cfg(steppe_split)]
async fn part() -> Result<Later, SplitLoaderError> {
    tools().await
}

/// Fetches it, with what is said about names: that lies beside the worker's own file. Without it there are no
/// sentences, but everything else.
pub(super) async fn fetch() -> Result<Later, SplitLoaderError> {
    let part = patiently(part).await?;
    let docs = beside("docs.txt").await.unwrap_or_default();
    Ok(Later { docs: docs.into(), ..part })
}

/// A file that lies beside the worker's own. (The page's requests go through its window, and a worker has none.)
async fn beside(name: &str) -> Option<String> {
    let scope: WorkerGlobalScope = js_sys::global().dyn_into().ok()?;
    let response = JsFuture::from(scope.fetch_with_str(name)).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}
