//! Native and wasm are one planner: the same corpus, byte for byte, and a JavaScript library that works.
//!
//! Needs the planner built for Node (`cargo xtask planner-node`) and Node itself.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use serde_json::{Value, json};
use steppe_planner::wire;

fn planner() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../planner")
}

/// The module that `cargo xtask planner-node` builds.
fn module() -> PathBuf {
    let path = planner().join("../target/planner-node/steppe_planner.js");
    assert!(
        path.is_file(),
        "the planner is not built for Node: run `cargo xtask planner-node` first"
    );
    path
}

/// One call, with what the native planner answers.
struct Call {
    name: String,
    request: Value,
    native: Result<String, String>,
}

impl Call {
    fn parse(name: &str, text: &str, options: &Value) -> Call {
        let options = options.to_string();
        Call {
            name: format!("parse {name}"),
            request: json!({"call": "parseText", "arguments": [text, options]}),
            native: wire::parse(text, &options),
        }
    }

    fn plan(name: &str, job: &str, snapshot: &str, options: &Value) -> Call {
        let options = options.to_string();
        Call {
            name: format!("plan {name}"),
            request: json!({"call": "planText", "arguments": [job, snapshot, options]}),
            native: wire::plan(job, snapshot, &options),
        }
    }
}

fn folders(suite: &str) -> Vec<PathBuf> {
    let root = planner().join("tests/conformance").join(suite);
    let mut folders: Vec<PathBuf> = fs::read_dir(&root)
        .expect("the corpus is there")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    folders.sort();
    folders
}

fn document(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).expect("a case can be read"))
        .expect("a case is JSON")
}

fn name_of(folder: &Path) -> String {
    folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Every file of the parse corpus in every language, as itself and cut off in the middle.
fn parse_calls() -> Vec<Call> {
    let mut calls = Vec::new();
    for folder in folders("parse") {
        let case = document(&folder.join("case.json"));
        let bytes = fs::read(folder.join(case["file"].as_str().unwrap_or("input.nomad")))
            .expect("an input");
        let text = String::from_utf8_lossy(&bytes);
        let pairs = |key: &str| -> Vec<Value> {
            let list = case[key].as_array().cloned().unwrap_or_default();
            let pair = |text: &Value| {
                text.as_str()?.split_once('=').map(|(name, value)| json!([name, value]))
            };
            list.iter().filter_map(pair).collect()
        };
        for syntax in ["Auto", "Hcl2", "Hcl1", "Json"] {
            let options = json!({"syntax": syntax, "vars": pairs("vars")});
            calls.push(Call::parse(&format!("{} {syntax}", name_of(&folder)), &text, &options));
        }
        let half: String = text.chars().take(text.chars().count() / 2).collect();
        calls.push(Call::parse(&format!("{} half", name_of(&folder)), &half, &json!({})));
    }
    calls
}

/// Every job of the plan corpus against its cluster.
fn plan_calls() -> Vec<Call> {
    let mut calls = Vec::new();
    for folder in folders("plan") {
        let input = document(&folder.join("input.json"));
        let Ok(text) = fs::read_to_string(folder.join("input.nomad")) else { continue };
        let answer = wire::parse(&text, "").expect("options are fine");
        let answer: Value = serde_json::from_str(&answer).expect("an answer is JSON");
        if answer["job"].is_null() {
            continue;
        }
        let snapshot = json!({
            "Version": 1,
            "Profile": "1.1",
            "Nodes": input["nodes"],
            "Allocations": [],
            "SchedulerConfig": input["scheduler_config"],
        });
        let options = json!({"stop": input["op"] == "stop"});
        calls.push(Call::plan(
            &name_of(&folder),
            &answer["job"].to_string(),
            &snapshot.to_string(),
            &options,
        ));
    }
    calls
}

/// Asks the wasm build the same, in one Node process.
fn answers(calls: &[Call]) -> Vec<Value> {
    let mut node = Command::new("node")
        .arg(planner().join("tests/node/answer.cjs"))
        .arg(module())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node starts");
    let mut stdin = node.stdin.take().expect("standard input is piped");
    let stdout = node.stdout.take().expect("standard output is piped");
    let lines: Vec<String> = calls.iter().map(|call| format!("{}\n", call.request)).collect();
    let writer = thread::spawn(move || {
        for line in lines {
            stdin.write_all(line.as_bytes()).expect("Node reads");
        }
    });
    let read = |line: std::io::Result<String>| {
        serde_json::from_str(&line.expect("Node writes")).expect("JSON")
    };
    let answers = BufReader::new(stdout).lines().map(read).collect();
    writer.join().expect("all calls were written");
    assert!(node.wait().expect("Node ends").success());
    answers
}

/// Fails with the surroundings of the first byte that differs.
fn differ(name: &str, native: &str, wasm: &str) {
    let at = native
        .bytes()
        .zip(wasm.bytes())
        .position(|(a, b)| a != b)
        .unwrap_or(native.len().min(wasm.len()));
    let near = |text: &str| {
        let bytes = text.as_bytes();
        String::from_utf8_lossy(&bytes[at.saturating_sub(120)..(at + 120).min(bytes.len())])
            .into_owned()
    };
    panic!("{name}: byte {at}\nnative: …{}…\nwasm:   …{}…", near(native), near(wasm));
}

fn compare(calls: &[Call]) {
    let answers = answers(calls);
    assert_eq!(answers.len(), calls.len(), "Node answers every call");
    for (call, answer) in calls.iter().zip(&answers) {
        let wasm = match &answer["ok"] {
            Value::String(text) => Ok(text.as_str()),
            _ => Err(answer["error"].as_str().unwrap_or_default()),
        };
        let native = call.native.as_deref().map_err(String::as_str);
        if native != wasm {
            differ(
                &call.name,
                native.unwrap_or_else(|error| error),
                wasm.unwrap_or_else(|error| error),
            );
        }
    }
}

#[test]
fn native_and_wasm_parse_alike() {
    let calls = parse_calls();
    assert!(calls.len() > 1000, "the corpus was found");
    compare(&calls);
}

#[test]
fn native_and_wasm_plan_alike() {
    let calls = plan_calls();
    assert!(calls.len() > 250, "the corpus was found");
    compare(&calls);
}

#[test]
fn the_javascript_library_works() {
    let output = Command::new("node")
        .arg(planner().join("tests/node/smoke.cjs"))
        .arg(module())
        .output()
        .expect("Node starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
}
