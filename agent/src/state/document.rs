//! The state as the planner's input: one document, or what changed in it since an index.

use std::collections::BTreeSet;
use std::sync::Arc;

use steppe_planner::api;
use steppe_planner::snapshot::{DOCUMENT_VERSION, Document, Removed, job_key};

use super::changes::{Changes, Topic};
use super::record::{AllocRecord, VersionKey};
use super::tables::State;

/// The rules in force on our own engine.
const PROFILE: &str = "2.0";

impl State {
    /// Everything planning may look at.
    pub fn document(&self, now_ns: i64) -> Document {
        Document {
            nodes: self.nodes().into_iter().map(|n| public_node(n)).collect(),
            hosts: self.hosts().map(|h| (**h).clone()).collect(),
            jobs: self.planned_versions().map(|job| (**job).clone()).collect(),
            allocations: self.allocs().filter(|r| matters(r)).map(|r| slim(r)).collect(),
            deployments: self.deployments().map(|d| (**d).clone()).collect(),
            scheduler_config: Some((**self.scheduler_config()).clone()),
            ..self.empty_document(now_ns)
        }
    }

    /// What changed in the document since `changes` began.
    pub fn document_since(&self, base: u64, changes: &Changes, now_ns: i64) -> Document {
        let mut document = Document { base: Some(base), ..self.empty_document(now_ns) };
        let mut removed = Removed::default();
        let planned: BTreeSet<String> = self.planned_versions().map(|j| job_key(j)).collect();
        for (topic, key) in &changes.documents {
            match topic {
                Topic::Node => match self.node(key) {
                    Some(node) => document.nodes.push(public_node(node)),
                    None => removed.nodes.push(key.clone()),
                },
                Topic::Host => match self.host(key) {
                    Some(host) => document.hosts.push((**host).clone()),
                    None => removed.hosts.push(key.clone()),
                },
                Topic::Job if !planned.contains(key) => removed.jobs.push(key.clone()),
                Topic::Allocation => match self.alloc(key).filter(|r| matters(r)) {
                    Some(record) => document.allocations.push(slim(record)),
                    None => removed.allocations.push(key.clone()),
                },
                Topic::Deployment => match self.deployment(key) {
                    Some(deployment) => document.deployments.push((**deployment).clone()),
                    None => removed.deployments.push(key.clone()),
                },
                Topic::SchedulerConfiguration => {
                    document.scheduler_config = Some((**self.scheduler_config()).clone());
                }
                Topic::Job | Topic::Evaluation => {}
            }
        }
        document.nodes.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        let changed =
            |job: &&Arc<api::Job>| changes.documents.contains(&(Topic::Job, job_key(job)));
        document.jobs = self.planned_versions().filter(changed).map(|j| (**j).clone()).collect();
        document.removed = Some(removed);
        document
    }

    fn empty_document(&self, now_ns: i64) -> Document {
        Document {
            version: DOCUMENT_VERSION,
            index: self.index(),
            now: now_ns,
            profile: PROFILE.to_owned(),
            ..Document::default()
        }
    }

    /// The versions of registered jobs. What a purged job left behind only ends, and needs none.
    fn planned_versions(&self) -> impl Iterator<Item = &Arc<api::Job>> {
        self.jobs.values().flat_map(|current| {
            let first = VersionKey { version: 0, ..current.clone() };
            self.versions.range(first..=current.clone()).map(|(_, job)| job)
        })
    }
}

/// An allocation that both sides have ended is history, not input.
fn matters(record: &AllocRecord) -> bool {
    !(record.server_terminal() && record.client_terminal())
}

/// The allocation without what planning does not read.
fn slim(record: &AllocRecord) -> api::Allocation {
    let mut alloc = record.alloc.clone();
    alloc.metrics = None;
    for state in alloc.task_states.values_mut() {
        state.events.clear();
        state.task_handle = None;
    }
    alloc
}

/// The secret of a node stays with the agent.
fn public_node(node: &api::Node) -> api::Node {
    let mut node = node.clone();
    node.secret_id.clear();
    node.events.clear();
    node
}
