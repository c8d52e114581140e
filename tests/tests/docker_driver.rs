//! What a Docker task may ask for and how it ends, seen by Docker itself and by the API.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use steppe_tests::agent::{Agent, fresh_dir, single_node};
use steppe_tests::{docker, images, wait};

const PATIENCE: Duration = Duration::from_secs(60);

/// A group of one task that runs a shell script and is never tried again.
fn group(name: &str, script: &str, more: &str) -> String {
    format!(
        r#"
  group "{name}" {{
    restart {{
      attempts = 0
      mode     = "fail"
    }}
    reschedule {{
      attempts  = 0
      unlimited = false
    }}
    task "t" {{
      driver = "docker"
      config {{
        image   = "{}"
        command = "/bin/sh"
        args    = ["-c", "{script}"]
        {more}
      }}
      resources {{
        cpu    = 20
        memory = 16
      }}
    }}
  }}
"#,
        images::BUSYBOX
    )
}

fn run(agent: &Agent, id: &str, kind: &str, groups: &[String]) -> Result<()> {
    let head = format!("job \"{id}\" {{\n  datacenters = [\"dc1\"]\n  type = \"{kind}\"\n");
    let file = agent.write("job.nomad", &format!("{head}{}\n}}\n", groups.concat()))?;
    agent.cli_ok(&["job", "run", "-detach", &file.to_string_lossy()])?;
    Ok(())
}

/// The allocation of a group, once its tasks have ended.
async fn ended(agent: &Agent, job: &str, group: &str) -> Result<Value> {
    wait::until(&format!("{job}.{group} has ended"), PATIENCE, async || {
        let all = agent.api.allocations(job).await?;
        let found = all.iter().find(|a| a["TaskGroup"] == group).context("not placed")?;
        let status = found["ClientStatus"].as_str().unwrap_or_default().to_owned();
        ensure!(matches!(status.as_str(), "complete" | "failed"), "it is {status}");
        Ok(found.clone())
    })
    .await
}

fn texts(allocation: &Value) -> Vec<String> {
    let events = allocation["TaskStates"]["t"]["Events"].as_array().cloned().unwrap_or_default();
    let text = |e: &Value| e["DisplayMessage"].as_str().unwrap_or_default().to_owned();
    events.iter().map(text).collect()
}

fn logs(agent: &Agent, allocation: &Value, stream: &str) -> Result<String> {
    let id = allocation["ID"].as_str().context("an ID")?;
    let mut args = vec!["alloc", "logs"];
    if stream == "stderr" {
        args.push("-stderr");
    }
    args.push(id);
    agent.cli_ok(&args)
}

#[tokio::test]
async fn ends_are_told_as_they_were() -> Result<()> {
    images::busybox()?;
    let agent = Agent::single("ends").await?;
    agent.nodes_ready(1).await?;
    let groups = [
        group("fine", "echo out; echo err >&2", ""),
        group("three", "exit 3", ""),
        group("greedy", "x=a; while true; do x=$x$x; done", ""),
        group("root", "true", "privileged = true"),
        group("host", "true", "volumes = [\"/etc:/host\"]"),
        group("typo", "true", "comand = \"x\""),
    ];
    run(&agent, "ends", "batch", &groups)?;
    let fine = ended(&agent, "ends", "fine").await?;
    ensure!(fine["ClientStatus"] == "complete", "{fine}");
    ensure!(logs(&agent, &fine, "stdout")? == "out\n");
    ensure!(logs(&agent, &fine, "stderr")? == "err\n");
    let expected = [
        (
            "three",
            "Exit Code: 3, Exit Message: \"Docker container exited with non-zero exit code: 3\"",
        ),
        ("greedy", "Exit Code: 137, Exit Message: \"OOM Killed\""),
        ("root", "Docker privileged mode is disabled on this Nomad agent"),
        ("host", "volumes are not enabled; cannot mount host paths: \"/etc:/host\""),
    ];
    for (group, text) in expected {
        let allocation = ended(&agent, "ends", group).await?;
        ensure!(allocation["ClientStatus"] == "failed", "{allocation}");
        ensure!(texts(&allocation).iter().any(|t| t == text), "{group}: {:?}", texts(&allocation));
    }
    let typo = ended(&agent, "ends", "typo").await?;
    let told = texts(&typo).concat();
    ensure!(told.contains("named \"comand\""), "{told}");
    ensure!(docker::containers_using(&agent.dir).is_empty(), "ended containers are still there");
    Ok(())
}

#[tokio::test]
async fn output_is_copied_once_over_a_crash() -> Result<()> {
    images::busybox()?;
    let mut agent = Agent::single("output").await?;
    agent.nodes_ready(1).await?;
    let script = "i=0; while true; do i=$((i+1)); echo line $i; sleep 0.05; done";
    run(&agent, "output", "service", &[group("g", script, "")])?;
    let allocation = agent.api.running("output", 1, 60).await?.remove(0);
    tokio::time::sleep(Duration::from_secs(1)).await;
    agent.kill();
    tokio::time::sleep(Duration::from_secs(1)).await;
    agent.spawn().await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let text = logs(&agent, &allocation, "stdout")?;
    let lines: Vec<&str> = text.lines().collect();
    ensure!(lines.len() > 40, "only {} lines", lines.len());
    for (n, line) in lines.iter().enumerate() {
        ensure!(*line == format!("line {}", n + 1), "line {} is `{line}`", n + 1);
    }
    Ok(())
}

#[tokio::test]
async fn what_nobody_wants_any_more_is_removed() -> Result<()> {
    images::busybox()?;
    let mut agent = Agent::single("unwanted").await?;
    agent.nodes_ready(1).await?;
    // Not ours: it has the label and no directory of this agent.
    let stranger = format!("{}=not-of-this-agent", docker::ALLOC_LABEL);
    let stranger =
        docker::run(&["run", "--detach", "--label", &stranger, images::BUSYBOX, "sleep", "600"])?;
    run(&agent, "unwanted", "service", &[group("g", "sleep 600", "")])?;
    let allocation = agent.api.running("unwanted", 1, 60).await?.remove(0);
    let id = allocation["ID"].as_str().context("an ID")?.to_owned();
    agent.kill();
    // A container of a task that the state has never heard of, in this agent's directory.
    let orphan = "11111111-2222-4333-8444-555555555555";
    let found = docker::inspect(&docker::of_allocation(&id)?.remove(0))?;
    let bind = found["HostConfig"]["Binds"][0].as_str().context("a bind")?.replace(&id, orphan);
    let (label, name) = (format!("{}={orphan}", docker::ALLOC_LABEL), format!("t-{orphan}"));
    docker::run(&[
        "run",
        "--detach",
        "--name",
        &name,
        "--label",
        &label,
        "--volume",
        &bind,
        images::BUSYBOX,
        "sleep",
        "600",
    ])?;
    agent.spawn().await?;
    let swept = wait::until("the orphan is removed", PATIENCE, async || {
        ensure!(docker::of_allocation(orphan)?.is_empty(), "it is still there");
        Ok(())
    });
    swept.await?;
    ensure!(docker::of_allocation(&id)?.len() == 1, "the wanted container must stay");
    ensure!(docker::inspect(&stranger).is_ok(), "another agent's container must stay");
    docker::run(&["rm", "--force", &stranger])?;
    Ok(())
}

#[tokio::test]
async fn the_kill_signal_comes_before_the_force() -> Result<()> {
    images::busybox()?;
    let agent = Agent::single("signal").await?;
    agent.nodes_ready(1).await?;
    let script = "trap 'echo got INT; exit 0' INT; while true; do sleep 0.1; done";
    let polite = group("g", script, "").replace(
        "driver = \"docker\"",
        "driver       = \"docker\"\n      kill_signal  = \"SIGINT\"\n      kill_timeout = \"20s\"",
    );
    run(&agent, "signal", "service", &[polite])?;
    let allocation = agent.api.running("signal", 1, 60).await?.remove(0);
    let (status, text) = agent.api.send("DELETE", "/v1/job/signal", None::<&()>).await?;
    ensure!(status == 200, "{text}");
    let ended = ended(&agent, "signal", "g").await?;
    ensure!(texts(&ended).iter().any(|t| t == "Exit Code: 0"), "{:?}", texts(&ended));
    ensure!(logs(&agent, &allocation, "stdout")? == "got INT\n");
    Ok(())
}

#[tokio::test]
async fn each_allocation_has_its_own_volume() -> Result<()> {
    images::busybox()?;
    let dir = fresh_dir("own-volume")?;
    for number in 0..2 {
        std::fs::create_dir(dir.join(format!("data{number}")))?;
    }
    let volume =
        |n: usize| format!("  host_volume \"data[{n}]\" {{\n    path = \"./data{n}\"\n  }}\n");
    let config = single_node(&[volume(0), volume(1)].concat());
    let agent = Agent::start_in(dir.clone(), &[("agent.hcl", config)]).await?;
    agent.nodes_ready(1).await?;
    let script = "echo $NOMAD_ALLOC_INDEX > /data/index";
    let volume = "    count = 2\n    volume \"v\" {\n      type = \"host\"\n      source = \"data\"\n      per_alloc = true\n    }\n    task";
    let mount = "      volume_mount {\n        volume = \"v\"\n        destination = \"/data\"\n      }\n      resources";
    let group = group("g", script, "");
    let group = group.replacen("    task", volume, 1).replacen("      resources", mount, 1);
    run(&agent, "own", "batch", &[group])?;
    for number in 0..2 {
        let file = dir.join(format!("data{number}/index"));
        wait::until(&format!("{} is written", file.display()), PATIENCE, async || {
            let text = std::fs::read_to_string(&file)?;
            ensure!(text == format!("{number}\n"), "it holds {text}");
            Ok(())
        })
        .await?;
    }
    Ok(())
}
