//! An answer as Markdown, for a pull request or a chat: what changes, where it lands, why not, and what would help.

use super::advice::{changed_lines, effect};
use super::{Answer, rooms_text};
use crate::plan::text::{TextOptions, diff_text, failure_lines, ports_text, volumes_text};
use crate::plan::{GroupReport, NodeVerdict, Outcome, Plan};

/// More rows than this are counted instead of listed.
const ROWS_MAX: usize = 50;

/// One answer, with `source` being the job file.
pub fn markdown(answer: &Answer, source: &str) -> String {
    let response = &answer.plan;
    let mut sections = Vec::new();
    if let Some(plan) = &response.steppe_plan {
        sections.push(format!("### Plan of job `{}`\n\n{}", plan.job_id, summary(answer, plan)));
        sections.extend(placements(plan));
        sections.extend(stops(plan));
        sections.extend(reasons(plan));
    }
    sections.extend(advice(answer, source));
    let diff = response.diff.as_ref().map(|diff| diff_text(diff, &TextOptions::default()));
    if let Some(diff) = diff.filter(|text| !text.trim().is_empty()) {
        let body = diff.trim();
        sections.push(format!(
            "<details><summary>Difference to the registered job</summary>\n\n```diff\n{body}\n```\n</details>"
        ));
    }
    sections.join("\n\n") + "\n"
}

fn summary(answer: &Answer, plan: &Plan) -> String {
    let mut parts = Vec::new();
    let mut part = |count: u64, what: &str| {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    };
    let sum = |of: fn(&crate::api::DesiredUpdates) -> u64| {
        plan.desired_updates.values().map(of).sum::<u64>()
    };
    let waiting = plan.queued.values().filter(|n| **n > 0).sum::<i64>().unsigned_abs();
    part(waiting, "cannot be placed");
    part(sum(|u| u.place).saturating_sub(waiting), "create");
    part(sum(|u| u.destructive_update), "create/destroy update");
    part(sum(|u| u.in_place_update), "in-place update");
    part(sum(|u| u.canary), "canary");
    part(sum(|u| u.migrate), "migrate");
    part(sum(|u| u.stop), "destroy");
    part(sum(|u| u.preemptions), "preempt");
    part(sum(|u| u.ignore), "ignore");
    let sign = if answer.is_whole() { "✅" } else { "❌" };
    let text = if parts.is_empty() { "no change".to_owned() } else { parts.join(", ") };
    let rooms = rooms_text(&answer.headroom).replace('\n', "; ");
    let rooms = if rooms.is_empty() { rooms } else { format!("\n\n{rooms}") };
    format!("{sign} **{text}**{rooms}")
}

fn placements(plan: &Plan) -> Option<String> {
    let rows = plan.placements.iter().map(|p| {
        [code(&p.name), p.node_name.clone(), p.datacenter.clone(), ports_text(p), volumes_text(p)]
    });
    let head = ["Allocation", "Node", "Datacenter", "Ports", "Volumes"];
    table("Placements", &head, rows.collect())
}

fn stops(plan: &Plan) -> Option<String> {
    let rows = plan
        .stops
        .iter()
        .map(|stop| [code(&stop.name), stop.node_name.clone(), stop.description.clone()]);
    table("Stops", &["Allocation", "Node", "Reason"], rows.collect())
}

fn reasons(plan: &Plan) -> Option<String> {
    let failed = |group: &&GroupReport| plan.failed_groups.contains_key(&group.name);
    let mut rows = Vec::new();
    for group in plan.groups.iter().filter(failed) {
        let refused = group.nodes.iter().filter(|node| node.outcome != Outcome::Feasible);
        rows.extend(refused.map(|node: &NodeVerdict| {
            [code(&group.name), node.node_name.clone(), failure_lines(node).join("<br>")]
        }));
    }
    table("Why not", &["Group", "Node", "Every reason"], rows)
}

fn advice(answer: &Answer, source: &str) -> Option<String> {
    if answer.suggestions.is_empty() {
        return None;
    }
    let mut out = "**What would help**\n".to_owned();
    for suggestion in &answer.suggestions {
        out += &format!("\n- {} ({})", suggestion.title, effect(suggestion));
        if !suggestion.command.is_empty() {
            out += &format!(": {}", code(&suggestion.command));
        }
        let lines = changed_lines(source, suggestion);
        if !lines.is_empty() {
            let sign = |removed: bool| if removed { '-' } else { '+' };
            let lines: Vec<String> = lines
                .iter()
                .map(|(removed, line)| format!("  {} {line}", sign(*removed)))
                .collect();
            out += &format!("\n  ```diff\n{}\n  ```", lines.join("\n"));
        }
    }
    Some(out)
}

fn table<const N: usize>(title: &str, head: &[&str; N], rows: Vec<[String; N]>) -> Option<String> {
    if rows.is_empty() {
        return None;
    }
    let left = rows.len().saturating_sub(ROWS_MAX);
    let mut lines = vec![format!("**{title}**\n"), line(head), line(&head.map(|_| "---"))];
    lines.extend(
        rows.iter().take(ROWS_MAX).map(|row| {
            line(&row.each_ref().map(|cell| cell.replace('|', "\\|").replace('\n', " ")))
        }),
    );
    if left > 0 {
        lines.push(format!("\n… and {left} more"));
    }
    Some(lines.join("\n"))
}

fn line<T: AsRef<str>>(cells: &[T]) -> String {
    let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
    format!("| {} |", cells.join(" | "))
}

fn code(text: &str) -> String {
    format!("`{text}`")
}
