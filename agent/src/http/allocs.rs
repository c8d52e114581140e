//! `/v1/allocations` and `/v1/allocation/:id`.

use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::json;

use super::app::App;
use super::blocking::{Found, query};
use super::error::ApiError;
use super::params::Params;
use super::prefix::{uuid_prefix, whole_uuid};
use super::{answer, stubs};
use crate::state::Table;

pub(super) async fn list(State(app): State<App>, params: Params) -> Result<Response, ApiError> {
    let prefix = uuid_prefix("alloc", params.text("prefix"))?;
    query(&app, &params, |state| {
        let list: Vec<_> = state
            .allocs()
            .filter(|r| r.alloc.id.starts_with(&prefix) && params.in_namespace(&r.alloc.namespace))
            .map(|r| stubs::alloc(r, &params))
            .collect();
        Found::at(state.table_index(Table::Allocations), list)
    })
    .await
}

pub(super) async fn get(
    State(app): State<App>,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, ApiError> {
    whole_uuid("alloc", &id)?;
    query(&app, &params, |state| match state.alloc(&id) {
        Some(record) => Found::at(record.alloc.modify_index, stubs::whole_alloc(record)),
        None => Found::nothing(
            state.table_index(Table::Allocations),
            ApiError::not_found("alloc not found"),
        ),
    })
    .await
}

/// Stops one allocation; the server places another.
pub(super) async fn stop(
    State(app): State<App>,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, ApiError> {
    whole_uuid("alloc", &id)?;
    let (eval_id, index) = app.blocking(move |app| app.server.stop_alloc(&id)).await?;
    Ok(answer::written(&params, index, &json!({"EvalID": eval_id, "Index": index})))
}

/// Services of an allocation: none are registered by this agent.
pub(super) async fn services(
    State(app): State<App>,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, ApiError> {
    whole_uuid("alloc", &id)?;
    let none: [(); 0] = [];
    Ok(answer::read(&params, app.store.index(), &none))
}
