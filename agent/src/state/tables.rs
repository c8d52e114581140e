//! The copy in memory: every record by its key, and the few ways to find records by something else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use steppe_planner::api;

use super::record::{AllocRecord, JobKey, JobSource, VersionKey};

/// The kinds of records, each a table of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    Jobs,
    Nodes,
    Hosts,
    Evaluations,
    Allocations,
    Deployments,
    SchedulerConfiguration,
}

/// All records at one index.
#[derive(Debug, Default)]
pub struct State {
    pub(super) index: u64,
    /// The registered version of each job.
    pub(super) jobs: BTreeMap<JobKey, VersionKey>,
    pub(super) versions: BTreeMap<VersionKey, Arc<api::Job>>,
    pub(super) sources: BTreeMap<VersionKey, Arc<JobSource>>,
    pub(super) nodes: BTreeMap<String, Arc<api::Node>>,
    pub(super) hosts: BTreeMap<String, Arc<api::Host>>,
    pub(super) evals: BTreeMap<String, Arc<api::Evaluation>>,
    pub(super) allocs: BTreeMap<String, Arc<AllocRecord>>,
    pub(super) deployments: BTreeMap<String, Arc<api::Deployment>>,
    pub(super) scheduler_config: Arc<api::SchedulerConfiguration>,
    pub(super) table_index: BTreeMap<Table, u64>,
    /// Pending or blocked.
    open_evals: BTreeSet<String>,
    evals_by_job: BTreeMap<JobKey, BTreeSet<String>>,
    allocs_by_job: BTreeMap<JobKey, BTreeSet<String>>,
    allocs_by_node: BTreeMap<String, BTreeSet<String>>,
    allocs_by_eval: BTreeMap<String, BTreeSet<String>>,
    deployments_by_job: BTreeMap<JobKey, BTreeSet<String>>,
}

impl State {
    /// The index of the last write.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// The index of the last write to a table; never 0, so that clients can block on it.
    pub fn table_index(&self, table: Table) -> u64 {
        self.table_index.get(&table).copied().unwrap_or_default().max(1)
    }

    /// A registered job (stopped ones included).
    pub fn job(&self, key: &JobKey) -> Option<&Arc<api::Job>> {
        self.versions.get(self.jobs.get(key)?)
    }

    /// Every registered job, by namespace, then ID.
    pub fn jobs(&self) -> impl Iterator<Item = &Arc<api::Job>> {
        self.jobs.values().filter_map(|version| self.versions.get(version))
    }

    /// The remembered versions of a registered job, newest first.
    pub fn job_versions(&self, key: &JobKey) -> Vec<&Arc<api::Job>> {
        let Some(current) = self.jobs.get(key) else {
            return Vec::new();
        };
        let first = VersionKey { version: 0, ..current.clone() };
        self.versions.range(first..=current.clone()).rev().map(|(_, job)| job).collect()
    }

    /// One version of a registered job.
    pub fn job_version(&self, key: &JobKey, version: u64) -> Option<&Arc<api::Job>> {
        self.versions.get(&VersionKey { version, ..self.jobs.get(key)?.clone() })
    }

    /// The text of one version of a registered job.
    pub fn source(&self, key: &JobKey, version: u64) -> Option<&Arc<JobSource>> {
        self.sources.get(&VersionKey { version, ..self.jobs.get(key)?.clone() })
    }

    /// A node.
    pub fn node(&self, id: &str) -> Option<&Arc<api::Node>> {
        self.nodes.get(id)
    }

    /// Every node, in the order that breaks ties: by name, then ID.
    pub fn nodes(&self) -> Vec<&Arc<api::Node>> {
        let mut nodes: Vec<_> = self.nodes.values().collect();
        nodes.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        nodes
    }

    /// A host.
    pub fn host(&self, id: &str) -> Option<&Arc<api::Host>> {
        self.hosts.get(id)
    }

    /// Every host, by ID.
    pub fn hosts(&self) -> impl Iterator<Item = &Arc<api::Host>> {
        self.hosts.values()
    }

    /// An evaluation.
    pub fn eval(&self, id: &str) -> Option<&Arc<api::Evaluation>> {
        self.evals.get(id)
    }

    /// Every evaluation, by ID.
    pub fn evals(&self) -> impl Iterator<Item = &Arc<api::Evaluation>> {
        self.evals.values()
    }

    /// The evaluations that wait: for their turn, for a time, or for a place.
    pub fn open_evals(&self) -> Vec<&Arc<api::Evaluation>> {
        self.open_evals.iter().filter_map(|id| self.evals.get(id)).collect()
    }

    /// The evaluations of a job, by ID.
    pub fn evals_of_job(&self, key: &JobKey) -> Vec<&Arc<api::Evaluation>> {
        found(&self.evals_by_job, key, &self.evals)
    }

    /// An allocation.
    pub fn alloc(&self, id: &str) -> Option<&Arc<AllocRecord>> {
        self.allocs.get(id)
    }

    /// Every allocation, by ID.
    pub fn allocs(&self) -> impl Iterator<Item = &Arc<AllocRecord>> {
        self.allocs.values()
    }

    /// The allocations of a job (also of a purged one of the same name), by ID.
    pub fn allocs_of_job(&self, key: &JobKey) -> Vec<&Arc<AllocRecord>> {
        found(&self.allocs_by_job, key, &self.allocs)
    }

    /// The allocations of a node, by ID.
    pub fn allocs_of_node(&self, node_id: &str) -> Vec<&Arc<AllocRecord>> {
        found(&self.allocs_by_node, node_id, &self.allocs)
    }

    /// The allocations an evaluation has made, by ID.
    pub fn allocs_of_eval(&self, eval_id: &str) -> Vec<&Arc<AllocRecord>> {
        found(&self.allocs_by_eval, eval_id, &self.allocs)
    }

    /// A deployment.
    pub fn deployment(&self, id: &str) -> Option<&Arc<api::Deployment>> {
        self.deployments.get(id)
    }

    /// Every deployment, by ID.
    pub fn deployments(&self) -> impl Iterator<Item = &Arc<api::Deployment>> {
        self.deployments.values()
    }

    /// The deployments of a job, newest first.
    pub fn deployments_of_job(&self, key: &JobKey) -> Vec<&Arc<api::Deployment>> {
        let mut list = found(&self.deployments_by_job, key, &self.deployments);
        list.sort_by_key(|d| std::cmp::Reverse(d.create_index));
        list
    }

    /// The settings of the scheduler.
    pub fn scheduler_config(&self) -> &Arc<api::SchedulerConfiguration> {
        &self.scheduler_config
    }

    pub(super) fn put_eval(&mut self, eval: Arc<api::Evaluation>) {
        let key = JobKey::new(&eval.namespace, &eval.job_id);
        self.evals_by_job.entry(key).or_default().insert(eval.id.clone());
        if matches!(eval.status.as_str(), "pending" | "blocked") {
            self.open_evals.insert(eval.id.clone());
        } else {
            self.open_evals.remove(&eval.id);
        }
        self.evals.insert(eval.id.clone(), eval);
    }

    pub(super) fn remove_eval(&mut self, id: &str) {
        self.open_evals.remove(id);
        if let Some(eval) = self.evals.remove(id) {
            unlist(&mut self.evals_by_job, &JobKey::new(&eval.namespace, &eval.job_id), id);
        }
    }

    pub(super) fn put_alloc(&mut self, record: Arc<AllocRecord>) {
        let alloc = &record.alloc;
        // An in-place update moves the allocation to another evaluation.
        if let Some(old) = self.allocs.get(&alloc.id)
            && old.alloc.eval_id != alloc.eval_id
        {
            unlist(&mut self.allocs_by_eval, old.alloc.eval_id.as_str(), &alloc.id);
        }
        self.allocs_by_job.entry(record.job_key()).or_default().insert(alloc.id.clone());
        self.allocs_by_node.entry(alloc.node_id.clone()).or_default().insert(alloc.id.clone());
        self.allocs_by_eval.entry(alloc.eval_id.clone()).or_default().insert(alloc.id.clone());
        self.allocs.insert(alloc.id.clone(), record);
    }

    pub(super) fn remove_alloc(&mut self, id: &str) {
        if let Some(record) = self.allocs.remove(id) {
            unlist(&mut self.allocs_by_job, &record.job_key(), id);
            unlist(&mut self.allocs_by_node, record.alloc.node_id.as_str(), id);
            unlist(&mut self.allocs_by_eval, record.alloc.eval_id.as_str(), id);
        }
    }

    pub(super) fn put_deployment(&mut self, deployment: Arc<api::Deployment>) {
        let key = JobKey::new(&deployment.namespace, &deployment.job_id);
        self.deployments_by_job.entry(key).or_default().insert(deployment.id.clone());
        self.deployments.insert(deployment.id.clone(), deployment);
    }

    pub(super) fn remove_deployment(&mut self, id: &str) {
        if let Some(gone) = self.deployments.remove(id) {
            unlist(&mut self.deployments_by_job, &JobKey::new(&gone.namespace, &gone.job_id), id);
        }
    }
}

fn found<'a, K, Q, T>(
    lists: &BTreeMap<K, BTreeSet<String>>,
    key: &Q,
    records: &'a BTreeMap<String, Arc<T>>,
) -> Vec<&'a Arc<T>>
where
    K: Ord + std::borrow::Borrow<Q>,
    Q: Ord + ?Sized,
{
    lists.get(key).into_iter().flatten().filter_map(|id| records.get(id)).collect()
}

fn unlist<K, Q>(lists: &mut BTreeMap<K, BTreeSet<String>>, key: &Q, id: &str)
where
    K: Ord + std::borrow::Borrow<Q>,
    Q: Ord + ?Sized,
{
    if let Some(list) = lists.get_mut(key) {
        list.remove(id);
        if list.is_empty() {
            lists.remove(key);
        }
    }
}
