//! Constraints of job, group and tasks against the node's attributes.

use super::{Ask, Report};
use crate::scheduler::condition::Condition;
use crate::scheduler::reason::{ConstraintRef, Reason};
use crate::snapshot::Cluster;

/// The constraints of a job, or those of a group and its tasks.
#[derive(Clone, Debug)]
pub(super) struct Constraints(Vec<(ConstraintRef, Condition)>);

impl Constraints {
    pub(super) fn of_job(ask: &Ask<'_>, cluster: &Cluster) -> Constraints {
        let constraints = ask.job.constraints.iter().enumerate();
        let conditions = constraints
            .map(|(i, constraint)| (ConstraintRef::Job(i), Condition::new(constraint, cluster)));
        Constraints(conditions.collect())
    }

    pub(super) fn of_group(ask: &Ask<'_>, cluster: &Cluster) -> Constraints {
        let conditions = ask.group.all_constraints().map(|(task, i, constraint)| {
            let reference = task.map_or(ConstraintRef::Group(i), |t| ConstraintRef::Task(t, i));
            (reference, Condition::new(constraint, cluster))
        });
        Constraints(conditions.collect())
    }

    pub(super) fn check(
        &mut self,
        ask: &Ask<'_>,
        number: u32,
        cluster: &Cluster,
        report: Report<'_>,
    ) -> bool {
        for (reference, condition) in &mut self.0 {
            let Some(constraint) = reference.get(ask.job, ask.group) else { continue };
            if !condition.holds(constraint, number, cluster)
                && !report(Reason::Constraint(*reference))
            {
                return false;
            }
        }
        true
    }
}
