//! Rules of a group and of what its tasks share.

use super::{Report, inside, network, policies, targets, task, volume};
use crate::api::{TaskGroup, Value};
use crate::semantics::MAX_COUNT;

pub(super) fn check(group: &TaskGroup, kind: &str, path: &str, report: &mut Report) {
    let at = |name: &str| inside(path, name);
    if group.name.is_empty() {
        report.error(path, "missing-name", "Missing task group name");
        report.hint("write group \"name\" { … }");
    } else if group.name.contains('\0') {
        report.error(path, "invalid-name", "Task group name contains null character");
        report.hint("remove it");
    }
    if group.count.unwrap_or(0) < 0 {
        report.error(&at("count"), "invalid-count", "Task group count can't be negative");
        report.hint("write count = 0 to run none, or count = 1");
    }
    if group.count.unwrap_or(0) > MAX_COUNT {
        let message = format!("Task group count can't be larger than {MAX_COUNT}");
        report.error(&at("count"), "invalid-count", message);
        report.hint("write a smaller number");
    }
    if group.tasks.is_empty() {
        report.error(path, "missing-tasks", "Missing tasks for task group");
        report.hint("write task \"name\" { … } inside the group");
    }
    for (position, constraint) in group.constraints.iter().enumerate() {
        targets::constraint(constraint, position, path, report);
    }
    targets::preferences(kind, &group.affinities, &group.spreads, path, report);
    if let Some(restart) = &group.restart_policy {
        policies::restart(restart, &at("restart"), report);
    }
    match &group.reschedule_policy {
        Some(_) if kind == "system" => {
            report.error(
                &at("reschedule"),
                "system-reschedule",
                "System jobs should not have a reschedule policy",
            );
            report.hint("remove the block: a system job runs on every node it may");
        }
        Some(policy) => policies::reschedule(policy, &at("reschedule"), report),
        None => {}
    }
    let disk = group.ephemeral_disk.as_ref().and_then(|disk| disk.size_mb).unwrap_or(0);
    if group.ephemeral_disk.is_some() && disk < 10 {
        report.error(
            &at("ephemeral_disk.size"),
            "invalid-disk",
            format!("minimum DiskMB value is 10; got {disk}"),
        );
        report.hint("write size = 300: it counts megabytes");
    }
    if let Some(update) = &group.update {
        if !matches!(kind, "service" | "system") {
            let message = format!("Job type \"{kind}\" does not allow update block");
            report.error(&at("update"), "update-not-allowed", message);
            report.hint("remove the update block, or write type = \"service\"");
        }
        policies::update(update, &at("update"), report);
    }
    if let Some(migrate) = &group.migrate {
        if kind == "service" {
            policies::migrate(migrate, &at("migrate"), report);
        } else {
            let message = format!("Job type \"{kind}\" does not allow migrate block");
            report.error(&at("migrate"), "migrate-not-allowed", message);
            report.hint("remove the migrate block, or write type = \"service\"");
        }
    }
    if group.shutdown_delay.is_some_and(|delay| delay < 0) {
        report.error(
            &at("shutdown_delay"),
            "invalid-duration",
            "ShutdownDelay must be a positive value",
        );
        report.hint("remove the minus");
    }
    if let Some(after) = group.stop_after_client_disconnect {
        let place = at("stop_after_client_disconnect");
        if after > 0 && !matches!(kind, "service" | "batch") {
            let message = "stop_after_client_disconnect can only be set in batch and service jobs";
            report.error(&place, "invalid-disconnect", message);
            report.hint("remove it");
        } else if after < 0 {
            let message = "stop_after_client_disconnect must be a positive value";
            report.error(&place, "invalid-disconnect", message);
            report.hint("remove the minus");
        }
    }
    if let Some(scaling) = group.scaling.as_ref().filter(|scaling| scaling.is_object()) {
        check_scaling(scaling, group.count.unwrap_or(1), &at("scaling"), report);
    }
    volume::group(group, path, report);
    network::group(group, path, report);
    if group.networks.first().is_some_and(|network| network.mbits.unwrap_or(0) > 0) {
        let message = "mbits has been deprecated as of Nomad 0.12.0. Please remove mbits from the network block";
        report.warning(&at("network[0].mbits"), "deprecated", message);
        report.hint("remove the line: bandwidth is not counted any more");
    }
    tasks(group, kind, path, report);
}

fn tasks(group: &TaskGroup, kind: &str, path: &str, report: &mut Report) {
    let at = |name: &str| inside(path, name);
    for (number, one) in group.tasks.iter().enumerate() {
        let place = inside(path, &format!("task.{}", one.name));
        if one.name.is_empty() {
            report.error(path, "missing-name", format!("Task {} missing name", number + 1));
            report.hint("write task \"name\" { … }");
        } else if let Some(first) =
            group.tasks[..number].iter().position(|other| other.name == one.name)
        {
            let message =
                format!("Task {} redefines '{}' from task {}", number + 1, one.name, first + 1);
            report.error(&place, "duplicate-task", message);
            report.hint("give one of the two another name");
        }
        volume::mounts(one, group, &place, report);
        task::check(one, group, kind, &place, report);
    }
    let leaders = group.tasks.iter().filter(|task| task.leader).count();
    if leaders > 1 {
        let second = group.tasks.iter().filter(|task| task.leader).nth(1);
        let place = second.map_or(String::new(), |task| format!("task.{}.leader", task.name));
        report.error(&at(&place), "two-leaders", "Only one task may be marked as leader");
        report.hint("keep leader = true in the task whose end ends the others");
    }
}

fn check_scaling(scaling: &Value, count: i64, path: &str, report: &mut Report) {
    let number = |key: &str| scaling.get(key).and_then(Value::as_i64);
    let (max, min) = (number("Max").unwrap_or(-1), number("Min").unwrap_or(0));
    let mut fail = |name: &str, message: &str, hint: String| {
        let message = format!("Scaling policy invalid: {message}");
        report.error(&inside(path, name), "invalid-scaling", message);
        report.hint(hint);
    };
    let kind = scaling.get("Type").and_then(Value::as_str).unwrap_or_default();
    if !matches!(kind, "" | "horizontal") {
        let message = format!("scaling policy type \"{kind}\" is not valid");
        fail("type", &message, "remove the line: groups are scaled by their count".to_owned());
    }
    if max < 0 {
        let message = "maximum count must be specified and non-negative";
        fail("max", message, "write max = …".to_owned());
    } else if max < min {
        let message = "maximum count must not be less than minimum count";
        fail("max", message, format!("write max = {min} or more"));
    }
    if min < 0 {
        let message = "minimum count must be specified and non-negative";
        fail("min", message, "write min = 0".to_owned());
    }
    if max < count {
        let message = "task group count must not be greater than maximum count in scaling policy";
        let hint = format!("write count = {max} in the group, or max = {count} here");
        fail("max", message, hint);
    }
    if count < min {
        let message = "task group count must not be less than minimum count in scaling policy";
        let hint = format!("write count = {min} in the group, or min = {count} here");
        fail("min", message, hint);
    }
}

#[cfg(test)]
mod tests {
    use super::MAX_COUNT;
    use crate::api::{Job, TaskGroup};
    use crate::jobspec::SpanMap;
    use crate::semantics::Semantics;

    #[test]
    fn a_count_has_a_limit() {
        let refused = |count: i64| {
            let group = TaskGroup { count: Some(count), ..TaskGroup::default() };
            let job = Job { task_groups: vec![group], ..Job::default() };
            let findings =
                crate::validate::validate(&job, &SpanMap::default(), Semantics::default());
            findings.iter().any(|finding| finding.code == "invalid-count")
        };
        assert!(!refused(MAX_COUNT));
        assert!(refused(MAX_COUNT + 1));
        assert!(refused(i64::MAX));
    }
}
