//! Which running allocations of less important jobs would have to go to make room on a node.
//!
//! Ports are freed by their holders; bandwidth, devices, cpu, memory, disk and the place of an allocation by the least
//! important first, among those by the closest fit. How many of a group its `migrate` block lets move at once is not asked: Nomad
//! counts none of a plan's victims there, in any version.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::devices::{free_instances, matches};
use super::draft::Draft;
use super::feasible::Ask;
use super::fit::{Grant, fit};
use super::reason::Reason;
use crate::model::{Alloc, DeviceAsk, Usage};
use crate::snapshot::PortHolder;

/// How much more important a job must be than one it displaces.
const PRIORITY_STEP: i64 = 10;

/// Room made on a node.
pub(super) struct Room {
    pub(super) victims: Vec<u32>,
    /// What the allocation gets. Victims for totals still hold their devices and cores then, as in Nomad.
    pub(super) grant: Grant,
    pub(super) usage: Usage,
    /// In use there while the score is taken, the allocation included: victims for totals still count, as in Nomad.
    pub(super) used: Usage,
}

/// Finds victims so that the group fits on the node, or what is in the way whoever goes. The draft is as before
/// afterwards.
pub(super) fn make_room(ask: &Ask<'_>, number: u32, draft: &mut Draft<'_>) -> Result<Room, Reason> {
    let mut victims: Vec<u32> = Vec::new();
    let room = make_room_staged(ask, number, draft, &mut victims);
    for victim in victims {
        draft.restore(victim);
    }
    room
}

fn make_room_staged(
    ask: &Ask<'_>,
    number: u32,
    draft: &mut Draft<'_>,
    staged: &mut Vec<u32>,
) -> Result<Room, Reason> {
    // Each turn removes at least one victim, and there are only so many allocations on a node.
    loop {
        let mut grant = Grant::default();
        let mut reasons = Vec::new();
        let usage = fit(ask, number, draft, &mut grant, &mut |reason| {
            reasons.push(reason);
            true
        });
        let usage = usage.unwrap_or_default();
        let of_total = |r: &Reason| {
            matches!(
                r,
                Reason::MaxAllocs { .. }
                    | Reason::Cpu { .. }
                    | Reason::Memory { .. }
                    | Reason::Disk { .. }
            )
        };
        let Some(at) = reasons.iter().position(|r| !of_total(r)) else {
            let mut victims = staged.clone();
            let mut used = draft.used(number);
            used += usage;
            if let Some(reason) = reasons.into_iter().next() {
                let places = match reason {
                    Reason::MaxAllocs { most, held } => {
                        // Where this is in the way Nomad has not added anything up yet.
                        used = Usage::default();
                        held + 1 - most
                    }
                    _ => 0,
                };
                let places = usize::try_from(places).unwrap_or(0);
                victims.extend(for_totals(ask, number, draft, usage, places).ok_or(reason)?);
            }
            return Ok(Room { victims, grant, usage, used });
        };
        let reason = reasons.swap_remove(at);
        let more = match &reason {
            Reason::PortTaken { ip, value, .. } => port_holders(ask, number, draft, *ip, *value),
            Reason::Bandwidth { task, .. } => for_bandwidth(ask, *task, number, draft),
            Reason::DeviceAssign { task, request, .. } => {
                let wanted = &ask.group.tasks[*task].devices[*request];
                for_device(ask, wanted, number, draft, &grant)
            }
            _ => None,
        };
        let Some(more) = more.filter(|more| !more.is_empty()) else { return Err(reason) };
        for victim in more {
            draft.stop(victim);
            staged.push(victim);
        }
    }
}

/// Allocations on the node that the job may displace.
fn candidates<'d>(ask: &Ask<'_>, number: u32, draft: &Draft<'d>) -> Vec<(u32, &'d Alloc)> {
    draft.holding(number).filter(|(_, a)| may_displace(ask, a)).collect()
}

fn may_displace(ask: &Ask<'_>, alloc: &Alloc) -> bool {
    alloc.common.job != ask.job.key && ask.job.priority - alloc.common.priority >= PRIORITY_STEP
}

fn port_holders(
    ask: &Ask<'_>,
    number: u32,
    draft: &Draft<'_>,
    ip: crate::model::Symbol,
    value: i64,
) -> Option<Vec<u32>> {
    let mut victims = Vec::new();
    for holder in draft.port_holders(number, ip, value) {
        let PortHolder::Alloc(holder) = holder else { return None };
        let alloc = &draft.cluster.allocs[*holder as usize];
        if alloc.node != Some(number) || !may_displace(ask, alloc) {
            return None;
        }
        victims.push(*holder);
    }
    Some(victims)
}

/// By priority, lowest first; each group keeps the node's order.
fn by_priority(list: Vec<(u32, &Alloc)>) -> BTreeMap<i64, Vec<(u32, &Alloc)>> {
    let mut groups: BTreeMap<i64, Vec<(u32, &Alloc)>> = BTreeMap::new();
    for (number, alloc) in list {
        groups.entry(alloc.common.priority).or_default().push((number, alloc));
    }
    groups
}

fn descending(a: f64, b: f64) -> Ordering {
    b.partial_cmp(&a).unwrap_or(Ordering::Equal)
}

fn for_bandwidth(ask: &Ask<'_>, task: usize, number: u32, draft: &Draft<'_>) -> Option<Vec<u32>> {
    let asked = ask.group.tasks[task].network.as_ref()?.mbits;
    let node = &draft.cluster.nodes[number as usize];
    node.interfaces.iter().filter(|i| i.mbits >= asked).find_map(|interface| {
        let of = |a: &Alloc| -> i64 {
            let here = a.common.bandwidth.iter().filter(|(d, _)| *d == interface.device);
            here.map(|(_, mbits)| mbits).sum()
        };
        let placed = draft.placed_on(number).map(|(_, p)| p.grant.bandwidth(&interface.device));
        let used: i64 =
            draft.holding(number).map(|(_, a)| of(a)).sum::<i64>() + placed.sum::<i64>();
        let free = interface.mbits - used;
        let distance = |a: &Alloc| ((asked - of(a)) as f64 / asked as f64).abs();
        let mut taken: Vec<(u32, &Alloc)> = Vec::new();
        let mut sum = free;
        let list = candidates(ask, number, draft).into_iter().filter(|(_, a)| of(a) > 0).collect();
        for (_, mut group) in by_priority(list) {
            group.sort_by(|a, b| descending(distance(b.1), distance(a.1)));
            for (victim, alloc) in group {
                if sum < asked {
                    sum += of(alloc);
                    taken.push((victim, alloc));
                }
            }
        }
        if sum < asked {
            return None;
        }
        taken.sort_by(|a, b| descending(distance(a.1), distance(b.1)));
        let mut sum = free;
        let needed = taken.into_iter().take_while(|(_, alloc)| {
            let before = sum;
            sum += of(alloc);
            before < asked
        });
        Some(needed.map(|(victim, _)| victim).collect())
    })
}

/// One device group whose users are the least important.
fn for_device(
    ask: &Ask<'_>,
    wanted: &DeviceAsk,
    number: u32,
    draft: &Draft<'_>,
    grant: &Grant,
) -> Option<Vec<u32>> {
    let node = &draft.cluster.nodes[number as usize];
    let needed = usize::try_from(wanted.count).ok()?;
    let mut best: Option<(i64, Vec<u32>)> = None;
    for device in node.devices.iter().filter(|d| matches(d, wanted)) {
        let of = |a: &Alloc| -> usize {
            let same = a.common.devices.iter().filter(|u| {
                (&u.vendor, &u.kind, &u.name) == (&device.vendor, &device.kind, &device.name)
            });
            same.map(|u| u.instances.len()).sum()
        };
        let free = free_instances(device, number, draft, grant).count();
        let users: Vec<_> =
            candidates(ask, number, draft).into_iter().filter(|(_, a)| of(a) > 0).collect();
        let mut chosen: Vec<(u32, &Alloc)> = Vec::new();
        let mut freed = free;
        for entry in by_priority(users).into_values().flatten() {
            if freed >= needed {
                break;
            }
            freed += of(entry.1);
            chosen.push(entry);
        }
        if freed < needed {
            continue;
        }
        chosen.sort_by_key(|(_, a)| std::cmp::Reverse(of(a)));
        let mut freed = free;
        chosen.retain(|(_, alloc)| {
            let take = freed < needed;
            freed += of(alloc);
            take
        });
        let priorities: BTreeSet<i64> = chosen.iter().map(|(_, a)| a.common.priority).collect();
        let cost: i64 = priorities.into_iter().sum();
        if best.as_ref().is_none_or(|(b, _)| cost < *b) {
            best = Some((cost, chosen.into_iter().map(|(victim, _)| victim).collect()));
        }
    }
    best.map(|(_, victims)| victims)
}

/// How far what an allocation holds is from what is needed.
fn distance(needed: Usage, held: Usage) -> f64 {
    let part = |needed: i64, held: i64| {
        if needed > 0 { (needed as f64 - held as f64) / needed as f64 } else { 0.0 }
    };
    let (cpu, memory, disk) = (
        part(needed.cpu, held.cpu),
        part(needed.memory, held.memory),
        part(needed.disk, held.disk),
    );
    libm::sqrt(memory * memory + cpu * cpu + disk * disk)
}

fn covers(available: Usage, ask: Usage) -> bool {
    available.cpu >= ask.cpu && available.memory >= ask.memory && available.disk >= ask.disk
}

/// Cpu, memory and disk; and so many have to go whatever they hold.
fn for_totals(
    ask: &Ask<'_>,
    number: u32,
    draft: &Draft<'_>,
    asked: Usage,
    places: usize,
) -> Option<Vec<u32>> {
    let enough = |available: Usage, gone: usize| covers(available, asked) && gone >= places;
    let mut free = draft.cluster.nodes[number as usize].capacity;
    free -= draft.used(number);
    let mut available = free;
    let mut needed = asked;
    let mut taken: Vec<(u32, &Alloc)> = Vec::new();
    for (_, mut group) in by_priority(candidates(ask, number, draft)) {
        while !group.is_empty() && !enough(available, taken.len()) {
            let scores = group.iter().map(|(_, a)| distance(needed, a.common.usage));
            let closest = scores
                .enumerate()
                .fold((0, f64::INFINITY), |best, (i, d)| if d < best.1 { (i, d) } else { best });
            let (victim, alloc) = group.swap_remove(closest.0);
            available += alloc.common.usage;
            needed -= alloc.common.usage;
            taken.push((victim, alloc));
        }
    }
    if !enough(available, taken.len()) {
        return None;
    }
    taken.sort_by(|a, b| {
        descending(distance(asked, a.1.common.usage), distance(asked, b.1.common.usage))
    });
    let mut available = free;
    let mut victims = Vec::new();
    for (victim, alloc) in taken {
        if enough(available, victims.len()) {
            break;
        }
        available += alloc.common.usage;
        victims.push(victim);
    }
    Some(victims)
}

/// The score of displacing these: the less important they are the better.
pub(super) fn score(victims: &[u32], draft: &Draft<'_>) -> f64 {
    let priorities =
        victims.iter().map(|n| draft.cluster.allocs[*n as usize].common.priority as f64);
    let sum: f64 = priorities.clone().sum();
    let highest = priorities.fold(0.0, f64::max);
    let net = if highest > 0.0 { highest + sum / highest } else { 0.0 };
    1.0 / (1.0 + libm::exp(0.0048 * (net - 2048.0)))
}
