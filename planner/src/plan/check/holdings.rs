//! What nodes give: no more cpu, memory and disk than there is, no core and no device twice.

use std::collections::{BTreeMap, BTreeSet};

use super::Judge;
use crate::api;
use crate::model::{Phase, Usage, flatten};
use crate::semantics::Rule;

impl Judge<'_> {
    /// No node gives more cpu, memory or disk than it has.
    pub(super) fn amounts(&self, wrong: &mut Vec<String>) {
        let mut sums: BTreeMap<u32, Usage> = BTreeMap::new();
        for placement in &self.plan.placements {
            if let Some(node) = self.cluster.node_number(&placement.node_id) {
                *sums.entry(node).or_default() += self.usage(&placement.resources);
            }
        }
        // Updates may ask for more than before.
        let mut updated: BTreeMap<&str, Usage> = BTreeMap::new();
        for update in &self.plan.in_place {
            updated.insert(&update.alloc_id, self.usage(&update.resources));
            if let Some(node) = self.cluster.node_number(&update.node_id) {
                sums.entry(node).or_default();
            }
        }
        for (node, alloc) in self.staying() {
            if let Some(sum) = sums.get_mut(&node) {
                *sum += updated.get(alloc.id.as_str()).copied().unwrap_or(alloc.common.usage);
            }
        }
        for (number, sum) in sums {
            let node = &self.cluster.nodes[number as usize];
            let amounts = [
                ("cpu", sum.cpu, node.capacity.cpu),
                ("memory", sum.memory, node.capacity.memory),
                ("disk", sum.disk, node.capacity.disk),
            ];
            for (what, used, capacity) in amounts.into_iter().filter(|(_, used, c)| used > c) {
                wrong.push(format!("{}: {used} of {capacity} {what} given", node.name));
            }
        }
    }

    fn usage(&self, resources: &api::AllocatedResources) -> Usage {
        let tasks = resources.tasks.iter().map(|(name, task)| {
            let lifecycle = resources.task_lifecycles.get(name).and_then(Option::as_ref);
            let phase = lifecycle.map_or(Phase::Main, |l| Phase::of(&l.hook, l.sidecar));
            (phase, task.cpu.cpu_shares, task.memory.memory_mb)
        });
        flatten(tasks, resources.shared.disk_mb, self.cluster.semantics)
    }

    /// Nothing is placed on a node that has as many allocations as it takes.
    pub(super) fn crowds(&self, wrong: &mut Vec<String>) {
        let mut counts: BTreeMap<u32, i64> = BTreeMap::new();
        let placed = self.plan.placements.iter();
        for node in placed.filter_map(|p| self.cluster.node_number(&p.node_id)) {
            *counts.entry(node).or_default() += 1;
        }
        for (node, _) in self.staying() {
            if let Some(count) = counts.get_mut(&node) {
                *count += 1;
            }
        }
        for (number, count) in counts {
            let node = self.node(number);
            let limited = node.max_allocs != 0 && self.cluster.semantics.has(Rule::MaxAllocs);
            if limited && count > node.max_allocs {
                wrong.push(format!("{}: {count} of {} allocations", node.name, node.max_allocs));
            }
        }
    }

    /// No core and no device instance of a node is given twice.
    pub(super) fn cores_and_devices(&self, wrong: &mut Vec<String>) {
        let mut given: BTreeSet<(u32, String)> = BTreeSet::new();
        let mut give = |node: u32, what: String, wrong: &mut Vec<String>| {
            if !given.insert((node, what.clone())) {
                let name = &self.cluster.nodes[node as usize].name;
                wrong.push(format!("{name}: {what} is given twice"));
            }
        };
        let touched: BTreeSet<u32> = self
            .plan
            .placements
            .iter()
            .filter_map(|p| self.cluster.node_number(&p.node_id))
            .collect();
        for (node, alloc) in self.staying().filter(|(node, _)| touched.contains(node)) {
            for core in &alloc.common.cores {
                give(node, format!("core {core}"), wrong);
            }
            for device in &alloc.common.devices {
                for id in &device.instances {
                    give(node, format!("device {}/{}/{id}", device.kind, device.name), wrong);
                }
            }
        }
        for placement in &self.plan.placements {
            let Some(node) = self.cluster.node_number(&placement.node_id) else { continue };
            for task in placement.resources.tasks.values() {
                for core in &task.cpu.reserved_cores {
                    give(node, format!("core {core}"), wrong);
                }
                for device in &task.devices {
                    for id in &device.device_ids {
                        give(node, format!("device {}/{}/{id}", device.kind, device.name), wrong);
                    }
                }
            }
        }
    }
}
