//! Deployments of system jobs: each group at its own pace, its canaries on a share of the nodes.
//!
//! How many a deployment wants is known only when it is known where the job fits. Nomad counts what is left alone among
//! what it places; here that is what is placed.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/update>

use super::{Missing, Run};
use crate::Map;
use crate::model::{Alloc, Group, GroupDeployment};
use crate::scheduler::reconcile::{Cause, Settled, begun, completed, settle};
use crate::scheduler::situation::Situation;
use crate::semantics::Rule;

/// The deployment that the plan goes on with or begins.
pub(super) struct Rollout {
    settled: Settled,
    /// The groups of one that this plan begins.
    begun: Map<GroupDeployment>,
    /// This version runs already, and had no deployment ever: it came from a Nomad that made none.
    undeployed: bool,
}

impl Rollout {
    /// None where system jobs have no deployments.
    pub(super) fn of(situation: &Situation<'_>) -> Option<Rollout> {
        let job = &situation.job;
        situation.cluster.semantics.has(Rule::SystemDeployments).then(|| Rollout {
            settled: settle(job, situation.deployment.as_ref()),
            begun: Map::new(),
            undeployed: false,
        })
    }

    fn group(&mut self, name: &str) -> Option<&mut GroupDeployment> {
        match &mut self.settled.current {
            Some(current) => current.groups.get_mut(name),
            None => self.begun.get_mut(name),
        }
    }
}

impl<'s> Run<'s, '_, '_> {
    /// Lets the groups begin a deployment, if there is more to do on a node than to place again what ran there.
    pub(super) fn begin_deployment(&mut self, live: &[u32], over: &[u32], updates: bool) {
        let (situation, job) = (self.situation, &self.situation.job);
        let Some(rollout) = &mut self.rollout else { return };
        let of_version = |number: &u32| {
            situation.cluster.allocs[*number as usize].common.version == job.version
                && !situation.foreign.contains(number)
        };
        let runs = live.iter().any(of_version);
        rollout.undeployed |= runs && situation.deployment.is_none();
        let over_already = rollout.settled.old.as_ref().is_some_and(|d| d.version == job.version);
        let placed_again = !updates && (runs || over.iter().any(of_version));
        if rollout.settled.current.is_some() || over_already || placed_again {
            return;
        }
        for group in &job.groups {
            if group.update.as_ref().is_some_and(|update| update.max_parallel > 0) {
                rollout.begun.entry(group.name.clone()).or_insert_with(|| begun(group));
            }
        }
    }

    /// True if the allocation is part of the deployment that goes on.
    pub(super) fn is_deployed(&self, alloc: &Alloc) -> bool {
        let current = self.rollout.as_ref().and_then(|r| r.settled.current.as_ref());
        current.is_some_and(|current| *current.id == *alloc.deployment)
    }

    /// True if the group tries the new version on some nodes first.
    pub(super) fn tries_canaries(&mut self, group: &Group) -> bool {
        let wanted = group.update.as_ref().is_some_and(|update| update.canary > 0);
        let state = self.rollout.as_mut().and_then(|rollout| rollout.group(&group.name));
        wanted && state.is_some_and(|state| !state.promoted)
    }

    /// Replaces the share of a group's allocations that its update block wants as canaries; the others stay.
    pub(super) fn place_canaries(&mut self) {
        let mut waiting = std::mem::take(&mut self.canaries);
        for group in &self.situation.job.groups {
            let (own, others) = waiting.into_iter().partition(|m| m.group.name == group.name);
            waiting = others;
            self.place_canaries_of(group, own);
        }
    }

    fn place_canaries_of(&mut self, group: &Group, candidates: Vec<Missing<'s>>) {
        let Some(update) = &group.update else { return };
        let (mut fitting, mut refused) = (Vec::new(), Vec::new());
        for missing in candidates {
            let fits = self.fits(&missing);
            (if fits { &mut fitting } else { &mut refused }).push(missing);
        }
        if fitting.is_empty() && refused.is_empty() {
            return;
        }
        let cluster = self.situation.cluster;
        let of_group = |number: &u32| {
            let alloc = &cluster.allocs[*number as usize];
            alloc.canary && alloc.common.group == group.name
        };
        let running = self.left.iter().filter(|number| of_group(number)).count();
        let again = self.outcome.placements.iter().filter_map(|placement| placement.previous);
        let again = again.filter(of_group).count();
        let percent = usize::try_from(update.canary).unwrap_or(usize::MAX);
        let share = percent.saturating_mul(fitting.len() + running).div_ceil(100);
        let wanted = share.min(usize::try_from(update.max_parallel).unwrap_or(0));
        let now = wanted.saturating_sub(running + again).min(fitting.len());
        // Where the new version cannot be, the old one ends all the same.
        for missing in refused.iter().chain(&fitting[..now]) {
            self.evict(missing);
            *self.outcome.queued.entry(group.name.clone()).or_default() += 1;
            self.place(missing);
        }
        if fitting.is_empty() {
            return;
        }
        self.count(&group.name).canary = (running + now) as u64;
        if let Some(state) = self.rollout.as_mut().and_then(|rollout| rollout.group(&group.name)) {
            state.desired_canaries = i64::try_from(wanted).unwrap_or(i64::MAX);
        }
    }

    /// True if there is room on the node once the old one is gone.
    fn fits(&mut self, missing: &Missing<'_>) -> bool {
        let Some(previous) = missing.previous else { return false };
        self.draft.stop(previous);
        let (choice, _) = self.choose(missing);
        self.draft.restore(previous);
        choice.is_some()
    }

    /// What the deployment wants, now that it is known where the job fits; and whether it is complete.
    pub(super) fn deploy(&mut self) {
        let Some(mut rollout) = self.rollout.take() else { return };
        if rollout.undeployed {
            rollout.begun.clear();
        }
        let mut complete = true;
        for group in &self.situation.job.groups {
            let total = self.wanted(&group.name);
            let Some(state) = rollout.group(&group.name).filter(|_| total > 0) else { continue };
            state.desired_total = total;
            let waits = state.desired_canaries > 0 && !state.promoted;
            complete &= !waits && state.healthy >= total;
        }
        rollout.begun.retain(|_, state| state.desired_total > 0);
        self.outcome.deployment_changes = rollout.settled.changes;
        if let Some(current) = rollout.settled.current.filter(|_| complete) {
            self.outcome.deployment_changes.push(completed(&current));
        }
        self.outcome.deployment = Some(rollout.begun).filter(|groups| !groups.is_empty());
    }

    /// How many allocations of a group are on nodes that take it, the outdated ones included.
    fn wanted(&self, group: &str) -> i64 {
        let counts = self.outcome.counts.get(group).copied().unwrap_or_default();
        let placed = self.outcome.placements.iter().zip(&self.draft.placed);
        let new =
            placed.filter(|(made, placed)| placed.group == group && made.cause == Cause::Missing);
        let refused = self.refused.get(group).map_or(0, |refused| refused.updates);
        let there = counts.ignore + counts.in_place + counts.destructive.saturating_sub(refused);
        i64::try_from(new.count() as u64 + there).unwrap_or(i64::MAX)
    }
}
