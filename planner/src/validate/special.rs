//! The rules of what few jobs have: services, files, launches, plugins, Connect. A program that comes in parts has them in
//! a later one.

use super::{Report, connect, files, inside, one_of, periodic, service};
use crate::api::{Job, Task, TaskGroup, Value};

pub(super) fn check(job: &Job, report: &mut Report) {
    connect::check(job, report);
    periodic::check(job, job.kind.as_deref().unwrap_or_default(), report);
    for group in &job.task_groups {
        let path = format!("group.{}", group.name);
        service::group(group, &path, report);
        for task in &group.tasks {
            let path = inside(&path, &format!("task.{}", task.name));
            service::task(task, group, &path, report);
            files::check(task, &path, report);
            proxy(task, group, &path, report);
            if let Some(plugin) =
                task.csi_plugin_config.as_ref().filter(|plugin| plugin.is_object())
            {
                csi_plugin(plugin, &inside(&path, "csi_plugin"), report);
            }
        }
    }
}

/// A task that says it is the proxy of a Connect service.
fn proxy(task: &Task, group: &TaskGroup, path: &str, report: &mut Report) {
    let Some(name) = task.kind.strip_prefix("connect-proxy:") else { return };
    let mut fail = |place: &str, message: String, hint: &str| {
        report.error(&inside(path, place), "invalid-proxy", message);
        report.hint(hint);
    };
    if !task.services.is_empty() {
        let message = "Connect proxy task must not have a service stanza".to_owned();
        fail("service[0]", message, "move the service to the group");
    }
    if task.leader {
        let message = "Connect proxy task must not have leader set".to_owned();
        fail("leader", message, "remove the line");
    }
    let connected = group.services.iter().filter(|service| {
        let sidecar = service.connect.as_ref().and_then(|connect| connect.get("SidecarService"));
        sidecar.is_some_and(|sidecar| !sidecar.is_null())
    });
    let names: Vec<&str> = connected.map(|service| service.name.as_str()).collect();
    if names.contains(&name) {
        return;
    }
    let message = match names.as_slice() {
        [] => format!("No Connect services in task group with Connect proxy (\"{name}\")"),
        names => format!(
            "Connect proxy service name (\"{name}\") not found in Connect services from task group: [{}]",
            names.join(" ")
        ),
    };
    fail("kind", message, "remove kind: Nomad sets it for the proxies it adds");
}

fn csi_plugin(plugin: &Value, path: &str, report: &mut Report) {
    let text = |name: &str| plugin.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("ID").is_empty() {
        let message = "CSIPluginConfig must have a non-empty PluginID";
        report.error(&inside(path, "id"), "invalid-plugin", message);
        report.hint("write id = \"…\", the name under which volumes ask for it");
    }
    let kind = text("Type");
    if !matches!(kind, "node" | "controller" | "monolith") {
        let message = format!(
            "CSIPluginConfig PluginType must be one of 'node', 'controller', or 'monolith', got: \"{kind}\""
        );
        report.error(&inside(path, "type"), "invalid-plugin", message);
        report.hint(one_of("type", kind, &["node", "controller", "monolith"]));
    }
}
