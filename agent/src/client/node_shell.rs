//! Follows what the server wants on one node and keeps one shell for each live allocation.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::alloc_runner::Wanted;
use super::alloc_shell::{AllocShell, Assignment};
use super::host::ports_of;
use super::{Handles, NodeContext};
use crate::state::{AllocRecord, State};

/// Runs until it is dropped.
pub(super) async fn run(context: Arc<NodeContext>, handles: Handles) {
    let mut changes = context.store.subscribe();
    let mut node = NodeShell { context, handles, running: BTreeMap::new(), shells: JoinSet::new() };
    loop {
        // Marked first: a change during the look is looked at again.
        changes.borrow_and_update();
        node.follow();
        tokio::select! {
            changed = changes.changed() => if changed.is_err() {
                return;
            },
            Some(ended) = node.shells.join_next() => match ended {
                Ok(alloc_id) => {
                    node.running.remove(&alloc_id);
                    node.handles.forget(&alloc_id);
                }
                Err(error) if error.is_panic() => tracing::error!(%error, "an allocation panicked"),
                Err(_) => {}
            },
        }
    }
}

struct NodeShell {
    context: Arc<NodeContext>,
    handles: Handles,
    running: BTreeMap<String, watch::Sender<Assignment>>,
    shells: JoinSet<String>,
}

impl NodeShell {
    fn follow(&mut self) {
        let wanted = self.read();
        for (alloc_id, sender) in &self.running {
            let assignment = wanted.get(alloc_id).cloned().unwrap_or_else(|| Assignment {
                record: Arc::clone(&sender.borrow().record),
                wanted: Wanted::Destroy,
            });
            sender.send_if_modified(|known| {
                let same_job = Arc::ptr_eq(&known.record.job, &assignment.record.job);
                let changed = known.wanted != assignment.wanted || !same_job;
                if changed {
                    *known = assignment;
                }
                changed
            });
        }
        for (alloc_id, assignment) in wanted {
            if !self.running.contains_key(&alloc_id) && !assignment.record.client_terminal() {
                self.begin(alloc_id, assignment);
            }
        }
    }

    fn begin(&mut self, alloc_id: String, assignment: Assignment) {
        let (sender, receiver) = watch::channel(assignment);
        let (orders, ordered) = mpsc::unbounded_channel();
        self.handles.open(&alloc_id, orders);
        let shell =
            AllocShell::new(Arc::clone(&self.context), receiver, ordered, self.handles.clone());
        self.running.insert(alloc_id.clone(), sender);
        self.shells.spawn(async move {
            shell.run().await;
            alloc_id
        });
    }

    /// The node's allocations that may be run or ended now.
    fn read(&self) -> BTreeMap<String, Assignment> {
        let state = self.context.store.read();
        let records = state.allocs_of_node(&self.context.node_id);
        let ready = records
            .into_iter()
            .filter(|record| self.running.contains_key(&record.alloc.id) || !waits(&state, record));
        ready
            .map(|record| {
                let wanted = if record.server_terminal() { Wanted::Stop } else { Wanted::Run };
                (record.alloc.id.clone(), Assignment { record: Arc::clone(record), wanted })
            })
            .collect()
    }
}

/// A new allocation waits for stopping ones that still hold its ports, and for the one it replaces.
fn waits(state: &State, record: &AllocRecord) -> bool {
    if record.server_terminal() || !record.alloc.task_states.is_empty() {
        return false;
    }
    let ports = ports_of(&record.alloc);
    state.allocs().any(|other| {
        let ending = other.server_terminal() && !other.client_terminal();
        let replaced = other.alloc.id == record.alloc.previous_allocation;
        ending && (replaced || ports_of(&other.alloc).iter().any(|p| ports.contains(p)))
    })
}

#[cfg(test)]
mod tests {
    use steppe_planner::api;

    use super::*;
    use crate::state::Store;

    fn alloc(id: &str, port: i64) -> api::Allocation {
        let port =
            api::PortMapping { value: port, host_ip: "127.0.0.1".into(), ..Default::default() };
        let shared = api::AllocatedSharedResources { ports: vec![port], ..Default::default() };
        let resources = api::AllocatedResources { shared, ..Default::default() };
        api::Allocation {
            id: id.into(),
            desired_status: "run".into(),
            client_status: "pending".into(),
            allocated_resources: Some(resources),
            ..Default::default()
        }
    }

    #[test]
    fn a_port_must_be_free_before_it_is_taken_again() {
        let store = Store::in_memory().unwrap();
        let old = api::Allocation {
            desired_status: "stop".into(),
            client_status: "running".into(),
            ..alloc("old", 3306)
        };
        let write = |alloc: api::Allocation| {
            store
                .write::<_, crate::state::StateError>(|txn| {
                    txn.put_alloc(alloc, Arc::default());
                    Ok(())
                })
                .unwrap();
        };
        write(old.clone());
        write(alloc("same", 3306));
        write(alloc("other", 3307));
        let waits_now = |id: &str| waits(&store.read(), store.read().alloc(id).unwrap());
        assert!(waits_now("same"));
        assert!(!waits_now("other"));
        write(api::Allocation { client_status: "complete".into(), ..old });
        assert!(!waits_now("same"));
    }
}
