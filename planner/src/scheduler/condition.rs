//! A condition on a node, asked of many: what it says of a value is found out once.

use crate::model::{Constraint, Operand, Symbol, Target};
use crate::snapshot::{Cluster, Column, NO_VALUE};

/// A constraint with the column it looks at, and its answers so far.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    /// Absent where both sides must be looked up on the node.
    column: Option<Column>,
    /// By value, the last one for nodes without a value: 0 not known yet, 1 holds, 2 does not.
    answers: Vec<u8>,
}

impl Condition {
    pub(super) fn new(constraint: &Constraint, cluster: &Cluster) -> Condition {
        let fact = cluster.fact_of(&constraint.left);
        let simple = fact.filter(|_| matches!(constraint.right, Target::Literal(_)));
        let column = simple.map(|fact| cluster.column(fact));
        let answers = match column {
            Some(_) => vec![0; cluster.symbols.count() + 1],
            None => Vec::new(),
        };
        Condition { column, answers }
    }

    /// True if the node satisfies it. The `distinct_*` operands are judged elsewhere.
    pub(super) fn holds(
        &mut self,
        constraint: &Constraint,
        number: u32,
        cluster: &Cluster,
    ) -> bool {
        if matches!(constraint.operand, Operand::DistinctHosts | Operand::DistinctProperty) {
            return true;
        }
        let node = || &cluster.nodes[number as usize];
        let judge = || constraint.holds(node(), &cluster.symbols, cluster.semantics);
        let Some(column) = &self.column else { return judge() };
        let last = self.answers.len() - 1;
        let slot = match column[number as usize] {
            NO_VALUE => last,
            Symbol(value) => value as usize,
        };
        match self.answers[slot] {
            1 => true,
            2 => false,
            _ => {
                let holds = judge();
                self.answers[slot] = if holds { 1 } else { 2 };
                holds
            }
        }
    }
}
