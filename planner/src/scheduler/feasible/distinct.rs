//! `distinct_hosts` and `distinct_property`: conditions on the other allocations of the job.

use std::collections::BTreeMap;

use super::{Ask, Report};
use crate::model::{Constraint, Operand, Symbol};
use crate::scheduler::ask::value_counts;
use crate::scheduler::draft::Draft;
use crate::scheduler::reason::{ConstraintRef, Reason};
use crate::semantics::Rule;

/// Job and group constraints with the operand; task constraints have no such effect.
fn with_operand<'a>(
    ask: &Ask<'a>,
    operand: Operand,
) -> impl Iterator<Item = (ConstraintRef, &'a Constraint)> {
    let job = ask.job.constraints.iter().enumerate().map(|(i, c)| (ConstraintRef::Job(i), c));
    let group = ask.group.constraints.iter().enumerate().map(|(i, c)| (ConstraintRef::Group(i), c));
    job.chain(group).filter(move |(_, c)| c.operand == operand)
}

pub(super) fn check_hosts(
    ask: &Ask<'_>,
    number: u32,
    draft: &Draft<'_>,
    report: Report<'_>,
) -> bool {
    // A system job runs on every node anyway; Nomad does not look.
    if ask.job.is_system() {
        return true;
    }
    let can_be_off = draft.cluster.semantics.has(Rule::DistinctHostsFalse);
    let active = |c: &Constraint| !can_be_off || !matches!(c.right_text.as_str(), "false" | "0");
    let mut of_job = false;
    let mut of_group = false;
    for (reference, constraint) in with_operand(ask, Operand::DistinctHosts) {
        if active(constraint) {
            of_job |= matches!(reference, ConstraintRef::Job(_));
            of_group |= matches!(reference, ConstraintRef::Group(_));
        }
    }
    if !of_job && !of_group {
        return true;
    }
    let existing = draft.own_on(number).map(|a| &a.common.group);
    let mut groups = existing.chain(draft.placed_on(number).map(|(_, p)| &p.group));
    let taken = groups.any(|group| of_job || *group == ask.group.name);
    !taken || report(Reason::DistinctHosts)
}

/// How often each value of each `distinct_property` is used, by constraint.
#[derive(Clone, Debug, Default)]
pub struct PropertyUse {
    counts: BTreeMap<ConstraintRef, BTreeMap<Symbol, i64>>,
}

impl PropertyUse {
    /// Counts existing, placed and stopped allocations: O(allocations of the job).
    pub fn count(ask: &Ask<'_>, draft: &Draft<'_>) -> PropertyUse {
        let mut counts = BTreeMap::new();
        for (reference, constraint) in with_operand(ask, Operand::DistinctProperty) {
            let group = match reference {
                ConstraintRef::Job(_) => None,
                ConstraintRef::Group(_) | ConstraintRef::Task(..) => Some(ask.group.name.as_str()),
            };
            let value = |node: u32| constraint.left.symbol(&draft.cluster.nodes[node as usize]);
            counts.insert(reference, value_counts(ask, group, draft, value));
        }
        PropertyUse { counts }
    }
}

pub(super) fn check_properties(
    ask: &Ask<'_>,
    number: u32,
    draft: &Draft<'_>,
    uses: &PropertyUse,
    report: Report<'_>,
) -> bool {
    let node = &draft.cluster.nodes[number as usize];
    for (reference, constraint) in with_operand(ask, Operand::DistinctProperty) {
        let reason = match allowed(constraint) {
            None => Reason::DistinctPropertyInvalid(reference),
            Some(limit) => match constraint.left.symbol(node) {
                None => Reason::DistinctPropertyMissing(reference),
                Some(value) => {
                    let counts = uses.counts.get(&reference);
                    let used = counts.and_then(|c| c.get(&value)).copied().unwrap_or(0);
                    if used < limit {
                        continue;
                    }
                    Reason::DistinctPropertyUsed {
                        constraint: reference,
                        value: constraint.left.text(value, &draft.cluster.symbols).to_owned(),
                        used,
                    }
                }
            },
        };
        if !report(reason) {
            return false;
        }
    }
    true
}

/// How many allocations may share a value; `None` where the text is no number.
fn allowed(constraint: &Constraint) -> Option<i64> {
    if constraint.right_text.is_empty() { Some(1) } else { constraint.right_text.parse().ok() }
}
