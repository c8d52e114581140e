//! The tables that several commands share.

use steppe_planner::Map;
use steppe_planner::api::{
    AllocListStub, AllocMetric, Deployment, Evaluation, JobListStub, JobSummary,
};
use steppe_planner::plan::text::{Paint, key_values, metrics_text, table};
use steppe_planner::quote::quote;

use super::format::{short_id, time, time_or_ago, time_text};

/// A row of cells.
pub(super) fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.into_iter().map(str::to_owned).collect()
}

/// The list of jobs, by ID.
pub(super) fn jobs(list: &[JobListStub], namespaces: bool) -> String {
    let mut list: Vec<&JobListStub> = list.iter().collect();
    list.sort_by(|a, b| (&a.id, &a.namespace).cmp(&(&b.id, &b.namespace)));
    let mut rows = vec![row(["ID", "Namespace", "Type", "Priority", "Status", "Submit Date"])];
    rows.extend(list.into_iter().map(|job| {
        vec![
            job.id.clone(),
            job.namespace.clone(),
            job_type(&job.kind, job.periodic, job.parameterized_job),
            job.priority.to_string(),
            job_status(&job.status, job.stop),
            time(job.submit_time),
        ]
    }));
    if !namespaces {
        for cells in &mut rows {
            cells.remove(1);
        }
    }
    table(&rows)
}

/// `batch/periodic` and the like.
fn job_type(kind: &str, periodic: bool, parameterized: bool) -> String {
    match (periodic, parameterized) {
        (true, false) => format!("{kind}/periodic"),
        (false, true) => format!("{kind}/parameterized"),
        (true, true) => format!("{kind}/periodic/parameterized"),
        (false, false) => kind.to_owned(),
    }
}

/// `dead (stopped)` for a job that a user stopped.
pub(super) fn job_status(status: &str, stopped: bool) -> String {
    if stopped && status == "dead" { "dead (stopped)".to_owned() } else { status.to_owned() }
}

/// The counts of each group.
pub(super) fn summary(summary: &JobSummary) -> String {
    let head = ["Task Group", "Queued", "Starting", "Running", "Failed", "Complete", "Lost"];
    let mut rows = vec![row(head)];
    rows.extend(summary.summary.iter().map(|(group, s)| {
        let counts = [s.queued, s.starting, s.running, s.failed, s.complete, s.lost];
        std::iter::once(group.clone()).chain(counts.iter().map(i64::to_string)).collect()
    }));
    table(&rows)
}

/// Allocations of a job or node, newest first.
pub(super) fn allocs(list: &[&AllocListStub], verbose: bool, now: i64) -> String {
    let mut list = list.to_vec();
    list.sort_by(|a, b| b.create_index.cmp(&a.create_index).then_with(|| a.name.cmp(&b.name)));
    let mut rows = vec![if verbose {
        row([
            "ID",
            "Eval ID",
            "Node ID",
            "Node Name",
            "Task Group",
            "Version",
            "Desired",
            "Status",
            "Created",
            "Modified",
        ])
    } else {
        row(["ID", "Node ID", "Task Group", "Version", "Desired", "Status", "Created", "Modified"])
    }];
    rows.extend(list.into_iter().map(|alloc| {
        let mut cells = vec![short_id(&alloc.id, verbose)];
        if verbose {
            cells.push(alloc.eval_id.clone());
        }
        cells.push(short_id(&alloc.node_id, verbose));
        if verbose {
            cells.push(alloc.node_name.clone());
        }
        cells.extend([
            alloc.task_group.clone(),
            alloc.job_version.to_string(),
            alloc.desired_status.clone(),
            alloc.client_status.clone(),
            time_or_ago(alloc.create_time, now, verbose),
            time_or_ago(alloc.modify_time, now, verbose),
        ]);
        cells
    }));
    table(&rows)
}

/// Evaluations, newest first.
pub(super) fn evals(list: &[Evaluation], verbose: bool) -> String {
    let mut list: Vec<&Evaluation> = list.iter().collect();
    list.sort_by_key(|eval| std::cmp::Reverse(eval.create_index));
    let mut rows = vec![row(["ID", "Priority", "Triggered By", "Status", "Placement Failures"])];
    rows.extend(list.into_iter().map(|eval| {
        vec![
            short_id(&eval.id, verbose),
            eval.priority.to_string(),
            eval.triggered_by.clone(),
            eval.status.clone(),
            placement_failures(eval),
        ]
    }));
    table(&rows)
}

/// Whether an evaluation could not place everything.
pub(super) fn placement_failures(eval: &Evaluation) -> String {
    match eval.status.as_str() {
        "blocked" => "N/A - In Progress".to_owned(),
        _ => (!eval.failed_tg_allocs.is_empty()).to_string(),
    }
}

/// What each group lacks, as `Task Group "g":` and lines below.
pub(super) fn failures(failed: &Map<AllocMetric>, counted: bool) -> String {
    let groups: Vec<String> = failed
        .iter()
        .map(|(group, metric)| {
            let count = metric.coalesced_failures + 1;
            let noun = if count > 1 { "allocations" } else { "allocation" };
            let counted =
                if counted { format!(" (failed to place {count} {noun})") } else { String::new() };
            format!("Task Group {}{counted}:\n{}", quote(group), metrics_text(metric, "  "))
        })
        .collect();
    groups.join("\n\n")
}

/// Deployments, newest first.
pub(super) fn deployments(list: &[Deployment], verbose: bool) -> String {
    let mut list: Vec<&Deployment> = list.iter().collect();
    list.sort_by_key(|deployment| std::cmp::Reverse(deployment.create_index));
    let mut rows = vec![row(["ID", "Job ID", "Job Version", "Status", "Description"])];
    rows.extend(list.into_iter().map(|d| {
        vec![
            short_id(&d.id, verbose),
            d.job_id.clone(),
            d.job_version.to_string(),
            d.status.clone(),
            d.status_description.clone(),
        ]
    }));
    table(&rows)
}

/// One deployment with its groups; a job's own page knows which job it is.
pub(super) fn deployment(d: &Deployment, named: bool, verbose: bool, paint: Paint) -> String {
    let mut facts = vec![("ID", short_id(&d.id, verbose))];
    if named {
        facts.push(("Job ID", d.job_id.clone()));
        facts.push(("Job Version", d.job_version.to_string()));
    }
    facts.push(("Status", d.status.clone()));
    facts.push(("Description", d.status_description.clone()));
    let mut out = key_values(&facts);
    if !d.task_groups.is_empty() {
        out += &format!("\n\n{}\n{}", paint.bold("Deployed"), deployed(d));
    }
    out
}

fn deployed(d: &Deployment) -> String {
    let groups = || d.task_groups.values();
    let auto_revert = groups().any(|g| g.auto_revert);
    let canaries = groups().any(|g| g.desired_canaries > 0);
    let deadline = groups().any(|g| g.progress_deadline != 0);
    let cells = |always: [&str; 5], revert: &str, promoted: &str, canary: &str, by: &str| {
        let [name, desired, placed, healthy, unhealthy] = always;
        let optional = |shown: bool, text: &str| shown.then(|| text.to_owned());
        [
            Some(name.to_owned()),
            optional(auto_revert, revert),
            optional(canaries, promoted),
            Some(desired.to_owned()),
            optional(canaries, canary),
            Some(placed.to_owned()),
            Some(healthy.to_owned()),
            Some(unhealthy.to_owned()),
            optional(deadline, by),
        ]
        .into_iter()
        .flatten()
        .collect::<Vec<String>>()
    };
    let mut rows = vec![cells(
        ["Task Group", "Desired", "Placed", "Healthy", "Unhealthy"],
        "Auto Revert",
        "Promoted",
        "Canaries",
        "Progress Deadline",
    )];
    rows.extend(d.task_groups.iter().map(|(name, g)| {
        let promoted = match g.desired_canaries {
            0 => "N/A".to_owned(),
            _ => g.promoted.to_string(),
        };
        cells(
            [
                name,
                &g.desired_total.to_string(),
                &g.placed_allocs.to_string(),
                &g.healthy_allocs.to_string(),
                &g.unhealthy_allocs.to_string(),
            ],
            &g.auto_revert.to_string(),
            &promoted,
            &g.desired_canaries.to_string(),
            &time_text(g.require_progress_by.as_deref()),
        )
    }));
    table(&rows)
}
