//! One node that fails five checks at once shows all five, with what was asked, what is there and who is in
//! the way: on the page, by command line and in JSON. Nothing is deployed.

use std::net::TcpListener;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use steppe_tests::agent::Agent;
use steppe_tests::browser::Browser;

const CHECKS: [&str; 5] = ["Datacenter", "Constraint", "HostVolume", "Port", "Memory"];

fn impossible(port: u16) -> String {
    format!(
        r#"job "impossible" {{
  datacenters = ["dc9"]
  constraint {{
    attribute = "${{attr.kernel.name}}"
    value     = "plan9"
  }}
  group "g" {{
    network {{
      port "db" {{
        static = {port}
      }}
    }}
    volume "data" {{
      type   = "host"
      source = "no-such-volume"
    }}
    task "t" {{
      driver = "docker"
      config {{
        image = "steppe-tests/busybox:1"
        ports = ["db"]
      }}
      resources {{
        cpu    = 50
        memory = 9000000
      }}
    }}
  }}
}}
"#
    )
}

#[tokio::test]
async fn all_five_reasons_are_named_everywhere() -> Result<()> {
    let held = TcpListener::bind("127.0.0.1:0")?;
    let port = held.local_addr()?.port();
    let agent = Agent::single("reasons").await?;
    agent.nodes_ready(1).await?;
    let text = impossible(port);

    let job = agent.api.parse(&text, false).await?;
    let answer = agent.api.put("/v1/job/impossible/plan", &json!({ "Job": job })).await?;
    let failures = answer["SteppePlan"]["Groups"][0]["Nodes"][0]["Failures"].clone();
    let failures = failures.as_array().context("a list of failures")?;
    for check in CHECKS {
        let failure = failures.iter().find(|f| f["Check"] == check);
        let failure = failure.with_context(|| format!("{check} is missing in {failures:?}"))?;
        ensure!(filled(failure), "{check} lacks what was required or there: {failure}");
    }
    let holder = failures.iter().find(|f| f["Check"] == "Port").context("the port")?;
    let holder = &holder["Holders"][0];
    assert_eq!(holder["Kind"], "process", "{holder}");
    assert_eq!(holder["ID"], std::process::id().to_string(), "{holder}");

    agent.write("impossible.nomad", &text)?;
    let out = agent.cli(&["job", "plan", "impossible.nomad"])?;
    let shown = String::from_utf8_lossy(&out.stdout).into_owned();
    assert_eq!(out.status.code(), Some(1), "a plan that places something or cannot:\n{shown}");
    let port_text = port.to_string();
    for word in ["dc9", "plan9", "no-such-volume", "9000000", &port_text] {
        ensure!(shown.contains(word), "job plan does not name {word}:\n{shown}");
    }

    let browser = Browser::start().await?;
    let page = browser.open(&agent.url()).await?;
    page.preview(&text, "impossible").await?;
    let row = page.shows("node-row", &["node-1"]).await?;
    for word in ["dc9", "plan9", "no-such-volume", &port_text] {
        ensure!(row.contains(word), "the matrix does not name {word}: {row}");
    }
    page.has("failure", CHECKS.len()).await?;
    let me = std::fs::read_to_string("/proc/self/comm")?;
    page.shows("failure-holder", &[me.trim()]).await?;
    browser.screenshot("every-reason").await?;
    let clickable: bool = page
        .script("return !document.querySelector('[data-testid=deploy]').disabled", vec![])
        .await?;
    ensure!(!clickable || page.count("alloc-row").await? == 0, "nothing is deployed");
    let jobs = agent.api.get("/v1/jobs").await?;
    assert_eq!(jobs, json!([]), "nothing is registered by looking");
    Ok(())
}

fn filled(failure: &Value) -> bool {
    let has = |key: &str| failure[key].as_str().is_some_and(|t| !t.is_empty());
    has("Required") && has("Actual") && has("Message")
}
