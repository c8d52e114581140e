//! The world changes between preview and Deploy: nothing is deployed, and the page shows what changed.

use std::net::TcpListener;

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use steppe_tests::agent::{Agent, free_port};
use steppe_tests::browser::Browser;
use steppe_tests::images;

fn job(port: u16) -> String {
    format!(
        r#"job "guarded" {{
  datacenters = ["dc1"]
  group "g" {{
    network {{
      port "web" {{
        static = {port}
      }}
    }}
    task "t" {{
      driver = "docker"
      config {{
        image = "{}"
        ports = ["web"]
      }}
      resources {{
        cpu    = 50
        memory = 32
      }}
    }}
  }}
}}
"#,
        images::BUSYBOX
    )
}

#[tokio::test]
async fn a_deploy_of_an_outdated_plan_is_refused_with_the_difference() -> Result<()> {
    images::busybox()?;
    let agent = Agent::single("guard").await?;
    agent.nodes_ready(1).await?;
    let port = free_port();
    let text = job(port);
    let parsed = agent.api.parse(&text, false).await?;
    let answer = agent.api.put("/v1/job/guarded/plan", &json!({ "Job": parsed })).await?;
    let previewed = &answer["SteppePlan"];
    ensure!(
        previewed["Placements"].as_array().is_some_and(|p| p.len() == 1),
        "it fits: {previewed}"
    );
    let held = TcpListener::bind(("127.0.0.1", port))?;
    let order = json!({
        "Job": parsed, "Source": text, "Format": "hcl2",
        "Digest": previewed["Digest"], "JobModifyIndex": previewed["JobModifyIndex"]
    });
    let (status, answer) = agent.api.send("POST", "/v1/steppe/deploy", Some(&order)).await?;
    assert_eq!(status, 409, "{answer}");
    let answer: Value = serde_json::from_str(&answer)?;
    let changes = answer["Changes"].to_string();
    ensure!(changes.contains(&port.to_string()), "the refusal names the port: {changes}");
    assert_eq!(agent.api.get("/v1/jobs").await?, json!([]), "nothing was deployed");

    // With the port free again the very same order goes through.
    drop(held);
    let accepted = steppe_tests::wait::until(
        "the same order is accepted",
        std::time::Duration::from_secs(20),
        async || {
            let (status, text) = agent.api.send("POST", "/v1/steppe/deploy", Some(&order)).await?;
            ensure!(status == 200, "{status} {text}");
            Ok(text)
        },
    );
    accepted.await?;
    agent.api.running("guarded", 1, 60).await?;
    Ok(())
}

/// The news of a change is under way when the button is pressed: the agent looks again before it commits.
const HOLD_THE_NEWS: &str = "const real = window.fetch; \
    window.fetch = (request) => \
        request.url.includes('/snapshot') ? new Promise(() => {}) : real(request);";

#[tokio::test]
async fn the_page_shows_what_changed_and_offers_the_new_plan() -> Result<()> {
    images::busybox()?;
    let agent = Agent::single("guard-page").await?;
    agent.nodes_ready(1).await?;
    let browser = Browser::start().await?;
    let page = browser.open(&agent.url()).await?;
    let port = free_port();
    page.preview(&job(port), "guarded").await?;
    page.shows("placement", &["guarded.g[0]", &port.to_string()]).await?;
    let _: Value = page.script(HOLD_THE_NEWS, vec![]).await?;
    let held = TcpListener::bind(("127.0.0.1", port))?;
    page.click("deploy").await?;
    let changes = page.shows("deploy-changes", &[&port.to_string()]).await?;
    ensure!(changes.contains("What changed"), "{changes}");
    browser.screenshot("deploy-refused").await?;
    assert_eq!(agent.api.get("/v1/jobs").await?, json!([]), "nothing was deployed");
    drop(held);
    Ok(())
}

/// What the browser does when the network of a container comes while the agent answers: it drops the answer.
const LOSE_THE_ANSWER: &str = "const real = window.fetch; let lost = false; \
    window.fetch = async (request) => { \
        const answer = await real(request); \
        if (lost || !request.url.includes('/deploy')) return answer; \
        lost = window.lost = true; \
        throw new TypeError('Failed to fetch'); \
    };";

#[tokio::test]
async fn a_deploy_whose_answer_is_lost_is_deployed_once() -> Result<()> {
    images::busybox()?;
    let agent = Agent::single("guard-lost").await?;
    agent.nodes_ready(1).await?;
    let browser = Browser::start().await?;
    let page = browser.open(&agent.url()).await?;
    page.preview(&job(free_port()), "guarded").await?;
    page.has("placement", 1).await?;
    let _: Value = page.script(LOSE_THE_ANSWER, vec![]).await?;
    page.click("deploy").await?;
    page.shows("deploy-state", &["Deployed as previewed"]).await?;
    let lost: bool = page.script("return window.lost === true", vec![]).await?;
    ensure!(lost, "the first answer was lost");
    agent.api.running("guarded", 1, 60).await?;
    let versions = agent.api.get("/v1/job/guarded/versions").await?;
    assert_eq!(versions["Versions"].as_array().map(Vec::len), Some(1), "{versions}");
    Ok(())
}
