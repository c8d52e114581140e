//! What the plan has decided so far, laid over the cluster: stops free things, placements take them.

use std::collections::{BTreeMap, BTreeSet};

use super::fit::Grant;
use crate::model::{Alloc, Symbol, Usage};
use crate::snapshot::{Cluster, PortHolder};

/// An allocation the plan places.
#[derive(Clone, Debug)]
pub struct Placed {
    pub name: String,
    pub index: u64,
    pub group: String,
    /// The job version it runs.
    pub version: u64,
    pub node: u32,
    pub grant: Grant,
    pub usage: Usage,
}

/// The cluster with the plan's own effects.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    pub cluster: &'a Cluster,
    pub placed: Vec<Placed>,
    /// Stopped, evicted or staged as stopped.
    stopped: BTreeSet<u32>,
    in_place: BTreeSet<u32>,
    nodes: BTreeMap<u32, NodeDraft>,
    /// The job's own live allocations by node.
    own: BTreeMap<u32, Vec<u32>>,
    /// Hosts in the order in which something on one of their nodes changed.
    changes: Vec<usize>,
    /// Host, address and port of placed allocations.
    ports: BTreeMap<(usize, Symbol, i64), usize>,
}

#[derive(Clone, Debug, Default)]
struct NodeDraft {
    placed: Vec<usize>,
    delta: Usage,
}

impl<'a> Draft<'a> {
    /// A draft that changes nothing, for one job.
    pub fn new(cluster: &'a Cluster, job: Symbol) -> Draft<'a> {
        let mut own: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for number in cluster.allocs_of(job) {
            let alloc = &cluster.allocs[*number as usize];
            if let Some(node) = alloc.node.filter(|_| !alloc.is_terminal()) {
                own.entry(node).or_default().push(*number);
            }
        }
        Draft {
            own,
            changes: Vec::new(),
            cluster,
            placed: Vec::new(),
            stopped: BTreeSet::new(),
            in_place: BTreeSet::new(),
            nodes: BTreeMap::new(),
            ports: BTreeMap::new(),
        }
    }

    /// Takes an allocation's resources away from it.
    pub fn stop(&mut self, alloc: u32) {
        if self.stopped.insert(alloc)
            && let Some((node, usage)) = self.accounted(alloc)
        {
            self.change(node).delta -= usage;
        }
    }

    /// Undoes a stop.
    pub fn restore(&mut self, alloc: u32) {
        if self.stopped.remove(&alloc)
            && let Some((node, usage)) = self.accounted(alloc)
        {
            self.change(node).delta += usage;
        }
    }

    /// Notes that an allocation takes the new version where it is.
    pub fn update_in_place(&mut self, alloc: u32, usage: Usage) {
        if let Some((node, before)) = self.accounted(alloc) {
            let delta = &mut self.change(node).delta;
            *delta -= before;
            *delta += usage;
        }
        self.in_place.insert(alloc);
    }

    /// Adds a placement.
    pub fn place(&mut self, placed: Placed) -> usize {
        let number = self.placed.len();
        let host = self.cluster.nodes[placed.node as usize].host;
        for port in &placed.grant.ports {
            self.ports.insert((host, port.ip, port.value), number);
        }
        let node = self.change(placed.node);
        node.placed.push(number);
        node.delta += placed.usage;
        self.placed.push(placed);
        number
    }

    /// True if the plan ends the allocation.
    pub fn is_stopped(&self, alloc: u32) -> bool {
        self.stopped.contains(&alloc)
    }

    /// Allocations the plan updates in place.
    pub fn in_place(&self) -> impl Iterator<Item = u32> {
        self.in_place.iter().copied()
    }

    /// Everything the plan stops.
    pub fn stopped(&self) -> impl Iterator<Item = u32> {
        self.stopped.iter().copied()
    }

    /// The sum held on a node.
    pub fn used(&self, node: u32) -> Usage {
        let mut used = self.cluster.used[node as usize];
        if let Some(draft) = self.nodes.get(&node) {
            used += draft.delta;
        }
        used
    }

    /// Existing allocations that still hold resources on a node.
    pub fn holding(&self, node: u32) -> impl Iterator<Item = (u32, &'a Alloc)> {
        let cluster = self.cluster;
        let on_node = cluster.on_node[node as usize].iter().copied();
        on_node
            .filter(|number| !self.is_stopped(*number))
            .map(move |number| (number, &cluster.allocs[number as usize]))
    }

    /// The job's own live allocations on a node that the plan does not stop.
    pub fn own_on(&self, node: u32) -> impl Iterator<Item = &'a Alloc> {
        let cluster = self.cluster;
        let own = self.own.get(&node).into_iter().flatten().copied();
        own.filter(|n| !self.is_stopped(*n)).map(move |n| &cluster.allocs[n as usize])
    }

    /// Placements on a node, by number.
    pub fn placed_on(&self, node: u32) -> impl Iterator<Item = (usize, &Placed)> {
        let numbers = self.nodes.get(&node).into_iter().flat_map(|n| &n.placed);
        numbers.map(|number| (*number, &self.placed[*number]))
    }

    /// Who else holds a port of the node's host.
    pub fn port_holders(
        &self,
        node: u32,
        ip: Symbol,
        port: i64,
    ) -> impl Iterator<Item = &'a PortHolder> {
        let book = &self.cluster.ports[self.cluster.nodes[node as usize].host];
        book.holders(ip, port).filter(|holder| match holder {
            PortHolder::Alloc(number) => !self.is_stopped(*number),
            PortHolder::Other(_) => true,
        })
    }

    /// How many ports the plan's placements take, on all hosts.
    pub fn ports_placed(&self) -> usize {
        self.ports.len()
    }

    /// The placement that takes a port of the node's host.
    pub fn port_placed(&self, node: u32, ip: Symbol, port: i64) -> Option<&Placed> {
        let host = self.cluster.nodes[node as usize].host;
        self.ports.get(&(host, ip, port)).map(|number| &self.placed[*number])
    }

    /// Hosts in the order in which something on one of their nodes changed.
    pub fn changes(&self) -> &[usize] {
        &self.changes
    }

    fn change(&mut self, node: u32) -> &mut NodeDraft {
        self.changes.push(self.cluster.nodes[node as usize].host);
        self.nodes.entry(node).or_default()
    }

    fn accounted(&self, alloc: u32) -> Option<(u32, Usage)> {
        let alloc = &self.cluster.allocs[alloc as usize];
        let node = alloc.node.filter(|_| self.cluster.is_accounted(alloc))?;
        Some((node, alloc.common.usage))
    }
}
