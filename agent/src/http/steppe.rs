//! `/v1/steppe/…`: the planner's input, the guarded deploy, and the text of jobs.

use std::io::Write;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Deserialize;
use serde_json::json;
use steppe_planner::api;
use steppe_planner::plan::Plan;

use super::app::App;
use super::error::ApiError;
use super::jobs;
use super::params::Params;
use super::{answer, body};
use crate::server::{DeployOutcome, DeployRequest};
use crate::state::{JobKey, JobSource};

/// Smaller answers are not worth compressing.
const GZIP_FROM_BYTES: usize = 1024;

/// The whole state as planning sees it, or what changed since an index.
pub(super) async fn snapshot(
    State(app): State<App>,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let since = match params.get("since") {
        Some(text) => {
            Some(text.parse::<u64>().map_err(|_| ApiError::bad_request("invalid since"))?)
        }
        None => None,
    };
    let document = app.server.snapshot(since);
    let index = document.index;
    let bytes = serde_json::to_vec(&document).map_err(|e| ApiError::refused(e.to_string()))?;
    let json_type = [(header::CONTENT_TYPE, "application/json"), (header::VARY, "Accept-Encoding")];
    let mut response = if accepts_gzip(&headers) && bytes.len() >= GZIP_FROM_BYTES {
        let packed = gzip(&bytes).map_err(|e| ApiError::refused(e.to_string()))?;
        let mut response = (json_type, packed).into_response();
        let encoding = HeaderValue::from_static("gzip");
        response.headers_mut().insert(header::CONTENT_ENCODING, encoding);
        response
    } else {
        (json_type, bytes).into_response()
    };
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, no_store);
    Ok(answer::with_read_headers(index, response))
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct DeployBody {
    job: Option<api::Job>,
    source: String,
    format: String,
    /// Values of the text's variables, by name.
    variable_flags: Option<api::TextMap>,
    digest: String,
    job_modify_index: u64,
    /// The plan that was shown, if the page sends it: then the differences can be named.
    plan: Option<Plan>,
}

/// Commits exactly the plan the user has seen, or says what is different now.
pub(super) async fn deploy(
    State(app): State<App>,
    params: Params,
    body: Bytes,
) -> Result<Response, ApiError> {
    let request: DeployBody = body::parse(&body)?;
    let mut job = request.job.ok_or_else(|| ApiError::bad_request("Job must be specified"))?;
    if job.id.as_deref().unwrap_or_default().is_empty() {
        return Err(ApiError::bad_request("Job ID hasn't been provided"));
    }
    if request.digest.is_empty() {
        return Err(ApiError::bad_request("Digest must be specified"));
    }
    jobs::default_namespace(&mut job, &params);
    let source = (!request.source.is_empty()).then(|| JobSource {
        source: request.source,
        format: request.format,
        variable_flags: request.variable_flags,
        variables: String::new(),
    });
    let deploy = DeployRequest {
        job,
        source,
        digest: request.digest,
        job_modify_index: request.job_modify_index,
        seen: request.plan,
        token: params.get("idempotency_token").unwrap_or_default().to_owned(),
    };
    // Another process may have taken a port a moment ago.
    app.client.refresh_hosts().await;
    match app.blocking(move |app| app.server.deploy(deploy)).await? {
        DeployOutcome::Deployed(done) => {
            let answer = json!({
                "EvalID": done.eval_id,
                "JobModifyIndex": done.job_modify_index,
                "Index": done.index,
                "DeploymentID": done.deployment_id,
                "Plan": done.plan,
                "Warnings": done.warnings,
            });
            Ok(answer::written(&params, done.index, &answer))
        }
        DeployOutcome::Changed { plan, changes } => {
            let answer = json!({
                "Error": "the cluster has changed since this plan was made",
                "Plan": plan,
                "Changes": changes,
            });
            let mut response = answer::json(&params, &answer);
            *response.status_mut() = StatusCode::CONFLICT;
            Ok(response)
        }
    }
}

/// The text a job was written in.
pub(super) async fn source(
    State(app): State<App>,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, ApiError> {
    let key = JobKey::new(params.namespace(), id);
    let wanted = params.number("version")?.map(i64::unsigned_abs);
    let state = app.store.read();
    let job = state.job(&key).ok_or_else(|| ApiError::not_found("job not found"))?;
    let version = wanted.unwrap_or(job.version.unwrap_or_default());
    let source =
        state.source(&key, version).ok_or_else(|| ApiError::not_found("job source not found"))?;
    let document = jobs::submission_document(&key, version, job, source);
    Ok(answer::read(&params, state.index(), &document))
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.split(',').any(|e| e.trim().split(';').next() == Some("gzip")))
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish()
}
