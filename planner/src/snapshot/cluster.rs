//! The compiled cluster: nodes, allocations, ports and sums, by number.
//!
//! A node's or allocation's number is its position in the document.

use std::collections::BTreeMap;

use super::columns::Columns;
use super::compile_alloc::{JobFacts, compile_alloc};
use super::compile_node::compile_node;
use super::{CsiVolume, Document, PortBook, PortHolder, PortRoom};
use crate::model::{Alloc, Node, Standing, Symbol, Symbols, Usage, job_symbol};
use crate::semantics::{Rule, Semantics};

/// Everything a plan reads, compiled.
#[derive(Clone, Debug, Default)]
pub struct Cluster {
    pub symbols: Symbols,
    pub semantics: Semantics,
    pub now: i64,
    /// In the order that breaks ties.
    pub nodes: Vec<Node>,
    pub allocs: Vec<Alloc>,
    /// Ports in use, one book a host.
    pub ports: Vec<PortBook>,
    /// Host documents by host number; implicit hosts have none.
    pub host_names: Vec<String>,
    /// By node: what a plan asks of all of them. The same stands in the nodes.
    pub standings: Vec<Standing>,
    pub capacities: Vec<Usage>,
    pub rooms: Vec<PortRoom>,
    pub(super) columns: Columns,
    /// By host: its nodes.
    pub on_host: Vec<Vec<u32>>,
    /// The nodes' classes, without repetition.
    pub classes: Vec<String>,
    /// By node: allocations that hold resources there.
    pub on_node: Vec<Vec<u32>>,
    /// By node: the sum of what they hold.
    pub used: Vec<Usage>,
    pub csi_volumes: Vec<CsiVolume>,
    by_job: BTreeMap<Symbol, Vec<u32>>,
    node_numbers: BTreeMap<String, u32>,
}

impl Cluster {
    /// Compiles a document: O(nodes + allocations).
    pub fn compile(document: &Document) -> Cluster {
        let semantics = Semantics::of(&document.profile);
        let mut cluster = Cluster { semantics, now: document.now, ..Cluster::default() };
        cluster.add_nodes(document);
        cluster.add_held_ports(document);
        cluster.add_allocs(document);
        cluster.csi_volumes = document.csi_volumes.iter().map(CsiVolume::compile).collect();
        cluster
    }

    /// The number of a node.
    pub fn node_number(&self, id: &str) -> Option<u32> {
        self.node_numbers.get(id).copied()
    }

    /// All allocations of a job, in document order.
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

    fn add_nodes(&mut self, document: &Document) {
        let mut host_of: BTreeMap<&str, usize> = BTreeMap::new();
        for host in &document.hosts {
            for id in &host.node_ids {
                host_of.insert(id, self.ports.len());
            }
            self.ports.push(PortBook::default());
            self.host_names.push(host.name.clone());
        }
        let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
        for node in &document.nodes {
            let host = host_of.get(node.id.as_str()).copied().unwrap_or_else(|| {
                self.ports.push(PortBook::default());
                self.host_names.push(node.name.clone());
                self.ports.len() - 1
            });
            let number = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
            self.node_numbers.insert(node.id.clone(), number);
            let mut compiled = compile_node(node, host, &mut self.symbols);
            let class = *classes.entry(&node.node_class).or_insert_with(|| {
                self.classes.push(node.node_class.clone());
                self.classes.len() - 1
            });
            compiled.class_number = class;
            self.standings.push(compiled.standing());
            self.capacities.push(compiled.capacity);
            self.rooms.push(PortRoom::of(&compiled));
            self.nodes.push(compiled);
            self.on_host.resize(self.ports.len(), Vec::new());
            self.on_host[host].push(number);
            self.on_node.push(Vec::new());
            self.used.push(Usage::default());
        }
    }

    fn add_held_ports(&mut self, document: &Document) {
        for (book, host) in self.ports.iter_mut().zip(&document.hosts) {
            for held in &host.held_ports {
                let holder = PortHolder::Other(Box::new(held.holder.clone()));
                if matches!(held.ip.as_str(), "" | "0.0.0.0" | "::" | "*") {
                    book.hold_everywhere(held.port, holder);
                } else {
                    book.hold(self.symbols.intern(&held.ip), held.port, holder);
                }
            }
            book.cooling.extend(host.cooling_ports.iter().copied());
        }
    }

    fn add_allocs(&mut self, document: &Document) {
        let facts = JobFacts::collect(document);
        for (number, alloc) in document.allocations.iter().enumerate() {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            let node = self.node_number(&alloc.node_id);
            let key = self.symbols.intern(&job_symbol(Some(&alloc.namespace), &alloc.job_id));
            let compiled =
                compile_alloc(alloc, key, node, &facts, &mut self.symbols, self.semantics);
            self.by_job.entry(key).or_default().push(number);
            if let Some(node) = node
                && self.is_accounted(&compiled)
            {
                self.account(node as usize, number, &compiled);
            }
            self.allocs.push(compiled);
        }
    }

    fn account(&mut self, node: usize, number: u32, alloc: &Alloc) {
        self.on_node[node].push(number);
        self.used[node] += alloc.usage;
        let book = &mut self.ports[self.nodes[node].host];
        for (ip, port) in &alloc.ports {
            book.hold(*ip, *port, PortHolder::Alloc(number));
        }
    }
}
