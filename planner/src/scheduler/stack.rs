//! The stages a node passes, in one visible list, and the choice of the best node.
//!
//! Every node is looked at. What only depends on the node is judged once a plan; what depends on the
//! node's contents is judged again only after something on its host changed.

use std::collections::BTreeMap;

use super::draft::Draft;
use super::feasible::{self, Ask, PropertyUse};
use super::fit::{Grant, fit};
use super::preempt;
use super::rank::{self, Algorithm, Score, SpreadUse};
use super::reason::{Reason, Stage};
use crate::Map;
use crate::model::{Group, Job, Usage};
use crate::semantics::Rule;
use crate::snapshot::Cluster;

/// How many of the best nodes a metric names.
const SCORES_KEPT: usize = 5;

/// What one attempt to place saw: Nomad's counts.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub evaluated: i64,
    pub filtered: i64,
    pub exhausted: i64,
    pub constraint_filtered: Map<i64>,
    pub class_filtered: Map<i64>,
    pub dimension_exhausted: Map<i64>,
    pub class_exhausted: Map<i64>,
    /// The best nodes.
    pub scores: Vec<(u32, Score)>,
    /// Further placements of the group not tried.
    pub coalesced: i64,
}

/// A placement to find a node for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub index: u64,
    /// Nodes where earlier attempts failed.
    pub penalized: Vec<u32>,
    /// The only node to try first (sticky disk).
    pub preferred: Option<u32>,
    pub preempt: bool,
}

/// A node chosen.
#[derive(Clone, Debug)]
pub struct Choice {
    pub node: u32,
    pub score: Score,
    pub grant: Grant,
    pub usage: Usage,
    /// Allocations evicted for it.
    pub preempted: Vec<u32>,
}

/// A node's complete verdict.
#[derive(Clone, Debug)]
pub struct Judgement {
    pub reasons: Vec<Reason>,
    /// Of a node without reasons.
    pub score: Option<Score>,
}

/// What a node answered, kept while its host does not change.
#[derive(Clone, Debug)]
struct Answer {
    stamp: u32,
    result: Result<Parts, usize>,
}

/// The parts of a score that the node's own contents decide.
#[derive(Clone, Copy, Debug)]
struct Parts {
    binpack: f64,
    devices: Option<f64>,
    anti_affinity: f64,
}

/// Verdicts on one group of one job version.
#[derive(Clone, Debug, Default)]
struct Memory {
    /// By candidate: the failing check that nothing in this plan can change, as a key.
    lasting: Vec<Option<usize>>,
    affinity: Vec<f64>,
    answers: Vec<Option<Answer>>,
}

/// The stages for one plan.
pub struct Stack<'a> {
    cluster: &'a Cluster,
    algorithm: Algorithm,
    system: bool,
    memories: BTreeMap<(u64, String), Memory>,
    /// Metric keys met so far, with the stage; memories hold their positions.
    keys: Vec<(String, Stage)>,
    scratch: Grant,
}

impl<'a> Stack<'a> {
    /// A stack over all nodes.
    pub fn new(cluster: &'a Cluster, algorithm: Algorithm, system: bool) -> Stack<'a> {
        Stack {
            cluster,
            algorithm,
            system,
            memories: BTreeMap::new(),
            keys: Vec::new(),
            scratch: Grant::default(),
        }
    }

    /// The best node for a placement, and what the search saw.
    pub fn select(
        &mut self,
        job: &Job,
        group: &Group,
        request: &Request,
        candidates: &[u32],
        draft: &Draft<'_>,
    ) -> (Option<Choice>, Tally) {
        let ask = Ask { job, group, index: request.index };
        if let Some(preferred) = request.preferred {
            let (choice, tally) = self.search(&ask, request, &[preferred], draft);
            if choice.is_some() {
                return (choice, tally);
            }
        }
        self.search(&ask, request, candidates, draft)
    }

    fn search(
        &mut self,
        ask: &Ask<'_>,
        request: &Request,
        candidates: &[u32],
        draft: &Draft<'_>,
    ) -> (Option<Choice>, Tally) {
        let uses = PropertyUse::count(ask, draft);
        let spreads = SpreadUse::count(ask, draft);
        let id = (ask.job.version, ask.group.name.clone());
        let mut memory = self.memories.remove(&id).unwrap_or_default();
        memory.grow(self.cluster.nodes.len());
        let mut tally = Tally::default();
        let mut best: Option<Best> = None;
        // Victims are staged in a copy: the search changes nothing.
        let mut trial = request.preempt.then(|| draft.clone());
        for number in candidates.iter().copied() {
            tally.evaluated += 1;
            let mut victims = Vec::new();
            let parts = match self.answer(ask, number, draft, &uses, &mut memory) {
                Ok(parts) => parts,
                Err(key) => match self.displace(ask, number, key, trial.as_mut()) {
                    Some((parts, list)) => {
                        victims = list;
                        parts
                    }
                    None => {
                        let (key, stage) = &self.keys[key];
                        tally.count(key, *stage, &self.cluster.nodes[number as usize].class);
                        continue;
                    }
                },
            };
            let affinity = memory.affinity[number as usize];
            let mut score = self.score(ask, number, parts, request, &spreads, affinity, draft);
            if !victims.is_empty() && !self.system {
                score.preemption = Some(preempt::score(&victims, draft));
            }
            let mean = score.mean();
            tally.keep(number, &score, mean);
            if best.as_ref().is_none_or(|b| mean > b.mean) {
                best = Some(Best { node: number, score, mean, victims });
            }
        }
        self.memories.insert(id, memory);
        (best.and_then(|best| best.choose(ask, draft)), tally)
    }

    /// Room for the group on a full node, at the cost of less important allocations.
    fn displace(
        &mut self,
        ask: &Ask<'_>,
        number: u32,
        key: usize,
        trial: Option<&mut Draft<'_>>,
    ) -> Option<(Parts, Vec<u32>)> {
        let trial = trial.filter(|_| self.keys[key].1 == Stage::Exhausted)?;
        let room = preempt::make_room(ask, number, trial)?;
        let mut used = room.used;
        used += ask.group.usage;
        let capacity = self.cluster.nodes[number as usize].capacity;
        let anti_affinity = if self.system { 0.0 } else { rank::anti_affinity(ask, number, trial) };
        let binpack = rank::binpack(used, capacity, self.algorithm);
        Some((Parts { binpack, devices: None, anti_affinity }, room.victims))
    }

    /// One node through all stages.
    fn answer(
        &mut self,
        ask: &Ask<'_>,
        number: u32,
        draft: &Draft<'_>,
        uses: &PropertyUse,
        memory: &mut Memory,
    ) -> Result<Parts, usize> {
        let node = &self.cluster.nodes[number as usize];
        let slot = number as usize;
        if memory.affinity[slot].is_nan() {
            let mut first = None;
            feasible::lasting(ask, node, draft, &mut |reason| {
                first = Some(reason);
                false
            });
            memory.lasting[slot] = first.map(|reason| self.key(ask, number, &reason));
            memory.affinity[slot] = rank::affinity(ask.group, node, self.cluster);
        }
        if let Some(key) = memory.lasting[slot] {
            return Err(key);
        }
        let mut first = None;
        feasible::passing(ask, number, draft, uses, &mut |reason| {
            first = Some(reason);
            false
        });
        if let Some(reason) = first {
            return Err(self.key(ask, number, &reason));
        }
        let stamp = draft.stamp(node.host);
        if let Some(answer) = &memory.answers[slot]
            && answer.stamp == stamp
        {
            return answer.result;
        }
        let result = self.try_fit(ask, number, draft);
        memory.answers[slot] = Some(Answer { stamp, result });
        result
    }

    fn try_fit(&mut self, ask: &Ask<'_>, number: u32, draft: &Draft<'_>) -> Result<Parts, usize> {
        let mut grant = std::mem::take(&mut self.scratch);
        let mut first = None;
        let usage = fit(ask, number, draft, &mut grant, &mut |reason| {
            first = Some(reason);
            false
        });
        let devices = (grant.device_weight > 0.0).then(|| grant.device_match / grant.device_weight);
        self.scratch = grant;
        match (usage, first) {
            (Some(usage), None) => Ok(self.parts(ask, number, usage, devices, draft)),
            (_, Some(reason)) => Err(self.key(ask, number, &reason)),
            (None, None) => Err(self.key(ask, number, &Reason::Status)),
        }
    }

    fn parts(
        &self,
        ask: &Ask<'_>,
        number: u32,
        usage: Usage,
        devices: Option<f64>,
        draft: &Draft<'_>,
    ) -> Parts {
        let mut used = draft.used(number);
        used += usage;
        let capacity = self.cluster.nodes[number as usize].capacity;
        Parts {
            binpack: rank::binpack(used, capacity, self.algorithm),
            devices,
            anti_affinity: if self.system { 0.0 } else { rank::anti_affinity(ask, number, draft) },
        }
    }

    #[allow(clippy::too_many_arguments, reason = "every part of a score in one place")]
    fn score(
        &self,
        ask: &Ask<'_>,
        number: u32,
        parts: Parts,
        request: &Request,
        spreads: &SpreadUse,
        affinity: f64,
        draft: &Draft<'_>,
    ) -> Score {
        let fit_only = self.system;
        Score {
            binpack: parts.binpack,
            devices: parts.devices,
            anti_affinity: parts.anti_affinity,
            penalty: !fit_only && request.penalized.contains(&number),
            affinity: if fit_only { 0.0 } else { affinity },
            affinity_counts: !fit_only
                && !ask.group.affinities.is_empty()
                && self.cluster.semantics.has(Rule::AffinityCountsZero),
            spread: if fit_only { 0.0 } else { spreads.score(ask, number, draft) },
            preemption: None,
            fit_only,
        }
    }

    /// The complete verdict of one node: every check, not only the first that fails.
    pub fn judge(
        &mut self,
        job: &Job,
        group: &Group,
        request: &Request,
        number: u32,
        draft: &Draft<'_>,
    ) -> Judgement {
        let ask = Ask { job, group, index: request.index };
        let uses = PropertyUse::count(&ask, draft);
        let spreads = SpreadUse::count(&ask, draft);
        self.judge_with(&ask, request, number, draft, &uses, &spreads)
    }

    /// The complete verdicts of all nodes.
    pub fn judge_all(
        &mut self,
        job: &Job,
        group: &Group,
        request: &Request,
        draft: &Draft<'_>,
    ) -> Vec<Judgement> {
        let ask = Ask { job, group, index: request.index };
        let uses = PropertyUse::count(&ask, draft);
        let spreads = SpreadUse::count(&ask, draft);
        let numbers = 0..u32::try_from(self.cluster.nodes.len()).unwrap_or(u32::MAX);
        numbers.map(|n| self.judge_with(&ask, request, n, draft, &uses, &spreads)).collect()
    }

    fn judge_with(
        &mut self,
        ask: &Ask<'_>,
        request: &Request,
        number: u32,
        draft: &Draft<'_>,
        uses: &PropertyUse,
        spreads: &SpreadUse,
    ) -> Judgement {
        let node = &self.cluster.nodes[number as usize];
        let mut reasons = Vec::new();
        let mut report = |reason: Reason| {
            if !reasons.contains(&reason) && !follows(&reasons, &reason) {
                reasons.push(reason);
            }
            true
        };
        let mut grant = std::mem::take(&mut self.scratch);
        feasible::candidate(ask, node, draft, &mut report);
        feasible::lasting(ask, node, draft, &mut report);
        feasible::passing(ask, number, draft, uses, &mut report);
        let usage = fit(ask, number, draft, &mut grant, &mut report);
        let devices = (grant.device_weight > 0.0).then(|| grant.device_match / grant.device_weight);
        self.scratch = grant;
        let score = usage.filter(|_| reasons.is_empty()).map(|usage| {
            let parts = self.parts(ask, number, usage, devices, draft);
            let affinity = rank::affinity(ask.group, node, self.cluster);
            self.score(ask, number, parts, request, spreads, affinity, draft)
        });
        Judgement { reasons, score }
    }

    fn key(&mut self, ask: &Ask<'_>, number: u32, reason: &Reason) -> usize {
        let node = &self.cluster.nodes[number as usize];
        let quoted = !self.cluster.semantics.has(Rule::HostNetworkUnquoted);
        let key = reason.key(ask.job, ask.group, &node.id, quoted);
        let stage = reason.stage();
        if let Some(found) = self.keys.iter().position(|(k, s)| *k == key && *s == stage) {
            return found;
        }
        self.keys.push((key, stage));
        self.keys.len() - 1
    }
}

/// True if a reason only repeats an earlier one: a port whose host network is missing has no address either.
fn follows(reasons: &[Reason], reason: &Reason) -> bool {
    let Reason::NoAddress { port, .. } = reason else { return false };
    reasons.iter().any(|earlier| match earlier {
        Reason::HostNetworkMissing { port: known, .. }
        | Reason::HostNetworkTemplate { port: known } => known == port,
        _ => false,
    })
}

/// The best node so far.
struct Best {
    node: u32,
    score: Score,
    mean: f64,
    victims: Vec<u32>,
}

impl Best {
    /// What the node gives, once its victims are gone.
    fn choose(self, ask: &Ask<'_>, draft: &Draft<'_>) -> Option<Choice> {
        let mut grant = Grant::default();
        let usage = if self.victims.is_empty() {
            fit(ask, self.node, draft, &mut grant, &mut |_| false)?
        } else {
            let mut cleared = draft.clone();
            self.victims.iter().for_each(|victim| cleared.stop(*victim));
            fit(ask, self.node, &cleared, &mut grant, &mut |_| false)?
        };
        Some(Choice { node: self.node, score: self.score, grant, usage, preempted: self.victims })
    }
}

impl Memory {
    fn grow(&mut self, nodes: usize) {
        self.lasting.resize(nodes, None);
        // NaN: not judged yet.
        self.affinity.resize(nodes, f64::NAN);
        self.answers.resize(nodes, None);
    }
}

impl Tally {
    fn count(&mut self, key: &str, stage: Stage, class: &str) {
        let (total, keys, classes) = match stage {
            Stage::Excluded => return,
            Stage::Filtered => {
                (&mut self.filtered, &mut self.constraint_filtered, &mut self.class_filtered)
            }
            Stage::Exhausted => {
                (&mut self.exhausted, &mut self.dimension_exhausted, &mut self.class_exhausted)
            }
        };
        *total += 1;
        add(keys, key);
        if !class.is_empty() {
            add(classes, class);
        }
    }

    fn keep(&mut self, number: u32, score: &Score, mean: f64) {
        let place = self.scores.iter().position(|(_, s)| mean > s.mean());
        let place = place.unwrap_or(self.scores.len());
        if place < SCORES_KEPT {
            self.scores.insert(place, (number, score.clone()));
            self.scores.truncate(SCORES_KEPT);
        }
    }
}

fn add(map: &mut Map<i64>, key: &str) {
    match map.get_mut(key) {
        Some(count) => *count += 1,
        None => {
            map.insert(key.to_owned(), 1);
        }
    }
}
