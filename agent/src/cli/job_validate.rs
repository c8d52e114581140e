//! `job validate`: checks a job file with the planner's own rules. Needs no agent.

use steppe_planner::diagnostic;
use steppe_planner::semantics::Semantics;

use super::job_file::{self, JobFileFlags};
use super::outcome::{Outcome, fail};
use super::ui::Ui;

#[derive(Debug, clap::Args)]
pub(super) struct Flags {
    /// The job file; `-` reads standard input
    #[arg(value_name = "FILE")]
    file: String,
    #[command(flatten)]
    source: JobFileFlags,
}

pub(super) fn run(flags: &Flags, ui: &mut Ui) -> Outcome {
    let file = job_file::read(&flags.file, &flags.source, ui)?;
    let mut job = file.job;
    steppe_planner::canonicalize(&mut job, Semantics::default());
    let findings = steppe_planner::validate(&job, &file.spans);
    let text = job_file::render(&findings, &file.name, &file.text);
    if diagnostic::has_errors(&findings) {
        return Err(fail(format!("Job validation errors:\n{text}")));
    }
    if !text.is_empty() {
        ui.line(format!("Job Warnings:\n{text}\n"));
    }
    ui.line("Job validation successful");
    Ok(0)
}
