//! Defaults of a group: count, disk, and the policies it shares with its job.

use serde_json::Map;

use super::{HOUR, MINUTE, SECOND, fill_update, service, task};
use crate::api::{
    EphemeralDisk, Job, MigrateStrategy, NetworkResource, ReschedulePolicy, RestartPolicy,
    TaskGroup, UpdateStrategy, Value,
};

/// Fills in all groups of a job.
pub(super) fn canonicalize_all(job: &mut Job, update: Option<&UpdateStrategy>) {
    let mut groups = std::mem::take(&mut job.task_groups);
    for group in &mut groups {
        canonicalize(group, job, update);
    }
    job.task_groups = groups;
}

fn canonicalize(group: &mut TaskGroup, job: &Job, update: Option<&UpdateStrategy>) {
    let kind = job.kind.as_deref().unwrap_or_default();
    let least =
        group.scaling.as_ref().and_then(|scaling| scaling.get("Min")).and_then(Value::as_i64);
    let count = *group.count.get_or_insert(least.unwrap_or(1));
    if let Some(Value::Object(scaling)) = &mut group.scaling {
        scaling.entry("Min").or_insert_with(|| count.into());
        if scaling.get("Type").and_then(Value::as_str).is_none_or(str::is_empty) {
            scaling.insert("Type".to_owned(), "horizontal".into());
        }
        let group = Some(group.name.clone());
        let target = [("Namespace", &job.namespace), ("Job", &job.id), ("Group", &group)];
        fill_scaling(scaling, target);
    }
    fill_disk(group.ephemeral_disk.get_or_insert_default());
    fill_restart(group.restart_policy.get_or_insert_default(), &default_restart(kind));
    reschedule(group, job, kind);
    migrate(group, job, kind);
    group.update = merged_update(group.update.take(), update);
    group.affinities.iter_mut().for_each(|affinity| {
        affinity.weight.get_or_insert(50);
    });
    group.spreads.iter_mut().for_each(|spread| {
        spread.weight.get_or_insert(50);
    });
    let consul = group.consul.get_or_insert_with(|| Value::Object(Default::default()));
    if let Value::Object(consul) = consul {
        let of_job = job.consul_namespace.as_deref().unwrap_or_default();
        consul.entry("Namespace").or_insert_with(|| of_job.into());
    }
    group.networks.iter_mut().for_each(network);
    // Nomad leaves out volumes of a type it does not know; the parser has warned of them.
    group.volumes.retain(|_, volume| matches!(volume.kind.as_str(), "host" | "csi"));
    let mut services = std::mem::take(&mut group.services);
    for service in &mut services {
        service::canonicalize(service, job, group, None);
    }
    group.services = services;
    let mut tasks = std::mem::take(&mut group.tasks);
    for task in &mut tasks {
        task::canonicalize(task, job, group);
    }
    group.tasks = tasks;
}

/// What all scaling policies have; the rest only the server writes.
pub(super) fn fill_scaling<const N: usize>(
    scaling: &mut Map<String, Value>,
    target: [(&str, &Option<String>); N],
) {
    scaling.entry("Enabled").or_insert_with(|| true.into());
    scaling.entry("Max").or_insert_with(|| (-1).into());
    scaling.insert("Target".to_owned(), texts(target));
    for name in ["ID", "Namespace", "CreateIndex", "ModifyIndex"] {
        scaling.remove(name);
    }
}

/// An object of the texts that are there.
fn texts<const N: usize>(pairs: [(&str, &Option<String>); N]) -> Value {
    let there = pairs
        .into_iter()
        .filter_map(|(key, text)| Some((key.to_owned(), Value::from(text.as_deref()?))));
    Value::Object(there.collect())
}

fn fill_disk(disk: &mut EphemeralDisk) {
    disk.sticky.get_or_insert(false);
    disk.migrate.get_or_insert(false);
    disk.size_mb.get_or_insert(300);
}

/// Restarts on the node, by the type of the job.
fn default_restart(kind: &str) -> RestartPolicy {
    let steady = matches!(kind, "service" | "system");
    RestartPolicy {
        attempts: Some(if steady { 2 } else { 3 }),
        interval: Some(if steady { 30 * MINUTE } else { 24 * HOUR }),
        delay: Some(15 * SECOND),
        mode: Some("fail".to_owned()),
        render_templates: None,
    }
}

/// Takes from `default` what a policy leaves open.
pub(super) fn fill_restart(policy: &mut RestartPolicy, default: &RestartPolicy) {
    policy.attempts = policy.attempts.or(default.attempts);
    policy.interval = policy.interval.or(default.interval);
    policy.delay = policy.delay.or(default.delay);
    policy.mode = policy.mode.take().or_else(|| default.mode.clone());
    policy.render_templates = policy.render_templates.or(default.render_templates);
}

fn reschedule(group: &mut TaskGroup, job: &Job, kind: &str) {
    let default = match kind {
        "service" => ReschedulePolicy {
            attempts: Some(0),
            interval: Some(0),
            delay: Some(30 * SECOND),
            delay_function: Some("exponential".to_owned()),
            max_delay: Some(HOUR),
            unlimited: Some(true),
        },
        "batch" => ReschedulePolicy {
            attempts: Some(1),
            interval: Some(24 * HOUR),
            delay: Some(5 * SECOND),
            delay_function: Some("constant".to_owned()),
            max_delay: Some(0),
            unlimited: Some(false),
        },
        _ if group.reschedule_policy.is_none() && job.reschedule.is_none() => return,
        _ => ReschedulePolicy {
            attempts: Some(0),
            interval: Some(0),
            delay: Some(0),
            delay_function: Some(String::new()),
            max_delay: Some(0),
            unlimited: Some(false),
        },
    };
    let policy = group.reschedule_policy.get_or_insert_default();
    for source in [job.reschedule.as_ref(), Some(&default)].into_iter().flatten() {
        policy.attempts = policy.attempts.or(source.attempts);
        policy.interval = policy.interval.or(source.interval);
        policy.delay = policy.delay.or(source.delay);
        policy.delay_function =
            policy.delay_function.take().or_else(|| source.delay_function.clone());
        policy.max_delay = policy.max_delay.or(source.max_delay);
        policy.unlimited = policy.unlimited.or(source.unlimited);
    }
}

fn migrate(group: &mut TaskGroup, job: &Job, kind: &str) {
    if group.migrate.is_none() && job.migrate.is_none() && kind != "service" {
        return;
    }
    let default = MigrateStrategy {
        max_parallel: Some(1),
        health_check: Some("checks".to_owned()),
        min_healthy_time: Some(10 * SECOND),
        healthy_deadline: Some(5 * MINUTE),
    };
    let strategy = group.migrate.get_or_insert_default();
    for source in [job.migrate.as_ref(), Some(&default)].into_iter().flatten() {
        strategy.max_parallel = strategy.max_parallel.or(source.max_parallel);
        strategy.health_check =
            strategy.health_check.take().or_else(|| source.health_check.clone());
        strategy.min_healthy_time = strategy.min_healthy_time.or(source.min_healthy_time);
        strategy.healthy_deadline = strategy.healthy_deadline.or(source.healthy_deadline);
    }
}

/// A group's own words about updates come before its job's.
fn merged_update(
    own: Option<UpdateStrategy>,
    job: Option<&UpdateStrategy>,
) -> Option<UpdateStrategy> {
    let mut update = match (own, job) {
        (None, None) => return None,
        (None, Some(job)) => job.clone(),
        (Some(own), None) => own,
        (Some(own), Some(job)) => UpdateStrategy {
            stagger: own.stagger.or(job.stagger),
            max_parallel: own.max_parallel.or(job.max_parallel),
            health_check: own.health_check.or_else(|| job.health_check.clone()),
            min_healthy_time: own.min_healthy_time.or(job.min_healthy_time),
            healthy_deadline: own.healthy_deadline.or(job.healthy_deadline),
            progress_deadline: own.progress_deadline.or(job.progress_deadline),
            auto_revert: own.auto_revert.or(job.auto_revert),
            auto_promote: own.auto_promote.or(job.auto_promote),
            canary: own.canary.or(job.canary),
        },
    };
    fill_update(&mut update);
    Some(update)
}

/// Defaults of a network: each port is on the node's default network.
pub(super) fn network(network: &mut NetworkResource) {
    network.mbits.get_or_insert(0);
    network.device.clear();
    for port in network.reserved_ports.iter_mut().chain(&mut network.dynamic_ports) {
        if port.host_network.is_empty() {
            port.host_network = "default".to_owned();
        }
    }
}
