//! The part of a plan that is on the screen.

use steppe_planner::plan::{GroupReport, InPlaceUpdate, NodeVerdict, Placement, Plan, Stop};
use steppe_planner::record::Record;
use steppe_planner::{Planned, api};

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
    /// Writes out of a plan what is shown. `head` is the plan's own. Without `verdict` there are no rows of nodes.
    pub fn new(
        planned: &Planned<'_>,
        head: &Plan,
        rows: Rows,
        verdict: Option<Verdict>,
    ) -> PlanView {
        let (shown, total) = (rows.placements, planned.placements());
        let groups = planned.groups().into_iter().enumerate();
        PlanView {
            job_id: head.job_id.clone(),
            job_type: head.job_type.clone(),
            namespace: head.namespace.clone(),
            digest: head.digest.clone(),
            job_modify_index: head.job_modify_index,
            job_version: head.job_version,
            spec_changed: head.spec_changed,
            headline: words::headline_of(head, planned),
            placements: (0..total.min(shown)).map(|n| planned.placement(n)).collect(),
            placements_total: total,
            stops: head.stops.iter().take(shown).cloned().collect(),
            stops_total: head.stops.len(),
            in_place: head.in_place.iter().take(shown).cloned().collect(),
            in_place_total: head.in_place.len(),
            groups: groups.map(|(n, g)| group((n, g), planned, head, rows, verdict)).collect(),
            ..PlanView::default()
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

/// Puts a node's verdict on a group into words.
type Verdict = fn(&Planned<'_>, group: usize, node: u32) -> NodeVerdict;

fn group(
    (number, report): (usize, GroupReport),
    planned: &Planned<'_>,
    head: &Plan,
    rows: Rows,
    verdict: Option<Verdict>,
) -> GroupView {
    let verdicts = verdict.map(|verdict| {
        let nearest = planned.nearest(number, rows.verdicts).into_iter();
        nearest.map(|node| verdict(planned, number, node)).collect()
    });
    GroupView {
        desired: head.desired_updates.get(&report.name).cloned().unwrap_or_default(),
        unplaced: u64::try_from(planned.unplaced_of(&report.name)).unwrap_or(0),
        feasible: report.feasible,
        filtered: report.filtered,
        exhausted: report.exhausted,
        excluded: report.excluded,
        verdicts: verdicts.unwrap_or_default(),
        verdicts_total: planned.cluster().nodes.len(),
        name: report.name,
    }
}
