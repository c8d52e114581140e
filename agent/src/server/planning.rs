//! Asking the planner: the state becomes a snapshot, the job a plan, and the plan is judged before it
//! counts.

use std::panic::{AssertUnwindSafe, catch_unwind};

use steppe_planner::api;
use steppe_planner::plan::{Plan, check};
use steppe_planner::snapshot::{Document, Snapshot};
use steppe_planner::{PlanOptions, diff};

use super::admission;
use super::{Server, ServerError};
use crate::state::{JobKey, State};

impl Server {
    /// The planner's input, or the change to it since an index.
    pub fn snapshot(&self, since: Option<u64>) -> Document {
        let now_ns = self.store.clock().now_ns();
        if let Some(base) = since
            && let Some(changes) = self.store.changes_since(base)
        {
            let state = self.store.read();
            // Between the two reads more may have been written: ask again for exactly this state.
            if changes.index == state.index() {
                return state.document_since(base, &changes, now_ns);
            }
        }
        self.store.read().document(now_ns)
    }

    /// What registering a job would do, as Nomad's plan answer with Steppe's beside it.
    pub fn plan_job(
        &self,
        job: api::Job,
        with_diff: bool,
    ) -> Result<api::JobPlanResponse, ServerError> {
        let admitted = admit(job)?;
        let job = admitted.job;
        let state = self.store.read();
        let plan = run(&state, self.store.clock().now_ns(), &job, &PlanOptions::default())?;
        let registered = state.job(&JobKey::of(&job)).cloned();
        let index = state.index();
        drop(state);
        let shown = with_diff.then(|| {
            let mut shown = diff(registered.as_deref(), Some(&job));
            steppe_planner::diff::annotate(&mut shown, &plan.desired_updates);
            shown
        });
        Ok(api::JobPlanResponse {
            annotations: Some(api::PlanAnnotations {
                desired_tg_updates: plan.desired_updates.clone(),
                preempted_allocs: Vec::new(),
            }),
            failed_tg_allocs: plan.failed_groups.clone(),
            job_modify_index: plan.job_modify_index,
            created_evals: self.described_evals(&job, &plan),
            diff: shown,
            next_periodic_launch: None,
            warnings: admission::warning_text(&admitted.warnings),
            index,
            steppe_plan: Some(Box::new(plan)),
        })
    }

    /// The evaluations a plan would create, as documents that are never stored.
    fn described_evals(&self, job: &api::Job, plan: &Plan) -> Vec<api::Evaluation> {
        let now_ns = self.store.clock().now_ns();
        let key = JobKey::of(job);
        plan.created_evals
            .iter()
            .map(|planned| api::Evaluation {
                id: self.store.ids().uuid(),
                namespace: key.namespace.clone(),
                priority: job.priority.unwrap_or(50),
                kind: job.kind.clone().unwrap_or_default(),
                triggered_by: planned.triggered_by.clone(),
                job_id: key.id.clone(),
                status: planned.status.clone(),
                status_description: planned.status_description.clone(),
                failed_tg_allocs: plan.failed_groups.clone(),
                queued_allocations: plan.queued.clone(),
                snapshot_index: plan.snapshot_index,
                create_time: now_ns,
                modify_time: now_ns,
                ..api::Evaluation::default()
            })
            .collect()
    }
}

/// A canonicalized and checked job, or all its errors as one text.
pub(super) fn admit(job: api::Job) -> Result<admission::Admitted, ServerError> {
    admission::admit(job)
        .map_err(|refused| ServerError::Invalid(admission::multierror(&refused.errors)))
}

/// Plans one job against a state, for showing.
pub(super) fn run(
    state: &State,
    now_ns: i64,
    job: &api::Job,
    options: &PlanOptions,
) -> Result<Plan, ServerError> {
    make(&compile(state, now_ns)?, job, options)
}

/// Plans one job against a state, for committing. A plan that the planner's own judge finds fault with
/// is our mistake: it is refused, and nothing is promised twice.
pub(super) fn run_judged(
    state: &State,
    now_ns: i64,
    job: &api::Job,
    options: &PlanOptions,
) -> Result<Plan, ServerError> {
    let snapshot = compile(state, now_ns)?;
    let plan = make(&snapshot, job, options)?;
    let faults = check(&plan, &snapshot, job);
    if faults.is_empty() {
        return Ok(plan);
    }
    tracing::error!(job = job.id.as_deref().unwrap_or_default(), ?faults, "a plan is wrong");
    Err(ServerError::Refused(format!("the plan breaks its own rules: {}", faults.join("; "))))
}

fn compile(state: &State, now_ns: i64) -> Result<Snapshot, ServerError> {
    Snapshot::new(state.document(now_ns))
        .map_err(|e| ServerError::Refused(format!("snapshot: {e}")))
}

/// A planner that gives up must not take the agent with it.
fn make(snapshot: &Snapshot, job: &api::Job, options: &PlanOptions) -> Result<Plan, ServerError> {
    catch_unwind(AssertUnwindSafe(|| steppe_planner::plan(job, snapshot, options))).map_err(
        |panic| {
            let text = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("unknown reason");
            tracing::error!(job = job.id.as_deref().unwrap_or_default(), text, "planning failed");
            ServerError::Refused(format!("planning failed: {text}"))
        },
    )
}
