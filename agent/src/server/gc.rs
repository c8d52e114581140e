//! Forgets what is over: dead jobs, ended allocations, finished evaluations and deployments.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/operations/garbage-collection>

use std::time::Duration;

use super::{Server, ServerError};
use crate::clock::SECOND_NS;
use crate::state::{AllocRecord, JobKey, Store, Txn};

const EVERY: Duration = Duration::from_secs(300);
/// Nomad's thresholds.
const JOB_AGE_NS: i64 = 4 * 3600 * SECOND_NS;
const EVAL_AGE_NS: i64 = 3600 * SECOND_NS;

/// Collects now and then, until the store is gone.
pub(super) async fn run(store: Store) {
    loop {
        tokio::time::sleep(EVERY).await;
        let collected = store.clone();
        let done = tokio::task::spawn_blocking(move || collect(&collected, false)).await;
        match done {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "garbage collection failed"),
            Err(error) => tracing::error!(%error, "garbage collection failed"),
        }
    }
}

impl Server {
    /// Forgets what is over; with `force`, whatever its age.
    pub fn collect_garbage(&self, force: bool) -> Result<(), ServerError> {
        collect(&self.store, force)
    }
}

fn collect(store: &Store, force: bool) -> Result<(), ServerError> {
    let now_ns = store.clock().now_ns();
    let older = |time_ns: i64, age_ns: i64| force || now_ns.saturating_sub(time_ns) > age_ns;
    store.write(|txn| {
        dead_jobs(txn, |submit_ns| older(submit_ns, JOB_AGE_NS));
        evaluations(txn, |modify_ns| older(modify_ns, EVAL_AGE_NS));
        Ok(())
    })
}

/// Dead and stopped jobs with everything that belongs to them.
fn dead_jobs(txn: &mut Txn<'_>, old: impl Fn(i64) -> bool) {
    let before = txn.before();
    for job in before.jobs() {
        let dead = job.status.as_deref() == Some("dead");
        let finished = job.stop == Some(true) || job.kind.as_deref() == Some("batch");
        let key = JobKey::of(job);
        let allocs = before.allocs_of_job(&key);
        let all_ended = allocs.iter().all(|r| r.client_terminal());
        let newest_ns = allocs.iter().map(|r| r.alloc.modify_time).max().unwrap_or_default();
        let open = before.evals_of_job(&key).iter().any(|e| e.status == "pending");
        let last_ns = newest_ns.max(job.submit_time.unwrap_or_default());
        if !(dead && finished && all_ended && !open && old(last_ns)) {
            continue;
        }
        for record in allocs {
            txn.remove_alloc(&record.alloc.id);
        }
        for eval in before.evals_of_job(&key) {
            txn.remove_eval(&eval.id);
        }
        for deployment in before.deployments_of_job(&key) {
            txn.remove_deployment(&deployment.id);
        }
        txn.remove_job(&key);
        txn.forget_unused_versions(job);
    }
}

/// Finished evaluations with their ended allocations, and finished deployments without allocations.
fn evaluations(txn: &mut Txn<'_>, old: impl Fn(i64) -> bool) {
    let before = txn.before();
    for eval in before.evals() {
        let over = matches!(eval.status.as_str(), "complete" | "failed" | "canceled");
        if !over || !old(eval.modify_time) || txn.eval(&eval.id).is_none() {
            continue;
        }
        let allocs = before.allocs_of_eval(&eval.id);
        if !allocs.iter().all(|r| forgettable(r, &old)) {
            continue;
        }
        for record in allocs {
            txn.remove_alloc(&record.alloc.id);
            if txn.job(&record.job_key()).is_none() {
                txn.forget_unused_versions(&record.job);
            }
        }
        txn.remove_eval(&eval.id);
    }
    for deployment in before.deployments() {
        let over = matches!(deployment.status.as_str(), "successful" | "failed" | "cancelled");
        let key = JobKey::new(&deployment.namespace, &deployment.job_id);
        let used = txn.allocs_of_job(&key).iter().any(|r| r.alloc.deployment_id == deployment.id);
        let newest = txn.deployments_of_job(&key).first().map(|d| d.id.clone());
        let shown = txn.job(&key).is_some() && newest.as_deref() == Some(deployment.id.as_str());
        if over && !used && !shown {
            txn.remove_deployment(&deployment.id);
        }
    }
}

/// Ended on both sides, and not what a batch job counts as done.
fn forgettable(record: &AllocRecord, old: &impl Fn(i64) -> bool) -> bool {
    let counted = record.job.kind.as_deref() == Some("batch") && !record.server_terminal();
    record.client_terminal() && record.terminal() && !counted && old(record.alloc.modify_time)
}
