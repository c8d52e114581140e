//! Live means live: a change made by command line is on the page within a second, in six tabs at once, and
//! the page asks for nothing while nothing happens.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use steppe_tests::agent::Agent;
use steppe_tests::browser::Browser;
use steppe_tests::{images, wait};

const TABS: usize = 6;
const QUIET: Duration = Duration::from_secs(12);
/// How often a quiet window is waited for.
const WINDOWS: u32 = 8;

/// Notes when the job's row first appears, whatever tab is in front.
const WATCH: &str = r#"
    window.seenAt = null;
    const look = () => {
        if (!window.seenAt && document.querySelector(`[data-job="${arguments[0]}"]`)) window.seenAt = Date.now();
    };
    const job = arguments[0];
    new MutationObserver(() => {
        if (!window.seenAt && document.querySelector(`[data-testid=job-row][data-job="${job}"]`)) {
            window.seenAt = Date.now();
        }
    }).observe(document.body, { childList: true, subtree: true, attributes: true });
"#;

fn job() -> String {
    format!(
        "job \"seen\" {{\n  datacenters = [\"dc1\"]\n  group \"g\" {{\n    task \"t\" {{\n      driver = \"docker\"\n      config {{\n        \
         image = \"{}\"\n      }}\n      resources {{\n        cpu    = 20\n        memory = 16\n      }}\n    }}\n  \
         }}\n}}\n",
        images::BUSYBOX
    )
}

fn now_ms() -> Result<u64> {
    Ok(u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?)
}

#[tokio::test]
async fn a_change_is_seen_in_six_tabs_within_a_second() -> Result<()> {
    images::busybox()?;
    let agent = Agent::single("live").await?;
    agent.nodes_ready(1).await?;
    let browser = Browser::start().await?;
    let url = format!("{}/jobs", agent.url());
    let mut tabs = vec![];
    for n in 0..TABS {
        let (tab, page) = if n == 0 {
            let page = browser.open(&url).await?;
            (browser.driver.window().await?, page)
        } else {
            browser.open_tab(&url).await?
        };
        page.shows("line-state", &["live"]).await?;
        let () = page.script(WATCH, vec![json!("seen")]).await.map(|_: serde_json::Value| ())?;
        tabs.push((tab, page));
    }
    agent.write("seen.nomad", &job())?;
    agent.cli_ok(&["job", "run", "-detach", "seen.nomad"])?;
    let done = now_ms()?;
    for (n, (tab, page)) in tabs.iter().enumerate() {
        browser.driver.switch_to_window(tab.clone()).await?;
        let seen: u64 = wait::until("the row appears", Duration::from_secs(10), async || {
            let seen: Option<u64> = page.script("return window.seenAt", vec![]).await?;
            seen.context("not yet")
        })
        .await
        .with_context(|| format!("tab {n}"))?;
        let late = seen.saturating_sub(done);
        ensure!(late <= 1_000, "tab {n} shows it {late} ms after the command ended");
    }
    Ok(())
}

#[tokio::test]
async fn a_quiet_page_asks_for_nothing() -> Result<()> {
    images::busybox()?;
    let agent = Agent::single("quiet").await?;
    agent.nodes_ready(1).await?;
    agent.write("seen.nomad", &job())?;
    agent.cli_ok(&["job", "run", "-detach", "seen.nomad"])?;
    agent.api.running("seen", 1, 60).await?;
    let browser = Browser::start().await?;
    let page = browser.open(&format!("{}/jobs", agent.url())).await?;
    page.shows("line-state", &["live"]).await?;
    page.shows("job-row", &["seen", "running"]).await?;
    // The deployment becomes healthy after ten seconds; from then on nothing happens.
    tokio::time::sleep(QUIET).await;
    for _ in 0..WINDOWS {
        // A port opened by another program is a change too: only a window without one counts.
        let (index, before) = (agent.api.snapshot().await?.index, page.requests().await?);
        ensure!(!before.is_empty(), "the browser does not count requests");
        tokio::time::sleep(QUIET).await;
        let (later, after) = (agent.api.snapshot().await?.index, page.requests().await?);
        if later == index {
            let new = &after[before.len()..];
            ensure!(new.is_empty(), "asked while nothing happened: {new:?}");
            return Ok(());
        }
    }
    bail!("something changed in each of {WINDOWS} windows")
}
