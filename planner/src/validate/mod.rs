//! Every rule a job must keep before it is registered, each pointing at the text it is about.
//!
//! The sentences are Nomad's where clients know them: the agent's answers quote them one by one.

mod group;
mod job;
mod network;
mod policies;
mod service;
mod targets;
mod task;
mod volume;

use crate::api;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::jobspec::SpanMap;

/// Checks a canonicalized job; `spans` says where to point.
pub fn validate(job: &api::Job, spans: &SpanMap) -> Diagnostics {
    let mut report = Report { spans, findings: Diagnostics::new() };
    job::check(job, &mut report);
    report.findings
}

/// Warns of `memory_max` where the scheduler's configuration does not allow oversubscription.
pub fn ignored_memory_max(job: &api::Job, spans: &SpanMap) -> Diagnostics {
    let mut report = Report { spans, findings: Diagnostics::new() };
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

/// Collects findings and finds their places.
struct Report<'a> {
    spans: &'a SpanMap,
    findings: Diagnostics,
}

impl Report<'_> {
    fn error(&mut self, path: &str, code: &str, message: impl Into<String>) {
        self.findings.push(Diagnostic::error(code, self.spans.nearest(path), message));
    }

    fn warning(&mut self, path: &str, code: &str, message: impl Into<String>) {
        self.findings.push(Diagnostic::warning(code, self.spans.nearest(path), message));
    }

    /// Adds the fix to the last finding.
    fn hint(&mut self, hint: impl Into<String>) {
        if let Some(last) = self.findings.last_mut() {
            last.hint = Some(hint.into());
        }
    }
}

/// A path inside a block; the job's own path is empty.
fn inside(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// A Go string list: `["a" "b"]`.
fn quoted(texts: &[&str]) -> String {
    let all: Vec<String> = texts.iter().map(|text| format!("\"{text}\"")).collect();
    format!("[{}]", all.join(" "))
}
