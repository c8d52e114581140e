//! Rules of the job as a whole.

use super::{Report, group, one_of, policies, targets};
use crate::api::{Job, TaskGroup, Value};
use crate::semantics::Rule;

const TYPES: [&str; 4] = ["service", "batch", "system", "sysbatch"];

pub(super) fn check(job: &Job, report: &mut Report) {
    let kind = job.kind.as_deref().unwrap_or_default();
    if job.payload.as_deref().is_some_and(|payload| !payload.is_empty()) {
        let message = "job can't be submitted with a payload, only dispatched";
        report.error("", "invalid-payload", message);
        report.hint("remove Payload, and hand it over when the job is dispatched");
    }
    if kind == "_core" {
        report.error("type", "invalid-type", "job type cannot be core");
        report.hint("write type = \"service\"");
    }
    let regions = job.multiregion.as_ref().and_then(|multiregion| multiregion.get("Regions"));
    let many = regions.and_then(Value::as_array).is_some_and(|regions| !regions.is_empty());
    identity(job, kind, many, report);
    if many {
        report.error("multiregion", "unsupported", "Multiregion jobs are unlicensed.");
        report.hint("remove the block, and register the job in each region");
    }
    for (at, constraint) in job.constraints.iter().enumerate() {
        targets::constraint(constraint, at, "", report);
    }
    targets::preferences(kind, &job.affinities, &job.spreads, "", report);
    groups(job, kind, report);
    let promote = |group: &&TaskGroup| {
        group.update.as_ref().is_some_and(|update| update.auto_promote == Some(true))
    };
    let promoting = job.task_groups.iter().filter(promote).count();
    if (1..job.task_groups.len()).contains(&promoting) {
        report.warning(
            "update",
            "auto-promote",
            "auto_promote must be true for all groups to enable automatic promotion",
        );
        report.hint("write auto_promote = true in the update block of every group");
    }
}

fn identity(job: &Job, kind: &str, many_regions: bool, report: &mut Report) {
    let empty = |text: &Option<String>| text.as_deref().is_none_or(str::is_empty);
    if empty(&job.region) && job.multiregion.is_none() {
        report.error("region", "missing-region", "Missing job region");
        report.hint("write region = \"global\"");
    }
    let id = job.id.as_deref().unwrap_or_default();
    if id.is_empty() {
        report.error("id", "missing-id", "Missing job ID");
        report.hint("write job \"name\" { … }");
    } else if id.contains(' ') {
        report.error("id", "invalid-id", "Job ID contains a space");
        report.hint(format!("write job \"{}\"", id.replace(' ', "-")));
    } else if id.contains('\0') {
        report.error("id", "invalid-id", "Job ID contains a null character");
        report.hint("remove it");
    }
    match job.name.as_deref() {
        None | Some("") => {
            report.error("name", "missing-name", "Missing job name");
            report.hint("write job \"name\" { … }");
        }
        Some(name) if name.contains('\0') => {
            report.error("name", "invalid-name", "Job Name contains a null character");
            report.hint("remove it");
        }
        Some(_) => {}
    }
    if empty(&job.namespace) {
        report.error("namespace", "missing-namespace", "Job must be in a namespace");
        report.hint("write namespace = \"default\"");
    }
    let known = match kind {
        "sysbatch" => report.has(Rule::SystemBatch),
        kind => TYPES.contains(&kind) || kind == "_core",
    };
    if !known {
        let message = match kind {
            "" => "Missing job type".to_owned(),
            kind => format!("Invalid job type: \"{kind}\""),
        };
        report.error("type", "invalid-type", message);
        report.hint(match kind.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => format!("quote it: type = \"{name}\""),
            None => one_of("type", kind, &TYPES),
        });
    }
    if !(1..=100).contains(&job.priority.unwrap_or(50)) {
        report.error("priority", "invalid-priority", "Job priority must be between [1, 100]");
        report.hint("write priority = 50, or any number from 1 to 100");
    }
    if job.datacenters.is_empty() && !many_regions {
        report.error("datacenters", "missing-datacenters", "Missing job datacenters");
        report.hint("write datacenters = [\"dc1\"]");
    } else if job.datacenters.iter().any(String::is_empty) {
        report.error("datacenters", "empty-datacenter", "Job datacenter must be non-empty string");
        report.hint("write datacenters = [\"dc1\"]");
    }
}

fn groups(job: &Job, kind: &str, report: &mut Report) {
    if job.task_groups.is_empty() {
        report.error("", "missing-groups", "Missing job task groups");
        report.hint("write group \"name\" { … } with a task inside");
    }
    for (at, group) in job.task_groups.iter().enumerate() {
        let path = format!("group.{}", group.name);
        if group.name.is_empty() {
            report.error("", "missing-name", format!("Job task group {} missing name", at + 1));
            report.hint("write group \"name\" { … }");
        } else if let Some(first) =
            job.task_groups[..at].iter().position(|other| other.name == group.name)
        {
            let message = format!(
                "Job task group {} redefines '{}' from group {}",
                at + 1,
                group.name,
                first + 1
            );
            report.error(&path, "duplicate-group", message);
            report.hint("give one of the two another name");
        }
        if kind == "system" && group.count.unwrap_or(1) > 1 {
            let message = format!(
                "Job task group {} has count {}. Count cannot exceed 1 with system scheduler",
                group.name,
                group.count.unwrap_or(1)
            );
            report.error(&format!("{path}.count"), "invalid-count", message);
            report.hint("remove the count: a system job runs once on every node it may");
        }
        group::check(group, kind, &path, report);
        if let Some(update) = &group.update {
            policies::update_warnings(update, group.count.unwrap_or(1), &path, report);
        }
    }
}
