//! Allocation document to model.

use std::collections::{BTreeMap, BTreeSet};

use super::Document;
use crate::api;
use crate::model::*;
use crate::semantics::Semantics;

/// What an allocation needs to know of its job: priority, and its group's migrate limit.
pub(super) struct JobFacts<'a> {
    /// Allocations that have a successor, whether or not they say so themselves.
    replaced: BTreeSet<&'a str>,
    by_version: BTreeMap<(&'a str, &'a str, u64), &'a api::Job>,
}

impl<'a> JobFacts<'a> {
    /// Indexes the jobs of a document.
    pub(super) fn collect(document: &'a Document) -> JobFacts<'a> {
        let by_version = document
            .jobs
            .iter()
            .map(|job| {
                let namespace = job.namespace.as_deref().unwrap_or("default");
                let id = job.id.as_deref().unwrap_or_default();
                ((namespace, id, job.version.unwrap_or_default()), job)
            })
            .collect();
        let previous = document.allocations.iter().map(|a| a.previous_allocation.as_str());
        let replaced = previous.filter(|id| !id.is_empty()).collect();
        JobFacts { replaced, by_version }
    }

    fn of(&self, alloc: &'a api::Allocation) -> Option<&'a api::Job> {
        let namespace = if alloc.namespace.is_empty() { "default" } else { &alloc.namespace };
        let version = alloc_version(alloc);
        let found = self.by_version.get(&(namespace, alloc.job_id.as_str(), version)).copied();
        found.or(alloc.job.as_deref())
    }
}

fn alloc_version(alloc: &api::Allocation) -> u64 {
    let embedded = alloc.job.as_ref().and_then(|j| j.version);
    alloc.job_version.or(embedded).unwrap_or_default()
}

/// Compiles an allocation.
pub(super) fn compile_alloc(
    alloc: &api::Allocation,
    key: Symbol,
    node: Option<u32>,
    facts: &JobFacts<'_>,
    symbols: &mut Symbols,
    semantics: Semantics,
) -> Alloc {
    let job = facts.of(alloc);
    let group = job.and_then(|j| j.task_groups.iter().find(|g| g.name == alloc.task_group));
    let transition = alloc.desired_transition.clone().unwrap_or_default();
    let status = alloc.deployment_status.clone().unwrap_or_default();
    let mut compiled = Alloc {
        id: alloc.id.clone(),
        name: alloc.name.clone(),
        job: key,
        job_id: alloc.job_id.clone(),
        group: alloc.task_group.clone(),
        node,
        node_id: alloc.node_id.clone(),
        version: alloc_version(alloc),
        create_index: alloc.create_index,
        priority: job.and_then(|j| j.priority).unwrap_or(50),
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
        deployment: alloc.deployment_id.clone(),
        healthy: status.healthy,
        canary: status.canary,
        replaced: !alloc.next_allocation.is_empty() || facts.replaced.contains(alloc.id.as_str()),
        followup_eval: alloc.followup_eval_id.clone(),
        failed_at: failed_at(alloc),
        ran_successfully: !alloc.task_states.is_empty()
            && alloc.task_states.values().all(|s| s.state == "dead" && !s.failed),
        reschedules: reschedules(alloc),
        migrate_max_parallel: group
            .and_then(|g| g.migrate.as_ref()?.max_parallel)
            .unwrap_or_default(),
        ..Alloc::default()
    };
    if let Some(resources) = &alloc.allocated_resources {
        holdings(&mut compiled, resources, symbols, semantics);
    }
    compiled
}

fn holdings(
    compiled: &mut Alloc,
    resources: &api::AllocatedResources,
    symbols: &mut Symbols,
    semantics: Semantics,
) {
    let tasks = resources.tasks.iter().map(|(name, task)| {
        let lifecycle = resources.task_lifecycles.get(name).and_then(Option::as_ref);
        let phase = lifecycle.map_or(Phase::Main, |l| Phase::of(&l.hook, l.sidecar));
        (phase, task.cpu.cpu_shares, task.memory.memory_mb)
    });
    compiled.usage = flatten(tasks, resources.shared.disk_mb, semantics);
    for task in resources.tasks.values() {
        compiled.cores.extend(&task.cpu.reserved_cores);
        compiled.devices.extend(task.devices.iter().map(|d| DeviceUse {
            vendor: d.vendor.clone(),
            kind: d.kind.clone(),
            name: d.name.clone(),
            instances: d.device_ids.clone(),
        }));
    }
    let networks: Vec<&api::NetworkResource> = resources
        .shared
        .networks
        .iter()
        .chain(resources.tasks.values().filter_map(|t| t.networks.first()))
        .collect();
    compiled.bandwidth = networks
        .iter()
        .filter(|n| !n.device.is_empty() && n.mbits.unwrap_or(0) > 0)
        .map(|n| (n.device.clone(), n.mbits.unwrap_or(0)))
        .collect();
    for mapping in &resources.shared.ports {
        compiled.ports.push((symbols.intern(&mapping.host_ip), mapping.value));
    }
    if resources.shared.ports.is_empty() {
        for network in networks {
            for port in network.reserved_ports.iter().chain(&network.dynamic_ports) {
                compiled.ports.push((symbols.intern(&network.ip), port.value));
            }
        }
    }
}

fn reschedules(alloc: &api::Allocation) -> Vec<Reschedule> {
    let events = alloc.reschedule_tracker.iter().flat_map(|t| &t.events);
    events
        .map(|e| Reschedule {
            time: e.reschedule_time,
            previous_alloc: e.prev_alloc_id.clone(),
            previous_node: e.prev_node_id.clone(),
            delay: e.delay,
        })
        .collect()
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
