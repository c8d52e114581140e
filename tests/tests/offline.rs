//! The planner runs in the browser: with the network cut and the agent frozen, the preview keeps up with the
//! text; when both return, so does the page, by itself.

use std::time::Duration;

use anyhow::{Result, ensure};
use steppe_tests::agent::Agent;
use steppe_tests::browser::Browser;

const LONG: Duration = Duration::from_secs(60);

fn job(count: u64, memory: u64) -> String {
    format!(
        "job \"offline\" {{\n  datacenters = [\"dc1\"]\n  group \"g\" {{\n    count = {count}\n    task \"t\" {{\n      driver = \"docker\"\n      \
         config {{\n        image = \"steppe-tests/busybox:1\"\n      }}\n      resources {{\n        cpu    = 20\n        \
         memory = {memory}\n      }}\n    }}\n  }}\n}}\n"
    )
}

#[tokio::test]
async fn the_preview_goes_on_without_the_network() -> Result<()> {
    let agent = Agent::single("offline").await?;
    agent.nodes_ready(1).await?;
    let browser = Browser::start().await?;
    let page = browser.open(&agent.url()).await?;
    page.preview(&job(1, 32), "offline").await?;
    page.has("placement", 1).await?;
    // The reasons belong to the part of the program that comes after the first preview.
    page.has("node-row", 1).await?;

    browser.offline(true).await?;
    agent.signal("STOP")?;
    let before = page.requests().await?.len();
    for count in [2, 5, 3] {
        page.paste(&job(count, 32)).await?;
        page.has("placement", usize::try_from(count)?).await?;
        page.shows("placement", &[&format!("offline.g[{}]", count - 1), "node-1"]).await?;
    }
    page.paste(&job(1, 9_000_000)).await?;
    page.shows("failure", &["9000000"]).await?;
    let answered = page.requests().await?.len();
    ensure!(answered <= before + 20, "a page without network does not hammer: {answered} requests");

    agent.signal("CONT")?;
    browser.offline(false).await?;
    page.shows_within("line-state", &["live"], LONG).await?;
    page.preview(&job(2, 32), "offline").await?;
    page.has("placement", 2).await?;
    Ok(())
}

#[tokio::test]
async fn a_lost_agent_is_said_and_found_again() -> Result<()> {
    let mut agent = Agent::single("lost").await?;
    agent.nodes_ready(1).await?;
    let browser = Browser::start().await?;
    let page = browser.open(&agent.url()).await?;
    page.shows("line-state", &["live"]).await?;
    agent.kill();
    page.shows_within("line-state", &["lost"], LONG).await?;
    page.shows("agent-banner", &["does not answer"]).await?;
    page.preview(&job(2, 32), "offline").await?;
    page.has("placement", 2).await?;
    browser.screenshot("agent-lost").await?;
    agent.spawn().await?;
    page.shows_within("line-state", &["live"], LONG).await?;
    page.has("agent-banner", 0).await?;
    Ok(())
}

#[tokio::test]
async fn a_page_that_cannot_start_says_so() -> Result<()> {
    let agent = Agent::single("unstarted").await?;
    let browser = Browser::start().await?;
    browser.block(&["*.wasm"]).await?;
    let page = browser.open(&agent.url()).await?;
    page.shows("not-started", &["could not start", "Reload"]).await?;
    browser.screenshot("not-started").await?;
    browser.block(&[]).await?;
    let page = browser.open(&agent.url()).await?;
    page.shows("line-state", &["live"]).await?;
    Ok(())
}

/// What the browser does with requests when a network comes or goes, as that of each container: it drops them.
#[tokio::test]
async fn what_the_browser_drops_is_fetched_again() -> Result<()> {
    let agent = Agent::single("dropped").await?;
    agent.nodes_ready(1).await?;
    let dropped: [&[&str]; 3] =
        [&["*/assets/*"], &["*worker.js", "*extras*"], &["*split_*", "*chunk_*", "*further.css"]];
    for patterns in dropped {
        let browser = Browser::start().await?;
        browser.block(patterns).await?;
        let page = browser.open(&agent.url()).await?;
        tokio::time::sleep(Duration::from_millis(700)).await;
        browser.block(&[]).await?;
        page.shows("line-state", &["live"]).await?;
        page.preview(&job(2, 32), "offline").await?;
        page.shows("headroom", &["more fit"]).await?;
        page.has("deploy", 1).await?;
    }
    Ok(())
}
