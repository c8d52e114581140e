//! Every default of a job, in one place: from the job as written to the job as Nomad registers it.
//!
//! Applying it again changes nothing. It refuses nothing: wrong jobs are `validate`'s business.

mod connect;
mod group;
mod implied;
mod service;
mod task;

use crate::api::{Job, Nanos, Periodic, UpdateStrategy};
use crate::semantics::{Rule, Semantics};

const SECOND: Nanos = 1_000_000_000;
const MINUTE: Nanos = 60 * SECOND;
const HOUR: Nanos = 60 * MINUTE;

/// Fills in the defaults of a Nomad of these semantics.
pub fn canonicalize(job: &mut Job, semantics: Semantics) {
    if job.datacenters.is_empty() && semantics.has(Rule::DatacenterGlobs) {
        job.datacenters.push("*".to_owned());
    }
    fill(&mut job.region, "global");
    fill_empty(&mut job.namespace, "default");
    fill(&mut job.kind, "service");
    job.id.get_or_insert_default();
    if job.name.is_none() {
        job.name.clone_from(&job.id);
    }
    job.priority.get_or_insert(50);
    job.all_at_once.get_or_insert(false);
    job.stop.get_or_insert(false);
    for text in [&mut job.consul_token, &mut job.vault_token, &mut job.vault_namespace] {
        text.get_or_insert_default();
    }
    job.affinities.iter_mut().for_each(|affinity| {
        affinity.weight.get_or_insert(50);
    });
    job.spreads.iter_mut().for_each(|spread| {
        spread.weight.get_or_insert(50);
    });
    if let Some(periodic) = &mut job.periodic {
        fill_periodic(periodic);
    }
    if let Some(parameterized) = &mut job.parameterized_job
        && parameterized.payload.is_empty()
    {
        parameterized.payload = "optional".to_owned();
    }
    let wanted = job_update(job, semantics);
    group::canonicalize_all(job, wanted.as_ref());
    // What a job says about updates, moves and retries has gone to its groups; of it the job keeps the pace.
    let paced = wanted.filter(|update| update.max_parallel.unwrap_or(0) > 0);
    job.update = Some(registered_update(paced.as_ref()));
    job.reschedule = None;
    job.migrate = None;
    connect::add_tasks(job);
    implied::constrain(job);
    forget(job);
}

/// What only the server writes is not taken from whoever sends a job.
fn forget(job: &mut Job) {
    job.dispatched = false;
    job.stable = Some(false);
    for text in [
        &mut job.parent_id,
        &mut job.consul_namespace,
        &mut job.nomad_token_id,
        &mut job.status,
        &mut job.status_description,
    ] {
        *text = Some(String::new());
    }
    for number in
        [&mut job.version, &mut job.create_index, &mut job.modify_index, &mut job.job_modify_index]
    {
        *number = Some(0);
    }
    job.submit_time = Some(0);
}

fn fill(field: &mut Option<String>, value: &str) {
    field.get_or_insert_with(|| value.to_owned());
}

fn fill_empty(field: &mut Option<String>, value: &str) {
    if field.as_deref().is_none_or(str::is_empty) {
        *field = Some(value.to_owned());
    }
}

fn fill_periodic(periodic: &mut Periodic) {
    periodic.enabled.get_or_insert(true);
    periodic.spec.get_or_insert_default();
    fill_empty(&mut periodic.spec_type, "cron");
    periodic.prohibit_overlap.get_or_insert(false);
    fill_empty(&mut periodic.time_zone, "UTC");
}

/// The update strategy the job's groups inherit.
fn job_update(job: &Job, semantics: Semantics) -> Option<UpdateStrategy> {
    let kind = job.kind.as_deref().unwrap_or_default();
    let deploys = kind == "service" || kind == "system" && semantics.has(Rule::SystemDeployments);
    match &job.update {
        Some(update) => {
            let mut update = update.clone();
            fill_update(&mut update);
            // A registered job that never had one carries zeros, which no group inherits.
            (!is_zero(&update)).then_some(update)
        }
        None if deploys => {
            let mut update = UpdateStrategy::default();
            fill_update(&mut update);
            Some(update)
        }
        None => None,
    }
}

fn is_zero(update: &UpdateStrategy) -> bool {
    *update == registered_update(None)
}

/// The defaults of an update strategy.
fn fill_update(update: &mut UpdateStrategy) {
    update.stagger.get_or_insert(30 * SECOND);
    update.max_parallel.get_or_insert(1);
    update.health_check.get_or_insert_with(|| "checks".to_owned());
    update.min_healthy_time.get_or_insert(10 * SECOND);
    update.healthy_deadline.get_or_insert(5 * MINUTE);
    update.progress_deadline.get_or_insert(10 * MINUTE);
    update.auto_revert.get_or_insert(false);
    update.auto_promote.get_or_insert(false);
    update.canary.get_or_insert(0);
}

/// A registered job keeps only the stagger and the parallelism of its own block.
fn registered_update(wanted: Option<&UpdateStrategy>) -> UpdateStrategy {
    UpdateStrategy {
        stagger: Some(wanted.and_then(|update| update.stagger).unwrap_or(0)),
        max_parallel: Some(wanted.and_then(|update| update.max_parallel).unwrap_or(0)),
        health_check: Some(String::new()),
        min_healthy_time: Some(0),
        healthy_deadline: Some(0),
        progress_deadline: Some(0),
        auto_revert: Some(false),
        auto_promote: Some(false),
        canary: Some(0),
    }
}
