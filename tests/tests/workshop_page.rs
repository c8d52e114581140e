//! The workshop, in the browser: paste, preview, deploy, log in, lose the data, keep the data.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use steppe_tests::agent::{Agent, fresh_dir, single_node};
use steppe_tests::browser::Browser;
use steppe_tests::page::Page;
use steppe_tests::{docker, images, mysql, workshop};

const START: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_newcomer_runs_mysql_and_finds_the_data_again() -> Result<()> {
    images::mysql()?;
    let dir = fresh_dir("workshop")?;
    fs::create_dir(dir.join("mysql-data"))?;
    let volume = "  host_volume \"mysql-vol\" {\n    path      = \"./mysql-data\"\n    read_only = false\n  }";
    let agent = Agent::start_in(dir.clone(), &[("agent.hcl", single_node(volume))]).await?;
    agent.nodes_ready(1).await?;
    let browser = Browser::start().await?;
    let page = browser.open(&agent.url()).await?;

    // Without a volume the database is gone after stop and run.
    page.preview(&workshop::mysql(), workshop::JOB).await?;
    page.shows("placement", &["mysql-5.7.mysql-group[0]", "node-1", "127.0.0.1:3306"]).await?;
    page.shows("format", &["HCL1"]).await?;
    browser.screenshot("workshop-preview").await?;
    deploy(&page).await?;
    assert_container(&agent).await?;
    assert!(!mysql::databases(workshop::PORT).await?.contains(&"handson".to_owned()));
    mysql::query(workshop::PORT, "create database handson")?;
    assert!(mysql::databases(workshop::PORT).await?.contains(&"handson".to_owned()));
    browser.screenshot("workshop-running").await?;
    stop(&page, &agent).await?;
    again(&page, &agent).await?;
    let databases = mysql::databases(workshop::PORT).await?;
    assert!(!databases.contains(&"handson".to_owned()), "without a volume nothing is kept");
    stop(&page, &agent).await?;

    // With the host volume it is still there, and its files are on the host.
    page.preview(&workshop::mysql_with_volume(), workshop::JOB).await?;
    page.shows("placement-volume", &["mysql-vol", "mysql-data"]).await?;
    deploy(&page).await?;
    mysql::databases(workshop::PORT).await?;
    mysql::query(workshop::PORT, "create database handson")?;
    stop(&page, &agent).await?;
    again(&page, &agent).await?;
    let databases = mysql::databases(workshop::PORT).await?;
    assert!(databases.contains(&"handson".to_owned()), "the volume keeps the data: {databases:?}");
    assert!(dir.join("mysql-data/handson").is_dir(), "the files are in the host's directory");
    stop(&page, &agent).await?;
    let errors = browser.errors().await?;
    ensure!(errors.is_empty(), "the console holds errors: {errors:?}");
    Ok(())
}

/// Clicks Deploy and sees the allocation come to life.
async fn deploy(page: &Page) -> Result<()> {
    page.click("deploy").await?;
    page.shows("deploy-state", &["Deployed"]).await.context("the agent's answer to Deploy")?;
    page.shows_within("alloc-status", &["running"], START).await?;
    page.shows_within("event", &["Started"], START).await?;
    Ok(())
}

async fn stop(page: &Page, agent: &Agent) -> Result<()> {
    page.click("stop").await?;
    page.shows_within("job-status", &["stopped"], START)
        .await
        .or(page.shows_within("job-status", &["dead"], START).await)?;
    agent.api.stopped(workshop::JOB, 60).await
}

/// Runs the stopped job again with the page's own button.
async fn again(page: &Page, agent: &Agent) -> Result<()> {
    page.click("run-again").await?;
    agent.api.running(workshop::JOB, 1, 60).await?;
    page.shows_within("alloc-status", &["running"], START).await?;
    Ok(())
}

/// The container is named and published as the workshop shows it.
async fn assert_container(agent: &Agent) -> Result<()> {
    let alloc = &agent.api.running(workshop::JOB, 1, 60).await?[0];
    let id = alloc["ID"].as_str().context("an ID")?;
    let containers = docker::of_allocation(id)?;
    assert_eq!(containers.len(), 1, "one container for {id}");
    let inspected = docker::inspect(&containers[0])?;
    assert_eq!(inspected["Name"], format!("/mysql-task-{id}"));
    assert_eq!(docker::published(&inspected), ["3306/tcp", "3306/udp"]);
    assert_eq!(inspected["HostConfig"]["Memory"], 256 * 1024 * 1024);
    Ok(())
}
