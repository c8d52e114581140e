//! Jobs come and go: register, deregister, revert, evaluate, and the stop of one allocation.
//!
//! Each is one write that ends with a pending evaluation; the worker does the rest. So an acknowledged
//! request is never lost: what is pending at a crash is taken up at the next start.

use steppe_planner::api;

use super::{Server, ServerError, admission, planning};
use crate::state::{JobKey, JobSource, NewEval, StateError, VersionKey};

/// A registered (or reverted, or re-evaluated) job.
#[derive(Clone, Debug, Default)]
pub struct JobRegistered {
    pub eval_id: String,
    pub job_modify_index: u64,
    pub index: u64,
    pub warnings: String,
}

/// A stopped or purged job.
#[derive(Clone, Debug, Default)]
pub struct Deregistered {
    pub eval_id: String,
    pub index: u64,
}

impl Server {
    /// Registers a job and asks for its evaluation.
    pub fn register_job(
        &self,
        job: api::Job,
        source: Option<JobSource>,
        enforce_index: Option<u64>,
        preserve_counts: bool,
    ) -> Result<JobRegistered, ServerError> {
        let admission::Admitted { mut job, warnings } = planning::admit(job)?;
        self.store.write(|txn| {
            if preserve_counts && let Some(known) = txn.job(&JobKey::of(&job)) {
                keep_counts(&mut job, &known);
            }
            let registered = txn.register_job(job, source, enforce_index)?;
            let new = NewEval { triggered_by: "job-register", ..NewEval::default() };
            let eval = txn.create_eval(&registered.job, new);
            Ok(JobRegistered {
                eval_id: eval.id.clone(),
                job_modify_index: registered.job.job_modify_index.unwrap_or_default(),
                index: txn.index(),
                warnings: admission::warning_text(&warnings),
            })
        })
    }

    /// Stops a job, or forgets it. As in Nomad, an unknown job is no error.
    pub fn deregister(&self, key: &JobKey, purge: bool) -> Result<Deregistered, ServerError> {
        self.store.write(|txn| {
            let job = txn.deregister_job(key, purge).unwrap_or_else(|| {
                std::sync::Arc::new(api::Job {
                    id: Some(key.id.clone()),
                    namespace: Some(key.namespace.clone()),
                    ..api::Job::default()
                })
            });
            let new = NewEval { triggered_by: "job-deregister", ..NewEval::default() };
            let eval = txn.create_eval(&job, new);
            Ok(Deregistered { eval_id: eval.id.clone(), index: txn.index() })
        })
    }

    /// Evaluates a job as it is; with `force`, failed allocations are rescheduled at once.
    pub fn evaluate_job(&self, key: &JobKey, force: bool) -> Result<JobRegistered, ServerError> {
        self.store.write(|txn| {
            let job = txn.job(key).ok_or_else(|| ServerError::not_found("job"))?;
            if force {
                for record in txn.allocs_of_job(key) {
                    if record.alloc.client_status == "failed" && !record.server_terminal() {
                        let mut alloc = record.alloc.clone();
                        alloc.desired_transition.get_or_insert_default().force_reschedule =
                            Some(true);
                        txn.put_alloc(alloc, record.job.clone());
                    }
                }
            }
            let new = NewEval { triggered_by: "job-register", ..NewEval::default() };
            let eval = txn.create_eval(&job, new);
            Ok(JobRegistered {
                eval_id: eval.id.clone(),
                job_modify_index: job.job_modify_index.unwrap_or_default(),
                index: txn.index(),
                warnings: String::new(),
            })
        })
    }

    /// Registers an earlier version again.
    pub fn revert_job(
        &self,
        key: &JobKey,
        version: u64,
        enforce_prior: Option<u64>,
    ) -> Result<JobRegistered, ServerError> {
        self.store.write(|txn| {
            let job = txn.job(key).ok_or_else(|| ServerError::not_found("job"))?;
            let current = job.version.unwrap_or_default();
            if current == version {
                let text = "can't revert to current version".to_owned();
                return Err(ServerError::Refused(text));
            }
            if enforce_prior.is_some_and(|prior| prior != current) {
                return Err(ServerError::Refused(format!(
                    "Current job has version {current}; enforcing version {}",
                    enforce_prior.unwrap_or_default()
                )));
            }
            let wanted = VersionKey { version, ..VersionKey::of(&job) };
            let old = txn.version(&wanted).ok_or_else(|| {
                ServerError::Refused(format!(
                    "job \"{}\" in namespace \"{}\" at version {version} not found",
                    key.id, key.namespace
                ))
            })?;
            let source = txn.before().source(key, version).map(|s| (**s).clone());
            let reverted = api::Job { stop: Some(false), ..(*old).clone() };
            let registered = txn.register_job(reverted, source, None)?;
            let new = NewEval { triggered_by: "job-register", ..NewEval::default() };
            let eval = txn.create_eval(&registered.job, new);
            Ok(JobRegistered {
                eval_id: eval.id.clone(),
                job_modify_index: registered.job.job_modify_index.unwrap_or_default(),
                index: txn.index(),
                warnings: String::new(),
            })
        })
    }

    /// Marks a version as stable: one that a failed deployment may go back to.
    pub fn set_stable(&self, key: &JobKey, version: u64, stable: bool) -> Result<u64, ServerError> {
        self.store.write(|txn| {
            let job = txn.job(key).ok_or_else(|| ServerError::not_found("job"))?;
            let wanted = VersionKey { version, ..VersionKey::of(&job) };
            if !txn.set_version_stable(&wanted, stable) {
                return Err(ServerError::not_found("job version"));
            }
            Ok(txn.index())
        })
    }

    /// Stops one allocation; its evaluation places another.
    pub fn stop_alloc(&self, id: &str) -> Result<(String, u64), ServerError> {
        self.store.write(|txn| {
            let record = txn.alloc(id).ok_or_else(|| ServerError::not_found("allocation"))?;
            let mut alloc = record.alloc.clone();
            alloc.desired_transition.get_or_insert_default().migrate = Some(true);
            txn.put_alloc(alloc, record.job.clone());
            let job = txn.job(&record.job_key()).unwrap_or_else(|| record.job.clone());
            let new = NewEval { triggered_by: "alloc-stop", ..NewEval::default() };
            let eval = txn.create_eval(&job, new);
            Ok((eval.id.clone(), txn.index()))
        })
    }

    /// Opens or closes a node for new allocations. Opening it wakes what waits for a place.
    pub fn set_eligibility(
        &self,
        node_id: &str,
        eligibility: &str,
    ) -> Result<(Vec<String>, u64), ServerError> {
        if !matches!(eligibility, "eligible" | "ineligible") {
            let text = format!("invalid scheduling eligibility \"{eligibility}\"");
            return Err(ServerError::Refused(text));
        }
        self.store.write(|txn| {
            let known = txn.node(node_id).ok_or(StateError::NotFound("node"))?;
            if known.scheduling_eligibility != eligibility {
                let mut node = (*known).clone();
                eligibility.clone_into(&mut node.scheduling_eligibility);
                txn.put_node(node);
            }
            Ok((Vec::new(), txn.index()))
        })
    }
}

/// Keeps the counts of groups that are registered already.
fn keep_counts(job: &mut api::Job, known: &api::Job) {
    for group in &mut job.task_groups {
        if let Some(old) = known.task_groups.iter().find(|g| g.name == group.name) {
            group.count = old.count;
        }
    }
}
