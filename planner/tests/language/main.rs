//! The languages of job files, rule by rule: what a text means, and what is refused.

mod blocks;
mod bounds;
mod documents;
mod follow_ups;
mod hcl1;
mod types;
mod values;
mod variables;

use serde_json::Value as Json;
use steppe_planner::diagnostic::{Diagnostic, Severity};
use steppe_planner::jobspec::{Parsed, Syntax};
use steppe_planner::{ParseOptions, parse};

/// Parses a text in one language.
fn read(syntax: Syntax, text: &str) -> Parsed {
    parse(text, &ParseOptions { syntax, ..ParseOptions::default() })
}

/// Codes of the mistakes, in the order of the text.
fn codes(parsed: &Parsed) -> Vec<&str> {
    errors(parsed).map(|problem| problem.code.as_str()).collect()
}

fn errors(parsed: &Parsed) -> impl Iterator<Item = &Diagnostic> {
    parsed.diagnostics.iter().filter(|problem| problem.severity == Severity::Error)
}

/// What is wrong, for a test that expects nothing to be.
fn told(parsed: &Parsed) -> String {
    let lines: Vec<&str> = errors(parsed).map(|problem| problem.message.as_str()).collect();
    lines.join("\n")
}

/// A part of the job, as its document shows it.
fn part(parsed: &Parsed, path: &str) -> Json {
    let job = serde_json::to_value(&parsed.job).expect("a job is JSON");
    job.pointer(path).cloned().unwrap_or_default()
}
