//! The workshop by command line, with its server and its three client files.

use std::fs;

use anyhow::{Context, Result, ensure};
use steppe_tests::agent::{Agent, fresh_dir};
use steppe_tests::{docker, images, mysql, workshop};

#[tokio::test]
async fn three_clients_run_the_job_and_keep_its_data() -> Result<()> {
    images::mysql()?;
    let dir = fresh_dir("clients")?;
    fs::create_dir(dir.join("mysql-data"))?;
    let agent = Agent::start_in(dir.clone(), &workshop::cluster()).await?;
    agent.nodes_ready(3).await?;
    let nodes = agent.cli_ok(&["node", "status"])?;
    for name in ["client-1", "client-2", "client-3"] {
        ensure!(nodes.contains(name), "{name} is not listed:\n{nodes}");
    }

    agent.write("mysql.nomad", &workshop::mysql())?;
    let ran = agent.cli_ok(&["job", "run", "-hcl1", "mysql.nomad"])?;
    ensure!(ran.contains("Evaluation") && ran.contains("complete"), "job run says:\n{ran}");
    agent.api.running(workshop::JOB, 1, 60).await?;
    mysql::databases(workshop::PORT).await?;
    mysql::query(workshop::PORT, "create database handson")?;
    let status = agent.cli_ok(&["job", "status", workshop::JOB])?;
    for line in ["ID            = mysql-5.7", "Status        = running", "Summary", "Allocations"] {
        ensure!(status.contains(line), "job status lacks {line:?}:\n{status}");
    }
    agent.cli_ok(&["job", "stop", workshop::JOB])?;
    agent.api.stopped(workshop::JOB, 60).await?;
    agent.cli_ok(&["job", "run", "-hcl1", "mysql.nomad"])?;
    let databases = mysql::databases(workshop::PORT).await?;
    ensure!(!databases.contains(&"handson".to_owned()), "nothing keeps it without a volume");
    agent.cli_ok(&["job", "stop", workshop::JOB])?;
    agent.api.stopped(workshop::JOB, 60).await?;

    agent.write("volume.nomad", &workshop::mysql_with_volume())?;
    agent.cli_ok(&["job", "run", "-hcl1", "volume.nomad"])?;
    mysql::databases(workshop::PORT).await?;
    mysql::query(workshop::PORT, "create database handson")?;
    agent.cli_ok(&["job", "stop", workshop::JOB])?;
    agent.api.stopped(workshop::JOB, 60).await?;
    agent.cli_ok(&["job", "run", "-hcl1", "volume.nomad"])?;
    let databases = mysql::databases(workshop::PORT).await?;
    ensure!(databases.contains(&"handson".to_owned()), "the volume keeps it: {databases:?}");
    ensure!(dir.join("mysql-data/handson").is_dir(), "the files are on the host");
    let alloc = agent.api.running(workshop::JOB, 1, 60).await?[0]["ID"].clone();
    let alloc = alloc.as_str().context("an ID")?.to_owned();
    let log = agent.cli_ok(&["alloc", "logs", &alloc])?;
    ensure!(log.contains("[Entrypoint]"), "the log shows:\n{log}");
    agent.cli_ok(&["job", "stop", "-purge", workshop::JOB])?;
    Ok(())
}

#[tokio::test]
async fn a_job_pinned_to_client_3_mounts_that_clients_directory() -> Result<()> {
    images::busybox()?;
    let dir = fresh_dir("pinned")?;
    let mut files = workshop::cluster();
    for (n, (_, text)) in files.iter_mut().enumerate().skip(1) {
        fs::create_dir(dir.join(format!("data-{n}")))?;
        *text = text.replace("./mysql-data", &format!("./data-{n}"));
    }
    let mut agent = Agent::start_in(dir.clone(), &files).await?;
    agent.nodes_ready(3).await?;
    let before = node_ids(&agent).await?;

    // A restart with a new volume keeps the nodes' IDs.
    agent.kill();
    let client = dir.join(files[3].0);
    let extra = format!("{}\n", files[3].1.replace("\"mysql-vol\"", "\"second\""));
    let both = files[3].1.replacen(
        "client {",
        &format!("client {{\n{}", volume_block(&extra).context("a volume block")?),
        1,
    );
    fs::write(&client, both)?;
    agent.spawn().await?;
    agent.nodes_ready(3).await?;
    assert_eq!(node_ids(&agent).await?, before);

    let job = format!(
        r#"job "pinned" {{
  datacenters = ["dc1"]
  constraint {{
    attribute = "${{node.unique.name}}"
    value     = "client-3"
  }}
  group "g" {{
    volume "v" {{
      type   = "host"
      source = "mysql-vol"
    }}
    task "t" {{
      driver = "docker"
      volume_mount {{
        volume      = "v"
        destination = "/data"
      }}
      config {{
        image   = "{}"
        command = "/bin/sh"
        args    = ["-c", "echo here > /data/mark; sleep 3600"]
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
    );
    agent.write("pinned.nomad", &job)?;
    agent.cli_ok(&["job", "run", "pinned.nomad"])?;
    let alloc = agent.api.running("pinned", 1, 60).await?.remove(0);
    assert_eq!(alloc["NodeName"], "client-3");
    let id = alloc["ID"].as_str().context("an ID")?;
    let container = docker::of_allocation(id)?.pop().context("a container")?;
    let mounts = docker::inspect(&container)?["Mounts"].to_string();
    ensure!(mounts.contains("/data-3"), "it mounts {mounts}");
    steppe_tests::wait::until(
        "the mark is written",
        std::time::Duration::from_secs(10),
        async || Ok(fs::read_to_string(dir.join("data-3/mark"))?),
    )
    .await?;
    ensure!(!dir.join("data-1/mark").exists() && !dir.join("data-2/mark").exists(), "only there");
    agent.cli_ok(&["job", "stop", "-purge", "pinned"])?;
    Ok(())
}

async fn node_ids(agent: &Agent) -> Result<Vec<(String, String)>> {
    let nodes = agent.api.get("/v1/nodes").await?;
    let mut ids: Vec<(String, String)> = nodes
        .as_array()
        .context("a list")?
        .iter()
        .map(|n| (n["Name"].to_string(), n["ID"].to_string()))
        .collect();
    ids.sort();
    Ok(ids)
}

/// The `host_volume` block of a configuration.
fn volume_block(text: &str) -> Option<&str> {
    let start = text.find("  host_volume")?;
    let end = start + text[start..].find('}')? + 1;
    Some(&text[start..end])
}
