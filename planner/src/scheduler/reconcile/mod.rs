//! What should exist: which allocations stop, stay, change in place, move or are missing.
//!
//! Knows nothing of resources: whether an update fits in place is asked through a function. In here an allocation's
//! number is its place among the job's allocations, which stand by ID: sets are then in that order.

mod canary;
mod contact;
mod delay;
mod deployments;
mod group;
mod names;
mod reschedule;
mod sets;

use std::collections::{BTreeMap, BTreeSet};

pub use delay::Kind;
pub use deployments::{Settled, begun, completed, settle};
pub use names::alloc_name;
pub use reschedule::next_delay;

use crate::Map;
use crate::model::{Alloc, Deployment, Desired, GroupDeployment, Job};
use crate::semantics::Rule;
use crate::snapshot::Cluster;

/// What an existing allocation needs to follow the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    None,
    InPlace,
    Destructive,
}

/// Why something is placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    Missing,
    Destructive,
    Migrate,
    Reschedule,
    Lost,
    Canary,
}

/// An allocation to place.
#[derive(Clone, Debug)]
pub struct Missing {
    pub group: String,
    pub name: String,
    pub cause: Cause,
    pub previous: Option<u32>,
    pub canary: bool,
    /// Rather the last good version than this one: canaries are being tried.
    pub downgrade: bool,
    pub least_version: u64,
    /// The previous one stops if this one is placed.
    pub stop_previous: Option<&'static str>,
}

/// An allocation to stop.
#[derive(Clone, Debug)]
pub struct Stopping {
    pub alloc: u32,
    pub description: &'static str,
    pub lost: bool,
    /// Position in `Reconciled::delayed`.
    pub followup: Option<usize>,
}

/// Nomad's counts of one group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub ignore: u64,
    pub place: u64,
    pub migrate: u64,
    pub stop: u64,
    pub in_place: u64,
    pub destructive: u64,
    pub canary: u64,
    pub preemptions: u64,
    pub disconnect: u64,
    pub reconnect: u64,
    pub reschedule_now: u64,
    pub reschedule_later: u64,
}

/// A change to an existing deployment.
#[derive(Clone, Debug)]
pub struct DeploymentChange {
    pub id: String,
    pub status: &'static str,
    pub description: &'static str,
}

/// Everything the reconciler wants.
#[derive(Clone, Debug, Default)]
pub struct Reconciled {
    pub destructive: Vec<Missing>,
    pub place: Vec<Missing>,
    pub stop: Vec<Stopping>,
    pub in_place: Vec<u32>,
    pub counts: Map<Counts>,
    /// Times of evaluations to come, and the allocations that wait for them.
    pub delayed: Vec<(i64, Kind)>,
    pub waiting: Vec<(u32, usize)>,
    /// Allocations to which the contact is gone.
    pub unknown: Vec<u32>,
    /// A deployment to create.
    pub deployment: Option<Map<GroupDeployment>>,
    pub deployment_changes: Vec<DeploymentChange>,
}

pub(super) const NOT_NEEDED: &str = "alloc not needed due to job update";
pub(super) const LOST: &str = "alloc is lost since its node is down";
pub(super) const MIGRATING: &str = "alloc is being migrated";
pub(super) const UPDATING: &str = "alloc is being updated due to job update";
pub(super) const RECONNECTED: &str = "alloc not needed due to disconnected client reconnect";
pub(super) const RESCHEDULED: &str = "alloc was rescheduled because it failed";

impl Reconciled {
    /// The same with the numbers that allocations have outside.
    fn numbered(mut self, own: &[u32]) -> Reconciled {
        let number = |place: &mut u32| *place = own[*place as usize];
        let missing = self.destructive.iter_mut().chain(&mut self.place);
        missing.filter_map(|missing| missing.previous.as_mut()).for_each(number);
        self.stop.iter_mut().for_each(|stopping| number(&mut stopping.alloc));
        self.in_place.iter_mut().chain(&mut self.unknown).for_each(number);
        self.waiting.iter_mut().for_each(|(place, _)| number(place));
        self
    }
}

/// What the reconciler looks at.
pub struct Inputs<'a> {
    pub cluster: &'a Cluster,
    pub job: &'a Job,
    pub batch: bool,
    /// Earlier versions by number, for policies of their allocations.
    pub versions: &'a BTreeMap<u64, Job>,
    pub deployment: Option<&'a Deployment>,
    /// The evaluation being processed.
    pub eval_id: Option<&'a str>,
    /// Allocations of an earlier job of the same ID that was purged.
    pub foreign: &'a BTreeSet<u32>,
}

/// Reconciles a service or batch job. `change` says how an allocation can follow the job.
pub fn reconcile(inputs: &Inputs<'_>, change: &mut dyn FnMut(u32) -> Change) -> Reconciled {
    let own = inputs.cluster.allocs_of(inputs.job.key);
    let change = &mut |place: u32| change(own[place as usize]);
    reconcile_places(inputs, own, change).numbered(own)
}

fn reconcile_places(
    inputs: &Inputs<'_>,
    own: &[u32],
    change: &mut dyn FnMut(u32) -> Change,
) -> Reconciled {
    let Settled { current, old, changes } = settle(inputs.job, inputs.deployment);
    let out = Reconciled { deployment_changes: changes, ..Reconciled::default() };
    let mut state = State { inputs, own, out, current, old };
    let groups = state.allocs_by_group();
    if inputs.job.stopped {
        for (name, allocs) in &groups {
            state.stop_all(name, allocs, true);
        }
        return state.out;
    }
    let mut complete = true;
    for group in &inputs.job.groups {
        let allocs = groups.get(&group.name).cloned().unwrap_or_default();
        if group.count == 0 && inputs.cluster.semantics.has(Rule::ZeroCountIsGone) {
            state.stop_all(&group.name, &allocs, false);
            continue;
        }
        complete &= group::reconcile_group(&mut state, group, allocs, change);
    }
    for (name, allocs) in &groups {
        if inputs.job.group(name).is_none() {
            state.stop_all(name, allocs, false);
        }
    }
    state.finish(complete)
}

/// The reconciler's state while it walks the groups.
pub(super) struct State<'a, 'i> {
    pub(super) inputs: &'i Inputs<'a>,
    /// The job's allocations.
    pub(super) own: &'i [u32],
    pub(super) out: Reconciled,
    pub(super) current: Option<Deployment>,
    pub(super) old: Option<Deployment>,
}

impl<'a> State<'a, '_> {
    pub(super) fn alloc(&self, number: u32) -> &'a Alloc {
        &self.inputs.cluster.allocs[self.own[number as usize] as usize]
    }

    pub(super) fn paused(&self) -> bool {
        self.current.as_ref().is_some_and(|d| d.paused)
    }

    pub(super) fn failed(&self) -> bool {
        self.current.as_ref().is_some_and(|d| d.failed)
    }

    pub(super) fn stop(&mut self, alloc: u32, description: &'static str, lost: bool) {
        self.out.stop.push(Stopping { alloc, description, lost, followup: None });
    }

    /// The job's allocations by group, in ID order. Ended ones of a purged job do not count.
    fn allocs_by_group(&self) -> Map<BTreeSet<u32>> {
        let mut groups: Map<BTreeSet<u32>> = Map::new();
        for (place, number) in (0..).zip(self.own) {
            let alloc = self.alloc(place);
            if !(alloc.is_terminal() && self.inputs.foreign.contains(number)) {
                groups.entry(alloc.common.group.clone()).or_default().insert(place);
            }
        }
        groups
    }

    /// Stops everything of a stopped job or of a group that is gone.
    fn stop_all(&mut self, group: &str, allocs: &BTreeSet<u32>, job_stopped: bool) {
        let mut counts = Counts::default();
        let over = |alloc: &Alloc| {
            if job_stopped { alloc.is_terminal() } else { alloc.desired != Desired::Run }
        };
        let live: BTreeSet<u32> =
            allocs.iter().copied().filter(|n| !over(self.alloc(*n))).collect();
        let split = sets::by_taint(self, &live);
        counts.stop = live.len() as u64;
        for number in split.untainted.iter().chain(&split.migrate) {
            self.stop(*number, NOT_NEEDED, false);
        }
        for number in &split.lost {
            self.stop(*number, LOST, true);
        }
        self.out.counts.insert(group.to_owned(), counts);
    }

    fn finish(mut self, complete: bool) -> Reconciled {
        if let Some(current) = &self.current
            && complete
            && self.out.deployment.is_none()
        {
            self.out.deployment_changes.push(completed(current));
        }
        self.out
    }
}
