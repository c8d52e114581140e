//! `/v1/deployments` and `/v1/deployment/…`.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::app::App;
use super::blocking::{Found, query};
use super::body;
use super::error::ApiError;
use super::evals::Arcs;
use super::params::Params;
use super::prefix::{uuid_prefix, whole_uuid};
use super::{answer, stubs};
use crate::server::DeploymentChanged;
use crate::state::Table;

pub(super) async fn list(State(app): State<App>, params: Params) -> Result<Response, ApiError> {
    let prefix = uuid_prefix("deployment", params.text("prefix"))?;
    query(&app, &params, |state| {
        let list: Vec<_> = state
            .deployments()
            .filter(|d| d.id.starts_with(&prefix) && params.in_namespace(&d.namespace))
            .cloned()
            .collect();
        Found::at(state.table_index(Table::Deployments), Arcs(list))
    })
    .await
}

pub(super) async fn get(
    State(app): State<App>,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, ApiError> {
    whole_uuid("deployment", &id)?;
    query(&app, &params, |state| match state.deployment(&id) {
        Some(deployment) => Found::at(deployment.modify_index, (**deployment).clone()),
        None => Found::nothing(
            state.table_index(Table::Deployments),
            ApiError::not_found("deployment not found"),
        ),
    })
    .await
}

pub(super) async fn allocations(
    State(app): State<App>,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, ApiError> {
    whole_uuid("deployment", &id)?;
    query(&app, &params, |state| {
        let list: Vec<_> = state
            .allocs()
            .filter(|r| r.alloc.deployment_id == id)
            .map(|r| stubs::alloc(r, &params))
            .collect();
        Found::at(state.table_index(Table::Allocations), list)
    })
    .await
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct PauseRequest {
    pause: bool,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct PromoteRequest {
    all: bool,
    groups: Option<Vec<String>>,
}

pub(super) async fn fail(
    State(app): State<App>,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, ApiError> {
    let changed = app.blocking(move |app| app.server.fail_deployment(&id)).await?;
    Ok(changed_answer(&params, &changed))
}

pub(super) async fn pause(
    State(app): State<App>,
    Path(id): Path<String>,
    params: Params,
    body: Bytes,
) -> Result<Response, ApiError> {
    let request: PauseRequest = body::parse(&body)?;
    let changed = app.blocking(move |app| app.server.pause_deployment(&id, request.pause)).await?;
    Ok(changed_answer(&params, &changed))
}

pub(super) async fn promote(
    State(app): State<App>,
    Path(id): Path<String>,
    params: Params,
    body: Bytes,
) -> Result<Response, ApiError> {
    let request: PromoteRequest = body::parse(&body)?;
    let groups = if request.all { None } else { request.groups };
    let changed = app.blocking(move |app| app.server.promote_deployment(&id, groups)).await?;
    Ok(changed_answer(&params, &changed))
}

fn changed_answer(params: &Params, changed: &DeploymentChanged) -> Response {
    let body = json!({
        "EvalID": changed.eval_id,
        "EvalCreateIndex": changed.index,
        "DeploymentModifyIndex": changed.index,
        "RevertedJobVersion": changed.reverted_to,
        "Index": changed.index,
    });
    answer::written(params, changed.index, &body)
}
