//! Values that are legal and do not do what they were written for.
//!
//! Each is a rule of its own; the rules of one block stand together.

use super::is_runtime;
use crate::api::{Task, TaskGroup, Template};
use crate::semantics::Rule;
use crate::validate::{Report, inside, one_of};

/// Modes of a group's network that are not the names of CNI configurations.
const MODES: [&str; 3] = ["bridge", "host", "none"];

pub(super) fn group(group: &TaskGroup, path: &str, report: &mut Report<'_>) {
    let count = group.count.unwrap_or(1);
    let canary = group.update.as_ref().and_then(|update| update.canary).unwrap_or(0);
    if canary > count && count > 0 {
        let message = format!("{canary} canaries run beside {count}: more than the group has");
        report.warning(&inside(path, "update.canary"), "canaries", message);
        report.hint(format!("write canary = {count} or less"));
    }
    for (name, volume) in &group.volumes {
        let ignored = !report.has(Rule::HostVolumePerAlloc);
        if volume.per_alloc && volume.kind == "host" && ignored {
            let message = "all allocations get the same host volume: per_alloc is for CSI volumes";
            let place = inside(path, &format!("volume.{name}.per_alloc"));
            report.warning(&place, "per-alloc-ignored", message);
            report.hint("remove it, and name the volume that all may share");
        }
    }
    if group.networks.len() > 1 {
        let message = "Nomad uses only the first network block of a group";
        report.warning(&inside(path, "network[1]"), "two-networks", message);
        report.hint("put all ports into one network block");
    }
    for (at, network) in group.networks.iter().enumerate() {
        let place = inside(path, &format!("network[{at}]"));
        let mode = network.mode.as_str();
        if !mode.is_empty()
            && !MODES.contains(&mode)
            && !mode.starts_with("cni/")
            && !is_runtime(mode)
        {
            let message = format!("no node offers the network mode {mode}");
            report.warning(&inside(&place, "mode"), "unknown-mode", message);
            report.hint(match crate::jobspec::nearest(mode, MODES) {
                Some(near) => format!("write mode = \"{near}\""),
                None => format!("write mode = \"bridge\", \"host\", or \"cni/{mode}\" for a configuration of the nodes"),
            });
        }
    }
    let helps = |task: &Task| {
        let hook = task.lifecycle.as_ref().map_or("", |lifecycle| lifecycle.hook.as_str());
        matches!(hook, "prestart" | "poststart" | "poststop")
    };
    if !group.tasks.is_empty() && group.tasks.iter().all(helps) {
        let message = "every task of the group has a lifecycle: there is no main task for them to go before or after";
        report.warning(path, "no-main-task", message);
        report.hint("remove the lifecycle block of the task that does the work");
    }
}

pub(super) fn task(task: &Task, path: &str, report: &mut Report<'_>) {
    for (at, template) in task.templates.iter().enumerate() {
        self::template(template, &inside(path, &format!("template[{at}]")), report);
    }
    for (at, mount) in task.volume_mounts.iter().enumerate() {
        let place = inside(path, &format!("volume_mount[{at}]"));
        if mount.destination.as_deref().is_none_or(str::is_empty) {
            report.error(&place, "missing-destination", "volume_mount needs a destination");
            report.hint("write destination = \"/…\", the path in the task");
        }
    }
    if let Some(signal) = Some(task.kill_signal.as_str()).filter(|signal| !signal.is_empty())
        && !is_runtime(signal)
        && !signal.starts_with("SIG")
    {
        let message = format!("there is no signal {signal}");
        report.warning(&inside(path, "kill_signal"), "unknown-signal", message);
        let name = format!("SIG{}", signal.to_ascii_uppercase());
        report.hint(one_of(
            "kill_signal",
            &name,
            &["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGKILL", "SIGUSR1"],
        ));
    }
}

fn template(template: &Template, place: &str, report: &mut Report<'_>) {
    let given = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
    if given(&template.source_path) && given(&template.embedded_tmpl) {
        let message = "a template has data or source, not both";
        report.error(&inside(place, "source"), "template-twice", message);
        report.hint("keep one of the two");
    }
    let destination = template.dest_path.as_deref().unwrap_or_default();
    if destination.starts_with('/') {
        let message = format!(
            "{destination} is taken inside the task's directory, not on the node or in the image"
        );
        report.warning(&inside(place, "destination"), "template-absolute", message);
        let name = destination.rsplit('/').next().unwrap_or_default();
        report.hint(format!("write destination = \"local/{name}\", and mount it there if the program needs that path"));
    }
    let data = template.embedded_tmpl.as_deref().unwrap_or_default();
    for root in ["${var.", "${local."] {
        if data.contains(root) {
            let message = format!("{root}…}} is left as it is in this template");
            report.warning(&inside(place, "data"), "template-variable", message);
            report.hint("write data = <<EOF, or a string, where ${ } is filled in; files read by file() are not");
        }
    }
    let perms = template.perms.as_deref().unwrap_or_default();
    if perms.parse::<u32>().is_ok() && !(3..=4).contains(&perms.len()) {
        let message = format!("perms = \"{perms}\" is not what chmod would take");
        report.warning(&inside(place, "perms"), "template-perms", message);
        report.hint("write perms = \"644\": three octal digits, in quotes");
    }
}
