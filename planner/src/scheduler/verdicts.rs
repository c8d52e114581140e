//! Every node's verdict on every group as the cluster is now: before the plan, for the group's first allocation.

use super::draft::Draft;
use super::outcome::Verdicts;
use super::stack::{Request, Stack};
use super::writing::report_group;
use super::{PlanOptions, Situation};
use crate::api;
use crate::plan::GroupReport;
use crate::snapshot::Snapshot;

/// Judges all nodes for each group of a job, one report a group.
pub fn verdicts(job: &api::Job, snapshot: &Snapshot) -> Vec<GroupReport> {
    let situation = Situation::compile(job, snapshot, &PlanOptions::default());
    let system = situation.job.is_system();
    let mut stack = Stack::new(snapshot.cluster(), situation.algorithm, system);
    let draft = Draft::new(snapshot.cluster(), situation.job.key);
    let judged = situation.job.groups.iter().map(|group| {
        let (job, request) = (&situation.job, Request::default());
        let judgements = stack.judge_all(job, group, &request, &draft);
        let (group, version) = (group.name.clone(), job.version);
        Verdicts { group, version, draft: draft.clone(), judgements }
    });
    judged.map(|verdicts| report_group(&situation, &verdicts)).collect()
}
