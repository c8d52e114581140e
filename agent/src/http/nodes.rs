//! `/v1/nodes` and `/v1/node/:id`.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::app::App;
use super::blocking::{Found, query};
use super::body;
use super::error::ApiError;
use super::params::Params;
use super::prefix::{uuid_prefix, whole_uuid};
use super::{answer, stubs};
use crate::state::Table;

pub(super) async fn list(State(app): State<App>, params: Params) -> Result<Response, ApiError> {
    let prefix = uuid_prefix("node", params.text("prefix"))?;
    query(&app, &params, |state| {
        let list: Vec<_> = state
            .nodes()
            .into_iter()
            .filter(|n| n.id.starts_with(&prefix))
            .map(|n| stubs::node(n, &params))
            .collect();
        Found::at(state.table_index(Table::Nodes), list)
    })
    .await
}

pub(super) async fn get(
    State(app): State<App>,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, ApiError> {
    whole_uuid("node", &id)?;
    query(&app, &params, |state| match state.node(&id) {
        Some(node) => {
            let mut node = (**node).clone();
            node.secret_id.clear();
            // The command line opens its own connection here for logs and files.
            node.http_addr = app.config.http_addr().to_string();
            Found::at(node.modify_index, node)
        }
        None => {
            Found::nothing(state.table_index(Table::Nodes), ApiError::not_found("node not found"))
        }
    })
    .await
}

pub(super) async fn allocations(
    State(app): State<App>,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, ApiError> {
    whole_uuid("node", &id)?;
    query(&app, &params, |state| {
        let list: Vec<_> =
            state.allocs_of_node(&id).into_iter().map(|r| stubs::whole_alloc(r)).collect();
        Found::at(state.table_index(Table::Allocations), list)
    })
    .await
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct EligibilityRequest {
    eligibility: String,
}

pub(super) async fn eligibility(
    State(app): State<App>,
    Path(id): Path<String>,
    params: Params,
    body: Bytes,
) -> Result<Response, ApiError> {
    whole_uuid("node", &id)?;
    let request: EligibilityRequest = body::parse(&body)?;
    let (evals, index) =
        app.blocking(move |app| app.server.set_eligibility(&id, &request.eligibility)).await?;
    let ids = (!evals.is_empty()).then_some(evals);
    let answer = json!({
        "EvalIDs": ids,
        "EvalCreateIndex": if ids.is_some() { index } else { 0 },
        "NodeModifyIndex": index,
        "Index": index,
    });
    Ok(answer::written(&params, index, &answer))
}
