//! Constraints of job, group and tasks against the node's attributes.

use super::{Ask, Report};
use crate::model::Node;
use crate::scheduler::reason::{ConstraintRef, Reason};
use crate::snapshot::Cluster;

pub(super) fn check_job(ask: &Ask<'_>, node: &Node, cluster: &Cluster, report: Report<'_>) -> bool {
    for (i, constraint) in ask.job.constraints.iter().enumerate() {
        if !constraint.holds(node, &cluster.symbols, cluster.semantics)
            && !report(Reason::Constraint(ConstraintRef::Job(i)))
        {
            return false;
        }
    }
    true
}

pub(super) fn check_group(
    ask: &Ask<'_>,
    node: &Node,
    cluster: &Cluster,
    report: Report<'_>,
) -> bool {
    for (task, i, constraint) in ask.group.all_constraints() {
        let reference = task.map_or(ConstraintRef::Group(i), |t| ConstraintRef::Task(t, i));
        if !constraint.holds(node, &cluster.symbols, cluster.semantics)
            && !report(Reason::Constraint(reference))
        {
            return false;
        }
    }
    true
}
