//! `job plan`: what registering jobs would do. Exits with 0 if nothing would start or end, with 1 if something would, and
//! with 255 on errors, as Nomad does.
//!
//! One job is planned by the agent; a saved snapshot, or several jobs in order, are planned here, by the same planner.

use std::path::Path;

use steppe_planner::answer::{
    ANSWER_VERSION, Answer, Answers, advice_text, answer, markdown, rooms, rooms_text,
};
use steppe_planner::plan::carry_out;
use steppe_planner::plan::text::{TextOptions, makes_changes, plan_text, report_text};
use steppe_planner::semantics::Semantics;
use steppe_planner::snapshot::{Document, Snapshot};
use steppe_planner::{PlanOptions, diagnostic, plan, suggest};

use super::connection::{Connection, ConnectionFlags, escape};
use super::job_file::{self, JobFile, JobFileFlags};
use super::outcome::{Failure, Outcome, fail};
use super::ui::Ui;
use crate::server::admission::warning_text;

#[derive(Debug, clap::Args)]
pub(super) struct Flags {
    /// The job files, planned one after another; `-` reads standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,
    /// Plan against a saved snapshot (`/v1/steppe/snapshot`), without an agent
    #[arg(long, value_name = "FILE")]
    snapshot: Option<String>,
    /// Print Markdown, for a pull request
    #[arg(long)]
    markdown: bool,
    /// Leave the difference to the registered job out (`-diff=false`)
    #[arg(long)]
    no_diff: bool,
    /// Accepted for Nomad's sake: the difference is shown unless `-diff=false`
    #[arg(long, hide = true)]
    diff: bool,
    /// Show every field, also of what is new
    #[arg(long)]
    verbose: bool,
    /// Print JSON; so does `-json`, unless the job file itself is JSON
    #[arg(long = "json-output")]
    json_output: bool,
    #[command(flatten)]
    source: JobFileFlags,
    #[command(flatten)]
    connection: ConnectionFlags,
}

pub(super) async fn run(flags: Flags, ui: &mut Ui) -> Outcome {
    plan_all(flags, ui).await.map_err(|failure| Failure { code: 255, ..failure })
}

async fn plan_all(mut flags: Flags, ui: &mut Ui) -> Outcome {
    ui.paint.on &= !flags.connection.no_color;
    // `-json` is Nomad's word for a JSON job file, which is known by its first letter anyway.
    let wants_json = std::mem::take(&mut flags.source.json);
    let mut files = Vec::new();
    for path in &flags.files {
        files.push(job_file::read(path, &flags.source, ui)?);
    }
    let is_json = |file: &JobFile| file.text.trim_start().starts_with('{');
    let json = flags.json_output || wants_json && !files.iter().all(is_json);
    let answers = match (&flags.snapshot, files.as_slice()) {
        (Some(path), _) => here(&mut files, saved(path)?, &flags, ui)?,
        (None, [file]) => vec![there(file, &flags).await?],
        (None, _) => {
            let snapshot = current(&connection(&flags)?).await;
            let snapshot = snapshot.map_err(|cause| fail(format!("Error during plan: {cause}")))?;
            here(&mut files, snapshot, &flags, ui)?
        }
    };
    let changes = answers.iter().any(|answer| {
        let desired = answer.plan.annotations.as_ref().map(|a| &a.desired_tg_updates);
        desired.is_some_and(makes_changes)
    });
    if json {
        ui.line(super::format::json(&Answers { version: ANSWER_VERSION, plans: answers }));
    } else {
        for (answer, file) in answers.iter().zip(&files) {
            if flags.markdown {
                ui.line(markdown(answer, &file.text).trim_end());
            } else {
                print(answer, file, &flags, ui);
            }
        }
    }
    Ok(i32::from(changes))
}

fn connection(flags: &Flags) -> Result<Connection, Failure> {
    Connection::new(&flags.connection).map_err(|e| fail(e.to_string()))
}

/// The agent's cluster as it is now.
async fn current(api: &Connection) -> Result<Snapshot, String> {
    let answer = api.get("/v1/steppe/snapshot", &[]).await.map_err(|error| error.to_string())?;
    Snapshot::new(answer.value).map_err(|error| error.to_string())
}

/// A snapshot from a file.
fn saved(path: &str) -> Result<Snapshot, Failure> {
    let wrong = |cause: String| fail(format!("Error reading snapshot {path:?}: {cause}"));
    let text = std::fs::read_to_string(Path::new(path)).map_err(|e| wrong(e.to_string()))?;
    let document: Document = serde_json::from_str(&text).map_err(|e| wrong(e.to_string()))?;
    Snapshot::new(document).map_err(|e| wrong(e.to_string()))
}

/// One job, planned by the agent.
async fn there(file: &JobFile, flags: &Flags) -> Result<Answer, Failure> {
    let Some(id) = file.job.id.clone().filter(|id| !id.is_empty()) else {
        return Err(fail("Error during plan: the job has no ID"));
    };
    let api = connection(flags)?;
    let path = format!("/v1/job/{}/plan", escape(&id));
    let body = serde_json::json!({ "Job": file.job, "Diff": !flags.no_diff });
    let plan = api.put(&path, &[], &body).await;
    let plan = plan.map_err(|error| fail(format!("Error during plan: {error}")))?;
    let mut answer = Answer { file: file.name.clone(), plan, ..Answer::default() };
    // Advice is Steppe's own: another agent has no snapshot to give, and the plan is whole without.
    if let Ok(snapshot) = current(&api).await {
        advise(&mut answer, file, &snapshot);
    }
    Ok(answer)
}

/// Any number of jobs, planned here, each on what the ones before it have left.
fn here(
    files: &mut [JobFile],
    mut snapshot: Snapshot,
    flags: &Flags,
    ui: &mut Ui,
) -> Result<Vec<Answer>, Failure> {
    let mut answers = Vec::new();
    for file in files {
        let semantics = Semantics::of(&snapshot.head().profile);
        steppe_planner::canonicalize(&mut file.job, semantics);
        let findings = steppe_planner::validate(&file.job, &file.spans, semantics);
        let told = |findings: &[_]| job_file::render(findings, &file.name, &file.text);
        if diagnostic::has_errors(&findings) {
            return Err(fail(format!("Job validation errors:\n{}", told(&findings))));
        }
        if flags.verbose {
            let further = steppe_planner::lint(&file.job, &file.spans, semantics);
            let all: Vec<_> = findings.iter().cloned().chain(further).collect();
            let all = told(&all);
            if !all.is_empty() {
                ui.error(all);
            }
        }
        let made = plan(&file.job, &snapshot, &PlanOptions::default());
        let mut plan = answer(&file.job, &snapshot, made.clone(), !flags.no_diff);
        let warnings = findings.iter().filter(|f| f.severity == diagnostic::Severity::Warning);
        plan.warnings = warning_text(&warnings.map(|f| f.message.clone()).collect::<Vec<_>>());
        let mut answer = Answer { file: file.name.clone(), plan, ..Answer::default() };
        advise(&mut answer, file, &snapshot);
        answers.push(answer);
        carry_out(&mut snapshot, &file.job, &made);
    }
    Ok(answers)
}

fn advise(answer: &mut Answer, file: &JobFile, snapshot: &Snapshot) {
    let mut job = file.job.clone();
    steppe_planner::canonicalize(&mut job, Semantics::of(&snapshot.head().profile));
    answer.headroom = rooms(&job, snapshot);
    answer.suggestions = suggest(&file.text, &file.options, snapshot);
}

fn print(answer: &Answer, file: &JobFile, flags: &Flags, ui: &mut Ui) {
    let options = TextOptions { verbose: flags.verbose, no_diff: flags.no_diff, paint: ui.paint };
    let kind = file.job.kind.as_deref().unwrap_or("service");
    // The text ends with its own empty line.
    ui.line(plan_text(&answer.plan, kind, &options).trim_end_matches('\n'));
    ui.line("");
    let report = answer.plan.steppe_plan.as_ref().map(|plan| report_text(plan, ui.paint));
    let advice = advice_text(&answer.suggestions, &file.text, ui.paint);
    let rooms = if answer.is_whole() { rooms_text(&answer.headroom) } else { String::new() };
    for section in [report.unwrap_or_default(), advice, rooms] {
        if !section.is_empty() {
            ui.line(format!("{section}\n"));
        }
    }
    let index = answer.plan.job_modify_index;
    let title = ui.paint.bold(&format!("Job Modify Index: {index}"));
    ui.line(format!(
        "{title}\nTo submit the job with version verification run:\n\n\
         steppe job run {}-check-index {index} {}\n\n\
         When running the job with the check-index flag, the job will only be run if the\n\
         job modify index given matches the server-side version. If the index has\n\
         changed, another user has modified the job and the plan's results are\n\
         potentially invalid.",
        if flags.source.hcl1 { "-hcl1 " } else { "" },
        file.path
    ));
}
