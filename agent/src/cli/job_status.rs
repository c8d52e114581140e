//! `job status`: all jobs, or one with its groups, deployment and allocations.

use steppe_planner::api::{
    AllocListStub, Deployment, Evaluation, Job, JobChildrenSummary, JobListStub, JobSummary,
};
use steppe_planner::plan::text::{Color, key_values, table};

use super::connection::{Connection, ConnectionFlags, escape};
use super::format::{ago, short_id, time};
use super::outcome::{During as _, Failure, Outcome, fail};
use super::tables::{self, row};
use super::ui::Ui;
use super::{format, resolve};
use crate::clock::parse_rfc3339;

#[derive(Debug, Default, clap::Args)]
pub(super) struct Flags {
    /// The job, or the beginning of its ID; without it, all jobs
    pub job: Option<String>,
    /// The job's own facts only
    #[arg(long)]
    pub short: bool,
    /// Show the evaluations
    #[arg(long)]
    pub evals: bool,
    /// Show allocations of earlier jobs of the same ID too
    #[arg(long)]
    pub all_allocs: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Show full identifiers and times
    #[arg(long)]
    pub verbose: bool,
    #[command(flatten)]
    pub connection: ConnectionFlags,
}

/// Everything the page of one job shows.
struct Details {
    allocs: Vec<AllocListStub>,
    evals: Vec<Evaluation>,
    deployment: Option<Deployment>,
    summary: Option<JobSummary>,
}

pub(super) async fn run(flags: Flags, ui: &mut Ui) -> Outcome {
    ui.paint.on &= !flags.connection.no_color;
    let api = Connection::new(&flags.connection).map_err(|e| fail(e.to_string()))?;
    let Some(id) = &flags.job else { return list(&api, &flags, ui).await };
    let stub = resolve::job(&api, id, "Error querying jobs").await?;
    let api = api.within(Some(&stub.namespace));
    let path = format!("/v1/job/{}", escape(&stub.id));
    let job: Job = api.get(&path, &[]).await.during("Error querying job")?.value;
    if flags.json {
        ui.line(format::json(&job));
        return Ok(0);
    }
    ui.line(header(&job));
    if flags.short {
        return Ok(0);
    }
    if job.periodic.is_some() || job.parameterized_job.is_some() {
        return parent(&api, &job, &path, ui).await;
    }
    let details = details(&api, &path, flags.all_allocs).await?;
    print(&api, &details, &flags, ui).await?;
    Ok(0)
}

async fn list(api: &Connection, flags: &Flags, ui: &mut Ui) -> Outcome {
    let jobs: Vec<JobListStub> =
        api.get("/v1/jobs", &[]).await.during("Error querying jobs")?.value;
    if flags.json {
        ui.line(format::json(&jobs));
    } else if jobs.is_empty() {
        ui.line("No running jobs");
    } else {
        ui.line(tables::jobs(&jobs, api.namespace.as_deref() == Some("*")));
    }
    Ok(0)
}

fn header(job: &Job) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut facts = vec![
        ("ID", text(&job.id)),
        ("Name", text(&job.name)),
        ("Submit Date", time(job.submit_time.unwrap_or_default())),
        ("Type", text(&job.kind)),
        ("Priority", job.priority.unwrap_or_default().to_string()),
        ("Datacenters", job.datacenters.join(",")),
        ("Namespace", text(&job.namespace)),
    ];
    if let Some(pool) = job.node_pool.as_ref().filter(|p| !p.is_empty() && *p != "default") {
        facts.push(("Node Pool", pool.clone()));
    }
    let status = tables::job_status(&text(&job.status), job.stop.unwrap_or_default());
    facts.extend([
        ("Status", status),
        ("Periodic", job.periodic.is_some().to_string()),
        ("Parameterized", job.parameterized_job.is_some().to_string()),
    ]);
    key_values(&facts)
}

async fn details(api: &Connection, path: &str, all: bool) -> Result<Details, Failure> {
    let all = if all { "true" } else { "false" };
    Ok(Details {
        allocs: api
            .get(&format!("{path}/allocations"), &[("all", all)])
            .await
            .during("Error querying job allocations")?
            .value,
        evals: api
            .get(&format!("{path}/evaluations"), &[])
            .await
            .during("Error querying job evaluations")?
            .value,
        deployment: api
            .find(&format!("{path}/deployment"), &[])
            .await
            .during("Error querying latest job deployment")?,
        summary: api
            .find(&format!("{path}/summary"), &[])
            .await
            .during("Error querying job summary")?,
    })
}

async fn print(
    api: &Connection,
    details: &Details,
    flags: &Flags,
    ui: &mut Ui,
) -> Result<(), Failure> {
    if let Some(summary) = &details.summary {
        ui.heading("Summary");
        ui.line(tables::summary(summary));
    }
    if (flags.evals || flags.verbose) && !details.evals.is_empty() {
        ui.heading("Evaluations");
        ui.line(tables::evals(&details.evals, flags.verbose));
    }
    if let Some(failed) = latest_failure(&details.evals) {
        ui.line("");
        let title = ui.paint.bold_color(Color::Yellow, "Placement Failure");
        ui.line(title);
        ui.line(tables::failures(&failed.failed_tg_allocs, false));
    }
    let later = rescheduling(api, &details.allocs, flags.verbose, ui.now_ns()).await?;
    if later.len() > 1 {
        ui.heading("Future Rescheduling Attempts");
        ui.line(table(&later));
    }
    if let Some(deployment) = &details.deployment {
        ui.heading("Latest Deployment");
        ui.line(tables::deployment(deployment, false, flags.verbose, ui.paint));
    }
    ui.heading("Allocations");
    if details.allocs.is_empty() {
        ui.line("No allocations placed");
    } else {
        let rows: Vec<&AllocListStub> = details.allocs.iter().collect();
        ui.line(tables::allocs(&rows, flags.verbose, ui.now_ns()));
    }
    Ok(())
}

/// The newest evaluation that lacked room, if one still waits for it.
fn latest_failure(evals: &[Evaluation]) -> Option<&Evaluation> {
    let waits = evals.iter().any(|eval| eval.status == "blocked");
    let failed = evals.iter().filter(|eval| !eval.failed_tg_allocs.is_empty());
    failed.max_by_key(|eval| eval.create_index).filter(|_| waits)
}

/// Failed allocations that get their next try later.
async fn rescheduling(
    api: &Connection,
    allocs: &[AllocListStub],
    verbose: bool,
    now: i64,
) -> Result<Vec<Vec<String>>, Failure> {
    let mut rows = vec![row(["Task Group", "Eval ID", "Eval Time"])];
    for alloc in allocs.iter().filter(|a| !a.followup_eval_id.is_empty()) {
        let path = format!("/v1/evaluation/{}", alloc.followup_eval_id);
        let eval: Option<Evaluation> =
            api.find(&path, &[]).await.during("Error querying evaluation")?;
        let due = eval.as_ref().and_then(|e| parse_rfc3339(e.wait_until.as_deref()?));
        if let Some(due) = due.filter(|due| *due > now) {
            let id = short_id(&alloc.followup_eval_id, verbose);
            rows.push(vec![alloc.task_group.clone(), id, ago(due, now)]);
        }
    }
    Ok(rows)
}

/// A periodic or parameterized job: its children instead of allocations.
async fn parent(api: &Connection, job: &Job, path: &str, ui: &mut Ui) -> Outcome {
    let id = job.id.as_deref().unwrap_or_default();
    let summary: Option<JobSummary> =
        api.find(&format!("{path}/summary"), &[]).await.during("Error querying job summary")?;
    let children = summary.and_then(|s| s.children).unwrap_or_default();
    let (title, prefix, found, none) = if let Some(p) = &job.parameterized_job {
        ui.heading("Parameterized Job");
        ui.line(key_values(&[
            ("Payload", p.payload.clone()),
            ("Required Metadata", p.meta_required.join(", ")),
            ("Optional Metadata", p.meta_optional.join(", ")),
        ]));
        (
            "Parameterized Job Summary",
            format!("{id}/dispatch-"),
            "Dispatched Jobs",
            "No dispatched instances of parameterized job found",
        )
    } else {
        (
            "Children Job Summary",
            format!("{id}/periodic-"),
            "Previously Launched Jobs",
            "No instances of periodic job found",
        )
    };
    ui.heading(title);
    ui.line(children_table(&children));
    let jobs: Vec<JobListStub> = api
        .get("/v1/jobs", &[("prefix", prefix.as_str())])
        .await
        .during("Error querying jobs")?
        .value;
    let mut rows = vec![row(["ID", "Status"])];
    rows.extend(
        jobs.iter().filter(|j| j.parent_id == id).map(|j| vec![j.id.clone(), j.status.clone()]),
    );
    if rows.len() == 1 {
        ui.line(format!("\n{none}"));
    } else {
        ui.heading(found);
        ui.line(table(&rows));
    }
    Ok(0)
}

fn children_table(children: &JobChildrenSummary) -> String {
    let counts = [children.pending, children.running, children.dead];
    table(&[row(["Pending", "Running", "Dead"]), counts.map(|c| c.to_string()).to_vec()])
}
