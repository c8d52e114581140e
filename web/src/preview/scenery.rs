//! Draws a cluster: every node with what stands on it, and the plan's ghosts.
//!
//! Where the plan is made on a cluster that nobody has (what if), the real one stands behind it: what would come is a
//! ghost too, and what would go is still there. Sums are for the eye only; whether something fits is the planner's
//! verdict, never this file's.

use std::collections::{BTreeMap, BTreeSet};

use steppe_planner::model::{Alloc, Desired, Node};
use steppe_planner::plan::Stop;
use steppe_planner::snapshot::{Cluster, Snapshot};
use steppe_planner::{Planned, api};

use super::topology::{
    Block, BlockKind, DriverLook, Meter, NodeLook, NodeRow, Topology, VolumeLook,
};

/// What is drawn.
pub struct Scenery<'a> {
    /// The cluster planned against.
    pub cluster: &'a Cluster,
    pub hosts: &'a [api::Host],
    /// The cluster as it is, if that is another one.
    pub real: Option<&'a Cluster>,
    pub planned: Option<&'a Planned<'a>>,
    /// What the plan stops.
    pub stops: &'a [Stop],
}

impl<'a> Scenery<'a> {
    /// The cluster itself, and what a plan would make of it.
    pub fn new(
        snapshot: &'a Snapshot,
        real: Option<&'a Snapshot>,
        planned: Option<&'a Planned<'a>>,
        stops: &'a [Stop],
    ) -> Scenery<'a> {
        let (cluster, hosts) = (snapshot.cluster(), snapshot.head().hosts.as_slice());
        Scenery { cluster, hosts, real: real.map(Snapshot::cluster), planned, stops }
    }

    /// Draws the first `shown` nodes, those on which something would happen before the others.
    pub fn draw(&self, shown: usize) -> Topology {
        let numbers = 0..u32::try_from(self.cluster.nodes.len()).unwrap_or(u32::MAX);
        let gone = self.gone();
        let chosen: Vec<u32> = if self.cluster.nodes.len() > shown {
            let touched: BTreeSet<u32> = self.touched();
            let rest = numbers.filter(|n| !touched.contains(n));
            let mut first: Vec<u32> = touched.iter().copied().chain(rest).take(shown).collect();
            first.sort_unstable();
            first
        } else {
            numbers.collect()
        };
        let mut placed: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (planned, at) in self.placements() {
            placed.entry(planned.node_of(at)).or_default().push(at);
        }
        let here = |n: &u32| self.row(*n, placed.get(n).map_or(&[], Vec::as_slice));
        let mut nodes: Vec<NodeRow> = chosen.iter().map(here).collect();
        nodes.extend(gone.iter().take(shown).map(|n| self.gone_row(*n)));
        nodes.sort_by(|a, b| (&a.look.name, &a.look.id).cmp(&(&b.look.name, &b.look.id)));
        Topology {
            nodes,
            nodes_total: self.cluster.nodes.len() + gone.len(),
            allocations_total: self.cluster.on_node.iter().map(Vec::len).sum(),
        }
    }

    fn placements(&self) -> impl Iterator<Item = (&'a Planned<'a>, usize)> {
        self.planned.into_iter().flat_map(|p| (0..p.placements()).map(move |at| (p, at)))
    }

    /// Nodes that the plan or the edits change.
    fn touched(&self) -> BTreeSet<u32> {
        let mut touched: BTreeSet<u32> = self.placements().map(|(p, at)| p.node_of(at)).collect();
        touched.extend(self.stops.iter().filter_map(|s| self.cluster.node_number(&s.node_id)));
        if let Some(real) = self.real {
            let changed = |(n, node): (u32, &Node)| {
                let before = real.node_number(&node.id).map(|r| r as usize);
                let same = before.is_some_and(|before| {
                    let other = &real.nodes[before];
                    other.standing() == node.standing()
                        && other.capacity == node.capacity
                        && ids(real, before).eq(ids(self.cluster, n as usize))
                });
                (!same).then_some(n)
            };
            touched.extend((0u32..).zip(&self.cluster.nodes).filter_map(changed));
        }
        touched
    }

    /// Real nodes that are not there any more.
    fn gone(&self) -> Vec<u32> {
        let Some(real) = self.real else { return Vec::new() };
        let nodes = (0u32..).zip(&real.nodes);
        nodes.filter(|(_, n)| self.cluster.node_number(&n.id).is_none()).map(|(n, _)| n).collect()
    }

    fn row(&self, number: u32, placed: &[usize]) -> NodeRow {
        let (cluster, place) = (self.cluster, number as usize);
        let node = &cluster.nodes[place];
        let host = self.hosts.get(node.host);
        let mut blocks: Vec<Block> = cluster.on_node[place]
            .iter()
            .map(|n| self.standing_block(&cluster.allocs[*n as usize]))
            .collect();
        if let Some(real) = self.real
            && let Some(before) = real.node_number(&node.id)
        {
            let stands = |a: &&Alloc| {
                cluster.find(&a.id).is_some_and(|now| now.node == Some(number) && !ended(now))
            };
            blocks.extend(
                on(real, before as usize).filter(|a| !stands(a)).map(|a| self.left(real, a)),
            );
        }
        blocks.extend(placed.iter().filter_map(|at| Some(self.ghost(self.planned?, *at))));
        let (have, kept) = (node.capacity, node.reserved);
        let meter = |have: i64, kept: i64| Meter { total: have + kept, reserved: kept };
        NodeRow {
            look: look(node, &cluster.host_names[node.host]),
            cpu: meter(have.cpu, kept.cpu),
            memory: meter(have.memory, kept.memory),
            disk: meter(have.disk, kept.disk),
            blocks,
            held: host.map(|h| one_a_port(&h.held_ports)).unwrap_or_default(),
        }
    }

    /// A node that the edits took out, with what stood on it.
    fn gone_row(&self, number: u32) -> NodeRow {
        let Some(real) = self.real else { return NodeRow::default() };
        let node = &real.nodes[number as usize];
        let mut look = look(node, &real.host_names[node.host]);
        "removed".clone_into(&mut look.status);
        NodeRow {
            look,
            blocks: on(real, number as usize).map(|a| self.left(real, a)).collect(),
            ..NodeRow::default()
        }
    }

    fn standing_block(&self, alloc: &Alloc) -> Block {
        let is_new = self.real.is_some_and(|real| real.find(&alloc.id).is_none());
        let stop = self.stops.iter().find(|stop| stop.alloc_id == alloc.id);
        let mut block = block(self.cluster, alloc);
        if let Some(stop) = stop {
            block.kind = BlockKind::Leaving;
            block.fate = match self.successor(&alloc.id) {
                Some(node) if !stop.evict => format!("to {node}"),
                _ if stop.evict => "preempted".to_owned(),
                _ => "would stop".to_owned(),
            };
        } else if is_new {
            block.kind = BlockKind::Ghost;
            block.id = String::new();
            let before = alloc.history.as_ref().map(|h| &*h.previous).unwrap_or_default();
            block.fate = self
                .real
                .and_then(|real| node_name(real, before))
                .map_or_else(|| "would start".to_owned(), |name| format!("from {name}"));
        }
        block
    }

    /// What stands here really, and would not.
    fn left(&self, real: &Cluster, alloc: &Alloc) -> Block {
        let follows = |next: &&Alloc| {
            next.history.as_ref().is_some_and(|h| *h.previous == *alloc.id) && !ended(next)
        };
        let mut found = self.cluster.allocs_of(alloc.common.job).iter();
        let next = found.find_map(|n| Some(&self.cluster.allocs[*n as usize]).filter(follows));
        let evicted = self.cluster.find(&alloc.id).is_some_and(|a| a.desired == Desired::Evict);
        let fate = match next.and_then(|next| node_name(self.cluster, &next.id)) {
            Some(name) => format!("to {name}"),
            None if evicted => "preempted".to_owned(),
            None => "would be lost".to_owned(),
        };
        Block { kind: BlockKind::Leaving, fate, ..block(real, alloc) }
    }

    /// Where the plan puts what stands in for an allocation.
    fn successor(&self, id: &str) -> Option<String> {
        let mut placements = self.placements();
        let next = placements.find(|(p, at)| p.previous_of(*at) == Some(id))?;
        Some(self.cluster.nodes[next.0.node_of(next.1) as usize].name.clone())
    }

    fn ghost(&self, planned: &Planned<'_>, at: usize) -> Block {
        let placement = planned.placement(at);
        let from = node_name(self.cluster, &placement.previous_allocation);
        let base = Block {
            kind: BlockKind::Ghost,
            name: placement.name,
            job_id: planned.job().id.clone(),
            status: "planned".to_owned(),
            fate: from
                .filter(|from| *from != placement.node_name)
                .map_or_else(|| "planned".to_owned(), |from| format!("from {from}")),
            ports: flat_ports(&placement.resources),
            ..Block::default()
        };
        measured(base, &placement.resources)
    }
}

fn on(cluster: &Cluster, place: usize) -> impl Iterator<Item = &Alloc> {
    cluster.on_node[place].iter().map(|n| &cluster.allocs[*n as usize])
}

fn ids(cluster: &Cluster, place: usize) -> impl Iterator<Item = &str> {
    on(cluster, place).map(|alloc| alloc.id.as_str())
}

fn ended(alloc: &Alloc) -> bool {
    alloc.is_client_terminal()
}

/// The name of an allocation's node.
fn node_name(cluster: &Cluster, alloc: &str) -> Option<String> {
    let node = cluster.find(alloc)?.node?;
    Some(cluster.nodes[node as usize].name.clone())
}

fn block(cluster: &Cluster, alloc: &Alloc) -> Block {
    let base = Block {
        id: alloc.id.clone(),
        name: alloc.name.clone(),
        job_id: alloc.common.job_id.clone(),
        status: alloc.client.word().to_owned(),
        ..Block::default()
    };
    let Some(resources) = cluster.resources(alloc) else { return base };
    measured(Block { ports: flat_ports(&resources), ..base }, &resources)
}

fn measured(mut block: Block, resources: &api::AllocatedResources) -> Block {
    block.cpu_mhz = resources.tasks.values().map(|t| t.cpu.cpu_shares).sum();
    block.memory_mb = resources.tasks.values().map(|t| t.memory.memory_mb).sum();
    block.disk_mb = resources.shared.disk_mb;
    block
}

/// Group ports, and those of legacy task networks; a port that stands in both is one.
fn flat_ports(resources: &api::AllocatedResources) -> Vec<api::PortMapping> {
    let mut ports = resources.shared.ports.clone();
    for network in resources.tasks.values().flat_map(|t| &t.networks) {
        for port in network.reserved_ports.iter().chain(&network.dynamic_ports) {
            if ports.iter().all(|p| (&p.label, p.value) != (&port.label, port.value)) {
                ports.push(api::PortMapping {
                    label: port.label.clone(),
                    value: port.value,
                    to: port.to,
                    host_ip: network.ip.clone(),
                });
            }
        }
    }
    ports
}

/// The same socket often stands twice (IPv4 and IPv6, tcp and udp); the eye needs it once.
fn one_a_port(held: &[api::HeldPort]) -> Vec<api::HeldPort> {
    let mut held: Vec<&api::HeldPort> = held.iter().collect();
    held.sort_by(|a, b| (a.port, &a.holder.name).cmp(&(b.port, &b.holder.name)));
    held.dedup_by(|a, b| a.port == b.port && a.holder.name == b.holder.name);
    held.into_iter().cloned().collect()
}

fn look(node: &Node, host: &str) -> NodeLook {
    NodeLook {
        id: node.id.clone(),
        name: node.name.clone(),
        datacenter: node.datacenter.clone(),
        class: node.class.clone(),
        host: host.to_owned(),
        address: node.host_ip.clone(),
        status: node.status.clone(),
        eligible: node.eligibility != "ineligible",
        draining: node.draining,
        drivers: node
            .drivers
            .iter()
            .filter(|(_, d)| d.detected)
            .map(|(name, d)| DriverLook {
                name: name.clone(),
                healthy: d.healthy,
                why: d.description.clone(),
            })
            .collect(),
        volumes: node
            .volumes
            .iter()
            .map(|(name, v)| VolumeLook {
                name: name.clone(),
                path: v.path.clone(),
                read_only: v.read_only,
            })
            .collect(),
    }
}
