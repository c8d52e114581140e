//! What may happen to a deployment besides going well: fail (and go back), pause, resume, promote.

use std::sync::Arc;

use steppe_planner::api;
use steppe_planner::model::same_specification;

use super::{Server, ServerError, admission};
use crate::state::{JobKey, NewEval, Txn, VersionKey};

/// The outcome of a request about a deployment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeploymentChanged {
    /// Empty if nothing needs to be planned again.
    pub eval_id: String,
    pub index: u64,
    /// The version gone back to.
    pub reverted_to: Option<u64>,
}

impl Server {
    /// Ends a deployment as failed, on a user's word.
    pub fn fail_deployment(&self, id: &str) -> Result<DeploymentChanged, ServerError> {
        self.store.write(|txn| {
            let deployment = active(txn, id, "fail")?;
            Ok(fail(txn, &deployment, "Deployment marked as failed"))
        })
    }

    /// Holds a deployment, or lets it go on.
    pub fn pause_deployment(
        &self,
        id: &str,
        pause: bool,
    ) -> Result<DeploymentChanged, ServerError> {
        self.store.write(|txn| {
            let deployment = active(txn, id, if pause { "pause" } else { "resume" })?;
            let (status, description) = if pause {
                ("paused", "Deployment is paused")
            } else {
                ("running", "Deployment is running")
            };
            txn.set_deployment_status(id, status, description);
            let eval_id = if pause { String::new() } else { evaluate(txn, &deployment) };
            Ok(DeploymentChanged { eval_id, index: txn.index(), reverted_to: None })
        })
    }

    /// Accepts the canaries of some groups, or of all.
    pub fn promote_deployment(
        &self,
        id: &str,
        groups: Option<Vec<String>>,
    ) -> Result<DeploymentChanged, ServerError> {
        self.store.write(|txn| {
            let deployment = active(txn, id, "promote")?;
            promote(txn, &deployment, groups.as_deref())
        })
    }
}

/// Ends a deployment as failed; where a group wants it, goes back to the last stable version.
pub(super) fn fail(
    txn: &mut Txn<'_>,
    deployment: &api::Deployment,
    reason: &str,
) -> DeploymentChanged {
    let auto_revert = deployment.task_groups.values().any(|g| g.auto_revert);
    let target = if auto_revert { revert_target(txn, deployment) } else { None };
    let key = JobKey::new(&deployment.namespace, &deployment.job_id);
    let current = txn.job(&key);
    let same = |target: &api::Job| {
        current.as_deref().is_some_and(|current| same_specification(current, target))
    };
    let description = match &target {
        None if auto_revert => format!("{reason} - no stable job version to auto revert to"),
        None => reason.to_owned(),
        Some(job) if same(job) => format!(
            "{reason} - not rolling back to stable job version {} as current job has same specification",
            job.version.unwrap_or_default()
        ),
        Some(job) => {
            format!("{reason} - rolling back to job version {}", job.version.unwrap_or_default())
        }
    };
    txn.set_deployment_status(&deployment.id, "failed", &description);
    let mut reverted_to = None;
    if let Some(job) = target.filter(|job| !same(job)) {
        let version = job.version.unwrap_or_default();
        let source = txn.before().source(&key, version).map(|s| (**s).clone());
        match txn.register_job((*job).clone(), source, None) {
            Ok(_) => reverted_to = Some(version),
            Err(error) => tracing::error!(%error, job = %key, "cannot go back"),
        }
    }
    let eval_id = evaluate(txn, deployment);
    DeploymentChanged { eval_id, index: txn.index(), reverted_to }
}

/// Accepts canaries; all wanted groups must have their canaries healthy.
pub(super) fn promote(
    txn: &mut Txn<'_>,
    deployment: &api::Deployment,
    groups: Option<&[String]>,
) -> Result<DeploymentChanged, ServerError> {
    let mut promoted = deployment.clone();
    let mut errors = Vec::new();
    let mut canaries = Vec::new();
    for (name, group) in &mut promoted.task_groups {
        let wanted = groups.is_none_or(|groups| groups.contains(name));
        if !wanted || group.desired_canaries == 0 || group.promoted {
            continue;
        }
        let healthy = group.placed_canaries.iter().filter(|id| is_healthy(txn, id)).count();
        let healthy = i64::try_from(healthy).unwrap_or(i64::MAX);
        if healthy < group.desired_canaries {
            errors.push(format!(
                "Task group \"{name}\" has {healthy}/{} healthy allocations",
                group.desired_canaries
            ));
        }
        group.promoted = true;
        canaries.extend(group.placed_canaries.iter().cloned());
    }
    if !errors.is_empty() {
        return Err(ServerError::Refused(admission::multierror(&errors)));
    }
    if canaries.is_empty() {
        return Err(ServerError::Refused("no canaries to promote".to_owned()));
    }
    promoted.status_description = "Deployment is running".to_owned();
    txn.put_deployment(promoted);
    for id in canaries {
        if let Some(record) = txn.alloc(&id) {
            let mut alloc = record.alloc.clone();
            alloc.deployment_status.get_or_insert_default().canary = false;
            txn.put_alloc(alloc, Arc::clone(&record.job));
        }
    }
    let eval_id = evaluate(txn, deployment);
    Ok(DeploymentChanged { eval_id, index: txn.index(), reverted_to: None })
}

/// Asks for the next step of a deployment.
pub(super) fn evaluate(txn: &mut Txn<'_>, deployment: &api::Deployment) -> String {
    let key = JobKey::new(&deployment.namespace, &deployment.job_id);
    let Some(job) = txn.job(&key) else {
        return String::new();
    };
    let new = NewEval {
        triggered_by: "deployment-watcher",
        deployment_id: deployment.id.clone(),
        ..NewEval::default()
    };
    txn.create_eval(&job, new).id.clone()
}

/// The newest stable version other than the one being deployed.
fn revert_target(txn: &Txn<'_>, deployment: &api::Deployment) -> Option<Arc<api::Job>> {
    let key = JobKey::new(&deployment.namespace, &deployment.job_id);
    txn.before()
        .job_versions(&key)
        .into_iter()
        .find(|job| {
            let version = VersionKey::of(job);
            version.version < deployment.job_version && job.stable == Some(true)
        })
        .cloned()
}

fn active(txn: &Txn<'_>, id: &str, verb: &str) -> Result<Arc<api::Deployment>, ServerError> {
    // Nomad answers 500 here, not 404.
    let deployment = txn
        .deployment(id)
        .ok_or_else(|| ServerError::Refused("deployment not found".to_owned()))?;
    if is_active(&deployment) {
        Ok(deployment)
    } else {
        Err(ServerError::Refused(format!("can't {verb} terminal deployment")))
    }
}

/// True as long as a deployment may still go on.
pub(super) fn is_active(deployment: &api::Deployment) -> bool {
    matches!(deployment.status.as_str(), "running" | "paused" | "pending")
}

fn is_healthy(txn: &Txn<'_>, alloc_id: &str) -> bool {
    txn.alloc(alloc_id)
        .and_then(|r| r.alloc.deployment_status.as_ref().and_then(|s| s.healthy))
        .unwrap_or_default()
}
