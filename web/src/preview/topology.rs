//! The cluster as it is drawn: every node with its bars, what stands in them, and the plan's ghosts.
//!
//! Sums are for the eye only; whether something fits is the planner's verdict, never this file's.

use steppe_planner::api;
use steppe_planner::plan::Plan;
use steppe_planner::record::{Record, Word};
use steppe_planner::snapshot::Document;

use crate::positions::Positions;

/// The nodes on the screen.
#[derive(Debug, Default, Record)]
pub struct Topology {
    pub index: u64,
    pub nodes: Vec<NodeRow>,
    pub nodes_total: usize,
    pub allocations_total: usize,
}

/// One node. What it is changes seldom and is kept apart from what stands on it.
#[derive(Debug, Default, Record)]
pub struct NodeRow {
    pub look: NodeLook,
    pub cpu: Meter,
    pub memory: Meter,
    pub disk: Meter,
    pub blocks: Vec<Block>,
    /// Ports of the host held by something that is no allocation.
    pub held: Vec<api::HeldPort>,
}

/// What a node is.
#[derive(Debug, Default, Record)]
pub struct NodeLook {
    pub id: String,
    pub name: String,
    pub datacenter: String,
    pub class: String,
    pub host: String,
    pub address: String,
    pub status: String,
    pub eligible: bool,
    pub draining: bool,
    pub drivers: Vec<DriverLook>,
    pub volumes: Vec<VolumeLook>,
}

/// A task driver of a node.
#[derive(Debug, Default, Record)]
pub struct DriverLook {
    pub name: String,
    pub healthy: bool,
    pub why: String,
}

/// A host volume of a node.
#[derive(Debug, Default, Record)]
pub struct VolumeLook {
    pub name: String,
    pub path: String,
    pub read_only: bool,
}

/// One dimension of a node: what there is, and what the node keeps for itself.
#[derive(Copy, Debug, Default, Record)]
pub struct Meter {
    pub total: i64,
    pub reserved: i64,
}

/// What a block stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Word)]
pub enum BlockKind {
    /// Runs and stays.
    #[default]
    Allocation,
    /// Runs, and the plan would stop it.
    Leaving,
    /// The plan would start it.
    Ghost,
}

/// An allocation in a node's bars.
#[derive(Debug, Default, Record)]
pub struct Block {
    pub kind: BlockKind,
    /// Empty for a ghost: IDs are given at commit.
    pub id: String,
    pub name: String,
    pub job_id: String,
    pub status: String,
    pub cpu_mhz: i64,
    pub memory_mb: i64,
    pub disk_mb: i64,
    pub ports: Vec<api::PortMapping>,
}

/// What stands on which node, by the node's place in the snapshot; made once for a snapshot.
#[derive(Clone, Debug, Default)]
pub struct Occupancy {
    nodes: Vec<Standing>,
    allocations_total: usize,
}

/// The places of a node's machine and of what runs on it.
#[derive(Clone, Debug, Default)]
struct Standing {
    host: Option<usize>,
    allocations: Vec<usize>,
}

impl Occupancy {
    /// Sorts the live allocations of a document by node.
    pub fn new(document: &Document) -> Occupancy {
        let places = Positions::new(document.nodes.iter().map(|node| node.id.as_str()));
        let mut nodes = vec![Standing::default(); document.nodes.len()];
        let mut allocations_total = 0;
        for (i, allocation) in document.allocations.iter().enumerate() {
            if !is_live(allocation) {
                continue;
            }
            allocations_total += 1;
            if let Some(at) = places.of(&allocation.node_id) {
                nodes[at].allocations.push(i);
            }
        }
        for (i, host) in document.hosts.iter().enumerate() {
            for at in host.node_ids.iter().filter_map(|id| places.of(id)) {
                nodes[at].host = Some(i);
            }
        }
        Occupancy { nodes, allocations_total }
    }

    /// Draws the first `shown` nodes, those of the plan before the others.
    pub fn draw(&self, document: &Document, plan: Option<&Plan>, shown: usize) -> Topology {
        let wanted = |node: &api::Node| {
            plan.is_some_and(|p| p.placements.iter().any(|x| x.node_id == node.id))
        };
        let nodes = document.nodes.iter().zip(&self.nodes);
        let nodes: Vec<NodeRow> = if document.nodes.len() > shown {
            let (first, rest): (Vec<_>, Vec<_>) = nodes.partition(|(node, _)| wanted(node));
            let mut nodes: Vec<_> = first.into_iter().chain(rest).take(shown).collect();
            nodes.sort_unstable_by(|(a, _), (b, _)| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
            nodes.into_iter().map(|(node, standing)| row(document, node, standing, plan)).collect()
        } else {
            nodes.map(|(node, standing)| row(document, node, standing, plan)).collect()
        };
        Topology {
            index: document.index,
            nodes,
            nodes_total: document.nodes.len(),
            allocations_total: self.allocations_total,
        }
    }
}

fn row(document: &Document, node: &api::Node, standing: &Standing, plan: Option<&Plan>) -> NodeRow {
    let have = node.node_resources.clone().unwrap_or_default();
    let kept = node.reserved_resources.clone().unwrap_or_default();
    let host = standing.host.and_then(|i| document.hosts.get(i));
    let mut blocks: Vec<Block> = standing
        .allocations
        .iter()
        .filter_map(|&i| document.allocations.get(i))
        .map(|a| standing_block(a, plan))
        .collect();
    let ghosts = plan.into_iter().flat_map(|p| p.placements.iter().map(move |x| (p, x)));
    blocks.extend(ghosts.filter(|(_, x)| x.node_id == node.id).map(|(p, x)| {
        let ports = flat_ports(&x.resources);
        let base = Block {
            kind: BlockKind::Ghost,
            name: x.name.clone(),
            job_id: p.job_id.clone(),
            status: "planned".to_owned(),
            ports,
            ..Block::default()
        };
        measured(base, Some(&x.resources))
    }));
    NodeRow {
        look: look(node, host),
        cpu: Meter { total: have.cpu.cpu_shares, reserved: kept.cpu.cpu_shares },
        memory: Meter { total: have.memory.memory_mb, reserved: kept.memory.memory_mb },
        disk: Meter { total: have.disk.disk_mb, reserved: kept.disk.disk_mb },
        blocks,
        held: host.map(|h| one_a_port(&h.held_ports)).unwrap_or_default(),
    }
}

fn is_live(allocation: &api::Allocation) -> bool {
    // A stopped allocation keeps its resources until its client says that it ended.
    !matches!(allocation.client_status.as_str(), "complete" | "failed" | "lost")
}

fn standing_block(allocation: &api::Allocation, plan: Option<&Plan>) -> Block {
    let leaving = plan.is_some_and(|p| p.stops.iter().any(|s| s.alloc_id == allocation.id));
    let base = Block {
        kind: if leaving { BlockKind::Leaving } else { BlockKind::Allocation },
        id: allocation.id.clone(),
        name: allocation.name.clone(),
        job_id: allocation.job_id.clone(),
        status: allocation.client_status.clone(),
        ports: allocation.allocated_resources.as_ref().map(flat_ports).unwrap_or_default(),
        ..Block::default()
    };
    measured(base, allocation.allocated_resources.as_ref())
}

fn measured(mut block: Block, resources: Option<&api::AllocatedResources>) -> Block {
    if let Some(resources) = resources {
        block.cpu_mhz = resources.tasks.values().map(|t| t.cpu.cpu_shares).sum();
        block.memory_mb = resources.tasks.values().map(|t| t.memory.memory_mb).sum();
        block.disk_mb = resources.shared.disk_mb;
    }
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

fn look(node: &api::Node, host: Option<&api::Host>) -> NodeLook {
    let networks = node.node_resources.iter().flat_map(|r| &r.networks);
    NodeLook {
        id: node.id.clone(),
        name: node.name.clone(),
        datacenter: node.datacenter.clone(),
        class: node.node_class.clone(),
        host: host.map(|h| h.name.clone()).unwrap_or_default(),
        address: networks.map(|n| n.ip.clone()).find(|ip| !ip.is_empty()).unwrap_or_default(),
        status: node.status.clone(),
        eligible: node.scheduling_eligibility != "ineligible",
        draining: node.drain || node.drain_strategy.is_some(),
        drivers: node
            .drivers
            .iter()
            .filter(|(_, d)| d.detected)
            .map(|(name, d)| DriverLook {
                name: name.clone(),
                healthy: d.healthy,
                why: d.health_description.clone(),
            })
            .collect(),
        volumes: node
            .host_volumes
            .iter()
            .map(|(name, v)| VolumeLook {
                name: name.clone(),
                path: v.path.clone(),
                read_only: v.read_only,
            })
            .collect(),
    }
}
