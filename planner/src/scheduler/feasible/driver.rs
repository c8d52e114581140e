//! Every task's driver is there and healthy.

use super::{Ask, Report};
use crate::model::Node;
use crate::scheduler::reason::Reason;

pub(super) fn check(ask: &Ask<'_>, node: &Node, report: Report<'_>) -> bool {
    for (t, task) in ask.group.tasks.iter().enumerate() {
        let usable = node.drivers.get(&task.driver).is_some_and(|d| d.detected && d.healthy);
        // One driver, one reason, however many tasks use it.
        let first = ask.group.tasks[..t].iter().all(|earlier| earlier.driver != task.driver);
        if !usable && first && !report(Reason::Driver { task: t }) {
            return false;
        }
    }
    true
}
