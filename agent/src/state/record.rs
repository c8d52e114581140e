//! The records that differ from Nomad's documents: keys, an allocation with its job beside it, and
//! the text a job was written in.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use steppe_planner::api;

/// A job's name in the cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct JobKey {
    pub namespace: String,
    pub id: String,
}

impl JobKey {
    /// A key from its parts.
    pub fn new(namespace: impl Into<String>, id: impl Into<String>) -> JobKey {
        JobKey { namespace: namespace.into(), id: id.into() }
    }

    /// The key of a job; a job without namespace is in `default`.
    pub fn of(job: &api::Job) -> JobKey {
        JobKey::new(
            job.namespace.as_deref().filter(|n| !n.is_empty()).unwrap_or("default"),
            job.id.as_deref().unwrap_or_default(),
        )
    }
}

impl fmt::Display for JobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.id)
    }
}

/// One version of a job. A purged job that comes back counts from 0 again, so that its create
/// index belongs to the key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct VersionKey {
    pub job: JobKey,
    pub create_index: u64,
    pub version: u64,
}

impl VersionKey {
    /// The key of a registered job.
    pub fn of(job: &api::Job) -> VersionKey {
        VersionKey {
            job: JobKey::of(job),
            create_index: job.create_index.unwrap_or_default(),
            version: job.version.unwrap_or_default(),
        }
    }
}

impl fmt::Display for VersionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}.{}", self.job, self.create_index, self.version)
    }
}

/// An allocation and the job version it runs, shared with the other allocations of that version.
#[derive(Clone, Debug, PartialEq)]
pub struct AllocRecord {
    /// Never with an embedded job; see [`AllocRecord::with_job`].
    pub alloc: api::Allocation,
    pub job: Arc<api::Job>,
}

impl AllocRecord {
    /// The document as `GET /v1/allocation/:id` gives it.
    pub fn with_job(&self) -> api::Allocation {
        let mut alloc = self.alloc.clone();
        alloc.job = Some(Box::new((*self.job).clone()));
        alloc
    }

    /// The job it belongs to.
    pub fn job_key(&self) -> JobKey {
        JobKey::new(&self.alloc.namespace, &self.alloc.job_id)
    }

    /// True if nothing runs any more, as far as the client has said.
    pub fn client_terminal(&self) -> bool {
        matches!(self.alloc.client_status.as_str(), "complete" | "failed" | "lost")
    }

    /// True if the server wants it gone.
    pub fn server_terminal(&self) -> bool {
        matches!(self.alloc.desired_status.as_str(), "stop" | "evict")
    }

    /// True if either side has ended it.
    pub fn terminal(&self) -> bool {
        self.server_terminal() || self.client_terminal()
    }

    /// The group it was placed for, in its own job version.
    pub fn group(&self) -> Option<&api::TaskGroup> {
        self.job.task_groups.iter().find(|g| g.name == self.alloc.task_group)
    }
}

/// What is stored of an allocation: the document and where its job version is.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredAlloc {
    #[serde(rename = "JobCreateIndex")]
    pub(super) job_create_index: u64,
    #[serde(rename = "JobVersion")]
    pub(super) job_version: u64,
    #[serde(rename = "Allocation")]
    pub(super) alloc: api::Allocation,
}

/// The text a job version was written in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct JobSource {
    pub source: String,
    /// `hcl2`, `hcl1` or `json`.
    pub format: String,
    pub variable_flags: Option<api::TextMap>,
    pub variables: String,
}
