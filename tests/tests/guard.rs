//! The world changes between preview and Deploy: nothing is deployed, and the page shows what changed.

use std::net::TcpListener;

use anyhow::{Result, ensure};
use serde_json::json;
use steppe_tests::agent::{Agent, free_port};
use steppe_tests::browser::Browser;
use steppe_tests::images;

fn job(port: u16) -> String {
    format!(
        r#"job "guarded" {{
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
async fn a_port_taken_meanwhile_stops_the_deploy() -> Result<()> {
    images::busybox()?;
    let agent = Agent::single("guard").await?;
    agent.nodes_ready(1).await?;
    let browser = Browser::start().await?;
    let page = browser.open(&agent.url()).await?;
    let port = free_port();
    page.paste(&job(port)).await?;
    page.shows("placement", &["guarded.g[0]", &port.to_string()]).await?;
    // The page must not hear of it: its preview is what the user saw.
    browser.offline(true).await?;
    let held = TcpListener::bind(("127.0.0.1", port))?;
    let seen = steppe_tests::wait::until(
        "the agent sees who holds the port",
        std::time::Duration::from_secs(20),
        async || {
            let snapshot = agent.api.snapshot().await?;
            let taken = snapshot
                .hosts
                .iter()
                .flat_map(|h| &h.held_ports)
                .any(|p| p.port == i64::from(port));
            ensure!(taken, "port {port} is not among the held ones");
            Ok(())
        },
    );
    seen.await?;
    let stale = page.shows("placement", &["guarded.g[0]", &port.to_string()]).await;
    stale?;
    // Deploy over the wire exactly what the page would send.
    let snapshot_digest: String = page
        .script(
            "return document.querySelector('[data-testid=plan-summary]').dataset.digest || ''",
            vec![],
        )
        .await?;
    let parsed = agent.api.parse(&job(port), false).await?;
    let order = json!({
        "Job": parsed, "Source": job(port), "Format": "hcl2",
        "Digest": snapshot_digest, "JobModifyIndex": 0
    });
    let (status, text) = agent.api.send("POST", "/v1/steppe/deploy", Some(&order)).await?;
    assert_eq!(status, 409, "{text}");
    ensure!(text.contains(&port.to_string()), "the refusal names the port: {text}");
    drop(held);
    Ok(())
}

#[tokio::test]
async fn the_page_shows_what_changed_and_offers_the_new_plan() -> Result<()> {
    images::busybox()?;
    let agent = Agent::single("guard-page").await?;
    agent.nodes_ready(1).await?;
    let browser = Browser::start().await?;
    let page = browser.open(&agent.url()).await?;
    let port = free_port();
    page.paste(&job(port)).await?;
    page.shows("placement", &["guarded.g[0]", &port.to_string()]).await?;
    // Taken and clicked at once: the agent looks again before it commits.
    let held = TcpListener::bind(("127.0.0.1", port))?;
    page.click("deploy").await?;
    let changes = page.shows("deploy-changes", &[&port.to_string()]).await?;
    ensure!(changes.contains("What changed"), "{changes}");
    browser.screenshot("deploy-refused").await?;
    assert_eq!(agent.api.get("/v1/jobs").await?, json!([]), "nothing was deployed");
    drop(held);
    Ok(())
}
