//! Finds the one thing a prefix names, as Nomad's commands do.

use steppe_planner::api::{self, AllocListStub, Deployment, Evaluation, JobListStub, NodeListStub};

use super::connection::Connection;
use super::format::short_id;
use super::outcome::{During as _, Failure, fail};
use super::tables;

/// An identifier as the API wants it: an even number of hexadecimal digits.
fn even(id: &str) -> String {
    let digits = id.chars().filter(|c| *c != '-').count();
    let mut id = id.to_owned();
    if digits % 2 == 1 && digits < 32 {
        id.pop();
    }
    id
}

fn long_enough(id: &str) -> Result<(), Failure> {
    match id.chars().count() {
        0 | 1 => Err(fail("Identifier must contain at least two characters.")),
        _ => Ok(()),
    }
}

/// The job an ID or a prefix names. An exact match wins over longer names.
pub(super) async fn job(api: &Connection, id: &str, doing: &str) -> Result<JobListStub, Failure> {
    let found: Vec<JobListStub> = api.get("/v1/jobs", &[("prefix", id)]).await.during(doing)?.value;
    let all_namespaces = api.namespace.as_deref() == Some("*");
    if let Some(exact) = found.iter().find(|j| j.id == id) {
        return Ok(exact.clone());
    }
    match found.as_slice() {
        [] => Err(fail(format!("No job(s) with prefix or id {id:?} found"))),
        [only] => Ok(only.clone()),
        many => {
            let list = tables::jobs(many, all_namespaces);
            Err(fail(format!("Prefix matched multiple jobs\n\n{list}")))
        }
    }
}

/// The allocation a prefix names.
pub(super) async fn alloc(api: &Connection, id: &str) -> Result<api::Allocation, Failure> {
    long_enough(id)?;
    let doing = "Error querying allocation";
    let prefix = even(id);
    let found: Vec<AllocListStub> =
        api.get("/v1/allocations", &[("prefix", &prefix)]).await.during(doing)?.value;
    match found.as_slice() {
        [] => Err(fail(format!("No allocation(s) with prefix or id {id:?} found"))),
        [only] => {
            Ok(api.get(&format!("/v1/allocation/{}", only.id), &[]).await.during(doing)?.value)
        }
        many => {
            let rows: Vec<&AllocListStub> = many.iter().collect();
            let list = tables::allocs(&rows, false, api_now());
            Err(fail(format!("Prefix matched multiple allocations\n\n{list}")))
        }
    }
}

/// The evaluation a prefix names.
pub(super) async fn eval(api: &Connection, id: &str) -> Result<Evaluation, Failure> {
    long_enough(id)?;
    let doing = "Error querying evaluation";
    let prefix = even(id);
    let found: Vec<Evaluation> =
        api.get("/v1/evaluations", &[("prefix", &prefix)]).await.during(doing)?.value;
    match found.as_slice() {
        [] => Err(fail(format!("No evaluation(s) with prefix or id {id:?} found"))),
        [only] => {
            Ok(api.get(&format!("/v1/evaluation/{}", only.id), &[]).await.during(doing)?.value)
        }
        many => {
            let list = tables::evals(many, false);
            Err(fail(format!("Prefix matched multiple evaluations\n\n{list}")))
        }
    }
}

/// The deployment a prefix names.
pub(super) async fn deployment(api: &Connection, id: &str) -> Result<Deployment, Failure> {
    long_enough(id)?;
    let doing = "Error retrieving deployment";
    let prefix = even(id);
    let mut found: Vec<Deployment> =
        api.get("/v1/deployments", &[("prefix", &prefix)]).await.during(doing)?.value;
    match found.len() {
        0 => Err(fail(format!("No deployment(s) with prefix or id {id:?} found"))),
        1 => Ok(found.remove(0)),
        _ => {
            let list = tables::deployments(&found, false);
            Err(fail(format!("Prefix matched multiple deployments\n\n{list}")))
        }
    }
}

/// The node a prefix of its ID, or its name, names.
pub(super) async fn node(api: &Connection, id: &str) -> Result<api::Node, Failure> {
    let doing = "Error querying node info";
    let all: Vec<NodeListStub> = api.get("/v1/nodes", &[]).await.during(doing)?.value;
    // Nomad knows nodes by ID only; a name is what people remember.
    let named: Vec<&NodeListStub> = all.iter().filter(|n| n.name == id).collect();
    let found: Vec<&NodeListStub> = match named.len() {
        0 => {
            long_enough(id)?;
            all.iter().filter(|n| n.id.starts_with(id)).collect()
        }
        _ => named,
    };
    match found.as_slice() {
        [] => Err(fail(format!("No node(s) with prefix {id:?} found"))),
        [only] => Ok(api.get(&format!("/v1/node/{}", only.id), &[]).await.during(doing)?.value),
        many => {
            let rows: Vec<String> =
                many.iter().map(|n| format!("{}  {}", short_id(&n.id, false), n.name)).collect();
            Err(fail(format!("Prefix matched multiple nodes\n\n{}", rows.join("\n"))))
        }
    }
}

fn api_now() -> i64 {
    use crate::clock::Clock as _;
    crate::clock::SystemClock.now_ns()
}
