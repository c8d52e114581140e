//! What a job says and the planner does not weigh: kept, handed on, and without effect on where the preview puts it.
//!
//! Every such block has its sentence here; what is weighed has none.

use crate::api::{Job, Service, Task, TaskGroup, Value};
use crate::semantics::Rule;
use crate::validate::{Report, inside};

const CODE: &str = "not-weighed";

pub(super) fn check(job: &Job, report: &mut Report<'_>) {
    if job.periodic.is_some() {
        report.note(
            "periodic",
            CODE,
            "the plan shows one launch: when it comes due is not weighed",
        );
    }
    if job.parameterized_job.is_some() {
        report.note(
            "parameterized",
            CODE,
            "the plan shows one dispatch: payload and meta are not weighed",
        );
    }
    if job.all_at_once == Some(true) {
        let message =
            "all_at_once is not weighed: the plan shows what can be placed, even if it is not all";
        report.note("all_at_once", CODE, message);
    }
    for group in &job.task_groups {
        let path = format!("group.{}", group.name);
        self::group(group, &path, report);
        for task in group.tasks.iter().filter(|task| !task.kind.starts_with("connect-")) {
            self::task(task, &inside(&path, &format!("task.{}", task.name)), report);
        }
    }
}

fn group(group: &TaskGroup, path: &str, report: &mut Report<'_>) {
    let mut note = |name: &str, message: &str| report.note(&inside(path, name), CODE, message);
    if is_some(group.scaling.as_ref()) {
        note("scaling", "scaling is not weighed: the plan is for the count as it is written");
    }
    if is_some(group.consul.as_ref()) {
        note(
            "consul",
            "consul is not weighed: whether a node reaches that Consul is found out there",
        );
    }
    let reconcile = group.disconnect.as_ref().and_then(|block| block.reconcile.as_deref());
    if matches!(reconcile, Some("best_score" | "longest_running")) {
        note(
            "disconnect.reconcile",
            "of reconcile only keep_original and keep_replacement are weighed: the original is kept",
        );
    }
    if group.max_run_duration.is_some() {
        note("max_run_duration", "max_run_duration is not weighed: the plan shows no end");
    }
    if group.prevent_reschedule_on_lost == Some(true) {
        note(
            "prevent_reschedule_on_lost",
            "prevent_reschedule_on_lost is not weighed: a lost node's allocations are replaced",
        );
    }
    for (name, volume) in &group.volumes {
        if volume.sticky == Some(true) {
            note(
                &format!("volume.{name}.sticky"),
                "sticky is not weighed: a replacement may get another volume",
            );
        }
    }
    services(&group.services, path, report);
}

fn services(services: &[Service], path: &str, report: &mut Report<'_>) {
    for (at, service) in services.iter().enumerate() {
        if is_some(service.connect.as_ref()) {
            let message = "of connect the sidecar's resources are weighed; Consul, Envoy and upstreams are not";
            report.note(&inside(path, &format!("service[{at}].connect")), CODE, message);
        }
    }
}

fn task(task: &Task, path: &str, report: &mut Report<'_>) {
    let asks_provider = report.has(Rule::SecretsProviders);
    let weighs_memory = report.has(Rule::SecretsMemory);
    let mut note = |name: &str, message: &str| report.note(&inside(path, name), CODE, message);
    if is_some(task.vault.as_ref()) {
        note("vault", "that a node has Vault is weighed; whether Vault gives the secrets is not");
    }
    if is_some(task.consul.as_ref()) {
        note(
            "consul",
            "consul is not weighed: whether a node reaches that Consul is found out there",
        );
    }
    if is_some(task.csi_plugin_config.as_ref()) {
        note(
            "csi_plugin",
            "csi_plugin is not weighed: the volumes it will serve are not known before it runs",
        );
    }
    if is_some(task.schedule.as_ref()) {
        note("schedule", "schedule is not weighed: the plan is as if the task ran all the time");
    }
    let message = if asks_provider {
        "that a node has the provider is weighed; whether it gives the secret is not"
    } else {
        "secret is not weighed: Nomad knows it since 1.11"
    };
    for secret in task.secrets.as_ref().and_then(Value::as_array).into_iter().flatten() {
        let name = secret.get("Name").and_then(Value::as_str).unwrap_or_default();
        note(&format!("secret.{name}"), message);
    }
    if !task.scaling_policies.is_empty() {
        note(
            "scaling",
            "scaling is not weighed: the plan is for the resources as they are written",
        );
    }
    if let Some(resources) = &task.resources {
        if is_some(resources.numa.as_ref()) {
            note(
                "resources.numa",
                "numa is not weighed: which cores fit it best is found out on the node",
            );
        }
        if resources.secrets_mb.unwrap_or(0) > 0 && !weighs_memory {
            note("resources.secrets", "secrets is not weighed: Nomad knows it since 1.8.3");
        }
    }
    services(&task.services, path, report);
}

/// True for a block that says something: defaults are empty texts.
fn is_some(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Object(entries)) => {
            entries.values().any(|value| !value.is_null() && value.as_str() != Some(""))
        }
        Some(Value::Array(items)) => !items.is_empty(),
        _ => false,
    }
}
