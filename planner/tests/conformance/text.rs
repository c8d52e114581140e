//! Compares the difference of the versions and what the command line prints with Nomad's.

use serde_json::{Value as Json, json};
use steppe_planner::api::{AllocListStub, JobPlanResponse, PlanAnnotations};
use steppe_planner::diff::{annotate, diff};
use steppe_planner::plan::Plan;
use steppe_planner::plan::text::{TextOptions, makes_changes, plan_text};

use crate::case::Differences;
use crate::input::Input;
use crate::rules::{Rules, remembered_text_edits_groups};

/// Checks difference, exit code and text.
pub(crate) fn check(
    expected: &Json,
    made: &Plan,
    input: &Input,
    rules: &Rules,
    differences: &mut Differences,
) {
    let answer = answer(expected, made, input);
    let found = json!(answer.diff);
    if let Some(difference) = first_difference("diff", &expected["diff"], &found) {
        differences.push(difference);
    }
    let code = i64::from(makes_changes(&made.desired_updates));
    if expected["cli"]["exit_code"].as_i64() != Some(code) {
        differences
            .push(format!("exit code: expected {}, found {code}", expected["cli"]["exit_code"]));
    }
    // Nomad's text belongs to its run with the class cache; where that cache matters, only what it cannot touch counts.
    let cached = !expected["greedy_uncached"].is_null();
    let metrics = !expected["failed_tg_allocs_uncached"].is_null() || rules.silent_preemption;
    for (key, verbose) in [("text", false), ("text_verbose", true)] {
        let Some(wanted) = expected["cli"][key].as_str() else { continue };
        let options = TextOptions { verbose, ..TextOptions::default() };
        let found = plan_text(&answer, &made.job_type, &options);
        let (wanted, found) = (lines(wanted, cached, metrics), lines(&found, cached, metrics));
        if let Some((a, b)) = wanted.iter().zip(&found).find(|(a, b)| a != b) {
            differences.push(format!("{key}: expected line {a:?}, found {b:?}"));
        } else if wanted.len() != found.len() {
            differences.push(format!(
                "{key}: expected {} lines, found {}",
                wanted.len(),
                found.len()
            ));
        }
    }
}

fn answer(expected: &Json, made: &Plan, input: &Input) -> JobPlanResponse {
    let mut wanted = input.job.clone();
    if input.stop {
        wanted.stop = Some(true);
    }
    let mut difference = diff(input.old.as_ref(), Some(&wanted));
    annotate(&mut difference, &made.desired_updates);
    remembered_text_edits_groups(&wanted, &expected["diff"], &mut difference);
    let document = &input.document;
    let evicted = made.placements.iter().flat_map(|p| &p.preempted);
    let evicted = evicted.filter_map(|id| made.stops.iter().find(|s| s.alloc_id == *id));
    let preempted = evicted.map(|stop| {
        let alloc = document.allocations.iter().find(|a| a.id == stop.alloc_id);
        let job =
            alloc.and_then(|a| document.jobs.iter().find(|j| j.id.as_ref() == Some(&a.job_id)));
        AllocListStub {
            id: stop.alloc_id.clone(),
            name: stop.name.clone(),
            task_group: stop.group.clone(),
            namespace: "default".to_owned(),
            job_id: alloc.map(|a| a.job_id.clone()).unwrap_or_default(),
            job_type: job.and_then(|j| j.kind.clone()).unwrap_or_default(),
            ..AllocListStub::default()
        }
    });
    JobPlanResponse {
        annotations: Some(PlanAnnotations {
            desired_tg_updates: made.desired_updates.clone(),
            preempted_allocs: preempted.collect(),
        }),
        failed_tg_allocs: made.failed_groups.clone(),
        job_modify_index: made.job_modify_index,
        created_evals: made
            .created_evals
            .iter()
            .map(|e| steppe_planner::api::Evaluation {
                triggered_by: e.triggered_by.clone(),
                status: e.status.clone(),
                status_description: e.status_description.clone(),
                wait: Some(e.wait).filter(|wait| *wait > 0),
                ..steppe_planner::api::Evaluation::default()
            })
            .collect(),
        diff: Some(difference),
        warnings: expected["admission"]["warnings"].as_str().unwrap_or_default().to_owned(),
        ..JobPlanResponse::default()
    }
}

/// The lines that are compared; lists of metrics are sorted, as they are in the corpus.
fn lines(text: &str, cached: bool, metrics: bool) -> Vec<String> {
    let text = if cached { text.split("Scheduler dry-run:").next().unwrap_or(text) } else { text };
    let mut lines: Vec<String> = Vec::new();
    let mut block: Vec<String> = Vec::new();
    for line in text.trim_end().lines() {
        if line.starts_with("    * ") {
            block.push(line.to_owned());
            continue;
        }
        block.sort();
        lines.append(&mut block);
        lines.push(line.trim_end().to_owned());
    }
    block.sort();
    lines.append(&mut block);
    lines.retain(|line| !metrics || !(line.starts_with("    * ") || line.is_empty()));
    lines
}

fn is_nothing(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Array(list) => list.is_empty(),
        Json::Object(map) => map.is_empty(),
        Json::String(text) => text.is_empty(),
        Json::Bool(_) | Json::Number(_) => false,
    }
}

/// The first place where two documents differ; null and empty are the same.
fn first_difference(at: &str, wanted: &Json, found: &Json) -> Option<String> {
    match (wanted, found) {
        _ if is_nothing(wanted) && is_nothing(found) => None,
        (Json::Object(a), Json::Object(b)) => {
            let none = Json::Null;
            a.keys().chain(b.keys()).find_map(|key| {
                let (a, b) = (a.get(key).unwrap_or(&none), b.get(key).unwrap_or(&none));
                first_difference(&format!("{at}.{key}"), a, b)
            })
        }
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .find_map(|(i, (a, b))| first_difference(&format!("{at}[{i}]"), a, b)),
        _ if wanted == found => None,
        _ => Some(format!("{at}: expected {wanted}, found {found}")),
    }
}
