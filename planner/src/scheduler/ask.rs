//! The question put to checks and scores: this group of this job, for the allocation of this number.

use std::collections::BTreeMap;

use super::draft::Draft;
use crate::model::{Group, Job, Symbol};

/// What every check and score looks at.
pub struct Ask<'a> {
    pub job: &'a Job,
    pub group: &'a Group,
    /// Of the allocation to be placed; volumes and dynamic ports depend on it.
    pub index: u64,
}

/// Uses by value: existing plus planned minus stopped.
pub fn value_counts(
    ask: &Ask<'_>,
    group: Option<&str>,
    draft: &Draft<'_>,
    value: impl Fn(u32) -> Option<Symbol>,
) -> BTreeMap<Symbol, i64> {
    let mut used: BTreeMap<Symbol, i64> = BTreeMap::new();
    let mut stopped: BTreeMap<Symbol, i64> = BTreeMap::new();
    let mut planned: BTreeMap<Symbol, i64> = BTreeMap::new();
    for number in draft.cluster.allocs_of(ask.job.key) {
        let alloc = &draft.cluster.allocs[*number as usize];
        if alloc.is_terminal() || group.is_some_and(|g| g != alloc.common.group) {
            continue;
        }
        if let Some(value) = alloc.node.and_then(&value) {
            if draft.is_stopped(*number) {
                *stopped.entry(value).or_default() += 1;
            }
            *used.entry(value).or_default() += 1;
        }
    }
    for placed in &draft.placed {
        if group.is_none_or(|g| g == placed.group)
            && let Some(value) = value(placed.node)
        {
            *planned.entry(value).or_default() += 1;
        }
    }
    for (value, count) in planned {
        // Nomad discounts one stop where a placement takes the same value.
        if let Some(stops) = stopped.get_mut(&value)
            && *stops > 1
        {
            *stops -= 1;
        }
        *used.entry(value).or_default() += count;
    }
    for (value, count) in stopped {
        if let Some(used) = used.get_mut(&value) {
            *used = (*used - count).max(0);
        }
    }
    used
}
