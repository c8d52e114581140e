//! The short forms of lists, made from the whole documents.

use steppe_planner::Map;
use steppe_planner::api;

use super::params::Params;
use crate::state::{AllocRecord, JobKey, State, job_summary};

/// A row of the job list.
pub(super) fn job(state: &State, job: &api::Job) -> api::JobListStub {
    api::JobListStub {
        id: job.id.clone().unwrap_or_default(),
        parent_id: job.parent_id.clone().unwrap_or_default(),
        name: job.name.clone().unwrap_or_default(),
        namespace: JobKey::of(job).namespace,
        datacenters: job.datacenters.clone(),
        node_pool: job.node_pool.clone(),
        kind: job.kind.clone().unwrap_or_default(),
        priority: job.priority.unwrap_or(50),
        periodic: job.periodic.is_some(),
        parameterized_job: job.parameterized_job.is_some(),
        stop: job.stop.unwrap_or_default(),
        status: job.status.clone().unwrap_or_default(),
        status_description: job.status_description.clone().unwrap_or_default(),
        multiregion: None,
        job_summary: job_summary(state, job),
        create_index: job.create_index.unwrap_or_default(),
        modify_index: job.modify_index.unwrap_or_default(),
        job_modify_index: job.job_modify_index.unwrap_or_default(),
        submit_time: job.submit_time.unwrap_or_default(),
    }
}

/// A row of an allocation list.
pub(super) fn alloc(record: &AllocRecord, params: &Params) -> api::AllocListStub {
    let alloc = &record.alloc;
    let with_states = params.get("task_states") != Some("false");
    api::AllocListStub {
        id: alloc.id.clone(),
        eval_id: alloc.eval_id.clone(),
        name: alloc.name.clone(),
        namespace: alloc.namespace.clone(),
        node_id: alloc.node_id.clone(),
        node_name: alloc.node_name.clone(),
        job_id: alloc.job_id.clone(),
        job_type: record.job.kind.clone().unwrap_or_default(),
        job_version: record.job.version.unwrap_or_default(),
        task_group: alloc.task_group.clone(),
        allocated_resources: params
            .flag("resources")
            .then(|| alloc.allocated_resources.clone())
            .flatten(),
        desired_status: alloc.desired_status.clone(),
        desired_description: alloc.desired_description.clone(),
        client_status: alloc.client_status.clone(),
        client_description: alloc.client_description.clone(),
        desired_transition: alloc.desired_transition.clone().unwrap_or_default(),
        task_states: if with_states { alloc.task_states.clone() } else { Map::new() },
        deployment_status: alloc.deployment_status.clone(),
        followup_eval_id: alloc.followup_eval_id.clone(),
        reschedule_tracker: alloc.reschedule_tracker.clone(),
        preempted_allocations: alloc.preempted_allocations.clone(),
        preempted_by_allocation: alloc.preempted_by_allocation.clone(),
        create_index: alloc.create_index,
        modify_index: alloc.modify_index,
        create_time: alloc.create_time,
        modify_time: alloc.modify_time,
    }
}

/// A row of the node list.
pub(super) fn node(node: &api::Node, params: &Params) -> api::NodeListStub {
    let resources = params.flag("resources");
    api::NodeListStub {
        id: node.id.clone(),
        address: node.http_addr.rsplit_once(':').map_or("", |(address, _)| address).to_owned(),
        attributes: api::TextMap::new(),
        datacenter: node.datacenter.clone(),
        name: node.name.clone(),
        node_class: node.node_class.clone(),
        node_pool: node.node_pool.clone(),
        version: node.attributes.get("nomad.version").cloned().unwrap_or_default(),
        drain: node.drain,
        scheduling_eligibility: node.scheduling_eligibility.clone(),
        status: node.status.clone(),
        status_description: node.status_description.clone(),
        drivers: node.drivers.clone(),
        node_resources: resources.then(|| node.node_resources.clone()).flatten(),
        reserved_resources: resources.then(|| node.reserved_resources.clone()).flatten(),
        last_drain: node.last_drain.clone(),
        create_index: node.create_index,
        modify_index: node.modify_index,
    }
}

/// An allocation with its job and with the older forms of its resources, which the command line reads.
pub(super) fn whole_alloc(record: &AllocRecord) -> api::Allocation {
    let mut alloc = record.with_job();
    let Some(given) = &alloc.allocated_resources else {
        return alloc;
    };
    let mut total = api::Resources {
        cpu: Some(0),
        memory_mb: Some(0),
        disk_mb: Some(given.shared.disk_mb),
        networks: given.shared.networks.clone(),
        ..api::Resources::default()
    };
    let mut tasks = Map::new();
    for (name, task) in &given.tasks {
        let resources = api::Resources {
            cpu: Some(task.cpu.cpu_shares),
            memory_mb: Some(task.memory.memory_mb),
            memory_max_mb: Some(task.memory.memory_max_mb),
            disk_mb: Some(0),
            networks: task.networks.clone(),
            ..api::Resources::default()
        };
        total.cpu = total.cpu.map(|cpu| cpu + task.cpu.cpu_shares);
        total.memory_mb = total.memory_mb.map(|mb| mb + task.memory.memory_mb);
        total.networks.extend(task.networks.iter().cloned());
        tasks.insert(name.clone(), resources);
    }
    alloc.resources = Some(total);
    alloc.task_resources = tasks;
    alloc
}
