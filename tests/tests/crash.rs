//! Twenty times `kill -9` at a seeded moment between the request and a healthy allocation: nothing that was
//! acknowledged is lost, nothing runs twice, no container is left without an allocation.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use steppe_tests::agent::Agent;
use steppe_tests::random::Random;
use steppe_tests::{docker, images, wait};

const SEED: u64 = 4_646;
const MOMENTS: u64 = 20;
/// From the request to a healthy allocation takes about that long.
const SPAN_MS: u64 = 2_000;

fn job(n: u64) -> String {
    format!(
        r#"job "crash-{n}" {{
  datacenters = ["dc1"]
  group "g" {{
    count = 2
    network {{
      port "web" {{}}
    }}
    update {{
      min_healthy_time = "500ms"
    }}
    task "t" {{
      driver       = "docker"
      kill_timeout = "1s"
      config {{
        image = "{}"
        ports = ["web"]
      }}
      resources {{
        cpu    = 20
        memory = 16
      }}
    }}
  }}
}}
"#,
        images::BUSYBOX
    )
}

#[tokio::test]
async fn nothing_acknowledged_is_lost() -> Result<()> {
    images::busybox()?;
    let mut agent = Agent::single("crash").await?;
    agent.nodes_ready(1).await?;
    let mut random = Random::seeded(SEED);
    let mut acknowledged = Vec::new();
    for n in 0..MOMENTS {
        // Early moments are the interesting ones: half of them fall into the first tenth.
        let span = if random.chance(50) { SPAN_MS / 10 } else { SPAN_MS };
        let moment = Duration::from_millis(random.between(0, span));
        let parsed = agent.api.parse(&job(n), false).await?;
        let api = agent.api.clone();
        let request =
            tokio::spawn(async move { api.put("/v1/jobs", &json!({ "Job": parsed })).await });
        tokio::time::sleep(moment).await;
        agent.kill();
        let answered = request.await?.is_ok();
        agent.spawn().await?;
        agent.nodes_ready(1).await?;
        check(&agent, n, answered).await.with_context(|| {
            format!("moment {n} of seed {SEED}: {moment:?}, answered: {answered}")
        })?;
        if answered {
            acknowledged.push(n);
        }
        // The last few stay, so that later crashes meet running containers too.
        if n >= 3 {
            let old = format!("crash-{}", n - 3);
            agent.api.purge(&old).await?;
            agent.api.stopped(&old, 30).await?;
        }
    }
    ensure!(acknowledged.len() >= 5, "most requests were never answered: {acknowledged:?}");
    Ok(())
}

async fn check(agent: &Agent, n: u64, answered: bool) -> Result<()> {
    let id = format!("crash-{n}");
    let (status, _) = agent.api.send("GET", &format!("/v1/job/{id}"), None::<&()>).await?;
    ensure!(status == 200 || !answered, "an acknowledged job is gone ({status})");
    if status == 200 {
        agent.api.running(&id, 2, 60).await?;
    }
    wait::until("containers and allocations agree", Duration::from_secs(30), async || {
        let all = agent.api.get("/v1/allocations").await?;
        let running: BTreeSet<String> = all
            .as_array()
            .context("a list")?
            .iter()
            .filter(|a| a["ClientStatus"] == "running")
            .filter_map(|a| a["ID"].as_str().map(str::to_owned))
            .collect();
        let mut contained = Vec::new();
        for container in docker::containers_using(&agent.dir) {
            let inspected = docker::inspect(&container)?;
            if inspected["State"]["Running"] == true {
                let label = &inspected["Config"]["Labels"][docker::ALLOC_LABEL];
                contained.push(label.as_str().unwrap_or_default().to_owned());
            }
        }
        let set: BTreeSet<String> = contained.iter().cloned().collect();
        ensure!(set.len() == contained.len(), "an allocation has two containers: {contained:?}");
        ensure!(set == running, "containers of {set:?}, allocations {running:?}");
        Ok(())
    })
    .await
}
