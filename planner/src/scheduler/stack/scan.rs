//! The search without memory: for a single node, and where room is made by evicting others.

use super::{Choice, Prepared, Request, Stack};
use crate::scheduler::draft::Draft;
use crate::scheduler::feasible::{Ask, PropertyUse};
use crate::scheduler::fit::{Grant, fit};
use crate::scheduler::preempt::{self, Room};
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
        let mut best: Option<(f64, u32, Score, Option<Room>)> = None;
        // Victims are staged in a copy: the search changes nothing.
        let mut trial = request.preempt.then(|| draft.clone());
        for number in candidates.iter().copied() {
            let found = match (self.obstacle(ask, number, prepared, &uses, draft), trial.as_mut()) {
                (None, _) => {
                    let score = self.score(ask, number, request, &spreads, prepared, draft);
                    Ok(score.map(|score| (score, None)))
                }
                (Some(key), Some(trial)) if self.keys.stage(key) == Stage::Exhausted => {
                    let room = self.displace(ask, number, request, &spreads, prepared, trial);
                    room.map(|(score, room)| Some((score, Some(room))))
                }
                (Some(key), _) => Err(key),
            };
            match found {
                Ok(None) => {}
                Ok(Some((score, room))) => {
                    let mean = score.mean();
                    keep(&mut scores, number, &score, mean);
                    if best.as_ref().is_none_or(|(other, ..)| mean > *other) {
                        best = Some((mean, number, score, room));
                    }
                }
                Err(key) => {
                    let class = self.cluster.nodes[number as usize].class_number;
                    counter.add(key, self.keys.stage(key), class, 1);
                }
            }
        }
        let mut tally = counter.tally(candidates.len(), &self.keys, self.cluster);
        tally.scores = scores;
        let choice = best.and_then(|(_, node, score, room)| choose(ask, node, score, room, draft));
        (choice, tally)
    }

    /// Room for the group on a full node, at the cost of less important allocations; or the key of what is in the way.
    fn displace(
        &mut self,
        ask: &Ask<'_>,
        number: u32,
        request: &Request,
        spreads: &SpreadScores,
        prepared: &mut Prepared,
        trial: &mut Draft<'_>,
    ) -> Result<(Score, Room), usize> {
        let room = match preempt::make_room(ask, number, trial) {
            Ok(room) => room,
            Err(reason) => return Err(self.key(ask, number, &reason)),
        };
        let devices = room.grant.device_score();
        let mut score = self.score_of(ask, number, room.used, devices, prepared, trial);
        self.finish(&mut score, ask, number, request, spreads, &prepared.places);
        if !room.victims.is_empty() && !self.system {
            score.preemption = Some(preempt::score(&room.victims, trial));
        }
        Ok((score, room))
    }
}

/// What the node gives.
fn choose(
    ask: &Ask<'_>,
    node: u32,
    score: Score,
    room: Option<Room>,
    draft: &Draft<'_>,
) -> Option<Choice> {
    let Some(room) = room else {
        let mut grant = Grant::default();
        let usage = fit(ask, node, draft, &mut grant, &mut |_| false)?;
        return Some(Choice { node, score, grant, usage, preempted: Vec::new() });
    };
    let Room { victims, grant, usage, .. } = room;
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
