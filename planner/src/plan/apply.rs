//! A snapshot document as it is once a plan has been carried out and everything placed is running.
//!
//! For what-if questions and tests; the agent commits in its own store. IDs are made from the names.

use super::Plan;
use crate::api;
use crate::snapshot::Document;

/// Carries out a plan: the job is registered, what is stopped has ended, what is placed runs and is healthy.
pub fn apply(document: &mut Document, job: &api::Job, plan: &Plan) {
    document.index += 1;
    register(document, job, plan);
    for stop in &plan.stops {
        let found = document.allocations.iter_mut().find(|a| a.id == stop.alloc_id);
        if let Some(alloc) = found {
            alloc.desired_status = if stop.evict { "evict" } else { "stop" }.to_owned();
            alloc.desired_description.clone_from(&stop.description);
            // What a batch allocation has finished stays finished.
            if !matches!(alloc.client_status.as_str(), "complete" | "failed" | "lost") {
                let lost = stop.client_status == "lost";
                alloc.client_status = if lost { "lost" } else { "complete" }.to_owned();
            }
        }
    }
    for update in &plan.in_place {
        let found = document.allocations.iter_mut().find(|a| a.id == update.alloc_id);
        if let Some(alloc) = found {
            alloc.job_version = Some(plan.job_version);
            alloc.job = None;
            alloc.allocated_resources = Some(update.resources.clone());
        }
    }
    let deployment = deploy(document, plan);
    for placement in &plan.placements {
        let id = format!("{}@{}", placement.name, document.index);
        let previous = &placement.previous_allocation;
        let replaced = document.allocations.iter_mut().find(|a| a.id == *previous);
        if let Some(replaced) = replaced.filter(|_| !previous.is_empty()) {
            replaced.next_allocation.clone_from(&id);
        }
        document.allocations.push(api::Allocation {
            id,
            namespace: plan.namespace.clone(),
            name: placement.name.clone(),
            node_id: placement.node_id.clone(),
            node_name: placement.node_name.clone(),
            job_id: plan.job_id.clone(),
            job_version: Some(placement.job_version),
            task_group: placement.group.clone(),
            allocated_resources: Some(placement.resources.clone()),
            desired_status: "run".to_owned(),
            client_status: "running".to_owned(),
            deployment_id: deployment.clone().unwrap_or_default(),
            deployment_status: deployment.as_ref().map(|_| api::AllocDeploymentStatus {
                healthy: Some(true),
                canary: placement.canary,
                ..api::AllocDeploymentStatus::default()
            }),
            previous_allocation: previous.clone(),
            reschedule_tracker: placement.reschedule_tracker.clone(),
            create_index: document.index,
            modify_index: document.index,
            create_time: document.now,
            modify_time: document.now,
            ..api::Allocation::default()
        });
    }
}

fn register(document: &mut Document, job: &api::Job, plan: &Plan) {
    let same = |j: &&api::Job| {
        j.id == job.id && j.namespace.as_deref().unwrap_or("default") == plan.namespace
    };
    let create_index =
        document.jobs.iter().find(same).and_then(|j| j.create_index).or(Some(document.index));
    if plan.spec_changed {
        document.jobs.push(api::Job {
            version: Some(plan.job_version),
            create_index,
            modify_index: Some(document.index),
            job_modify_index: Some(document.index),
            ..job.clone()
        });
    }
}

/// Makes and updates deployments; everything in them is healthy at once. Answers the one that runs.
fn deploy(document: &mut Document, plan: &Plan) -> Option<String> {
    for update in &plan.deployment_updates {
        let found = document.deployments.iter_mut().find(|d| d.id == update.deployment_id);
        if let Some(deployment) = found {
            deployment.status.clone_from(&update.status);
            deployment.status_description.clone_from(&update.status_description);
        }
    }
    if let Some(planned) = &plan.deployment {
        let groups = planned.groups.iter().map(|(name, state)| (name.clone(), state.clone()));
        document.deployments.push(api::Deployment {
            id: format!("deployment@{}", document.index),
            namespace: plan.namespace.clone(),
            job_id: plan.job_id.clone(),
            job_version: plan.job_version,
            task_groups: groups.collect(),
            status: planned.status.clone(),
            status_description: planned.status_description.clone(),
            create_index: document.index,
            ..api::Deployment::default()
        });
    }
    let running = document.deployments.iter_mut().rfind(|d| {
        d.job_id == plan.job_id && d.job_version == plan.job_version && d.status == "running"
    })?;
    for placement in &plan.placements {
        if let Some(state) = running.task_groups.get_mut(&placement.group) {
            state.placed_allocs += 1;
            state.healthy_allocs += 1;
            if placement.canary {
                state.placed_canaries.push(format!("{}@{}", placement.name, document.index));
            }
        }
    }
    Some(running.id.clone())
}
