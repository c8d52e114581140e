//! The part of a plan that is on the screen.

use steppe_planner::plan::{GroupReport, InPlaceUpdate, NodeVerdict, Placement, Plan, Stop};
use steppe_planner::record::Record;
use steppe_planner::{Map, api};

use super::words::{self, Headline};
use crate::worker::Rows;

/// A plan with as many rows as are shown.
#[derive(Debug, Default, Record)]
pub struct PlanView {
    /// As written: what Deploy sends.
    pub job: api::Job,
    pub job_id: String,
    pub job_type: String,
    pub namespace: String,
    pub digest: String,
    pub job_modify_index: u64,
    pub job_version: u64,
    pub spec_changed: bool,
    pub snapshot_index: u64,
    /// `hcl2`, `hcl1` or `json`.
    pub format: String,
    pub headline: Headline,
    pub placements: Vec<Placement>,
    pub placements_total: usize,
    pub stops: Vec<Stop>,
    pub stops_total: usize,
    pub in_place: Vec<InPlaceUpdate>,
    pub in_place_total: usize,
    pub groups: Vec<GroupView>,
    /// Against the registered job; `None` where there is nothing to compare with.
    pub diff: Option<api::JobDiff>,
}

/// One group's verdicts.
#[derive(Debug, Default, Record)]
pub struct GroupView {
    pub name: String,
    pub desired: api::DesiredUpdates,
    /// Placements that found no node.
    pub unplaced: u64,
    pub feasible: u64,
    pub filtered: u64,
    pub exhausted: u64,
    pub excluded: u64,
    /// Chosen nodes first, then by how near they are to being chosen.
    pub verdicts: Vec<NodeVerdict>,
    pub verdicts_total: usize,
}

impl PlanView {
    /// Cuts a plan down to what is shown.
    pub fn new(
        plan: &Plan,
        job: api::Job,
        diff: Option<api::JobDiff>,
        format: &str,
        rows: Rows,
    ) -> PlanView {
        let shown = rows.placements;
        PlanView {
            job,
            job_id: plan.job_id.clone(),
            job_type: plan.job_type.clone(),
            namespace: plan.namespace.clone(),
            digest: plan.digest.clone(),
            job_modify_index: plan.job_modify_index,
            job_version: plan.job_version,
            spec_changed: plan.spec_changed,
            snapshot_index: plan.snapshot_index,
            format: format.to_owned(),
            headline: words::headline(plan),
            placements: plan.placements.iter().take(shown).cloned().collect(),
            placements_total: plan.placements.len(),
            stops: plan.stops.iter().take(shown).cloned().collect(),
            stops_total: plan.stops.len(),
            in_place: plan.in_place.iter().take(shown).cloned().collect(),
            in_place_total: plan.in_place.len(),
            groups: plan.groups.iter().map(|g| group(g, plan, rows.verdicts)).collect(),
            diff,
        }
    }

    /// The effects as shown, for the agent to say what is different now; `None` if rows are left out.
    pub fn seen(&self) -> Option<Plan> {
        let whole = self.placements.len() == self.placements_total
            && self.stops.len() == self.stops_total
            && self.in_place.len() == self.in_place_total;
        let failed = self.groups.iter().filter(|g| g.unplaced > 0);
        whole.then(|| Plan {
            job_id: self.job_id.clone(),
            placements: self.placements.clone(),
            stops: self.stops.clone(),
            in_place: self.in_place.clone(),
            failed_groups: failed.map(|g| (g.name.clone(), api::AllocMetric::default())).collect(),
            ..Plan::default()
        })
    }

    /// Placements that found no node, over all groups.
    pub fn unplaced(&self) -> u64 {
        self.groups.iter().map(|g| g.unplaced).sum()
    }
}

fn group(report: &GroupReport, plan: &Plan, shown: usize) -> GroupView {
    let mut order: Vec<&NodeVerdict> = report.nodes.iter().collect();
    let key = |v: &NodeVerdict| (v.placed.is_empty(), v.outcome, v.failures.len());
    // The better score first; equals keep the snapshot's order, because the sort is stable.
    order.sort_by(|a, b| key(a).cmp(&key(b)).then(score(b).total_cmp(&score(a))));
    let queued: &Map<i64> = &plan.queued;
    GroupView {
        name: report.name.clone(),
        desired: plan.desired_updates.get(&report.name).cloned().unwrap_or_default(),
        unplaced: queued.get(&report.name).and_then(|&n| u64::try_from(n).ok()).unwrap_or(0),
        feasible: report.feasible,
        filtered: report.filtered,
        exhausted: report.exhausted,
        excluded: report.excluded,
        verdicts: order.into_iter().take(shown).cloned().collect(),
        verdicts_total: report.nodes.len(),
    }
}

fn score(verdict: &NodeVerdict) -> f64 {
    verdict.score.unwrap_or(f64::NEG_INFINITY)
}
