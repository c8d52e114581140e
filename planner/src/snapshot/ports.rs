//! The ports of one host: who holds which on which address.

use std::collections::BTreeSet;

use crate::api::Holder;
use crate::model::{Node, Symbol};

/// Stands for every address.
const EVERYWHERE: Symbol = Symbol(u32::MAX);

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
    /// By address and port; of one, others before allocations, those in the order of their IDs.
    held: Vec<Held>,
    /// Resting before they are given again as dynamic ports.
    pub cooling: BTreeSet<i64>,
}

#[derive(Clone, Debug)]
struct Held {
    ip: Symbol,
    port: i64,
    holder: PortHolder,
}

impl PortBook {
    /// Notes that an allocation holds a port. `before` says which others come before it.
    pub(super) fn hold(&mut self, ip: Symbol, port: i64, alloc: u32, before: &dyn Fn(u32) -> bool) {
        let at = self.held.partition_point(|held| match (held.ip, held.port).cmp(&(ip, port)) {
            std::cmp::Ordering::Equal => match held.holder {
                PortHolder::Alloc(other) => before(other),
                PortHolder::Other(_) => true,
            },
            order => order.is_lt(),
        });
        self.held.insert(at, Held { ip, port, holder: PortHolder::Alloc(alloc) });
    }

    /// Notes that an allocation holds a port no longer.
    pub(super) fn release(&mut self, ip: Symbol, port: i64, alloc: u32) {
        let range = self.range(ip, port);
        let held = |n: &usize| self.held[*n].holder == PortHolder::Alloc(alloc);
        if let Some(at) = range.into_iter().find(held) {
            self.held.remove(at);
        }
    }

    /// Replaces what is held by others; no address stands for all of them.
    pub(super) fn hold_others(
        &mut self,
        others: impl Iterator<Item = (Option<Symbol>, i64, Box<Holder>)>,
    ) {
        let allocs = std::mem::take(&mut self.held);
        self.held = others
            .map(|(ip, port, holder)| Held {
                ip: ip.unwrap_or(EVERYWHERE),
                port,
                holder: PortHolder::Other(holder),
            })
            .collect();
        let kept = |held: &Held| matches!(held.holder, PortHolder::Alloc(_));
        self.held.extend(allocs.into_iter().filter(kept));
        // Stable: others stay before allocations.
        self.held.sort_by_key(|held| (held.ip, held.port));
    }

    /// How many ports are in use or resting, at most.
    pub fn count(&self) -> usize {
        self.held.len() + self.cooling.len()
    }

    /// Everyone who holds the port on the address.
    pub fn holders(&self, ip: Symbol, port: i64) -> impl Iterator<Item = &PortHolder> {
        let (here, everywhere) = (self.range(ip, port), self.range(EVERYWHERE, port));
        self.held[here].iter().chain(&self.held[everywhere]).map(|held| &held.holder)
    }

    fn range(&self, ip: Symbol, port: i64) -> std::ops::Range<usize> {
        let first = self.held.partition_point(|held| (held.ip, held.port) < (ip, port));
        let rest = self.held[first..].iter();
        let same = rest.take_while(|held| (held.ip, held.port) == (ip, port)).count();
        first..first + same
    }
}
