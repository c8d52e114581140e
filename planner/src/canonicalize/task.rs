//! Defaults of a task: resources, logs, files, restarts.

use super::group::{fill_restart, fill_scaling, network};
use super::{SECOND, service};
use crate::api::{Artifact, Job, LogConfig, Resources, Task, TaskGroup, Template, Value};

/// Fills in one task of a group whose own defaults are set.
pub(super) fn canonicalize(task: &mut Task, job: &Job, group: &TaskGroup) {
    fill_resources(task.resources.get_or_insert_default());
    fill_logs(task.log_config.get_or_insert_default());
    // No time at all is what Nomad takes for nothing said.
    if task.kill_timeout.unwrap_or(0) == 0 {
        task.kill_timeout = Some(5 * SECOND);
    }
    task.lifecycle = task.lifecycle.take().filter(|lifecycle| !lifecycle.hook.is_empty());
    task.affinities.iter_mut().for_each(|affinity| {
        affinity.weight.get_or_insert(50);
    });
    if let Some(default) = &group.restart_policy {
        fill_restart(task.restart_policy.get_or_insert_default(), default);
    }
    task.artifacts.iter_mut().for_each(artifact);
    task.templates.iter_mut().for_each(template);
    for mount in &mut task.volume_mounts {
        mount.read_only.get_or_insert(false);
        mount.propagation_mode.get_or_insert_with(|| "private".to_owned());
    }
    if let Some(Value::Object(vault)) = &mut task.vault {
        vault.entry("Env").or_insert_with(|| true.into());
        vault.entry("Namespace").or_insert_with(|| "".into());
        vault.entry("ChangeMode").or_insert_with(|| "restart".into());
        let signal = vault.entry("ChangeSignal").or_insert_with(|| "SIGHUP".into());
        if let Value::String(signal) = signal {
            *signal = signal.to_uppercase();
        }
        let namespace = vault.get("Namespace").and_then(Value::as_str).unwrap_or_default();
        if let Some(of_job) = job.vault_namespace.as_deref().filter(|_| namespace.is_empty()) {
            vault.insert("Namespace".to_owned(), of_job.into());
        }
    }
    if let Some(Value::Object(plugin)) = &mut task.csi_plugin_config {
        plugin.entry("MountDir").or_insert_with(|| "/csi".into());
    }
    for scaling in &mut task.scaling_policies {
        let Value::Object(scaling) = scaling else { continue };
        let target = [
            ("Namespace", &job.namespace),
            ("Job", &job.id),
            ("Group", &Some(group.name.clone())),
            ("Task", &Some(task.name.clone())),
        ];
        fill_scaling(scaling, target);
    }
    let mut services = std::mem::take(&mut task.services);
    for service in &mut services {
        service::canonicalize(service, job, group, Some(&task.name));
    }
    task.services = services;
}

/// Whole cores take the place of shares.
pub(super) fn fill_resources(resources: &mut Resources) {
    resources.cpu.get_or_insert(if resources.cores.is_some() { 0 } else { 100 });
    resources.cores.get_or_insert(0);
    resources.memory_mb.get_or_insert(300);
    resources.memory_max_mb.get_or_insert(0);
    // Nomad takes no notice of it: the disk is the group's.
    resources.disk_mb = Some(0);
    resources.iops.get_or_insert(0);
    resources.networks.iter_mut().for_each(network);
    for device in &mut resources.devices {
        device.count.get_or_insert(1);
        for affinity in &mut device.affinities {
            affinity.weight.get_or_insert(50);
        }
    }
}

/// Ten files of ten megabytes, unless there shall be none.
pub(super) fn fill_logs(logs: &mut LogConfig) {
    logs.max_files.get_or_insert(10);
    logs.max_file_size_mb.get_or_insert(10);
    if logs.enabled == Some(false) {
        logs.disabled.get_or_insert(true);
    }
}

/// A single file lands under its own name, an archive in the folder itself.
fn artifact(artifact: &mut Artifact) {
    let mode = artifact.getter_mode.get_or_insert_with(|| "any".to_owned());
    let source = artifact.getter_source.get_or_insert_default();
    let default = match source.trim_end_matches('/').rsplit('/').next() {
        _ if mode != "file" => "local/".to_owned(),
        Some(name) if !matches!(name, "" | ".") => format!("local/{name}"),
        _ => "local".to_owned(),
    };
    artifact.relative_dest.get_or_insert(default);
}

fn template(template: &mut Template) {
    template.source_path.get_or_insert_default();
    template.dest_path.get_or_insert_default();
    template.embedded_tmpl.get_or_insert_default();
    let mode = template.change_mode.get_or_insert_with(|| "restart".to_owned());
    let signal = template.change_signal.get_or_insert_with(|| match mode.as_str() {
        "signal" => "SIGHUP".to_owned(),
        _ => String::new(),
    });
    *signal = signal.to_uppercase();
    template.splay.get_or_insert(5 * SECOND);
    template.perms.get_or_insert_with(|| "0644".to_owned());
    template.left_delim.get_or_insert_with(|| "{{".to_owned());
    template.right_delim.get_or_insert_with(|| "}}".to_owned());
    template.envvars.get_or_insert(false);
    template.vault_grace.get_or_insert(0);
}
