//! An image of three layers comes from a registry that wants a password, over a slow line: the page shows how
//! far each layer is, and then the task runs.

use std::time::Duration;

use anyhow::{Result, ensure};
use steppe_tests::agent::Agent;
use steppe_tests::browser::Browser;
use steppe_tests::registry::{PASSWORD, Registry, USER};
use steppe_tests::throttle::Throttle;
use steppe_tests::{docker, images};

const LOCAL: &str = "steppe-tests/layers:1";

fn job(image: &str, password: &str) -> String {
    format!(
        r#"job "pulled" {{
  datacenters = ["dc1"]
  group "g" {{
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
        image = "{image}"
        auth {{
          username = "{USER}"
          password = "{password}"
        }}
      }}
      resources {{
        cpu    = 50
        memory = 32
      }}
    }}
  }}
}}
"#
    )
}

#[tokio::test]
async fn a_pull_with_a_password_shows_its_layers() -> Result<()> {
    let registry = Registry::start().await?;
    images::three_layers(LOCAL, 3)?;
    registry.take(LOCAL, "steppe/layers:1")?;
    let line = Throttle::start(registry.port, 1_500_000).await?;
    let image = format!("127.0.0.1:{}/steppe/layers:1", line.port);
    let agent = Agent::single("pull").await?;
    agent.nodes_ready(1).await?;
    let browser = Browser::start().await?;
    let page = browser.open(&agent.url()).await?;

    page.preview(&job(&image, PASSWORD), "pulled").await?;
    page.shows("placement", &["pulled.g[0]"]).await?;
    page.click("deploy").await?;
    let mut most = 0;
    let mut percents = Vec::new();
    let seen = steppe_tests::wait::until(
        "three layers are seen on their way",
        Duration::from_secs(60),
        async || {
            let layers: usize = page
            .script("return document.querySelectorAll('[data-testid=pull-progress] .pull-layers > li').length", vec![])
            .await?;
            let percent: Option<String> = page
            .script("return document.querySelector('[data-testid=pull-progress]')?.dataset.percent ?? null", vec![])
            .await?;
            if layers == 3 && most < 3 {
                browser.screenshot("pull").await?;
            }
            most = most.max(layers);
            percents.extend(percent.filter(|p| !p.is_empty() && percents.last() != Some(p)));
            ensure!(most >= 3 && percents.len() >= 3, "{most} layers, percents {percents:?}");
            Ok(())
        },
    );
    seen.await?;
    page.shows_within("alloc-status", &["running"], Duration::from_secs(60)).await?;
    agent.api.running("pulled", 1, 30).await?;
    agent.api.purge("pulled").await?;
    agent.api.stopped("pulled", 30).await?;

    // The wrong password is said as such, with the registry's name.
    docker::run(&["image", "rm", "--force", &image])?;
    page.paste(&job(&image, "wrong")).await?;
    page.shows("placement", &["pulled.g[0]"]).await?;
    page.click("deploy").await?;
    page.shows_within("event", &["Driver Failure", "steppe/layers"], Duration::from_secs(60))
        .await?;
    Ok(())
}
