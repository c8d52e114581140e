//! Writing a job in the page: marks with their hints, offers, meanings, the values of variables, and files.

use anyhow::{Result, ensure};
use serde_json::json;
use steppe_tests::agent::{Agent, single_node};
use steppe_tests::browser::Browser;
use steppe_tests::page::Page;
use steppe_tests::wait;

const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

/// Waits until something on the page, by style sheet selector, shows these words.
async fn appears(page: &Page, selector: &str, words: &str) -> Result<()> {
    wait::until(&format!("{selector} shows {words}"), PATIENCE, async || {
        let texts: Vec<String> = page
            .script(
                "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText)",
                vec![json!(selector)],
            )
            .await?;
        ensure!(texts.iter().any(|text| text.contains(words)), "it shows {texts:?}");
        Ok(())
    })
    .await
}

async fn editor_text(page: &Page) -> Result<String> {
    page.script(
        "return [...document.querySelectorAll('[data-testid=editor] .cm-line')].map(l => l.textContent).join('\\n')",
        vec![],
    )
    .await
}

#[tokio::test]
async fn mistakes_are_marked_with_their_hints() -> Result<()> {
    let agent = Agent::single("editor-marks").await?;
    let browser = Browser::start().await?;
    let page = browser.open(&agent.url()).await?;
    page.paste("job \"web\" {\n  gruop \"app\" {\n  }\n}\n").await?;
    page.shows("diagnostic", &["gruop", "group"]).await?;
    appears(&page, ".cm-lintRange-error", "gruop").await?;
    page.point_at("gruop").await?;
    appears(&page, ".cm-tooltip .cm-hint", "group").await?;
    browser.screenshot("editor-mark").await?;
    Ok(())
}

#[tokio::test]
async fn offers_come_while_typing_and_meanings_under_the_pointer() -> Result<()> {
    let agent = Agent::single("editor-offers").await?;
    agent.nodes_ready(1).await?;
    let browser = Browser::start().await?;
    let page = browser.open(&agent.url()).await?;
    page.shows("line-state", &["live"]).await?;
    page.paste("job \"web\" {\n  group \"app\" {\n    ").await?;
    page.type_text("cou").await?;
    appears(&page, ".cm-tooltip-autocomplete li", "count").await?;
    browser.screenshot("editor-offers").await?;
    page.type_text("\n").await?;
    wait::until("the offer is taken", PATIENCE, async || {
        let text = editor_text(&page).await?;
        ensure!(text.contains("    count = 1"), "{text}");
        Ok(())
    })
    .await?;
    // What the cluster has is offered as well.
    page.paste("job \"web\" {\n  datacenters = [").await?;
    page.type_text("\"").await?;
    appears(&page, ".cm-tooltip-autocomplete li", "dc1").await?;
    page.paste("job \"web\" {\n  group \"app\" {\n    count = 2\n  }\n}\n").await?;
    page.point_at("count").await?;
    appears(&page, ".cm-tooltip .cm-about", "whole number").await?;
    browser.screenshot("editor-meaning").await?;
    ensure!(browser.errors().await?.is_empty(), "{:?}", browser.errors().await?);
    Ok(())
}

#[tokio::test]
async fn variables_and_files_are_given_in_the_page() -> Result<()> {
    let mock = "plugin \"mock_driver\" {\n  config {\n    enabled = true\n  }\n}\n";
    let config = format!("{}{mock}", single_node(""));
    let agent = Agent::start("editor-inputs", &[("agent.hcl", config)]).await?;
    agent.nodes_ready(1).await?;
    let browser = Browser::start().await?;
    let page = browser.open(&agent.url()).await?;
    let job = "variable \"copies\" {\n  type        = number\n  description = \"How many.\"\n}\n\
               variable \"memory\" {\n  default = 32\n}\n\
               job \"vars\" {\n  datacenters = [\"*\"]\n  group \"g\" {\n    count = var.copies\n    task \"t\" {\n      \
               driver = \"mock_driver\"\n      config {\n        run_for = file(\"run_for.txt\")\n      }\n      \
               resources {\n        cpu    = 20\n        memory = var.memory\n      }\n    }\n  }\n}\n";
    page.paste(job).await?;
    page.shows("diagnostic", &["copies", "no value"]).await?;
    page.shows("input-row", &["copies", "number", "How many."]).await?;
    page.fill("input-copies", "2").await?;
    page.shows("missing-file", &["run_for.txt"]).await?;
    page.choose_file("file-run_for.txt", "run_for.txt", "1h").await?;
    page.has("placement", 2).await?;
    page.fill("input-memory", "48").await?;
    page.shows("placement", &["48 MB"]).await?;
    browser.screenshot("editor-inputs").await?;
    // They outlive the page, and the deployed version has them.
    let page = browser.open(&agent.url()).await?;
    page.has("placement", 2).await?;
    page.click("deploy").await?;
    agent.api.running("vars", 2, 60).await?;
    let stored = agent.api.get("/v1/job/vars/submission?version=0").await?;
    ensure!(stored["VariableFlags"] == json!({ "copies": "2", "memory": "48" }), "{stored}");
    Ok(())
}
