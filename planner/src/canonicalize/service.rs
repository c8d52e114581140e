//! Defaults of a service and its checks.

use super::SECOND;
use super::task::{fill_logs, fill_resources};
use crate::api::{CheckRestart, Job, Service, TaskGroup, Value};

/// Fills in one service, of a task or (without `task`) of its group.
pub(super) fn canonicalize(
    service: &mut Service,
    job: &Job,
    group: &TaskGroup,
    task: Option<&str>,
) {
    let job_name = job.name.as_deref().unwrap_or_default();
    if service.name.is_empty() {
        service.name = match task {
            Some(task) => format!("{job_name}-{}-{task}", group.name),
            None => format!("{job_name}-{}", group.name),
        };
    }
    service.name = replace(&service.name, job_name, &group.name, task.unwrap_or("group"));
    fill(&mut service.address_mode, "auto");
    fill(&mut service.on_update, "require_healthy");
    service.namespace = Some("default".to_owned());
    // Consul's own; a job has no say in them.
    service.id.clear();
    service.checks.iter_mut().for_each(|check| check.id.clear());
    for check in &mut service.checks {
        if check.name.is_empty() {
            check.name = format!("service: \"{}\" check", service.name);
        }
        check.success_before_passing = check.success_before_passing.max(0);
        check.failures_before_critical = check.failures_before_critical.max(0);
        fill(&mut check.on_update, &service.on_update);
        check.check_restart = merged(check.check_restart.take(), service.check_restart.as_ref());
        // What a task's service checks is that task.
        if task.is_some() {
            check.task_name.clear();
        }
    }
    service.check_restart = None;
    if let Some(Value::Object(connect)) = &mut service.connect {
        fill_connect(connect);
    }
}

fn fill(field: &mut String, value: &str) {
    if field.is_empty() {
        value.clone_into(field);
    }
}

/// A check's own words about restarts come before its service's.
fn merged(own: Option<CheckRestart>, service: Option<&CheckRestart>) -> Option<CheckRestart> {
    let mut restart = match (own, service) {
        (None, None) => return None,
        (Some(own), None) => own,
        (None, Some(service)) => service.clone(),
        (Some(own), Some(service)) => CheckRestart {
            limit: if own.limit > 0 { own.limit } else { service.limit },
            grace: own.grace.or(service.grace),
            ignore_warnings: own.ignore_warnings || service.ignore_warnings,
        },
    };
    restart.grace.get_or_insert(SECOND);
    Some(restart)
}

/// The names a service may be built from.
fn replace(text: &str, job: &str, group: &str, task: &str) -> String {
    text.replace("${JOB}", job)
        .replace("${TASKGROUP}", group)
        .replace("${TASK}", task)
        .replace("${BASE}", &format!("{job}-{group}-{task}"))
}

/// The document as a tree; by way of the text, so that there is one copy of the writing code.
fn tree(document: &impl serde::Serialize) -> serde_json::Result<Value> {
    serde_json::from_str(&serde_json::to_string(document)?)
}

fn fill_connect(connect: &mut serde_json::Map<String, Value>) {
    if let Some(Value::Object(sidecar)) = connect.get_mut("SidecarTask") {
        let mut resources = sidecar
            .get("Resources")
            .and_then(|value| serde_json::from_str(&value.to_string()).ok())
            .unwrap_or_default();
        fill_resources(&mut resources);
        let mut logs = sidecar
            .get("LogConfig")
            .and_then(|value| serde_json::from_str(&value.to_string()).ok())
            .unwrap_or_default();
        fill_logs(&mut logs);
        if let (Ok(resources), Ok(logs)) = (tree(&resources), tree(&logs)) {
            sidecar.insert("Resources".to_owned(), resources);
            sidecar.insert("LogConfig".to_owned(), logs);
        }
        sidecar.entry("KillTimeout").or_insert_with(|| (5 * SECOND).into());
        sidecar.entry("ShutdownDelay").or_insert_with(|| 0.into());
    }
    if let Some(Value::Object(gateway)) = connect.get_mut("Gateway") {
        if let Some(Value::Object(proxy)) = gateway.get_mut("Proxy") {
            proxy.entry("ConnectTimeout").or_insert_with(|| (5 * SECOND).into());
            let addresses =
                proxy.get_mut("EnvoyGatewayBindAddresses").and_then(Value::as_object_mut);
            for address in addresses.into_iter().flat_map(|addresses| addresses.values_mut()) {
                // The key says it already.
                if let Value::Object(address) = address {
                    address.remove("Name");
                }
            }
        }
        let listeners = gateway.get_mut("Ingress").and_then(|ingress| ingress.get_mut("Listeners"));
        for listener in listeners.and_then(Value::as_array_mut).into_iter().flatten() {
            if let Value::Object(listener) = listener {
                listener.entry("Protocol").or_insert_with(|| "tcp".into());
            }
        }
    }
}
