//! A plan as terminal text: first what `nomad job plan` prints, then where everything lands and why not
//! elsewhere.
//!
//! Nomad's part is equal to Nomad's to the letter, so that scripts and habits keep working. Line widths and
//! the clock are not known here.

mod columns;
mod diff;
mod dry_run;
mod paint;
mod report;

#[cfg(test)]
mod tests;

use crate::api;

pub use columns::{key_values, table, table_with_gaps};
pub use diff::diff_text;
pub use dry_run::{dry_run_text, makes_changes, metrics_text};
pub use paint::{Color, Paint};
pub use report::{failure_lines, ports_text, report_text, volumes_text};

/// What to print.
#[derive(Clone, Copy, Debug, Default)]
pub struct TextOptions {
    /// Every field, also of what is new or unchanged.
    pub verbose: bool,
    /// Leave the difference out (`-diff=false`).
    pub no_diff: bool,
    /// Terminal colours.
    pub paint: Paint,
}

/// What `nomad job plan` prints before "Job Modify Index".
pub fn plan_text(answer: &api::JobPlanResponse, job_type: &str, options: &TextOptions) -> String {
    let paint = options.paint;
    let mut out = String::new();
    if let Some(diff) = answer.diff.as_ref().filter(|_| !options.no_diff) {
        out += diff_text(diff, options).trim();
        out += "\n\n";
    }
    out += &format!("{}\n", paint.bold("Scheduler dry-run:"));
    out += &dry_run_text(answer, job_type, paint);
    out += "\n\n";
    if !answer.warnings.is_empty() {
        let warnings = format!("Job Warnings:\n{}", answer.warnings);
        out += &format!("{}\n\n", paint.bold_color(Color::Yellow, &warnings));
    }
    let preempted = answer.annotations.as_ref().map_or(&[][..], |a| a.preempted_allocs.as_slice());
    if !preempted.is_empty() {
        out += &format!("{}\n", paint.bold_color(Color::Yellow, "Preemptions:\n"));
        out += &dry_run::preemptions_text(preempted);
        out.push('\n');
    }
    out
}
