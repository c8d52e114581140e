//! What Deploy, Stop and Run again say to the agent, and what it answers.

use reqwasm::http::Method;
use steppe_planner::plan::Plan;
use steppe_planner::record::Record;
use steppe_planner::{Map, api};

use crate::live::http::{self, ApiError, segment};

/// A job with the plan the user saw: the agent commits it only if it would do the same.
#[derive(Default, Debug, Record)]
#[record(rename_all = "PascalCase")]
pub struct Order {
    pub job: api::Job,
    pub source: String,
    /// `hcl2`, `hcl1` or `json`.
    pub format: String,
    #[record(null)]
    pub variable_flags: Map<String>,
    pub digest: String,
    pub job_modify_index: u64,
    /// What the user saw, without the reasons: the agent names what is different from it.
    #[record(skip)]
    pub plan: Option<Plan>,
}

/// The agent did it.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct Accepted {
    /// The state that holds it: older previews do not know of it yet.
    pub index: u64,
}

/// The agent would do something else by now.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct Changed {
    pub error: String,
    pub plan: Plan,
    #[record(null)]
    pub changes: Vec<String>,
}

/// Why nothing was deployed.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    Changed(Box<Changed>),
    Other(ApiError),
}

/// Deploys exactly the plan behind the digest, or nothing.
pub async fn deploy(order: &Order) -> Result<Accepted, Refusal> {
    // Sent again after a lost answer it is the same order.
    let token = js_sys::Math::random();
    let path = format!("/v1/steppe/deploy?idempotency_token={token}");
    let answer = http::send_raw(Method::POST, &path, Some(order)).await;
    let (status, text) = answer.map_err(Refusal::Other)?;
    match status {
        200 => http::decode(&text).map_err(Refusal::Other),
        409 => Err(match http::decode::<Changed>(&text) {
            Ok(changed) => Refusal::Changed(Box::new(changed)),
            // Nomad's own conflict is plain text.
            Err(_) => Refusal::Other(ApiError::Refused { status, text }),
        }),
        _ => Err(Refusal::Other(ApiError::Refused { status, text })),
    }
}

/// Stops a job; `purge` forgets it too.
pub async fn stop(job_id: &str, namespace: &str, purge: bool) -> Result<(), ApiError> {
    let mut path = format!("/v1/job/{}?namespace={}", segment(job_id), segment(namespace));
    if purge {
        path.push_str("&purge=true");
    }
    match http::send(Method::DELETE, &path, None).await {
        // Forgotten already, by a request whose answer was lost or by somebody else.
        Err(e) if purge && e.is_not_found() => Ok(()),
        answer => answer.map(drop),
    }
}

/// The text a job version was registered with.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct Source {
    pub source: String,
    pub format: String,
    #[record(null)]
    pub variable_flags: Map<String>,
}

/// Registers a stopped job as it was, guarded as Deploy is, with its text.
pub async fn run_again(job_id: &str, namespace: &str) -> Result<(), ApiError> {
    let job_path = format!("/v1/job/{}", segment(job_id));
    let query = format!("namespace={}", segment(namespace));
    let mut job: api::Job = http::decode(&http::get_text(&format!("{job_path}?{query}")).await?)?;
    let version = job.version.unwrap_or_default();
    let stored = http::get_text(&format!("{job_path}/submission?version={version}&{query}")).await;
    // A job registered by another client may have no text.
    let source = stored.and_then(|text| http::decode::<Option<Source>>(&text));
    let source = source.ok().flatten().unwrap_or_default();
    job.stop = Some(false);
    let asked = PlanRequest { job, diff: false };
    let answer = http::send(Method::PUT, &format!("{job_path}/plan?{query}"), Some(&asked)).await?;
    let answer: PlanAnswer = http::decode(&answer)?;
    if answer.failed_tg_allocs.values().next().is_some() {
        return Err(no("it does not fit now: open it on the plan page to see why"));
    }
    let order = Order {
        job: asked.job,
        digest: answer.steppe_plan.map(|p| p.digest).unwrap_or_default(),
        job_modify_index: answer.job_modify_index,
        plan: None,
        source: source.source,
        variable_flags: source.variable_flags,
        format: if source.format.is_empty() { "json".to_owned() } else { source.format },
    };
    match deploy(&order).await {
        Ok(_) => Ok(()),
        Err(Refusal::Changed(_)) => Err(no("the cluster changed in this moment: try again")),
        Err(Refusal::Other(e)) => Err(e),
    }
}

fn no(why: &str) -> ApiError {
    ApiError::Refused { status: 409, text: why.to_owned() }
}

#[derive(Default, Record)]
#[record(rename_all = "PascalCase")]
struct PlanRequest {
    job: api::Job,
    diff: bool,
}

/// What of the answer to `job plan` says whether to go on, and with what.
#[derive(Default, Record)]
#[record(rename_all = "PascalCase")]
struct PlanAnswer {
    #[record(rename = "FailedTGAllocs", null)]
    failed_tg_allocs: Map<api::Value>,
    job_modify_index: u64,
    steppe_plan: Option<Digest>,
}

#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
struct Digest {
    digest: String,
}
