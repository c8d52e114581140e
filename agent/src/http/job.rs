//! `/v1/job/:id` and everything below it.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use steppe_planner::api;

use super::app::App;
use super::blocking::{Found, query};
use super::error::ApiError;
use super::evals::Arcs;
use super::job_path::{Part, split};
use super::jobs::{self, RegisterRequest};
use super::params::Params;
use super::{answer, body, stubs};
use crate::state::{JobKey, Table, job_summary};

pub(super) async fn get(
    State(app): State<App>,
    Path(path): Path<String>,
    params: Params,
) -> Result<Response, ApiError> {
    let (id, part) = split(&path);
    let key = JobKey::new(params.namespace(), id);
    match part {
        Part::Job => whole(&app, &params, &key).await,
        Part::Allocations => allocations(&app, &params, &key).await,
        Part::Deployment => deployment(&app, &params, &key).await,
        Part::Deployments => deployments(&app, &params, &key).await,
        Part::Evaluations => evaluations(&app, &params, &key).await,
        Part::Submission => submission(&app, &params, &key).await,
        Part::Summary => summary(&app, &params, &key).await,
        Part::Versions => versions(&app, &params, &key).await,
        Part::Evaluate | Part::Plan | Part::Revert | Part::Stable => {
            Err(ApiError::invalid_method())
        }
    }
}

pub(super) async fn put(
    State(app): State<App>,
    Path(path): Path<String>,
    params: Params,
    body: Bytes,
) -> Result<Response, ApiError> {
    let (id, part) = split(&path);
    match part {
        Part::Job => {
            let request: RegisterRequest = body::parse(&body)?;
            if request.job_id().is_some_and(|named| named != id) {
                return Err(ApiError::bad_request("Job ID does not match name"));
            }
            jobs::register_request(&app, &params, request).await
        }
        Part::Plan => plan(&app, &params, id, &body).await,
        Part::Evaluate => evaluate(&app, &params, id, &body).await,
        Part::Revert => revert(&app, &params, id, &body).await,
        Part::Stable => stable(&app, &params, id, &body).await,
        Part::Allocations
        | Part::Deployment
        | Part::Deployments
        | Part::Evaluations
        | Part::Submission
        | Part::Summary
        | Part::Versions => Err(ApiError::invalid_method()),
    }
}

pub(super) async fn delete(
    State(app): State<App>,
    Path(path): Path<String>,
    params: Params,
) -> Result<Response, ApiError> {
    let (id, part) = split(&path);
    if part != Part::Job {
        return Err(ApiError::invalid_method());
    }
    let key = JobKey::new(params.namespace(), id);
    let purge = params.flag("purge");
    let done = app.blocking(move |app| app.server.deregister(&key, purge)).await?;
    let answer = json!({
        "EvalID": done.eval_id,
        "EvalCreateIndex": done.index,
        "JobModifyIndex": done.index,
        "VolumeEvalID": "",
        "VolumeEvalIndex": 0,
        "Index": done.index,
        "LastContact": 0,
        "KnownLeader": false,
    });
    Ok(answer::written(&params, done.index, &answer))
}

async fn whole(app: &App, params: &Params, key: &JobKey) -> Result<Response, ApiError> {
    query(app, params, |state| match state.job(key) {
        Some(job) => Found::at(job.modify_index.unwrap_or_default(), (**job).clone()),
        None => {
            Found::nothing(state.table_index(Table::Jobs), ApiError::not_found("job not found"))
        }
    })
    .await
}

async fn allocations(app: &App, params: &Params, key: &JobKey) -> Result<Response, ApiError> {
    let all = params.flag("all");
    query(app, params, |state| {
        let current = state.job(key).and_then(|job| job.create_index);
        let list: Vec<_> = state
            .allocs_of_job(key)
            .into_iter()
            .filter(|r| all || current.is_none() || r.job.create_index == current)
            .map(|r| stubs::alloc(r, params))
            .collect();
        Found::at(state.table_index(Table::Allocations), list)
    })
    .await
}

async fn deployment(app: &App, params: &Params, key: &JobKey) -> Result<Response, ApiError> {
    query(app, params, |state| {
        let newest = state.deployments_of_job(key).first().map(|d| (***d).clone());
        let index = newest
            .as_ref()
            .map_or_else(|| state.table_index(Table::Deployments), |d| d.modify_index);
        Found::at(index, newest)
    })
    .await
}

async fn deployments(app: &App, params: &Params, key: &JobKey) -> Result<Response, ApiError> {
    query(app, params, |state| {
        let list = state.deployments_of_job(key).into_iter().cloned().collect();
        Found::at(state.table_index(Table::Deployments), Arcs(list))
    })
    .await
}

async fn evaluations(app: &App, params: &Params, key: &JobKey) -> Result<Response, ApiError> {
    query(app, params, |state| {
        let list = state.evals_of_job(key).into_iter().cloned().collect();
        Found::at(state.table_index(Table::Evaluations), Arcs(list))
    })
    .await
}

async fn summary(app: &App, params: &Params, key: &JobKey) -> Result<Response, ApiError> {
    query(app, params, |state| match state.job(key) {
        Some(job) => {
            let summary = job_summary(state, job);
            Found::at(summary.modify_index, summary)
        }
        None => {
            Found::nothing(state.table_index(Table::Jobs), ApiError::not_found("job not found"))
        }
    })
    .await
}

/// Versions newest first, and on request the difference of each to the one before.
async fn versions(app: &App, params: &Params, key: &JobKey) -> Result<Response, ApiError> {
    let with_diffs = params.flag("diffs");
    query(app, params, |state| {
        let versions: Vec<api::Job> =
            state.job_versions(key).into_iter().map(|job| (**job).clone()).collect();
        let Some(newest) = versions.first() else {
            let error = ApiError::not_found("job versions not found");
            return Found::nothing(state.table_index(Table::Jobs), error);
        };
        let index = newest.modify_index.unwrap_or_default();
        let diffs: Option<Vec<api::JobDiff>> = with_diffs.then(|| {
            versions
                .windows(2)
                .map(|pair| steppe_planner::diff(pair.get(1), pair.first()))
                .collect()
        });
        let document = json!({
            "Versions": versions,
            "Diffs": diffs,
            "Index": index,
            "LastContact": 0,
            "KnownLeader": true,
        });
        Found::at(index, document)
    })
    .await
}

/// The text a version was written in, in the words of Nomad's `JobSubmission`.
async fn submission(app: &App, params: &Params, key: &JobKey) -> Result<Response, ApiError> {
    let version = params.number("version")?.map(i64::unsigned_abs);
    query(app, params, |state| {
        let index = state.table_index(Table::Jobs);
        let Some(job) = state.job(key) else {
            return Found::nothing(index, ApiError::not_found("job source not found"));
        };
        let version = version.unwrap_or(job.version.unwrap_or_default());
        match state.source(key, version) {
            Some(source) => Found::at(index, jobs::submission_document(key, version, job, source)),
            None => Found::nothing(index, ApiError::not_found("job source not found")),
        }
    })
    .await
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct PlanRequest {
    job: Option<api::Job>,
    diff: bool,
}

async fn plan(app: &App, params: &Params, id: &str, body: &Bytes) -> Result<Response, ApiError> {
    let request: PlanRequest = body::parse(body)?;
    let mut job = request.job.ok_or_else(|| ApiError::bad_request("Job must be specified"))?;
    if job.id.as_deref() != Some(id) {
        return Err(ApiError::bad_request("Job ID does not match"));
    }
    jobs::default_namespace(&mut job, params);
    let planned = app.blocking(move |app| app.server.plan_job(job, request.diff)).await?;
    Ok(answer::written(params, planned.index, &planned))
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct EvaluateRequest {
    #[serde(rename = "JobID")]
    job_id: String,
    eval_options: EvalOptions,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct EvalOptions {
    force_reschedule: bool,
}

async fn evaluate(
    app: &App,
    params: &Params,
    id: &str,
    body: &Bytes,
) -> Result<Response, ApiError> {
    let request: EvaluateRequest = body::parse_or_default(body)?;
    if request.job_id.is_empty() {
        return Err(ApiError::bad_request("Job ID must be specified"));
    }
    if request.job_id != id {
        return Err(ApiError::bad_request("JobID not same as path"));
    }
    let key = JobKey::new(params.namespace(), id);
    let force = request.eval_options.force_reschedule;
    let done = app.blocking(move |app| app.server.evaluate_job(&key, force)).await?;
    Ok(jobs::registered_answer(params, &done))
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct RevertRequest {
    #[serde(rename = "JobID")]
    job_id: String,
    job_version: u64,
    enforce_prior_version: Option<u64>,
}

async fn revert(app: &App, params: &Params, id: &str, body: &Bytes) -> Result<Response, ApiError> {
    let request: RevertRequest = body::parse(body)?;
    if request.job_id != id {
        return Err(ApiError::bad_request("Job ID does not match"));
    }
    let key = JobKey::new(params.namespace(), id);
    let done = app
        .blocking(move |app| {
            app.server.revert_job(&key, request.job_version, request.enforce_prior_version)
        })
        .await?;
    Ok(jobs::registered_answer(params, &done))
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct StableRequest {
    #[serde(rename = "JobID")]
    job_id: String,
    job_version: u64,
    stable: bool,
}

async fn stable(app: &App, params: &Params, id: &str, body: &Bytes) -> Result<Response, ApiError> {
    let request: StableRequest = body::parse(body)?;
    if request.job_id != id {
        return Err(ApiError::bad_request("Job ID does not match"));
    }
    let key = JobKey::new(params.namespace(), id);
    let index = app
        .blocking(move |app| app.server.set_stable(&key, request.job_version, request.stable))
        .await?;
    Ok(answer::written(params, index, &json!({"JobModifyIndex": index, "Index": index})))
}
