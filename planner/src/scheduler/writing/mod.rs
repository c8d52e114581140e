//! Writes a scheduler's outcome as a plan: numbers become IDs, grants become Nomad's documents.

mod checks;
mod explain;
mod explain_ports;
mod planned;
mod resources;

pub(super) use explain::{report_group, verdict};
pub use planned::Planned;

use self::resources::{allocated, planned_ports, planned_volumes};
use crate::Map;
use crate::api;
use crate::model::{JobKind, Reschedule};
use crate::order::sort_by_text;
use crate::plan::*;
use crate::scheduler::Situation;
use crate::scheduler::draft::{Draft, Placed};
use crate::scheduler::outcome::{Evaluation, Outcome, Placement as Made};
use crate::scheduler::rank::Score;
use crate::scheduler::reconcile::{Cause, next_delay};
use crate::scheduler::tally::Tally;
use crate::semantics::Rule;
use crate::snapshot::Snapshot;

/// Events kept of an allocation that is rescheduled without limit.
const RESCHEDULES_KEPT: usize = 5;

fn evaluation(situation: &Situation<'_>, e: &Evaluation) -> PlannedEvaluation {
    let node = e.node.map(|n| situation.cluster.nodes[n as usize].id.clone());
    PlannedEvaluation {
        triggered_by: e.triggered_by.to_owned(),
        status: e.status.to_owned(),
        status_description: e.description.to_owned(),
        wait_until: e.wait_until,
        wait: e.wait,
        node_id: node.unwrap_or_default(),
    }
}

fn kind(kind: JobKind) -> &'static str {
    match kind {
        JobKind::Service => "service",
        JobKind::Batch => "batch",
        JobKind::System => "system",
        JobKind::SysBatch => "sysbatch",
    }
}

fn placement(
    situation: &Situation<'_>,
    draft: &Draft<'_>,
    outcome: &Outcome<'_>,
    made: &Made,
    placed: &Placed,
) -> Placement {
    Placement {
        score: made.score.mean(),
        scores: scores(&made.score),
        reschedule_tracker: tracker(situation, made),
        metrics: metric(situation, outcome, &made.tally),
        ..essence(situation, draft, made, placed)
    }
}

/// A placement without what only explains it.
fn essence(
    situation: &Situation<'_>,
    draft: &Draft<'_>,
    made: &Made,
    placed: &Placed,
) -> Placement {
    let cluster = situation.cluster;
    let node = &cluster.nodes[placed.node as usize];
    let job = situation.versions.get(&placed.version).unwrap_or(&situation.job);
    let group = job.group(&placed.group);
    let previous = made.previous.map(|n| &cluster.allocs[n as usize]);
    Placement {
        name: placed.name.clone(),
        group: placed.group.clone(),
        index: placed.index,
        reason: match made.cause {
            Cause::Missing => PlacementReason::Missing,
            Cause::Destructive => PlacementReason::DestructiveUpdate,
            Cause::Migrate => PlacementReason::Migrate,
            Cause::Reschedule => PlacementReason::Reschedule,
            Cause::Lost => PlacementReason::Lost,
            Cause::Canary => PlacementReason::Canary,
        },
        node_id: node.id.clone(),
        node_name: node.name.clone(),
        datacenter: node.datacenter.clone(),
        job_version: placed.version,
        canary: made.canary,
        previous_allocation: previous.map(|p| p.id.clone()).unwrap_or_default(),
        resources: group.map(|g| allocated(situation, draft, g, placed)).unwrap_or_default(),
        ports: group.map(|g| planned_ports(draft, g, placed)).unwrap_or_default(),
        volumes: group.map(|g| planned_volumes(node, g, placed.index)).unwrap_or_default(),
        preempted: made.preempted.iter().map(|n| cluster.allocs[*n as usize].id.clone()).collect(),
        ..Placement::default()
    }
}

fn scores(score: &Score) -> Map<f64> {
    score.parts().into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Earlier reschedules that still count, and this one.
fn tracker(situation: &Situation<'_>, made: &Made) -> Option<api::RescheduleTracker> {
    if made.cause != Cause::Reschedule {
        return None;
    }
    let alloc = &situation.cluster.allocs[made.previous? as usize];
    let job = situation.versions.get(&alloc.common.version).unwrap_or(&situation.job);
    let policy = job.group(&alloc.common.group)?.reschedule.clone().unwrap_or_default();
    let now = situation.cluster.now;
    let kept: Vec<&Reschedule> = if policy.attempts > 0 {
        let recent = |e: &&Reschedule| policy.interval > 0 && now - e.time <= policy.interval;
        alloc.reschedules().iter().filter(recent).collect()
    } else {
        let skip = alloc.reschedules().len().saturating_sub(RESCHEDULES_KEPT);
        alloc.reschedules().iter().skip(skip).collect()
    };
    let mut events: Vec<api::RescheduleEvent> = kept
        .into_iter()
        .map(|e| api::RescheduleEvent {
            reschedule_time: e.time,
            prev_alloc_id: e.previous_alloc.clone(),
            prev_node_id: e.previous_node.clone(),
            delay: e.delay,
        })
        .collect();
    events.push(api::RescheduleEvent {
        reschedule_time: now,
        prev_alloc_id: alloc.id.clone(),
        prev_node_id: alloc.node_id.to_string(),
        delay: next_delay(alloc, &policy),
    });
    Some(api::RescheduleTracker { events })
}

fn stops(situation: &Situation<'_>, outcome: &Outcome<'_>) -> Vec<Stop> {
    let cluster = situation.cluster;
    let stop = |number: u32| {
        let alloc = &cluster.allocs[number as usize];
        Stop {
            alloc_id: alloc.id.clone(),
            name: alloc.name.clone(),
            group: alloc.common.group.clone(),
            node_id: alloc.node_id.to_string(),
            node_name: alloc
                .node
                .map(|n| cluster.nodes[n as usize].name.clone())
                .unwrap_or_default(),
            ..Stop::default()
        }
    };
    let mut stops: Vec<Stop> = outcome
        .stops
        .iter()
        .map(|s| Stop {
            description: s.description.to_owned(),
            client_status: if s.lost { "lost".to_owned() } else { String::new() },
            followup_eval: s.followup,
            ..stop(s.alloc)
        })
        .collect();
    stops.extend(outcome.evicted.iter().map(|n| Stop {
        description: "Preempted to place a more important allocation".to_owned(),
        evict: true,
        ..stop(*n)
    }));
    sort_by_text(&mut stops, |s| &s.alloc_id);
    stops
}

/// Updated allocations keep their ports and devices, and take the new amounts.
fn in_place(situation: &Situation<'_>, outcome: &Outcome<'_>) -> Vec<InPlaceUpdate> {
    let cluster = situation.cluster;
    let mut updates: Vec<InPlaceUpdate> = outcome
        .in_place
        .iter()
        .map(|number| {
            let alloc = &cluster.allocs[*number as usize];
            let mut resources = cluster.resources(alloc).unwrap_or_default();
            if let Some(group) = situation.job.group(&alloc.common.group) {
                resources::refresh(&mut resources, group);
            }
            InPlaceUpdate {
                alloc_id: alloc.id.clone(),
                name: alloc.name.clone(),
                group: alloc.common.group.clone(),
                node_id: alloc.node_id.to_string(),
                node_name: alloc
                    .node
                    .map(|n| cluster.nodes[n as usize].name.clone())
                    .unwrap_or_default(),
                resources,
            }
        })
        .collect();
    sort_by_text(&mut updates, |u| &u.alloc_id);
    updates
}

fn desired(counts: &crate::scheduler::reconcile::Counts) -> api::DesiredUpdates {
    let any = |count: u64| (count > 0).then_some(count);
    api::DesiredUpdates {
        ignore: counts.ignore,
        place: counts.place,
        migrate: counts.migrate,
        stop: counts.stop,
        in_place_update: counts.in_place,
        destructive_update: counts.destructive,
        canary: counts.canary,
        preemptions: counts.preemptions,
        disconnect: any(counts.disconnect),
        reconnect: any(counts.reconnect),
        reschedule_now: any(counts.reschedule_now),
        reschedule_later: any(counts.reschedule_later),
    }
}

/// Nomad's counts of one attempt.
fn metric(situation: &Situation<'_>, outcome: &Outcome<'_>, tally: &Tally) -> api::AllocMetric {
    let pools = situation.cluster.semantics.has(Rule::NodePools);
    api::AllocMetric {
        nodes_evaluated: tally.evaluated,
        nodes_filtered: tally.filtered,
        nodes_in_pool: outcome.in_pool.or_else(|| {
            pools.then(|| i64::try_from(situation.candidates.len()).unwrap_or(i64::MAX))
        }),
        node_pool: pools.then(|| situation.job.pool.clone()),
        nodes_available: outcome.available.clone(),
        class_filtered: tally.class_filtered.clone(),
        constraint_filtered: tally.constraint_filtered.clone(),
        nodes_exhausted: tally.exhausted,
        class_exhausted: tally.class_exhausted.clone(),
        dimension_exhausted: tally.dimension_exhausted.clone(),
        score_meta_data: tally
            .scores
            .iter()
            .map(|(number, score)| api::NodeScoreMeta {
                node_id: situation.cluster.nodes[*number as usize].id.clone(),
                scores: scores(score),
                norm_score: score.mean(),
            })
            .collect(),
        coalesced_failures: tally.coalesced,
        ..api::AllocMetric::default()
    }
}

/// The same for a failed group, with what its tasks lacked.
fn failed_metric(
    situation: &Situation<'_>,
    outcome: &Outcome<'_>,
    name: &str,
    tally: &Tally,
) -> api::AllocMetric {
    let mut metric = metric(situation, outcome, tally);
    let Some(group) = situation.job.group(name) else { return metric };
    if metric.dimension_exhausted.is_empty() {
        return metric;
    }
    let times = tally.coalesced + 1;
    let lacks = |key: &str| metric.dimension_exhausted.get(key).is_some_and(|n| *n > 0);
    let (cpu, memory) = (lacks("cpu"), lacks("memory"));
    for task in &group.tasks {
        let lacking = api::Resources {
            cpu: Some(if cpu { task.cpu * times } else { 0 }),
            cores: Some(0),
            memory_mb: Some(if memory { (task.memory - task.secrets) * times } else { 0 }),
            memory_max_mb: Some(0),
            disk_mb: Some(0),
            iops: Some(0),
            ..api::Resources::default()
        };
        metric.resources_exhausted.insert(task.name.clone(), lacking);
    }
    metric
}

fn deployments(plan: &mut Plan, outcome: &Outcome<'_>) {
    plan.deployment = outcome.deployment.as_ref().map(|groups| {
        let canaries = || groups.values().filter(|g| g.desired_canaries > 0 && !g.promoted);
        let description = if canaries().next().is_none() {
            "Deployment is running"
        } else if canaries().all(|g| g.auto_promote) {
            "Deployment is running pending automatic promotion"
        } else {
            "Deployment is running but requires manual promotion"
        };
        let state = |g: &crate::model::GroupDeployment| api::DeploymentState {
            auto_revert: g.auto_revert,
            auto_promote: g.auto_promote,
            promoted: g.promoted,
            desired_canaries: g.desired_canaries,
            desired_total: g.desired_total,
            progress_deadline: g.progress_deadline,
            ..api::DeploymentState::default()
        };
        PlannedDeployment {
            status: "running".to_owned(),
            status_description: description.to_owned(),
            groups: groups.iter().map(|(name, g)| (name.clone(), state(g))).collect(),
        }
    });
    plan.deployment_updates = outcome
        .deployment_changes
        .iter()
        .map(|c| DeploymentUpdate {
            deployment_id: c.id.clone(),
            status: c.status.to_owned(),
            status_description: c.description.to_owned(),
        })
        .collect();
}
