//! The guarded deploy: what is committed is what the user saw, or nothing.
//!
//! The agent plans again on its newest state, inside the one write that would register the job. Only if
//! the digest of the effects is the same do job, evaluation and allocations become real, all together.
//! An order that comes twice, since its sender saw no answer to the first, is done once: it is known by its token.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use steppe_planner::PlanOptions;
use steppe_planner::api;
use steppe_planner::plan::Plan;

use super::planning;
use super::{Server, ServerError, admission, difference};
use crate::state::{JobKey, JobSource, NewEval};

/// A job with the plan its user saw.
#[derive(Clone, Debug, Default)]
pub struct DeployRequest {
    pub job: api::Job,
    pub source: Option<JobSource>,
    /// Of the plan that was shown.
    pub digest: String,
    /// Of the registered job when the plan was made; 0 for a new one.
    pub job_modify_index: u64,
    /// The plan that was shown, for telling what is different now.
    pub seen: Option<Plan>,
    /// The same for the same order sent again; empty if the sender has none.
    pub token: String,
}

/// The newest orders that were done, by token.
#[derive(Default)]
pub(super) struct Done(Mutex<VecDeque<(String, Deployed)>>);

/// An order is sent again at once, or never.
const REMEMBERED: usize = 32;

/// What became of it.
#[derive(Clone, Debug)]
pub enum DeployOutcome {
    Deployed(Box<Deployed>),
    /// Nothing was done: the plan made now is another one.
    Changed {
        plan: Box<Plan>,
        changes: Vec<String>,
    },
}

/// A committed plan.
#[derive(Clone, Debug)]
pub struct Deployed {
    pub eval_id: String,
    pub job_modify_index: u64,
    pub index: u64,
    pub deployment_id: String,
    pub plan: Plan,
    pub warnings: String,
}

impl Server {
    /// Registers the job and commits its plan, if the plan is the one with this digest.
    pub fn deploy(&self, request: DeployRequest) -> Result<DeployOutcome, ServerError> {
        if request.token.is_empty() {
            return self.deploy_once(request);
        }
        let token = request.token.clone();
        // Held until it is done: the same order may be under way.
        let mut done = self.done.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, deployed)) = done.iter().find(|(known, _)| *known == token) {
            return Ok(DeployOutcome::Deployed(Box::new(deployed.clone())));
        }
        let outcome = self.deploy_once(request)?;
        if let DeployOutcome::Deployed(deployed) = &outcome {
            done.truncate(REMEMBERED - 1);
            done.push_front((token, (**deployed).clone()));
        }
        Ok(outcome)
    }

    fn deploy_once(&self, request: DeployRequest) -> Result<DeployOutcome, ServerError> {
        let admission::Admitted { job, warnings } = planning::admit(request.job)?;
        self.store.write(|txn| {
            let plan =
                planning::run_judged(txn.before(), txn.now_ns(), &job, &PlanOptions::default())?;
            let key = JobKey::of(&job);
            let registered = txn.job(&key).and_then(|job| job.job_modify_index).unwrap_or_default();
            if plan.digest != request.digest || registered != request.job_modify_index {
                let mut changes = difference::describe(request.seen.as_ref(), &plan);
                if registered != request.job_modify_index {
                    changes.insert(0, other_version(&key.id, request.job_modify_index, registered));
                }
                return Ok(DeployOutcome::Changed { plan: Box::new(plan), changes });
            }
            let registered = txn.register_job(job, request.source, None)?;
            let new = NewEval { triggered_by: "job-register", ..NewEval::default() };
            let eval = txn.create_eval(&registered.job, new);
            // Clients tell new allocations from old ones by an index above the evaluation's.
            txn.next_index();
            let committed = txn.commit_plan(&registered.job, &plan, &eval)?;
            Ok(DeployOutcome::Deployed(Box::new(Deployed {
                eval_id: eval.id.clone(),
                job_modify_index: registered.job.job_modify_index.unwrap_or_default(),
                index: txn.index(),
                deployment_id: committed.deployment_id,
                plan,
                warnings: admission::warning_text(&warnings),
            })))
        })
    }
}

fn other_version(id: &str, seen: u64, now: u64) -> String {
    match (seen, now) {
        (0, _) => format!("job {id} has been registered by somebody else"),
        (_, 0) => format!("job {id} has been purged"),
        _ => format!("job {id} was changed since (modify index {now}, it was {seen})"),
    }
}
