//! Allocation document to model.

use std::sync::Arc;

use super::Cluster;
use super::holes::{punch, sockets};
use crate::api;
use crate::model::*;
use crate::semantics::Semantics;

/// What an allocation takes over from its job.
pub(super) struct Facts {
    pub(super) priority: i64,
    pub(super) csi_volumes: Vec<String>,
}

impl Facts {
    /// Of a group of a job version; of one that is gone, the defaults.
    pub(super) fn of(job: Option<&api::Job>, group: &str) -> Facts {
        let group = job.and_then(|job| job.task_groups.iter().find(|g| g.name == group));
        let volumes = group.into_iter().flat_map(|g| g.volumes.values());
        Facts {
            priority: job.and_then(|job| job.priority).unwrap_or(50),
            csi_volumes: volumes
                .filter(|v| v.kind == "csi" && !v.per_alloc)
                .map(|v| v.source.clone())
                .collect(),
        }
    }
}

/// The job version that an allocation belongs to.
pub(super) fn version(alloc: &api::Allocation) -> u64 {
    let embedded = alloc.job.as_ref().and_then(|job| job.version);
    alloc.job_version.or(embedded).unwrap_or_default()
}

/// Compiles an allocation. Where it stands is not known here.
pub(super) fn compile_alloc(
    mut alloc: api::Allocation,
    facts: Facts,
    cluster: &mut Cluster,
) -> Alloc {
    let transition = alloc.desired_transition.take().unwrap_or_default();
    let status = alloc.deployment_status.take().unwrap_or_default();
    let (common, holes) = common(&mut alloc, facts, cluster);
    Alloc {
        common: cluster.commons.share(common),
        holes,
        node: None,
        node_id: cluster.symbols.share(&alloc.node_id),
        create_index: alloc.create_index,
        desired: match alloc.desired_status.as_str() {
            "stop" => Desired::Stop,
            "evict" => Desired::Evict,
            _ => Desired::Run,
        },
        client: match alloc.client_status.as_str() {
            "pending" => Client::Pending,
            "complete" => Client::Complete,
            "failed" => Client::Failed,
            "lost" => Client::Lost,
            "unknown" => Client::Unknown,
            _ => Client::Running,
        },
        migrate: transition.migrate.unwrap_or_default(),
        reschedule: transition.reschedule.unwrap_or_default(),
        force_reschedule: transition.force_reschedule.unwrap_or_default(),
        deployment: cluster.symbols.share(&alloc.deployment_id),
        healthy: status.healthy,
        canary: status.canary,
        has_next: !alloc.next_allocation.is_empty(),
        failed_at: failed_at(&alloc),
        ran_successfully: !alloc.task_states.is_empty()
            && alloc.task_states.values().all(|s| s.state == "dead" && !s.failed),
        history: history(&mut alloc),
        id: exact(alloc.id),
        name: exact(alloc.name),
    }
}

fn common(
    alloc: &mut api::Allocation,
    facts: Facts,
    cluster: &mut Cluster,
) -> (Common, Box<[u32]>) {
    let mut common = Common {
        job: cluster.symbols.intern(&job_symbol(Some(&alloc.namespace), &alloc.job_id)),
        job_id: std::mem::take(&mut alloc.job_id),
        version: version(alloc),
        group: std::mem::take(&mut alloc.task_group),
        priority: facts.priority,
        csi_volumes: facts.csi_volumes,
        ..Common::default()
    };
    let Some(mut resources) = alloc.allocated_resources.take() else {
        return (common, Box::default());
    };
    holdings(&mut common, &resources, cluster.semantics);
    common.sockets = sockets(&resources);
    let holes = punch(&mut resources, &mut cluster.symbols);
    common.resources = Some(resources);
    (common, holes)
}

fn holdings(common: &mut Common, resources: &api::AllocatedResources, semantics: Semantics) {
    let tasks = resources.tasks.iter().map(|(name, task)| {
        let lifecycle = resources.task_lifecycles.get(name).and_then(Option::as_ref);
        let phase = lifecycle.map_or(Phase::Main, |l| Phase::of(&l.hook, l.sidecar));
        (phase, task.cpu.cpu_shares, task.memory.memory_mb)
    });
    common.usage = flatten(tasks, resources.shared.disk_mb, semantics);
    for task in resources.tasks.values() {
        common.cores.extend(&task.cpu.reserved_cores);
        common.devices.extend(task.devices.iter().map(|d| DeviceUse {
            vendor: d.vendor.clone(),
            kind: d.kind.clone(),
            name: d.name.clone(),
            instances: d.device_ids.clone(),
        }));
    }
    let of_tasks = resources.tasks.values().filter_map(|t| t.networks.first());
    let networks = resources.shared.networks.iter().chain(of_tasks);
    common.bandwidth = networks
        .filter(|n| !n.device.is_empty() && n.mbits.unwrap_or(0) > 0)
        .map(|n| (n.device.clone(), n.mbits.unwrap_or(0)))
        .collect();
}

/// Without the room to grow that reading left.
fn exact(mut text: String) -> String {
    text.shrink_to_fit();
    text
}

fn history(alloc: &mut api::Allocation) -> Option<Box<History>> {
    let events = alloc.reschedule_tracker.take().map(|tracker| tracker.events).unwrap_or_default();
    if alloc.previous_allocation.is_empty()
        && alloc.followup_eval_id.is_empty()
        && events.is_empty()
    {
        return None;
    }
    let reschedules = events.into_iter().map(|e| Reschedule {
        time: e.reschedule_time,
        previous_alloc: e.prev_alloc_id,
        previous_node: e.prev_node_id,
        delay: e.delay,
    });
    Some(Box::new(History {
        previous: Arc::from(std::mem::take(&mut alloc.previous_allocation)),
        followup_eval: std::mem::take(&mut alloc.followup_eval_id),
        reschedules: reschedules.collect(),
    }))
}

/// The end of the last task, or the last change of the allocation.
fn failed_at(alloc: &api::Allocation) -> i64 {
    alloc
        .task_states
        .values()
        .filter_map(|s| super::time::parse(s.finished_at.as_deref()?))
        .max()
        .filter(|t| *t > 0)
        .unwrap_or(alloc.modify_time)
}
