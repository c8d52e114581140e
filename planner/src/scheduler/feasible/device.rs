//! Enough healthy devices of each kind, whoever uses them now.

use super::{Ask, Report};
use crate::model::Node;
use crate::scheduler::devices::matches;
use crate::scheduler::reason::Reason;

pub(super) fn check(ask: &Ask<'_>, node: &Node, report: Report<'_>) -> bool {
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
