//! A snapshot that is not: nodes drained, gone, doubled or of another size.
//!
//! What follows for the jobs is not decided here.

use super::Snapshot;
use crate::model::{Node, Symbols, Usage};

impl Snapshot {
    /// Drains a node: nothing new goes there, and what stands there is told to move.
    pub fn drain(&mut self, node: u32) {
        let place = node as usize;
        let cluster = &mut self.cluster;
        cluster.nodes[place].draining = true;
        "ineligible".clone_into(&mut cluster.nodes[place].eligibility);
        cluster.note(place);
        for number in cluster.on_node[place].clone() {
            let alloc = &mut cluster.allocs[number as usize];
            alloc.migrate = !alloc.is_terminal();
        }
    }

    /// Lets a node take allocations again, and what was told to move stay.
    pub fn enable(&mut self, node: u32) {
        let place = node as usize;
        let cluster = &mut self.cluster;
        cluster.nodes[place].draining = false;
        "eligible".clone_into(&mut cluster.nodes[place].eligibility);
        cluster.note(place);
        for number in cluster.on_node[place].clone() {
            cluster.allocs[number as usize].migrate = false;
        }
    }

    /// Takes a node out; what stood there is lost.
    pub fn remove_node(&mut self, node: u32) {
        self.cluster.nodes.remove(node as usize);
        self.cluster.settle(&self.head.hosts);
    }

    /// Adds a node like another one, empty and on a machine of its own. Answers its number.
    pub fn clone_node(&mut self, like: u32, name: &str) -> u32 {
        let cluster = &mut self.cluster;
        let node = named(&cluster.nodes[like as usize], name, &mut cluster.symbols);
        let place = cluster.place_of(&node);
        cluster.nodes.insert(place, node);
        cluster.settle(&self.head.hosts);
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    /// Gives a node another size, less what it keeps for itself.
    pub fn resize_node(&mut self, node: u32, size: Usage) {
        let place = node as usize;
        let node = &mut self.cluster.nodes[place];
        if node.mhz_per_core > 0 {
            let whole = usize::try_from(size.cpu / node.mhz_per_core).unwrap_or_default();
            let next = node.cores.last().map_or(0, |last| last + 1);
            let missing = whole.saturating_sub(node.cores.len());
            node.cores.truncate(whole);
            node.cores.extend((next..).take(missing));
        }
        node.capacity = size;
        node.capacity -= node.reserved;
        self.cluster.note(place);
    }
}

/// The same node under another name.
fn named(like: &Node, name: &str, symbols: &mut Symbols) -> Node {
    let mut node = like.clone();
    name.clone_into(&mut node.name);
    name.clone_into(&mut node.id);
    node.symbols.name = symbols.intern(name);
    node.symbols.id = node.symbols.name;
    if let Some(key) = symbols.find("unique.hostname")
        && let Ok(at) = node.attributes.binary_search_by_key(&key, |(key, _)| *key)
    {
        node.attributes[at].1 = node.symbols.name;
    }
    node
}
