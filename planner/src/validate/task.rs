//! Rules of a task: its name and driver, resources, logs, templates, artifacts.

use super::{Report, inside, one_of, service, targets};
use crate::api::{RequestedDevice, Resources, Task, TaskGroup, Template, Value};

/// The fix for a path that leads out.
const INSIDE: &str =
    "write a path inside the task's directory, such as \"local/…\" or \"secrets/…\"";

pub(super) fn check(task: &Task, group: &TaskGroup, kind: &str, path: &str, report: &mut Report) {
    let at = |name: &str| inside(path, name);
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
    service::task(task, group, path, report);
    for (position, artifact) in task.artifacts.iter().enumerate() {
        let place = at(&format!("artifact[{position}]"));
        if artifact.getter_source.as_deref().is_none_or(str::is_empty) {
            report.error(&place, "invalid-artifact", "source must be specified");
            report.hint("write source = \"https://…\"");
        }
        if escapes(artifact.relative_dest.as_deref().unwrap_or_default()) {
            report.error(
                &inside(&place, "destination"),
                "path-escapes",
                "destination escapes allocation directory",
            );
            report.hint(INSIDE);
        }
        let mode = artifact.getter_mode.as_deref().unwrap_or("any");
        if !matches!(mode, "any" | "file" | "dir") {
            let message =
                format!("invalid artifact mode \"{mode}\"; must be one of: any, file, dir");
            report.error(&inside(&place, "mode"), "invalid-artifact", message);
            report.hint(one_of("mode", mode, &["any", "file", "dir"]));
        }
    }
    if let Some(vault) = task.vault.as_ref().filter(|vault| vault.is_object()) {
        check_vault(vault, &at("vault"), report);
    }
    templates(task, path, report);
    if let Some(lifecycle) = &task.lifecycle {
        match lifecycle.hook.as_str() {
            "prestart" | "poststart" | "poststop" => {}
            "" => {
                report.error(&at("lifecycle"), "invalid-lifecycle", "no lifecycle hook provided");
                report.hint("write hook = \"prestart\", \"poststart\" or \"poststop\"");
            }
            other => {
                report.error(
                    &at("lifecycle.hook"),
                    "invalid-lifecycle",
                    format!("invalid hook: {other}"),
                );
                report.hint(one_of("hook", other, &["prestart", "poststart", "poststop"]));
            }
        }
    }
    if let Some(payload) = &task.dispatch_payload
        && escapes(&payload.file)
    {
        report.error(
            &at("dispatch_payload.file"),
            "path-escapes",
            "destination escapes allocation directory",
        );
        report.hint(INSIDE);
    }
    warnings(task, path, report);
}

fn warnings(task: &Task, path: &str, report: &mut Report) {
    let name = &task.name;
    let resources = task.resources.as_ref();
    if resources.and_then(|resources| resources.iops).unwrap_or(0) > 0 {
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
    if most != 0 && most < memory {
        let message =
            format!("MemoryMaxMB value ({most}) should be larger than MemoryMB value ({memory})");
        report.error(&inside(path, "memory_max"), code, message);
        report
            .hint(format!("write memory_max = {} or more, or remove it", memory.saturating_mul(2)));
    }
    if resources.disk_mb.unwrap_or(0) > 0 {
        let message =
            "Task can't ask for disk resources, they have to be specified at the task group level.";
        report.error(&inside(path, "disk"), code, message);
        report.hint("write ephemeral_disk { size = … } in the group");
    }
    for device in &resources.devices {
        check_device(device, &inside(path, &format!("device.{}", device.name)), report);
    }
}

fn check_device(device: &RequestedDevice, path: &str, report: &mut Report) {
    const OPERATORS: [&str; 16] = [
        "=",
        "==",
        "is",
        "!=",
        "not",
        "<",
        "<=",
        ">",
        ">=",
        "regexp",
        "version",
        "semver",
        "set_contains",
        "set_contains_all",
        "set_contains_any",
        "is_set",
    ];
    let parts = device.name.split('/').count();
    if device.name.is_empty() || parts > 3 {
        let message = "device name must be given as one of the following: type, vendor/type, or vendor/type/name";
        report.error(path, "invalid-device", message);
        report.hint("write device \"nvidia/gpu\" { … }");
    }
    for (at, constraint) in device.constraints.iter().enumerate() {
        let operator = constraint.operand.as_str();
        if !OPERATORS.contains(&operator) && operator != "is_not_set" {
            let message = format!(
                "Constraint {} validation failed: using unsupported operand \"{operator}\"",
                at + 1
            );
            report.error(&inside(path, &format!("constraint[{at}]")), "invalid-device", message);
            report.hint(one_of("operator", operator, &OPERATORS));
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

fn templates(task: &Task, path: &str, report: &mut Report) {
    for (at, template) in task.templates.iter().enumerate() {
        let place = inside(path, &format!("template[{at}]"));
        check_template(template, &place, report);
        let dest = template.dest_path.as_deref().unwrap_or_default();
        let first =
            task.templates[..at].iter().position(|other| other.dest_path.as_deref() == Some(dest));
        if let Some(first) = first.filter(|_| !dest.is_empty()) {
            let message = format!("Template {} has same destination as {}", at + 1, first + 1);
            report.error(&inside(&place, "destination"), "duplicate-template", message);
            report.hint("give one of the two another destination");
        }
    }
}

fn check_template(template: &Template, place: &str, report: &mut Report) {
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    let mut fail = |name: &str, message: &str, hint: &str| {
        report.error(&inside(place, name), "invalid-template", message);
        report.hint(hint);
    };
    if text(&template.source_path).is_empty() && text(&template.embedded_tmpl).is_empty() {
        let message = "Must specify a source path or have an embedded template";
        fail("data", message, "write data = <<EOF with the template, or source = \"local/…\"");
    }
    let dest = text(&template.dest_path);
    if dest.is_empty() {
        let message = "Must specify a destination for the template";
        fail("destination", message, "write destination = \"local/…\"");
    } else if escapes(&dest) {
        fail("destination", "destination escapes allocation directory", INSIDE);
    }
    match template.change_mode.as_deref().unwrap_or_default() {
        "noop" | "restart" | "script" => {}
        "signal" => {
            if text(&template.change_signal).is_empty() {
                let message = "Must specify signal value when change mode is signal";
                fail("change_signal", message, "write change_signal = \"SIGHUP\"");
            }
            if template.envvars == Some(true) {
                let message = "cannot use signals with env var templates";
                fail("env", message, "write change_mode = \"restart\"");
            }
        }
        other => {
            let message =
                "Invalid change mode. Must be one of the following: noop, signal, restart";
            let hint = match other {
                "reload" => {
                    "write change_mode = \"signal\" and change_signal = \"SIGHUP\"".to_owned()
                }
                other => one_of("change_mode", other, &["restart", "signal", "noop", "script"]),
            };
            fail("change_mode", message, &hint);
        }
    }
    if template.splay.unwrap_or(0) < 0 {
        fail("splay", "Must specify positive splay value", "write splay = \"5s\"");
    }
    let perms = text(&template.perms);
    if !perms.is_empty() && u32::from_str_radix(&perms, 8).is_err() {
        let message = format!(
            "Failed to parse \"{perms}\" as octal: strconv.ParseUint: parsing \"{perms}\": invalid syntax"
        );
        fail("perms", &message, "write perms = \"644\": three octal digits, in quotes");
    }
}

/// True if a path, taken from the task's directory, leaves that of the allocation.
fn escapes(path: &str) -> bool {
    let mut depth = 1_i64;
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => depth -= 1,
            _ => depth += 1,
        }
        if depth < 0 {
            return true;
        }
    }
    false
}
