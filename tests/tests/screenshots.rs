//! Pictures of every page, light and dark, wide and narrow, into `target/screenshots`; and what a picture
//! cannot say: nothing sticks out, the console is clean, the first visit is small.

use std::fs;

use anyhow::{Context, Result, ensure};
use steppe_tests::agent::{Agent, fresh_dir};
use steppe_tests::browser::Browser;
use steppe_tests::{images, workshop};

/// What a first visit may transfer, in bytes, until the first preview stands there and the editor is complete.
const FIRST_LOAD: u64 = 550_000;

#[tokio::test]
async fn pages_look_right_in_light_and_dark_wide_and_narrow() -> Result<()> {
    images::busybox()?;
    let dir = fresh_dir("pictures")?;
    fs::create_dir(dir.join("mysql-data"))?;
    let agent = Agent::start_in(dir, &workshop::cluster()).await?;
    agent.nodes_ready(3).await?;
    let job = format!(
        "job \"web\" {{\n  datacenters = [\"dc1\"]\n  group \"front\" {{\n    count = 3\n    network {{\n      port \"http\" {{}}\n    }}\n    \
         task \"server\" {{\n      driver = \"docker\"\n      config {{\n        image   = \"{}\"\n        command = \
         \"/bin/sh\"\n        args    = [\"-c\", \"while true; do date; sleep 1; done\"]\n        ports   = \
         [\"http\"]\n      }}\n      resources {{\n        cpu    = 200\n        memory = 128\n      }}\n    }}\n  }}\n}}\n",
        images::BUSYBOX
    );
    agent.write("web.nomad", &job)?;
    agent.cli_ok(&["job", "run", "-detach", "web.nomad"])?;
    let running = agent.api.running("web", 3, 60).await?;
    let allocation = running[0]["ID"].as_str().context("an ID")?.to_owned();
    let node = running[0]["NodeID"].as_str().context("an ID")?.to_owned();

    let browser = Browser::start().await?;
    let page = browser.open(&agent.url()).await?;
    page.shows("line-state", &["live"]).await?;
    page.preview(&workshop::mysql_with_volume(), workshop::JOB).await?;
    page.shows("placement", &["mysql-5.7.mysql-group[0]"]).await?;
    let routes = [
        ("plan", "/".to_owned()),
        ("jobs", "/jobs".to_owned()),
        ("job", "/jobs/web".to_owned()),
        ("allocations", "/allocations".to_owned()),
        ("allocation", format!("/allocations/{allocation}")),
        ("nodes", "/nodes".to_owned()),
        ("node", format!("/nodes/{node}")),
    ];
    for (look, scheme, width, height) in [
        ("light", "light", 1400, 1000),
        ("dark", "dark", 1400, 1000),
        ("narrow", "light", 390, 844),
    ] {
        for (name, route) in &routes {
            let page = browser.open(&format!("{}{route}", agent.url())).await?;
            browser.prefer(scheme).await?;
            browser.resize(width, height).await?;
            page.shows("line-state", &["live"]).await.or(page.shows("line-state", &[]).await)?;
            if *name == "plan" {
                page.shows("placement", &["mysql-5.7.mysql-group[0]"]).await?;
            }
            // The last frame after the last answer.
            tokio::time::sleep(std::time::Duration::from_millis(400)).await;
            browser.screenshot(&format!("{name}-{look}")).await?;
            let wide: u64 =
                page.script("return document.documentElement.scrollWidth", vec![]).await?;
            ensure!(wide <= u64::from(width), "{name} sticks out at {width}: {wide}");
        }
    }
    let errors = browser.errors().await?;
    ensure!(errors.is_empty(), "the console holds errors: {errors:?}");
    Ok(())
}

#[tokio::test]
async fn a_first_visit_is_small() -> Result<()> {
    let agent = Agent::single("small").await?;
    agent.nodes_ready(1).await?;
    let browser = Browser::start().await?;
    browser
        .before_each_page(
            "new MutationObserver((_, self) => { \
               if (!document.querySelector('[data-testid=plan-summary][data-stale=false]')) return; \
               globalThis.previewedAt = performance.now(); self.disconnect(); \
             }).observe(document, { childList: true, subtree: true, attributes: true })",
        )
        .await?;
    let page = browser.open(&agent.url()).await?;
    page.shows("line-state", &["live"]).await?;
    page.shows("headroom", &[]).await?;
    // What the editor fetches by itself a moment later counts as well; the rest of the program is there by now.
    let sizes: Vec<(String, u64)> = page
        .script(
            "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]\
             .filter(e => !e.name.includes('/v1/'))\
             .filter(e => e.startTime < globalThis.previewedAt || e.name.includes('/editor'))\
             .map(e => [e.name, e.encodedBodySize])",
            vec![],
        )
        .await?;
    // The worker loads the same files again, from the cache.
    let mut seen = std::collections::BTreeMap::new();
    for (name, bytes) in sizes {
        seen.insert(name, bytes);
    }
    let total: u64 = seen.values().sum();
    println!("first load: {total} bytes in {} files", seen.len());
    ensure!(total > 100_000, "the sizes are not known: {seen:?}");
    ensure!(total < FIRST_LOAD, "{total} bytes: {seen:?}");
    Ok(())
}
