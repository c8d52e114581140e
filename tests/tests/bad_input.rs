//! Bad input is answered with a place and a sentence, by page, command line and API, and never with a panic or
//! a hang.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::json;
use steppe_tests::agent::Agent;
use steppe_tests::browser::Browser;

const PATIENCE: Duration = Duration::from_secs(10);
const GOOD: &str = "job \"good\" {\n  datacenters = [\"dc1\"]\n  group \"g\" {\n    task \"t\" {\n      driver = \"docker\"\n      config {\n        \
                    image = \"steppe-tests/busybox:1\"\n      }\n    }\n  }\n}\n";

fn bad_texts() -> Vec<(&'static str, String)> {
    vec![
        ("unclosed block", "job \"a\" {\n  group \"g\" {\n".into()),
        ("unclosed string", "job \"a {\n}\n".into()),
        ("no job", "group \"g\" {}\n".into()),
        (
            "wrong type",
            "job \"a\" {\n  priority = \"high\"\n  group \"g\" {\n    count = [1]\n  }\n}\n".into(),
        ),
        ("misspelled", "job \"a\" {\n  gruop \"g\" {}\n}\n".into()),
        ("broken json", "{ \"Job\": { \"ID\": ".into()),
        ("binary", "job \u{0}\u{1}\u{2}\u{fffd}{".into()),
        ("deep blocks", "a {".repeat(5_000)),
        ("deep brackets", format!("job \"a\" {{ x = {} }}", "[".repeat(50_000))),
        ("deep json", "[".repeat(100_000)),
        ("half a template", "job \"a\" { name = \"${\" }".into()),
    ]
}

#[tokio::test]
async fn the_api_and_the_command_line_say_where() -> Result<()> {
    let agent = Agent::single("bad").await?;
    for (name, text) in bad_texts() {
        let start = Instant::now();
        let body = json!({ "JobHCL": text, "Canonicalize": true });
        let (status, answer) = agent.api.send("POST", "/v1/jobs/parse", Some(&body)).await?;
        ensure!(status == 400, "{name}: {status} {answer}");
        ensure!(!answer.trim().is_empty(), "{name}: an empty answer");
        ensure!(start.elapsed() < PATIENCE, "{name}: took {:?}", start.elapsed());
        agent.write("bad.nomad", &text)?;
        let start = Instant::now();
        let out = agent.cli(&["job", "validate", "bad.nomad"])?;
        let shown = String::from_utf8_lossy(&out.stdout).into_owned()
            + &*String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(1), "{name}: {shown}");
        ensure!(shown.contains("bad.nomad:"), "{name}: no place in\n{shown}");
        ensure!(!shown.contains("panicked"), "{name}: {shown}");
        ensure!(start.elapsed() < PATIENCE, "{name}: took {:?}", start.elapsed());
    }
    // Bytes that are no text at all, and far too many of them.
    let http = reqwest::Client::new();
    for body in [vec![0xff_u8; 4096], vec![b' '; 64 << 20], b"{\"Job\":".to_vec()] {
        for path in ["/v1/jobs", "/v1/jobs/parse", "/v1/steppe/deploy"] {
            let sent = http.post(format!("{}{path}", agent.url())).body(body.clone()).send().await;
            // A refusal may close the connection before all bytes are sent.
            if let Ok(answer) = sent {
                ensure!(answer.status().is_client_error(), "{path}: {}", answer.status());
            }
        }
    }
    agent.api.get("/v1/jobs").await?;
    Ok(())
}

#[tokio::test]
async fn the_page_marks_the_place_and_recovers() -> Result<()> {
    let agent = Agent::single("bad-page").await?;
    agent.nodes_ready(1).await?;
    let browser = Browser::start().await?;
    let page = browser.open(&agent.url()).await?;
    for (name, text) in bad_texts() {
        page.paste(&text).await?;
        let found = page.shows("diagnostic", &[]).await;
        ensure!(found.is_ok(), "{name}: {found:?}");
        let enabled: bool = page
            .script("return !document.querySelector('[data-testid=deploy]').disabled", vec![])
            .await?;
        ensure!(!enabled, "{name}: could be deployed");
        page.preview(GOOD, "good").await?;
        page.shows("placement", &["good.g[0]"]).await?;
    }
    page.paste("job \"a\" {\n  gruop \"g\" {}\n}\n").await?;
    page.shows("diagnostic", &["group"]).await?;
    browser.screenshot("diagnostics").await?;
    // A megabyte and more is refused with a word, and the page still lives.
    page.paste(&"# a long comment line, again and again\n".repeat(40_000)).await?;
    page.shows("diagnostic", &["larger"]).await?;
    page.preview(GOOD, "good").await?;
    page.shows("placement", &["good.g[0]"]).await?;
    Ok(())
}
