//! What a user does, from the request to the state it leads to.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::support::{TestAgent, web};

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}

/// The digest and index that a page would send.
async fn planned(agent: &TestAgent, job: &Value) -> (Value, Value) {
    let body = json!({"Job": job, "Diff": false});
    let path = format!("/v1/job/{}/plan", job["ID"].as_str().expect("ID"));
    let plan = agent.put(&path, &body).await.json();
    (plan["SteppePlan"].clone(), plan["JobModifyIndex"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deploy_is_what_was_planned() {
    let agent = TestAgent::start_with_nodes("deploy", &["n1", "n2"]).await;
    let (plan, index) = planned(&agent, &web(2)).await;
    let order = json!({"Job": web(2), "Source": "job \"web\" {}", "Format": "hcl2",
                       "VariableFlags": {"image": "web:1"}, "Digest": plan["Digest"],
                       "JobModifyIndex": index});
    let done = agent.put("/v1/steppe/deploy", &order).await.json();
    let eval = agent.get(&format!("/v1/evaluation/{}", done["EvalID"].as_str().expect("id"))).await;
    assert_eq!(eval.json()["Status"], "complete", "committed at once");
    let allocs = agent.get("/v1/job/web/allocations?resources=true").await.json();
    for placement in list(&plan["Placements"]) {
        let alloc = list(&allocs).iter().find(|a| a["Name"] == placement["Name"]).expect("placed");
        assert_eq!(alloc["NodeID"], placement["NodeID"]);
        let ports = &alloc["AllocatedResources"]["Shared"]["Ports"];
        assert_eq!(ports[0]["Value"], placement["Ports"][0]["Value"]);
    }
    assert_eq!(list(&allocs).len(), 2);
    let source = agent.get("/v1/steppe/sources/web").await.json();
    assert_eq!((&source["Source"], &source["Format"]), (&json!("job \"web\" {}"), &json!("hcl2")));
    assert_eq!(source["VariableFlags"]["image"], "web:1");
    let deployment = format!("/v1/deployment/{}", done["DeploymentID"].as_str().expect("id"));
    agent.until(&deployment, |d| d["Status"] == "successful").await;
    assert_eq!(agent.get("/v1/job/web").await.json()["Stable"], true);
}

/// A browser that loses the answer sends the order again: one job version comes of it, and one answer.
#[tokio::test(flavor = "multi_thread")]
async fn an_order_sent_again_is_done_once() {
    let agent = TestAgent::start_with_nodes("again", &["n1"]).await;
    let (plan, index) = planned(&agent, &web(1)).await;
    let order = json!({"Job": web(1), "Digest": plan["Digest"], "JobModifyIndex": index});
    let path = "/v1/steppe/deploy?idempotency_token=a";
    let (first, second) = tokio::join!(agent.put(path, &order), agent.put(path, &order));
    let first = first.json();
    assert_eq!(second.json()["EvalID"], first["EvalID"], "the same answer");
    assert_eq!(agent.put(path, &order).await.json()["Index"], first["Index"]);
    let evals = agent.get("/v1/job/web/evaluations").await.json();
    let registered = list(&evals).iter().filter(|e| e["TriggeredBy"] == "job-register");
    assert_eq!(registered.count(), 1, "{evals}");
    for path in ["/v1/steppe/deploy?idempotency_token=b", "/v1/steppe/deploy"] {
        assert_eq!(agent.put(path, &order).await.status, StatusCode::CONFLICT, "another press");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deploy_of_another_plan_is_refused_and_explained() {
    let agent = TestAgent::start_with_nodes("guarded", &["n1", "n2"]).await;
    let (plan, index) = planned(&agent, &web(1)).await;
    let node = plan["Placements"][0]["NodeID"].as_str().expect("node").to_owned();
    let closed = json!({"Eligibility": "ineligible"});
    agent.put(&format!("/v1/node/{node}/eligibility"), &closed).await.json();
    let mut order = json!({"Job": web(1), "Digest": plan["Digest"], "JobModifyIndex": index});
    order["Plan"] = plan;
    let answer = agent.put("/v1/steppe/deploy", &order).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let refused: Value = serde_json::from_slice(&answer.bytes).expect("JSON");
    let change = refused["Changes"][0].as_str().expect("a change");
    assert!(change.starts_with("web.web[0] would go to n"), "{change}");
    assert_ne!(refused["Plan"]["Placements"][0]["NodeID"], json!(node));
    assert_eq!(agent.get("/v1/jobs").await.json(), json!([]), "nothing was registered");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_taken_after_the_preview_is_noticed() {
    let agent = TestAgent::start("taken").await;
    // A free port of the machine, below the dynamic ones of nodes and above those of root.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port();
    let mut job = web(1);
    job["TaskGroups"][0]["Networks"] = json!([{"ReservedPorts": [{"Label": "db", "Value": port}]}]);
    let (plan, index) = planned(&agent, &job).await;
    assert_eq!(plan["Placements"][0]["Ports"][0]["Value"], port);
    let _holder = std::net::TcpListener::bind(("127.0.0.1", port)).expect("the port");
    let order = json!({"Job": job, "Digest": plan["Digest"], "JobModifyIndex": index,
                       "Plan": plan});
    let answer = agent.put("/v1/steppe/deploy", &order).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.text());
    let refused: Value = serde_json::from_slice(&answer.bytes).expect("JSON");
    let changes: Vec<&str> = list(&refused["Changes"]).iter().filter_map(Value::as_str).collect();
    let names_port = changes.iter().any(|c| c.contains(&port.to_string()));
    assert!(names_port, "the change names the port: {changes:?}");
    assert_eq!(agent.get("/v1/jobs").await.json(), json!([]), "nothing was registered");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_changed_by_somebody_else_is_not_overwritten() {
    let agent = TestAgent::start("somebody").await;
    let (plan, index) = planned(&agent, &web(1)).await;
    agent.register(&web(1)).await;
    let order = json!({"Job": web(1), "Digest": plan["Digest"], "JobModifyIndex": index});
    let answer = agent.put("/v1/steppe/deploy", &order).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text().contains("registered by somebody else"), "{}", answer.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_update_proceeds_by_health() {
    let agent = TestAgent::start("rolling").await;
    agent.register(&web(2)).await;
    agent.until("/v1/job/web/deployment", |d| d["Status"] == "successful").await;
    let mut changed = web(2);
    changed["TaskGroups"][0]["Tasks"][0]["Env"]["GREETING"] = json!("hi");
    agent.register(&changed).await;
    let deployment = agent
        .until("/v1/job/web/deployment", |d| d["JobVersion"] == 1 && d["Status"] == "successful")
        .await;
    assert_eq!(deployment["TaskGroups"]["web"]["HealthyAllocs"], 2);
    let allocs = agent
        .until("/v1/job/web/allocations", |allocs| {
            list(allocs).iter().filter(|a| a["ClientStatus"] == "complete").count() == 2
        })
        .await;
    assert_eq!(list(&allocs).len(), 4, "two replaced, one after the other");
    let versions = agent.get("/v1/job/web/versions?diffs=true").await.json();
    assert_eq!(list(&versions["Versions"]).len(), 2);
    assert_eq!(versions["Diffs"][0]["Type"], "Edited");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_version_goes_back_by_itself() {
    let agent = TestAgent::start("revert").await;
    let mut job = web(1);
    job["TaskGroups"][0]["Update"]["AutoRevert"] = json!(true);
    job["TaskGroups"][0]["Update"]["ProgressDeadline"] = json!(0);
    agent.register(&job).await;
    agent.until("/v1/job/web/deployment", |d| d["Status"] == "successful").await;
    job["TaskGroups"][0]["Tasks"][0]["Config"] = json!({"start_error": "no such image"});
    agent.register(&job).await;
    let deployments = agent
        .until("/v1/job/web/deployments", |all| {
            list(all).iter().any(|d| d["JobVersion"] == 1 && d["Status"] == "failed")
        })
        .await;
    let failed = list(&deployments).iter().find(|d| d["JobVersion"] == 1).expect("failed");
    assert_eq!(
        failed["StatusDescription"],
        "Failed due to unhealthy allocations - rolling back to job version 0"
    );
    let now = agent.until("/v1/job/web", |job| job["Version"] == 2).await;
    assert_eq!(now["TaskGroups"][0]["Tasks"][0]["Config"]["run_for"], "1h");
    agent
        .until("/v1/job/web/allocations", |allocs| {
            list(allocs).iter().any(|a| a["JobVersion"] == 2 && a["ClientStatus"] == "running")
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_does_not_fit_waits_and_is_placed_later() {
    let agent = TestAgent::start("blocked").await;
    let mut big = web(1);
    big["TaskGroups"][0]["Tasks"][0]["Resources"]["MemoryMB"] = json!(600);
    agent.register(&big).await;
    agent.until("/v1/job/web/summary", |s| s["Summary"]["web"]["Running"] == 1).await;
    let mut second = big.clone();
    second["ID"] = json!("second");
    second["Name"] = json!("second");
    let eval = agent.register(&second).await;
    let eval = agent.until(&format!("/v1/evaluation/{eval}"), |e| e["Status"] == "complete").await;
    let failed = &eval["FailedTGAllocs"]["web"];
    assert_eq!(failed["DimensionExhausted"]["memory"], 1, "{eval:#}");
    let blocked = format!("/v1/evaluation/{}", eval["BlockedEval"].as_str().expect("blocked"));
    assert_eq!(agent.get(&blocked).await.json()["Status"], "blocked");
    assert_eq!(agent.get("/v1/job/second").await.json()["Status"], "pending");
    let summary = agent.get("/v1/job/second/summary").await.json();
    assert_eq!(summary["Summary"]["web"]["Queued"], 1);

    agent.delete("/v1/job/web").await.json();
    agent.until("/v1/job/second/summary", |s| s["Summary"]["web"]["Running"] == 1).await;
    assert_eq!(agent.get(&blocked).await.json()["Status"], "complete");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_allocation_is_rescheduled_later() {
    let agent = TestAgent::start("reschedule").await;
    let mut job = web(1);
    job["TaskGroups"][0]["Tasks"][0]["Config"] = json!({"run_for": "10ms", "exit_code": 1});
    job["TaskGroups"][0]["Update"] = json!({"MaxParallel": 0});
    job["TaskGroups"][0]["ReschedulePolicy"] = json!({
        "Delay": 5_000_000_000_u64, "DelayFunction": "constant", "Unlimited": true,
        "MaxDelay": 60_000_000_000_u64,
    });
    agent.register(&job).await;
    let allocs = agent
        .until("/v1/job/web/allocations", |allocs| {
            list(allocs).iter().any(|a| a["FollowupEvalID"].as_str().is_some_and(|f| !f.is_empty()))
        })
        .await;
    let failed = &list(&allocs)[0];
    assert_eq!(failed["ClientStatus"], "failed");
    let followup = format!("/v1/evaluation/{}", failed["FollowupEvalID"].as_str().expect("id"));
    let waiting = agent.get(&followup).await.json();
    assert_eq!(
        (&waiting["Status"], &waiting["TriggeredBy"]),
        (&json!("pending"), &json!("alloc-failure"))
    );
    let allocs = agent.until("/v1/job/web/allocations", |allocs| list(allocs).len() == 2).await;
    let second = list(&allocs).iter().find(|a| a["ID"] != failed["ID"]).expect("a second");
    assert_eq!(second["RescheduleTracker"]["Events"][0]["PrevAllocID"], failed["ID"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_allocation_is_stopped_and_replaced() {
    let agent = TestAgent::start("stopalloc").await;
    agent.register(&web(1)).await;
    let allocs = agent
        .until("/v1/job/web/allocations", |allocs| {
            list(allocs).iter().any(|a| a["ClientStatus"] == "running")
        })
        .await;
    let id = allocs[0]["ID"].as_str().expect("id");
    agent.put(&format!("/v1/allocation/{id}/stop"), &json!({})).await.json();
    agent
        .until("/v1/job/web/allocations", |allocs| {
            let running = list(allocs).iter().filter(|a| a["ClientStatus"] == "running").count();
            list(allocs).len() == 2 && running == 1
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn blocking_queries_wait_for_a_change_and_no_longer() {
    let agent = TestAgent::start("waiting").await;
    agent.register(&web(1)).await;
    agent.until("/v1/job/web/deployment", |d| d["Status"] == "successful").await;
    let index = agent.get("/v1/job/web").await.index();
    let began = Instant::now();
    let path = format!("/v1/job/web?index={index}&wait=300ms");
    assert_eq!(agent.get(&path).await.index(), index, "unchanged");
    assert!(began.elapsed() >= Duration::from_millis(300));
    let path = format!("/v1/job/web?index={index}&wait=60s");
    let (answer, _) = tokio::join!(agent.get(&path), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        agent.delete("/v1/job/web").await
    });
    assert!(answer.index() > index);
    assert_eq!(answer.json()["Stop"], true);
    assert!(began.elapsed() < Duration::from_secs(20));
}

#[tokio::test(flavor = "multi_thread")]
async fn job_ids_may_contain_slashes() {
    let agent = TestAgent::start("slashes").await;
    let mut job = web(1);
    job["ID"] = json!("team/web");
    agent.register(&job).await;
    agent.until("/v1/job/team%2Fweb/summary", |s| s["Summary"]["web"]["Running"] == 1).await;
    assert_eq!(agent.get("/v1/job/team/web").await.json()["ID"], "team/web");
    assert_eq!(list(&agent.get("/v1/job/team/web/allocations").await.json()).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn snapshots_follow_each_other() {
    let agent = TestAgent::start("snapshots").await;
    let whole = agent.get("/v1/steppe/snapshot").await.json();
    let index = whole["Index"].as_u64().expect("index");
    assert_eq!(list(&whole["Nodes"]).len(), 1);
    agent.register(&web(1)).await;
    let delta = agent.get(&format!("/v1/steppe/snapshot?since={index}")).await.json();
    assert_eq!(delta["Base"], index);
    assert_eq!(delta["Jobs"][0]["ID"], "web");
    assert_eq!(list(&delta["Nodes"]).len(), 0, "only what changed");
    let future = agent.get("/v1/steppe/snapshot?since=99999").await.json();
    assert_eq!(future.get("Base"), None, "an index of another agent's life: everything");
}

#[tokio::test(flavor = "multi_thread")]
async fn search_finds_by_prefix() {
    let agent = TestAgent::start("search").await;
    agent.register(&web(1)).await;
    let found = agent.put("/v1/search", &json!({"Prefix": "we", "Context": "all"})).await.json();
    assert_eq!(found["Matches"]["jobs"], json!(["web"]));
    let node = agent.store.nodes()[0].id.clone();
    let body = json!({"Prefix": &node[..8], "Context": "nodes"});
    let found = agent.put("/v1/search", &body).await.json();
    assert_eq!(found["Matches"]["nodes"], json!([node]));
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_told_as_they_happen() {
    use tokio_stream::StreamExt;
    use tower::ServiceExt;

    let agent = TestAgent::start("events").await;
    let request = super::support::request("GET", "/v1/event/stream?topic=Job:web", None);
    let response = agent.router.clone().oneshot(request).await.expect("an answer");
    let mut lines = response.into_body().into_data_stream();
    let next = async |lines: &mut axum::body::BodyDataStream| {
        let wait = tokio::time::timeout(Duration::from_secs(10), lines.next());
        let bytes = wait.await.expect("in time").expect("a line").expect("a good line");
        serde_json::from_slice::<Value>(&bytes).expect("JSON")
    };
    assert_eq!(next(&mut lines).await, json!({}), "says at once that it lives");
    agent.register(&web(1)).await;
    let line = next(&mut lines).await;
    let event = &line["Events"][0];
    assert_eq!((&event["Topic"], &event["Type"]), (&json!("Job"), &json!("JobRegistered")));
    assert_eq!(event["Payload"]["Job"]["ID"], "web");
    let others = list(&line["Events"]).iter().filter(|e| e["Topic"] != "Job").count();
    assert_eq!(others, 0, "only what was asked for");
}
