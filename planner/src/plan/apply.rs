//! A plan carried out: what has changed once everything placed is running and healthy.
//!
//! For what-if questions and tests; the agent commits in its own store. IDs are made from names and places.

use super::{Followup, Placement, Plan, Stop};
use crate::api;
use crate::snapshot::{Document, Snapshot};

/// Carries out a plan on a document.
pub fn apply(document: &mut Document, job: &api::Job, plan: &Plan) {
    let find = |id: &str| document.allocations.iter().find(|a| a.id == id).cloned();
    let delta = delta(document, &find, job, plan);
    let applied = document.apply(delta);
    debug_assert!(applied.is_ok(), "the change begins where the document stands");
}

/// Carries out a plan on a snapshot.
pub fn carry_out(snapshot: &mut Snapshot, job: &api::Job, plan: &Plan) {
    let cluster = snapshot.cluster();
    let delta = delta(snapshot.head(), &|id| cluster.allocation(id), job, plan);
    let applied = snapshot.apply(delta);
    debug_assert!(applied.is_ok(), "the change begins where the snapshot stands");
}

/// What carrying out a plan changes.
fn delta(
    head: &Document,
    find: &dyn Fn(&str) -> Option<api::Allocation>,
    job: &api::Job,
    plan: &Plan,
) -> Document {
    let mut delta = Document {
        base: Some(head.index),
        index: head.index + 1,
        now: head.now,
        ..Document::default()
    };
    register(&mut delta, head, job, plan);
    for stop in &plan.stops {
        let stopped = find(&stop.alloc_id).map(|alloc| stopped(alloc, stop));
        delta.allocations.extend(stopped);
    }
    for update in &plan.in_place {
        delta.allocations.extend(find(&update.alloc_id).map(|alloc| api::Allocation {
            job_version: Some(plan.job_version),
            job: None,
            allocated_resources: Some(update.resources.clone()),
            ..alloc
        }));
    }
    for followup in &plan.followups {
        let changed = delta.allocations.iter().position(|a| a.id == followup.alloc_id);
        let alloc = changed.map(|at| delta.allocations.swap_remove(at));
        let alloc = alloc.or_else(|| find(&followup.alloc_id));
        delta.allocations.extend(alloc.map(|alloc| waiting(alloc, followup, head)));
    }
    let deployment = deploy(&mut delta, head, plan);
    for update in &plan.in_place {
        let updated = delta.allocations.iter_mut().find(|a| a.id == update.alloc_id);
        updated.into_iter().for_each(|alloc| join(alloc, deployment.as_deref(), false));
    }
    for (place, placement) in plan.placements.iter().enumerate() {
        let id = id(&delta, place, placement);
        let placed = placed(&delta, id, placement, plan, deployment.as_deref());
        let previous = &placement.previous_allocation;
        if !previous.is_empty() {
            let changed = delta.allocations.iter_mut().find(|a| a.id == *previous);
            if let Some(changed) = changed {
                changed.next_allocation.clone_from(&placed.id);
            } else if let Some(mut replaced) = find(previous) {
                replaced.next_allocation.clone_from(&placed.id);
                delta.allocations.push(replaced);
            }
        }
        delta.allocations.push(placed);
    }
    delta
}

fn stopped(alloc: api::Allocation, stop: &Stop) -> api::Allocation {
    // What a batch allocation has finished stays finished.
    let ended = matches!(alloc.client_status.as_str(), "complete" | "failed" | "lost");
    let client_status = match stop.client_status.as_str() {
        _ if ended => alloc.client_status.clone(),
        "lost" => "lost".to_owned(),
        _ => "complete".to_owned(),
    };
    api::Allocation {
        desired_status: if stop.evict { "evict" } else { "stop" }.to_owned(),
        desired_description: stop.description.clone(),
        client_status,
        ..alloc
    }
}

fn waiting(alloc: api::Allocation, followup: &Followup, head: &Document) -> api::Allocation {
    let mut waiting = api::Allocation {
        followup_eval_id: format!("followup@{}.{}", head.index + 1, followup.eval),
        ..alloc
    };
    if !followup.client_status.is_empty() {
        waiting.client_status.clone_from(&followup.client_status);
        waiting.modify_time = head.now;
    }
    waiting
}

fn placed(
    delta: &Document,
    id: String,
    placement: &Placement,
    plan: &Plan,
    deployment: Option<&str>,
) -> api::Allocation {
    let mut alloc = api::Allocation {
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
        previous_allocation: placement.previous_allocation.clone(),
        reschedule_tracker: placement.reschedule_tracker.clone(),
        create_index: delta.index,
        modify_index: delta.index,
        create_time: delta.now,
        modify_time: delta.now,
        ..api::Allocation::default()
    };
    join(&mut alloc, deployment, placement.canary);
    alloc
}

/// Makes an allocation a healthy part of a deployment, or of none.
fn join(alloc: &mut api::Allocation, deployment: Option<&str>, canary: bool) {
    alloc.deployment_id = deployment.unwrap_or_default().to_owned();
    alloc.deployment_status = deployment.map(|_| api::AllocDeploymentStatus {
        healthy: Some(true),
        canary,
        ..api::AllocDeploymentStatus::default()
    });
}

/// Names alone would not do: a system job's allocations have the same one on every node.
fn id(delta: &Document, place: usize, placement: &Placement) -> String {
    format!("{}@{}.{place}", placement.name, delta.index)
}

fn register(delta: &mut Document, head: &Document, job: &api::Job, plan: &Plan) {
    if !plan.spec_changed {
        return;
    }
    let same = |j: &&api::Job| {
        j.id == job.id && j.namespace.as_deref().unwrap_or("default") == plan.namespace
    };
    let create_index = head.jobs.iter().find(same).and_then(|j| j.create_index);
    delta.jobs.push(api::Job {
        version: Some(plan.job_version),
        create_index: create_index.or(Some(delta.index)),
        modify_index: Some(delta.index),
        job_modify_index: Some(delta.index),
        ..job.clone()
    });
}

/// Makes and updates deployments; everything in them is healthy at once. Answers the one that runs.
fn deploy(delta: &mut Document, head: &Document, plan: &Plan) -> Option<String> {
    for update in &plan.deployment_updates {
        let found = head.deployments.iter().find(|d| d.id == update.deployment_id);
        delta.deployments.extend(found.map(|deployment| api::Deployment {
            status: update.status.clone(),
            status_description: update.status_description.clone(),
            ..deployment.clone()
        }));
    }
    if let Some(planned) = &plan.deployment {
        let groups = planned.groups.iter().map(|(name, state)| (name.clone(), state.clone()));
        delta.deployments.push(api::Deployment {
            id: format!("deployment@{}", delta.index),
            namespace: plan.namespace.clone(),
            job_id: plan.job_id.clone(),
            job_version: plan.job_version,
            task_groups: groups.collect(),
            status: planned.status.clone(),
            status_description: planned.status_description.clone(),
            create_index: delta.index,
            ..api::Deployment::default()
        });
    }
    let goes_on = |d: &&api::Deployment| {
        d.job_id == plan.job_id && d.job_version == plan.job_version && d.status == "running"
    };
    if !delta.deployments.iter().any(|d| goes_on(&d)) {
        let ended = |d: &&api::Deployment| delta.deployments.iter().any(|other| other.id == d.id);
        let running = head.deployments.iter().filter(goes_on).rfind(|d| !ended(d)).cloned();
        delta.deployments.extend(running);
    }
    let ids: Vec<String> = (0..).zip(&plan.placements).map(|(n, p)| id(delta, n, p)).collect();
    let running = delta.deployments.iter_mut().rfind(|d| goes_on(&&**d))?;
    for update in &plan.in_place {
        if let Some(state) = running.task_groups.get_mut(&update.group) {
            state.placed_allocs += 1;
            state.healthy_allocs += 1;
        }
    }
    for (placement, id) in plan.placements.iter().zip(ids) {
        if let Some(state) = running.task_groups.get_mut(&placement.group) {
            state.placed_allocs += 1;
            state.healthy_allocs += 1;
            if placement.canary {
                state.placed_canaries.push(id);
            }
        }
    }
    Some(running.id.clone())
}
