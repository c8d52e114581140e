//! The search without memory: for a single node, and where room is made by evicting others.

use super::{Choice, Prepared, Request, Stack};
use crate::scheduler::draft::Draft;
use crate::scheduler::feasible::{Ask, PropertyUse};
use crate::scheduler::fit::{Grant, fit};
use crate::scheduler::preempt;
use crate::scheduler::rank::{Score, SpreadScores};
use crate::scheduler::reason::Stage;
use crate::scheduler::tally::{Counter, SCORES_KEPT, Tally};

impl Stack<'_> {
    /// Every candidate in turn.
    pub(super) fn scan(
        &mut self,
        ask: &Ask<'_>,
        request: &Request,
        candidates: &[u32],
        prepared: &mut Prepared,
        draft: &Draft<'_>,
    ) -> (Option<Choice>, Tally) {
        let uses = PropertyUse::count(ask, draft);
        let spreads = SpreadScores::count(ask, &prepared.places, draft);
        let mut counter = Counter::default();
        let mut scores: Vec<(u32, Score)> = Vec::new();
        let mut best: Option<(f64, u32, Score, Vec<u32>)> = None;
        // Victims are staged in a copy: the search changes nothing.
        let mut trial = request.preempt.then(|| draft.clone());
        for number in candidates.iter().copied() {
            let obstacle = self.obstacle(ask, number, prepared, &uses, draft);
            let found = match (obstacle, trial.as_mut()) {
                (None, _) => {
                    let score = self.score(ask, number, request, &spreads, prepared, draft);
                    score.map(|score| (score, Vec::new()))
                }
                (Some(key), Some(trial)) if self.keys.stage(key) == Stage::Exhausted => {
                    self.displace(ask, number, request, &spreads, prepared, trial, draft)
                }
                (Some(_), _) => None,
            };
            let Some((score, victims)) = found else {
                if let Some(key) = obstacle {
                    let class = self.cluster.nodes[number as usize].class_number;
                    counter.add(key, self.keys.stage(key), class, 1);
                }
                continue;
            };
            let mean = score.mean();
            keep(&mut scores, number, &score, mean);
            if best.as_ref().is_none_or(|(other, ..)| mean > *other) {
                best = Some((mean, number, score, victims));
            }
        }
        let mut tally = counter.tally(candidates.len(), &self.keys, self.cluster);
        tally.scores = scores;
        let choice =
            best.and_then(|(_, node, score, victims)| choose(ask, node, score, victims, draft));
        (choice, tally)
    }

    /// Room for the group on a full node, at the cost of less important allocations.
    #[allow(clippy::too_many_arguments, reason = "everything a score depends on, and the copy")]
    fn displace(
        &mut self,
        ask: &Ask<'_>,
        number: u32,
        request: &Request,
        spreads: &SpreadScores,
        prepared: &mut Prepared,
        trial: &mut Draft<'_>,
        draft: &Draft<'_>,
    ) -> Option<(Score, Vec<u32>)> {
        let room = preempt::make_room(ask, number, trial)?;
        let mut used = room.used;
        used += ask.group.usage;
        let mut score = self.score_of(ask, number, used, None, prepared, trial);
        self.finish(&mut score, ask, number, request, spreads, &prepared.places);
        if !room.victims.is_empty() && !self.system {
            score.preemption = Some(preempt::score(&room.victims, draft));
        }
        Some((score, room.victims))
    }
}

/// What the node gives, once its victims are gone.
fn choose(
    ask: &Ask<'_>,
    node: u32,
    score: Score,
    victims: Vec<u32>,
    draft: &Draft<'_>,
) -> Option<Choice> {
    let mut grant = Grant::default();
    let usage = if victims.is_empty() {
        fit(ask, node, draft, &mut grant, &mut |_| false)?
    } else {
        let mut cleared = draft.clone();
        victims.iter().for_each(|victim| cleared.stop(*victim));
        fit(ask, node, &cleared, &mut grant, &mut |_| false)?
    };
    Some(Choice { node, score, grant, usage, preempted: victims })
}

/// Keeps the best scores, best first.
fn keep(scores: &mut Vec<(u32, Score)>, number: u32, score: &Score, mean: f64) {
    let place = scores.iter().position(|(_, other)| mean > other.mean()).unwrap_or(scores.len());
    if place < SCORES_KEPT {
        scores.insert(place, (number, score.clone()));
        scores.truncate(SCORES_KEPT);
    }
}
