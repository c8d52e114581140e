//! Lists of allocations: the live ones from the snapshot, the ended ones from the agent's history.
//!
//! The snapshot holds only what planning needs; an allocation that both sides have ended is not in it.

use steppe_planner::api;
use yew::prelude::*;

use crate::live::{Remote, newest_first, use_live, use_remote};

/// The allocations that `keep` wants, newest first: those of the snapshot, then those that only the
/// list at `path` has.
#[hook]
pub fn use_allocations(
    path: &str,
    keep: &dyn Fn(&api::Allocation) -> bool,
) -> Vec<api::Allocation> {
    let live = use_live();
    // A row of the list is an allocation with fewer fields.
    let listed = use_remote::<Vec<api::Allocation>>(
        Some(format!("{path}resources=true").into()),
        vec!["Allocation".to_owned()],
    );
    let mut all = live.cluster.allocations_where(keep);
    if let Remote::Ready(rows) = &listed {
        let ended = rows.iter().filter(|row| keep(row) && !all.iter().any(|a| a.id == row.id));
        let ended: Vec<_> = ended.cloned().collect();
        all.extend(ended);
        newest_first(&mut all);
    }
    all
}
