//! System and sysbatch jobs: one allocation of each group on every node that can take it.
//!
//! Nodes that a check on the node itself rules out are no failure: the job simply does not run there.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Draft, Placed};
use super::outcome::{Evaluation, Outcome, Placement, Verdicts};
use super::reconcile::{Cause, Change, Counts, LOST, Stopping, alloc_name};
use super::situation::Situation;
use super::stack::{Choice, Judgements, Request, Stack};
use super::update::change;
use crate::Map;
use crate::model::{Alloc, Client, Group, JobKind, name_index};
use crate::semantics::Rule;

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
        updated: Vec::new(),
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
}

struct Run<'s, 'a, 'd> {
    situation: &'s Situation<'a>,
    stack: Stack<'a>,
    draft: &'d mut Draft<'a>,
    outcome: Outcome<'a>,
    place: Vec<Missing<'s>>,
    /// Allocations of an older version.
    updated: Vec<u32>,
}

impl<'s, 'a> Run<'s, 'a, '_> {
    /// What should run on each node against what does.
    fn compare(&mut self) {
        let situation = self.situation;
        let mut required: Map<&'s Group> = Map::new();
        if !situation.job.stopped {
            for group in &situation.job.groups {
                for index in 0..group.count.max(0).unsigned_abs() {
                    required.insert(alloc_name(&situation.job.name, &group.name, index), group);
                }
            }
        }
        for silent in situation.silent() {
            self.stop(silent.alloc, silent.description, silent.lost);
        }
        // In node order; allocations on nodes that are gone come last.
        let mut by_node: BTreeMap<(bool, Option<u32>), Vec<u32>> = BTreeMap::new();
        for number in &situation.candidates {
            by_node.insert((false, Some(*number)), Vec::new());
        }
        for number in situation.cluster.allocs_of(situation.job.key) {
            let alloc = &situation.cluster.allocs[*number as usize];
            if !alloc.is_terminal() || self.is_done(alloc) {
                let key = (alloc.node.is_none(), alloc.node);
                by_node.entry(key).or_default().push(*number);
            }
        }
        for group in &situation.job.groups {
            self.outcome.counts.insert(group.name.clone(), Counts::default());
        }
        for ((_, node), allocs) in by_node {
            self.compare_node(node, &allocs, &required);
        }
    }

    /// A sysbatch allocation that has done its work is not run again by the same version.
    fn is_done(&self, alloc: &Alloc) -> bool {
        self.situation.job.kind == JobKind::SysBatch
            && alloc.client == Client::Complete
            && alloc.common.version == self.situation.job.version
    }

    fn compare_node(&mut self, node: Option<u32>, allocs: &[u32], required: &Map<&'s Group>) {
        let situation = self.situation;
        let found = node.map(|n| &situation.cluster.nodes[n as usize]);
        let gone = found.is_none_or(|n| n.is_down());
        let tainted = gone || found.is_some_and(|n| n.draining);
        let ready = node.is_some_and(|n| situation.candidates.binary_search(&n).is_ok());
        let leaves = situation.cluster.semantics.has(Rule::SystemLeavesDatacenter)
            && node.is_some_and(|n| !situation.in_reach(n));
        let mut existing = BTreeSet::new();
        for number in allocs.iter().copied() {
            let alloc = &situation.cluster.allocs[number as usize];
            existing.insert(alloc.name.clone());
            if !required.contains_key(&alloc.name) || leaves && !alloc.is_terminal() {
                self.count(&alloc.common.group).stop += 1;
                self.stop(number, NOT_NEEDED, false);
            } else if alloc.migrate && !alloc.is_terminal() {
                self.count(&alloc.common.group).migrate += 1;
                self.stop(number, TAINTED, false);
            } else if gone && !alloc.is_terminal() {
                self.stop(number, LOST, true);
            } else if tainted || !ready || alloc.common.version == situation.job.version {
                self.count(&alloc.common.group).ignore += 1;
            } else {
                self.updated.push(number);
            }
        }
        let Some(node) = node.filter(|_| !tainted && ready) else { return };
        for group in &situation.job.groups {
            for (name, _) in required.iter().filter(|(_, g)| g.name == group.name) {
                if existing.contains(name) {
                    continue;
                }
                self.count(&group.name).place += 1;
                let previous = self.ended(node, name);
                let missing =
                    Missing { node, group, name: name.clone(), previous, cause: Cause::Missing };
                self.place.push(missing);
            }
        }
    }

    /// The latest ended allocation of that name on the node.
    fn ended(&self, node: u32, name: &str) -> Option<u32> {
        let cluster = self.situation.cluster;
        let ended = cluster.allocs_of(self.situation.job.key).iter().copied().filter(|n| {
            let alloc = &cluster.allocs[*n as usize];
            alloc.node == Some(node) && alloc.name == name && alloc.is_terminal()
        });
        ended.max_by_key(|n| {
            let alloc = &cluster.allocs[*n as usize];
            (alloc.create_index, &alloc.id)
        })
    }

    fn count(&mut self, group: &str) -> &mut Counts {
        self.outcome.counts.entry(group.to_owned()).or_default()
    }

    fn stop(&mut self, alloc: u32, description: &'static str, lost: bool) {
        self.draft.stop(alloc);
        self.outcome.stops.push(Stopping { alloc, description, lost, followup: None });
    }

    /// Moves allocations to the new version: in place, or a few at a time.
    fn update(&mut self) {
        let situation = self.situation;
        let mut destructive = Vec::new();
        for number in std::mem::take(&mut self.updated) {
            let group = &situation.cluster.allocs[number as usize].common.group;
            match change(situation, &mut self.stack, self.draft, number) {
                Change::Destructive => {
                    self.count(group).destructive += 1;
                    destructive.push(number);
                }
                Change::InPlace | Change::None => {
                    self.count(group).in_place += 1;
                    self.outcome.in_place.push(number);
                }
            }
        }
        let update = &situation.job.update;
        let rolling = update.stagger > 0 && update.max_parallel > 0;
        let limit = usize::try_from(update.max_parallel).unwrap_or(usize::MAX);
        let now = if rolling { destructive.len().min(limit) } else { destructive.len() };
        if now < destructive.len() {
            self.outcome.evaluations.push(Evaluation {
                triggered_by: "rolling-update",
                status: "pending",
                description: "",
                wait_until: 0,
                wait: update.stagger,
                node: None,
            });
        }
        for number in destructive.into_iter().take(now) {
            let alloc = &situation.cluster.allocs[number as usize];
            let group = situation.job.group(&alloc.common.group);
            let (Some(node), Some(group)) = (alloc.node, group) else { continue };
            self.stop(number, UPDATING, false);
            self.place.push(Missing {
                node,
                group,
                name: alloc.name.clone(),
                previous: Some(number),
                cause: Cause::Destructive,
            });
        }
    }

    fn place(&mut self, missing: &Missing<'_>) {
        let situation = self.situation;
        let request = Request { index: name_index(&missing.name), ..Request::default() };
        let only = [missing.node];
        let (mut choice, mut tally) =
            self.stack.select(&situation.job, missing.group, &request, &only, self.draft);
        if choice.is_none() && situation.preemption {
            let request = Request { preempt: true, ..request.clone() };
            (choice, tally) =
                self.stack.select(&situation.job, missing.group, &request, &only, self.draft);
        }
        let name = &missing.group.name;
        let Some(choice) = choice else {
            if tally.filtered > 0 {
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
        self.take(missing, choice, tally, request.index);
    }

    fn take(
        &mut self,
        missing: &Missing<'_>,
        choice: Choice,
        tally: super::tally::Tally,
        index: u64,
    ) {
        for victim in &choice.preempted {
            self.draft.stop(*victim);
            self.outcome.evicted.push(*victim);
        }
        self.count(&missing.group.name).preemptions += choice.preempted.len() as u64;
        self.draft.place(Placed {
            name: missing.name.clone(),
            index,
            group: missing.group.name.clone(),
            version: self.situation.job.version,
            node: choice.node,
            grant: choice.grant,
            usage: choice.usage,
        });
        self.outcome.placements.push(Placement {
            cause: missing.cause,
            previous: missing.previous,
            canary: false,
            score: choice.score,
            tally,
            preempted: choice.preempted,
        });
    }

    /// Verdicts on the cluster after the plan. A node on which the group runs is judged as if it did not.
    fn report(&mut self) {
        let situation = self.situation;
        let nodes = 0..u32::try_from(situation.cluster.nodes.len()).unwrap_or(u32::MAX);
        for group in &situation.job.groups {
            let (running, without) = self.aside(group);
            let (job, request) = (&situation.job, Request::default());
            let mut ask = |nodes: Vec<u32>, draft: &Draft<'_>| {
                self.stack.judge_some(job, group, &request, nodes.into_iter(), draft)
            };
            let (there, elsewhere): (Vec<u32>, Vec<u32>) =
                nodes.clone().partition(|node| running.contains(node));
            let (there, elsewhere) = (ask(there, &without), ask(elsewhere, self.draft));
            let (mut there, mut elsewhere) = (there.iter(), elsewhere.iter());
            let mut judgements = Judgements::default();
            for node in nodes.clone() {
                let judged = if running.contains(&node) { there.next() } else { elsewhere.next() };
                judged.into_iter().for_each(|judgement| judgements.add(judgement));
            }
            self.outcome.reports.push(Verdicts {
                group: group.name.clone(),
                version: job.version,
                draft: self.draft.clone(),
                judgements,
            });
        }
    }

    /// The nodes on which a group runs, and the draft as if it did not.
    fn aside(&self, group: &Group) -> (BTreeSet<u32>, Draft<'a>) {
        let cluster = self.situation.cluster;
        let mut running = BTreeSet::new();
        let mut without = Draft::new(cluster, self.situation.job.key);
        for number in cluster.allocs_of(self.situation.job.key).iter().copied() {
            let alloc = &cluster.allocs[number as usize];
            if alloc.common.group == group.name && !alloc.is_terminal() {
                without.stop(number);
                running.extend(alloc.node.filter(|_| !self.draft.is_stopped(number)));
            }
        }
        self.draft.stopped().for_each(|number| without.stop(number));
        for placed in &self.draft.placed {
            if placed.group == group.name {
                running.insert(placed.node);
            } else {
                without.place(placed.clone());
            }
        }
        (running, without)
    }
}
