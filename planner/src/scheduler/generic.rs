//! Service and batch jobs: reconcile, then place one after another, destructive updates first.

use super::draft::{Draft, Placed};
use super::outcome::{Evaluation, Outcome, Placement, Verdicts};
use super::reconcile::{Cause, Inputs, Kind, Missing, Reconciled, reconcile};
use super::situation::Situation;
use super::stack::{Choice, Request, Stack};
use super::tally::Tally;
use super::update::change;
use crate::model::{Client, Group, Job, JobKind, name_index};
use crate::semantics::Rule;

/// Plans the job; the draft holds what was placed.
pub(super) fn run<'a>(situation: &Situation<'a>, draft: &mut Draft<'a>) -> Outcome<'a> {
    let mut stack = Stack::new(situation.cluster, situation.algorithm, false);
    let inputs = Inputs {
        cluster: situation.cluster,
        job: &situation.job,
        batch: situation.job.kind == JobKind::Batch,
        versions: &situation.versions,
        deployment: situation.deployment.as_ref(),
        eval_id: situation.eval_id.as_deref(),
        foreign: &situation.foreign,
    };
    let mut wanted = reconcile(&inputs, &mut |number| change(situation, &mut stack, draft, number));
    wanted.stop.extend(situation.silent());
    for stopping in &wanted.stop {
        draft.stop(stopping.alloc);
    }
    let outcome = start(situation, &wanted);
    let mut run = Run { situation, stack, draft, outcome };
    for list in [wanted.destructive, wanted.place] {
        for missing in &list {
            run.place(missing);
        }
    }
    run.report_the_rest();
    run.outcome
}

/// The outcome before anything is placed.
fn start<'a>(situation: &Situation<'a>, wanted: &Reconciled) -> Outcome<'a> {
    let mut outcome = Outcome {
        stops: wanted.stop.clone(),
        in_place: wanted.in_place.clone(),
        followups: wanted.waiting.clone(),
        unknown: wanted.unknown.clone(),
        counts: wanted.counts.clone(),
        deployment: wanted.deployment.clone(),
        deployment_changes: wanted.deployment_changes.clone(),
        available: situation.available(),
        ..Outcome::default()
    };
    outcome.evaluations = wanted
        .delayed
        .iter()
        .map(|(time, kind)| Evaluation {
            triggered_by: match kind {
                Kind::Reschedule => "alloc-failure",
                Kind::Disconnect => "max-disconnect-timeout",
            },
            status: "pending",
            description: match kind {
                Kind::Reschedule => "created for delayed rescheduling",
                Kind::Disconnect => "created for delayed disconnect timeout",
            },
            wait_until: *time,
            wait: 0,
            node: None,
        })
        .collect();
    let missing = wanted.destructive.iter().chain(&wanted.place);
    for missing in missing {
        *outcome.queued.entry(missing.group.clone()).or_default() += 1;
    }
    if outcome.queued.is_empty() {
        outcome.queued = situation.job.groups.iter().map(|g| (g.name.clone(), 0)).collect();
    }
    outcome
}

struct Run<'s, 'a, 'd> {
    situation: &'s Situation<'a>,
    stack: Stack<'a>,
    draft: &'d mut Draft<'a>,
    outcome: Outcome<'a>,
}

impl Run<'_, '_, '_> {
    fn place(&mut self, missing: &Missing) {
        let situation = self.situation;
        let (job, group) = version_for(situation, missing);
        let Some(group) = group else { return };
        if let Some(tally) = self.outcome.failed.get_mut(&group.name) {
            tally.coalesced += 1;
            return;
        }
        if missing.stop_previous.is_some()
            && let Some(previous) = missing.previous
        {
            self.draft.stop(previous);
        }
        let request = request(situation, group, missing);
        let candidates = &situation.candidates;
        let (mut choice, mut tally) =
            self.stack.select(job, group, &request, candidates, self.draft);
        if choice.is_none() && situation.preemption {
            let request = Request { preempt: true, ..request.clone() };
            (choice, tally) = self.stack.select(job, group, &request, candidates, self.draft);
        }
        let first = !self.outcome.reports.iter().any(|r| r.group == group.name);
        if first || choice.is_none() {
            self.report(job, group, &request);
        }
        match choice {
            Some(choice) => self.take(job, group, missing, choice, tally, request.index),
            None => self.fail(group, missing, tally),
        }
    }

    fn take(
        &mut self,
        job: &Job,
        group: &Group,
        missing: &Missing,
        choice: Choice,
        tally: Tally,
        index: u64,
    ) {
        if let Some(description) = missing.stop_previous
            && let Some(previous) = missing.previous
        {
            self.outcome.stops.push(super::reconcile::Stopping {
                alloc: previous,
                description,
                lost: false,
                followup: None,
            });
        }
        for victim in &choice.preempted {
            self.draft.stop(*victim);
            self.outcome.evicted.push(*victim);
        }
        // Without a deployment there is none that a canary could be of.
        let deploying = self.outcome.deployment.is_some() || self.situation.deployment.is_some();
        if let Some(counts) = self.outcome.counts.get_mut(&group.name) {
            counts.preemptions += choice.preempted.len() as u64;
        }
        self.draft.place(Placed {
            name: missing.name.clone(),
            index,
            group: group.name.clone(),
            version: job.version,
            node: choice.node,
            grant: choice.grant,
            usage: choice.usage,
        });
        self.outcome.placements.push(Placement {
            cause: missing.cause,
            previous: missing.previous,
            canary: missing.canary && deploying,
            score: choice.score,
            tally,
            preempted: choice.preempted,
        });
        if let Some(queued) = self.outcome.queued.get_mut(&group.name) {
            *queued -= 1;
        }
    }

    fn fail(&mut self, group: &Group, missing: &Missing, tally: Tally) {
        if missing.stop_previous.is_some()
            && let Some(previous) = missing.previous
        {
            self.draft.restore(previous);
        }
        self.outcome.failed.insert(group.name.clone(), tally);
        // One is enough, and one to come looks at everything again.
        if self.outcome.evaluations.is_empty() {
            self.outcome.evaluations.push(Evaluation {
                triggered_by: "queued-allocs",
                status: "blocked",
                description: "created to place remaining allocations",
                wait_until: 0,
                wait: 0,
                node: None,
            });
        }
    }

    /// Keeps every node's verdict as of now; a later failure replaces an earlier success.
    fn report(&mut self, job: &Job, group: &Group, request: &Request) {
        let judgements = self.stack.take_verdicts(job, group);
        let judgements =
            judgements.unwrap_or_else(|| self.stack.judge_all(job, group, request, self.draft));
        self.outcome.reports.retain(|r| r.group != group.name);
        self.outcome.reports.push(Verdicts {
            group: group.name.clone(),
            version: job.version,
            draft: self.draft.clone(),
            judgements,
        });
    }

    /// Groups that place nothing: where they could be, were they placed now.
    fn report_the_rest(&mut self) {
        let situation = self.situation;
        for group in &situation.job.groups {
            if self.outcome.reports.iter().any(|r| r.group == group.name) {
                continue;
            }
            let own: Vec<u32> = situation
                .cluster
                .allocs_of(situation.job.key)
                .iter()
                .copied()
                .filter(|n| {
                    situation.cluster.allocs[*n as usize].common.group == group.name
                        && !self.draft.is_stopped(*n)
                })
                .collect();
            own.iter().for_each(|n| self.draft.stop(*n));
            self.report(&situation.job, group, &Request::default());
            own.iter().for_each(|n| self.draft.restore(*n));
        }
        let order = |name: &str| situation.job.groups.iter().position(|g| g.name == name);
        self.outcome.reports.sort_by_key(|r| order(&r.group));
    }
}

fn request(situation: &Situation<'_>, group: &Group, missing: &Missing) -> Request {
    let mut request = Request { index: name_index(&missing.name), ..Request::default() };
    let Some(previous) = missing.previous else { return request };
    let alloc = &situation.cluster.allocs[previous as usize];
    if alloc.client == Client::Failed {
        request.penalized.extend(alloc.node);
    }
    let earlier = alloc.reschedules().iter();
    request
        .penalized
        .extend(earlier.filter_map(|e| situation.cluster.node_number(&e.previous_node)));
    let anywhere = !situation.cluster.semantics.has(Rule::PreferredInReach);
    let ready = |n: &u32| {
        situation.cluster.nodes[*n as usize].is_ready() && (anywhere || situation.in_reach(*n))
    };
    if group.sticky_disk && missing.cause != Cause::Missing {
        request.preferred = alloc.node.filter(ready);
    }
    request
}

/// The version to place: this one, or the last good one while canaries are tried.
fn version_for<'s>(
    situation: &'s Situation<'_>,
    missing: &Missing,
) -> (&'s Job, Option<&'s Group>) {
    if missing.downgrade {
        let good = situation.deployments.iter().find(|d| {
            d.groups.get(&missing.group).is_some_and(|g| g.promoted || g.desired_canaries == 0)
        });
        let version = match good {
            Some(deployment) => Some(deployment.version),
            None => Some(missing.least_version)
                .filter(|v| situation.versions.get(v).is_some_and(|j| j.update.max_parallel == 0)),
        };
        let version = version.filter(|v| *v >= missing.least_version);
        let job = version.and_then(|v| situation.versions.get(&v));
        if let Some(job) = job
            && let Some(group) = job.group(&missing.group)
        {
            return (job, Some(group));
        }
    }
    (&situation.job, situation.job.group(&missing.group))
}
