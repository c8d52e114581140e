//! Rules of the job as a whole.

use super::{Report, group, one_of, policies, targets};
use crate::api::{Job, Periodic};

const TYPES: [&str; 4] = ["service", "batch", "system", "sysbatch"];

pub(super) fn check(job: &Job, report: &mut Report) {
    let kind = job.kind.as_deref().unwrap_or_default();
    if kind == "_core" {
        report.error("type", "invalid-type", "job type cannot be core");
        report.hint("write type = \"service\"");
        return;
    }
    identity(job, kind, report);
    if job.multiregion.as_ref().is_some_and(|multiregion| !multiregion.is_null()) {
        report.error("multiregion", "unsupported", "Multiregion jobs are unlicensed.");
        report.hint("remove the block, and register the job in each region");
    }
    for (at, constraint) in job.constraints.iter().enumerate() {
        targets::constraint(constraint, at, "", report);
    }
    targets::preferences(kind, &job.affinities, &job.spreads, "", report);
    groups(job, kind, report);
    if let Some(periodic) = job.periodic.as_ref().filter(|periodic| periodic.enabled != Some(false))
    {
        check_periodic(periodic, kind, report);
    }
    if job.parameterized_job.is_some() {
        check_parameterized(job, kind, report);
    }
    let promotes: Vec<bool> = job
        .task_groups
        .iter()
        .filter_map(|group| group.update.as_ref())
        .map(|update| update.auto_promote.unwrap_or(false))
        .collect();
    if promotes.contains(&true) && promotes.contains(&false) {
        report.warning(
            "update",
            "auto-promote",
            "auto_promote must be true for all groups to enable automatic promotion",
        );
        report.hint("write auto_promote = true in the update block of every group");
    }
}

fn identity(job: &Job, kind: &str, report: &mut Report) {
    let empty = |text: &Option<String>| text.as_deref().is_none_or(str::is_empty);
    if empty(&job.region) {
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
    if !TYPES.contains(&kind) {
        report.error("type", "invalid-type", format!("Invalid job type: \"{kind}\""));
        report.hint(match kind.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => format!("quote it: type = \"{name}\""),
            None => one_of("type", kind, &TYPES),
        });
    }
    if !(1..=100).contains(&job.priority.unwrap_or(50)) {
        report.error("priority", "invalid-priority", "Job priority must be between [1, 100]");
        report.hint("write priority = 50, or any number from 1 to 100");
    }
    if job.datacenters.is_empty() {
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

fn check_periodic(periodic: &Periodic, kind: &str, report: &mut Report) {
    if !matches!(kind, "batch" | "sysbatch") {
        report.error(
            "periodic",
            "invalid-periodic",
            "Periodic can only be used with \"batch\" scheduler",
        );
        report.hint("write type = \"batch\"");
    }
    let spec = periodic.spec.as_deref().unwrap_or_default();
    let specs = periodic.specs.as_deref().unwrap_or_default();
    if spec.is_empty() && specs.is_empty() {
        report.error("periodic", "missing-cron", "Must specify a spec");
        report.hint("write cron = \"0 2 * * *\" for two o'clock every night");
    }
    for spec in specs.iter().map(String::as_str).chain([spec]).filter(|spec| !spec.is_empty()) {
        if let Err(reason) = cron(spec) {
            report.error(
                "periodic.cron",
                "invalid-cron",
                format!("Invalid cron spec \"{spec}\": {reason}"),
            );
            report.hint(
                "write minute, hour, day, month and weekday: \"*/5 * * * *\" is every five minutes",
            );
        }
    }
}

/// The outer form of a cron expression; whether it ever comes due is for whoever launches it.
fn cron(spec: &str) -> Result<(), String> {
    if spec.starts_with('@') {
        let known = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@hourly"];
        return if known.contains(&spec) { Ok(()) } else { Err(format!("unknown name {spec}")) };
    }
    let fields: Vec<&str> = spec.split_whitespace().collect();
    if !(5..=7).contains(&fields.len()) {
        return Err(format!("it has {} fields instead of five to seven", fields.len()));
    }
    let legal = |c: char| c.is_ascii_alphanumeric() || "*/,-#?".contains(c);
    match fields.iter().find(|field| !field.chars().all(legal)) {
        Some(field) => Err(format!("syntax error in field '{field}'")),
        None => Ok(()),
    }
}

fn check_parameterized(job: &Job, kind: &str, report: &mut Report) {
    if !matches!(kind, "batch" | "sysbatch") {
        report.error(
            "parameterized",
            "invalid-parameterized",
            "Parameterized job can only be used with \"batch\" scheduler",
        );
        report.hint("write type = \"batch\"");
    }
    let Some(parameterized) = &job.parameterized_job else { return };
    if !matches!(parameterized.payload.as_str(), "optional" | "required" | "forbidden") {
        let message = format!("Unknown payload requirement: \"{}\"", parameterized.payload);
        report.error("parameterized.payload", "invalid-payload", message);
        let words = ["optional", "required", "forbidden"];
        report.hint(one_of("payload", &parameterized.payload, &words));
    }
    let both: Vec<&str> = parameterized
        .meta_required
        .iter()
        .filter(|key| parameterized.meta_optional.contains(key))
        .map(String::as_str)
        .collect();
    if !both.is_empty() {
        let message = format!(
            "Required and optional meta keys should be disjoint. Following keys exist in both: [{}]",
            both.join(" ")
        );
        report.error("parameterized.meta_optional", "duplicate-meta", message);
        report.hint("keep each key in one of the two lists");
    }
}
