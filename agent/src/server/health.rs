//! Is an allocation healthy? A pure judgement of its task states at a time.
//!
//! Healthy: every main task and sidecar has been running for the group's `min_healthy_time` and every
//! one-shot task has succeeded. Unhealthy: a task failed, or `healthy_deadline` passed first. Checks
//! of services are not looked at: there is no Consul here.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/update>

use steppe_planner::api;

use crate::clock::{SECOND_NS, parse_rfc3339};
use crate::state::AllocRecord;

const MIN_HEALTHY_TIME_NS: i64 = 10 * SECOND_NS;
const HEALTHY_DEADLINE_NS: i64 = 300 * SECOND_NS;

/// What is known of an allocation's health.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Health {
    Healthy,
    Unhealthy,
    /// Look again at this time, or at the next change.
    Undecided {
        until_ns: i64,
    },
    /// Somebody decides by the API.
    Manual,
}

/// Judges an allocation that belongs to a deployment since `since_ns`.
pub(super) fn judge(record: &AllocRecord, since_ns: i64, now_ns: i64) -> Health {
    let update = record.group().and_then(|g| g.update.as_ref());
    if update.and_then(|u| u.health_check.as_deref()) == Some("manual") {
        return Health::Manual;
    }
    let min_healthy_ns = update.and_then(|u| u.min_healthy_time).unwrap_or(MIN_HEALTHY_TIME_NS);
    let allowed_ns = update.and_then(|u| u.healthy_deadline).unwrap_or(HEALTHY_DEADLINE_NS);
    let failed = record.alloc.task_states.values().any(|s| s.state == "dead" && s.failed);
    if failed || record.client_terminal() {
        return Health::Unhealthy;
    }
    let deadline_ns = since_ns.saturating_add(allowed_ns);
    let healthy_ns =
        running_since(record).map(|since| since.max(since_ns).saturating_add(min_healthy_ns));
    match healthy_ns {
        Some(at) if at <= now_ns && at <= deadline_ns => Health::Healthy,
        _ if deadline_ns <= now_ns => Health::Unhealthy,
        Some(at) => Health::Undecided { until_ns: at.min(deadline_ns) },
        None => Health::Undecided { until_ns: deadline_ns },
    }
}

/// Since when all tasks are as they should be; nothing if one is not.
fn running_since(record: &AllocRecord) -> Option<i64> {
    if record.alloc.client_status != "running" {
        return None;
    }
    let group = record.group()?;
    let mut since = 0;
    for task in &group.tasks {
        let state = record.alloc.task_states.get(&task.name)?;
        let reached = match &task.lifecycle {
            Some(hook) if hook.hook == "poststop" => continue,
            Some(hook) if !hook.sidecar => finished_at(state)?,
            _ => started_at(state)?,
        };
        since = since.max(reached);
    }
    Some(since)
}

fn started_at(state: &api::TaskState) -> Option<i64> {
    (state.state == "running").then_some(())?;
    parse_rfc3339(state.started_at.as_deref()?)
}

fn finished_at(state: &api::TaskState) -> Option<i64> {
    (state.state == "dead" && !state.failed).then_some(())?;
    parse_rfc3339(state.finished_at.as_deref()?)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::rfc3339;

    fn record(states: &[(&str, api::TaskState)]) -> AllocRecord {
        let task = |name: &str| api::Task { name: name.to_owned(), ..api::Task::default() };
        let update = api::UpdateStrategy {
            min_healthy_time: Some(10 * SECOND_NS),
            healthy_deadline: Some(60 * SECOND_NS),
            ..api::UpdateStrategy::default()
        };
        let group = api::TaskGroup {
            name: "g".to_owned(),
            tasks: vec![task("main")],
            update: Some(update),
            ..api::TaskGroup::default()
        };
        let job = api::Job { task_groups: vec![group], ..api::Job::default() };
        let task_states = states.iter().map(|(n, s)| ((*n).to_owned(), s.clone())).collect();
        let alloc = api::Allocation {
            task_group: "g".to_owned(),
            client_status: "running".to_owned(),
            task_states,
            ..api::Allocation::default()
        };
        AllocRecord { alloc, job: Arc::new(job) }
    }

    fn running(at_s: i64) -> api::TaskState {
        api::TaskState {
            state: "running".to_owned(),
            started_at: Some(rfc3339(at_s * SECOND_NS)),
            ..api::TaskState::default()
        }
    }

    #[test]
    fn healthy_after_the_minimal_time_and_not_before() {
        let alloc = record(&[("main", running(100))]);
        let until = Health::Undecided { until_ns: 110 * SECOND_NS };
        assert_eq!(judge(&alloc, 99 * SECOND_NS, 109 * SECOND_NS), until);
        assert_eq!(judge(&alloc, 99 * SECOND_NS, 110 * SECOND_NS), Health::Healthy);
    }

    #[test]
    fn a_task_that_never_runs_is_unhealthy_at_the_deadline() {
        let alloc = record(&[]);
        let until = Health::Undecided { until_ns: 160 * SECOND_NS };
        assert_eq!(judge(&alloc, 100 * SECOND_NS, 159 * SECOND_NS), until);
        assert_eq!(judge(&alloc, 100 * SECOND_NS, 160 * SECOND_NS), Health::Unhealthy);
    }

    #[test]
    fn a_failed_task_is_unhealthy_at_once() {
        let dead =
            api::TaskState { state: "dead".to_owned(), failed: true, ..api::TaskState::default() };
        assert_eq!(judge(&record(&[("main", dead)]), 0, 1), Health::Unhealthy);
    }
}
