//! Watches running deployments: judges their allocations, asks for the next step when one is healthy,
//! promotes and fails where the job says so.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/concepts/job#deployments>

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use steppe_planner::api;

use super::deployment_ops::{evaluate, fail, is_active, promote};
use super::health::{Health, judge};
use super::{RETRY_AFTER, ServerError};
use crate::clock::parse_rfc3339;
use crate::state::{JobKey, Store, Txn};

/// Nothing is awaited longer than this at once, so that a clock that jumps is noticed.
const SLEEP_MAX: Duration = Duration::from_secs(10);

/// Since when each allocation is watched. Lost with the process, and then begun anew: a restart of
/// the agent gives a deployment more time, never less.
type Since = BTreeMap<String, i64>;

/// Watches until the store is gone.
pub(super) async fn run(store: Store) {
    let mut changes = store.subscribe();
    let mut since = Since::new();
    loop {
        changes.borrow_and_update();
        let watched = store.clone();
        let mut known = std::mem::take(&mut since);
        let round = tokio::task::spawn_blocking(move || {
            let next_ns = look(&watched, &mut known);
            (known, next_ns)
        });
        let next_ns = match round.await {
            Ok((known, next_ns)) => {
                since = known;
                next_ns
            }
            Err(error) => {
                tracing::error!(%error, "the deployment watcher failed");
                None
            }
        };
        let sleep = next_ns.map_or(SLEEP_MAX, |next| {
            let wait = next.saturating_sub(store.clock().now_ns()).max(0);
            Duration::from_nanos(wait.unsigned_abs())
        });
        let sleep = sleep.clamp(Duration::from_millis(1), SLEEP_MAX);
        if let Ok(Err(_)) = tokio::time::timeout(sleep, changes.changed()).await {
            return;
        }
    }
}

/// One look at every active deployment; gives when the next one is due.
fn look(store: &Store, since: &mut Since) -> Option<i64> {
    let now_ns = store.clock().now_ns();
    let active: Vec<Arc<api::Deployment>> =
        store.read().deployments().filter(|d| is_active(d)).cloned().collect();
    let mut next_ns: Option<i64> = None;
    let mut watched = Since::new();
    for deployment in active {
        let step = ServerError::contain(|| {
            let findings = find(store, &deployment, since, &mut watched, now_ns);
            if findings.is_news() {
                store.write(|txn| act(txn, &findings))?;
            }
            Ok(findings.next_ns)
        });
        let due_ns = step.unwrap_or_else(|error| {
            tracing::warn!(deployment = deployment.id, %error, "deployment step failed");
            Some(now_ns.saturating_add(nanos(RETRY_AFTER)))
        });
        next_ns = match (next_ns, due_ns) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    *since = watched;
    next_ns
}

fn nanos(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}

/// What a look at one deployment found.
struct Findings {
    deployment_id: String,
    healthy: Vec<String>,
    unhealthy: Vec<String>,
    /// The progress deadline of some group has passed.
    overdue: bool,
    /// Groups whose canaries the job wants promoted without asking.
    promote: Vec<String>,
    next_ns: Option<i64>,
}

impl Findings {
    fn is_news(&self) -> bool {
        !self.healthy.is_empty()
            || !self.unhealthy.is_empty()
            || self.overdue
            || !self.promote.is_empty()
    }

    fn await_until(&mut self, at_ns: i64) {
        self.next_ns = Some(self.next_ns.map_or(at_ns, |next| next.min(at_ns)));
    }
}

fn find(
    store: &Store,
    deployment: &api::Deployment,
    since: &Since,
    watched: &mut Since,
    now_ns: i64,
) -> Findings {
    let mut findings = Findings {
        deployment_id: deployment.id.clone(),
        healthy: Vec::new(),
        unhealthy: Vec::new(),
        overdue: false,
        promote: Vec::new(),
        next_ns: None,
    };
    let state = store.read();
    let key = JobKey::new(&deployment.namespace, &deployment.job_id);
    let mut healthy_canaries: BTreeMap<&str, i64> = BTreeMap::new();
    for record in state.allocs_of_job(&key) {
        let alloc = &record.alloc;
        if alloc.deployment_id != deployment.id || record.server_terminal() {
            continue;
        }
        let status = alloc.deployment_status.as_ref();
        if let Some(known) = status.and_then(|s| s.healthy) {
            if known && status.is_some_and(|s| s.canary) {
                *healthy_canaries.entry(&alloc.task_group).or_default() += 1;
            }
            // A healthy allocation that fails later is the business of its own evaluation.
            continue;
        }
        let began = since.get(&alloc.id).copied().unwrap_or_else(|| alloc.create_time.max(now_ns));
        watched.insert(alloc.id.clone(), began);
        match judge(record, began, now_ns) {
            Health::Healthy => findings.healthy.push(alloc.id.clone()),
            Health::Unhealthy => findings.unhealthy.push(alloc.id.clone()),
            Health::Undecided { until_ns } => findings.await_until(until_ns),
            Health::Manual => {}
        }
    }
    if deployment.status == "running" {
        find_in_groups(deployment, &healthy_canaries, now_ns, &mut findings);
    }
    findings
}

fn find_in_groups(
    deployment: &api::Deployment,
    healthy_canaries: &BTreeMap<&str, i64>,
    now_ns: i64,
    findings: &mut Findings,
) {
    for (name, group) in &deployment.task_groups {
        let canaries = healthy_canaries.get(name.as_str()).copied().unwrap_or_default();
        let waits_for_promotion = group.desired_canaries > 0 && !group.promoted;
        if waits_for_promotion && canaries >= group.desired_canaries {
            if group.auto_promote {
                findings.promote.push(name.clone());
            }
            // A user may take as long as they like.
            continue;
        }
        if group.healthy_allocs >= group.desired_total && !waits_for_promotion {
            continue;
        }
        match group.require_progress_by.as_deref().and_then(parse_rfc3339) {
            Some(by) if by <= now_ns => findings.overdue = true,
            Some(by) => findings.await_until(by),
            None => {}
        }
    }
}

fn act(txn: &mut Txn<'_>, findings: &Findings) -> Result<(), ServerError> {
    for id in &findings.healthy {
        txn.set_alloc_health(id, true);
    }
    for id in &findings.unhealthy {
        txn.set_alloc_health(id, false);
    }
    let Some(deployment) = txn.deployment(&findings.deployment_id).filter(|d| is_active(d)) else {
        return Ok(());
    };
    if findings.overdue {
        fail(txn, &deployment, "Failed due to progress deadline");
        return Ok(());
    }
    if !replace_unhealthy(txn, &deployment, &findings.unhealthy) {
        fail(txn, &deployment, "Failed due to unhealthy allocations");
        return Ok(());
    }
    if !findings.promote.is_empty() {
        promote(txn, &deployment, Some(&findings.promote))?;
        return Ok(());
    }
    evaluate(txn, &deployment);
    Ok(())
}

/// Lets unhealthy allocations be placed anew as long as the group has time left; false if one of them
/// means the end of the deployment.
fn replace_unhealthy(txn: &mut Txn<'_>, deployment: &api::Deployment, ids: &[String]) -> bool {
    for id in ids {
        let Some(record) = txn.alloc(id) else {
            continue;
        };
        let group = deployment.task_groups.get(&record.alloc.task_group);
        if group.is_none_or(|g| g.progress_deadline == 0) {
            return false;
        }
        let mut alloc = record.alloc.clone();
        alloc.desired_transition.get_or_insert_default().reschedule = Some(true);
        txn.put_alloc(alloc, Arc::clone(&record.job));
    }
    true
}
