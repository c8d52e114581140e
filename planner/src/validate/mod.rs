//! Every rule a job must keep before it is registered, each pointing at the text it is about.
//!
//! The sentences are Nomad's where clients know them: the agent's answers quote them one by one.

mod group;
mod job;
mod network;
mod policies;
mod report;
mod service;
mod targets;
mod task;
mod volume;

use crate::api;
use crate::diagnostic::Diagnostics;
use crate::jobspec::SpanMap;

pub(crate) use report::{Report, inside, one_of};

/// Checks a canonicalized job; `spans` says where to point.
pub fn validate(job: &api::Job, spans: &SpanMap) -> Diagnostics {
    validate_rest(job, spans, &[])
}

/// As [`validate`], without what is in misread blocks.
pub(crate) fn validate_rest(job: &api::Job, spans: &SpanMap, misread: &[String]) -> Diagnostics {
    let mut report = Report::new(spans, misread);
    job::check(job, &mut report);
    report.findings
}

/// Warns of `memory_max` where the scheduler's configuration does not allow oversubscription.
pub fn ignored_memory_max(job: &api::Job, spans: &SpanMap) -> Diagnostics {
    let mut report = Report::new(spans, &[]);
    for group in &job.task_groups {
        for task in &group.tasks {
            let asked =
                task.resources.as_ref().and_then(|resources| resources.memory_max_mb).unwrap_or(0);
            if asked > 0 {
                let path = format!("group.{}.task.{}.resources.memory_max", group.name, task.name);
                let message = format!(
                    "Memory oversubscription is not enabled; Task \"{}.{}\" memory_max value will be ignored. Update \
                     the Scheduler Configuration to allow oversubscription.",
                    group.name, task.name
                );
                report.warning(&path, "memory-max-ignored", message);
            }
        }
    }
    report.findings
}

/// A Go string list: `["a" "b"]`.
fn quoted(texts: &[&str]) -> String {
    let all: Vec<String> = texts.iter().map(|text| format!("\"{text}\"")).collect();
    format!("[{}]", all.join(" "))
}
