//! What is derived from a job's allocations and evaluations: its status and its summary.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/concepts/job>

use steppe_planner::api;

use super::record::{AllocRecord, JobKey};
use super::tables::State;

/// `pending`, `running` or `dead`.
pub fn job_status<'a>(
    job: &api::Job,
    allocs: impl IntoIterator<Item = &'a AllocRecord>,
    evals: impl IntoIterator<Item = &'a api::Evaluation>,
) -> &'static str {
    let stopped = job.stop == Some(true);
    let keeps_running = job.kind.as_deref() == Some("system");
    if keeps_running && !stopped {
        return "running";
    }
    let mut seen = false;
    for record in allocs {
        // A purged job of the same name left this one behind.
        if record.job.create_index != job.create_index {
            continue;
        }
        if !record.terminal() {
            return "running";
        }
        seen = true;
    }
    for eval in evals {
        if eval.create_index < job.create_index.unwrap_or_default() {
            continue;
        }
        if matches!(eval.status.as_str(), "pending" | "blocked") {
            return "pending";
        }
        seen = true;
    }
    if seen { "dead" } else { "pending" }
}

/// The counts of a registered job's allocations.
pub fn job_summary(state: &State, job: &api::Job) -> api::JobSummary {
    let key = JobKey::of(job);
    let create_index = job.create_index.unwrap_or_default();
    let mut summary = api::JobSummary {
        job_id: key.id.clone(),
        namespace: key.namespace.clone(),
        children: Some(api::JobChildrenSummary::default()),
        create_index,
        modify_index: job.modify_index.unwrap_or_default(),
        ..api::JobSummary::default()
    };
    for group in &job.task_groups {
        summary.summary.insert(group.name.clone(), api::TaskGroupSummary::default());
    }
    for record in state.allocs_of_job(&key) {
        if record.job.create_index != job.create_index {
            continue;
        }
        let alloc = &record.alloc;
        let counts = summary.summary.entry(alloc.task_group.clone()).or_default();
        match alloc.client_status.as_str() {
            "pending" => counts.starting += 1,
            "running" => counts.running += 1,
            "complete" => counts.complete += 1,
            "failed" => counts.failed += 1,
            "lost" => counts.lost += 1,
            _ => counts.unknown += 1,
        }
        summary.modify_index = summary.modify_index.max(alloc.modify_index);
    }
    if let Some(eval) = newest_finished(state, &key, create_index) {
        for (group, queued) in &eval.queued_allocations {
            if let Some(counts) = summary.summary.get_mut(group) {
                counts.queued = *queued;
            }
        }
        summary.modify_index = summary.modify_index.max(eval.modify_index);
    }
    summary
}

/// The evaluation that looked at the job last: its queued counts are the valid ones.
fn newest_finished<'a>(state: &'a State, key: &JobKey, since: u64) -> Option<&'a api::Evaluation> {
    state
        .evals_of_job(key)
        .into_iter()
        .filter(|e| e.create_index >= since && e.snapshot_index > 0)
        .max_by_key(|e| (e.snapshot_index, e.modify_index))
        .map(|e| &**e)
}
