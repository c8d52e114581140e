//! With what an allocation would run on a node: ports, devices, cores, and whether cpu, memory and disk suffice.
//!
//! Order and keys are Nomad's: group network, then each task's network, devices and cores, then the totals, of which the
//! number of allocations is the first.

use super::draft::Draft;
use super::feasible::{Ask, Network, Report};
use super::reason::{PortRef, Reason};
use super::{devices, ports};
use crate::model::{Symbol, Usage, flatten};
use crate::semantics::Rule;

/// Everything chosen for one allocation on one node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grant {
    pub ports: Vec<PortGrant>,
    pub networks: Vec<NetworkGrant>,
    pub devices: Vec<DeviceGrant>,
    /// Task and cores.
    pub cores: Vec<(usize, Vec<u16>)>,
    /// Sum of the magnitudes of device affinities, and of the matching ones.
    pub device_weight: f64,
    pub device_match: f64,
}

/// A port given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortGrant {
    pub port: PortRef,
    pub ip: Symbol,
    pub value: i64,
}

/// A task's network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkGrant {
    pub task: usize,
    pub device: String,
    pub ip: Symbol,
    pub mbits: i64,
}

/// Device instances given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceGrant {
    pub task: usize,
    pub vendor: String,
    pub kind: String,
    pub name: String,
    pub instances: Vec<String>,
}

impl Grant {
    /// Empties it, keeping its memory.
    pub fn clear(&mut self) {
        self.ports.clear();
        self.networks.clear();
        self.devices.clear();
        self.cores.clear();
        self.device_weight = 0.0;
        self.device_match = 0.0;
    }

    /// True if the port is given already.
    pub fn has_port(&self, ip: Symbol, value: i64) -> bool {
        self.ports.iter().any(|p| p.ip == ip && p.value == value)
    }

    /// How well the devices match the affinities for them.
    pub fn device_score(&self) -> Option<f64> {
        (self.device_weight > 0.0).then(|| self.device_match / self.device_weight)
    }

    /// Bandwidth given on an interface.
    pub fn bandwidth(&self, device: &str) -> i64 {
        self.networks
            .iter()
            .filter(|n| n.device == device)
            .fold(0, |sum, n| sum.saturating_add(n.mbits))
    }

    /// Cores given to a task.
    pub fn cores_of(&self, task: usize) -> &[u16] {
        self.cores.iter().find(|(t, _)| *t == task).map_or(&[], |(_, cores)| cores)
    }
}

/// How closely a node is looked at.
#[derive(Clone, Copy)]
pub(super) enum Depth<'a> {
    /// Everything is chosen.
    Grant,
    /// It only counts whether there is something to choose: dynamic ports are not looked for where there must be some.
    Judge(&'a Network),
}

/// Tries a node: fills the grant, reports what is missing, and tells what the allocation would use.
/// `None` where the report said to stop.
pub fn fit(
    ask: &Ask<'_>,
    number: u32,
    draft: &Draft<'_>,
    grant: &mut Grant,
    report: Report<'_>,
) -> Option<Usage> {
    fit_to(Depth::Grant, ask, number, draft, grant, report)
}

/// The same, as closely as need be.
pub(super) fn fit_to(
    depth: Depth<'_>,
    ask: &Ask<'_>,
    number: u32,
    draft: &Draft<'_>,
    grant: &mut Grant,
    report: Report<'_>,
) -> Option<Usage> {
    grant.clear();
    if !ports::assign_group(depth, ask, number, draft, grant, report) {
        return None;
    }
    for task in 0..ask.group.tasks.len() {
        let done = ports::assign_task(ask, task, number, draft, grant, report)
            && devices::assign(ask, task, number, draft, grant, report)
            && assign_cores(ask, task, number, draft, grant, report);
        if !done {
            return None;
        }
    }
    let usage = usage(ask, number, draft, grant);
    totals(number, usage, draft, report).then_some(usage)
}

/// What the allocation would use: tasks with whole cores pay for them in MHz.
pub fn usage(ask: &Ask<'_>, number: u32, draft: &Draft<'_>, grant: &Grant) -> Usage {
    if grant.cores.is_empty() {
        return ask.group.usage;
    }
    let node = &draft.cluster.nodes[number as usize];
    let tasks = ask.group.tasks.iter().enumerate().map(|(t, task)| {
        let cores = i64::try_from(grant.cores_of(t).len()).unwrap_or(0);
        let cpu = if cores > 0 { cores.saturating_mul(node.mhz_per_core) } else { task.cpu };
        (task.phase, cpu, task.memory)
    });
    flatten(tasks, ask.group.disk, draft.cluster.semantics)
}

fn assign_cores(
    ask: &Ask<'_>,
    task: usize,
    number: u32,
    draft: &Draft<'_>,
    grant: &mut Grant,
    report: Report<'_>,
) -> bool {
    let asked = ask.group.tasks[task].cores;
    if asked <= 0 {
        return true;
    }
    let mut held: Vec<u16> =
        draft.holding(number).flat_map(|(_, a)| a.common.cores.iter().copied()).collect();
    let planned = draft.placed_on(number).flat_map(|(_, p)| &p.grant.cores);
    held.extend(planned.chain(&grant.cores).flat_map(|(_, cores)| cores.iter().copied()));
    let mut free: Vec<u16> = draft.cluster.nodes[number as usize]
        .cores
        .iter()
        .copied()
        .filter(|core| !held.contains(core))
        .collect();
    free.sort_unstable();
    let count = i64::try_from(free.len()).unwrap_or(i64::MAX);
    if count < asked {
        return report(Reason::Cores { task, asked, free: count });
    }
    free.truncate(usize::try_from(asked).unwrap_or(0));
    grant.cores.push((task, free));
    true
}

/// A node that takes no more allocations, whatever they are.
fn crowded(number: u32, draft: &Draft<'_>) -> Option<Reason> {
    let most = draft.cluster.max_allocs[number as usize];
    if most == 0 || !draft.cluster.semantics.has(Rule::MaxAllocs) {
        return None;
    }
    let held = draft.holding(number).count() + draft.placed_on(number).count();
    let held = i64::try_from(held).unwrap_or(i64::MAX);
    (held >= most).then_some(Reason::MaxAllocs { most, held })
}

fn totals(number: u32, ask: Usage, draft: &Draft<'_>, report: Report<'_>) -> bool {
    if crowded(number, draft).is_some_and(|reason| !report(reason)) {
        return false;
    }
    let capacity = draft.cluster.capacities[number as usize];
    let used = draft.used(number);
    let missing =
        |used: i64, ask: i64, capacity: i64| used.saturating_add(ask).saturating_sub(capacity);
    let cpu = missing(used.cpu, ask.cpu, capacity.cpu);
    let memory = missing(used.memory, ask.memory, capacity.memory);
    let disk = missing(used.disk, ask.disk, capacity.disk);
    let checks = [
        (cpu, Reason::Cpu { asked: ask.cpu, missing: cpu }),
        (memory, Reason::Memory { asked: ask.memory, missing: memory }),
        (disk, Reason::Disk { asked: ask.disk, missing: disk }),
    ];
    checks.into_iter().all(|(missing, reason)| missing <= 0 || report(reason))
}
