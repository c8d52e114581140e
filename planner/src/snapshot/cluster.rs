//! The compiled cluster: nodes, allocations, ports and sums, by number.
//!
//! A node's number is its place in the order that breaks ties. An allocation's number says nothing but where it is
//! kept; wherever allocations stand in a list, they stand by ID.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::columns::Columns;
use super::commons::Commons;
use super::holes::fill;
use super::{CsiVolume, PortBook, PortRoom};
use crate::api;
use crate::model::{Alloc, Node, Standing, Symbol, Symbols, Usage};
use crate::semantics::{Rule, Semantics};

/// Everything a plan reads, compiled.
#[derive(Clone, Debug, Default)]
pub struct Cluster {
    pub symbols: Symbols,
    pub semantics: Semantics,
    pub now: i64,
    /// In the order that breaks ties.
    pub nodes: Vec<Node>,
    /// By number; some places may be empty.
    pub allocs: Vec<Alloc>,
    /// Ports in use, one book a host.
    pub ports: Vec<PortBook>,
    /// Hosts by number: those of the documents, then one for each node that has none.
    pub host_names: Vec<String>,
    /// By node: what a plan asks of all of them. The same stands in the nodes.
    pub standings: Vec<Standing>,
    pub capacities: Vec<Usage>,
    pub max_allocs: Vec<i64>,
    pub rooms: Vec<PortRoom>,
    pub(super) columns: Columns,
    /// How many hosts have a document.
    pub(super) host_documents: usize,
    /// By host: its nodes.
    pub on_host: Vec<Vec<u32>>,
    /// The nodes' classes, without repetition.
    pub classes: Vec<String>,
    /// By node: allocations that hold resources there.
    pub on_node: Vec<Vec<u32>>,
    /// By node: the sum of what they hold.
    pub used: Vec<Usage>,
    pub csi_volumes: Vec<CsiVolume>,
    pub(super) node_numbers: BTreeMap<Arc<str>, u32>,
    /// Numbers of allocations.
    pub(super) by_id: Vec<u32>,
    pub(super) by_job: BTreeMap<Symbol, Vec<u32>>,
    pub(super) empty: Vec<u32>,
    /// How many stand in for an allocation of that ID.
    pub(super) successors: BTreeMap<Arc<str>, u32>,
    pub(super) commons: Commons,
}

impl Cluster {
    /// The number of a node.
    pub fn node_number(&self, id: &str) -> Option<u32> {
        self.node_numbers.get(id).copied()
    }

    /// The allocation of that ID.
    pub fn find(&self, id: &str) -> Option<&Alloc> {
        let place = self.find_alloc(id).ok()?;
        Some(&self.allocs[self.by_id[place] as usize])
    }

    /// Every allocation.
    pub fn allocations(&self) -> impl ExactSizeIterator<Item = (u32, &Alloc)> {
        self.by_id.iter().map(|number| (*number, &self.allocs[*number as usize]))
    }

    /// All allocations of a job.
    pub fn allocs_of(&self, job: Symbol) -> &[u32] {
        self.by_job.get(&job).map_or(&[], Vec::as_slice)
    }

    /// True if the allocation holds its resources.
    pub fn is_accounted(&self, alloc: &Alloc) -> bool {
        if self.semantics.has(Rule::ClientTerminalAccounting) {
            !alloc.is_client_terminal()
        } else {
            !alloc.is_terminal()
        }
    }

    /// True if the allocation has a successor, whether or not it says so itself.
    pub fn is_replaced(&self, alloc: &Alloc) -> bool {
        alloc.has_next || self.successors.contains_key(alloc.id.as_str())
    }

    /// What an allocation was given, as the document says it.
    pub fn resources(&self, alloc: &Alloc) -> Option<api::AllocatedResources> {
        let mut resources = alloc.common.resources.clone()?;
        fill(&mut resources, &alloc.holes, &self.symbols);
        Some(resources)
    }
}
