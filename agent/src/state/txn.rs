//! One write: reads see what it has already put; nothing is kept unless all of it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::Connection;
use steppe_planner::api;
use steppe_planner::snapshot::job_key;

use super::changes::{Change, Topic};
use super::record::{AllocRecord, JobKey, JobSource, StoredAlloc, VersionKey};
use super::schema::{self, StoredJob, StoredSource};
use super::store::StateError;
use super::tables::{State, Table};
use crate::clock::Clock;
use crate::ids::Ids;

/// Whether a write waits for the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Durability {
    Acknowledged,
    Observed,
}

/// A write in the making.
pub struct Txn<'a> {
    base: &'a State,
    clock: &'a dyn Clock,
    ids: &'a dyn Ids,
    writes: Writes,
}

/// What a transaction puts and removes; `None` removes.
#[derive(Debug, Default)]
pub(super) struct Writes {
    index: u64,
    jobs: BTreeMap<JobKey, Option<VersionKey>>,
    versions: BTreeMap<VersionKey, Option<Arc<api::Job>>>,
    sources: BTreeMap<VersionKey, Option<Arc<JobSource>>>,
    nodes: BTreeMap<String, Option<Arc<api::Node>>>,
    hosts: BTreeMap<String, Option<Arc<api::Host>>>,
    evals: BTreeMap<String, Option<Arc<api::Evaluation>>>,
    allocs: BTreeMap<String, Option<Arc<AllocRecord>>>,
    deployments: BTreeMap<String, Option<Arc<api::Deployment>>>,
    scheduler_config: Option<Arc<api::SchedulerConfiguration>>,
    touched: BTreeMap<Table, u64>,
    changes: Vec<Change>,
}

impl<'a> Txn<'a> {
    pub(super) fn new(base: &'a State, clock: &'a dyn Clock, ids: &'a dyn Ids) -> Txn<'a> {
        let writes = Writes { index: base.index() + 1, ..Writes::default() };
        Txn { base, clock, ids, writes }
    }

    /// The state before this write.
    pub fn before(&self) -> &'a State {
        self.base
    }

    /// The index the records written now get.
    pub fn index(&self) -> u64 {
        self.writes.index
    }

    /// Begins a further step of the same write, under the next index.
    pub fn next_index(&mut self) {
        self.writes.index += 1;
    }

    /// The time now.
    pub fn now_ns(&self) -> i64 {
        self.clock.now_ns()
    }

    /// A new identifier.
    pub fn uuid(&self) -> String {
        self.ids.uuid()
    }

    /// A registered job.
    pub fn job(&self, key: &JobKey) -> Option<Arc<api::Job>> {
        let version = match self.writes.jobs.get(key) {
            Some(written) => written.as_ref()?,
            None => self.base.jobs.get(key)?,
        };
        self.version(version)
    }

    /// A version of a job, also of one that is purged.
    pub fn version(&self, key: &VersionKey) -> Option<Arc<api::Job>> {
        overlaid(&self.writes.versions, &self.base.versions, key)
    }

    /// The text of a version.
    pub fn source(&self, key: &VersionKey) -> Option<Arc<JobSource>> {
        overlaid(&self.writes.sources, &self.base.sources, key)
    }

    /// A node.
    pub fn node(&self, id: &str) -> Option<Arc<api::Node>> {
        overlaid(&self.writes.nodes, &self.base.nodes, id)
    }

    /// A host.
    pub fn host(&self, id: &str) -> Option<Arc<api::Host>> {
        overlaid(&self.writes.hosts, &self.base.hosts, id)
    }

    /// An evaluation.
    pub fn eval(&self, id: &str) -> Option<Arc<api::Evaluation>> {
        overlaid(&self.writes.evals, &self.base.evals, id)
    }

    /// An allocation.
    pub fn alloc(&self, id: &str) -> Option<Arc<AllocRecord>> {
        overlaid(&self.writes.allocs, &self.base.allocs, id)
    }

    /// A deployment.
    pub fn deployment(&self, id: &str) -> Option<Arc<api::Deployment>> {
        overlaid(&self.writes.deployments, &self.base.deployments, id)
    }

    /// The evaluations of a job.
    pub fn evals_of_job(&self, key: &JobKey) -> Vec<Arc<api::Evaluation>> {
        merged(
            &self.writes.evals,
            self.base.evals_of_job(key),
            |e| &e.id,
            |e| e.namespace == key.namespace && e.job_id == key.id,
        )
    }

    /// The allocations of a job.
    pub fn allocs_of_job(&self, key: &JobKey) -> Vec<Arc<AllocRecord>> {
        merged(
            &self.writes.allocs,
            self.base.allocs_of_job(key),
            |r| &r.alloc.id,
            |r| r.alloc.namespace == key.namespace && r.alloc.job_id == key.id,
        )
    }

    /// The allocations of a node.
    pub fn allocs_of_node(&self, node_id: &str) -> Vec<Arc<AllocRecord>> {
        merged(
            &self.writes.allocs,
            self.base.allocs_of_node(node_id),
            |r| &r.alloc.id,
            |r| r.alloc.node_id == node_id,
        )
    }

    /// The deployments of a job, newest first.
    pub fn deployments_of_job(&self, key: &JobKey) -> Vec<Arc<api::Deployment>> {
        let known = self.base.deployments_of_job(key);
        let mut list = merged(
            &self.writes.deployments,
            known,
            |d| &d.id,
            |d| d.namespace == key.namespace && d.job_id == key.id,
        );
        list.sort_by_key(|d| std::cmp::Reverse(d.create_index));
        list
    }

    /// Makes a version the registered one.
    pub fn put_job(&mut self, mut job: api::Job) -> Arc<api::Job> {
        job.modify_index = Some(self.index());
        let key = VersionKey::of(&job);
        let job = Arc::new(job);
        self.changed(Table::Jobs, Topic::Job, job_key(&job));
        self.writes.jobs.insert(key.job.clone(), Some(key.clone()));
        self.writes.versions.insert(key, Some(Arc::clone(&job)));
        job
    }

    /// Rewrites a version without registering it.
    pub fn put_version(&mut self, mut job: api::Job) {
        job.modify_index = Some(self.index());
        self.changed(Table::Jobs, Topic::Job, job_key(&job));
        self.writes.versions.insert(VersionKey::of(&job), Some(Arc::new(job)));
    }

    /// Unregisters a job; its versions stay for the allocations that need them.
    pub fn remove_job(&mut self, key: &JobKey) {
        let Some(job) = self.job(key) else { return };
        self.changed(Table::Jobs, Topic::Job, job_key(&job));
        // The older versions leave the planner's document with it.
        let last = VersionKey::of(&job);
        let first = VersionKey { version: 0, ..last.clone() };
        let base = self.base;
        for (_, version) in base.versions.range(first..=last) {
            self.changed(Table::Jobs, Topic::Job, job_key(version));
        }
        self.writes.jobs.insert(key.clone(), None);
    }

    /// Forgets a version nobody needs any more, with its text.
    pub fn remove_version(&mut self, key: &VersionKey) {
        if let Some(job) = self.version(key) {
            self.changed(Table::Jobs, Topic::Job, job_key(&job));
            self.writes.versions.insert(key.clone(), None);
            self.writes.sources.insert(key.clone(), None);
        }
    }

    /// Keeps the text of a version.
    pub fn put_source(&mut self, key: VersionKey, source: JobSource) {
        self.writes.sources.insert(key, Some(Arc::new(source)));
    }

    /// Writes a node.
    pub fn put_node(&mut self, mut node: api::Node) {
        node.modify_index = self.index();
        self.changed(Table::Nodes, Topic::Node, node.id.clone());
        self.writes.nodes.insert(node.id.clone(), Some(Arc::new(node)));
    }

    /// Forgets a node.
    pub fn remove_node(&mut self, id: &str) {
        self.changed(Table::Nodes, Topic::Node, id.to_owned());
        self.writes.nodes.insert(id.to_owned(), None);
    }

    /// Writes a host.
    pub fn put_host(&mut self, mut host: api::Host) {
        host.modify_index = self.index();
        self.changed(Table::Hosts, Topic::Host, host.id.clone());
        self.writes.hosts.insert(host.id.clone(), Some(Arc::new(host)));
    }

    /// Forgets a host.
    pub fn remove_host(&mut self, id: &str) {
        self.changed(Table::Hosts, Topic::Host, id.to_owned());
        self.writes.hosts.insert(id.to_owned(), None);
    }

    /// Writes an evaluation.
    pub fn put_eval(&mut self, mut eval: api::Evaluation) -> Arc<api::Evaluation> {
        eval.modify_index = self.index();
        eval.modify_time = self.now_ns();
        let eval = Arc::new(eval);
        self.changed(Table::Evaluations, Topic::Evaluation, eval.id.clone());
        self.writes.evals.insert(eval.id.clone(), Some(Arc::clone(&eval)));
        eval
    }

    /// Forgets an evaluation.
    pub fn remove_eval(&mut self, id: &str) {
        self.changed(Table::Evaluations, Topic::Evaluation, id.to_owned());
        self.writes.evals.insert(id.to_owned(), None);
    }

    /// Writes an allocation. The job inside the document, if any, is dropped.
    pub fn put_alloc(&mut self, mut alloc: api::Allocation, job: Arc<api::Job>) {
        alloc.job = None;
        alloc.job_version = job.version;
        alloc.modify_index = self.index();
        alloc.modify_time = self.now_ns();
        self.changed(Table::Allocations, Topic::Allocation, alloc.id.clone());
        self.writes.allocs.insert(alloc.id.clone(), Some(Arc::new(AllocRecord { alloc, job })));
    }

    /// Forgets an allocation.
    pub fn remove_alloc(&mut self, id: &str) {
        self.changed(Table::Allocations, Topic::Allocation, id.to_owned());
        self.writes.allocs.insert(id.to_owned(), None);
    }

    /// Writes a deployment.
    pub fn put_deployment(&mut self, mut deployment: api::Deployment) {
        deployment.modify_index = self.index();
        self.changed(Table::Deployments, Topic::Deployment, deployment.id.clone());
        self.writes.deployments.insert(deployment.id.clone(), Some(Arc::new(deployment)));
    }

    /// Forgets a deployment.
    pub fn remove_deployment(&mut self, id: &str) {
        self.changed(Table::Deployments, Topic::Deployment, id.to_owned());
        self.writes.deployments.insert(id.to_owned(), None);
    }

    /// Writes the settings of the scheduler.
    pub fn put_scheduler_config(&mut self, mut config: api::SchedulerConfiguration) {
        config.modify_index = self.index();
        self.changed(Table::SchedulerConfiguration, Topic::SchedulerConfiguration, String::new());
        self.writes.scheduler_config = Some(Arc::new(config));
    }

    pub(super) fn into_writes(self) -> Writes {
        self.writes
    }

    fn changed(&mut self, table: Table, topic: Topic, key: String) {
        let index = self.writes.index;
        self.writes.touched.insert(table, index);
        self.writes.changes.push(Change { index, topic, key });
    }
}

impl Writes {
    pub(super) fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.sources.is_empty()
    }

    pub(super) fn index(&self) -> u64 {
        self.index
    }

    /// Puts everything into the database, all or nothing.
    pub(super) fn store(
        &self,
        connection: &mut Connection,
        durability: Durability,
    ) -> Result<(), StateError> {
        let mode = match durability {
            Durability::Acknowledged => "FULL",
            Durability::Observed => "NORMAL",
        };
        connection.pragma_update(None, "synchronous", mode)?;
        let db = connection.transaction()?;
        for (key, row) in &self.jobs {
            let stored = row.as_ref().map(StoredJob::from);
            write_row(&db, "jobs", &key.to_string(), stored.as_ref())?;
        }
        for (key, row) in &self.versions {
            write_row(&db, "job_versions", &key.to_string(), row.as_deref())?;
        }
        for (key, row) in &self.sources {
            let stored = row.as_ref().map(|source| StoredSource {
                job: StoredJob::from(key),
                source: (**source).clone(),
            });
            write_row(&db, "job_sources", &key.to_string(), stored.as_ref())?;
        }
        write_rows(&db, "nodes", &self.nodes)?;
        write_rows(&db, "hosts", &self.hosts)?;
        write_rows(&db, "evaluations", &self.evals)?;
        write_rows(&db, "deployments", &self.deployments)?;
        for (id, row) in &self.allocs {
            let stored = row.as_ref().map(|record| StoredAlloc {
                job_create_index: record.job.create_index.unwrap_or_default(),
                job_version: record.job.version.unwrap_or_default(),
                alloc: record.alloc.clone(),
            });
            write_row(&db, "allocations", id, stored.as_ref())?;
        }
        if let Some(config) = &self.scheduler_config {
            schema::put(&db, "settings", "scheduler", &**config)?;
        }
        schema::put_indexes(&db, self.index, self.touched.iter().map(|(t, i)| (*t, *i)))?;
        db.commit()?;
        Ok(())
    }

    /// Puts everything into memory and gives the changes to announce.
    pub(super) fn apply(self, state: &mut State) -> Vec<Change> {
        let Writes {
            index,
            jobs,
            versions,
            sources,
            nodes,
            hosts,
            evals,
            allocs,
            deployments,
            scheduler_config,
            touched,
            changes,
        } = self;
        replace(&mut state.jobs, jobs);
        replace(&mut state.versions, versions);
        replace(&mut state.sources, sources);
        replace(&mut state.nodes, nodes);
        replace(&mut state.hosts, hosts);
        for (id, eval) in evals {
            match eval {
                Some(eval) => state.put_eval(eval),
                None => state.remove_eval(&id),
            }
        }
        for (id, record) in allocs {
            match record {
                Some(record) => state.put_alloc(record),
                None => state.remove_alloc(&id),
            }
        }
        for (id, deployment) in deployments {
            match deployment {
                Some(deployment) => state.put_deployment(deployment),
                None => state.remove_deployment(&id),
            }
        }
        if let Some(config) = scheduler_config {
            state.scheduler_config = config;
        }
        state.table_index.extend(touched);
        state.index = index;
        changes
    }
}

fn overlaid<K, Q, T>(
    written: &BTreeMap<K, Option<Arc<T>>>,
    base: &BTreeMap<K, Arc<T>>,
    key: &Q,
) -> Option<Arc<T>>
where
    K: Ord + std::borrow::Borrow<Q>,
    Q: Ord + ?Sized,
{
    match written.get(key) {
        Some(row) => row.clone(),
        None => base.get(key).cloned(),
    }
}

fn merged<T>(
    written: &BTreeMap<String, Option<Arc<T>>>,
    base: Vec<&Arc<T>>,
    id: impl Fn(&T) -> &String,
    belongs: impl Fn(&T) -> bool,
) -> Vec<Arc<T>> {
    let untouched = base.into_iter().filter(|t| !written.contains_key(id(t))).cloned();
    let new = written.values().flatten().filter(|t| belongs(t)).cloned();
    untouched.chain(new).collect()
}

fn replace<K: Ord, T>(rows: &mut BTreeMap<K, T>, written: BTreeMap<K, Option<T>>) {
    for (key, row) in written {
        match row {
            Some(row) => {
                rows.insert(key, row);
            }
            None => {
                rows.remove(&key);
            }
        }
    }
}

fn write_rows<T: serde::Serialize>(
    db: &Connection,
    table: &str,
    rows: &BTreeMap<String, Option<Arc<T>>>,
) -> Result<(), StateError> {
    for (key, row) in rows {
        write_row(db, table, key, row.as_deref())?;
    }
    Ok(())
}

fn write_row<T: serde::Serialize>(
    db: &Connection,
    table: &str,
    key: &str,
    row: Option<&T>,
) -> Result<(), StateError> {
    match row {
        Some(document) => schema::put(db, table, key, document),
        None => schema::delete(db, table, key),
    }
}
