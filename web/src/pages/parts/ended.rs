//! Lists of allocations: the live ones from the snapshot, the ended ones from the agent's history.
//!
//! The snapshot holds only what planning needs; an allocation that both sides have ended is not in it.

use steppe_planner::api;
use yew::prelude::*;

use crate::live::{Remote, newest_first, use_live, use_remote};

/// The allocations that `keep` wants, newest first: those of the snapshot, then those that only the
/// list at `path` has.
#[hook]
pub fn use_allocations(
    path: &str,
    keep: &dyn Fn(&api::Allocation) -> bool,
) -> Vec<api::Allocation> {
    let live = use_live();
    let listed = use_remote::<Vec<api::AllocListStub>>(
        Some(format!("{path}resources=true").into()),
        vec!["Allocation".to_owned()],
    );
    let mut all = live.cluster.allocations_where(keep);
    if let Remote::Ready(stubs) = &listed {
        let ended = stubs.iter().filter(|s| !all.iter().any(|a| a.id == s.id));
        let ended: Vec<_> = ended.map(from_stub).filter(keep).collect();
        all.extend(ended);
        newest_first(&mut all);
    }
    all
}

fn from_stub(stub: &api::AllocListStub) -> api::Allocation {
    api::Allocation {
        id: stub.id.clone(),
        namespace: stub.namespace.clone(),
        eval_id: stub.eval_id.clone(),
        name: stub.name.clone(),
        node_id: stub.node_id.clone(),
        node_name: stub.node_name.clone(),
        job_id: stub.job_id.clone(),
        job_version: Some(stub.job_version),
        task_group: stub.task_group.clone(),
        allocated_resources: stub.allocated_resources.clone(),
        desired_status: stub.desired_status.clone(),
        desired_description: stub.desired_description.clone(),
        client_status: stub.client_status.clone(),
        client_description: stub.client_description.clone(),
        task_states: stub.task_states.clone(),
        deployment_status: stub.deployment_status.clone(),
        create_index: stub.create_index,
        modify_index: stub.modify_index,
        create_time: stub.create_time,
        modify_time: stub.modify_time,
        ..api::Allocation::default()
    }
}
