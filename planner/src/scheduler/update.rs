//! Whether an existing allocation follows the job as it is, in place, or by being replaced.

use super::draft::Draft;
use super::reconcile::Change;
use super::situation::Situation;
use super::stack::{Request, Stack};
use crate::semantics::Rule;

/// How an allocation can follow the job. One that follows in place takes its new amounts at once: the next one on the node
/// must fit beside it.
pub(super) fn change(
    situation: &Situation<'_>,
    stack: &mut Stack<'_>,
    draft: &mut Draft<'_>,
    number: u32,
) -> Change {
    let alloc = &situation.cluster.allocs[number as usize];
    let foreign = situation.foreign.contains(&number);
    if alloc.common.version == situation.job.version && !foreign {
        return Change::None;
    }
    if situation.destructive.contains(&(alloc.common.version, alloc.common.group.clone()))
        || foreign
    {
        return Change::Destructive;
    }
    if alloc.is_terminal() {
        return Change::None;
    }
    let (Some(node), Some(group)) = (alloc.node, situation.job.group(&alloc.common.group)) else {
        return Change::Destructive;
    };
    let leaves = situation.cluster.semantics.has(Rule::DatacenterChangeDestructive);
    if leaves && !situation.in_reach(node) {
        return Change::Destructive;
    }
    draft.stop(number);
    let request = Request { index: alloc.index(), ..Request::default() };
    let (choice, _) = stack.select(&situation.job, group, &request, &[node], draft);
    draft.restore(number);
    let Some(choice) = choice else { return Change::Destructive };
    draft.update_in_place(number, choice.usage);
    Change::InPlace
}
