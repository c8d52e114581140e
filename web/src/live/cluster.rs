//! The cluster as the page reads it: the merged document with the look-ups that tables need.
//!
//! Shared and changed in place, because a delta must not copy a large cluster; a generation number says
//! whether two handles show the same state.

use std::cell::{Ref, RefCell};
use std::cmp::Reverse;
use std::rc::Rc;

use steppe_planner::api;
use steppe_planner::snapshot::{DOCUMENT_VERSION, Document, SnapshotError};

use crate::positions::Positions;

/// A handle to the merged document.
#[derive(Clone, Default)]
pub struct Cluster {
    shared: Rc<RefCell<Document>>,
    generation: u64,
}

impl PartialEq for Cluster {
    fn eq(&self, other: &Cluster) -> bool {
        self.generation == other.generation && Rc::ptr_eq(&self.shared, &other.shared)
    }
}

/// A job's allocations, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobCounts {
    /// What the groups ask for together; 0 for a stopped job.
    pub desired: i64,
    pub running: i64,
    pub pending: i64,
    pub failed: i64,
    pub complete: i64,
    pub lost: i64,
}

impl Cluster {
    /// A cluster from a whole document.
    pub fn new(document: Document, generation: u64) -> Result<Cluster, SnapshotError> {
        if document.version != DOCUMENT_VERSION {
            return Err(SnapshotError::Version(document.version));
        }
        Ok(Cluster { shared: Rc::new(RefCell::new(document)), generation })
    }

    /// The cluster after a delta. Older handles see the new state too, but compare as different.
    pub fn apply(&self, delta: Document, generation: u64) -> Result<Cluster, SnapshotError> {
        self.shared.borrow_mut().apply(delta)?;
        Ok(Cluster { shared: Rc::clone(&self.shared), generation })
    }

    /// True before the first document.
    pub fn is_empty(&self) -> bool {
        self.generation == 0
    }

    /// The document, for reading.
    pub fn read(&self) -> Ref<'_, Document> {
        self.shared.borrow()
    }

    /// The state's index.
    pub fn index(&self) -> u64 {
        self.read().index
    }

    /// The newest version of every job, by name of the namespace and the job.
    pub fn jobs(&self) -> Vec<api::Job> {
        let document = self.read();
        let mut jobs: Vec<&api::Job> = document.jobs.iter().collect();
        jobs.sort_by_key(|job| (namespace(job), id(job), Reverse(job.version.unwrap_or_default())));
        jobs.dedup_by_key(|job| (namespace(job), id(job)));
        jobs.into_iter().cloned().collect()
    }

    /// The newest version of a job.
    pub fn job(&self, job_id: &str) -> Option<api::Job> {
        let document = self.read();
        let versions = document.jobs.iter().filter(|j| id(j) == job_id);
        versions.max_by_key(|j| j.version.unwrap_or_default()).cloned()
    }

    /// A job's allocations, newest first.
    pub fn allocations_of(&self, job_id: &str) -> Vec<api::Allocation> {
        self.allocations_where(&|a| a.job_id == job_id)
    }

    /// Allocations by any rule, newest first.
    pub fn allocations_where(
        &self,
        keep: &dyn Fn(&api::Allocation) -> bool,
    ) -> Vec<api::Allocation> {
        let document = self.read();
        let mut found: Vec<_> = document.allocations.iter().filter(|a| keep(a)).cloned().collect();
        newest_first(&mut found);
        found
    }

    /// One node.
    pub fn node(&self, node_id: &str) -> Option<api::Node> {
        self.read().nodes.iter().find(|n| n.id == node_id).cloned()
    }

    /// The machine of a node.
    pub fn host_of(&self, node_id: &str) -> Option<api::Host> {
        let document = self.read();
        document.hosts.iter().find(|h| h.node_ids.iter().any(|n| n == node_id)).cloned()
    }

    /// A job's newest deployment.
    pub fn deployment_of(&self, job_id: &str) -> Option<api::Deployment> {
        let document = self.read();
        let deployments = document.deployments.iter().filter(|d| d.job_id == job_id);
        deployments.max_by_key(|d| d.create_index).cloned()
    }

    /// The counts of each of the jobs.
    pub fn counts(&self, jobs: &[api::Job]) -> Vec<JobCounts> {
        let places = Positions::new(jobs.iter().map(id));
        let start = |job| JobCounts { desired: desired_count(job), ..JobCounts::default() };
        let mut all: Vec<JobCounts> = jobs.iter().map(start).collect();
        for allocation in &self.read().allocations {
            let Some(at) = places.of(&allocation.job_id) else { continue };
            let counts = &mut all[at];
            match allocation.client_status.as_str() {
                "running" => counts.running += 1,
                "pending" => counts.pending += 1,
                "failed" => counts.failed += 1,
                "complete" => counts.complete += 1,
                "lost" | "unknown" => counts.lost += 1,
                _ => {}
            }
        }
        all
    }
}

/// Newest first; those placed together by name.
pub fn newest_first(allocations: &mut [api::Allocation]) {
    allocations.sort_by(|a, b| {
        let newest = b.create_index.cmp(&a.create_index);
        newest.then_with(|| name_order(a).cmp(&name_order(b))).then_with(|| a.id.cmp(&b.id))
    });
}

/// `web.web[10]` comes after `web.web[9]`.
fn name_order(allocation: &api::Allocation) -> (&str, u64) {
    let (name, index) = allocation.name.rsplit_once('[').unwrap_or((&allocation.name, ""));
    (name, index.trim_end_matches(']').parse().unwrap_or_default())
}

fn desired_count(job: &api::Job) -> i64 {
    if job.stop.unwrap_or_default() {
        return 0;
    }
    job.task_groups.iter().map(|g| g.count.unwrap_or(1)).sum()
}

fn id(job: &api::Job) -> &str {
    job.id.as_deref().unwrap_or_default()
}

fn namespace(job: &api::Job) -> &str {
    job.namespace.as_deref().unwrap_or("default")
}
