//! What follows for the registered jobs: which allocations move, end or wait.

use super::edit::Counted;
use super::{name, registered};
use crate::api;
use crate::plan::{PlacementReason, Plan, carry_out};
use crate::record::Record;
use crate::scheduler::{PlanOptions, Planned, outline};
use crate::snapshot::Snapshot;

/// What follows for one job.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct Consequence {
    #[record(rename = "JobID")]
    pub job_id: String,
    pub namespace: String,
    pub priority: i64,
    pub moves: Vec<Move>,
    /// Groups that are not placed completely any more.
    pub waiting: Vec<Waiting>,
}

/// An allocation that changes its place.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct Move {
    pub name: String,
    /// Names of nodes: empty for one that is new, or that finds no other place.
    pub from: String,
    pub to: String,
    pub reason: PlacementReason,
}

/// What finds no place.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct Waiting {
    pub group: String,
    pub count: i64,
    /// What the nearest node lacks.
    pub why: String,
}

/// Plans every registered job on the edited cluster. What a job would do anyway is none of the edits' doing.
pub(super) fn carry_out_all(
    before: &Snapshot,
    edited: &mut Snapshot,
    counts: &[Counted],
    except: Option<String>,
) -> Result<Vec<Consequence>, String> {
    let options = PlanOptions::default();
    let mut consequences = Vec::new();
    for job in registered(before) {
        let key = name(job);
        if except.as_ref() == Some(&key) {
            continue;
        }
        let wanted = with_counts(job, &key, counts);
        let plan = {
            let planned = outline(&wanted, edited, &options);
            let plan = planned.head();
            let anyway = || outline(job, before, &options).head().digest == plan.digest;
            if is_quiet(&plan, &planned) || anyway() {
                continue;
            }
            let plan = with_placements(plan, &planned);
            consequences.push(consequence(&wanted, &plan, &planned, before));
            plan
        };
        carry_out(edited, &wanted, &plan);
    }
    Ok(consequences)
}

fn with_counts(job: &api::Job, key: &str, counts: &[Counted]) -> api::Job {
    let mut job = job.clone();
    for (_, group, count) in counts.iter().filter(|(name, ..)| name == key) {
        let group = job.task_groups.iter_mut().find(|g| g.name == *group);
        group.into_iter().for_each(|group| group.count = Some(*count));
    }
    job
}

fn is_quiet(plan: &Plan, planned: &Planned<'_>) -> bool {
    planned.placements() == 0 && plan.stops.is_empty() && planned.unplaced() == 0
}

fn with_placements(mut plan: Plan, planned: &Planned<'_>) -> Plan {
    plan.placements = (0..planned.placements()).map(|n| planned.placement(n)).collect();
    plan
}

fn consequence(
    job: &api::Job,
    plan: &Plan,
    planned: &Planned<'_>,
    before: &Snapshot,
) -> Consequence {
    let mut moves: Vec<Move> = Vec::new();
    let cluster = before.cluster();
    let stood = |id: &str| {
        let alloc = cluster.find(id)?;
        Some(cluster.nodes[alloc.node? as usize].name.clone())
    };
    for placement in &plan.placements {
        moves.push(Move {
            name: placement.name.clone(),
            from: stood(&placement.previous_allocation).unwrap_or_default(),
            to: placement.node_name.clone(),
            reason: placement.reason,
        });
    }
    for stop in &plan.stops {
        let replaced = plan.placements.iter().any(|p| p.previous_allocation == stop.alloc_id);
        if !replaced {
            let from = stood(&stop.alloc_id).unwrap_or_default();
            let name = stop.name.clone();
            moves.push(Move { name, from, ..Move::default() });
        }
    }
    let queued = plan.queued.iter().filter(|(_, count)| **count > 0);
    Consequence {
        job_id: plan.job_id.clone(),
        namespace: plan.namespace.clone(),
        priority: job.priority.unwrap_or(50),
        waiting: queued
            .map(|(group, count)| Waiting {
                group: group.clone(),
                count: *count,
                why: planned.nearest_obstacle(group),
            })
            .collect(),
        moves,
    }
}
