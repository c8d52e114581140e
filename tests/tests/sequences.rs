//! What the real `nomad` command sends for run, plan, status and stop, sent to our agent in the same order:
//! the same statuses, the index in the headers, and documents of the same shape.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::Value;
use steppe_tests::agent::{Agent, fresh_dir, single_node};
use steppe_tests::{images, root, workshop};

/// One command's requests, with `{eval}`, `{deployment}` and `{index}` for what differs from run to run.
#[derive(Deserialize)]
struct Sequence {
    command: String,
    exchanges: Vec<Exchange>,
}

#[derive(Deserialize)]
struct Exchange {
    request: String,
    status: u16,
    endpoint: String,
}

/// What Nomad's answers of one endpoint look like.
#[derive(Deserialize)]
struct Shape {
    /// JSON types by field path; `*` stands for a key of a map, `[]` for an element.
    types: BTreeMap<String, String>,
    /// Top-level fields that every recorded answer has.
    always: Vec<String>,
}

/// What the answers so far say.
#[derive(Default)]
struct Known {
    eval: String,
    deployment: String,
    index: String,
}

fn fixture<T: for<'a> Deserialize<'a>>(name: &str) -> Result<T> {
    let path = root().join("tests/fixtures/nomad").join(name);
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    Ok(serde_json::from_str(&text)?)
}

#[tokio::test]
async fn the_commands_requests_are_answered_as_nomad_does() -> Result<()> {
    images::mysql()?;
    let sequences: BTreeMap<String, Sequence> = fixture("sequences.json")?;
    let shapes: BTreeMap<String, Shape> = fixture("shapes.json")?;
    let dir = fresh_dir("sequences")?;
    std::fs::create_dir(dir.join("mysql-data"))?;
    let volume = "  host_volume \"mysql-vol\" {\n    path = \"./mysql-data\"\n  }";
    let agent = Agent::start_in(dir, &[("agent.hcl", single_node(volume))]).await?;
    agent.nodes_ready(1).await?;
    let mut known = Known::default();
    let mut wrong = Vec::new();
    for name in ["run", "plan", "status", "stop"] {
        let sequence = sequences.get(name).context("a sequence")?;
        for exchange in &sequence.exchanges {
            let place = format!("{}: {}", sequence.command, exchange.request);
            match replay(&agent, exchange, &mut known).await {
                Ok(answer) => {
                    let shape = shapes.get(&exchange.endpoint).context("a shape")?;
                    wrong.extend(
                        differences(&answer, shape).into_iter().map(|d| format!("{place}: {d}")),
                    );
                }
                Err(error) => wrong.push(format!("{place}: {error:#}")),
            }
        }
        if name == "run" {
            agent.api.running(workshop::JOB, 1, 60).await?;
        }
    }
    ensure!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    Ok(())
}

async fn replay(agent: &Agent, exchange: &Exchange, known: &mut Known) -> Result<Value> {
    let request = exchange
        .request
        .replace("{eval}", &known.eval)
        .replace("{deployment}", &known.deployment)
        .replace("{index}", &known.index);
    let (method, path) = request.split_once(' ').context("method and path")?;
    let body: Option<Value> = match (method, path) {
        ("PUT", "/v1/jobs") => Some(fixture("register.json")?),
        ("PUT", _) => Some(fixture("plan.json")?),
        _ => None,
    };
    let http = reqwest::Client::new();
    let mut sent = http.request(method.parse()?, format!("{}{path}", agent.url()));
    if let Some(body) = body {
        sent = sent.json(&body);
    }
    let answer = sent.send().await?;
    let status = answer.status().as_u16();
    let index =
        answer.headers().get("x-nomad-index").and_then(|v| v.to_str().ok()).map(str::to_owned);
    let text = answer.text().await?;
    ensure!(status == exchange.status, "status {status} instead of {}: {text}", exchange.status);
    if method == "GET" {
        known.index = index.context("no X-Nomad-Index")?;
    }
    let answer: Value = serde_json::from_str(&text).with_context(|| text.clone())?;
    if let Some(id) = answer["EvalID"].as_str().filter(|id| !id.is_empty()) {
        known.eval = id.to_owned();
        known.deployment = deployment_of(agent, id).await?;
    }
    Ok(answer)
}

/// The deployment an evaluation belongs to, once it is processed; a stop has the job's last one.
async fn deployment_of(agent: &Agent, eval: &str) -> Result<String> {
    let done = steppe_tests::wait::until(
        "the evaluation is processed",
        std::time::Duration::from_secs(20),
        async || {
            let eval = agent.api.get(&format!("/v1/evaluation/{eval}")).await?;
            ensure!(eval["Status"] == "complete", "it is {}", eval["Status"]);
            Ok(eval)
        },
    );
    let eval = done.await?;
    if let Some(id) = eval["DeploymentID"].as_str().filter(|id| !id.is_empty()) {
        return Ok(id.to_owned());
    }
    let all = agent.api.get("/v1/deployments").await?;
    let id = all[0]["ID"].as_str().context("a deployment")?;
    Ok(id.to_owned())
}

/// Fields that are missing or have a type that Nomad never answers.
fn differences(answer: &Value, shape: &Shape) -> Vec<String> {
    let mut found = Vec::new();
    let elements = match answer {
        Value::Array(list) => list.iter().collect(),
        one => vec![one],
    };
    for element in elements {
        for key in &shape.always {
            if element.get(key).is_none() {
                found.push(format!("{key} is missing"));
            }
        }
    }
    walk(answer, String::new(), shape, &mut found);
    found.sort();
    found.dedup();
    found
}

fn walk(value: &Value, path: String, shape: &Shape, found: &mut Vec<String>) {
    let name = if path.is_empty() { "." } else { path.as_str() };
    if let Some(allowed) = shape.types.get(name) {
        let kind = kind(value);
        let fits = allowed.split('|').any(|a| a == kind || (a == "float" && kind == "int"))
            || (kind == "null" && (allowed.contains("object") || allowed.contains("array")))
            || (kind == "object" && allowed == "null")
            || (kind == "array" && allowed == "null");
        if !fits {
            found.push(format!("{name} is {kind}, Nomad's is {allowed}"));
        }
    }
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Object(map) => {
            let any = below("*");
            for (key, value) in map {
                let exact = below(key);
                let next = if shape.types.contains_key(&exact) { exact } else { any.clone() };
                walk(value, next, shape, found);
            }
        }
        Value::Array(list) => {
            for value in list {
                walk(value, format!("{path}[]"), shape, found);
            }
        }
        _ => {}
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(n) if n.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
