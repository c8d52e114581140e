//! Every task's driver is there and healthy.

use super::{Ask, Report};
use crate::scheduler::reason::Reason;
use crate::snapshot::{Cluster, Column, Fact, YES};

/// The drivers of a group: one entry each, with the first task that uses it.
#[derive(Clone, Debug)]
pub(super) struct Drivers(Vec<(usize, Column)>);

impl Drivers {
    pub(super) fn new(ask: &Ask<'_>, cluster: &Cluster) -> Drivers {
        let tasks = &ask.group.tasks;
        let first = |t: &usize| tasks[..*t].iter().all(|other| other.driver != tasks[*t].driver);
        let column = |t: usize| {
            let name = cluster.offered(&tasks[t].driver);
            (t, cluster.column(Fact::Driver(name)))
        };
        Drivers((0..tasks.len()).filter(first).map(column).collect())
    }

    pub(super) fn check(&self, number: u32, report: Report<'_>) -> bool {
        let unusable = self.0.iter().filter(|(_, column)| column[number as usize] != YES);
        unusable.into_iter().all(|(task, _)| report(Reason::Driver { task: *task }))
    }
}
