//! Compares a parsed, canonicalized and validated job file with what Nomad made of it.

use std::fs;
use std::path::Path;

use serde_json::Value as Json;
use steppe_planner::diagnostic::{Severity, has_errors};
use steppe_planner::jobspec::Syntax;
use steppe_planner::semantics::Semantics;
use steppe_planner::{Map, Named, ParseOptions, canonicalize, parse, validate};

use crate::case::Differences;

/// Checks one case.
pub(crate) fn check(folder: &Path) -> Differences {
    let case = read(folder, "case.json");
    let expected = read(folder, "expected.json");
    let file = case["file"].as_str().unwrap_or("input.nomad");
    let bytes = fs::read(folder.join(file)).expect("the input can be read");
    let text = String::from_utf8_lossy(&bytes);
    let parsed = parse(&text, &options(folder, &case));
    let errors: Vec<&str> = parsed
        .diagnostics
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .map(|problem| problem.message.as_str())
        .collect();
    if let Some(error) = expected["parse"]["error"].as_str() {
        return if errors.is_empty() {
            vec![format!("parses, but must not: {error}")]
        } else {
            Vec::new()
        };
    }
    if !errors.is_empty() {
        return vec![format!("does not parse: {}", errors.join("; "))];
    }
    let Some(mut job) = parsed.job else { return vec!["gives no job".to_owned()] };
    let mut differences = Differences::new();
    let written = serde_json::to_value(&job).expect("a job is JSON");
    compare("parse", &expected["parse"]["job"], &written, &mut differences);
    canonicalize(&mut job, Semantics::of("1.1"));
    let findings = validate(&job, &parsed.spans, Semantics::of("1.1"));
    let server = &expected["server"];
    if server["error"].is_string() {
        let wanted: Vec<String> = leaves(&server["errors"]);
        let found: Vec<String> = messages(&findings, Severity::Error);
        texts("error", &wanted, &found, &mut differences);
    } else {
        if has_errors(&findings) {
            differences
                .push(format!("is refused: {}", messages(&findings, Severity::Error).join("; ")));
        }
        let registered = serde_json::to_value(&job).expect("a job is JSON");
        compare("server", &server["job"], &registered, &mut differences);
        let mut wanted = leaves(&server["warning_list"]);
        // Told by whoever knows the scheduler's configuration, which a job file does not.
        wanted.retain(|warning| !warning.starts_with("Memory oversubscription is not enabled"));
        let found = messages(&findings, Severity::Warning);
        texts("warning", &wanted, &found, &mut differences);
    }
    differences
}

fn read(folder: &Path, name: &str) -> Json {
    let text = fs::read_to_string(folder.join(name)).expect("the case can be read");
    serde_json::from_str(&text).expect("the case is JSON")
}

fn options(folder: &Path, case: &Json) -> ParseOptions {
    let strings = |key: &str| -> Vec<String> {
        let list = case[key].as_array().map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(Json::as_str).map(str::to_owned).collect()
    };
    let pair = |text: &String| {
        text.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let content = |name: &String| Some((name.clone(), fs::read_to_string(folder.join(name)).ok()?));
    let named = |(name, text): (String, String)| Named { name, text };
    let allow_files = case["allow_fs"].as_bool().unwrap_or(true);
    let mut files = Map::new();
    if allow_files {
        files.extend(content(&"data.txt".to_owned()));
    }
    ParseOptions {
        syntax: match case["parser"].as_str() {
            Some("hcl1") => Syntax::Hcl1,
            Some("api-json") => Syntax::Json,
            _ => Syntax::Hcl2,
        },
        vars: strings("vars").iter().filter_map(pair).map(named).collect(),
        var_files: strings("var_files").iter().filter_map(content).map(named).collect(),
        env: strings("env").iter().filter_map(pair).collect(),
        files,
        allow_files,
        ..ParseOptions::default()
    }
}

fn messages(
    findings: &[steppe_planner::diagnostic::Diagnostic],
    severity: Severity,
) -> Vec<String> {
    findings
        .iter()
        .filter(|problem| problem.severity == severity)
        .map(|problem| problem.message.trim().to_owned())
        .collect()
}

/// The innermost sentences of Nomad's nested lists of errors.
///
/// Each level is `CONTEXT: N error(s) occurred:` with its items behind `* `; contexts are not part of a sentence.
fn leaves(list: &Json) -> Vec<String> {
    let items = list.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut found = Vec::new();
    for item in items.iter().filter_map(Json::as_str) {
        for line in item.lines() {
            let line = line.trim().trim_start_matches("* ").trim();
            if !line.is_empty() && !line.ends_with("occurred:") {
                found.push(line.to_owned());
            }
        }
    }
    found
}

/// Every wanted sentence must be told, and nothing else.
fn texts(what: &str, wanted: &[String], found: &[String], differences: &mut Differences) {
    for sentence in wanted.iter().filter(|sentence| !found.contains(sentence)) {
        differences.push(format!("lacks the {what}: {sentence}"));
    }
    for sentence in found.iter().filter(|sentence| !wanted.contains(sentence)) {
        differences.push(format!("has the {what}: {sentence}"));
    }
}

/// Compares two documents; absent, null and Go's zero value are the same.
fn compare(path: &str, wanted: &Json, found: &Json, differences: &mut Differences) {
    match (wanted, found) {
        (Json::Object(wanted), Json::Object(found)) => {
            for (key, value) in wanted {
                compare(
                    &format!("{path}.{key}"),
                    value,
                    found.get(key).unwrap_or(&Json::Null),
                    differences,
                );
            }
            for (key, value) in
                found.iter().filter(|(key, value)| !wanted.contains_key(*key) && !is_zero(value))
            {
                differences.push(format!("{path}.{key}: nothing expected, got {value}"));
            }
        }
        (Json::Array(wanted), Json::Array(found)) if wanted.len() == found.len() => {
            for (at, (wanted, found)) in wanted.iter().zip(found).enumerate() {
                compare(&format!("{path}[{at}]"), wanted, found, differences);
            }
        }
        (wanted, found) if is_zero(wanted) && is_zero(found) => {}
        (Json::Object(wanted), Json::Null) => {
            compare(
                path,
                &Json::Object(wanted.clone()),
                &Json::Object(Default::default()),
                differences,
            );
        }
        (Json::Number(wanted), Json::Number(found)) if wanted.as_f64() == found.as_f64() => {}
        (wanted, found) if wanted == found => {}
        (wanted, found) => differences.push(format!("{path}: expected {wanted}, got {found}")),
    }
}

fn is_zero(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Bool(flag) => !flag,
        Json::Number(number) => number.as_f64() == Some(0.0),
        Json::String(text) => text.is_empty(),
        Json::Array(values) => values.is_empty(),
        Json::Object(values) => values.values().all(is_zero),
    }
}
