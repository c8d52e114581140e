//! The dry run: what could not be placed, by Nomad's metrics, and what would be preempted.

use std::collections::BTreeMap;

use super::columns::table;
use super::paint::{Color, Paint};
use crate::Map;
use crate::api::{AllocListStub, AllocMetric, DesiredUpdates, JobPlanResponse};
use crate::duration;
use crate::quote::quote;

/// From this many on, preempted allocations are counted instead of listed.
const PREEMPTIONS_LISTED: usize = 10;

/// True if the plan starts or ends an allocation: `job plan` exits with 1 then.
pub fn makes_changes(desired: &Map<DesiredUpdates>) -> bool {
    // Not added up: Nomad's own count can fall below zero, which is the largest number there is.
    desired.values().any(|u| {
        [u.stop, u.place, u.migrate, u.destructive_update, u.canary].iter().any(|count| *count > 0)
    })
}

/// The lines below "Scheduler dry-run:".
pub fn dry_run_text(answer: &JobPlanResponse, job_type: &str, paint: Paint) -> String {
    let rolling = answer.created_evals.iter().find(|eval| eval.triggered_by == "rolling-update");
    let mut out = String::new();
    if answer.failed_tg_allocs.is_empty() {
        out += &paint.bold_color(Color::Green, "- All tasks successfully allocated.");
        out.push('\n');
    } else {
        let warning = match job_type {
            "system" => "- WARNING: Failed to place allocations on all nodes.",
            _ => "- WARNING: Failed to place all allocations.",
        };
        out += &paint.bold_color(Color::Yellow, warning);
        out.push('\n');
        let groups: Vec<String> = answer
            .failed_tg_allocs
            .iter()
            .map(|(name, metric)| failed_group_text(name, metric, paint))
            .collect();
        out += &groups.join("\n");
        if rolling.is_some() {
            out.push('\n');
        }
    }
    if let Some(wait) = rolling.and_then(|eval| eval.wait) {
        let text = duration::text(wait);
        let text = format!("- Rolling update, next evaluation will be in {text}.");
        out += &paint.color(Color::Green, &text);
        out.push('\n');
    }
    if let Some(next) = answer.next_periodic_launch.as_deref().filter(|n| !n.starts_with("0001-")) {
        let text = format!("- If submitted now, next periodic launch would be at {next}.");
        out += &paint.color(Color::Green, &text);
        out.push('\n');
    }
    out.truncate(out.trim_end_matches('\n').len());
    // A group without any reason leaves its line open, as Nomad does.
    if answer.failed_tg_allocs.values().next_back().is_some_and(|m| metrics_text(m, "").is_empty())
    {
        out.push('\n');
    }
    out
}

fn failed_group_text(name: &str, metric: &AllocMetric, paint: Paint) -> String {
    let count = metric.coalesced_failures + 1;
    let noun = if count > 1 { "allocations" } else { "allocation" };
    let title = format!("Task Group {} (failed to place {count} {noun}):", quote(name));
    let reasons = metrics_text(metric, "    ");
    format!("  {}\n{}\n", paint.color(Color::Yellow, &title), paint.color(Color::Yellow, &reasons))
}

/// Nomad's counts, one line each, without a final newline.
pub fn metrics_text(metric: &AllocMetric, indent: &str) -> String {
    let mut lines = Vec::new();
    if metric.nodes_evaluated == 0 {
        lines.push("No nodes were eligible for evaluation".to_owned());
    }
    for (datacenter, _) in metric.nodes_available.iter().filter(|(_, count)| **count == 0) {
        lines.push(format!("No nodes are available in datacenter {}", quote(datacenter)));
    }
    for (class, count) in &metric.class_filtered {
        lines.push(format!("Class {}: {count} nodes excluded by filter", quote(class)));
    }
    for (constraint, count) in &metric.constraint_filtered {
        lines.push(format!("Constraint {}: {count} nodes excluded by filter", quote(constraint)));
    }
    if metric.nodes_exhausted > 0 {
        lines.push(format!("Resources exhausted on {} nodes", metric.nodes_exhausted));
    }
    for (class, count) in &metric.class_exhausted {
        lines.push(format!("Class {} exhausted on {count} nodes", quote(class)));
    }
    for (dimension, count) in &metric.dimension_exhausted {
        lines.push(format!("Dimension {} exhausted on {count} nodes", quote(dimension)));
    }
    for quota in &metric.quota_exhausted {
        lines.push(format!("Quota limit hit {}", quote(quota)));
    }
    let lines: Vec<String> = lines.into_iter().map(|line| format!("{indent}* {line}")).collect();
    lines.join("\n")
}

/// Each preempted allocation, or counts when there are many.
pub(super) fn preemptions_text(allocs: &[AllocListStub]) -> String {
    let row = |cells: &[&str]| -> Vec<String> { cells.iter().map(|c| (*c).to_owned()).collect() };
    if allocs.len() < PREEMPTIONS_LISTED {
        let mut rows = vec![row(&["Alloc ID", "Job ID", "Task Group"])];
        rows.extend(allocs.iter().map(|a| row(&[&a.id, &a.job_id, &a.task_group])));
        return table(&rows);
    }
    let mut jobs: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    let mut types: BTreeMap<&str, usize> = BTreeMap::new();
    for alloc in allocs {
        *jobs.entry((&alloc.job_type, &alloc.namespace, &alloc.job_id)).or_default() += 1;
        *types.entry(&alloc.job_type).or_default() += 1;
    }
    let mut rows = Vec::new();
    if jobs.len() < PREEMPTIONS_LISTED {
        rows.push(row(&["Job ID", "Namespace", "Job Type", "Preemptions"]));
        for ((kind, namespace, job), count) in jobs {
            rows.push(row(&[job, namespace, kind, &count.to_string()]));
        }
    } else {
        rows.push(row(&["Job Type", "Preemptions"]));
        rows.extend(types.iter().map(|(kind, count)| row(&[kind, &count.to_string()])));
    }
    table(&rows)
}
