//! The ports of one host: who holds which on which address.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::Holder;
use crate::model::{Node, Symbol};

/// Who holds a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PortHolder {
    /// A live allocation, by number.
    Alloc(u32),
    /// Another process or container.
    Other(Box<Holder>),
}

/// How many dynamic ports a node can have at most.
#[derive(Clone, Copy, Debug, Default)]
pub struct PortRoom {
    /// Of its range, less what it reserves.
    pub ports: i64,
    pub host: usize,
}

impl PortRoom {
    /// The room of a node.
    pub fn of(node: &Node) -> PortRoom {
        let (low, high) = node.dynamic_ports;
        let size = |ranges: &[(i64, i64)]| -> i64 {
            ranges.iter().map(|(first, last)| last.saturating_sub(*first).saturating_add(1)).sum()
        };
        let reserved = node.addresses.iter().map(|a| size(&a.reserved_ports)).sum::<i64>();
        let reserved = reserved + size(&node.reserved_ports);
        PortRoom { ports: high - low + 1 - reserved, host: node.host }
    }
}

/// A host's ports in use.
#[derive(Clone, Debug, Default)]
pub struct PortBook {
    held: BTreeMap<(Symbol, i64), Vec<PortHolder>>,
    everywhere: BTreeMap<i64, Vec<PortHolder>>,
    /// Resting before they are given again as dynamic ports.
    pub cooling: BTreeSet<i64>,
}

impl PortBook {
    /// Notes a holder of a port on one address.
    pub fn hold(&mut self, ip: Symbol, port: i64, holder: PortHolder) {
        self.held.entry((ip, port)).or_default().push(holder);
    }

    /// Notes a holder of a port on every address.
    pub fn hold_everywhere(&mut self, port: i64, holder: PortHolder) {
        self.everywhere.entry(port).or_default().push(holder);
    }

    /// How many ports are in use or resting, at most.
    pub fn count(&self) -> usize {
        self.held.len() + self.everywhere.len() + self.cooling.len()
    }

    /// Everyone who holds the port on the address.
    pub fn holders(&self, ip: Symbol, port: i64) -> impl Iterator<Item = &PortHolder> {
        let here = self.held.get(&(ip, port)).into_iter().flatten();
        here.chain(self.everywhere.get(&port).into_iter().flatten())
    }
}
