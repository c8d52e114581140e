//! Blocking queries: an answer at once, or when the watched objects have changed, or when the wait is over.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/api-docs#blocking-queries>

use std::time::Duration;

use axum::response::Response;
use serde::Serialize;
use tokio::time::{Instant, timeout_at};

use super::answer;
use super::app::App;
use super::error::ApiError;
use super::params::Params;
use crate::state::State;

/// What a query found: its index, and the document or the error.
pub(super) struct Found<T> {
    pub(super) index: u64,
    pub(super) result: Result<T, ApiError>,
}

impl<T> Found<T> {
    /// A document at an index.
    pub(super) fn at(index: u64, document: T) -> Found<T> {
        Found { index: index.max(1), result: Ok(document) }
    }

    /// Nothing, at an index.
    pub(super) fn nothing(index: u64, error: ApiError) -> Found<T> {
        Found { index: index.max(1), result: Err(error) }
    }
}

/// Runs a query, again and again as long as its index is not above the one the client has.
pub(super) async fn query<T: Serialize>(
    app: &App,
    params: &Params,
    run: impl Fn(&State) -> Found<T>,
) -> Result<Response, ApiError> {
    let seen = params.index()?;
    let deadline = Instant::now() + jittered(params.wait()?);
    let mut changes = app.store.subscribe();
    loop {
        changes.borrow_and_update();
        let found = run(&app.store.read());
        let over = seen == 0 || found.index > seen || Instant::now() >= deadline;
        if over {
            return Ok(match found.result {
                Ok(document) => answer::read(params, found.index, &document),
                Err(error) => answer::with_read_headers(found.index, error),
            });
        }
        // A closed channel is an agent that ends: answer with what there is.
        if let Ok(Err(_)) = timeout_at(deadline, changes.changed()).await {
            return Ok(answer::with_read_headers(found.index, ApiError::refused("shutting down")));
        }
    }
}

/// Up to a sixteenth longer, so that many clients do not return at once.
fn jittered(wait: Duration) -> Duration {
    let part = uuid::Uuid::new_v4().as_bytes().first().copied().unwrap_or_default();
    wait + wait * u32::from(part) / (16 * 256)
}
