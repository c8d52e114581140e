//! `job validate`: checks job files in every phase there is, with the options of their drivers. Needs no agent.
//!
//! Stricter than Nomad's, which leaves the drivers' options to the node that starts the task.

use steppe_planner::diagnostic::{Severity, has_errors};
use steppe_planner::semantics::Semantics;

use super::job_file::{self, JobFileFlags};
use super::outcome::{Failure, Outcome, fail};
use super::ui::Ui;

#[derive(Debug, clap::Args)]
pub(super) struct Flags {
    /// The job files; `-` reads standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,
    #[command(flatten)]
    source: JobFileFlags,
}

pub(super) fn run(flags: &Flags, ui: &mut Ui) -> Outcome {
    if let [file] = flags.files.as_slice() {
        let good = check(file, &flags.source, ui)?;
        ui.line(good);
        return Ok(0);
    }
    let mut code = 0;
    for file in &flags.files {
        match check(file, &flags.source, ui) {
            Ok(good) => ui.line(format!("{file}: {good}")),
            Err(failure) => {
                ui.error(failure.text);
                code = failure.code;
            }
        }
    }
    Ok(code)
}

/// Checks one file, and prints what is no error.
fn check(path: &str, source: &JobFileFlags, ui: &mut Ui) -> Result<&'static str, Failure> {
    let file = job_file::written(path, source)?;
    let reviewed = steppe_planner::review(&file.parsed, Semantics::default());
    let text = job_file::render(&reviewed.diagnostics, &file.name, &file.text);
    if has_errors(&file.parsed.diagnostics) || reviewed.job.is_none() {
        return Err(job_file::unparsed(&file.name, &text));
    }
    if has_errors(&reviewed.diagnostics) {
        return Err(fail(format!("Job validation errors:\n{text}")));
    }
    if !text.is_empty() {
        let warned = reviewed.diagnostics.iter().any(|one| one.severity == Severity::Warning);
        ui.line(format!("Job {}:\n{text}\n", if warned { "Warnings" } else { "Notes" }));
    }
    Ok("Job validation successful")
}
