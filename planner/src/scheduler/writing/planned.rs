//! A plan by number, written out as far as somebody looks.

use super::*;
use crate::model::Job;
use crate::scheduler::reason::Reason;
use crate::snapshot::Cluster;

/// A plan by number. It is written out as far as somebody asks: the plan of a large cluster has ten thousand verdicts,
/// and a page shows forty.
pub struct Planned<'a> {
    pub(in crate::scheduler) snapshot: &'a Snapshot,
    pub(in crate::scheduler) situation: Situation<'a>,
    pub(in crate::scheduler) draft: Draft<'a>,
    pub(in crate::scheduler) outcome: Outcome<'a>,
}

impl Planned<'_> {
    /// How many allocations it places.
    pub fn placements(&self) -> usize {
        self.outcome.placements.len()
    }

    /// How many it could not place.
    pub fn unplaced(&self) -> i64 {
        self.outcome.queued.values().filter(|count| **count > 0).sum()
    }

    /// How many of a group it could not place.
    pub fn unplaced_of(&self, group: &str) -> i64 {
        self.outcome.queued.get(group).copied().unwrap_or_default().max(0)
    }

    /// One of them.
    pub fn placement(&self, number: usize) -> Placement {
        let (made, placed) = (&self.outcome.placements[number], &self.draft.placed[number]);
        placement(&self.situation, &self.draft, &self.outcome, made, placed)
    }

    /// The node of one of them.
    pub fn node_of(&self, number: usize) -> u32 {
        self.draft.placed[number].node
    }

    /// The allocation that one of them stands in for.
    pub fn previous_of(&self, number: usize) -> Option<&str> {
        let previous = self.outcome.placements[number].previous?;
        Some(&self.situation.cluster.allocs[previous as usize].id)
    }

    /// Every group's counts, in the job's order, without nodes.
    pub fn groups(&self) -> Vec<GroupReport> {
        self.outcome.reports.iter().map(explain::summary).collect()
    }

    /// One node's verdict on a group.
    pub fn verdict(&self, group: usize, node: u32) -> NodeVerdict {
        let verdicts = &self.outcome.reports[group];
        let mut verdict = explain::verdict(&self.situation, verdicts, node);
        let here = self.draft.placed_on(node).filter(|(_, p)| p.group == verdicts.group);
        verdict.placed = here.map(|(_, p)| p.name.clone()).collect();
        verdict
    }

    /// The nodes that a reader of a group's verdicts wants first: those chosen, then by how near they are to being
    /// chosen. Equals stand in the snapshot's order.
    pub fn nearest(&self, group: usize, limit: usize) -> Vec<u32> {
        let verdicts = &self.outcome.reports[group];
        let chosen = |n: u32| self.draft.placed_on(n).any(|(_, p)| p.group == verdicts.group);
        let judged = (0u32..).zip(verdicts.judgements.iter());
        let mut order: Vec<_> = judged
            .map(|(n, j)| {
                let score = j.score.map_or(f64::NEG_INFINITY, |score| score.mean());
                (!chosen(n), explain::outcome(j), j.reasons.len(), score, n)
            })
            .collect();
        let nearer = |a: &(bool, crate::plan::Outcome, usize, f64, u32), b: &(_, _, _, f64, _)| {
            (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2)).then(b.3.total_cmp(&a.3)).then(a.4.cmp(&b.4))
        };
        if limit < order.len() {
            order.select_nth_unstable_by(limit, nearer);
            order.truncate(limit);
        }
        order.sort_unstable_by(nearer);
        order.into_iter().map(|(.., node)| node).collect()
    }

    /// What keeps the nearest node from taking one more of a group, as one sentence.
    pub fn nearest_obstacle(&self, name: &str) -> String {
        let group = self.outcome.reports.iter().position(|verdicts| verdicts.group == name);
        let Some(group) = group else { return String::new() };
        let judged = (0u32..).zip(self.outcome.reports[group].judgements.iter());
        let refused = judged.filter(|(_, judgement)| !judgement.reasons.is_empty());
        let nearest = refused.min_by_key(|(_, j)| (explain::outcome(*j), j.reasons.len()));
        let Some((node, _)) = nearest else { return "there are no nodes".to_owned() };
        let verdict = self.verdict(group, node);
        let messages: Vec<&str> = verdict.failures.iter().map(|f| f.message.as_str()).collect();
        messages.join("; ")
    }

    /// The failing checks of each node on a group, in the order of the nodes.
    pub fn reasons_of(&self, group: usize) -> impl Iterator<Item = &[Reason]> {
        let verdicts = self.outcome.reports.get(group);
        verdicts.into_iter().flat_map(|v| v.judgements.iter()).map(|judgement| judgement.reasons)
    }

    /// The job as the scheduler sees it.
    pub fn job(&self) -> &Job {
        &self.situation.job
    }

    /// What it was planned against.
    pub fn cluster(&self) -> &Cluster {
        self.situation.cluster
    }

    /// Everything that is no list of nodes or placements.
    pub fn head(&self) -> Plan {
        let (situation, outcome) = (&self.situation, &self.outcome);
        let document = self.snapshot.head();
        let mut plan = Plan {
            job_id: situation.job.id.clone(),
            namespace: situation.job.namespace.clone(),
            job_type: kind(situation.job.kind).to_owned(),
            job_version: situation.job.version,
            job_modify_index: situation.job_modify_index,
            spec_changed: situation.spec_changed,
            snapshot_index: document.index,
            profile: document.profile.clone(),
            queued: outcome.queued.clone(),
            stops: stops(situation, outcome),
            in_place: in_place(situation, outcome),
            desired_updates: outcome.counts.iter().map(|(n, c)| (n.clone(), desired(c))).collect(),
            failed_groups: outcome
                .failed
                .iter()
                .map(|(name, tally)| (name.clone(), failed_metric(situation, outcome, name, tally)))
                .collect(),
            created_evals: outcome.evaluations.iter().map(|e| evaluation(situation, e)).collect(),
            ..Plan::default()
        };
        let followups = outcome.followups.iter();
        plan.followups = followups
            .map(|(number, eval)| Followup {
                alloc_id: situation.cluster.allocs[*number as usize].id.clone(),
                eval: *eval,
                client_status: if outcome.unknown.contains(number) { "unknown" } else { "" }
                    .to_owned(),
            })
            .collect();
        sort_by_text(&mut plan.followups, |f| &f.alloc_id);
        deployments(&mut plan, outcome);
        plan.digest = digest(&plan, &mut (0..self.placements()).map(|n| self.placed(n)));
        plan
    }

    /// What the digest covers of a placement.
    fn placed(&self, number: usize) -> Placement {
        let (made, placed) = (&self.outcome.placements[number], &self.draft.placed[number]);
        essence(&self.situation, &self.draft, made, placed)
    }

    /// The whole plan, with every node's verdict.
    pub fn document(&self) -> Plan {
        let mut plan = self.head();
        plan.placements = (0..self.placements()).map(|n| self.placement(n)).collect();
        let reports = self.outcome.reports.iter().enumerate();
        plan.groups = reports
            .map(|(at, verdicts)| {
                let mut report = explain::summary(verdicts);
                report.nodes =
                    verdicts.judgements.nodes().map(|node| self.verdict(at, node)).collect();
                report
            })
            .collect();
        plan
    }
}
