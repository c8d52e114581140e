//! A plan becomes real: allocations, stops, updates, evaluations and deployment get their IDs and
//! times in one write.
//!
//! The plan has decided everything else; nothing is chosen here.

use std::sync::Arc;

use steppe_planner::Map;
use steppe_planner::api;
use steppe_planner::plan::{InPlaceUpdate, Placement, Plan, PlannedEvaluation, Stop};

use super::record::{AllocRecord, JobKey, VersionKey};
use super::store::StateError;
use super::txn::Txn;
use crate::clock::rfc3339;

/// What a committed plan has made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// IDs of the new allocations, by name, in the plan's order.
    pub placed: Vec<(String, String)>,
    /// The deployment the plan belongs to; empty without one.
    pub deployment_id: String,
    /// IDs of the evaluations the plan asked for, in its order.
    pub evals: Vec<String>,
}

impl Txn<'_> {
    /// Commits a plan made for `job` by `eval`, and completes the evaluation.
    pub fn commit_plan(
        &mut self,
        job: &Arc<api::Job>,
        plan: &Plan,
        eval: &api::Evaluation,
    ) -> Result<Committed, StateError> {
        for update in &plan.deployment_updates {
            self.set_deployment_status(
                &update.deployment_id,
                &update.status,
                &update.status_description,
            );
        }
        let mut deployment = self.deployment_for(job, plan);
        let evals = self.create_planned_evals(job, plan, eval);
        for stop in &plan.stops {
            self.apply_stop(stop, &evals)?;
        }
        for followup in &plan.followups {
            let record = self.alloc(&followup.alloc_id).ok_or(StateError::NotFound("alloc"))?;
            let mut alloc = record.alloc.clone();
            alloc.followup_eval_id = evals.get(followup.eval).cloned().unwrap_or_default();
            if !followup.client_status.is_empty() {
                alloc.client_status.clone_from(&followup.client_status);
            }
            self.touch_alloc(alloc, Arc::clone(&record.job));
        }
        for update in &plan.in_place {
            self.apply_in_place(job, update, eval, deployment.as_mut())?;
        }
        let mut placed = Vec::with_capacity(plan.placements.len());
        for placement in &plan.placements {
            let id = self.place(job, placement, eval, deployment.as_mut())?;
            placed.push((placement.name.clone(), id));
        }
        // As in Nomad, an evaluation names the job's latest deployment, whatever became of it.
        let latest = || self.deployments_of_job(&JobKey::of(job)).first().map(|d| d.id.clone());
        let deployment_id =
            deployment.as_ref().map(|d| d.id.clone()).or_else(latest).unwrap_or_default();
        if let Some(deployment) = deployment
            && self.deployment(&deployment.id).as_deref() != Some(&deployment)
        {
            self.put_deployment(deployment);
        }
        self.finish_eval(plan, eval, &deployment_id, &evals);
        self.refresh_job_status(&JobKey::of(job));
        Ok(Committed { placed, deployment_id, evals })
    }

    /// The deployment the plan creates, or the active one of this job version.
    fn deployment_for(&mut self, job: &api::Job, plan: &Plan) -> Option<api::Deployment> {
        let key = VersionKey::of(job);
        if let Some(planned) = &plan.deployment {
            return Some(api::Deployment {
                id: self.uuid(),
                namespace: key.job.namespace,
                job_id: key.job.id,
                job_version: key.version,
                job_modify_index: job.modify_index.unwrap_or_default(),
                job_spec_modify_index: job.job_modify_index.unwrap_or_default(),
                job_create_index: key.create_index,
                task_groups: planned.groups.clone(),
                status: planned.status.clone(),
                status_description: planned.status_description.clone(),
                create_index: self.index(),
                ..api::Deployment::default()
            });
        }
        let newest = self.deployments_of_job(&key.job).into_iter().next()?;
        let active = matches!(newest.status.as_str(), "running" | "paused" | "pending");
        let ours = newest.job_version == key.version && newest.job_create_index == key.create_index;
        (active && ours).then(|| (*newest).clone())
    }

    /// Creates the evaluations the plan asks for. An evaluation that is blocked already stays
    /// blocked instead of getting a successor.
    fn create_planned_evals(
        &mut self,
        job: &api::Job,
        plan: &Plan,
        eval: &api::Evaluation,
    ) -> Vec<String> {
        let mut ids = Vec::with_capacity(plan.created_evals.len());
        for planned in &plan.created_evals {
            if planned.status == "blocked" {
                if eval.status == "blocked" {
                    ids.push(eval.id.clone());
                    continue;
                }
                self.cancel_blocked(&JobKey::of(job), &eval.id);
            }
            let created = self.planned_eval(job, planned, eval);
            ids.push(self.put_eval(created).id.clone());
        }
        ids
    }

    fn planned_eval(
        &self,
        job: &api::Job,
        planned: &PlannedEvaluation,
        eval: &api::Evaluation,
    ) -> api::Evaluation {
        let now_ns = self.now_ns();
        let key = JobKey::of(job);
        api::Evaluation {
            id: self.uuid(),
            namespace: key.namespace,
            priority: job.priority.unwrap_or(50),
            kind: job.kind.clone().unwrap_or_default(),
            triggered_by: planned.triggered_by.clone(),
            job_id: key.id,
            job_modify_index: job.job_modify_index.unwrap_or_default(),
            node_id: planned.node_id.clone(),
            status: planned.status.clone(),
            status_description: planned.status_description.clone(),
            wait_until: (planned.wait_until > 0).then(|| rfc3339(planned.wait_until)),
            previous_eval: eval.id.clone(),
            create_index: self.index(),
            create_time: now_ns,
            ..api::Evaluation::default()
        }
    }

    /// A job has one blocked evaluation; an older one is superseded.
    pub(crate) fn cancel_blocked(&mut self, key: &JobKey, except: &str) {
        for blocked in self.evals_of_job(key) {
            if blocked.status == "blocked" && blocked.id != except {
                let mut canceled = (*blocked).clone();
                canceled.status = "canceled".to_owned();
                canceled.status_description =
                    format!("existing blocked evaluation superseded by evaluation {except}");
                self.put_eval(canceled);
            }
        }
    }

    fn apply_stop(&mut self, stop: &Stop, evals: &[String]) -> Result<(), StateError> {
        let record = self.alloc(&stop.alloc_id).ok_or(StateError::NotFound("alloc"))?;
        let mut alloc = record.alloc.clone();
        alloc.desired_status = if stop.evict { "evict" } else { "stop" }.to_owned();
        alloc.desired_description.clone_from(&stop.description);
        if !stop.client_status.is_empty() {
            alloc.client_status.clone_from(&stop.client_status);
        }
        if let Some(eval) = stop.followup_eval.and_then(|at| evals.get(at)) {
            alloc.followup_eval_id.clone_from(eval);
        }
        self.touch_alloc(alloc, Arc::clone(&record.job));
        Ok(())
    }

    fn apply_in_place(
        &mut self,
        job: &Arc<api::Job>,
        update: &InPlaceUpdate,
        eval: &api::Evaluation,
        deployment: Option<&mut api::Deployment>,
    ) -> Result<(), StateError> {
        let record = self.alloc(&update.alloc_id).ok_or(StateError::NotFound("alloc"))?;
        let mut alloc = record.alloc.clone();
        alloc.eval_id.clone_from(&eval.id);
        alloc.allocated_resources = Some(update.resources.clone());
        alloc.deployment_id.clear();
        alloc.deployment_status = None;
        if let Some(deployment) = deployment
            && let Some(group) = deployment.task_groups.get_mut(&update.group)
        {
            group.placed_allocs += 1;
            start_progress(group, self.now_ns());
            alloc.deployment_id.clone_from(&deployment.id);
        }
        self.touch_alloc(alloc, Arc::clone(job));
        Ok(())
    }

    fn place(
        &mut self,
        job: &Arc<api::Job>,
        placement: &Placement,
        eval: &api::Evaluation,
        deployment: Option<&mut api::Deployment>,
    ) -> Result<String, StateError> {
        let key = VersionKey::of(job);
        let job = if placement.job_version == key.version {
            Arc::clone(job)
        } else {
            let version = VersionKey { version: placement.job_version, ..key };
            self.version(&version).ok_or(StateError::NotFound("job version"))?
        };
        let id = self.uuid();
        let now_ns = self.now_ns();
        let mut alloc = api::Allocation {
            id: id.clone(),
            namespace: JobKey::of(&job).namespace,
            eval_id: eval.id.clone(),
            name: placement.name.clone(),
            node_id: placement.node_id.clone(),
            node_name: placement.node_name.clone(),
            job_id: job.id.clone().unwrap_or_default(),
            task_group: placement.group.clone(),
            allocated_resources: Some(placement.resources.clone()),
            metrics: Some(placement.metrics.clone()),
            desired_status: "run".to_owned(),
            client_status: "pending".to_owned(),
            reschedule_tracker: placement.reschedule_tracker.clone(),
            previous_allocation: placement.previous_allocation.clone(),
            preempted_allocations: placement.preempted.clone(),
            create_index: self.index(),
            create_time: now_ns,
            ..api::Allocation::default()
        };
        if let Some(deployment) = deployment
            && let Some(group) = deployment.task_groups.get_mut(&placement.group)
            && placement.job_version == deployment.job_version
        {
            group.placed_allocs += 1;
            start_progress(group, now_ns);
            alloc.deployment_id.clone_from(&deployment.id);
            if placement.canary {
                group.placed_canaries.push(id.clone());
                alloc.deployment_status = Some(api::AllocDeploymentStatus {
                    canary: true,
                    ..api::AllocDeploymentStatus::default()
                });
            }
        }
        self.touch_alloc(alloc, job);
        self.link(&placement.previous_allocation, |previous| {
            previous.next_allocation.clone_from(&id)
        });
        for victim in &placement.preempted {
            self.link(victim, |victim| victim.preempted_by_allocation.clone_from(&id));
        }
        Ok(id)
    }

    fn link(&mut self, alloc_id: &str, change: impl FnOnce(&mut api::Allocation)) {
        if let Some(record) = self.alloc(alloc_id) {
            let mut alloc = record.alloc.clone();
            change(&mut alloc);
            self.touch_alloc(alloc, Arc::clone(&record.job));
        }
    }

    /// Writes an allocation that the server changed (the client watches this index).
    fn touch_alloc(&mut self, mut alloc: api::Allocation, job: Arc<api::Job>) {
        alloc.alloc_modify_index = self.index();
        self.put_alloc(alloc, job);
    }

    fn finish_eval(
        &mut self,
        plan: &Plan,
        eval: &api::Evaluation,
        deployment_id: &str,
        created: &[String],
    ) {
        let reblocked = created.contains(&eval.id);
        let blocked = plan
            .created_evals
            .iter()
            .zip(created)
            .find(|(planned, id)| planned.status == "blocked" && **id != eval.id)
            .map(|(_, id)| id.clone())
            .unwrap_or_default();
        let finished = api::Evaluation {
            status: if reblocked { "blocked" } else { "complete" }.to_owned(),
            status_description: if reblocked {
                eval.status_description.clone()
            } else {
                String::new()
            },
            failed_tg_allocs: plan.failed_groups.clone(),
            queued_allocations: plan.queued.clone(),
            deployment_id: if deployment_id.is_empty() {
                eval.deployment_id.clone()
            } else {
                deployment_id.to_owned()
            },
            blocked_eval: blocked,
            snapshot_index: plan.snapshot_index,
            ..eval.clone()
        };
        // A blocked evaluation that stays as it was is not a change: it would wake itself.
        if reblocked && same_outcome(eval, &finished) {
            return;
        }
        self.put_eval(finished);
    }
}

impl AllocRecord {
    /// The ports it holds on its node, with their addresses.
    pub fn ports(&self) -> Vec<(String, i64)> {
        let Some(resources) = &self.alloc.allocated_resources else {
            return Vec::new();
        };
        let tasks: &Map<_> = &resources.tasks;
        let networks =
            resources.shared.networks.iter().chain(tasks.values().flat_map(|t| &t.networks));
        let mut ports: Vec<(String, i64)> = networks
            .flat_map(|network| {
                network
                    .reserved_ports
                    .iter()
                    .chain(&network.dynamic_ports)
                    .map(|port| (network.ip.clone(), port.value))
            })
            .chain(resources.shared.ports.iter().map(|p| (p.host_ip.clone(), p.value)))
            .collect();
        ports.sort_unstable();
        ports.dedup();
        ports
    }
}

/// The first placement of a group starts its progress deadline.
fn start_progress(group: &mut api::DeploymentState, now_ns: i64) {
    if group.require_progress_by.is_none() && group.progress_deadline > 0 {
        group.require_progress_by = Some(rfc3339(now_ns.saturating_add(group.progress_deadline)));
    }
}

fn same_outcome(before: &api::Evaluation, after: &api::Evaluation) -> bool {
    before.status == after.status
        && before.failed_tg_allocs == after.failed_tg_allocs
        && before.queued_allocations == after.queued_allocations
        && before.deployment_id == after.deployment_id
}
