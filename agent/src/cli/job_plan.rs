//! `job plan`: what registering a job would do. Exits with 0 if nothing would start or end, with 1 if
//! something would, and with 255 on errors, as Nomad does.

use steppe_planner::api::JobPlanResponse;
use steppe_planner::plan::text::{TextOptions, makes_changes, plan_text, report_text};

use super::connection::{Connection, ConnectionFlags, escape};
use super::job_file::{self, JobFileFlags};
use super::outcome::{Failure, Outcome, fail};
use super::ui::Ui;

#[derive(Debug, clap::Args)]
pub(super) struct Flags {
    /// The job file; `-` reads standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// Leave the difference to the registered job out (`-diff=false`)
    #[arg(long)]
    no_diff: bool,
    /// Accepted for Nomad's sake: the difference is shown unless `-diff=false`
    #[arg(long, hide = true)]
    diff: bool,
    /// Show every field, also of what is new
    #[arg(long)]
    verbose: bool,
    /// Print the agent's answer as JSON
    #[arg(long = "json-output")]
    json_output: bool,
    #[command(flatten)]
    source: JobFileFlags,
    #[command(flatten)]
    connection: ConnectionFlags,
}

pub(super) async fn run(flags: Flags, ui: &mut Ui) -> Outcome {
    plan(flags, ui).await.map_err(|failure| Failure { code: 255, ..failure })
}

async fn plan(flags: Flags, ui: &mut Ui) -> Outcome {
    ui.paint.on &= !flags.connection.no_color;
    let file = job_file::read(&flags.file, &flags.source, ui)?;
    let Some(id) = file.job.id.clone().filter(|id| !id.is_empty()) else {
        return Err(fail("Error during plan: the job has no ID"));
    };
    let api = Connection::new(&flags.connection).map_err(|e| fail(e.to_string()))?;
    let path = format!("/v1/job/{}/plan", escape(&id));
    let body = serde_json::json!({ "Job": file.job, "Diff": !flags.no_diff });
    let answer: JobPlanResponse = api
        .put(&path, &[], &body)
        .await
        .map_err(|error| fail(format!("Error during plan: {error}")))?;
    if flags.json_output {
        ui.line(super::format::json(&answer));
    } else {
        print(&answer, &file.job, &flags, ui);
    }
    let desired = answer.annotations.as_ref().map(|a| &a.desired_tg_updates);
    Ok(i32::from(desired.is_some_and(makes_changes)))
}

fn print(answer: &JobPlanResponse, job: &steppe_planner::api::Job, flags: &Flags, ui: &mut Ui) {
    let options = TextOptions { verbose: flags.verbose, no_diff: flags.no_diff, paint: ui.paint };
    let kind = job.kind.as_deref().unwrap_or("service");
    // The text ends with its own empty line.
    ui.line(plan_text(answer, kind, &options).trim_end_matches('\n'));
    ui.line("");
    if let Some(plan) = &answer.steppe_plan {
        let report = report_text(plan, ui.paint);
        if !report.is_empty() {
            ui.line(format!("{report}\n"));
        }
    }
    let index = answer.job_modify_index;
    let title = ui.paint.bold(&format!("Job Modify Index: {index}"));
    ui.line(format!(
        "{title}\nTo submit the job with version verification run:\n\n\
         steppe job run {}-check-index {index} {}\n\n\
         When running the job with the check-index flag, the job will only be run if the\n\
         job modify index given matches the server-side version. If the index has\n\
         changed, another user has modified the job and the plan's results are\n\
         potentially invalid.",
        if flags.source.hcl1 { "-hcl1 " } else { "" },
        flags.file
    ));
}
