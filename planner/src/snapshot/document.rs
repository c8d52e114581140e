//! The snapshot on the wire, whole or as a change to an earlier one.

use std::collections::{BTreeMap, BTreeSet};

use super::Cluster;
use crate::api;
use crate::order::sort_by_text;
use crate::record::Record;

/// The format written into `Document::version`.
pub const DOCUMENT_VERSION: u32 = 1;

/// A cluster at one index, or (with `base`) what changed since an earlier index.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct Document {
    pub version: u32,
    pub index: u64,
    /// Present in a delta: the index it applies to.
    #[record(skip)]
    pub base: Option<u64>,
    /// The time of the snapshot, nanoseconds since the epoch.
    pub now: i64,
    /// The rules in force: `1.1` or `2.0` (see `semantics`).
    pub profile: String,
    /// In the order that breaks ties: by name, then ID.
    pub nodes: Vec<api::Node>,
    pub hosts: Vec<api::Host>,
    /// Every job version that a live allocation or a registered job needs.
    pub jobs: Vec<api::Job>,
    /// Without their embedded job; `job_version` says which one they belong to.
    pub allocations: Vec<api::Allocation>,
    pub deployments: Vec<api::Deployment>,
    #[record(skip)]
    pub csi_volumes: Vec<api::Value>,
    #[record(skip)]
    pub scheduler_config: Option<api::SchedulerConfiguration>,
    /// Only in a delta: what is gone.
    #[record(skip)]
    pub removed: Option<Removed>,
}

/// IDs of documents that no longer exist.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct Removed {
    pub nodes: Vec<String>,
    pub hosts: Vec<String>,
    pub jobs: Vec<String>,
    pub allocations: Vec<String>,
    pub deployments: Vec<String>,
}

/// Why a document cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SnapshotError {
    /// Written by a version this one does not read.
    Version(u32),
    /// A delta for another index than the snapshot's.
    Base { expected: u64, found: u64 },
}

impl std::fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            SnapshotError::Version(v) => {
                write!(f, "snapshot format {v} is not known, this build reads {DOCUMENT_VERSION}")
            }
            SnapshotError::Base { expected, found } => {
                write!(f, "the change is for index {found}, the snapshot is at {expected}")
            }
        }
    }
}

impl std::error::Error for SnapshotError {}

/// The cluster compiled for planning.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    document: Document,
    cluster: Cluster,
}

impl Snapshot {
    /// Compiles a whole document.
    pub fn new(document: Document) -> Result<Snapshot, SnapshotError> {
        if document.version != DOCUMENT_VERSION {
            return Err(SnapshotError::Version(document.version));
        }
        let cluster = Cluster::compile(&document);
        Ok(Snapshot { document, cluster })
    }

    /// Applies a delta: entries replace those of the same ID, removed ones go.
    pub fn apply(&mut self, delta: Document) -> Result<(), SnapshotError> {
        let base = delta.base.unwrap_or_default();
        if base != self.document.index {
            return Err(SnapshotError::Base { expected: self.document.index, found: base });
        }
        let removed = delta.removed.unwrap_or_default();
        let document = &mut self.document;
        merge(&mut document.nodes, delta.nodes, &removed.nodes, |n| n.id.clone());
        merge(&mut document.hosts, delta.hosts, &removed.hosts, |h| h.id.clone());
        merge(&mut document.jobs, delta.jobs, &removed.jobs, job_key);
        merge(&mut document.allocations, delta.allocations, &removed.allocations, |a| a.id.clone());
        merge(&mut document.deployments, delta.deployments, &removed.deployments, |d| d.id.clone());
        // The order of a whole document: what is planned may not depend on how the snapshot came about.
        document.nodes.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        sort_by_text(&mut document.hosts, |d| &d.id);
        document.jobs.sort_by(|a, b| job_order(a).cmp(&job_order(b)));
        sort_by_text(&mut document.allocations, |d| &d.id);
        sort_by_text(&mut document.deployments, |d| &d.id);
        if !delta.profile.is_empty() {
            document.profile = delta.profile;
        }
        if !delta.csi_volumes.is_empty() {
            document.csi_volumes = delta.csi_volumes;
        }
        document.scheduler_config = delta.scheduler_config.or(document.scheduler_config.take());
        document.now = delta.now;
        document.index = delta.index;
        self.cluster = Cluster::compile(&self.document);
        Ok(())
    }

    /// The compiled cluster.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// The documents behind the snapshot.
    pub fn document(&self) -> &Document {
        &self.document
    }
}

/// A job version's key: `namespace/id@version`. `Removed::jobs` holds such keys.
pub fn job_key(job: &api::Job) -> String {
    format!(
        "{}/{}@{}",
        job.namespace.as_deref().unwrap_or("default"),
        job.id.as_deref().unwrap_or_default(),
        job.version.unwrap_or_default()
    )
}

/// Job versions stand by namespace, ID and version.
fn job_order(job: &api::Job) -> (&str, &str, u64) {
    (
        job.namespace.as_deref().unwrap_or("default"),
        job.id.as_deref().unwrap_or_default(),
        job.version.unwrap_or_default(),
    )
}

fn merge<T>(list: &mut Vec<T>, changed: Vec<T>, removed: &[String], key: impl Fn(&T) -> String) {
    if changed.is_empty() && removed.is_empty() {
        return;
    }
    let mut changed: BTreeMap<String, T> = changed.into_iter().map(|t| (key(&t), t)).collect();
    let removed: BTreeSet<&str> = removed.iter().map(String::as_str).collect();
    list.retain(|t| !removed.contains(key(t).as_str()));
    for entry in list.iter_mut() {
        if let Some(newer) = changed.remove(&key(entry)) {
            *entry = newer;
        }
    }
    list.extend(changed.into_values());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(index: u64, ids: &[&str], jobs: &[(&str, u64)]) -> Document {
        let alloc = |id: &&str| api::Allocation { id: (*id).into(), ..Default::default() };
        let host = |id: &&str| api::Host { id: (*id).into(), ..Default::default() };
        let deployment = |id: &&str| api::Deployment { id: (*id).into(), ..Default::default() };
        let job = |(id, version): &(&str, u64)| api::Job {
            id: Some((*id).into()),
            version: Some(*version),
            ..Default::default()
        };
        Document {
            version: DOCUMENT_VERSION,
            index,
            profile: "2.0".into(),
            allocations: ids.iter().map(alloc).collect(),
            hosts: ids.iter().map(host).collect(),
            deployments: ids.iter().map(deployment).collect(),
            jobs: jobs.iter().map(job).collect(),
            ..Document::default()
        }
    }

    #[test]
    fn a_changed_snapshot_equals_a_whole_one() {
        let before = document(1, &["b", "d", "x"], &[("b", 2), ("b", 10), ("d", 0)]);
        let mut delta = document(2, &["c", "a"], &[("b", 11), ("a", 0)]);
        delta.base = Some(1);
        let gone = vec!["x".to_owned()];
        delta.removed = Some(Removed {
            allocations: gone.clone(),
            hosts: gone.clone(),
            deployments: gone,
            ..Removed::default()
        });
        delta.csi_volumes = vec![serde_json::Value::Null];
        let mut snapshot = Snapshot::new(before).unwrap();
        snapshot.apply(delta).unwrap();
        let jobs = [("a", 0), ("b", 2), ("b", 10), ("b", 11), ("d", 0)];
        let mut whole = document(2, &["a", "b", "c", "d"], &jobs);
        whole.csi_volumes = vec![serde_json::Value::Null];
        assert_eq!(snapshot.document(), &whole);
    }
}
