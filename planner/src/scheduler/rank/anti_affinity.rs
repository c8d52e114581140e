//! Allocations of the same group rather stand apart.

use crate::scheduler::ask::Ask;
use crate::scheduler::draft::Draft;

/// 0 where the node has none yet, else the negative share of the group it would hold.
pub fn anti_affinity(ask: &Ask<'_>, number: u32, draft: &Draft<'_>) -> f64 {
    let name = &ask.group.name;
    let existing = draft.own_on(number).filter(|a| a.common.group == *name).count();
    let placed = draft.placed_on(number).filter(|(_, p)| p.group == *name).count();
    let here = existing + placed;
    if here == 0 { 0.0 } else { -((here + 1) as f64) / ask.group.count as f64 }
}
