//! Asking the planner: the state becomes a snapshot, the job a plan, and the plan is judged before it
//! counts.

use std::panic::{AssertUnwindSafe, catch_unwind};

use steppe_planner::PlanOptions;
use steppe_planner::answer::answer;
use steppe_planner::api;
use steppe_planner::plan::{Plan, check};
use steppe_planner::snapshot::{Document, Snapshot};

use super::admission;
use super::{Server, ServerError};
use crate::state::State;

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
        let now_ns = self.store.clock().now_ns();
        let snapshot = compile(&self.store.read(), now_ns)?;
        let plan = make(&snapshot, &job, &PlanOptions::default())?;
        let mut answer = answer(&job, &snapshot, plan, with_diff);
        answer.warnings = admission::warning_text(&admitted.warnings);
        for evaluation in &mut answer.created_evals {
            // They are shown, not stored.
            evaluation.id = self.store.ids().uuid();
            evaluation.create_time = now_ns;
            evaluation.modify_time = now_ns;
        }
        Ok(answer)
    }
}

/// A canonicalized and checked job, or all its errors as one text.
pub(super) fn admit(job: api::Job) -> Result<admission::Admitted, ServerError> {
    admission::admit(job)
        .map_err(|refused| ServerError::Invalid(admission::multierror(&refused.errors)))
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
