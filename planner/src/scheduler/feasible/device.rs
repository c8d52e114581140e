//! Enough healthy devices of each kind, whoever uses them now.

use super::{Ask, Report};
use crate::scheduler::devices::matches;
use crate::scheduler::reason::Reason;
use crate::snapshot::Cluster;

pub(super) fn check(ask: &Ask<'_>, number: u32, cluster: &Cluster, report: Report<'_>) -> bool {
    if ask.group.tasks.iter().all(|task| task.devices.is_empty()) {
        return true;
    }
    let node = &cluster.nodes[number as usize];
    let mut left: Vec<u64> = node
        .devices
        .iter()
        .map(|d| d.instances.iter().filter(|(_, healthy)| *healthy).count() as u64)
        .collect();
    for (t, task) in ask.group.tasks.iter().enumerate() {
        for (r, request) in task.devices.iter().enumerate() {
            let found = node
                .devices
                .iter()
                .zip(left.iter_mut())
                .find(|(device, left)| **left >= request.count && matches(device, request));
            match found {
                Some((_, left)) => *left -= request.count,
                None => {
                    if !report(Reason::Device { task: t, request: r }) {
                        return false;
                    }
                }
            }
        }
    }
    true
}
