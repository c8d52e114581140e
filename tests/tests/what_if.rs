//! The page beyond the plan: every check of a node by a link that stays good, suggestions that are applied, headroom, a
//! cluster that is tried out, jobs that come first. On a real agent of three nodes, and on the sample cluster with none.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use steppe_tests::agent::Agent;
use steppe_tests::browser::Browser;
use steppe_tests::page::Page;
use steppe_tests::{root, wait, workshop};

fn node(name: &str) -> String {
    format!(
        "data_dir = \"state-{name}\"\nbind_addr = \"127.0.0.1\"\nname = \"{name}\"\nclient {{\n  enabled = true\n  \
         cpu_total_compute = 2000\n  memory_total_mb = 1000\n  disk_total_mb = 8000\n}}\n\
         plugin \"mock_driver\" {{\n  config {{\n    enabled = true\n  }}\n}}\n"
    )
}

/// Three nodes of 1000 MB.
async fn cluster(name: &str) -> Result<Agent> {
    let server = format!("{}server {{\n  enabled = true\n}}\n", node("n1"));
    let files = [("n1.hcl", server), ("n2.hcl", node("n2")), ("n3.hcl", node("n3"))];
    let agent = Agent::start(name, &files).await?;
    wait::until("three nodes are ready", std::time::Duration::from_secs(30), async || {
        let nodes = agent.api.get("/v1/nodes").await?;
        let nodes = nodes.as_array().context("a list")?.clone();
        ensure!(nodes.len() == 3 && nodes.iter().all(|n| n["Status"] == "ready"), "{nodes:?}");
        Ok(())
    })
    .await?;
    Ok(agent)
}

fn job(id: &str, count: u64, memory: u64) -> String {
    format!(
        "job \"{id}\" {{\n  datacenters = [\"dc1\"]\n  group \"g\" {{\n    count = {count}\n    \
         task \"t\" {{\n      driver = \"mock_driver\"\n      config {{\n        run_for = \"600s\"\n      }}\n      \
         resources {{\n        cpu    = 50\n        memory = {memory}\n      }}\n    }}\n  }}\n}}\n"
    )
}

async fn fill(page: &Page, testid: &str, value: &str) -> Result<()> {
    let css = format!("[data-testid=\"{testid}\"]");
    let set: bool = page
        .script(
            "const e = document.querySelector(arguments[0]); if (!e) return false; e.value = arguments[1]; \
             e.dispatchEvent(new Event('input', {bubbles: true})); \
             e.dispatchEvent(new Event('change', {bubbles: true})); return true",
            vec![json!(css), json!(value)],
        )
        .await?;
    ensure!(set, "there is no {testid}");
    Ok(())
}

/// The rows of a table with their data attributes.
async fn data(page: &Page, testid: &str) -> Result<Vec<Value>> {
    page.script(
        "return [...document.querySelectorAll('[data-testid=\"' + arguments[0] + '\"]')].map(e => ({...e.dataset}))",
        vec![json!(testid)],
    )
    .await
}

async fn deployable(page: &Page) -> Result<bool> {
    page.script("return !document.querySelector('[data-testid=deploy]').disabled", vec![]).await
}

#[tokio::test]
async fn why_a_node_is_out_is_a_link_that_stays_good() -> Result<()> {
    let agent = cluster("why").await?;
    let browser = Browser::start().await?;
    let page = browser.open(&agent.url()).await?;
    page.preview(&job("big", 1, 5000), "big").await?;
    page.has("node-row", 3).await?;
    // From the card of the node, then by the address alone.
    page.shows("topology-node", &["n2", "Why not here?"]).await?;
    let page = browser.open(&format!("{}/why/g/n2", agent.url())).await?;
    for _ in 0..2 {
        page.shows("why-answer", &["n2 cannot take it", "4000 MB short"]).await?;
        let rows = data(&page, "why-check").await?;
        let failed: Vec<&Value> = rows.iter().filter(|row| row["passed"] == "false").collect();
        ensure!(failed.len() == 1 && failed[0]["check"] == "memory", "{rows:?}");
        for check in ["status", "drain", "eligibility", "datacenter", "driver", "cpu", "disk"] {
            let there = rows.iter().find(|row| row["check"] == check);
            ensure!(there.is_some_and(|row| row["passed"] == "true"), "{check} of {rows:?}");
        }
        page.shows("why-check", &["Memory", "5000 MB", "1000 MB free of 1000 MB"]).await?;
        browser.screenshot("why-not").await?;
        let _: Value = page.script("location.reload(); return null", vec![]).await?;
    }
    // A node that would do is compared with the one that won.
    page.preview(&job("big", 1, 100), "big").await?;
    page.shows("why-answer", &["n2 would do as well", "n1"]).await?;
    page.shows("why-scores", &["binpack", "n1", "n2"]).await?;
    let errors = browser.errors().await?;
    ensure!(errors.is_empty(), "{errors:?}");
    Ok(())
}

#[tokio::test]
async fn a_suggestion_is_applied_to_the_text_and_undone() -> Result<()> {
    let agent = cluster("apply").await?;
    let browser = Browser::start().await?;
    let page = browser.open(&agent.url()).await?;
    let text = format!("# Mine\n{}", job("big", 2, 2000));
    page.preview(&text, "big").await?;
    page.shows("plan-count", &["2 cannot be placed"]).await?;
    page.shows("suggestion", &["memory"]).await?;
    browser.screenshot("suggestions").await?;
    page.click("apply").await?;
    page.has("placement", 2).await?;
    page.has("suggestion", 0).await?;
    let shown: String =
        page.script("return document.querySelector('.cm-content').innerText", vec![]).await?;
    ensure!(shown.contains("# Mine") && !shown.contains("2000"), "{shown}");
    // Control, as WebDriver writes it.
    page.type_text("\u{e009}z").await?;
    page.shows("plan-count", &["2 cannot be placed"]).await?;
    Ok(())
}

#[tokio::test]
async fn a_node_is_drained_only_for_a_try() -> Result<()> {
    let agent = cluster("drain").await?;
    agent.write("web.nomad", &job("web", 2, 300))?;
    agent.cli_ok(&["job", "run", "-detach", "web.nomad"])?;
    let running = agent.api.running("web", 2, 30).await?;
    let browser = Browser::start().await?;
    let page = browser.open(&agent.url()).await?;
    page.preview(&job("new", 1, 300), "new").await?;
    page.shows("placement-node", &["n1"]).await?;
    ensure!(deployable(&page).await?, "the real plan can be deployed");
    page.shows("headroom", &["6 more fit"]).await?;

    page.click("what-if-toggle").await?;
    fill(&page, "what-if-node", "n1").await?;
    page.click("what-if-try").await?;
    page.shows("scene-chip", &["n1 is drained"]).await?;
    page.shows("move", &["web.g[0]", "n1 → n"]).await?;
    ensure!(page.text("placement-node").await? != "n1", "a drained node takes nothing");
    page.shows("deploy-state", &["back to the real cluster"]).await?;
    ensure!(!deployable(&page).await?, "a try is not deployed");
    page.shows("topology-node", &["n1", "draining", "web.g[0]", "to n"]).await?;
    page.shows("topology-node", &["web.g[0]", "from n1"]).await?;
    browser.screenshot("what-if").await?;

    page.click("scene-undo").await?;
    page.has("scene", 0).await?;
    page.shows("placement-node", &["n1"]).await?;
    ensure!(deployable(&page).await?, "the real plan can be deployed again");
    let after = agent.api.running("web", 2, 5).await?;
    let ids = |list: &[Value]| list.iter().map(|a| a["ID"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&running), ids(&after), "nothing was touched");
    let nodes = agent.api.get("/v1/nodes").await?;
    let untouched = |n: &Value| n["SchedulingEligibility"] == "eligible" && n["Drain"] == false;
    ensure!(nodes.as_array().is_some_and(|list| list.iter().all(untouched)), "{nodes}");
    Ok(())
}

#[tokio::test]
async fn other_jobs_come_first() -> Result<()> {
    let agent = cluster("queue").await?;
    let browser = Browser::start().await?;
    let page = browser.open(&agent.url()).await?;
    page.preview(&job("first", 3, 900), "first").await?;
    page.has("placement", 3).await?;
    page.click("what-if-toggle").await?;
    page.click("queue-this").await?;
    page.shows("queued", &["first", "3 allocations would start"]).await?;
    page.preview(&job("second", 1, 200), "second").await?;
    page.shows("plan-count", &["1 cannot be placed"]).await?;
    page.shows("failure", &["200 MB", "first.g"]).await?;
    browser.screenshot("queue").await?;
    page.click("queue-remove").await?;
    page.has("placement", 1).await?;
    let jobs = agent.api.get("/v1/jobs").await?;
    assert_eq!(jobs, json!([]), "nothing is registered by trying");
    Ok(())
}

#[tokio::test]
async fn everything_works_on_the_sample_cluster_with_no_agent() -> Result<()> {
    let agent = Agent::single("sample").await?;
    let browser = Browser::start().await?;
    // With the API out of reach the page plans against its sample cluster.
    browser.block(&["*/v1/*"]).await?;
    let page = browser.open(&agent.url()).await?;
    page.shows("line-state", &["sample"]).await?;
    page.shows("placement", &["mysql"]).await?;
    let nodes = page.count("topology-node").await?;
    ensure!(nodes > 3, "{nodes} nodes");
    page.has("node-row", nodes).await?;
    page.shows("headroom", &["more fit"]).await?;
    page.click("what-if-toggle").await?;
    let chosen = page.text("placement-node").await?;
    fill(&page, "what-if-node", &chosen).await?;
    page.click("what-if-try").await?;
    page.shows("scene-chip", &[&chosen, "drained"]).await?;
    wait::until("the placement moves", std::time::Duration::from_secs(10), async || {
        let now = page.text("placement-node").await?;
        ensure!(now != chosen, "it is on {now}");
        Ok(())
    })
    .await?;
    page.click("scene-leave").await?;
    page.shows("placement-node", &[&chosen]).await?;
    let errors: Vec<String> = browser.errors().await?;
    let ours: Vec<&String> = errors.iter().filter(|e| !e.contains("/v1/")).collect();
    ensure!(ours.is_empty(), "{ours:?}");
    Ok(())
}

/// The sample's first node so many times, every other one in another datacenter.
fn many_nodes(count: usize) -> Result<String> {
    let sample = std::fs::read_to_string(root().join("web/static/sample-cluster.json"))?;
    let mut cluster: Value = serde_json::from_str(&sample)?;
    let first = cluster["Nodes"][0].clone();
    let node = |number: usize| {
        let mut node = first.clone();
        node["ID"] = json!(format!("{number:08x}-0000-4000-8000-000000000000"));
        node["Name"] = json!(format!("n{number:05}"));
        node["Datacenter"] = json!(if number.is_multiple_of(2) { "dc1" } else { "dc2" });
        node
    };
    cluster["Nodes"] = (0..count).map(node).collect();
    for other in ["Hosts", "Jobs", "Allocations"] {
        cluster[other] = json!([]);
    }
    Ok(cluster.to_string())
}

#[tokio::test]
async fn ten_thousand_nodes_are_judged_and_a_screenful_is_drawn() -> Result<()> {
    let agent = Agent::single("many").await?;
    let browser = Browser::start().await?;
    browser.block(&["*/v1/*"]).await?;
    let page = browser.open(&agent.url()).await?;
    page.shows("line-state", &["sample"]).await?;
    page.choose_file("snapshot-file", "many.json", &many_nodes(10_000)?).await?;
    page.shows("matrix-group", &["5000 feasible", "5000 not a candidate", "Show more"]).await?;
    let rows = page.count("node-row").await?;
    ensure!((10..=100).contains(&rows), "{rows} rows are drawn");
    page.paste(&workshop::mysql().replace("dc1", "dc3")).await?;
    page.shows("matrix-group", &["10000 not a candidate"]).await?;
    page.shows("node-row", &["needs dc3"]).await?;
    let elements: usize =
        page.script("return document.querySelectorAll('*').length", vec![]).await?;
    ensure!(elements < 10_000, "{elements} elements are on the page");
    browser.screenshot("many-nodes").await?;
    Ok(())
}
