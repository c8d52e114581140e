//! What describes the cluster itself: scheduler settings, leader, regions, namespaces, and the parts
//! of Nomad this agent does not have, answered as empty.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use steppe_planner::api;

use super::answer;
use super::app::App;
use super::blocking::{Found, query};
use super::body;
use super::error::ApiError;
use super::params::Params;
use crate::state::{StateError, Table};

pub(super) async fn scheduler_config(
    State(app): State<App>,
    params: Params,
) -> Result<Response, ApiError> {
    query(&app, &params, |state| {
        let index = state.table_index(Table::SchedulerConfiguration);
        let document = json!({
            "SchedulerConfig": **state.scheduler_config(),
            "Index": index,
            "LastContact": 0,
            "KnownLeader": true,
        });
        Found::at(index, document)
    })
    .await
}

pub(super) async fn set_scheduler_config(
    State(app): State<App>,
    params: Params,
    body: Bytes,
) -> Result<Response, ApiError> {
    let mut config: api::SchedulerConfiguration = body::parse(&body)?;
    if !matches!(config.scheduler_algorithm.as_str(), "binpack" | "spread") {
        return Err(ApiError::bad_request("invalid scheduler algorithm"));
    }
    let cas = params.number("cas")?;
    let (updated, index) = app
        .blocking(move |app| {
            app.store.write(|txn| {
                let known = txn.before().scheduler_config();
                let expected = cas.map(|index| index.unsigned_abs());
                if expected.is_some_and(|index| index != known.modify_index) {
                    return Ok::<_, StateError>((false, txn.before().index()));
                }
                let index = txn.index();
                config.create_index =
                    if known.create_index == 0 { index } else { known.create_index };
                txn.put_scheduler_config(config);
                Ok((true, index))
            })
        })
        .await?;
    Ok(answer::written(&params, index, &json!({"Updated": updated, "Index": index})))
}

pub(super) async fn leader(State(app): State<App>, params: Params) -> Response {
    answer::json(&params, &rpc_address(&app))
}

pub(super) async fn peers(State(app): State<App>, params: Params) -> Response {
    answer::json(&params, &[rpc_address(&app)])
}

pub(super) async fn regions(State(app): State<App>, params: Params) -> Response {
    answer::json(&params, &[&app.config.region])
}

pub(super) async fn namespaces(State(app): State<App>, params: Params) -> Response {
    answer::read(&params, app.store.index().max(1), &[default_namespace()])
}

pub(super) async fn namespace(
    State(app): State<App>,
    axum::extract::Path(name): axum::extract::Path<String>,
    params: Params,
) -> Response {
    let index = app.store.index().max(1);
    if name == "default" {
        answer::read(&params, index, &default_namespace())
    } else {
        answer::with_read_headers(index, ApiError::not_found("Namespace not found"))
    }
}

/// Lists of things this agent does not have.
pub(super) async fn nothing(State(app): State<App>, params: Params) -> Response {
    let none: [(); 0] = [];
    answer::read(&params, app.store.index().max(1), &none)
}

pub(super) async fn gc(State(app): State<App>) -> Result<(), ApiError> {
    app.blocking(|app| app.server.collect_garbage(true)).await?;
    Ok(())
}

/// Nomad's RPC port is one above its HTTP port; nothing listens there.
pub(super) fn rpc_address(app: &App) -> String {
    let http = app.config.http_addr();
    std::net::SocketAddr::new(http.ip(), http.port().saturating_add(1)).to_string()
}

fn default_namespace() -> serde_json::Value {
    json!({
        "Name": "default",
        "Description": "Default shared namespace",
        "Quota": "",
        "Hash": "",
        "CreateIndex": 1,
        "ModifyIndex": 1,
    })
}
