//! Amounts: the most cpu, memory or disk a task can ask for, and the largest count, with which everything is placed.

use super::{Case, Proposal};
use crate::api;
use crate::jobspec::{Change, Step};
use crate::scheduler::Planned;
use crate::scheduler::reason::Reason;

/// An amount of a group.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dimension {
    Memory,
    Cpu,
    Cores,
    Disk,
}

const DIMENSIONS: [Dimension; 4] =
    [Dimension::Memory, Dimension::Cpu, Dimension::Cores, Dimension::Disk];

impl Dimension {
    fn of(reason: &Reason) -> Option<Dimension> {
        Some(match reason {
            Reason::Memory { .. } => Dimension::Memory,
            Reason::Cpu { .. } => Dimension::Cpu,
            Reason::Cores { .. } => Dimension::Cores,
            Reason::Disk { .. } => Dimension::Disk,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Dimension::Memory => "memory",
            Dimension::Cpu => "cpu",
            Dimension::Cores => "cores",
            Dimension::Disk => "size",
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Dimension::Memory | Dimension::Disk => " MB",
            Dimension::Cpu => " MHz",
            Dimension::Cores => "",
        }
    }

    /// Less is refused by Nomad.
    fn least(self) -> i64 {
        match self {
            Dimension::Memory | Dimension::Disk => 10,
            Dimension::Cpu | Dimension::Cores => 1,
        }
    }

    fn field(self, group: &mut api::TaskGroup, task: usize) -> &mut Option<i64> {
        if self == Dimension::Disk {
            return &mut group.ephemeral_disk.get_or_insert_default().size_mb;
        }
        let resources = group.tasks[task].resources.get_or_insert_default();
        match self {
            Dimension::Memory => &mut resources.memory_mb,
            Dimension::Cpu => &mut resources.cpu,
            Dimension::Cores | Dimension::Disk => &mut resources.cores,
        }
    }
}

/// The task that asks for most, and how much.
fn largest(group: &api::TaskGroup, dimension: Dimension) -> Option<(usize, i64)> {
    let tasks = 0..if dimension == Dimension::Disk { 1 } else { group.tasks.len() };
    let asked = |task: usize| Some((task, (*dimension.field(&mut group.clone(), task))?));
    tasks.filter_map(asked).max_by_key(|(task, asked)| (*asked, std::cmp::Reverse(*task)))
}

/// For each dimension that is all some node lacks: the most that can be asked for.
pub(super) fn proposals(case: &Case<'_>, planned: &Planned<'_>, group: usize) -> Vec<Proposal> {
    let lacking = |dimension: Dimension| {
        planned.reasons_of(group).any(|reasons| {
            !reasons.is_empty() && reasons.iter().all(|r| Dimension::of(r) == Some(dimension))
        })
    };
    let wanted = DIMENSIONS.into_iter().filter(|dimension| lacking(*dimension));
    wanted.filter_map(|dimension| lower(case, group, dimension)).collect()
}

fn lower(case: &Case<'_>, number: usize, dimension: Dimension) -> Option<Proposal> {
    let group = &case.job.task_groups[number];
    let (task, asked) = largest(group, dimension)?;
    let waiting = |amount: i64| {
        case.waiting_with(&|job| {
            *dimension.field(&mut job.task_groups[number], task) = Some(amount);
        })
    };
    // What is left of a quarter is no advice.
    let least = (asked / 4).max(dimension.least());
    if least >= asked {
        return None;
    }
    let best = waiting(least);
    if best >= case.waiting {
        return None;
    }
    let amount = last(least, asked, |amount| waiting(amount) <= best);
    let mut place = vec![Step::Labeled("group", group.name.clone())];
    let what = if dimension == Dimension::Disk {
        place.push(Step::Only("ephemeral_disk"));
        "the ephemeral disk".to_owned()
    } else {
        let task = &group.tasks[task].name;
        place.push(Step::Labeled("task", task.clone()));
        place.push(Step::Only("resources"));
        format!("{} of task \"{task}\"", dimension.name())
    };
    let unit = dimension.unit();
    let title = format!("Lower {what} from {asked} to {amount}{unit}");
    let change = Change::Set { place, name: dimension.name(), value: amount.to_string() };
    Some(Proposal::text(title, vec![change], 9))
}

/// The largest number from `low` up to below `high` that holds; `low` does.
fn last(mut low: i64, mut high: i64, holds: impl Fn(i64) -> bool) -> i64 {
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if holds(middle) { low = middle } else { high = middle }
    }
    low
}

/// The largest count with which everything is placed, if that is any.
pub(super) fn count(case: &Case<'_>, planned: &Planned<'_>, number: usize) -> Option<Proposal> {
    let group = &case.job.task_groups[number];
    let asked = group.count?;
    let fewer = asked - planned.unplaced_of(&group.name);
    if fewer <= 0 || fewer >= asked {
        return None;
    }
    let title = format!("Lower the count from {asked} to {fewer}: no more fit");
    let place = vec![Step::Labeled("group", group.name.clone())];
    let change = Change::Set { place, name: "count", value: fewer.to_string() };
    Some(Proposal::text(title, vec![change], 24))
}
