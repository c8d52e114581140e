//! An independent judge of a finished plan: it looks at the documents and the plan, not at how it was made.
//!
//! Shares no code with the scheduler's checks on purpose. An empty answer means: nothing is promised twice,
//! no node gives more than it has, and every placement is where the job allows it.

mod asked;
mod distinct;
mod holdings;
mod places;
mod ports;

use std::collections::BTreeSet;

use super::{Followup, Placement, Plan};
use crate::api;
use crate::model::{self, Alloc, Client, Group, Job, Node};
use crate::snapshot::{Cluster, Snapshot};

/// Everything wrong with a plan, one sentence each.
pub fn check(plan: &Plan, snapshot: &Snapshot, job: &api::Job) -> Vec<String> {
    let cluster = snapshot.cluster();
    let ended: BTreeSet<&str> = plan.stops.iter().map(|s| s.alloc_id.as_str()).collect();
    let compiled = model::compile_job(job, &cluster.symbols, cluster.semantics);
    let judge = Judge { plan, cluster, job: compiled, ended };
    let mut wrong = Vec::new();
    judge.names(&mut wrong);
    judge.counts(&mut wrong);
    judge.victims(&mut wrong);
    judge.places(&mut wrong);
    judge.distinct(&mut wrong);
    judge.asked(&mut wrong);
    judge.amounts(&mut wrong);
    judge.crowds(&mut wrong);
    judge.ports(&mut wrong);
    judge.bandwidth(&mut wrong);
    judge.cores_and_devices(&mut wrong);
    wrong
}

struct Judge<'a> {
    plan: &'a Plan,
    cluster: &'a Cluster,
    job: Job,
    ended: BTreeSet<&'a str>,
}

impl<'a> Judge<'a> {
    /// Existing allocations that go on holding what they have, with their node.
    fn staying(&self) -> impl Iterator<Item = (u32, &'a model::Alloc)> {
        let accounted =
            self.cluster.allocations().map(|(_, a)| a).filter(|a| self.cluster.is_accounted(a));
        let ended = self.ended.clone();
        accounted.filter(move |a| !ended.contains(a.id.as_str())).filter_map(|a| Some((a.node?, a)))
    }

    /// Stops and updates concern allocations that exist; placements have names, nodes and groups of their own.
    fn names(&self, wrong: &mut Vec<String>) {
        let known: BTreeSet<&str> =
            self.cluster.allocations().map(|(_, a)| a.id.as_str()).collect();
        let updates = self.plan.in_place.iter().map(|u| u.alloc_id.as_str());
        for id in self.ended.iter().copied().chain(updates) {
            if !known.contains(id) {
                wrong.push(format!("allocation {id} does not exist"));
            }
        }
        for update in &self.plan.in_place {
            if self.ended.contains(update.alloc_id.as_str()) {
                wrong.push(format!("{} is stopped and updated", update.name));
            }
        }
        let mut seen = BTreeSet::new();
        // A canary and a successor have the name of another.
        let new =
            self.plan.placements.iter().filter(|p| !p.canary && p.previous_allocation.is_empty());
        for placement in new {
            if !seen.insert((&placement.name, &placement.node_id)) {
                wrong.push(format!("{} is placed twice on one node", placement.name));
            }
        }
        let mut replaced = BTreeSet::new();
        for placement in &self.plan.placements {
            let previous = &placement.previous_allocation;
            if !previous.is_empty() && !replaced.insert(previous) {
                wrong.push(format!("{} stands in for what another does", placement.name));
            }
            let named = format!(".{}[{}]", placement.group, placement.index);
            if self.cluster.node_number(&placement.node_id).is_none()
                || self.job.group(&placement.group).is_none()
                || !placement.name.ends_with(&named)
            {
                wrong.push(format!("{} has no node, group or number", placement.name));
            }
        }
    }

    /// No group gets more than its count and its canaries; of a system job, one on each node.
    fn counts(&self, wrong: &mut Vec<String>) {
        if self.job.stopped && !self.plan.placements.is_empty() {
            wrong.push("a stopped job is placed".to_owned());
        }
        if self.job.is_system() {
            for placement in &self.plan.placements {
                let mut live = self.own().filter(|a| *a.node_id == *placement.node_id);
                if live.any(|a| a.name == placement.name) {
                    wrong.push(format!("{} runs there already", placement.name));
                }
            }
            return;
        }
        for group in &self.job.groups {
            // What failed is tried again, whatever else there is.
            let again = |p: &Placement| {
                let previous = self.cluster.find(&p.previous_allocation);
                previous.is_some_and(|alloc| alloc.client == Client::Failed)
            };
            let placed = self.plan.placements.iter().filter(|p| p.group == group.name && !again(p));
            let placed = placed.count();
            let own = self.own().filter(|a| a.common.group == group.name);
            let live = own.filter(|a| !self.is_away(a)).count();
            let count = group.count.max(0);
            let canaries = group.update.as_ref().map_or(0, |u| u.canary);
            let most = usize::try_from(count.saturating_add(canaries)).unwrap_or(0);
            if placed > 0 && placed + live > most {
                wrong.push(format!(
                    "group {} gets {placed} beside {live}; its count is {count}",
                    group.name
                ));
            }
        }
    }

    /// True if another may stand in for it.
    fn is_away(&self, alloc: &Alloc) -> bool {
        let becomes = |f: &Followup| f.alloc_id == alloc.id && !f.client_status.is_empty();
        alloc.client == Client::Unknown || self.plan.followups.iter().any(becomes)
    }

    /// Only what is less important by ten goes for something else, and it is stopped.
    fn victims(&self, wrong: &mut Vec<String>) {
        const STEP: i64 = 10;
        let evicted: BTreeSet<&str> =
            self.plan.stops.iter().filter(|s| s.evict).map(|s| s.alloc_id.as_str()).collect();
        let named = self.plan.placements.iter().flat_map(|p| &p.preempted).map(String::as_str);
        let named: BTreeSet<&str> = named.collect();
        for id in named.symmetric_difference(&evicted) {
            wrong.push(format!("allocation {id} is evicted for nothing, or named and not evicted"));
        }
        for alloc in evicted.iter().filter_map(|id| self.cluster.find(id)) {
            let common = &alloc.common;
            if common.job == self.job.key || self.job.priority - common.priority < STEP {
                wrong.push(format!("{} is too important to be evicted", alloc.name));
            }
        }
    }

    /// The job's live allocations that the plan does not end.
    fn own(&self) -> impl Iterator<Item = &'a Alloc> {
        let ended = self.ended.clone();
        let cluster = self.cluster;
        let own = cluster.allocs_of(self.job.key).iter().map(|n| &cluster.allocs[*n as usize]);
        own.filter(move |a| !a.is_terminal() && !ended.contains(a.id.as_str()))
    }

    /// Placements that run the plan's own version, with their node and group; others have another job's constraints.
    fn current(&self) -> impl Iterator<Item = (usize, &'a Placement, u32, &Group)> {
        let placements = self.plan.placements.iter().enumerate();
        placements.filter(|(_, p)| p.job_version == self.plan.job_version).filter_map(|(at, p)| {
            let node = self.cluster.node_number(&p.node_id)?;
            Some((at, p, node, self.job.group(&p.group)?))
        })
    }

    fn node(&self, number: u32) -> &'a Node {
        &self.cluster.nodes[number as usize]
    }
}
