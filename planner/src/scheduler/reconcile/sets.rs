//! Splitting sets of allocations by the state of their nodes.

use std::collections::BTreeSet;

use super::State;

/// Allocations by what their node means for them.
#[derive(Clone, Debug, Default)]
pub(super) struct Tainted {
    pub(super) untainted: BTreeSet<u32>,
    pub(super) migrate: BTreeSet<u32>,
    pub(super) lost: BTreeSet<u32>,
}

/// Ended ones are never tainted; those told to migrate do; those on nodes that are gone or down are lost.
pub(super) fn by_taint(state: &State<'_, '_>, allocs: &BTreeSet<u32>) -> Tainted {
    let nodes = &state.inputs.cluster.nodes;
    let mut split = Tainted::default();
    for number in allocs.iter().copied() {
        let alloc = state.alloc(number);
        let down = alloc.node.is_none_or(|n| nodes[n as usize].is_down());
        if alloc.is_terminal() {
            split.untainted.insert(number);
        } else if alloc.migrate {
            split.migrate.insert(number);
        } else if down {
            split.lost.insert(number);
        } else {
            split.untainted.insert(number);
        }
    }
    split
}

/// By number in the name, then by ID.
pub(super) fn by_name(state: &State<'_, '_>, allocs: &BTreeSet<u32>) -> Vec<u32> {
    let mut list: Vec<u32> = allocs.iter().copied().collect();
    list.sort_by_key(|n| (state.alloc(*n).index(), *n));
    list
}
