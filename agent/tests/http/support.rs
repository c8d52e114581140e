//! An agent without a socket, and the requests of a client.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use serde_json::{Value, json};
use steppe_agent::client::{self, Client};
use steppe_agent::config::{AgentConfig, NodeConfig};
use steppe_agent::http::{self, App};
use steppe_agent::server;
use steppe_agent::state::Store;
use tower::ServiceExt;

/// Everything an agent is, but its listener.
pub(crate) struct TestAgent {
    pub(crate) router: Router,
    pub(crate) store: Store,
    data_dir: PathBuf,
    _client: Client,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Bytes,
}

impl Answer {
    /// The body as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).expect("text")
    }

    /// The body as JSON, of an answer that is 200.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text());
        serde_json::from_slice(&self.bytes).expect("JSON")
    }

    /// The X-Nomad-Index.
    #[track_caller]
    pub(crate) fn index(&self) -> u64 {
        let index = self.headers.get("x-nomad-index").expect("an index");
        index.to_str().expect("text").parse().expect("a number")
    }
}

impl TestAgent {
    /// An agent with one node that has mock tasks.
    pub(crate) async fn start(name: &str) -> TestAgent {
        TestAgent::start_with_nodes(name, &["n1"]).await
    }

    pub(crate) async fn start_with_nodes(name: &str, nodes: &[&str]) -> TestAgent {
        let data_dir =
            std::env::temp_dir().join(format!("steppe-http-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&data_dir);
        let node = |name: &&str| NodeConfig {
            name: (*name).to_owned(),
            mock_driver: true,
            memory_total_mb: Some(1024),
            cpu_total_compute: Some(2000),
            ..NodeConfig::default()
        };
        let config = Arc::new(AgentConfig {
            data_dir: data_dir.clone(),
            nodes: nodes.iter().map(node).collect(),
            ..AgentConfig::default()
        });
        let store = Store::in_memory().expect("store");
        let drivers = client::drivers(&config, &store);
        let client =
            client::start(Arc::clone(&config), store.clone(), drivers).await.expect("client");
        let server = server::start(Arc::clone(&config), store.clone());
        let app = App { config, store: store.clone(), server, client: Arc::new(client.clone()) };
        TestAgent { router: http::router(app), store, data_dir, _client: client }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 64 << 20).await.expect("a whole body");
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(request("GET", path, None)).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(request("PUT", path, Some(body))).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(request("DELETE", path, None)).await
    }

    /// Registers a job and gives the evaluation's ID.
    pub(crate) async fn register(&self, job: &Value) -> String {
        let answer = self.put("/v1/jobs", &json!({"Job": job})).await.json();
        answer["EvalID"].as_str().expect("EvalID").to_owned()
    }

    /// Reads until the answer is as wanted.
    #[track_caller]
    pub(crate) fn until<'a>(
        &'a self,
        path: &'a str,
        wanted: impl Fn(&Value) -> bool + 'a,
    ) -> impl Future<Output = Value> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
            loop {
                let answer = self.get(path).await;
                let value = serde_json::from_slice(&answer.bytes).unwrap_or(Value::Null);
                if wanted(&value) {
                    return value;
                }
                let late = tokio::time::Instant::now() > deadline;
                assert!(!late, "{caller}: {path} stays {}", answer.text());
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

impl Drop for TestAgent {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.data_dir);
    }
}

/// A request as the command line sends it: no content type.
pub(crate) fn request(method: &str, path: &str, body: Option<&Value>) -> Request<Body> {
    let body = body.map_or_else(Body::empty, |b| Body::from(b.to_string()));
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "127.0.0.1:4646")
        .body(body)
        .expect("a request")
}

/// A service job of one mock task that is healthy soon.
pub(crate) fn web(count: u64) -> Value {
    json!({
        "ID": "web", "Name": "web", "Type": "service", "Datacenters": ["dc1"],
        "TaskGroups": [{
            "Name": "web", "Count": count,
            "Networks": [{"DynamicPorts": [{"Label": "http", "To": 8080}]}],
            "Update": {"MinHealthyTime": 1_000_000, "HealthyDeadline": 5_000_000_000_u64,
                       "ProgressDeadline": 10_000_000_000_u64, "MaxParallel": 1},
            "RestartPolicy": {"Attempts": 0, "Interval": 60_000_000_000_u64, "Delay": 1_000_000,
                              "Mode": "fail"},
            "Tasks": [{
                "Name": "httpd", "Driver": "mock_driver", "Config": {"run_for": "1h"},
                "Env": {"GREETING": "hello"},
                "Resources": {"CPU": 100, "MemoryMB": 32},
            }],
        }],
    })
}
