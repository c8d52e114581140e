//! Every job of the plan corpus is admitted or refused as Nomad did, and defaults are filled in only once.
#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use steppe_planner::diagnostic::has_errors;
use steppe_planner::jobspec::Syntax;
use steppe_planner::semantics::Semantics;
use steppe_planner::{ParseOptions, canonicalize, parse, validate};

fn document(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).expect("a case can be read"))
        .expect("a case is JSON")
}

/// Each job file, with its language and whether Nomad refused it.
fn job_files() -> Vec<(PathBuf, Syntax, bool)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/plan");
    let mut files = Vec::new();
    for case in fs::read_dir(root).expect("the corpus").flatten().map(|entry| entry.path()) {
        let input = document(&case.join("input.json"));
        let expected = document(&case.join("expected.json"));
        let refused =
            expected["admission"]["error"].is_string() || !expected["parse_error"].is_null();
        let hcl1 = input["job"]["parser"] == "hcl1";
        for path in fs::read_dir(&case).expect("a case").flatten().map(|entry| entry.path()) {
            if path.extension().is_some_and(|ending| ending == "nomad") {
                let planned = path.ends_with("input.nomad");
                let syntax = if hcl1 { Syntax::Hcl1 } else { Syntax::Hcl2 };
                files.push((path, syntax, planned && refused));
            }
        }
    }
    files
}

#[test]
fn jobs_are_admitted_as_in_nomad() {
    let files = job_files();
    assert!(files.len() > 300, "the corpus was found");
    for (path, syntax, refused) in files {
        let text = fs::read_to_string(&path).expect("a job file");
        let mut parsed = parse(&text, &ParseOptions { syntax, ..ParseOptions::default() });
        if let Some(job) = &mut parsed.job {
            canonicalize(job, Semantics::of("1.1"));
            parsed.diagnostics.extend(validate(job, &parsed.spans, Semantics::of("1.1")));
        }
        assert_eq!(
            has_errors(&parsed.diagnostics),
            refused,
            "{}: {:?}",
            path.display(),
            parsed.diagnostics
        );
    }
}

#[test]
fn a_second_time_changes_nothing() {
    for (path, syntax, _) in job_files() {
        let text = fs::read_to_string(&path).expect("a job file");
        let Some(mut job) = parse(&text, &ParseOptions { syntax, ..ParseOptions::default() }).job
        else {
            continue;
        };
        canonicalize(&mut job, Semantics::of("1.1"));
        let once = job.clone();
        canonicalize(&mut job, Semantics::of("1.1"));
        assert_eq!(once, job, "{}", path.display());
        // Nor does a trip over the wire.
        let text = serde_json::to_string(&once).expect("a job is JSON");
        let mut again = serde_json::from_str(&text).expect("JSON is a job");
        canonicalize(&mut again, Semantics::of("1.1"));
        assert_eq!(once, again, "{}", path.display());
    }
}

#[test]
fn a_job_without_datacenters_runs_in_all_of_them_since_globs_exist() {
    let written = steppe_planner::api::Job::default();
    let with = |profile: &str| {
        let mut job = written.clone();
        canonicalize(&mut job, Semantics::of(profile));
        job.datacenters
    };
    assert!(with("1.1").is_empty());
    assert_eq!(with("2.0"), ["*"]);
}

#[test]
fn what_only_the_server_writes_begins_anew() {
    let text = r#"{"ID": "a", "Status": "dead", "Version": 3, "SubmitTime": 9, "Dispatched": true, "Stable": true,
        "TaskGroups": [{"Name": "g", "Scaling": {"ID": "x", "Type": "", "Max": 2, "CreateIndex": 5}}]}"#;
    let options = ParseOptions { syntax: Syntax::Json, ..ParseOptions::default() };
    let mut job = parse(text, &options).job.expect("it parses");
    canonicalize(&mut job, Semantics::of("1.1"));
    assert_eq!((job.status.as_deref(), job.version, job.submit_time), (Some(""), Some(0), Some(0)));
    assert!(!job.dispatched && job.stable == Some(false));
    let scaling = job.task_groups[0].scaling.clone().unwrap_or_default();
    assert_eq!((&scaling["ID"], &scaling["Type"]), (&Value::Null, &"horizontal".into()));
    assert_eq!(scaling["CreateIndex"], Value::Null);
}
