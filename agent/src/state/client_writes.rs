//! What the client writes: nodes, hosts, and how allocations fare.
//!
//! The client owns what it observes; what the server decided about a node (drain, eligibility) or a
//! host (ports that cool down) is kept as it is.

use std::collections::BTreeSet;

use steppe_planner::Map;
use steppe_planner::api;

use super::record::{AllocRecord, JobKey};
use super::server_writes::NewEval;
use super::store::{StateError, Store};
use super::txn::Txn;
use crate::clock::{SECOND_NS, rfc3339};

/// How an allocation fares, from the client that runs it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AllocUpdate {
    pub id: String,
    /// `pending`, `running`, `complete`, `failed` or `lost`.
    pub client_status: String,
    pub client_description: String,
    pub task_states: Map<api::TaskState>,
    /// Set once the client knows; the server also judges by how long the tasks run.
    pub deployment_health: Option<bool>,
}

impl Store {
    /// Writes what a client knows of its node; creates the node when it is new.
    pub fn upsert_node(&self, node: api::Node) -> Result<(), StateError> {
        self.write(|txn| {
            txn.upsert_node(node);
            Ok(())
        })
    }

    /// Writes what is known of a machine. Ports that cool down stay.
    pub fn upsert_host(&self, mut host: api::Host) -> Result<(), StateError> {
        self.write_observed(|txn| {
            if let Some(known) = txn.host(&host.id) {
                host.cooling_ports.clone_from(&known.cooling_ports);
                host.modify_index = known.modify_index;
                if *known == host {
                    return Ok(());
                }
            }
            txn.put_host(host);
            Ok(())
        })
    }

    /// Keeps a dynamic port from being given again for a while.
    pub fn add_cooling_port(&self, host_id: &str, port: i64) -> Result<(), StateError> {
        self.change_cooling(host_id, |ports| {
            if !ports.contains(&port) {
                ports.push(port);
                ports.sort_unstable();
            }
        })
    }

    /// Ends the rest of a port.
    pub fn remove_cooling_port(&self, host_id: &str, port: i64) -> Result<(), StateError> {
        self.change_cooling(host_id, |ports| ports.retain(|p| *p != port))
    }

    /// Writes how allocations fare, all in one write. A newly failed allocation gets its
    /// evaluation in the same write, so that a crash cannot lose it.
    pub fn update_allocs_from_client(&self, updates: Vec<AllocUpdate>) -> Result<(), StateError> {
        self.write_observed(|txn| {
            for update in updates {
                txn.update_alloc(update);
            }
            Ok(())
        })
    }

    fn change_cooling(
        &self,
        host_id: &str,
        change: impl FnOnce(&mut Vec<i64>),
    ) -> Result<(), StateError> {
        self.write_observed(|txn| {
            let known = txn.host(host_id).ok_or(StateError::NotFound("host"))?;
            let mut host = (*known).clone();
            change(&mut host.cooling_ports);
            if *known != host {
                txn.put_host(host);
            }
            Ok(())
        })
    }
}

impl Txn<'_> {
    fn upsert_node(&mut self, mut node: api::Node) {
        let now_ns = self.now_ns();
        if node.scheduling_eligibility.is_empty() {
            node.scheduling_eligibility = "eligible".to_owned();
        }
        let known = self.node(&node.id);
        let status_changed = known.as_ref().is_some_and(|known| known.status != node.status);
        match known {
            Some(known) => {
                node.create_index = known.create_index;
                node.modify_index = known.modify_index;
                node.drain = known.drain;
                node.drain_strategy.clone_from(&known.drain_strategy);
                node.last_drain.clone_from(&known.last_drain);
                node.scheduling_eligibility.clone_from(&known.scheduling_eligibility);
                node.events.clone_from(&known.events);
                node.status_updated_at = known.status_updated_at;
                if *known == node {
                    return;
                }
                if known.status != node.status {
                    node.status_updated_at = now_ns / SECOND_NS;
                }
            }
            None => {
                node.create_index = self.index();
                node.status_updated_at = now_ns / SECOND_NS;
                node.events.push(api::NodeEvent {
                    message: "Node registered".to_owned(),
                    subsystem: "Cluster".to_owned(),
                    timestamp: Some(rfc3339(now_ns)),
                    create_index: self.index(),
                    ..api::NodeEvent::default()
                });
            }
        }
        if status_changed {
            self.evaluate_node(&node.id);
        }
        self.put_node(node);
    }

    /// Jobs with allocations on a node that came or went are looked at again.
    fn evaluate_node(&mut self, node_id: &str) {
        let jobs: BTreeSet<JobKey> = self
            .allocs_of_node(node_id)
            .iter()
            .filter(|record| !record.terminal())
            .map(|record| record.job_key())
            .collect();
        for key in jobs {
            if let Some(job) = self.job(&key) {
                let node_id = node_id.to_owned();
                self.create_eval(
                    &job,
                    NewEval { triggered_by: "node-update", node_id, ..NewEval::default() },
                );
            }
        }
    }

    fn update_alloc(&mut self, update: AllocUpdate) {
        let Some(record) = self.alloc(&update.id) else {
            return;
        };
        let before = &record.alloc;
        let mut alloc = before.clone();
        alloc.client_status = update.client_status;
        alloc.client_description = update.client_description;
        alloc.task_states = update.task_states;
        if alloc != *before {
            self.put_alloc(alloc, record.job.clone());
        }
        let key = record.job_key();
        if let Some(healthy) = update.deployment_health {
            self.set_alloc_health(&update.id, healthy);
        }
        let Some(after) = self.alloc(&update.id) else {
            return;
        };
        if after.alloc.client_status == before.client_status {
            return;
        }
        if after.alloc.client_status == "failed" && record.alloc.client_status != "failed" {
            self.evaluate_failure(&key, &after);
        }
        self.refresh_job_status(&key);
    }

    /// A failed allocation that should run is looked at again: it may be rescheduled.
    fn evaluate_failure(&mut self, key: &JobKey, record: &AllocRecord) {
        let Some(job) = self.job(key) else {
            return;
        };
        if record.server_terminal() || job.stop == Some(true) {
            return;
        }
        // One that waits for a later time is the follow-up of another failure.
        let waiting = self.evals_of_job(key).iter().any(|e| {
            e.status == "pending" && e.triggered_by == "alloc-failure" && e.wait_until.is_none()
        });
        if !waiting {
            self.create_eval(&job, NewEval { triggered_by: "alloc-failure", ..NewEval::default() });
        }
    }
}
