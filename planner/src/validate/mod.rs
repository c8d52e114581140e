//! Every rule a job must keep before it is registered, each pointing at the text it is about.
//!
//! The sentences are Nomad's where clients know them: the agent's answers quote them one by one.

mod check;
mod connect;
mod files;
mod group;
mod job;
mod network;
mod periodic;
mod policies;
mod report;
mod service;
mod special;
mod targets;
mod task;
mod volume;

use crate::api;
use crate::diagnostic::Diagnostics;
use crate::jobspec::SpanMap;
use crate::semantics::Semantics;

pub(crate) use report::{Report, inside, one_of};

/// Checks a canonicalized job by the rules of a Nomad of these semantics; `spans` says where to point.
pub fn validate(job: &api::Job, spans: &SpanMap, semantics: Semantics) -> Diagnostics {
    validate_rest(job, spans, &[], semantics)
}

/// As [`validate`], without what is in misread blocks.
pub(crate) fn validate_rest(
    job: &api::Job,
    spans: &SpanMap,
    misread: &[String],
    semantics: Semantics,
) -> Diagnostics {
    let mut report = Report::new(spans, misread, semantics);
    if let Some((path, message, hint)) = connect::unchangeable(job) {
        report.error(&path, "invalid-connect", message);
        report.hint(hint);
        return report.findings;
    }
    job::check(job, &mut report);
    special::check(job, &mut report);
    report.findings
}

/// The same without the rules of what few jobs have.
pub(crate) fn validate_plain(
    job: &api::Job,
    spans: &SpanMap,
    misread: &[String],
    semantics: Semantics,
) -> Diagnostics {
    let mut report = Report::new(spans, misread, semantics);
    job::check(job, &mut report);
    report.findings
}

/// Warns of `memory_max` where the scheduler's configuration does not allow oversubscription.
pub fn ignored_memory_max(job: &api::Job, spans: &SpanMap) -> Diagnostics {
    let mut report = Report::new(spans, &[], Semantics::default());
    for group in &job.task_groups {
        for task in &group.tasks {
            let asked =
                task.resources.as_ref().and_then(|resources| resources.memory_max_mb).unwrap_or(0);
            if asked != 0 {
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

/// True if `${…}` stands in a text: what it will be is not known yet.
fn has_variable(text: &str) -> bool {
    without_variables(text) != text
}

/// A text in which each `${…}` is another word.
fn without_variables(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let inside = &rest[start + 2..];
        let legal = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        let end = inside.find(|c| !legal(c)).unwrap_or(inside.len());
        plain.push_str(&rest[..start]);
        rest = if end > 0 && inside[end..].starts_with('}') {
            plain.push_str("ENV-VAR");
            &inside[end + 1..]
        } else {
            plain.push_str("${");
            inside
        };
    }
    plain + rest
}

/// Reads a number as Go does, or says what Go would.
fn unsigned(text: &str, base: u32, bits: u32) -> Result<u64, String> {
    let refused = |why: &str| format!("strconv.ParseUint: parsing \"{text}\": {why}");
    if text.is_empty() || !text.chars().all(|c| c.is_digit(base)) {
        return Err(refused("invalid syntax"));
    }
    let number = u64::from_str_radix(text, base).ok();
    let fits = |number: &u64| bits >= 64 || *number < 1 << bits;
    number.filter(fits).ok_or_else(|| refused("value out of range"))
}
