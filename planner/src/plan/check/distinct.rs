//! `distinct_hosts` and `distinct_property`: each placement against what stays, and what was placed before it.

use super::Judge;
use crate::model::{Constraint, Operand, Symbol};
use crate::semantics::Rule;

impl Judge<'_> {
    pub(super) fn distinct(&self, wrong: &mut Vec<String>) {
        for (at, placement, number, group) in self.current() {
            let of_job = self.job.constraints.iter().map(|c| (c, None));
            let of_group = group.constraints.iter().map(|c| (c, Some(group.name.as_str())));
            for (constraint, within) in of_job.chain(of_group) {
                let counts = |of: &str| within.is_none_or(|group| group == of);
                let before = self.plan.placements[..at].iter().filter(|p| counts(&p.group));
                let nodes = before
                    .filter_map(|p| self.cluster.node_number(&p.node_id))
                    .chain(self.own().filter(|a| counts(&a.common.group)).filter_map(|a| a.node));
                if !self.keeps(constraint, number, nodes) {
                    let key = constraint.key();
                    wrong.push(format!("{}: {key} does not hold", placement.name));
                }
            }
        }
    }

    /// True if one more may stand on a node, where others stand on those.
    fn keeps(
        &self,
        constraint: &Constraint,
        node: u32,
        mut others: impl Iterator<Item = u32>,
    ) -> bool {
        match constraint.operand {
            Operand::DistinctHosts => {
                let off = self.cluster.semantics.has(Rule::DistinctHostsFalse)
                    && matches!(constraint.right_text.as_str(), "false" | "0");
                self.job.is_system() || off || !others.any(|other| other == node)
            }
            Operand::DistinctProperty => {
                let value =
                    |node: u32| -> Option<Symbol> { constraint.left.symbol(self.node(node)) };
                let limit = match constraint.right_text.as_str() {
                    "" => 1,
                    text => text.parse().unwrap_or(0),
                };
                let same = others.filter(|other| value(*other) == value(node)).count();
                value(node).is_some() && same < limit
            }
            _ => true,
        }
    }
}
