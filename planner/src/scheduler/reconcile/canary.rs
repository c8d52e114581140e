//! Canaries: which belong to the deployment, which are left over.

use std::collections::BTreeSet;

use super::{Counts, LOST, MIGRATING, NOT_NEEDED, State, sets};
use crate::model::Deployment;

impl State<'_, '_> {
    /// Stops canaries of an old or failed deployment, and returns those of the current one.
    pub(super) fn canaries(
        &mut self,
        all: &mut BTreeSet<u32>,
        counts: &mut Counts,
    ) -> BTreeSet<u32> {
        let mut leftover = BTreeSet::new();
        if let Some(old) = &self.old {
            leftover.extend(unpromoted(old));
        }
        if let Some(current) = self.current.as_ref().filter(|d| d.failed) {
            leftover.extend(unpromoted(current));
        }
        let stops = self.named(all, &leftover);
        for number in &stops {
            self.stop(*number, NOT_NEEDED, false);
            all.remove(number);
        }
        counts.stop += stops.len() as u64;
        let Some(current) = &self.current else { return BTreeSet::new() };
        let ids: BTreeSet<String> =
            current.groups.values().flat_map(|g| g.placed_canaries.clone()).collect();
        let split = sets::by_taint(self, &self.named(all, &ids));
        for number in &split.migrate {
            self.stop(*number, MIGRATING, false);
            all.remove(number);
        }
        for number in &split.lost {
            self.stop(*number, LOST, true);
            all.remove(number);
        }
        split.untainted
    }

    fn named(&self, all: &BTreeSet<u32>, ids: &BTreeSet<String>) -> BTreeSet<u32> {
        all.iter().copied().filter(|n| ids.contains(&self.alloc(*n).id)).collect()
    }
}

fn unpromoted(deployment: &Deployment) -> impl Iterator<Item = String> {
    let groups = deployment.groups.values().filter(|g| !g.promoted);
    groups.flat_map(|g| g.placed_canaries.iter().cloned())
}
