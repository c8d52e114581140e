//! Why not, and what would help: each job in `tests/reasons` beside what is told about it on one cluster that has every
//! kind of obstacle.
//!
//! `UPDATE=1` rewrites what is told; read it before you commit it.
#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use steppe_planner::answer::{Answer, answer, markdown, rooms};
use steppe_planner::diagnostic::has_errors;
use steppe_planner::jobspec::edited;
use steppe_planner::plan::{Check, GroupReport, check};
use steppe_planner::semantics::Semantics;
use steppe_planner::snapshot::{Document, Snapshot};
use steppe_planner::{
    ParseOptions, PlanOptions, api, canonicalize, parse, plan, suggest, validate,
};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reasons")
}

fn snapshot() -> Snapshot {
    let text = fs::read_to_string(folder().join("cluster.json")).expect("the cluster");
    let document: Document = serde_json::from_str(&text).expect("a document");
    Snapshot::new(document).expect("a snapshot")
}

fn read(text: &str) -> api::Job {
    let parsed = parse(text, &ParseOptions::default());
    assert!(!has_errors(&parsed.diagnostics), "{:?}", parsed.diagnostics);
    let mut job = parsed.job.expect("a job");
    canonicalize(&mut job, Semantics::default());
    let found = validate(&job, &parsed.spans, Semantics::default());
    assert!(!has_errors(&found), "{found:?}");
    job
}

/// The verdicts that are no success, and the suggestions with the lines they change.
fn told(text: &str, snapshot: &Snapshot) -> String {
    let made = plan(&read(text), snapshot, &PlanOptions::default());
    let mut out = String::new();
    for group in &made.groups {
        verdicts(group, &mut out);
    }
    for suggestion in suggest(text, &ParseOptions::default(), snapshot) {
        let left = suggestion.of - suggestion.waiting;
        let effect = format!("places {left} of {}, fits on {}", suggestion.of, suggestion.nodes);
        writeln!(out, "suggestion: {} ({effect})", suggestion.title).expect("a text");
        let changed = edited(text, &suggestion.edits);
        let before: BTreeSet<&str> = text.lines().collect();
        for line in changed.lines().filter(|line| !before.contains(line)) {
            writeln!(out, "    {}", line.trim()).expect("a text");
        }
        if !suggestion.command.is_empty() {
            writeln!(out, "    $ {}", suggestion.command).expect("a text");
        }
    }
    out
}

fn verdicts(group: &GroupReport, out: &mut String) {
    for node in group.nodes.iter().filter(|node| !node.failures.is_empty()) {
        writeln!(out, "{} ({:?})", node.node_name, node.outcome).expect("a text");
        for failure in &node.failures {
            writeln!(out, "    {}", failure.message).expect("a text");
        }
    }
}

fn jobs() -> Vec<(String, String)> {
    let mut jobs: Vec<(String, String)> = fs::read_dir(folder())
        .expect("the folder")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "nomad"))
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("a job"))
        })
        .collect();
    jobs.sort();
    jobs
}

#[test]
fn every_obstacle_is_told_with_values_and_holders_and_what_would_help() {
    let snapshot = snapshot();
    let mut wrong = Vec::new();
    for (name, text) in jobs() {
        let found = told(&text, &snapshot);
        let beside = folder().join(format!("{name}.txt"));
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&beside, &found).expect("it can be written");
        }
        let wanted = fs::read_to_string(&beside).unwrap_or_default();
        if found != wanted {
            wrong.push(format!("{name}: expected\n{wanted}\nfound\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_plan_can_be_read_in_a_pull_request() {
    let snapshot = snapshot();
    for name in ["everything_at_once", "memory_of_several"] {
        let text = fs::read_to_string(folder().join(format!("{name}.nomad"))).expect("a job");
        let job = read(&text);
        let made = plan(&job, &snapshot, &PlanOptions::default());
        let answer = Answer {
            plan: answer(&job, &snapshot, made, true),
            suggestions: suggest(&text, &ParseOptions::default(), &snapshot),
            headroom: rooms(&job, &snapshot),
            ..Answer::default()
        };
        let found = markdown(&answer, &text);
        let beside = folder().join(format!("{name}.md"));
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&beside, &found).expect("it can be written");
        }
        assert_eq!(found, fs::read_to_string(&beside).unwrap_or_default(), "{name}");
    }
}

#[test]
fn each_check_is_once_the_only_reason_and_once_one_of_several() {
    let snapshot = snapshot();
    let (mut alone, mut beside) = (BTreeSet::new(), BTreeSet::new());
    for (_, text) in jobs() {
        let made = plan(&read(&text), &snapshot, &PlanOptions::default());
        for node in made.groups.iter().flat_map(|group| &group.nodes) {
            let checks: BTreeSet<Check> = node.failures.iter().map(|f| f.check).collect();
            if checks.len() == 1 {
                alone.extend(checks);
            } else {
                beside.extend(checks);
            }
        }
    }
    let all = [
        Check::Status,
        Check::Drain,
        Check::Eligibility,
        Check::Datacenter,
        Check::NodePool,
        Check::Constraint,
        Check::Driver,
        Check::HostVolume,
        Check::Device,
        Check::Network,
        Check::SecretsProvider,
        Check::CsiVolume,
        Check::DistinctHosts,
        Check::DistinctProperty,
        Check::Port,
        Check::Bandwidth,
        Check::Cores,
        Check::Allocations,
        Check::Cpu,
        Check::Memory,
        Check::Disk,
    ];
    let missing = |seen: &BTreeSet<Check>| -> Vec<Check> {
        all.into_iter().filter(|check| !seen.contains(check)).collect()
    };
    assert_eq!((missing(&alone), missing(&beside)), (Vec::new(), Vec::new()));
}

#[test]
fn a_suggestion_applied_plans_as_it_promised() {
    let snapshot = snapshot();
    let mut applied = 0;
    for (name, text) in jobs() {
        let before = plan(&read(&text), &snapshot, &PlanOptions::default());
        let waiting: i64 = before.queued.values().sum();
        for suggestion in suggest(&text, &ParseOptions::default(), &snapshot) {
            if suggestion.edits.is_empty() {
                continue;
            }
            let changed = read(&edited(&text, &suggestion.edits));
            let made = plan(&changed, &snapshot, &PlanOptions::default());
            let left: i64 = made.queued.values().sum();
            assert_eq!((suggestion.waiting, suggestion.of), (left, waiting), "{name}");
            assert!(left < waiting, "{name}: {}", suggestion.title);
            assert_eq!(check(&made, &snapshot, &changed), Vec::<String>::new());
            applied += 1;
        }
    }
    assert!(applied > 25, "{applied} suggestions were made");
}
