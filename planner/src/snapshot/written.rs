//! An allocation as a document again: what planning reads of it, and no more.

use super::Cluster;
use crate::api;
use crate::model::{Alloc, Desired, Reschedule};

impl Cluster {
    /// The allocation of that ID.
    pub fn allocation(&self, id: &str) -> Option<api::Allocation> {
        self.find(id).map(|alloc| self.written(alloc))
    }

    /// An allocation's document.
    pub fn written(&self, alloc: &Alloc) -> api::Allocation {
        let common = &alloc.common;
        let namespace = self.symbols.text(common.job).split_once('\0').map_or("", |(name, _)| name);
        let history = alloc.history.as_deref();
        let transition = api::DesiredTransition {
            migrate: alloc.migrate.then_some(true),
            reschedule: alloc.reschedule.then_some(true),
            force_reschedule: alloc.force_reschedule.then_some(true),
        };
        let health = api::AllocDeploymentStatus {
            healthy: alloc.healthy,
            canary: alloc.canary,
            ..api::AllocDeploymentStatus::default()
        };
        api::Allocation {
            id: alloc.id.clone(),
            name: alloc.name.clone(),
            namespace: namespace.to_owned(),
            node_id: alloc.node_id.to_string(),
            job_id: common.job_id.clone(),
            job_version: Some(common.version),
            task_group: common.group.clone(),
            allocated_resources: self.resources(alloc),
            desired_status: match alloc.desired {
                Desired::Run => "run",
                Desired::Stop => "stop",
                Desired::Evict => "evict",
            }
            .to_owned(),
            desired_transition: Some(transition),
            client_status: alloc.client.word().to_owned(),
            task_states: tasks(alloc),
            deployment_id: alloc.deployment.to_string(),
            deployment_status: Some(health),
            reschedule_tracker: history.and_then(|h| tracker(&h.reschedules)),
            previous_allocation: history.map(|h| h.previous.to_string()).unwrap_or_default(),
            next_allocation: if alloc.has_next { "known".to_owned() } else { String::new() },
            followup_eval_id: alloc.followup_eval().to_owned(),
            create_index: alloc.create_index,
            modify_time: alloc.failed_at,
            ..api::Allocation::default()
        }
    }
}

/// One task that ended well stands for all of them.
fn tasks(alloc: &Alloc) -> api::Map<api::TaskState> {
    let ended = api::TaskState { state: "dead".to_owned(), ..api::TaskState::default() };
    alloc.ran_successfully.then(|| ("task".to_owned(), ended)).into_iter().collect()
}

fn tracker(reschedules: &[Reschedule]) -> Option<api::RescheduleTracker> {
    let event = |reschedule: &Reschedule| api::RescheduleEvent {
        reschedule_time: reschedule.time,
        prev_alloc_id: reschedule.previous_alloc.clone(),
        prev_node_id: reschedule.previous_node.clone(),
        delay: reschedule.delay,
    };
    let events: Vec<_> = reschedules.iter().map(event).collect();
    (!events.is_empty()).then_some(api::RescheduleTracker { events })
}
