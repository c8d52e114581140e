//! One node's answer: every check, or only the first that fails, and its score.

use super::{Judgements, Prepared, Request, Stack, first};
use crate::model::Usage;
use crate::scheduler::contest::Answer;
use crate::scheduler::draft::Draft;
use crate::scheduler::feasible::{self, Ask, PropertyUse, Screen};
use crate::scheduler::fit::{Depth, fit_to};
use crate::scheduler::rank::{self, Score, SpreadScores};
use crate::scheduler::reason::Reason;
use crate::semantics::Rule;
use crate::snapshot::Places;

impl Stack<'_> {
    /// Nodes through all stages.
    pub(super) fn judgements(
        &mut self,
        ask: &Ask<'_>,
        nodes: impl Iterator<Item = u32>,
        prepared: &mut Prepared,
        draft: &Draft<'_>,
    ) -> Judgements {
        let uses = PropertyUse::count(ask, draft);
        let spreads = SpreadScores::count(ask, &prepared.places, draft);
        let request = Request::default();
        let mut judgements = Judgements::default();
        judgements.index = ask.index;
        judgements.reserve(nodes.size_hint().0);
        for number in nodes {
            let mut score = self.judge(ask, number, prepared, &uses, draft, &mut judgements);
            if let Some(score) = &mut score {
                self.finish(score, ask, number, &request, &spreads, &prepared.places);
            }
            judgements.close(score);
        }
        judgements
    }

    /// Notes a node's reasons; its score if there are none.
    fn judge(
        &mut self,
        ask: &Ask<'_>,
        number: u32,
        prepared: &mut Prepared,
        uses: &PropertyUse,
        draft: &Draft<'_>,
        judgements: &mut Judgements,
    ) -> Option<Score> {
        let mut report = |reason: Reason| {
            let reasons = judgements.pending();
            if !reasons.contains(&reason) && !follows(reasons, &reason) {
                judgements.refuse(reason);
            }
            true
        };
        let screen = &mut prepared.screen;
        screen.candidate(ask, number, self.cluster, &mut report);
        screen.lasting(ask, number, self.cluster, &mut report);
        feasible::passing(ask, number, draft, uses, &mut report);
        let (depth, grant) = (Depth::Judge(&screen.network), &mut self.scratch);
        let usage = fit_to(depth, ask, number, draft, grant, &mut report);
        let devices = grant.device_score();
        let usage = usage.filter(|_| judgements.pending().is_empty());
        usage.map(|usage| self.score_alone(ask, number, usage, devices, prepared, draft))
    }

    /// The first failing check of a node, as a key.
    pub(super) fn obstacle(
        &mut self,
        ask: &Ask<'_>,
        number: u32,
        prepared: &mut Prepared,
        uses: &PropertyUse,
        draft: &Draft<'_>,
    ) -> Option<usize> {
        let found = first(|report| {
            _ = prepared.screen.lasting(ask, number, self.cluster, report)
                && feasible::passing(ask, number, draft, uses, report);
        });
        match found {
            Some(reason) => Some(self.key(ask, number, &reason)),
            None => self.try_fit(ask, number, &prepared.screen, draft).err(),
        }
    }

    /// A node's answer, unless the job's other allocations are in the way.
    pub(super) fn with_others(
        &mut self,
        ask: &Ask<'_>,
        number: u32,
        uses: &PropertyUse,
        alone: Answer,
        draft: &Draft<'_>,
    ) -> Answer {
        let found = first(|report| {
            feasible::passing(ask, number, draft, uses, report);
        });
        found.map_or(alone, |reason| Answer::Fails(self.key(ask, number, &reason)))
    }

    /// What the allocation would use and how well devices match, or the key of what is missing.
    pub(super) fn try_fit(
        &mut self,
        ask: &Ask<'_>,
        number: u32,
        screen: &Screen,
        draft: &Draft<'_>,
    ) -> Result<(Usage, Option<f64>), usize> {
        let (depth, grant) = (Depth::Judge(&screen.network), &mut self.scratch);
        let mut usage = None;
        let found = first(|report| usage = fit_to(depth, ask, number, draft, grant, report));
        match (usage, found) {
            (Some(usage), None) => Ok((usage, grant.device_score())),
            (_, reason) => Err(self.key(ask, number, &reason.unwrap_or(Reason::Status))),
        }
    }

    /// A node's score for a placement; `None` if it does not fit.
    pub(super) fn score(
        &mut self,
        ask: &Ask<'_>,
        number: u32,
        request: &Request,
        spreads: &SpreadScores,
        prepared: &mut Prepared,
        draft: &Draft<'_>,
    ) -> Option<Score> {
        let (usage, devices) = self.try_fit(ask, number, &prepared.screen, draft).ok()?;
        let mut score = self.score_alone(ask, number, usage, devices, prepared, draft);
        self.finish(&mut score, ask, number, request, spreads, &prepared.places);
        Some(score)
    }

    /// The parts of a score that neither spread nor earlier failures change.
    pub(super) fn score_alone(
        &self,
        ask: &Ask<'_>,
        number: u32,
        usage: Usage,
        devices: Option<f64>,
        prepared: &mut Prepared,
        draft: &Draft<'_>,
    ) -> Score {
        let mut used = draft.used(number);
        used += usage;
        self.score_of(ask, number, used, devices, prepared, draft)
    }

    pub(super) fn score_of(
        &self,
        ask: &Ask<'_>,
        number: u32,
        used: Usage,
        devices: Option<f64>,
        prepared: &mut Prepared,
        draft: &Draft<'_>,
    ) -> Score {
        let capacity = self.cluster.capacities[number as usize];
        let mut score = Score {
            binpack: rank::binpack(used, capacity, self.algorithm),
            devices,
            fit_only: self.system,
            ..Score::default()
        };
        if !self.system {
            score.anti_affinity = rank::anti_affinity(ask, number, draft);
            score.affinity = prepared.affinities.score(ask, number, self.cluster);
            score.affinity_counts = !ask.group.affinities.is_empty()
                && self.cluster.semantics.has(Rule::AffinityCountsZero);
        }
        score
    }

    /// Adds the parts that spread and earlier failures make.
    pub(super) fn finish(
        &self,
        score: &mut Score,
        ask: &Ask<'_>,
        number: u32,
        request: &Request,
        spreads: &SpreadScores,
        places: &Places,
    ) {
        if !self.system {
            score.penalty = request.penalized.contains(&number);
        }
        if !self.system && !ask.group.spreads.is_empty() {
            score.spread = spreads.of(places.number(number));
        }
    }

    /// The number of a reason's metric key.
    pub(super) fn key(&mut self, ask: &Ask<'_>, number: u32, reason: &Reason) -> usize {
        let node = &self.cluster.nodes[number as usize];
        self.keys.number(reason, ask.job, ask.group, &node.id)
    }
}

/// True if a reason only repeats an earlier one: a port whose host network is missing has no address either, and a device
/// that no node has is not free.
fn follows(reasons: &[Reason], reason: &Reason) -> bool {
    let repeated = |earlier: &Reason| match (earlier, reason) {
        (
            Reason::HostNetworkMissing { port: known, .. }
            | Reason::HostNetworkTemplate { port: known },
            Reason::NoAddress { port, .. },
        ) => known == port,
        (Reason::Device { task: t, request: r }, Reason::DeviceAssign { task, request, .. }) => {
            (t, r) == (task, request)
        }
        _ => false,
    };
    reasons.iter().any(repeated)
}
