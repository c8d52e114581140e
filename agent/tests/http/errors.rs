//! Refusals are Nomad's: status, text, headers.

use axum::http::StatusCode;
use serde_json::json;

use super::support::{TestAgent, request, web};

const UNKNOWN: &str = "ffffffff-ffff-ffff-ffff-ffffffffffff";

#[tokio::test(flavor = "multi_thread")]
async fn reads() {
    let agent = TestAgent::start("reads").await;
    let cases = [
        ("/v1/job/nosuch", 404, "job not found"),
        ("/v1/job/nosuch/summary", 404, "job not found"),
        ("/v1/job/nosuch/versions", 404, "job versions not found"),
        ("/v1/job/nosuch/allocations", 200, "[]"),
        ("/v1/job/nosuch/evaluations", 200, "[]"),
        ("/v1/job/nosuch/deployment", 200, "null"),
        ("/v1/allocation/zzz", 500, "alloc lookup failed: index error: UUID must be 36 characters"),
        (&format!("/v1/allocation/{UNKNOWN}"), 404, "alloc not found"),
        (&format!("/v1/evaluation/{UNKNOWN}"), 404, "eval not found"),
        (&format!("/v1/deployment/{UNKNOWN}"), 404, "deployment not found"),
        (&format!("/v1/node/{UNKNOWN}"), 404, "node not found"),
        (
            "/v1/allocations?prefix=zz",
            500,
            "alloc lookup failed: index error: Invalid UUID: encoding/hex: invalid byte: U+007A 'z'",
        ),
        (
            "/v1/allocations?prefix=abc",
            500,
            "alloc lookup failed: index error: Input (without hyphens) must be even length",
        ),
        ("/v1/jobs?wait=bogus", 400, "Invalid wait time"),
        ("/v1/jobs?index=x", 400, "Invalid index"),
        ("/v1/client/fs/stat/", 404, "Invalid path\n"),
        (
            &format!("/v1/client/fs/ls/{UNKNOWN}?path=/"),
            404,
            &format!("Unknown allocation \"{UNKNOWN}\""),
        ),
        (&format!("/v1/client/fs/logs/{UNKNOWN}?type=stdout"), 400, "must provide task name"),
        (
            &format!("/v1/client/fs/logs/{UNKNOWN}?task=t&type=bogus"),
            400,
            "must provide log type (stdout/stderr)",
        ),
    ];
    for (path, status, text) in cases {
        let answer = agent.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (status, text), "{path}");
    }
    let missing = agent.get("/v1/job/nosuch").await;
    assert!(missing.index() > 0, "errors of reads carry an index, for blocking");
    assert_eq!(missing.headers.get("x-nomad-knownleader").expect("header"), "true");
}

#[tokio::test(flavor = "multi_thread")]
async fn writes() {
    let agent = TestAgent::start("writes").await;
    let put = |path: &str, body: serde_json::Value| {
        let (agent, path) = (&agent, path.to_owned());
        async move {
            let answer = agent.put(&path, &body).await;
            (answer.status.as_u16(), answer.text().to_owned())
        }
    };
    let refused = |status: u16, text: &str| (status, text.to_owned());
    assert_eq!(put("/v1/jobs", json!({})).await, refused(400, "Job must be specified"));
    assert_eq!(
        put("/v1/jobs", json!({"Job": {"Name": "x"}})).await,
        refused(400, "Job ID hasn't been provided")
    );
    assert_eq!(
        put("/v1/job/other", json!({"Job": web(1)})).await,
        refused(400, "Job ID does not match name")
    );
    assert_eq!(
        put("/v1/job/other/plan", json!({"Job": web(1)})).await,
        refused(400, "Job ID does not match")
    );
    let empty = agent.send(request("PUT", "/v1/jobs", None)).await;
    assert_eq!((empty.status.as_u16(), empty.text()), (400, "Request body is empty"));
    let wrong_verb = agent.send(request("DELETE", "/v1/jobs", None)).await;
    assert_eq!((wrong_verb.status.as_u16(), wrong_verb.text()), (405, "Invalid method"));
    let elsewhere = json!({"Job": {"ID": "x", "Region": "mars"}});
    assert_eq!(put("/v1/jobs", elsewhere).await, refused(500, "No path to region"));
}

#[tokio::test(flavor = "multi_thread")]
async fn job_types_that_cannot_be_run() {
    let agent = TestAgent::start("types").await;
    let mut system = web(1);
    system["Type"] = json!("system");
    let mut periodic = web(1);
    periodic["Periodic"] = json!({"Enabled": true, "Spec": "@daily", "SpecType": "cron"});
    for (job, word) in [(system, "\"system\""), (periodic, "periodic")] {
        let answer = agent.put("/v1/jobs", &json!({"Job": job})).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(answer.text().contains(word), "{}", answer.text());
        assert!(answer.text().contains("cannot be run by this agent"), "{}", answer.text());
    }
    assert_eq!(agent.get("/v1/jobs").await.json(), json!([]), "nothing was registered");
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_too_big_or_too_deep() {
    let agent = TestAgent::start("bodies").await;
    let deep = format!("{{\"Job\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    for (body, status) in [("x".repeat(9 << 20), 413), (deep, 400), ("\u{0}\u{1}".to_owned(), 400)]
    {
        let mut request = request("PUT", "/v1/jobs", None);
        *request.body_mut() = axum::body::Body::from(body);
        let answer = agent.send(request).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    }
}
