//! The cluster as data: everything a plan may look at, and nothing else.
//!
//! A `Document` is what travels (agent to page, file to command line): Nomad's own API documents plus
//! hosts, an index and the time. A `Snapshot` is the same compiled for planning: nodes and allocations are then
//! kept as a `Cluster`, not as documents. The clock is a field.

mod allocs;
mod cluster;
mod columns;
mod commons;
mod compile_alloc;
mod compile_node;
mod document;
mod edit;
mod holes;
mod known;
mod nodes;
mod ports;
pub mod time;
mod volumes;
mod written;

pub use cluster::Cluster;
pub use columns::{Column, Fact, NO_VALUE, Places, READ_ONLY, YES};
pub use document::{DOCUMENT_VERSION, Document, Removed, SnapshotError, job_key};
pub use ports::{PortBook, PortHolder, PortRoom};
pub use volumes::CsiVolume;

use std::mem::take;

use crate::model::job_symbol;
use crate::semantics::Semantics;

/// The cluster compiled for planning.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    head: Document,
    cluster: Cluster,
}

impl Snapshot {
    /// Compiles a whole document: O(nodes + allocations).
    pub fn new(mut document: Document) -> Result<Snapshot, SnapshotError> {
        if document.version != DOCUMENT_VERSION {
            return Err(SnapshotError::Version(document.version));
        }
        document.arrange();
        let semantics = Semantics::of(&document.profile);
        let mut cluster = Cluster { semantics, now: document.now, ..Cluster::default() };
        cluster.nodes.reserve_exact(document.nodes.len());
        cluster.allocs.reserve_exact(document.allocations.len());
        cluster.by_id.reserve_exact(document.allocations.len());
        take(&mut document.nodes).iter().for_each(|node| cluster.push_node(node));
        cluster.settle(&document.hosts);
        for alloc in take(&mut document.allocations) {
            cluster.put_alloc(alloc, &document.jobs);
        }
        cluster.csi_volumes = document.csi_volumes.iter().map(CsiVolume::compile).collect();
        Ok(Snapshot { head: document, cluster })
    }

    /// Applies a delta: entries replace those of the same ID, removed ones go. The result is that of compiling the
    /// changed document anew.
    pub fn apply(&mut self, mut delta: Document) -> Result<(), SnapshotError> {
        let (nodes, allocations) = (take(&mut delta.nodes), take(&mut delta.allocations));
        let gone = delta.removed.clone().unwrap_or_default();
        let mut hosts: Vec<String> = delta.hosts.iter().map(|host| host.id.clone()).collect();
        hosts.extend_from_slice(&gone.hosts);
        let mut jobs: Vec<String> = delta.jobs.iter().map(job_key).collect();
        jobs.extend_from_slice(&gone.jobs);
        let (volumes, profile) = (!delta.csi_volumes.is_empty(), !delta.profile.is_empty());
        self.head.apply(delta)?;
        let (head, cluster) = (&self.head, &mut self.cluster);
        cluster.now = head.now;
        if profile {
            cluster.semantics = Semantics::of(&head.profile);
        }
        if !nodes.is_empty() || !gone.nodes.is_empty() {
            cluster.change_nodes(&nodes, &gone.nodes, &head.hosts);
        }
        if !hosts.is_empty() {
            cluster.change_hosts(&hosts, &head.hosts);
        }
        for key in &jobs {
            let Some((namespace, id, version)) = document::parse_key(key) else { continue };
            let Some(symbol) = cluster.symbols.find(&job_symbol(Some(namespace), id)) else {
                continue;
            };
            let job = document::find_job(&head.jobs, namespace, id, version);
            cluster.refresh_job(symbol, version, job);
        }
        gone.allocations.iter().for_each(|id| cluster.remove_alloc(id));
        allocations.into_iter().for_each(|alloc| cluster.put_alloc(alloc, &head.jobs));
        if volumes {
            cluster.csi_volumes = head.csi_volumes.iter().map(CsiVolume::compile).collect();
        }
        Ok(())
    }

    /// The compiled cluster.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// The documents behind the snapshot, without nodes and allocations.
    pub fn head(&self) -> &Document {
        &self.head
    }
}
