//! `/v1/evaluations` and `/v1/evaluation/:id`.

use axum::extract::{Path, State};
use axum::response::Response;

use super::app::App;
use super::blocking::{Found, query};
use super::error::ApiError;
use super::params::Params;
use super::prefix::{uuid_prefix, whole_uuid};
use super::stubs;
use crate::state::Table;

pub(super) async fn list(State(app): State<App>, params: Params) -> Result<Response, ApiError> {
    let prefix = uuid_prefix("eval", params.text("prefix"))?;
    query(&app, &params, |state| {
        let list: Vec<_> = state
            .evals()
            .filter(|e| e.id.starts_with(&prefix) && params.in_namespace(&e.namespace))
            .cloned()
            .collect();
        Found::at(state.table_index(Table::Evaluations), Arcs(list))
    })
    .await
}

pub(super) async fn get(
    State(app): State<App>,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, ApiError> {
    whole_uuid("eval", &id)?;
    query(&app, &params, |state| match state.eval(&id) {
        Some(eval) => Found::at(eval.modify_index, (**eval).clone()),
        None => Found::nothing(
            state.table_index(Table::Evaluations),
            ApiError::not_found("eval not found"),
        ),
    })
    .await
}

pub(super) async fn allocations(
    State(app): State<App>,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, ApiError> {
    whole_uuid("eval", &id)?;
    query(&app, &params, |state| {
        let list: Vec<_> =
            state.allocs_of_eval(&id).into_iter().map(|r| stubs::alloc(r, &params)).collect();
        Found::at(state.table_index(Table::Allocations), list)
    })
    .await
}

/// A list of shared documents, written as the documents.
pub(super) struct Arcs<T>(pub(super) Vec<std::sync::Arc<T>>);

impl<T: serde::Serialize> serde::Serialize for Arcs<T> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.iter().map(|t| &**t))
    }
}
