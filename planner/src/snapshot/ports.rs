//! The ports of one host: who holds which on which address.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::Holder;
use crate::model::Symbol;

/// Who holds a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PortHolder {
    /// A live allocation, by number.
    Alloc(u32),
    /// Another process or container.
    Other(Box<Holder>),
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

    /// Everyone who holds the port on the address.
    pub fn holders(&self, ip: Symbol, port: i64) -> impl Iterator<Item = &PortHolder> {
        let here = self.held.get(&(ip, port)).into_iter().flatten();
        here.chain(self.everywhere.get(&port).into_iter().flatten())
    }
}
