//! The requests of the real command line, recorded against the real Nomad, replayed against our router.

use std::collections::BTreeMap;
use steppe_planner::Map;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::shapes;
use super::support::{TestAgent, request, web};

/// Replays one recorded command; gives the last answer that was 200.
async fn replay(agent: &TestAgent, command: &str, job: &Value) -> Value {
    let recorded: Map<Vec<String>> =
        serde_json::from_str(include_str!("../fixtures/nomad-sequences.json")).expect("fixture");
    let exchanges = recorded.get(command).expect("recorded");
    let job_id = job["ID"].as_str().expect("ID");
    let mut seen: BTreeMap<&str, String> = BTreeMap::from([("{job}", job_id.to_owned())]);
    let mut last = Value::Null;
    for exchange in exchanges {
        let mut parts = exchange.split(' ');
        let method = parts.next().expect("method");
        let mut path = parts.next().expect("path").to_owned();
        let status: u16 = parts.next().expect("status").parse().expect("number");
        let endpoint = path.split('?').next().expect("path").replace("{eval}", "{id}");
        let endpoint = format!("{method} {}", endpoint.replace("{deployment}", "{id}"));
        for (name, value) in &seen {
            path = path.replace(name, value);
        }
        let body = match endpoint.as_str() {
            "PUT /v1/jobs" if command.contains("-check-index 5") => {
                Some(json!({"Job": job, "EnforceIndex": true, "JobModifyIndex": 5}))
            }
            "PUT /v1/jobs" => Some(json!({"Job": job, "Region": "", "Namespace": ""})),
            "PUT /v1/job/{job}/plan" => Some(json!({"Job": job, "Diff": true})),
            _ => None,
        };
        let answer = agent.send(request(method, &path, body.as_ref())).await;
        assert_eq!(answer.status.as_u16(), status, "{exchange}: {}", answer.text());
        if answer.status != StatusCode::OK {
            last = Value::String(answer.text().to_owned());
            continue;
        }
        last = answer.json();
        shapes::check(&endpoint, &last);
        remember(&mut seen, &last, answer.index());
        if endpoint == "GET /v1/evaluation/{id}" && last["Status"] != "complete" {
            // The command line polls every second; here the next request waits for the end.
            let eval = format!("/v1/evaluation/{}", last["ID"].as_str().expect("ID"));
            let done = agent.until(&eval, |e| e["Status"] == "complete").await;
            remember(&mut seen, &done, answer.index());
        }
    }
    last
}

fn remember(seen: &mut BTreeMap<&str, String>, answer: &Value, index: u64) {
    seen.insert("{index}", index.to_string());
    for (field, name) in [("EvalID", "{eval}"), ("DeploymentID", "{deployment}")] {
        if let Some(id) = answer[field].as_str().filter(|id| !id.is_empty()) {
            seen.insert(name, id.to_owned());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn run_status_stop() {
    let agent = TestAgent::start("sequences").await;
    let job = web(2);
    let plan = replay(&agent, "nomad job plan web.nomad", &job).await;
    assert_eq!(plan["Annotations"]["DesiredTGUpdates"]["web"]["Place"], 2);
    assert_eq!(plan["JobModifyIndex"], 0);
    assert_eq!(plan["Diff"]["Type"], "Added");

    let deployment = replay(&agent, "nomad job run web.nomad", &job).await;
    assert_eq!(deployment["Status"], "successful", "{deployment:#}");
    assert_eq!(deployment["TaskGroups"]["web"]["HealthyAllocs"], 2);

    let summary = replay(&agent, "nomad job status mysql-5.7", &job).await;
    assert_eq!(summary["Summary"]["web"]["Running"], 2);
    replay(&agent, "nomad job status", &job).await;

    let plan = replay(&agent, "nomad job plan web.nomad", &job).await;
    assert_eq!(plan["Annotations"]["DesiredTGUpdates"]["web"]["Ignore"], 2, "nothing to do");
    assert_eq!(plan["Diff"]["Type"], "None");

    replay(&agent, "nomad stop web", &job).await;
    let allocs = agent
        .until("/v1/job/web/allocations", |list| {
            let all = list.as_array().expect("a list");
            all.len() == 2 && all.iter().all(|a| a["ClientStatus"] == "complete")
        })
        .await;
    assert!(allocs.as_array().expect("a list").iter().all(|a| a["DesiredStatus"] == "stop"));
    let job_now = agent.get("/v1/job/web").await.json();
    assert_eq!((&job_now["Status"], &job_now["Stop"]), (&json!("dead"), &json!(true)));
}

#[tokio::test(flavor = "multi_thread")]
async fn purge() {
    let agent = TestAgent::start("purge").await;
    agent.register(&web(1)).await;
    agent.until("/v1/job/web/summary", |s| s["Summary"]["web"]["Running"] == 1).await;
    replay(&agent, "nomad job stop -yes -purge fail-memory", &web(1)).await;
    assert_eq!(agent.get("/v1/job/web").await.status, StatusCode::NOT_FOUND);
    agent
        .until("/v1/job/web/allocations", |list| {
            list.as_array().expect("a list").iter().all(|a| a["ClientStatus"] == "complete")
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals() {
    let agent = TestAgent::start("refusals").await;
    let text = replay(&agent, "nomad job run -check-index 5 raw.nomad", &web(1)).await;
    assert_eq!(text, "Enforcing job modify index 5: job does not exist");
    let invalid = json!({"ID": "x", "Name": "x", "Type": "weird", "Datacenters": []});
    let text = replay(&agent, "nomad job run invalid_sem.nomad", &invalid).await;
    let text = text.as_str().expect("text");
    assert!(text.contains("errors occurred:\n\t* "), "{text}");
    assert!(text.contains("Invalid job type: \"weird\""), "{text}");
}
