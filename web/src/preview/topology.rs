//! The cluster as it is drawn: every node with its bars, and what stands in them. Plain data.

use steppe_planner::api;
use steppe_planner::record::{Record, Word};

/// The nodes on the screen.
#[derive(Debug, Default, Record)]
pub struct Topology {
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
    /// Runs, and would stop or move.
    Leaving,
    /// Would start.
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
    /// What would become of it, or where it would come from: `to n2`, `from n1`, `preempted`.
    pub fate: String,
    pub cpu_mhz: i64,
    pub memory_mb: i64,
    pub disk_mb: i64,
    pub ports: Vec<api::PortMapping>,
}
