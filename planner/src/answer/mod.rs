//! What registering a job would do, as one document: Nomad's answer to `job plan`, Steppe's plan beside it, and what is
//! advised. It renders as text for a terminal, as JSON for programs, as Markdown for people who review a change.
//!
//! IDs and times of evaluations are given by whoever keeps them.

mod advice;
mod markdown;
mod why;

pub use advice::{advice_text, changed_lines, displaced, effect, rooms_text};
pub use markdown::markdown;
pub use why::{Rival, WhyNot, why_not};

use crate::api;
use crate::diff::{annotate, diff};
use crate::plan::Plan;
use crate::record::Record;
use crate::snapshot::Snapshot;
use crate::suggest::Suggestion;
use crate::whatif::headroom;

/// The version of the JSON document; a field more is no new version.
pub const ANSWER_VERSION: u32 = 1;
/// So many more allocations of a group are tried.
const ROOM_MAX: u64 = 1_000;

/// What one or several jobs would do, planned in order.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct Answers {
    pub version: u32,
    pub plans: Vec<Answer>,
}

/// What one job would do.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct Answer {
    /// The job file's name.
    pub file: String,
    /// As `PUT /v1/job/:id/plan` answers.
    pub plan: api::JobPlanResponse,
    pub suggestions: Vec<Suggestion>,
    pub headroom: Vec<GroupRoom>,
}

/// How many more allocations of a group fit after the plan.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct GroupRoom {
    pub group: String,
    pub more: u64,
    /// There may be room for more.
    pub at_least: bool,
    /// One more would fit, and these groups would lose a place to it.
    pub displaces: Vec<String>,
}

/// How many more of each group of a service or batch job fit.
pub fn rooms(job: &api::Job, snapshot: &Snapshot) -> Vec<GroupRoom> {
    if matches!(job.kind.as_deref(), Some("system" | "sysbatch")) || job.stop == Some(true) {
        return Vec::new();
    }
    let room = |(number, group): (usize, &api::TaskGroup)| {
        let room = headroom(job, snapshot, number, ROOM_MAX, 0);
        GroupRoom {
            group: group.name.clone(),
            more: room.more,
            at_least: room.at_least,
            displaces: room.displaces,
        }
    };
    job.task_groups.iter().enumerate().map(room).collect()
}

/// Nomad's answer to a plan of a canonicalized, valid job.
pub fn answer(
    job: &api::Job,
    snapshot: &Snapshot,
    plan: Plan,
    with_diff: bool,
) -> api::JobPlanResponse {
    let shown = with_diff.then(|| {
        let mut shown = diff(registered(job, snapshot), Some(job));
        annotate(&mut shown, &plan.desired_updates);
        shown
    });
    api::JobPlanResponse {
        annotations: Some(api::PlanAnnotations {
            desired_tg_updates: plan.desired_updates.clone(),
            preempted_allocs: preempted(&plan, snapshot),
        }),
        failed_tg_allocs: plan.failed_groups.clone(),
        job_modify_index: plan.job_modify_index,
        created_evals: evaluations(job, &plan),
        diff: shown,
        index: plan.snapshot_index,
        steppe_plan: Some(Box::new(plan)),
        ..api::JobPlanResponse::default()
    }
}

/// The newest version of the job that is registered.
pub fn registered<'a>(job: &api::Job, snapshot: &'a Snapshot) -> Option<&'a api::Job> {
    let namespace = |job: &api::Job| job.namespace.clone().unwrap_or_else(|| "default".to_owned());
    let own = namespace(job);
    let same = snapshot.head().jobs.iter().filter(|j| j.id == job.id && namespace(j) == own);
    same.max_by_key(|j| j.version)
}

fn preempted(plan: &Plan, snapshot: &Snapshot) -> Vec<api::AllocListStub> {
    let cluster = snapshot.cluster();
    let stub = |id: &String| {
        let alloc = cluster.written(cluster.find(id)?);
        let of = |job: &&api::Job| job.id.as_ref() == Some(&alloc.job_id);
        let job = snapshot.head().jobs.iter().find(of);
        Some(api::AllocListStub {
            job_type: job.and_then(|job| job.kind.clone()).unwrap_or_default(),
            id: alloc.id,
            name: alloc.name,
            namespace: alloc.namespace,
            job_id: alloc.job_id,
            task_group: alloc.task_group,
            node_id: alloc.node_id,
            ..api::AllocListStub::default()
        })
    };
    plan.placements.iter().flat_map(|placement| &placement.preempted).filter_map(stub).collect()
}

/// The evaluations the plan asks for, as far as a plan knows them.
fn evaluations(job: &api::Job, plan: &Plan) -> Vec<api::Evaluation> {
    let described = plan.created_evals.iter().map(|planned| api::Evaluation {
        namespace: plan.namespace.clone(),
        priority: job.priority.unwrap_or(50),
        kind: plan.job_type.clone(),
        triggered_by: planned.triggered_by.clone(),
        job_id: plan.job_id.clone(),
        status: planned.status.clone(),
        status_description: planned.status_description.clone(),
        wait: (planned.wait != 0).then_some(planned.wait),
        failed_tg_allocs: plan.failed_groups.clone(),
        queued_allocations: plan.queued.clone(),
        snapshot_index: plan.snapshot_index,
        ..api::Evaluation::default()
    });
    described.collect()
}
