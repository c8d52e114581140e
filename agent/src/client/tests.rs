//! The client as a whole, with mock tasks: from what the server writes to what the client reports.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use steppe_planner::api;

use super::{Client, drivers, start};
use crate::config::{AgentConfig, NodeConfig};
use crate::http::ClientAccess;
use crate::state::{AllocRecord, StateError, Store};

struct Agent {
    config: Arc<AgentConfig>,
    store: Store,
    client: Option<Client>,
}

impl Agent {
    async fn start(name: &str) -> Agent {
        let data_dir: PathBuf =
            std::env::temp_dir().join(format!("steppe-client-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&data_dir);
        let node = NodeConfig { name: "n1".into(), mock_driver: true, ..NodeConfig::default() };
        let config = Arc::new(AgentConfig { data_dir, nodes: vec![node], ..Default::default() });
        let mut agent = Agent { config, store: Store::in_memory().unwrap(), client: None };
        agent.restart().await;
        agent
    }

    /// As after `kill -9`: the old client vanishes, a new one starts on the same state.
    async fn restart(&mut self) {
        self.client = None;
        tokio::time::sleep(Duration::from_millis(20)).await;
        let (config, store) = (Arc::clone(&self.config), self.store.clone());
        let drivers = drivers(&config, &store);
        self.client = Some(start(config, store, drivers).await.unwrap());
    }

    fn place(&self, id: &str, kind: &str, tasks: serde_json::Value) {
        let job: api::Job = serde_json::from_value(json!({
            "ID": "mock", "Name": "mock", "Type": kind, "Namespace": "default", "Version": 0,
            "TaskGroups": [{
                "Name": "g",
                "Tasks": tasks,
                "RestartPolicy": {"Attempts": 1, "Interval": 60_000_000_000_u64, "Delay": 1_000_000, "Mode": "fail"},
            }],
        }))
        .unwrap();
        let alloc = api::Allocation {
            id: id.into(),
            name: "mock.g[0]".into(),
            namespace: "default".into(),
            job_id: "mock".into(),
            node_id: self.store.nodes()[0].id.clone(),
            task_group: "g".into(),
            desired_status: "run".into(),
            client_status: "pending".into(),
            ..Default::default()
        };
        self.put(alloc, Arc::new(job));
    }

    fn put(&self, alloc: api::Allocation, job: Arc<api::Job>) {
        let write = self.store.write::<_, StateError>(|txn| {
            txn.put_alloc(alloc, job);
            Ok(())
        });
        write.unwrap();
    }

    fn stop(&self, id: &str) {
        let record = self.store.alloc(id).unwrap();
        let alloc = api::Allocation { desired_status: "stop".into(), ..record.alloc.clone() };
        self.put(alloc, Arc::clone(&record.job));
    }

    async fn until(&self, id: &str, what: impl Fn(&AllocRecord) -> bool) -> Arc<AllocRecord> {
        for _ in 0..1000 {
            if let Some(record) = self.store.alloc(id).filter(|r| what(r)) {
                return record;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("waited in vain; the allocation is {:#?}", self.store.alloc(id));
    }

    async fn until_status(&self, id: &str, status: &str) -> Arc<AllocRecord> {
        self.until(id, |r| r.alloc.client_status == status).await
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.config.data_dir);
    }
}

fn task(name: &str, config: serde_json::Value) -> serde_json::Value {
    json!({"Name": name, "Driver": "mock_driver", "Config": config})
}

fn kinds(record: &AllocRecord, task: &str) -> Vec<String> {
    record.alloc.task_states[task].events.iter().map(|e| e.kind.clone()).collect()
}

#[tokio::test]
async fn a_service_runs_until_it_is_stopped() {
    let agent = Agent::start("service").await;
    agent.place("a1", "service", json!([task("web", json!({}))]));
    let record = agent.until_status("a1", "running").await;
    assert_eq!(kinds(&record, "web"), ["Received", "Task Setup", "Started"]);
    agent.stop("a1");
    let record = agent.until_status("a1", "complete").await;
    assert_eq!(kinds(&record, "web")[3..], ["Killing", "Terminated", "Killed"]);
    assert!(!record.alloc.task_states["web"].failed);
}

#[tokio::test]
async fn a_failing_task_is_tried_again_and_then_given_up() {
    let agent = Agent::start("failing").await;
    let config = json!({"run_for": "1ms", "exit_code": 3});
    agent.place("a1", "batch", json!([task("main", config), task("other", json!({}))]));
    let record = agent.until_status("a1", "failed").await;
    assert_eq!(record.alloc.task_states["main"].restarts, 1);
    assert_eq!(kinds(&record, "main").last().unwrap(), "Not Restarting");
    assert!(kinds(&record, "other").contains(&"Sibling Task Failed".to_owned()));
}

#[tokio::test]
async fn running_tasks_are_found_again() {
    let mut agent = Agent::start("again").await;
    agent.place("a1", "service", json!([task("web", json!({}))]));
    let before = agent.until_status("a1", "running").await;
    let node = agent.store.nodes()[0].id.clone();
    agent.restart().await;
    assert_eq!(agent.store.nodes()[0].id, node, "the node keeps its ID");
    tokio::time::sleep(Duration::from_millis(100)).await;
    let after = agent.store.alloc("a1").unwrap();
    assert_eq!(after.alloc.task_states, before.alloc.task_states, "nothing has happened to it");
    agent.stop("a1");
    agent.until_status("a1", "complete").await;
}

#[tokio::test]
async fn a_task_that_ended_meanwhile_keeps_its_exit_code() {
    let mut agent = Agent::start("meanwhile").await;
    let config = json!({"run_for": "200ms", "exit_code": 0});
    agent.place("a1", "batch", json!([task("main", config)]));
    agent.until_status("a1", "running").await;
    agent.client = None;
    tokio::time::sleep(Duration::from_millis(300)).await;
    agent.restart().await;
    let record = agent.until_status("a1", "complete").await;
    assert_eq!(
        kinds(&record, "main"),
        ["Received", "Task Setup", "Started", "Terminated"],
        "it ran once"
    );
}

#[tokio::test]
async fn a_forgotten_allocation_leaves_nothing() {
    let agent = Agent::start("forgotten").await;
    let id = "11111111-2222-4333-8444-555555555555";
    agent.place(id, "service", json!([task("web", json!({}))]));
    agent.until_status(id, "running").await;
    let dir = agent.config.data_dir.join("alloc").join(id);
    assert!(dir.join("web/local").is_dir());
    let forget = agent.store.write::<_, StateError>(|txn| {
        txn.remove_alloc(id);
        Ok(())
    });
    forget.unwrap();
    for _ in 0..500 {
        if !dir.exists() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the directory is still there");
}

#[tokio::test]
async fn a_user_may_restart_a_task() {
    let agent = Agent::start("user").await;
    agent.place("a1", "service", json!([task("web", json!({}))]));
    agent.until_status("a1", "running").await;
    let client = agent.client.clone().unwrap();
    client.restart("a1", Some("web")).await.unwrap();
    let record = agent
        .until("a1", |r| {
            let web = &r.alloc.task_states["web"];
            web.restarts == 1 && web.state == "running"
        })
        .await;
    let expected = ["Restart Signaled", "Terminated", "Restarting", "Started"];
    assert_eq!(kinds(&record, "web")[3..], expected);
    let error = client.restart("a1", Some("zz")).await.unwrap_err();
    assert_eq!(error.to_string(), "unknown task name \"zz\"");
}
