//! What must hold for any text at all: the fuzz targets, as plain functions.
//!
//! `cargo test` replays the corpus through them; `planner/fuzz` lets cargo-fuzz look for more.

use steppe_planner::api::Job;
use steppe_planner::diagnostic::Severity;
use steppe_planner::jobspec::{Parsed, Syntax};
use steppe_planner::{ParseOptions, parse};

/// HCL2, or HCL's JSON syntax where the text looks like it.
pub fn hcl2(text: &str) {
    holds(text, Syntax::Hcl2);
}

/// HCL1, or its JSON syntax.
pub fn hcl1(text: &str) {
    holds(text, Syntax::Hcl1);
}

/// A document of the API, or HCL's JSON syntax.
pub fn json(text: &str) {
    holds(text, Syntax::Json);
}

fn holds(text: &str, syntax: Syntax) {
    let parsed = parse(text, &ParseOptions { syntax, ..ParseOptions::default() });
    let errors = parsed.diagnostics.iter().filter(|p| p.severity == Severity::Error).count();
    assert!(parsed.job.is_some() || errors > 0, "there is no job, and nothing is wrong");
    assert!(parsed.diagnostics.len() <= 201, "{} findings", parsed.diagnostics.len());
    places(text, &parsed);
    if let Some(job) = &parsed.job {
        let written = serde_json::to_string(job).expect("a job is JSON");
        let read: Job = serde_json::from_str(&written).expect("a job is read as it was written");
        assert!(read == *job, "a job changes on its way through JSON");
    }
}

/// All places are in the text, between letters.
fn places(text: &str, parsed: &Parsed) {
    let told = parsed.diagnostics.iter().filter_map(|problem| problem.span);
    for span in told.chain(parsed.spans.0.iter().map(|(_, span)| *span)) {
        assert!(text.get(span.start..span.end).is_some(), "{} to {}", span.start, span.end);
    }
}
