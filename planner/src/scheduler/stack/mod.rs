//! The choice of the best node, and what is kept between two choices.
//!
//! Every node is looked at, by every check (`judge`). What it answered is kept in a contest: after a placement only the
//! nodes of the chosen host are asked again. `scan` is the search without memory.

mod judge;
mod judgements;
mod scan;

use std::sync::Arc;

pub use judgements::{Judgement, Judgements};

use super::contest::{Answer, Contest, parts_of};
use super::draft::Draft;
use super::feasible::{Ask, PropertyUse, Screen};
use super::fit::{Grant, fit};
use super::rank::{Affinities, Algorithm, Score, SpreadScores, places};
use super::reason::Reason;
use super::tally::{Keys, Tally};
use crate::model::{Group, Job, Operand, Usage};
use crate::snapshot::{Cluster, Places};

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

/// One group of one job version, ready to be put to all nodes.
struct Prepared {
    version: u64,
    group: String,
    screen: Screen,
    affinities: Affinities,
    places: Arc<Places>,
    opened: Option<Opened>,
}

/// A contest under way.
struct Opened {
    contest: Contest,
    /// What each node would answer were it not for checks that any placement may change; empty if there are none.
    alone: Vec<Answer>,
    /// The verdicts it was opened with, until somebody takes them.
    verdicts: Option<Judgements>,
}

/// The stages for one plan.
pub struct Stack<'a> {
    cluster: &'a Cluster,
    algorithm: Algorithm,
    system: bool,
    /// One of them is out while it is worked with.
    prepared: Vec<Option<Prepared>>,
    keys: Keys,
    scratch: Grant,
}

impl<'a> Stack<'a> {
    /// A stack over all nodes.
    pub fn new(cluster: &'a Cluster, algorithm: Algorithm, system: bool) -> Stack<'a> {
        let (prepared, keys, scratch) = (Vec::new(), Keys::default(), Grant::default());
        Stack { cluster, algorithm, system, prepared, keys, scratch }
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
        self.with_prepared(&ask, |stack, prepared| {
            if let Some(preferred) = request.preferred {
                let (choice, tally) = stack.scan(&ask, request, &[preferred], prepared, draft);
                if choice.is_some() {
                    return (choice, tally);
                }
            }
            // A single node is judged at once; room is made by trying.
            if request.preempt || candidates.len() == 1 {
                return stack.scan(&ask, request, candidates, prepared, draft);
            }
            let mut opened = match prepared.opened.take() {
                Some(opened) => opened,
                None => stack.open(&ask, candidates, prepared, draft),
            };
            stack.catch_up(&ask, candidates, prepared, &mut opened, draft);
            let won = stack.award(&ask, request, candidates.len(), prepared, &mut opened, draft);
            prepared.opened = Some(opened);
            won
        })
    }

    /// The complete verdicts of all nodes, as of now.
    pub fn judge_all(
        &mut self,
        job: &Job,
        group: &Group,
        request: &Request,
        draft: &Draft<'_>,
    ) -> Judgements {
        let nodes = 0..u32::try_from(self.cluster.nodes.len()).unwrap_or(u32::MAX);
        self.judge_some(job, group, request, nodes, draft)
    }

    /// Those of some nodes.
    pub fn judge_some(
        &mut self,
        job: &Job,
        group: &Group,
        request: &Request,
        nodes: impl Iterator<Item = u32>,
        draft: &Draft<'_>,
    ) -> Judgements {
        let ask = Ask { job, group, index: request.index };
        self.with_prepared(&ask, |stack, prepared| stack.judgements(&ask, nodes, prepared, draft))
    }

    /// The verdicts with which the group's contest was opened, if nobody has taken them.
    pub fn take_verdicts(&mut self, job: &Job, group: &Group) -> Option<Judgements> {
        let prepared = self.prepared.iter_mut().flatten();
        let mut found = prepared.filter(|p| p.version == job.version && p.group == group.name);
        found.next()?.opened.as_mut()?.verdicts.take()
    }

    fn with_prepared<T>(
        &mut self,
        ask: &Ask<'_>,
        work: impl FnOnce(&mut Self, &mut Prepared) -> T,
    ) -> T {
        let same = |p: &Prepared| p.version == ask.job.version && p.group == ask.group.name;
        let at = self.prepared.iter().position(|p| p.as_ref().is_some_and(same));
        let at = at.unwrap_or_else(|| {
            self.prepared.push(Some(Prepared::new(ask, self.cluster)));
            self.prepared.len() - 1
        });
        let mut prepared =
            self.prepared[at].take().unwrap_or_else(|| Prepared::new(ask, self.cluster));
        let result = work(self, &mut prepared);
        self.prepared[at] = Some(prepared);
        result
    }

    /// Judges all nodes for the first time.
    fn open(
        &mut self,
        ask: &Ask<'_>,
        candidates: &[u32],
        prepared: &mut Prepared,
        draft: &Draft<'_>,
    ) -> Opened {
        let nodes = 0..u32::try_from(self.cluster.nodes.len()).unwrap_or(u32::MAX);
        let verdicts = self.judgements(ask, nodes, prepared, draft);
        let mut contest = Contest::default();
        contest.seen = draft.changes().len();
        let mut next = candidates.iter().copied().peekable();
        for (number, verdict) in (0u32..).zip(verdicts.iter()) {
            let answer = if next.next_if_eq(&number).is_none() {
                Answer::Aside
            } else {
                self.first_answer(ask, number, verdict, &prepared.places, &mut contest)
            };
            self.count(&mut contest, number, answer, 1);
            contest.enter(answer);
        }
        let mut alone = if is_volatile(ask) { contest.answers.clone() } else { Vec::new() };
        for (number, answer) in (0u32..).zip(&mut alone) {
            // What fails may fail by a check that a stop, or another number, can change.
            if matches!(answer, Answer::Fails(_)) {
                *answer = self.answer_alone(ask, number, prepared, &mut contest, draft);
            }
        }
        Opened { contest, alone, verdicts: Some(verdicts) }
    }

    fn first_answer(
        &mut self,
        ask: &Ask<'_>,
        number: u32,
        verdict: Judgement<'_>,
        places: &Places,
        contest: &mut Contest,
    ) -> Answer {
        match (verdict.reasons.first(), verdict.score) {
            (Some(reason), _) => {
                let key = self.key(ask, number, reason);
                if reason.is_lasting() { Answer::Never(key) } else { Answer::Fails(key) }
            }
            (None, Some(score)) => {
                let (sum, parts) = parts_of(score);
                let place = places.number(number);
                Answer::Fits { sum, parts, bucket: contest.bucket(place, parts) }
            }
            (None, None) => Answer::Aside,
        }
    }

    /// Asks those nodes again that what was placed meanwhile may concern.
    fn catch_up(
        &mut self,
        ask: &Ask<'_>,
        candidates: &[u32],
        prepared: &mut Prepared,
        opened: &mut Opened,
        draft: &Draft<'_>,
    ) {
        let changes = draft.changes();
        let mut hosts: Vec<usize> = changes[opened.contest.seen..].to_vec();
        opened.contest.seen = changes.len();
        hosts.sort_unstable();
        hosts.dedup();
        let volatile = !opened.alone.is_empty();
        for number in hosts.iter().flat_map(|host| &self.cluster.on_host[*host]).copied() {
            let before = opened.contest.answers[number as usize];
            if matches!(before, Answer::Aside | Answer::Never(_)) {
                continue;
            }
            let answer = self.answer_alone(ask, number, prepared, &mut opened.contest, draft);
            if volatile {
                opened.alone[number as usize] = answer;
            } else {
                let answer = self.with_others(ask, number, &PropertyUse::default(), answer, draft);
                self.replace(&mut opened.contest, number, answer);
            }
        }
        if volatile {
            let uses = PropertyUse::count(ask, draft);
            for number in candidates.iter().copied() {
                let alone = opened.alone[number as usize];
                if !matches!(alone, Answer::Aside | Answer::Never(_)) {
                    let answer = self.with_others(ask, number, &uses, alone, draft);
                    self.replace(&mut opened.contest, number, answer);
                }
            }
        }
    }

    /// Whether the node has room.
    fn answer_alone(
        &mut self,
        ask: &Ask<'_>,
        number: u32,
        prepared: &mut Prepared,
        contest: &mut Contest,
        draft: &Draft<'_>,
    ) -> Answer {
        match self.try_fit(ask, number, &prepared.screen, draft) {
            Err(key) => Answer::Fails(key),
            Ok((usage, devices)) => {
                let score = self.score_alone(ask, number, usage, devices, prepared, draft);
                let place = prepared.places.number(number);
                let (sum, parts) = parts_of(&score);
                Answer::Fits { sum, parts, bucket: contest.bucket(place, parts) }
            }
        }
    }

    fn replace(&self, contest: &mut Contest, number: u32, answer: Answer) {
        let before = contest.answers[number as usize];
        if before != answer {
            self.count(contest, number, before, -1);
            self.count(contest, number, answer, 1);
            contest.change(number, answer);
        }
    }

    fn count(&self, contest: &mut Contest, number: u32, answer: Answer, by: i64) {
        if let Answer::Never(key) | Answer::Fails(key) = answer {
            let class = self.cluster.nodes[number as usize].class_number;
            contest.counter.add(key, self.keys.stage(key), class, by);
        }
    }

    fn award(
        &mut self,
        ask: &Ask<'_>,
        request: &Request,
        evaluated: usize,
        prepared: &mut Prepared,
        opened: &mut Opened,
        draft: &Draft<'_>,
    ) -> (Option<Choice>, Tally) {
        let spreads = SpreadScores::count(ask, &prepared.places, draft);
        let best = opened.contest.best(&|place| spreads.of(place), &request.penalized);
        let mut tally = opened.contest.counter.tally(evaluated, &self.keys, self.cluster);
        for ranked in best {
            let score = self.score(ask, ranked.node, request, &spreads, prepared, draft);
            tally.scores.extend(score.map(|score| (ranked.node, score)));
        }
        let choice = tally.scores.first().and_then(|(node, score)| {
            let mut grant = Grant::default();
            let usage = fit(ask, *node, draft, &mut grant, &mut |_| false)?;
            Some(Choice { node: *node, score: score.clone(), grant, usage, preempted: Vec::new() })
        });
        (choice, tally)
    }
}

impl Prepared {
    fn new(ask: &Ask<'_>, cluster: &Cluster) -> Prepared {
        Prepared {
            version: ask.job.version,
            group: ask.group.name.clone(),
            screen: Screen::new(ask, cluster),
            affinities: Affinities::new(ask, cluster),
            places: places(ask.group, cluster),
            opened: None,
        }
    }
}

/// True if any placement may change any node's answer.
fn is_volatile(ask: &Ask<'_>) -> bool {
    let constraints = ask.job.constraints.iter().chain(&ask.group.constraints);
    let mut properties = constraints.filter(|c| c.operand == Operand::DistinctProperty);
    properties.next().is_some() || ask.group.volumes.iter().any(|v| v.csi || v.per_alloc)
}

/// The first reason that a walk through checks reports.
fn first(walk: impl FnOnce(&mut dyn FnMut(Reason) -> bool)) -> Option<Reason> {
    let mut first = None;
    walk(&mut |reason| {
        first.get_or_insert(reason);
        false
    });
    first
}
