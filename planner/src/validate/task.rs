//! Rules of a task: its name and driver, resources, logs, and what kind of task it is.

use super::{Report, inside, one_of, targets};
use crate::api::{RequestedDevice, Resources, Task, TaskGroup, Value};
use crate::semantics::Rule;

pub(super) fn check(task: &Task, group: &TaskGroup, kind: &str, path: &str, report: &mut Report) {
    let at = |name: &str| inside(path, name);
    if task.name.is_empty() {
        report.error(path, "missing-name", "Missing task name");
        report.hint("write task \"name\" { … }");
    }
    if task.name.contains(['/', '\\']) {
        report.error(path, "invalid-name", "Task name cannot include slashes");
        report.hint(format!("write task \"{}\"", task.name.replace(['/', '\\'], "-")));
    } else if task.name.contains('\0') {
        report.error(path, "invalid-name", "Task name cannot include null characters");
        report.hint("remove it");
    }
    if task.driver.is_empty() {
        report.error(path, "missing-driver", "Missing task driver");
        report.hint("write driver = \"docker\"");
    }
    if task.kill_timeout.unwrap_or(0) < 0 {
        report.error(
            &at("kill_timeout"),
            "invalid-duration",
            "KillTimeout must be a positive value",
        );
        report.hint("remove the minus");
    }
    if task.shutdown_delay < 0 {
        report.error(
            &at("shutdown_delay"),
            "invalid-duration",
            "ShutdownDelay must be a positive value",
        );
        report.hint("remove the minus");
    }
    if let Some(resources) = &task.resources {
        check_resources(resources, &at("resources"), report);
    }
    logs(task, group, path, report);
    for (position, constraint) in task.constraints.iter().enumerate() {
        targets::constraint(constraint, position, path, report);
        if matches!(constraint.operand.as_str(), "distinct_hosts" | "distinct_property") {
            let message = format!(
                "Constraint {} has disallowed Operand at task level: {}",
                position + 1,
                constraint.operand
            );
            report.error(&at(&format!("constraint[{position}]")), "invalid-constraint", message);
            report.hint("move it to the group");
        }
    }
    targets::preferences(kind, &task.affinities, &[], path, report);
    if let Some(vault) = task.vault.as_ref().filter(|vault| vault.is_object()) {
        check_vault(vault, &at("vault"), report);
    }
    if let Some(lifecycle) = &task.lifecycle {
        match lifecycle.hook.as_str() {
            "prestart" | "poststart" | "poststop" => {}
            other => {
                report.error(
                    &at("lifecycle.hook"),
                    "invalid-lifecycle",
                    format!("Lifecycle validation failed: invalid hook: {other}"),
                );
                report.hint(one_of("hook", other, &["prestart", "poststart", "poststop"]));
            }
        }
    }
    warnings(task, path, report);
}

fn warnings(task: &Task, path: &str, report: &mut Report) {
    let name = &task.name;
    let resources = task.resources.as_ref();
    if resources.and_then(|resources| resources.iops).unwrap_or(0) != 0 {
        let message = format!(
            "Task \"{name}\": IOPS has been deprecated as of Nomad 0.9.0. Please remove IOPS from resource stanza."
        );
        report.warning(&inside(path, "resources.iops"), "deprecated", message);
        report.hint("remove the line");
    }
    if resources.is_some_and(|resources| !resources.networks.is_empty()) {
        let message = format!(
            "Task \"{name}\": task network resources have been deprecated as of Nomad 0.12.0. Please configure \
             networking via group network block."
        );
        report.warning(&inside(path, "resources.network[0]"), "deprecated", message);
        report.hint(
            "move the network block to the group, and name its ports in config: ports = [\"…\"]",
        );
    }
    for (at, _) in
        task.templates.iter().enumerate().filter(|(_, one)| one.vault_grace.unwrap_or(0) != 0)
    {
        let message = format!(
            "Template[{at}] VaultGrace has been deprecated as of Nomad 0.11 and ignored since Vault 0.5. Please \
             remove VaultGrace / vault_grace from template stanza."
        );
        report.warning(
            &inside(path, &format!("template[{at}].vault_grace")),
            "deprecated",
            message,
        );
        report.hint("remove the line");
    }
}

fn check_resources(resources: &Resources, path: &str, report: &mut Report) {
    let cpu = resources.cpu.unwrap_or(0);
    let cores = resources.cores.unwrap_or(0);
    let memory = resources.memory_mb.unwrap_or(0);
    let most = resources.memory_max_mb.unwrap_or(0);
    let code = "invalid-resources";
    if cores > 0 && cpu > 0 {
        let message = "Task can only ask for 'cpu' or 'cores' resource, not both.";
        report.error(&inside(path, "cores"), code, message);
        report.hint("remove cpu to reserve whole cores, or cores to share them");
    }
    if cores == 0 && cpu < 1 {
        report.error(&inside(path, "cpu"), code, format!("minimum CPU value is 1; got {cpu}"));
        report.hint("write cpu = 100: it counts MHz");
    }
    if memory < 10 {
        report.error(
            &inside(path, "memory"),
            code,
            format!("minimum MemoryMB value is 10; got {memory}"),
        );
        report.hint("write memory = 300: it counts megabytes");
    }
    let unlimited = most == -1 && report.has(Rule::MemoryUnlimited);
    if most != 0 && !unlimited && most < memory {
        let message =
            format!("MemoryMaxMB value ({most}) should be larger than MemoryMB value ({memory})");
        report.error(&inside(path, "memory_max"), code, message);
        report
            .hint(format!("write memory_max = {} or more, or remove it", memory.saturating_mul(2)));
    }
    let secrets = resources.secrets_mb.unwrap_or(0);
    if report.has(Rule::SecretsMemory) && !(0..=memory).contains(&secrets) {
        let message = if secrets < 0 {
            format!("SecretsMB value ({secrets}) cannot be negative")
        } else {
            format!("SecretsMB value ({secrets}) cannot be larger than MemoryMB value ({memory})")
        };
        report.error(&inside(path, "secrets"), code, message);
        report.hint(format!("write secrets = {memory} or less: it comes on top of memory"));
    }
    for device in &resources.devices {
        check_device(device, &inside(path, &format!("device.{}", device.name)), report);
    }
}

fn check_device(device: &RequestedDevice, path: &str, report: &mut Report) {
    if device.name.is_empty() {
        let message = "device name must be given as one of the following: type, vendor/type, or vendor/type/name";
        report.error(path, "invalid-device", message);
        report.hint("write device \"nvidia/gpu\" { … }");
    }
    for (at, constraint) in device.constraints.iter().enumerate() {
        let operator = constraint.operand.as_str();
        if matches!(operator, "distinct_hosts" | "distinct_property") {
            let message = format!(
                "Constraint {} validation failed: using unsupported operand \"{operator}\"",
                at + 1
            );
            report.error(&inside(path, &format!("constraint[{at}]")), "invalid-device", message);
            report.hint("move it to the group: it is about allocations, not devices");
        } else {
            targets::constraint(constraint, at, path, report);
        }
    }
    for (at, affinity) in device.affinities.iter().enumerate() {
        targets::affinity(affinity, at, path, report);
    }
}

fn logs(task: &Task, group: &TaskGroup, path: &str, report: &mut Report) {
    let Some(logs) = &task.log_config else { return };
    let files = logs.max_files.unwrap_or(0);
    let size = logs.max_file_size_mb.unwrap_or(0);
    if files < 1 {
        let message = format!("minimum number of files is 1; got {files}");
        report.error(&inside(path, "logs.max_files"), "invalid-logs", message);
        report.hint("write max_files = 10");
    }
    if size < 1 {
        let message = format!("minimum file size is 1MB; got {size}");
        report.error(&inside(path, "logs.max_file_size"), "invalid-logs", message);
        report.hint("write max_file_size = 10: it counts megabytes");
    }
    let disk = group.ephemeral_disk.as_ref().and_then(|disk| disk.size_mb).unwrap_or(0);
    let all = files.saturating_mul(size);
    if group.ephemeral_disk.is_some() && disk <= all {
        let message =
            format!("log storage ({all} MB) must be less than requested disk capacity ({disk} MB)");
        report.error(&inside(path, "logs"), "invalid-logs", message);
        report.hint("raise size in ephemeral_disk, or lower max_files in logs");
    }
}

fn check_vault(vault: &Value, path: &str, report: &mut Report) {
    let code = "invalid-vault";
    let policies =
        vault.get("Policies").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if policies.is_empty() && vault.get("Role").is_none() {
        report.error(path, code, "Policy list cannot be empty");
        report.hint("write role = \"…\", or policies = [\"…\"] for clusters before Nomad 1.7");
    }
    if policies.iter().any(|policy| policy.as_str() == Some("root")) {
        report.error(&inside(path, "policies"), code, "Can not specify \"root\" policy");
        report.hint("name the policies that the task needs");
    }
    match vault.get("ChangeMode").and_then(Value::as_str).unwrap_or_default() {
        "signal" if vault.get("ChangeSignal").and_then(Value::as_str).is_none_or(str::is_empty) => {
            let message = "Signal must be specified when using change mode \"signal\"";
            report.error(&inside(path, "change_signal"), code, message);
            report.hint("write change_signal = \"SIGHUP\"");
        }
        "noop" | "restart" | "signal" => {}
        other => {
            let message = format!("Unknown change mode \"{other}\"");
            report.error(&inside(path, "change_mode"), code, message);
            report.hint(one_of("change_mode", other, &["restart", "signal", "noop"]));
        }
    }
}
