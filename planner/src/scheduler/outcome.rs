//! What a scheduler decided, by number; `plan::assemble` writes it out as documents.

use super::draft::Draft;
use super::rank::Score;
use super::reconcile::{Cause, Counts, DeploymentChange, Stopping};
use super::stack::Judgements;
use super::tally::Tally;
use crate::Map;
use crate::model::GroupDeployment;

/// A placement made; its grant is in the draft, at the same position.
#[derive(Clone, Debug)]
pub struct Placement {
    pub cause: Cause,
    pub previous: Option<u32>,
    pub canary: bool,
    pub score: Score,
    pub tally: Tally,
    pub preempted: Vec<u32>,
}

/// An evaluation asked for.
#[derive(Clone, Debug)]
pub struct Evaluation {
    pub triggered_by: &'static str,
    pub status: &'static str,
    pub description: &'static str,
    pub wait_until: i64,
    pub wait: i64,
    pub node: Option<u32>,
}

/// Every node's verdict on a group, as the draft was then.
#[derive(Debug)]
pub struct Verdicts<'a> {
    pub group: String,
    /// The job version judged.
    pub version: u64,
    pub draft: Draft<'a>,
    /// By node.
    pub judgements: Judgements,
}

/// Everything decided.
#[derive(Debug, Default)]
pub struct Outcome<'a> {
    pub placements: Vec<Placement>,
    pub stops: Vec<Stopping>,
    pub evicted: Vec<u32>,
    pub in_place: Vec<u32>,
    /// Allocation and position in `evaluations`.
    pub followups: Vec<(u32, usize)>,
    /// Allocations to which the contact is gone.
    pub unknown: Vec<u32>,
    pub counts: Map<Counts>,
    pub failed: Map<Tally>,
    pub queued: Map<i64>,
    pub deployment: Option<Map<GroupDeployment>>,
    pub deployment_changes: Vec<DeploymentChange>,
    pub evaluations: Vec<Evaluation>,
    /// By group, in the job's order in the end.
    pub reports: Vec<Verdicts<'a>>,
    /// By datacenter: nodes that are candidates.
    pub available: Map<i64>,
    pub in_pool: Option<i64>,
}
