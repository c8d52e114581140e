//! What Nomad registers without a word and what then does not work as it was meant: options a driver refuses when the
//! task starts, names that stay empty, ports and waits that come to nothing. And what the planner does not weigh.
//!
//! A phase of its own behind `validate`: whoever answers as Nomad does leaves it out.

mod config;
mod docker;
mod habits;
mod names;
mod notes;
mod services;

use crate::api::{self, Task, TaskGroup};
use crate::diagnostic::Diagnostics;
use crate::jobspec::SpanMap;
use crate::semantics::Semantics;
use crate::validate::Report;

/// Checks a canonicalized job that has passed `validate`; `spans` says where to point.
pub fn lint(job: &api::Job, spans: &SpanMap, semantics: Semantics) -> Diagnostics {
    lint_rest(job, spans, &[], semantics)
}

/// As [`lint`], without what is in misread blocks.
pub(crate) fn lint_rest(
    job: &api::Job,
    spans: &SpanMap,
    misread: &[String],
    semantics: Semantics,
) -> Diagnostics {
    let mut report = Report::new(spans, misread, semantics);
    names::targets(&job.constraints, &job.affinities, &job.spreads, "", &mut report);
    for group in &job.task_groups {
        let path = format!("group.{}", group.name);
        habits::group(group, &path, &mut report);
        services::check(&group.services, group, None, &path, &mut report);
        names::targets(&group.constraints, &group.affinities, &group.spreads, &path, &mut report);
        for task in &group.tasks {
            // Written by `canonicalize`, not by a user.
            if task.kind.starts_with("connect-") {
                continue;
            }
            let path = format!("{path}.task.{}", task.name);
            config::check(task, group, &path, &mut report);
            habits::task(task, &path, &mut report);
            services::check(&task.services, group, Some(task), &path, &mut report);
            names::targets(&task.constraints, &task.affinities, &[], &path, &mut report);
            names::texts(task, group, &path, &mut report);
        }
    }
    notes::check(job, &mut report);
    report.findings
}

/// The labels of all ports that a task may name; for the group itself, those of all its tasks.
fn ports<'a>(group: &'a TaskGroup, task: Option<&'a Task>) -> Vec<&'a str> {
    let whose = |other: &&Task| task.is_none_or(|task| task.name == other.name);
    let tasks = group.tasks.iter().filter(whose).filter_map(|task| task.resources.as_ref());
    let networks = group.networks.iter().chain(tasks.flat_map(|resources| &resources.networks));
    let ports =
        networks.flat_map(|network| network.reserved_ports.iter().chain(&network.dynamic_ports));
    ports.map(|port| port.label.as_str()).collect()
}

/// True for a text that only the node completes.
fn is_runtime(text: &str) -> bool {
    text.contains("${")
}
