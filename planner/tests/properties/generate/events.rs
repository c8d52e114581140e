//! What happens to a running cluster, as the change of a document: allocations end or fail, nodes come and go, deployments
//! are promoted or fail, jobs are purged, programs take ports.

use steppe_planner::api;
use steppe_planner::snapshot::{Document, Removed, job_key};

use super::Dice;
use super::cluster::{held_ports, node};

const MINUTE: i64 = 60_000_000_000;

/// Some events at once.
pub(crate) fn change(dice: &mut Dice<'_>, document: &Document) -> Document {
    let mut delta = Document {
        base: Some(document.index),
        index: document.index + 1,
        now: document.now + dice.amount(4) * MINUTE,
        ..Document::default()
    };
    let mut removed = Removed::default();
    for _ in 0..1 + dice.below(4) {
        match dice.below(8) {
            0..=2 => allocation(dice, document, &mut delta, &mut removed),
            3 | 4 => a_node(dice, document, &mut delta, &mut removed),
            5 => deployment(dice, document, &mut delta, &mut removed),
            6 => job(dice, document, &mut delta, &mut removed),
            _ => host(dice, document, &mut delta, &mut removed),
        }
    }
    delta.removed = Some(removed);
    delta
}

fn one<T: Clone>(dice: &mut Dice<'_>, list: &[T]) -> Option<T> {
    (!list.is_empty()).then(|| list[dice.below(list.len().min(256))].clone())
}

/// Puts a document into a list of changes, once.
fn put<T>(list: &mut Vec<T>, gone: &[String], entry: T, id: impl Fn(&T) -> String) {
    let key = id(&entry);
    if !gone.contains(&key) {
        list.retain(|other| id(other) != key);
        list.push(entry);
    }
}

fn allocation(dice: &mut Dice<'_>, from: &Document, delta: &mut Document, removed: &mut Removed) {
    let Some(mut alloc) = one(dice, &from.allocations) else { return };
    let ended = |alloc: &api::Allocation, now: i64| api::Allocation {
        modify_time: now - 2 * MINUTE,
        ..alloc.clone()
    };
    match dice.below(9) {
        0 | 1 => {
            alloc = ended(&alloc, from.now);
            alloc.client_status = "failed".to_owned();
        }
        2 => {
            let state = api::TaskState { state: "dead".to_owned(), ..api::TaskState::default() };
            alloc = ended(&alloc, from.now);
            alloc.task_states = [("t0".to_owned(), state)].into();
            alloc.client_status = "complete".to_owned();
        }
        3 => alloc.client_status = "lost".to_owned(),
        4 => alloc.client_status = "unknown".to_owned(),
        5 => alloc.desired_status = "stop".to_owned(),
        6 => {
            let transition = api::DesiredTransition { migrate: Some(true), ..Default::default() };
            alloc.desired_transition = Some(transition);
        }
        7 => {
            if let Some(status) = &mut alloc.deployment_status {
                status.healthy = dice.pick(&[None, Some(false)]);
            }
        }
        _ => {
            if !delta.allocations.iter().any(|a| a.id == alloc.id) {
                removed.allocations.push(alloc.id);
            }
            return;
        }
    }
    put(&mut delta.allocations, &removed.allocations, alloc, |a| a.id.clone());
}

fn a_node(dice: &mut Dice<'_>, from: &Document, delta: &mut Document, removed: &mut Removed) {
    let Some(mut changed) = one(dice, &from.nodes) else { return };
    match dice.below(7) {
        0 => changed.status = dice.pick(&["disconnected", "down"]).to_owned(),
        1 => changed.status = "ready".to_owned(),
        2 => changed.scheduling_eligibility = "ineligible".to_owned(),
        3 => {
            changed.drain = true;
            changed.drain_strategy = Some(api::DrainStrategy::default());
            changed.scheduling_eligibility = "ineligible".to_owned();
        }
        4 => {
            // Fingerprinted anew, perhaps under another name.
            let number = 1 + dice.below(9);
            let id = changed.id.clone();
            changed = api::Node { id, ..node(dice, number) };
        }
        5 => {
            let number = 10 + dice.below(9);
            changed = node(dice, number);
        }
        _ => {
            if !delta.nodes.iter().any(|n| n.id == changed.id) {
                removed.nodes.push(changed.id);
            }
            return;
        }
    }
    put(&mut delta.nodes, &removed.nodes, changed, |n| n.id.clone());
}

fn deployment(dice: &mut Dice<'_>, from: &Document, delta: &mut Document, removed: &mut Removed) {
    let Some(mut deployment) = one(dice, &from.deployments) else { return };
    match dice.below(5) {
        0 => deployment.task_groups.values_mut().for_each(|group| group.promoted = true),
        1 => deployment.status = "failed".to_owned(),
        2 => deployment.status = "paused".to_owned(),
        3 => deployment.status = "running".to_owned(),
        _ => {
            if !delta.deployments.iter().any(|d| d.id == deployment.id) {
                removed.deployments.push(deployment.id);
            }
            return;
        }
    }
    put(&mut delta.deployments, &removed.deployments, deployment, |d| d.id.clone());
}

/// A job is purged, or its stored version gets another priority.
fn job(dice: &mut Dice<'_>, from: &Document, delta: &mut Document, removed: &mut Removed) {
    let Some(mut job) = one(dice, &from.jobs) else { return };
    if dice.one_in(2) {
        let gone = from.jobs.iter().filter(|other| other.id == job.id).map(job_key);
        removed.jobs.extend(gone.filter(|key| !delta.jobs.iter().any(|j| job_key(j) == *key)));
    } else {
        job.priority = Some(10 + 20 * dice.amount(5));
        put(&mut delta.jobs, &removed.jobs, job, job_key);
    }
}

fn host(dice: &mut Dice<'_>, from: &Document, delta: &mut Document, removed: &mut Removed) {
    let Some(mut host) = one(dice, &from.hosts) else { return };
    match dice.below(3) {
        0 => host.held_ports = held_ports(dice),
        1 => {
            host.cooling_ports.pop();
            host.node_ids.pop();
        }
        _ => {
            if delta.hosts.is_empty() {
                removed.hosts.push(host.id);
            }
            return;
        }
    }
    put(&mut delta.hosts, &removed.hosts, host, |h| h.id.clone());
}
