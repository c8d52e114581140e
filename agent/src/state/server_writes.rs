//! What the server writes: registered jobs, evaluations, and the state of deployments.
//!
//! These are steps of a transaction; the callers in `server/` join them into one write.

use std::sync::Arc;

use steppe_planner::api;
use steppe_planner::model::same_specification;

use super::record::{JobKey, JobSource, VersionKey};
use super::status::job_status;
use super::store::StateError;
use super::txn::Txn;
use crate::clock::rfc3339;

/// How many versions of a job are kept, as in Nomad.
const VERSIONS_KEPT: usize = 6;

/// The outcome of registering a job.
#[derive(Clone, Debug)]
pub struct Registered {
    pub job: Arc<api::Job>,
    /// False if the same specification was registered already.
    pub changed: bool,
}

/// An evaluation to create.
#[derive(Clone, Debug, Default)]
pub struct NewEval {
    pub triggered_by: &'static str,
    pub node_id: String,
    pub deployment_id: String,
    pub previous_eval: String,
    pub status_description: String,
}

impl Txn<'_> {
    /// Registers a canonicalized job: a new version if the specification differs.
    pub fn register_job(
        &mut self,
        mut job: api::Job,
        source: Option<JobSource>,
        enforce_index: Option<u64>,
    ) -> Result<Registered, StateError> {
        let key = JobKey::of(&job);
        let existing = self.job(&key);
        if let Some(expected) = enforce_index {
            enforce(existing.as_deref(), expected)?;
        }
        if let Some(existing) = &existing
            && same_specification(existing, &job)
        {
            if let Some(source) = source {
                self.put_source(VersionKey::of(existing), source);
            }
            return Ok(Registered { job: Arc::clone(existing), changed: false });
        }
        let index = self.index();
        job.namespace = Some(key.namespace);
        job.create_index = existing.as_ref().map_or(Some(index), |e| e.create_index);
        job.version = Some(existing.as_ref().map_or(0, |e| e.version.unwrap_or_default() + 1));
        job.job_modify_index = Some(index);
        job.submit_time = Some(self.now_ns());
        job.status = Some("pending".to_owned());
        job.status_description = Some(String::new());
        job.stable = Some(false);
        job.stop = Some(job.stop.unwrap_or_default());
        let job = self.put_job(job);
        if let Some(source) = source {
            self.put_source(VersionKey::of(&job), source);
        }
        self.forget_old_versions(&job);
        Ok(Registered { job, changed: true })
    }

    /// Stops a job, or removes it. Gives what is to be evaluated: the job marked as stopped.
    pub fn deregister_job(&mut self, key: &JobKey, purge: bool) -> Option<Arc<api::Job>> {
        let existing = self.job(key)?;
        let mut stopped = (*existing).clone();
        stopped.stop = Some(true);
        if purge {
            self.remove_job(key);
            self.forget_unused_versions(&existing);
            return Some(Arc::new(stopped));
        }
        if existing.stop == Some(true) {
            return Some(existing);
        }
        stopped.version = Some(existing.version.unwrap_or_default() + 1);
        stopped.job_modify_index = Some(self.index());
        stopped.stable = Some(false);
        let source = self.source(&VersionKey::of(&existing));
        let stopped = self.put_job(stopped);
        // The text is the same: whoever runs the job again finds it.
        if let Some(source) = source {
            self.put_source(VersionKey::of(&stopped), (*source).clone());
        }
        self.forget_old_versions(&stopped);
        Some(stopped)
    }

    /// Creates a pending evaluation of a job.
    pub fn create_eval(&mut self, job: &api::Job, new: NewEval) -> Arc<api::Evaluation> {
        let key = JobKey::of(job);
        let eval = api::Evaluation {
            id: self.uuid(),
            namespace: key.namespace,
            priority: job.priority.unwrap_or(50),
            kind: job.kind.clone().unwrap_or_else(|| "service".to_owned()),
            triggered_by: new.triggered_by.to_owned(),
            job_id: key.id,
            job_modify_index: job.job_modify_index.unwrap_or_default(),
            node_id: new.node_id,
            deployment_id: new.deployment_id,
            status: "pending".to_owned(),
            status_description: new.status_description,
            previous_eval: new.previous_eval,
            create_index: self.index(),
            create_time: self.now_ns(),
            ..api::Evaluation::default()
        };
        self.put_eval(eval)
    }

    /// Brings the status of a job up to date with its allocations and evaluations.
    pub fn refresh_job_status(&mut self, key: &JobKey) {
        let Some(job) = self.job(key) else {
            return;
        };
        let (allocs, evals) = (self.allocs_of_job(key), self.evals_of_job(key));
        let status = job_status(&job, allocs.iter().map(|r| &**r), evals.iter().map(|e| &**e));
        if job.status.as_deref() != Some(status) {
            let mut job = (*job).clone();
            job.status = Some(status.to_owned());
            self.put_job(job);
        }
    }

    /// Moves a deployment to a status; a successful one makes its job version stable.
    pub fn set_deployment_status(&mut self, id: &str, status: &str, description: &str) {
        let Some(deployment) = self.deployment(id) else {
            return;
        };
        let mut deployment = (*deployment).clone();
        deployment.status = status.to_owned();
        deployment.status_description = description.to_owned();
        let version = VersionKey {
            job: JobKey::new(&deployment.namespace, &deployment.job_id),
            create_index: deployment.job_create_index,
            version: deployment.job_version,
        };
        self.put_deployment(deployment);
        if status == "successful" {
            self.set_version_stable(&version, true);
        }
    }

    /// Records that an allocation is healthy or not, and counts it in its deployment.
    pub fn set_alloc_health(&mut self, alloc_id: &str, healthy: bool) {
        let Some(record) = self.alloc(alloc_id) else {
            return;
        };
        let mut alloc = record.alloc.clone();
        let mut status = alloc.deployment_status.take().unwrap_or_default();
        let before = status.healthy;
        if before == Some(healthy) {
            return;
        }
        let now_ns = self.now_ns();
        status.healthy = Some(healthy);
        status.timestamp = Some(rfc3339(now_ns));
        status.modify_index = self.index();
        alloc.deployment_status = Some(status);
        if let Some(deployment) = self.deployment(&alloc.deployment_id) {
            let mut deployment = (*deployment).clone();
            if let Some(group) = deployment.task_groups.get_mut(&alloc.task_group) {
                match before {
                    Some(true) => group.healthy_allocs -= 1,
                    Some(false) => group.unhealthy_allocs -= 1,
                    None => {}
                }
                if healthy {
                    group.healthy_allocs += 1;
                    if group.progress_deadline > 0 {
                        group.require_progress_by =
                            Some(rfc3339(now_ns.saturating_add(group.progress_deadline)));
                    }
                } else {
                    group.unhealthy_allocs += 1;
                }
            }
            self.put_deployment(deployment);
        }
        self.put_alloc(alloc, Arc::clone(&record.job));
    }

    /// Drops versions beyond those kept, except those that allocations still run.
    fn forget_old_versions(&mut self, current: &api::Job) {
        let key = VersionKey::of(current);
        let older = VersionKey { version: 0, ..key.clone() };
        let known: Vec<VersionKey> =
            self.before().versions.range(older..key.clone()).map(|(k, _)| k.clone()).collect();
        let excess = (known.len() + 1).saturating_sub(VERSIONS_KEPT);
        self.forget_unless_used(&key.job, known.into_iter().take(excess));
    }

    /// Drops every version of a purged job that no allocation runs.
    pub(crate) fn forget_unused_versions(&mut self, job: &api::Job) {
        let key = VersionKey::of(job);
        let first = VersionKey { version: 0, ..key.clone() };
        let last = VersionKey { version: u64::MAX, ..key.clone() };
        let known: Vec<VersionKey> =
            self.before().versions.range(first..=last).map(|(k, _)| k.clone()).collect();
        self.forget_unless_used(&key.job, known.into_iter());
    }

    fn forget_unless_used(&mut self, job: &JobKey, versions: impl Iterator<Item = VersionKey>) {
        let allocs = self.allocs_of_job(job);
        for version in versions {
            if !allocs.iter().any(|r| VersionKey::of(&r.job) == version) {
                self.remove_version(&version);
            }
        }
    }

    /// Marks a version as one to go back to, or not; false if there is no such version.
    pub fn set_version_stable(&mut self, key: &VersionKey, stable: bool) -> bool {
        let Some(version) = self.version(key) else {
            return false;
        };
        if version.stable != Some(stable) {
            let mut job = (*version).clone();
            job.stable = Some(stable);
            self.put_version(job);
        }
        true
    }
}

fn enforce(existing: Option<&api::Job>, expected: u64) -> Result<(), StateError> {
    let reason = match (existing, expected) {
        (None, 0) => return Ok(()),
        (None, _) => "job does not exist".to_owned(),
        (Some(_), 0) => "job already exists".to_owned(),
        (Some(job), _) => {
            let found = job.job_modify_index.unwrap_or_default();
            if found == expected {
                return Ok(());
            }
            format!("job exists with conflicting job modify index: {found}")
        }
    };
    Err(StateError::Refused(format!("Enforcing job modify index {expected}: {reason}")))
}
