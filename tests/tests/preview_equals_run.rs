//! Two hundred random jobs on three nodes: what the page previewed is what the agent did, by name, node and port,
//! in the API and in Docker.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::{Value, json};
use steppe_tests::agent::{Agent, fresh_dir};
use steppe_tests::browser::Browser;
use steppe_tests::page::Page;
use steppe_tests::random::Random;
use steppe_tests::{docker, images, wait, workshop};

const SEED: u64 = 20_260_701;
const JOBS: u64 = 200;
/// Jobs that run on beside the next one.
const KEPT: usize = 3;

/// A placement as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
struct Placed {
    name: String,
    node: String,
    ports: BTreeMap<String, String>,
}

/// Reads the placements and presses Deploy in one go: nothing can change in between.
const READ_AND_DEPLOY: &str = r#"
    const fresh = document.querySelector('[data-testid=plan-summary]')?.dataset.stale === 'false';
    const title = document.querySelector('[data-testid=plan-job]')?.innerText ?? '';
    const button = document.querySelector('[data-testid=deploy]');
    if (!fresh || !title.startsWith(arguments[0]) || !button || button.disabled) return null;
    const text = (e, id) => e.querySelector(`[data-testid=${id}]`).innerText.trim();
    const placed = [...document.querySelectorAll('[data-testid=placement]')].map(e => ({
        name: text(e, 'placement-name'),
        node: text(e, 'placement-node'),
        ports: Object.fromEntries([...e.querySelectorAll('[data-testid=placement-port]')]
            .map(p => [p.dataset.label, p.dataset.port])),
    }));
    button.click();
    return placed;
"#;

fn random_job(n: u64, random: &mut Random) -> (String, String, u64) {
    let id = format!("random-{n}");
    let count = random.between(1, 3);
    let mut ports = String::new();
    let mut names = Vec::new();
    for k in 0..random.between(0, 2) {
        ports.push_str(&format!("      port \"dyn{k}\" {{}}\n"));
        names.push(format!("\"dyn{k}\""));
    }
    // Three nodes share one host: a static port fits once.
    if count == 1 && random.chance(50) {
        ports.push_str(&format!(
            "      port \"fix\" {{\n        static = {}\n      }}\n",
            21_000 + n
        ));
        names.push("\"fix\"".to_owned());
    }
    let network =
        if ports.is_empty() { String::new() } else { format!("    network {{\n{ports}    }}\n") };
    let constraint = if random.chance(30) {
        let node = random.between(1, 3);
        format!(
            "  constraint {{\n    attribute = \"${{node.unique.name}}\"\n    value     = \"client-{node}\"\n  }}\n"
        )
    } else {
        String::new()
    };
    let (cpu, memory) = (random.between(20, 120), random.between(16, 64));
    let image = images::BUSYBOX;
    let wanted = names.join(", ");
    let text = format!(
        "job \"{id}\" {{\n  datacenters = [\"dc1\"]\n{constraint}  group \"g\" {{\n    count = {count}\n{network}    update {{\n      \
         min_healthy_time = \"0s\"\n    }}\n    task \"t\" {{\n      driver = \"docker\"\n      config {{\n        \
         image = \"{image}\"\n        ports = [{wanted}]\n      }}\n      kill_timeout = \"1s\"\n      \
         resources {{\n        cpu    = {cpu}\n        memory = {memory}\n      }}\n    }}\n  }}\n}}\n"
    );
    (id, text, count)
}

#[tokio::test]
async fn what_was_previewed_is_what_runs() -> Result<()> {
    images::busybox()?;
    let dir = fresh_dir("random")?;
    fs::create_dir(dir.join("mysql-data"))?;
    let agent = Agent::start_in(dir, &workshop::cluster()).await?;
    agent.nodes_ready(3).await?;
    let browser = Browser::start().await?;
    let page = browser.open(&agent.url()).await?;
    let mut random = Random::seeded(SEED);
    let mut seen_nodes = BTreeMap::new();
    let mut kept = VecDeque::new();
    for n in 0..JOBS {
        let (id, text, count) = random_job(n, &mut random);
        let previewed = one_job(&agent, &page, &id, &text, usize::try_from(count)?)
            .await
            .with_context(|| format!("job {n} of seed {SEED}:\n{text}"))?;
        for placed in previewed {
            *seen_nodes.entry(placed.node).or_insert(0) += 1;
        }
        kept.push_back(id);
        // Some stay for a while, never so many that a node is full.
        while kept.len() > KEPT || (!kept.is_empty() && random.chance(60)) {
            let oldest = kept.pop_front().context("one is kept")?;
            agent.api.purge(&oldest).await?;
        }
    }
    assert_eq!(seen_nodes.len(), 3, "all nodes were used: {seen_nodes:?}");
    Ok(())
}

async fn one_job(
    agent: &Agent,
    page: &Page,
    id: &str,
    text: &str,
    count: usize,
) -> Result<Vec<Placed>> {
    page.paste(text).await?;
    let mut previewed = read_and_deploy(page, id).await?;
    previewed.sort();
    ensure!(previewed.len() == count, "{} of {count} are previewed", previewed.len());
    let running = agent.api.running(id, count, 60).await?;
    let mut ran = Vec::new();
    for stub in &running {
        let path = format!("/v1/allocation/{}", stub["ID"].as_str().context("an ID")?);
        let allocation = agent.api.get(&path).await?;
        let placed = from_api(&allocation)?;
        let container = docker::of_allocation(stub["ID"].as_str().context("an ID")?)?;
        ensure!(container.len() == 1, "{} has {} containers", placed.name, container.len());
        let mut published: Vec<String> =
            placed.ports.values().flat_map(|p| [format!("{p}/tcp"), format!("{p}/udp")]).collect();
        published.sort();
        let inspected = docker::inspect(&container[0])?;
        ensure!(
            docker::published(&inspected) == published,
            "{}: Docker publishes {:?}",
            placed.name,
            docker::published(&inspected)
        );
        ran.push(placed);
    }
    ran.sort();
    ensure!(ran == previewed, "previewed {previewed:?}\nruns {ran:?}");
    Ok(previewed)
}

/// What was previewed when the agent took it. What ended a moment ago may have changed the plan in between: then the
/// agent refuses it, nothing runs, and the newer preview is deployed.
async fn read_and_deploy(page: &Page, id: &str) -> Result<Vec<Placed>> {
    let patience = Duration::from_secs(20);
    for _ in 0..5 {
        let what = format!("the preview of {id} can be deployed");
        let previewed: Vec<Placed> = wait::until(&what, patience, async || {
            let read: Option<Vec<Placed>> = page.script(READ_AND_DEPLOY, vec![json!(id)]).await?;
            read.context("it cannot yet")
        })
        .await?;
        let what = format!("the agent answers to the deploy of {id}");
        let state: String = wait::until(&what, patience, async || {
            let code = "return document.querySelector('[data-testid=deploy-state]').dataset.state";
            let state: String = page.script(code, vec![]).await?;
            ensure!(matches!(state.as_str(), "accepted" | "changed" | "failed"), "{state}");
            Ok(state)
        })
        .await?;
        ensure!(state != "failed", "{}", page.text("deploy-state").await?);
        if state == "accepted" {
            return Ok(previewed);
        }
    }
    bail!("{id}: refused five times")
}

fn from_api(allocation: &Value) -> Result<Placed> {
    let text = |v: &Value| v.as_str().map(str::to_owned).context("a text");
    let ports =
        allocation["AllocatedResources"]["Shared"]["Ports"].as_array().cloned().unwrap_or_default();
    let ports = ports.iter().map(|p| Ok((text(&p["Label"])?, p["Value"].to_string())));
    Ok(Placed {
        name: text(&allocation["Name"])?,
        node: text(&allocation["NodeName"])?,
        ports: ports.collect::<Result<_>>()?,
    })
}
