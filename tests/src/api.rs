//! The agent's HTTP API as a test asks it.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use serde_json::{Value, json};
use steppe_planner::snapshot::Document;

use crate::wait;

/// One agent's address.
#[derive(Clone, Debug)]
pub struct Api {
    base: String,
    http: reqwest::Client,
}

impl Api {
    pub fn new(port: u16) -> Api {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(30)).build();
        Api { base: format!("http://127.0.0.1:{port}"), http: http.expect("a plain client") }
    }

    /// A document; anything but 200 is an error with the answer's text.
    pub async fn get(&self, path: &str) -> Result<Value> {
        let (status, text) = self.send("GET", path, None::<&()>).await?;
        ensure!(status == 200, "GET {path}: {status} {text}");
        serde_json::from_str(&text).with_context(|| format!("GET {path}: {text}"))
    }

    /// Status and text of any request.
    pub async fn send<B: Serialize + ?Sized>(
        &self,
        method: &str,
        path: &str,
        body: Option<&B>,
    ) -> Result<(u16, String)> {
        let method = method.parse().context("a method")?;
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    }

    /// A request that must succeed.
    pub async fn put<B: Serialize + ?Sized>(&self, path: &str, body: &B) -> Result<Value> {
        let (status, text) = self.send("PUT", path, Some(body)).await?;
        ensure!(status == 200, "PUT {path}: {status} {text}");
        serde_json::from_str(&text).with_context(|| format!("PUT {path}: {text}"))
    }

    pub async fn snapshot(&self) -> Result<Document> {
        let document = self.get("/v1/steppe/snapshot").await?;
        serde_json::from_value(document).context("a snapshot document")
    }

    /// The job document of a text, parsed by the agent.
    pub async fn parse(&self, text: &str, hcl1: bool) -> Result<Value> {
        let body = json!({ "JobHCL": text, "HCLv1": hcl1, "Canonicalize": true });
        let (status, text) = self.send("POST", "/v1/jobs/parse", Some(&body)).await?;
        ensure!(status == 200, "parse: {status} {text}");
        Ok(serde_json::from_str(&text)?)
    }

    /// A job's allocations, newest first.
    pub async fn allocations(&self, job: &str) -> Result<Vec<Value>> {
        let list = self.get(&format!("/v1/job/{job}/allocations")).await?;
        let mut list = list.as_array().context("a list of allocations")?.clone();
        list.sort_by_key(|a| std::cmp::Reverse(a["CreateIndex"].as_u64()));
        Ok(list)
    }

    /// Waits until exactly `count` allocations of a job run and none is pending.
    pub async fn running(&self, job: &str, count: usize, patience: u64) -> Result<Vec<Value>> {
        let what = format!("{count} allocations of {job} run");
        wait::until(&what, Duration::from_secs(patience), async || {
            let all = self.allocations(job).await?;
            let wanted: Vec<Value> =
                all.iter().filter(|a| a["DesiredStatus"] == "run").cloned().collect();
            let running = wanted.iter().filter(|a| a["ClientStatus"] == "running").count();
            ensure!(running == count && wanted.len() == count, "{}", statuses(&all));
            Ok(wanted)
        })
        .await
    }

    /// Waits until no allocation of a job is alive.
    pub async fn stopped(&self, job: &str, patience: u64) -> Result<()> {
        let what = format!("no allocation of {job} is alive");
        wait::until(&what, Duration::from_secs(patience), async || {
            let all = self.allocations(job).await?;
            let alive = |a: &&Value| {
                matches!(a["ClientStatus"].as_str(), Some("pending" | "running" | "unknown"))
            };
            ensure!(all.iter().filter(alive).count() == 0, "{}", statuses(&all));
            Ok(())
        })
        .await
    }

    /// Stops and purges a job.
    pub async fn purge(&self, job: &str) -> Result<()> {
        let (status, text) =
            self.send("DELETE", &format!("/v1/job/{job}?purge=true"), None::<&()>).await?;
        ensure!(status == 200, "purge of {job}: {status} {text}");
        Ok(())
    }
}

fn statuses(allocations: &[Value]) -> String {
    let one = |a: &Value| {
        format!(
            "{} {}: desired {}, is {} ({})",
            a["Name"], a["ID"], a["DesiredStatus"], a["ClientStatus"], a["ClientDescription"]
        )
    };
    allocations.iter().map(one).collect::<Vec<_>>().join("; ")
}
