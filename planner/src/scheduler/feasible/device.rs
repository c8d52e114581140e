//! Enough healthy devices of each kind, whoever uses them now.

use super::{Ask, Report};
use crate::model::DeviceGroup;
use crate::scheduler::devices::matches;
use crate::scheduler::reason::Reason;
use crate::semantics::Rule;
use crate::snapshot::Cluster;

pub(super) fn check(ask: &Ask<'_>, number: u32, cluster: &Cluster, report: Report<'_>) -> bool {
    if ask.group.tasks.iter().all(|task| task.devices.is_empty()) {
        return true;
    }
    let node = &cluster.nodes[number as usize];
    let spans = cluster.semantics.has(Rule::DevicesAcrossGroups);
    let mut left: Vec<u64> = node
        .devices
        .iter()
        .map(|d| d.instances.iter().filter(|(_, healthy)| *healthy).count() as u64)
        .collect();
    for (t, task) in ask.group.tasks.iter().enumerate() {
        for (r, request) in task.devices.iter().enumerate() {
            let groups = node.devices.iter().zip(left.iter_mut());
            let matching = groups.filter(|(device, _)| matches(device, request));
            let taken = if spans {
                from_all(matching, request.count)
            } else {
                from_one(matching, request.count)
            };
            if !taken && !report(Reason::Device { task: t, request: r }) {
                return false;
            }
        }
    }
    true
}

/// Takes them from the first group that has enough left.
fn from_one<'d>(
    mut groups: impl Iterator<Item = (&'d DeviceGroup, &'d mut u64)>,
    count: u64,
) -> bool {
    let found = groups.find(|(_, left)| **left >= count);
    found.map(|(_, left)| *left -= count).is_some()
}

/// Takes them from one group after another.
fn from_all<'d>(groups: impl Iterator<Item = (&'d DeviceGroup, &'d mut u64)>, count: u64) -> bool {
    let mut missing = count;
    for (_, left) in groups {
        let taken = missing.min(*left);
        *left -= taken;
        missing -= taken;
    }
    missing == 0
}
