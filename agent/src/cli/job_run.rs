//! `job run`: registers a job and follows it until it runs.

use steppe_planner::Map;
use steppe_planner::api::Value;
use steppe_planner::plan::text::Color;

use super::connection::{ApiError, Connection, ConnectionFlags, text_field};
use super::job_file::{self, JobFile, JobFileFlags};
use super::monitor::{self, Ended};
use super::outcome::{Failure, Outcome, fail};
use super::{format, ui::Ui};

#[derive(Debug, clap::Args)]
pub(super) struct Flags {
    /// The job file; `-` reads standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// Return as soon as the job is registered
    #[arg(long)]
    detach: bool,
    /// Register only if the job has this modify index; 0: only if it is new
    #[arg(long, value_name = "INDEX")]
    check_index: Option<u64>,
    /// Print the job as JSON instead of registering it
    #[arg(long)]
    output: bool,
    /// Keep the counts of a registered job
    #[arg(long)]
    preserve_counts: bool,
    /// Show full identifiers and the deployment's allocations
    #[arg(long)]
    verbose: bool,
    #[command(flatten)]
    source: JobFileFlags,
    #[command(flatten)]
    connection: ConnectionFlags,
}

pub(super) async fn run(flags: Flags, ui: &mut Ui) -> Outcome {
    ui.paint.on &= !flags.connection.no_color;
    let file = job_file::read(&flags.file, &flags.source, ui)?;
    if flags.output {
        ui.line(format::json(&serde_json::json!({ "Job": file.job })));
        return Ok(0);
    }
    let followed = file.job.periodic.is_none() && file.job.parameterized_job.is_none();
    let api = Connection::new(&flags.connection).map_err(|e| fail(e.to_string()))?;
    let answer = register(&api, &file, &flags).await?;
    let warnings = text_field(&answer, "Warnings");
    if !warnings.is_empty() {
        let text = ui.paint.bold_color(Color::Yellow, &format!("Job Warnings:\n{warnings}"));
        ui.line(format!("{text}\n"));
    }
    let eval_id = text_field(&answer, "EvalID");
    if flags.detach || !followed || eval_id.is_empty() {
        ui.line("Job registration successful");
        if followed && !eval_id.is_empty() {
            ui.line(format!("Evaluation ID: {eval_id}"));
        }
        return Ok(0);
    }
    Ok(match monitor::follow(&api, ui, &eval_id, flags.verbose).await? {
        Ended::Well => 0,
        Ended::DeploymentFailed => 1,
        Ended::PlacementFailed => 2,
    })
}

/// The values given on the command line; the last of one name counts.
fn variables(file: &JobFile) -> Map<String> {
    let given = file.options.vars.iter();
    given.map(|variable| (variable.name.clone(), variable.text.clone())).collect()
}

async fn register(api: &Connection, file: &JobFile, flags: &Flags) -> Result<Value, Failure> {
    let mut body = serde_json::json!({
        "Job": file.job,
        "PreserveCounts": flags.preserve_counts,
        "Submission": {
            "Source": file.text,
            "Format": job_file::format_name(file.syntax),
            "VariableFlags": variables(file),
            "Variables": file.options.var_files.iter().map(|file| file.text.as_str()).collect::<Vec<_>>().join("\n"),
        },
    });
    if let (Some(index), Some(body)) = (flags.check_index, body.as_object_mut()) {
        body.insert("EnforceIndex".to_owned(), true.into());
        body.insert("JobModifyIndex".to_owned(), index.into());
    }
    match api.put("/v1/jobs", &[], &body).await {
        Ok(answer) => Ok(answer),
        Err(ApiError::Status { body, .. }) if body.contains("Enforcing job modify index") => {
            Err(fail(format!("{}\nJob not updated", body.trim_end())))
        }
        Err(error) => Err(fail(format!("Error submitting job: {error}"))),
    }
}
