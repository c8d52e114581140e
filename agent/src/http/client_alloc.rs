//! `/v1/client/…`: statistics, restarts and signals, answered by the clients of this agent.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::alloc_dir::known;
use super::app::App;
use super::error::ApiError;
use super::params::Params;
use super::{answer, body};

pub(super) async fn node_stats(
    State(app): State<App>,
    params: Params,
) -> Result<Response, ApiError> {
    let first = || app.store.nodes().first().map(|n| n.id.clone()).unwrap_or_default();
    let node_id = params.get("node_id").map_or_else(first, str::to_owned);
    Ok(answer::json(&params, &app.client.node_stats(&node_id).await?))
}

pub(super) async fn stats(
    State(app): State<App>,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, ApiError> {
    known(&app, &id)?;
    Ok(answer::json(&params, &app.client.alloc_stats(&id).await?))
}

/// Health checks of services: none are run by this agent.
pub(super) async fn checks(
    State(app): State<App>,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, ApiError> {
    known(&app, &id)?;
    Ok(answer::json(&params, &json!({})))
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct RestartRequest {
    task_name: String,
}

pub(super) async fn restart(
    State(app): State<App>,
    Path(id): Path<String>,
    params: Params,
    body: Bytes,
) -> Result<Response, ApiError> {
    let request: RestartRequest = body::parse_or_default(&body)?;
    known(&app, &id)?;
    let task = (!request.task_name.is_empty()).then_some(request.task_name.as_str());
    app.client.restart(&id, task).await?;
    Ok(answer::json(&params, &json!({"Index": 0})))
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct SignalRequest {
    task: String,
    signal: String,
}

pub(super) async fn signal(
    State(app): State<App>,
    Path(id): Path<String>,
    params: Params,
    body: Bytes,
) -> Result<Response, ApiError> {
    let request: SignalRequest = body::parse_or_default(&body)?;
    known(&app, &id)?;
    let task = (!request.task.is_empty()).then_some(request.task.as_str());
    let signal = if request.signal.is_empty() { "SIGKILL" } else { &request.signal };
    app.client.signal(&id, task, signal).await?;
    Ok(answer::json(&params, &json!({"Index": 0})))
}
