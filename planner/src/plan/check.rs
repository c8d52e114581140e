//! An independent judge of a finished plan: it looks at the documents and the plan, not at how it was made.
//!
//! Shares no code with the scheduler's checks on purpose. An empty answer means: nothing is promised twice,
//! no node gives more than it has, and every placement is where the job allows it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Placement, Plan, PlannedPort};
use crate::api;
use crate::model::{self, Constraint, Operand, Usage};
use crate::semantics::Rule;
use crate::snapshot::{Cluster, PortHolder, Snapshot};

/// Everything wrong with a plan, one sentence each.
pub fn check(plan: &Plan, snapshot: &Snapshot, job: &api::Job) -> Vec<String> {
    let cluster = snapshot.cluster();
    let ended: BTreeSet<&str> = plan.stops.iter().map(|s| s.alloc_id.as_str()).collect();
    let judge = Judge { plan, cluster, job, ended };
    let mut wrong = Vec::new();
    judge.names(&mut wrong);
    judge.counts(&mut wrong);
    judge.places(&mut wrong);
    judge.amounts(&mut wrong);
    judge.ports(&mut wrong);
    judge.cores_and_devices(&mut wrong);
    wrong
}

struct Judge<'a> {
    plan: &'a Plan,
    cluster: &'a Cluster,
    job: &'a api::Job,
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

    /// Stops and updates concern allocations that exist; placements have names of their own.
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
        let canaries_aside = self.plan.placements.iter().filter(|p| !p.canary);
        for placement in canaries_aside {
            if !seen.insert((&placement.name, &placement.node_id)) {
                wrong.push(format!("{} is placed twice on one node", placement.name));
            }
        }
    }

    /// No group gets more than its count and its canaries.
    fn counts(&self, wrong: &mut Vec<String>) {
        if matches!(self.plan.job_type.as_str(), "system" | "sysbatch") {
            return;
        }
        for group in &self.job.task_groups {
            let placed = self.plan.placements.iter().filter(|p| p.group == group.name).count();
            let key = model::job_symbol(Some(&self.plan.namespace), &self.plan.job_id);
            let own =
                self.cluster.symbols.find(&key).map_or(&[][..], |k| self.cluster.allocs_of(k));
            let live = own
                .iter()
                .map(|n| &self.cluster.allocs[*n as usize])
                .filter(|a| a.common.group == group.name && !a.is_terminal())
                .filter(|a| !self.ended.contains(a.id.as_str()))
                .count();
            let count = group.count.unwrap_or(1).max(0);
            let canaries = group.update.as_ref().and_then(|u| u.canary).unwrap_or(0);
            let most = usize::try_from(count.saturating_add(canaries)).unwrap_or(0);
            if placed > 0 && placed + live > most {
                wrong.push(format!(
                    "group {} gets {placed} beside {live}; its count is {count}",
                    group.name
                ));
            }
        }
    }

    /// Every placement stands on a node that the job allows.
    fn places(&self, wrong: &mut Vec<String>) {
        let job = model::compile_job(self.job, &self.cluster.symbols, self.cluster.semantics);
        for placement in
            self.plan.placements.iter().filter(|p| p.job_version == self.plan.job_version)
        {
            let node = self.cluster.node_number(&placement.node_id);
            let (Some(number), Some(group)) = (node, job.group(&placement.group)) else {
                wrong.push(format!("{} has no node or group", placement.name));
                continue;
            };
            let node = &self.cluster.nodes[number as usize];
            let mut say =
                |what: String| wrong.push(format!("{} on {}: {what}", placement.name, node.name));
            if !node.is_ready() {
                say("the node takes nothing new".to_owned());
            }
            let constraints =
                job.constraints.iter().chain(group.all_constraints().map(|(_, _, c)| c));
            for constraint in constraints.filter(|c| !is_distinct(c)) {
                if !constraint.holds(node, &self.cluster.symbols, self.cluster.semantics) {
                    say(format!("constraint {} does not hold", constraint.key()));
                }
            }
            for task in &group.tasks {
                if !node.drivers.get(&task.driver).is_some_and(|d| d.detected && d.healthy) {
                    say(format!("driver {} cannot be used", task.driver));
                }
            }
            for volume in group.volumes.iter().filter(|v| !v.csi) {
                let found = node.volumes.get(&volume.source);
                if found.is_none_or(|v| v.read_only && !volume.read_only) {
                    say(format!("host volume {} cannot be used", volume.source));
                }
            }
            let globs = self.cluster.semantics.has(Rule::DatacenterGlobs);
            let pattern = |d: &String| globs && d.contains('*');
            if !job.datacenters.iter().any(|d| *d == node.datacenter || pattern(d)) {
                say(format!("datacenter {} is not the job's", node.datacenter));
            }
        }
    }

    /// No node gives more cpu, memory or disk than it has.
    fn amounts(&self, wrong: &mut Vec<String>) {
        let mut sums: BTreeMap<u32, Usage> = BTreeMap::new();
        for placement in &self.plan.placements {
            if let Some(node) = self.cluster.node_number(&placement.node_id) {
                *sums.entry(node).or_default() += self.usage(placement);
            }
        }
        for (node, alloc) in self.staying() {
            if let Some(sum) = sums.get_mut(&node) {
                *sum += alloc.common.usage;
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

    fn usage(&self, placement: &Placement) -> Usage {
        let resources = &placement.resources;
        let tasks = resources.tasks.iter().map(|(name, task)| {
            let lifecycle = resources.task_lifecycles.get(name).and_then(Option::as_ref);
            let phase =
                lifecycle.map_or(model::Phase::Main, |l| model::Phase::of(&l.hook, l.sidecar));
            (phase, task.cpu.cpu_shares, task.memory.memory_mb)
        });
        model::flatten(tasks, resources.shared.disk_mb, self.cluster.semantics)
    }

    /// No port of a host address is given twice, or taken from its holder.
    fn ports(&self, wrong: &mut Vec<String>) {
        let mut given: BTreeMap<(usize, &str, i64), &str> = BTreeMap::new();
        for placement in &self.plan.placements {
            let Some(number) = self.cluster.node_number(&placement.node_id) else { continue };
            let host = self.cluster.nodes[number as usize].host;
            for port in placement.ports.iter().filter(|port| !may_collide(placement, port)) {
                let key = (host, port.host_ip.as_str(), port.value);
                if let Some(other) = given.insert(key, &placement.name) {
                    wrong.push(format!(
                        "port {} on {} goes to {other} and to {}",
                        port.value, port.host_ip, placement.name
                    ));
                }
                let Some(ip) = self.cluster.symbols.find(&port.host_ip) else { continue };
                let held = self.cluster.ports[host].holders(ip, port.value).any(|h| match h {
                    PortHolder::Other(_) => true,
                    PortHolder::Alloc(n) => {
                        !self.ended.contains(self.cluster.allocs[*n as usize].id.as_str())
                    }
                });
                if held {
                    wrong.push(format!(
                        "port {} on {} of {} is held already",
                        port.value, port.host_ip, placement.name
                    ));
                }
            }
        }
    }

    /// No core and no device instance of a node is given twice.
    fn cores_and_devices(&self, wrong: &mut Vec<String>) {
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

/// True for a port of the group that asks to be given even where it is held.
fn may_collide(placement: &Placement, port: &PlannedPort) -> bool {
    let networks = &placement.resources.shared.networks;
    port.task.is_empty()
        && networks
            .iter()
            .flat_map(|network| &network.reserved_ports)
            .any(|p| p.label == port.label && p.ignore_collision == Some(true))
}

fn is_distinct(constraint: &Constraint) -> bool {
    matches!(constraint.operand, Operand::DistinctHosts | Operand::DistinctProperty)
}
