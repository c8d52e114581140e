//! Follows an evaluation, and the deployment it makes, until both are over.
//!
//! Blocks on the agent's own changes instead of asking again and again; only an evaluation that is still
//! pending is asked for once a second, as Nomad does.

use std::time::Duration;

use steppe_planner::Map;
use steppe_planner::api::{AllocListStub, Deployment, Evaluation};

use super::connection::{Answer, ApiError, Connection};
use super::format::short_id;
use super::outcome::{During as _, Failure};
use super::tables;
use super::ui::Ui;

/// Pause between two looks at a pending evaluation.
const POLL: Duration = Duration::from_secs(1);

/// How a followed evaluation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    Well,
    /// Something could not be placed.
    PlacementFailed,
    /// Everything was placed, and the deployment did not succeed.
    DeploymentFailed,
}

/// What was printed already.
#[derive(Default)]
struct Seen {
    triggered: bool,
    deployment: bool,
    allocs: Map<String>,
    status: String,
}

/// Follows an evaluation to its end.
pub(super) async fn follow(
    api: &Connection,
    ui: &mut Ui,
    eval_id: &str,
    verbose: bool,
) -> Result<Ended, Failure> {
    let mut id = eval_id.to_owned();
    let mut failed = false;
    loop {
        let eval = follow_eval(api, ui, &id, verbose).await?;
        failed |= !eval.failed_tg_allocs.is_empty();
        report_end(ui, &eval, verbose);
        if !eval.next_eval.is_empty() {
            ui.step(&format!(
                "Monitoring next evaluation {:?}",
                short_id(&eval.next_eval, verbose)
            ));
            id = eval.next_eval;
            continue;
        }
        if eval.deployment_id.is_empty() {
            return Ok(if failed { Ended::PlacementFailed } else { Ended::Well });
        }
        let end = follow_deployment(api, ui, &eval.deployment_id, verbose).await?;
        return Ok(match (failed, end.status.as_str()) {
            (true, _) => Ended::PlacementFailed,
            (false, "successful") => Ended::Well,
            (false, _) => Ended::DeploymentFailed,
        });
    }
}

/// Until the evaluation is complete, failed or canceled.
async fn follow_eval(
    api: &Connection,
    ui: &mut Ui,
    id: &str,
    verbose: bool,
) -> Result<Evaluation, Failure> {
    ui.step(&format!("Monitoring evaluation {:?}", short_id(id, verbose)));
    let mut seen = Seen { status: "pending".to_owned(), ..Seen::default() };
    loop {
        let path = format!("/v1/evaluation/{id}");
        let eval: Evaluation = api.get(&path, &[]).await.during("Error reading evaluation")?.value;
        let allocs: Vec<AllocListStub> = api
            .get(&format!("{path}/allocations"), &[])
            .await
            .during("Error reading allocations")?
            .value;
        report_changes(ui, &mut seen, &eval, allocs, verbose);
        if matches!(eval.status.as_str(), "complete" | "failed" | "canceled" | "cancelled") {
            return Ok(eval);
        }
        tokio::time::sleep(POLL).await;
    }
}

fn report_changes(
    ui: &mut Ui,
    seen: &mut Seen,
    eval: &Evaluation,
    mut allocs: Vec<AllocListStub>,
    verbose: bool,
) {
    if !seen.triggered {
        seen.triggered = true;
        match eval.node_id.as_str() {
            "" => ui.detail(&format!("Evaluation triggered by job {:?}", eval.job_id)),
            node => {
                let node = short_id(node, verbose);
                ui.detail(&format!("Evaluation triggered by node {node:?}"));
            }
        }
    }
    if !seen.deployment && !eval.deployment_id.is_empty() {
        seen.deployment = true;
        let deployment = short_id(&eval.deployment_id, verbose);
        ui.detail(&format!("Evaluation within deployment: {deployment:?}"));
    }
    allocs.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    for alloc in allocs {
        let id = short_id(&alloc.id, verbose);
        let place =
            format!("node {:?}, group {:?}", short_id(&alloc.node_id, verbose), alloc.task_group);
        match seen.allocs.insert(alloc.id.clone(), alloc.client_status.clone()) {
            None if alloc.create_index < eval.create_index => {
                ui.detail(&format!("Allocation {id:?} modified: {place}"));
            }
            None if alloc.desired_status == "run" => {
                ui.detail(&format!("Allocation {id:?} created: {place}"));
            }
            Some(before) if before != alloc.client_status => ui.detail(&format!(
                "Allocation {id:?} status changed: {before:?} -> {:?} ({})",
                alloc.client_status, alloc.client_description
            )),
            None | Some(_) => {}
        }
    }
    if eval.status != "pending" && eval.status != seen.status {
        ui.detail(&format!("Evaluation status changed: {:?} -> {:?}", seen.status, eval.status));
    }
    seen.status.clone_from(&eval.status);
}

fn report_end(ui: &mut Ui, eval: &Evaluation, verbose: bool) {
    let id = short_id(&eval.id, verbose);
    let end = format!("Evaluation {id:?} finished with status {:?}", eval.status);
    if eval.failed_tg_allocs.is_empty() {
        ui.step(&end);
        return;
    }
    ui.step(&format!("{end} but failed to place all allocations:"));
    let text = tables::failures(&eval.failed_tg_allocs, true);
    for line in text.lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix("  ") {
            Some(reason) => ui.line(format!("      {reason}")),
            None => ui.detail(line),
        }
    }
    if !eval.blocked_eval.is_empty() {
        let blocked = short_id(&eval.blocked_eval, verbose);
        ui.detail(&format!(
            "Evaluation {blocked:?} waiting for additional capacity to place remainder"
        ));
    }
}

/// Prints the deployment at each change until it is over.
async fn follow_deployment(
    api: &Connection,
    ui: &mut Ui,
    id: &str,
    verbose: bool,
) -> Result<Deployment, Failure> {
    ui.step(&format!("Monitoring deployment {:?}", short_id(id, verbose)));
    let mut index = 0;
    let mut printed = String::new();
    loop {
        let Answer { value: deployment, index: now } = next_deployment(api, id, index).await?;
        index = now;
        let mut text = tables::deployment(&deployment, true, verbose, ui.paint);
        if verbose {
            let path = format!("/v1/deployment/allocations/{id}");
            let allocs: Vec<AllocListStub> =
                api.get(&path, &[]).await.during("Error fetching allocations")?.value;
            let rows: Vec<&AllocListStub> = allocs.iter().collect();
            text += &format!(
                "\n\n{}\n{}",
                ui.paint.bold("Allocations"),
                tables::allocs(&rows, true, ui.now_ns())
            );
        }
        if text != printed {
            let stamp = ui.stamp();
            ui.line(format!("    \n{stamp}\n{text}"));
            printed = text;
        }
        if matches!(deployment.status.as_str(), "successful" | "failed" | "cancelled" | "blocked")
            || ui.is_closed()
        {
            return Ok(deployment);
        }
    }
}

/// The deployment after its next change; a broken connection is tried again a few times.
async fn next_deployment(
    api: &Connection,
    id: &str,
    index: u64,
) -> Result<Answer<Deployment>, Failure> {
    let path = format!("/v1/deployment/{id}");
    let index = index.to_string();
    let query = [("index", index.as_str()), ("wait", "60s")];
    let mut attempts = 0;
    loop {
        match api.get(&path, &query).await {
            Err(ApiError::Unreachable { .. }) if attempts < 3 => {
                attempts += 1;
                tokio::time::sleep(POLL).await;
            }
            answer => return answer.during("Error fetching deployment"),
        }
    }
}
