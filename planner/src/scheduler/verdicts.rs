//! Every node's verdict on every group as the cluster is now: before the plan, for the group's first allocation.

use super::draft::Draft;
use super::stack::{Request, Stack};
use super::writing::report_group;
use super::{PlanOptions, Situation};
use crate::api;
use crate::model::JobKind;
use crate::plan::GroupReport;
use crate::snapshot::Snapshot;

/// Judges all nodes for each group of a job, one report a group.
pub fn verdicts(job: &api::Job, snapshot: &Snapshot) -> Vec<GroupReport> {
    let situation = Situation::compile(job, snapshot, &PlanOptions::default());
    let system = matches!(situation.job.kind, JobKind::System | JobKind::SysBatch);
    let mut stack = Stack::new(snapshot.cluster(), situation.algorithm, system);
    let draft = Draft::new(snapshot.cluster(), situation.job.key);
    situation
        .job
        .groups
        .iter()
        .map(|group| {
            let request = Request::default();
            let judgements = stack.judge_all(&situation.job, group, &request, &draft);
            report_group(&situation, &draft, &situation.job, group, &judgements)
        })
        .collect()
}
