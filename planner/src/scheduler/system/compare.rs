//! What should run on each node against what does: what stays, what ends, what is missing, what is of an older version.

use std::collections::{BTreeMap, BTreeSet};

use super::{Missing, NOT_NEEDED, Run, TAINTED};
use crate::Map;
use crate::model::{Group, JobKind};
use crate::scheduler::reconcile::{Cause, Counts, LOST, alloc_name};
use crate::semantics::Rule;

impl<'s> Run<'s, '_, '_> {
    pub(super) fn compare(&mut self) {
        let situation = self.situation;
        let mut required: Map<&'s Group> = Map::new();
        if !situation.job.stopped {
            for group in &situation.job.groups {
                for index in 0..group.count.max(0).unsigned_abs() {
                    required.insert(alloc_name(&situation.job.name, &group.name, index), group);
                }
            }
        }
        for silent in situation.silent() {
            self.stop(silent.alloc, silent.description, silent.lost);
        }
        // In node order; allocations on nodes that are gone come last.
        let mut by_node: BTreeMap<(bool, Option<u32>), Vec<u32>> = BTreeMap::new();
        for number in &situation.candidates {
            by_node.insert((false, Some(*number)), Vec::new());
        }
        for number in situation.cluster.allocs_of(situation.job.key) {
            let node = situation.cluster.allocs[*number as usize].node;
            by_node.entry((node.is_none(), node)).or_default().push(*number);
        }
        for group in &situation.job.groups {
            self.outcome.counts.insert(group.name.clone(), Counts::default());
        }
        for ((_, node), allocs) in by_node {
            let is_over = |n: &u32| situation.cluster.allocs[*n as usize].is_terminal();
            let (over, live): (Vec<u32>, Vec<u32>) = allocs.into_iter().partition(is_over);
            let outdated = self.updated.len();
            self.compare_existing(node, &live, &required);
            let ready = |n: &u32| situation.candidates.binary_search(n).is_ok();
            let Some(node) = node.filter(ready) else { continue };
            self.find_missing(node, &live, &over, &required);
            let updates = self.updated.len() > outdated;
            self.begin_deployment(&live, &over, updates);
        }
    }

    fn compare_existing(&mut self, node: Option<u32>, allocs: &[u32], required: &Map<&'s Group>) {
        let situation = self.situation;
        let semantics = situation.cluster.semantics;
        let found = node.map(|n| &situation.cluster.nodes[n as usize]);
        let gone = found.is_none_or(|n| n.is_down());
        let draining = found.is_some_and(|n| n.draining);
        let closed = found.is_some_and(|n| !n.is_ready());
        let reached = node.is_some_and(|n| situation.in_reach(n));
        for number in allocs.iter().copied() {
            let alloc = &situation.cluster.allocs[number as usize];
            let outdated = alloc.common.version != situation.job.version;
            let ends = !required.contains_key(&alloc.name)
                || closed && !draining && outdated && semantics.has(Rule::SystemOutdatedEnds)
                || !closed && !reached && semantics.has(Rule::SystemLeavesDatacenter);
            let group = &alloc.common.group;
            if alloc.migrate && required.contains_key(&alloc.name) {
                self.count(group).migrate += 1;
                self.stop(number, TAINTED, false);
            } else if gone && required.contains_key(&alloc.name) {
                self.stop(number, LOST, true);
            } else if ends {
                self.count(group).stop += 1;
                self.stop(number, NOT_NEEDED, false);
            } else if closed || !reached || !outdated {
                self.leave(number);
            } else {
                self.updated.push(number);
            }
        }
    }

    fn leave(&mut self, number: u32) {
        let group = &self.situation.cluster.allocs[number as usize].common.group;
        self.count(group).ignore += 1;
        self.left.push(number);
    }

    fn find_missing(&mut self, node: u32, live: &[u32], over: &[u32], required: &Map<&'s Group>) {
        let situation = self.situation;
        let existing: BTreeSet<&str> =
            live.iter().map(|n| situation.cluster.allocs[*n as usize].name.as_str()).collect();
        for group in &situation.job.groups {
            for (name, _) in required.iter().filter(|(_, g)| g.name == group.name) {
                if existing.contains(name.as_str()) {
                    continue;
                }
                let previous = self.latest(over, name);
                if let Some(number) = previous.filter(|_| situation.job.kind == JobKind::SysBatch) {
                    // Once is enough, however it ended; a newer version is another matter.
                    let alloc = &situation.cluster.allocs[number as usize];
                    if alloc.common.version == situation.job.version
                        && !situation.foreign.contains(&number)
                    {
                        self.leave(number);
                    } else {
                        self.updated.push(number);
                    }
                    continue;
                }
                self.count(&group.name).place += 1;
                self.place.push(Missing {
                    node,
                    group,
                    name: name.clone(),
                    previous,
                    cause: Cause::Missing,
                    canary: false,
                });
            }
        }
    }

    /// The latest of that name.
    fn latest(&self, allocs: &[u32], name: &str) -> Option<u32> {
        let cluster = self.situation.cluster;
        let named = allocs.iter().copied().filter(|n| cluster.allocs[*n as usize].name == name);
        named.max_by_key(|n| {
            let alloc = &cluster.allocs[*n as usize];
            (alloc.create_index, &alloc.id)
        })
    }
}
