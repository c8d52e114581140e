//! Compares what a user is shown of a plan: the difference of the job versions, and the text of `job plan`.
//!
//! The decisions are taken from what Nomad decided, so that this judges the showing alone.

use std::fs;
use std::path::Path;

use serde_json::Value as Json;
use steppe_planner::api::{
    AllocListStub, AllocMetric, DesiredUpdates, Evaluation, Job, JobDiff, JobPlanResponse,
    PlanAnnotations,
};
use steppe_planner::diff::annotate;
use steppe_planner::plan::text::{TextOptions, makes_changes, plan_text};
use steppe_planner::semantics::Semantics;
use steppe_planner::{Map, canonicalize, diff, parse};

use crate::case::Differences;
use crate::rules::remembered_text_edits_groups;

/// Checks the annotated difference of one case.
pub(crate) fn check_diff(folder: &Path) -> Differences {
    let Some(case) = Case::read(folder) else { return Differences::new() };
    let wanted: JobDiff = of(&case.expected["diff"]);
    let found = case.diff();
    if wanted == found {
        return Differences::new();
    }
    let lines = |diff: &JobDiff| -> Vec<String> {
        let text = serde_json::to_string_pretty(diff).expect("a difference is JSON");
        text.lines().map(str::to_owned).collect()
    };
    first_differences(&lines(&wanted), &lines(&found))
}

/// Checks the text of one case, short and verbose, and the exit code.
pub(crate) fn check_text(folder: &Path) -> Differences {
    let Some(case) = Case::read(folder) else { return Differences::new() };
    let cli = &case.expected["cli"];
    let Some(short) = cli["text"].as_str() else { return Differences::new() };
    let answer = case.answer();
    let mut differences = Differences::new();
    for (verbose, wanted) in [(false, Some(short)), (true, cli["text_verbose"].as_str())] {
        let options = TextOptions { verbose, ..TextOptions::default() };
        let found = plan_text(&answer, case.kind(), &options);
        let wanted = wanted.unwrap_or(short);
        // The corpus keeps one of the empty lines at the end.
        let (found, wanted) = (found.trim_end(), wanted.trim_end());
        if found != wanted {
            let lines = |text: &str| text.split('\n').map(str::to_owned).collect::<Vec<_>>();
            differences.extend(first_differences(&lines(wanted), &lines(found)));
        }
    }
    let changes = answer.annotations.is_some_and(|a| makes_changes(&a.desired_tg_updates));
    if cli["exit_code"].as_i64() != Some(i64::from(changes)) {
        differences.push(format!("exit code: wanted {}, found {changes}", cli["exit_code"]));
    }
    differences
}

/// A case whose job gets as far as planning.
struct Case {
    expected: Json,
    old: Option<Job>,
    new: Job,
    jobs: Json,
}

impl Case {
    fn read(folder: &Path) -> Option<Case> {
        let json = |name: &str| -> Json {
            let text = fs::read_to_string(folder.join(name)).expect("a case can be read");
            serde_json::from_str(&text).expect("a case is JSON")
        };
        let (input, expected) = (json("input.json"), json("expected.json"));
        if expected["diff"].is_null() {
            return None;
        }
        let mut new = job(folder, &input["job"]);
        if input["op"] == "stop" {
            new.stop = Some(true);
        }
        let existing = input["existing_jobs"].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut registered =
            existing.iter().map(|entry| job(folder, entry)).filter(|j| j.id == new.id);
        Some(Case { old: registered.next_back(), new, jobs: input["allocs"].clone(), expected })
    }

    fn kind(&self) -> &str {
        self.new.kind.as_deref().unwrap_or_default()
    }

    fn diff(&self) -> JobDiff {
        let mut found = diff(self.old.as_ref(), Some(&self.new));
        annotate(&mut found, &self.desired());
        remembered_text_edits_groups(&self.new, &self.expected["diff"], &mut found);
        found
    }

    fn desired(&self) -> Map<DesiredUpdates> {
        of(&self.expected["greedy"]["desired_tg_updates"])
    }

    fn answer(&self) -> JobPlanResponse {
        let greedy = &self.expected["greedy"];
        let failed: Option<Map<AllocMetric>> = of(&greedy["failed_tg_allocs"]);
        JobPlanResponse {
            annotations: Some(PlanAnnotations {
                desired_tg_updates: self.desired(),
                preempted_allocs: self.preempted(),
            }),
            failed_tg_allocs: failed.unwrap_or_default(),
            created_evals: self.evals(),
            diff: Some(self.diff()),
            warnings: self.expected["admission"]["warnings"].as_str().unwrap_or_default().into(),
            ..JobPlanResponse::default()
        }
    }

    /// The evaluations the plan asks for; only seconds are ever waited for.
    fn evals(&self) -> Vec<Evaluation> {
        let planned = self.expected["greedy"]["created_evals"].as_array();
        let seconds = |eval: &Json| eval["wait"].as_str()?.strip_suffix('s')?.parse::<i64>().ok();
        planned
            .into_iter()
            .flatten()
            .map(|eval| Evaluation {
                triggered_by: eval["triggered_by"].as_str().unwrap_or_default().to_owned(),
                wait: seconds(eval).map(|s| s * 1_000_000_000),
                ..Evaluation::default()
            })
            .collect()
    }

    /// The allocations that the placements evict, in their order.
    fn preempted(&self) -> Vec<AllocListStub> {
        let placements = self.expected["greedy"]["placements"].as_array();
        let ids = placements
            .into_iter()
            .flatten()
            .filter_map(|p| p["preempted"].as_array())
            .flatten()
            .filter_map(Json::as_str);
        ids.map(|id| {
            let allocs = self.jobs.as_array().into_iter().flatten();
            let alloc = allocs.into_iter().find(|a| a["ID"] == id).cloned().unwrap_or_default();
            AllocListStub {
                id: id.to_owned(),
                job_id: alloc["JobID"].as_str().unwrap_or_default().to_owned(),
                task_group: alloc["TaskGroup"].as_str().unwrap_or_default().to_owned(),
                namespace: "default".to_owned(),
                job_type: "service".to_owned(),
                ..AllocListStub::default()
            }
        })
        .collect()
    }
}

fn of<T: serde::de::DeserializeOwned + Default>(value: &Json) -> T {
    serde_json::from_value(value.clone()).unwrap_or_default()
}

/// A job of the input: a file, or a document.
fn job(folder: &Path, entry: &Json) -> Job {
    let mut job = match entry["file"].as_str() {
        None => of(&entry["json"]),
        Some(file) => {
            let text = fs::read_to_string(folder.join(file)).expect("a job can be read");
            parse(&text, &super::input::options(entry)).job.unwrap_or_default()
        }
    };
    canonicalize(&mut job, Semantics::of("1.1"));
    job
}

fn first_differences(wanted: &[String], found: &[String]) -> Differences {
    let same = wanted.iter().zip(found).take_while(|(a, b)| a == b).count();
    let around = |lines: &[String]| -> Vec<String> {
        lines.iter().skip(same.saturating_sub(2)).take(5).cloned().collect()
    };
    vec![format!("wanted:  {:?}", around(wanted)), format!("found:   {:?}", around(found))]
}
