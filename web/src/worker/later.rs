//! The worker's share of the later part of the program: suggestions, what if, and whatever else is asked seldom. It
//! is fetched when somebody asks.

use wasm_split_helpers::SplitLoaderError;

use super::engine::Later;
use crate::further;

/// Gives what the engine lacks; the build cuts here.
#[cfg_attr(steppe_split, wasm_split_helpers::wasm_split(advice, fallible))]
pub(super) fn tools() -> Result<Later, SplitLoaderError> {
    Ok(Later { stage: further::stage, further: further::answer })
}

/// The same where nothing is cut.
#[cfg(not(steppe_split))]
pub(super) async fn fetch() -> Result<Later, SplitLoaderError> {
    tools()
}

#[cfg(steppe_split)]
pub(super) async fn fetch() -> Result<Later, SplitLoaderError> {
    tools().await
}
