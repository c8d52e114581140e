//! System and sysbatch jobs: one allocation of each group on every node that can take it.
//!
//! Nodes that a check on the node itself rules out are no failure: the job simply does not run there.

mod compare;
mod report;
mod rollout;
mod update;

use super::draft::{Draft, Placed};
use super::outcome::{Evaluation, Outcome, Placement};
use super::reconcile::{Cause, Counts, Stopping};
use super::situation::Situation;
use super::stack::{Choice, Request, Stack};
use super::tally::Tally;
use crate::Map;
use crate::model::{Group, name_index};
use crate::semantics::Rule;
use rollout::Rollout;

const NOT_NEEDED: &str = "alloc not needed due to job update";
const TAINTED: &str = "alloc not needed as node is tainted";
const UPDATING: &str = "alloc is being updated due to job update";

/// Plans the job; the draft holds what was placed.
pub(super) fn run<'a>(situation: &Situation<'a>, draft: &mut Draft<'a>) -> Outcome<'a> {
    let mut run = Run {
        situation,
        stack: Stack::new(situation.cluster, situation.algorithm, true),
        draft,
        outcome: Outcome { available: situation.available(), ..Outcome::default() },
        place: Vec::new(),
        left: Vec::new(),
        updated: Vec::new(),
        canaries: Vec::new(),
        rollout: Rollout::of(situation),
        refused: Map::new(),
    };
    run.compare();
    run.update();
    let place = std::mem::take(&mut run.place);
    for missing in &place {
        *run.outcome.queued.entry(missing.group.name.clone()).or_default() += 1;
    }
    for group in &situation.job.groups {
        run.outcome.queued.entry(group.name.clone()).or_default();
    }
    for missing in &place {
        run.place(missing);
    }
    run.place_canaries();
    run.fail_where_none_fits();
    run.deploy();
    run.report();
    run.outcome
}

/// An allocation to place on one node.
struct Missing<'s> {
    node: u32,
    group: &'s Group,
    name: String,
    previous: Option<u32>,
    cause: Cause,
    canary: bool,
}

/// What became of the places that a group was refused.
#[derive(Default)]
struct Refused {
    /// How many were for allocations that an update wanted to replace.
    updates: u64,
    /// What the nodes that a check rules out said, together.
    filtered: Tally,
}

struct Run<'s, 'a, 'd> {
    situation: &'s Situation<'a>,
    stack: Stack<'a>,
    draft: &'d mut Draft<'a>,
    outcome: Outcome<'a>,
    place: Vec<Missing<'s>>,
    /// Allocations that stay as they are.
    left: Vec<u32>,
    /// Allocations of an older version.
    updated: Vec<u32>,
    /// Replacements of which only a share is tried.
    canaries: Vec<Missing<'s>>,
    /// From the version on in which system jobs have deployments.
    rollout: Option<Rollout>,
    refused: Map<Refused>,
}

impl<'s, 'a> Run<'s, 'a, '_> {
    fn count(&mut self, group: &str) -> &mut Counts {
        self.outcome.counts.entry(group.to_owned()).or_default()
    }

    fn stop(&mut self, alloc: u32, description: &'static str, lost: bool) {
        self.draft.stop(alloc);
        self.outcome.stops.push(Stopping { alloc, description, lost, followup: None });
    }

    /// Looks for a place on the one node.
    fn choose(&mut self, missing: &Missing<'_>) -> (Option<Choice>, Tally) {
        let situation = self.situation;
        let index = name_index(&missing.name);
        let mut ask = |preempt| {
            let request = Request { index, preempt, ..Request::default() };
            let only = [missing.node];
            self.stack.select(&situation.job, missing.group, &request, &only, self.draft)
        };
        let (choice, tally) = ask(false);
        if choice.is_none() && situation.preemption {
            return ask(true);
        }
        (choice, tally)
    }

    fn place(&mut self, missing: &Missing<'_>) {
        let (choice, tally) = self.choose(missing);
        let name = &missing.group.name;
        let Some(choice) = choice else {
            let refused = self.refused.entry(name.clone()).or_default();
            refused.updates += u64::from(missing.cause == Cause::Destructive);
            if tally.filtered > 0 {
                refused.filtered.add(&tally);
                let counts = self.count(name);
                counts.place = counts.place.saturating_sub(1);
                *self.outcome.queued.entry(name.clone()).or_default() -= 1;
            } else if let Some(failed) = self.outcome.failed.get_mut(name) {
                failed.coalesced += 1;
            } else {
                self.outcome.failed.insert(name.clone(), tally);
                self.outcome.evaluations.push(Evaluation {
                    triggered_by: "queued-allocs",
                    status: "blocked",
                    description: "created to place remaining allocations",
                    wait_until: 0,
                    wait: 0,
                    node: Some(missing.node),
                });
            }
            return;
        };
        *self.outcome.queued.entry(name.clone()).or_default() -= 1;
        self.take(missing, choice, tally);
    }

    fn take(&mut self, missing: &Missing<'_>, choice: Choice, tally: Tally) {
        for victim in &choice.preempted {
            self.draft.stop(*victim);
            self.outcome.evicted.push(*victim);
        }
        self.count(&missing.group.name).preemptions += choice.preempted.len() as u64;
        self.draft.place(Placed {
            name: missing.name.clone(),
            index: name_index(&missing.name),
            group: missing.group.name.clone(),
            version: self.situation.job.version,
            node: choice.node,
            grant: choice.grant,
            usage: choice.usage,
        });
        self.outcome.placements.push(Placement {
            cause: missing.cause,
            previous: missing.previous,
            canary: missing.canary,
            score: choice.score,
            tally,
            preempted: choice.preempted,
        });
    }
    /// A group that is nowhere, since every node is ruled out by a check, has failed.
    fn fail_where_none_fits(&mut self) {
        if !self.situation.cluster.semantics.has(Rule::SystemFiltersFail) {
            return;
        }
        for (name, refused) in &self.refused {
            let counts = self.outcome.counts.get(name).copied().unwrap_or_default();
            let somewhere = counts.ignore + counts.in_place > 0
                || self.draft.placed.iter().any(|placed| placed.group == *name);
            if !somewhere && refused.filtered.filtered > 0 {
                let failed = self.outcome.failed.entry(name.clone());
                failed.or_insert_with(|| refused.filtered.clone());
            }
        }
    }
}
