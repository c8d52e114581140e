//! Every route in one list.

use axum::extract::DefaultBodyLimit;
use axum::http::{Method, StatusCode, Uri, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, put};
use axum::{Router, handler::Handler};

use super::app::App;
use super::body::BODY_MAX_BYTES;
use super::error::ApiError;
use super::{
    agent, allocs, assets, client_alloc, deployments, evals, event_stream, fs, fs_stream, guard,
    job, jobs, live, nodes, operator, search, steppe,
};

/// The API of an agent, and the page for everything else.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/v1/jobs", write(jobs::register).get(jobs::list))
        .route("/v1/jobs/parse", write(jobs::parse))
        .route("/v1/validate/job", write(jobs::validate))
        .route("/v1/job/{*path}", write(job::put).get(job::get).delete(job::delete))
        .route("/v1/evaluations", get(evals::list))
        .route("/v1/evaluation/{id}", get(evals::get))
        .route("/v1/evaluation/{id}/allocations", get(evals::allocations))
        .route("/v1/allocations", get(allocs::list))
        .route("/v1/allocation/{id}", get(allocs::get))
        .route("/v1/allocation/{id}/stop", write(allocs::stop))
        .route("/v1/allocation/{id}/services", get(allocs::services))
        .route("/v1/deployments", get(deployments::list))
        .route("/v1/deployment/{id}", get(deployments::get))
        .route("/v1/deployment/allocations/{id}", get(deployments::allocations))
        .route("/v1/deployment/fail/{id}", write(deployments::fail))
        .route("/v1/deployment/pause/{id}", write(deployments::pause))
        .route("/v1/deployment/promote/{id}", write(deployments::promote))
        .route("/v1/nodes", get(nodes::list))
        .route("/v1/node/{id}", get(nodes::get))
        .route("/v1/node/{id}/allocations", get(nodes::allocations))
        .route("/v1/node/{id}/eligibility", write(nodes::eligibility))
        .route("/v1/client/stats", get(client_alloc::node_stats))
        .route("/v1/client/allocation/{id}/stats", get(client_alloc::stats))
        .route("/v1/client/allocation/{id}/checks", get(client_alloc::checks))
        .route("/v1/client/allocation/{id}/restart", write(client_alloc::restart))
        .route("/v1/client/allocation/{id}/signal", write(client_alloc::signal))
        .route("/v1/client/fs/ls/{id}", get(fs::ls))
        .route("/v1/client/fs/stat/{id}", get(fs::stat))
        .route("/v1/client/fs/cat/{id}", get(fs::cat))
        .route("/v1/client/fs/readat/{id}", get(fs::read_at))
        .route("/v1/client/fs/logs/{id}", get(fs_stream::logs))
        .route("/v1/client/fs/stream/{id}", get(fs_stream::stream))
        .route("/v1/agent/self", get(agent::own))
        .route("/v1/agent/members", get(agent::members))
        .route("/v1/agent/servers", get(agent::servers))
        .route("/v1/agent/health", get(agent::health))
        .route("/v1/event/stream", get(event_stream::stream))
        .route("/v1/search", write(search::search))
        .route("/v1/status/leader", get(operator::leader))
        .route("/v1/status/peers", get(operator::peers))
        .route("/v1/regions", get(operator::regions))
        .route("/v1/namespaces", get(operator::namespaces))
        .route("/v1/namespace/{name}", get(operator::namespace))
        .route(
            "/v1/operator/scheduler/configuration",
            write(operator::set_scheduler_config).get(operator::scheduler_config),
        )
        .route("/v1/system/gc", write(operator::gc))
        .route("/v1/volumes", get(operator::nothing))
        .route("/v1/plugins", get(operator::nothing))
        .route("/v1/services", get(operator::nothing))
        .route("/v1/scaling/policies", get(operator::nothing))
        .route("/v1/steppe/snapshot", get(steppe::snapshot))
        .route("/v1/steppe/live", get(live::live))
        .route("/v1/steppe/deploy", write(steppe::deploy))
        .route("/v1/steppe/sources/{*id}", get(steppe::source))
        .merge(assets::router())
        .method_not_allowed_fallback(invalid_method)
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
        .layer(from_fn_with_state(app.clone(), guard::check))
        .with_state(app)
}

/// Writes are accepted as PUT (Nomad's own clients) and as POST (most libraries).
fn write<H, T>(handler: H) -> MethodRouter<App>
where
    H: Handler<T, App>,
    T: 'static,
{
    put(handler.clone()).post(handler)
}

async fn invalid_method(method: Method, uri: Uri) -> Response {
    tracing::debug!(%method, %uri, "method not allowed");
    // Nomad answers preflights of its client endpoints; nothing is allowed from elsewhere here.
    if method == Method::OPTIONS {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, PUT, POST, DELETE")])
            .into_response();
    }
    ApiError::invalid_method().into_response()
}
