//! The snapshot on the wire, whole or as a change to an earlier one.

use std::collections::{BTreeMap, BTreeSet};

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

impl Document {
    /// Applies a delta: entries replace those of the same ID, removed ones go.
    pub fn apply(&mut self, delta: Document) -> Result<(), SnapshotError> {
        let base = delta.base.unwrap_or_default();
        if base != self.index {
            return Err(SnapshotError::Base { expected: self.index, found: base });
        }
        let removed = delta.removed.unwrap_or_default();
        merge(&mut self.hosts, delta.hosts, &removed.hosts, |h| h.id.clone());
        merge(&mut self.jobs, delta.jobs, &removed.jobs, job_key);
        merge(&mut self.allocations, delta.allocations, &removed.allocations, |a| a.id.clone());
        merge(&mut self.deployments, delta.deployments, &removed.deployments, |d| d.id.clone());
        // The order of a whole document: what is planned may not depend on how the snapshot came about.
        if merge(&mut self.nodes, delta.nodes, &removed.nodes, |n| n.id.clone()) {
            self.nodes.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        }
        self.arrange();
        if !delta.profile.is_empty() {
            self.profile = delta.profile;
        }
        if !delta.csi_volumes.is_empty() {
            self.csi_volumes = delta.csi_volumes;
        }
        self.scheduler_config = delta.scheduler_config.or(self.scheduler_config.take());
        self.now = delta.now;
        self.index = delta.index;
        Ok(())
    }

    /// Puts everything but the nodes, whose order breaks ties, where its ID belongs.
    pub(super) fn arrange(&mut self) {
        sort_by_text(&mut self.hosts, |d| &d.id);
        sort_by_text(&mut self.allocations, |d| &d.id);
        sort_by_text(&mut self.deployments, |d| &d.id);
        if !self.jobs.is_sorted_by_key(job_order) {
            self.jobs.sort_by(|a, b| job_order(a).cmp(&job_order(b)));
        }
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

/// The namespace, the job and the version that a key names.
pub(super) fn parse_key(key: &str) -> Option<(&str, &str, u64)> {
    let (name, version) = key.rsplit_once('@')?;
    let (namespace, id) = name.split_once('/')?;
    Some((namespace, id, version.parse().ok()?))
}

/// Job versions stand by namespace, ID and version.
fn job_order(job: &api::Job) -> (&str, &str, u64) {
    (
        job.namespace.as_deref().unwrap_or("default"),
        job.id.as_deref().unwrap_or_default(),
        job.version.unwrap_or_default(),
    )
}

/// A job version, in a list that stands in order.
pub(super) fn find_job<'a>(
    jobs: &'a [api::Job],
    namespace: &str,
    id: &str,
    version: u64,
) -> Option<&'a api::Job> {
    let namespace = if namespace.is_empty() { "default" } else { namespace };
    let place = jobs.binary_search_by(|job| job_order(job).cmp(&(namespace, id, version)));
    Some(&jobs[place.ok()?])
}

/// False if there was nothing to do.
fn merge<T>(
    list: &mut Vec<T>,
    changed: Vec<T>,
    removed: &[String],
    key: impl Fn(&T) -> String,
) -> bool {
    if changed.is_empty() && removed.is_empty() {
        return false;
    }
    let before: Vec<String> = list.iter().map(&key).collect();
    let moves = moves(&before, &changed.iter().map(&key).collect::<Vec<_>>(), removed);
    let mut changed: Vec<Option<T>> = changed.into_iter().map(Some).collect();
    for (from, to) in moves.onto {
        if let Some(newer) = changed[from].take() {
            list[to] = newer;
        }
    }
    let mut stays = moves.stays.into_iter();
    list.retain(|_| stays.next().unwrap_or(true));
    list.extend(moves.fresh.into_iter().filter_map(|from| changed[from].take()));
    true
}

/// What goes where, by place.
struct Moves {
    stays: Vec<bool>,
    /// From the changed ones to the list.
    onto: Vec<(usize, usize)>,
    /// Those that the list does not have, in the order of their keys.
    fresh: Vec<usize>,
}

/// Written once for all kinds of things: only their keys count. Of two changes the later one does.
fn moves(before: &[String], changed: &[String], removed: &[String]) -> Moves {
    let mut newest: BTreeMap<&str, usize> = BTreeMap::new();
    for (from, key) in changed.iter().enumerate() {
        newest.insert(key, from);
    }
    let removed: BTreeSet<&str> = removed.iter().map(String::as_str).collect();
    let stays: Vec<bool> = before.iter().map(|key| !removed.contains(key.as_str())).collect();
    let mut onto = Vec::new();
    for (to, key) in before.iter().enumerate().filter(|(to, _)| stays[*to]) {
        if let Some(from) = newest.remove(key.as_str()) {
            onto.push((from, to));
        }
    }
    Moves { stays, onto, fresh: newest.into_values().collect() }
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
    fn a_changed_document_equals_a_whole_one() {
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
        let mut changed = before;
        changed.arrange();
        changed.apply(delta).unwrap();
        let jobs = [("a", 0), ("b", 2), ("b", 10), ("b", 11), ("d", 0)];
        let mut whole = document(2, &["a", "b", "c", "d"], &jobs);
        whole.csi_volumes = vec![serde_json::Value::Null];
        assert_eq!(changed, whole);
    }
}
