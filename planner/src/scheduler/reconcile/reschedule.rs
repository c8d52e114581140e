//! When a failed allocation is tried again elsewhere: at once, later, or never.

use std::collections::BTreeSet;

use super::State;
use crate::model::{Alloc, Client, DelayFunction, Desired, ReschedulePolicy};

/// What is due within this time is done now.
pub(super) const WINDOW: i64 = 1_000_000_000;

/// Allocations by when they are rescheduled.
#[derive(Clone, Debug, Default)]
pub(super) struct Rescheduling {
    pub(super) untainted: BTreeSet<u32>,
    pub(super) now: BTreeSet<u32>,
    /// Allocation and time.
    pub(super) later: Vec<(u32, i64)>,
}

enum Eligible {
    Never,
    Now,
    Later(i64),
}

/// Splits untainted allocations. Ended ones that were replaced, or that the server ended, fall out.
pub(super) fn split(state: &State<'_, '_>, allocs: &BTreeSet<u32>) -> Rescheduling {
    let mut split = Rescheduling::default();
    for number in allocs.iter().copied() {
        let alloc = state.alloc(number);
        if state.inputs.cluster.is_replaced(alloc) && alloc.is_terminal() {
            continue;
        }
        match kept(alloc, state.inputs.batch) {
            Some(false) => continue,
            Some(true) => {
                split.untainted.insert(number);
                continue;
            }
            None => {}
        }
        match eligible(state, alloc) {
            Eligible::Now => {
                split.now.insert(number);
            }
            Eligible::Later(time) => {
                split.untainted.insert(number);
                split.later.push((number, time));
            }
            Eligible::Never => {
                split.untainted.insert(number);
            }
        }
    }
    split
}

/// `Some(true)` keeps it as it is, `Some(false)` drops it (so that it is replaced by count).
fn kept(alloc: &Alloc, batch: bool) -> Option<bool> {
    let ended = alloc.desired != Desired::Run;
    if batch {
        if ended {
            return Some(alloc.ran_successfully);
        }
        return (alloc.client != Client::Failed).then_some(true);
    }
    let gone = ended || matches!(alloc.client, Client::Complete | Client::Lost);
    gone.then_some(false)
}

fn eligible(state: &State<'_, '_>, alloc: &Alloc) -> Eligible {
    if let Some(current) = &state.current
        && current.active
        && !current.id.is_empty()
        && *current.id == *alloc.deployment
        && !alloc.reschedule
    {
        return Eligible::Never;
    }
    if alloc.force_reschedule {
        return Eligible::Now;
    }
    let policy = policy(state, alloc);
    let Some(policy) = policy.filter(|_| alloc.client == Client::Failed && alloc.failed_at > 0)
    else {
        return Eligible::Never;
    };
    if !attempts_left(alloc, policy) {
        return Eligible::Never;
    }
    let time = alloc.failed_at + next_delay(alloc, policy);
    let followed_up = !alloc.followup_eval().is_empty();
    if followed_up && state.inputs.eval_id == Some(alloc.followup_eval())
        || time - state.inputs.cluster.now <= WINDOW
    {
        Eligible::Now
    } else if followed_up {
        Eligible::Never
    } else {
        Eligible::Later(time)
    }
}

/// The policy of the allocation's own job version.
fn policy<'s>(state: &'s State<'_, '_>, alloc: &Alloc) -> Option<&'s ReschedulePolicy> {
    let job = state.inputs.versions.get(&alloc.common.version).unwrap_or(state.inputs.job);
    job.group(&alloc.common.group)?.reschedule.as_ref()
}

fn attempts_left(alloc: &Alloc, policy: &ReschedulePolicy) -> bool {
    if policy.attempts > 0 && !alloc.reschedules().is_empty() {
        let recent = alloc
            .reschedules()
            .iter()
            .filter(|event| alloc.failed_at - event.time < policy.interval)
            .count();
        return i64::try_from(recent).unwrap_or(i64::MAX) < policy.attempts
            && next_delay(alloc, policy) < policy.interval;
    }
    policy.unlimited || policy.attempts > 0
}

/// How long after the contact is gone an allocation is tried elsewhere; `None` if its attempts are used up.
pub(super) fn delay_when_gone(state: &State<'_, '_>, alloc: &Alloc) -> Option<i64> {
    let policy = policy(state, alloc)?;
    attempts_left(alloc, policy).then(|| next_delay(alloc, policy))
}

/// How long after its failure the allocation is tried again.
pub fn next_delay(alloc: &Alloc, policy: &ReschedulePolicy) -> i64 {
    let Some(last) = alloc.reschedules().last() else { return policy.delay };
    let delay = match policy.function {
        DelayFunction::Constant => return policy.delay,
        DelayFunction::Exponential => last.delay.saturating_mul(2),
        DelayFunction::Fibonacci => match alloc.reschedules().iter().rev().nth(1) {
            None => policy.delay,
            // A delay that fell back from its ceiling begins a new series.
            Some(before) if before.delay == policy.max_delay && last.delay == policy.delay => {
                last.delay
            }
            Some(before) => last.delay.saturating_add(before.delay),
        },
    };
    if policy.max_delay <= 0 || delay <= policy.max_delay {
        return delay;
    }
    if alloc.failed_at - last.time > policy.max_delay { policy.delay } else { policy.max_delay }
}
