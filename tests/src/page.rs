//! The page as a user meets it: found by `data-testid`, read as text, clicked, typed into.
//!
//! An element that is not there yet, or was just replaced, counts as "not yet": every look-up polls.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::wait;

const PATIENCE: Duration = Duration::from_secs(30);

/// The present tab.
#[derive(Clone)]
pub struct Page {
    driver: WebDriver,
}

impl Page {
    pub fn new(driver: WebDriver) -> Page {
        Page { driver }
    }

    /// Runs JavaScript and gives its value.
    pub async fn script<T: DeserializeOwned>(&self, code: &str, args: Vec<Value>) -> Result<T> {
        Ok(self.driver.execute(code.to_owned(), args).await?.convert()?)
    }

    /// The texts of all elements with that `data-testid`, as they are shown, spaces folded.
    pub async fn texts(&self, testid: &str) -> Result<Vec<String>> {
        self.script(
            "return [...document.querySelectorAll('[data-testid=\"' + arguments[0] + '\"]')]\
             .map(e => e.innerText.replace(/\\s+/g, ' ').trim())",
            vec![json!(testid)],
        )
        .await
    }

    pub async fn text(&self, testid: &str) -> Result<String> {
        Ok(self.texts(testid).await?.join(" | "))
    }

    pub async fn count(&self, testid: &str) -> Result<usize> {
        Ok(self.texts(testid).await?.len())
    }

    /// Waits until one of the elements shows all the words; gives its text.
    pub async fn shows(&self, testid: &str, words: &[&str]) -> Result<String> {
        self.shows_within(testid, words, PATIENCE).await
    }

    pub async fn shows_within(
        &self,
        testid: &str,
        words: &[&str],
        patience: Duration,
    ) -> Result<String> {
        let what = format!("{testid} shows {words:?}");
        let shown = wait::until(&what, patience, async || {
            let texts = self.texts(testid).await?;
            let fit = texts.iter().find(|text| words.iter().all(|w| text.contains(w))).cloned();
            fit.ok_or_else(|| anyhow::anyhow!("it shows {texts:?}"))
        })
        .await;
        match shown {
            Ok(text) => Ok(text),
            Err(error) => Err(error.context(self.state().await)),
        }
    }

    /// What a page that does not do as expected says of itself: its text, what it fetched, its console.
    async fn state(&self) -> String {
        let page: Result<Value> = self
            .script(
                "return { text: document.body.innerText.slice(0, 300), ready: document.readyState, \
                 at: performance.now(), fetched: performance.getEntriesByType('resource')\
                 .map(e => [e.name.replace(/.*\\//, ''), e.responseStatus, e.responseEnd]) }",
                vec![],
            )
            .await;
        let console = self.driver.browser_log().await;
        format!("the page: {page:?}; its console: {console:?}")
    }

    /// Waits until there are exactly that many.
    pub async fn has(&self, testid: &str, count: usize) -> Result<()> {
        let what = format!("there are {count} {testid}");
        wait::until(&what, PATIENCE, async || {
            let texts = self.texts(testid).await?;
            ensure!(texts.len() == count, "there are {}: {texts:?}", texts.len());
            Ok(())
        })
        .await
    }

    /// Clicks the first enabled one.
    pub async fn click(&self, testid: &str) -> Result<()> {
        let css = format!("[data-testid=\"{testid}\"]");
        wait::until(&format!("{testid} can be clicked"), PATIENCE, async || {
            let element = self.driver.find(By::Css(css.as_str())).await?;
            ensure!(element.is_enabled().await?, "it is disabled");
            element.scroll_into_view().await?;
            Ok(element.click().await?)
        })
        .await
    }

    /// Replaces the editor's text as a paste does.
    pub async fn paste(&self, text: &str) -> Result<()> {
        wait::until("the editor takes a paste", PATIENCE, async || {
            let css = "[data-testid=\"editor\"] .cm-content";
            let content = self.driver.find(By::Css(css)).await?;
            content.click().await?;
            content.send_keys(Key::Control + "a").await?;
            let pasted: bool = self
                .script(
                    "const data = new DataTransfer(); data.setData('text/plain', arguments[1]); \
                     const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, \
                     cancelable: true }); \
                     return !document.querySelector(arguments[0]).dispatchEvent(event)",
                    vec![json!(css), json!(text)],
                )
                .await?;
            ensure!(pasted, "nothing took the paste");
            Ok(())
        })
        .await
    }

    /// Pastes a job and waits until what is shown is that job's plan.
    pub async fn preview(&self, text: &str, job: &str) -> Result<()> {
        self.paste(text).await?;
        wait::until(&format!("the preview of {job}"), PATIENCE, async || {
            let shown: Option<String> = self
                .script(
                    "const summary = document.querySelector('[data-testid=plan-summary]'); \
                     const title = document.querySelector('[data-testid=plan-job]'); \
                     return summary?.dataset.stale === 'false' ? title?.firstChild?.textContent ?? null : null",
                    vec![],
                )
                .await?;
            ensure!(shown.as_deref().map(str::trim) == Some(job), "it is of {shown:?}");
            Ok(())
        })
        .await
    }

    /// Puts the pointer on the first place of a word in the editor.
    pub async fn point_at(&self, word: &str) -> Result<()> {
        let at: Option<(i64, i64)> = self
            .script(
                "const walk = document.createTreeWalker(document.querySelector('.cm-content'), NodeFilter.SHOW_TEXT); \
                 for (let node; (node = walk.nextNode());) { \
                   const start = node.data.indexOf(arguments[0]); \
                   if (start < 0) continue; \
                   const range = document.createRange(); \
                   range.setStart(node, start); range.setEnd(node, start + arguments[0].length); \
                   const box = range.getBoundingClientRect(); \
                   return [Math.round(box.left + box.width / 2), Math.round(box.top + box.height / 2)]; \
                 } return null",
                vec![json!(word)],
            )
            .await?;
        let (x, y) = at.with_context(|| format!("{word} is not in the editor"))?;
        // From beside it: a pointer that was there already would not move.
        for to in [(x - 8, y + 60), (x, y)] {
            self.driver.action_chain().move_to(to.0, to.1).perform().await?;
        }
        Ok(())
    }

    /// Writes a field anew.
    pub async fn fill(&self, testid: &str, text: &str) -> Result<()> {
        let css = format!("[data-testid=\"{testid}\"]");
        wait::until(&format!("{testid} can be filled in"), PATIENCE, async || {
            let field = self.driver.find(By::Css(css.as_str())).await?;
            field.click().await?;
            field.send_keys(Key::Control + "a").await?;
            Ok(field.send_keys(text).await?)
        })
        .await
    }

    /// Chooses a file in a file field.
    pub async fn choose_file(&self, testid: &str, name: &str, content: &str) -> Result<()> {
        let path = crate::agent::fresh_dir("chosen")?.join(name);
        std::fs::write(&path, content)?;
        let css = format!("[data-testid=\"{testid}\"]");
        wait::until(&format!("{testid} takes a file"), PATIENCE, async || {
            let field = self.driver.find(By::Css(css.as_str())).await?;
            Ok(field.send_keys(path.to_string_lossy()).await?)
        })
        .await
    }

    /// Types where the cursor is.
    pub async fn type_text(&self, keys: &str) -> Result<()> {
        let content = self.driver.find(By::Css("[data-testid=\"editor\"] .cm-content")).await?;
        Ok(content.send_keys(keys).await?)
    }

    /// Requests this page has made since it was loaded (WebSockets are not among them).
    pub async fn requests(&self) -> Result<Vec<String>> {
        self.script("return performance.getEntriesByType('resource').map(e => e.name)", vec![])
            .await
    }
}
