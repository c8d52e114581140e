//! `/v1/jobs`: list, register, parse; and `/v1/validate/job`.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use steppe_planner::jobspec::{ParseOptions, Syntax};
use steppe_planner::semantics::Semantics;
use steppe_planner::{Named, api};

use super::app::App;
use super::blocking::{Found, query};
use super::error::ApiError;
use super::params::Params;
use super::{answer, body, stubs};
use crate::server::{JobRegistered, admission};
use crate::state::{JobKey, JobSource, Table};

pub(super) async fn list(State(app): State<App>, params: Params) -> Result<Response, ApiError> {
    let prefix = params.text("prefix");
    query(&app, &params, |state| {
        let list: Vec<_> = state
            .jobs()
            .filter(|job| job.id.as_deref().unwrap_or_default().starts_with(prefix))
            .filter(|job| params.in_namespace(&JobKey::of(job).namespace))
            .map(|job| stubs::job(state, job))
            .collect();
        Found::at(list_index(state), list)
    })
    .await
}

/// A job list shows summaries, so it moves with allocations and evaluations too.
fn list_index(state: &crate::state::State) -> u64 {
    state
        .table_index(Table::Jobs)
        .max(state.table_index(Table::Allocations))
        .max(state.table_index(Table::Evaluations))
}

/// The body of `PUT /v1/jobs` and `PUT /v1/job/:id`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct RegisterRequest {
    job: Option<api::Job>,
    enforce_index: bool,
    job_modify_index: u64,
    preserve_counts: bool,
    submission: Option<JobSource>,
}

impl RegisterRequest {
    /// The ID the job gives itself.
    pub(super) fn job_id(&self) -> Option<&str> {
        self.job.as_ref()?.id.as_deref().filter(|id| !id.is_empty())
    }
}

pub(super) async fn register(
    State(app): State<App>,
    params: Params,
    body: Bytes,
) -> Result<Response, ApiError> {
    register_request(&app, &params, body::parse(&body)?).await
}

pub(super) async fn register_request(
    app: &App,
    params: &Params,
    request: RegisterRequest,
) -> Result<Response, ApiError> {
    let named = request.job_id().is_some();
    let mut job = request.job.ok_or_else(|| ApiError::bad_request("Job must be specified"))?;
    if !named {
        return Err(ApiError::bad_request("Job ID hasn't been provided"));
    }
    let own_region = job.region.as_deref().is_none_or(|r| r.is_empty() || r == app.config.region);
    if !own_region {
        return Err(ApiError::refused("No path to region"));
    }
    default_namespace(&mut job, params);
    let enforce = request.enforce_index.then_some(request.job_modify_index);
    let (preserve_counts, source) = (request.preserve_counts, request.submission);
    let done = app
        .blocking(move |app| app.server.register_job(job, source, enforce, preserve_counts))
        .await?;
    Ok(registered_answer(params, &done))
}

/// A job without a namespace of its own is in the one of the request.
pub(super) fn default_namespace(job: &mut api::Job, params: &Params) {
    if job.namespace.as_deref().unwrap_or_default().is_empty() && params.namespace() != "*" {
        job.namespace = Some(params.namespace().to_owned());
    }
}

pub(super) fn registered_answer(params: &Params, done: &JobRegistered) -> Response {
    let answer = json!({
        "EvalID": done.eval_id,
        "EvalCreateIndex": done.index,
        "JobModifyIndex": done.job_modify_index,
        "Warnings": done.warnings,
        "Index": done.index,
        "LastContact": 0,
        "KnownLeader": false,
    });
    answer::written(params, done.index, &answer)
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct ValidateRequest {
    job: Option<api::Job>,
}

pub(super) async fn validate(params: Params, body: Bytes) -> Result<Response, ApiError> {
    let request: ValidateRequest = body::parse(&body)?;
    let mut job = request.job.ok_or_else(|| ApiError::bad_request("Job must be specified"))?;
    default_namespace(&mut job, &params);
    let (errors, warnings) = match admission::admit(job) {
        Ok(admitted) => (Vec::new(), admitted.warnings),
        Err(refused) => (refused.errors, refused.warnings),
    };
    let text = if errors.is_empty() { String::new() } else { admission::multierror(&errors) };
    let list = (!errors.is_empty()).then_some(errors);
    let answer = json!({
        "DriverConfigValidated": true,
        "ValidationErrors": list,
        "Error": text,
        "Warnings": admission::warning_text(&warnings),
    });
    Ok(answer::json(&params, &answer))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ParseRequest {
    #[serde(rename = "JobHCL")]
    job_hcl: String,
    #[serde(rename = "Canonicalize")]
    canonicalize: bool,
    /// Nomad writes this one in lower case.
    #[serde(rename = "hclv1")]
    hcl1: bool,
    #[serde(rename = "Variables")]
    variables: String,
}

/// Text to JSON. Errors are `input.hcl:line,column-column: text`, as Nomad's.
pub(super) async fn parse(params: Params, body: Bytes) -> Result<Response, ApiError> {
    let request: ParseRequest = body::parse(&body)?;
    if request.job_hcl.trim().is_empty() {
        return Err(ApiError::bad_request("Job spec is empty"));
    }
    let mut options = ParseOptions {
        syntax: if request.hcl1 { Syntax::Hcl1 } else { Syntax::Hcl2 },
        ..ParseOptions::default()
    };
    if !request.variables.is_empty() {
        options.var_files.push(Named::new("input.hcl", request.variables));
    }
    let parsed = steppe_planner::parse(&request.job_hcl, &options);
    let error = parsed
        .diagnostics
        .iter()
        .find(|d| d.severity == steppe_planner::diagnostic::Severity::Error);
    if let Some(error) = error {
        return Err(ApiError::bad_request(located(&request.job_hcl, error)));
    }
    let mut job = parsed.job.ok_or_else(|| ApiError::bad_request("'job' block not found"))?;
    if request.canonicalize {
        steppe_planner::canonicalize(&mut job, Semantics::default());
    }
    Ok(answer::json(&params, &job))
}

fn located(text: &str, diagnostic: &steppe_planner::diagnostic::Diagnostic) -> String {
    let Some(span) = diagnostic.span else {
        return format!("input.hcl: {}", diagnostic.message);
    };
    let before = text.get(..span.start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let width = text.get(span.start..span.end).unwrap_or_default().lines().next();
    let end = column + width.map_or(0, |w| w.chars().count());
    format!("input.hcl:{line},{column}-{end}: {}", diagnostic.message)
}

/// A source in the words of Nomad's `JobSubmission`.
pub(super) fn submission_document(
    key: &JobKey,
    version: u64,
    job: &api::Job,
    source: &JobSource,
) -> serde_json::Value {
    json!({
        "Source": source.source,
        "Format": source.format,
        "Namespace": key.namespace,
        "JobID": key.id,
        "Version": version,
        "JobModifyIndex": job.job_modify_index.unwrap_or_default(),
        "VariableFlags": source.variable_flags,
        "Variables": source.variables,
    })
}
