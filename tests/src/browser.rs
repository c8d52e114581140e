//! A real Chromium, headless, with a fresh profile, driven through chromedriver.

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;
use thirtyfour::prelude::*;

use crate::agent::{free_port, fresh_dir};
use crate::page::Page;
use crate::{root, wait};

/// Root may only run it without its sandbox; a container's /dev/shm is too small for it.
const ARGUMENTS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];

/// A browser with one window; ends when dropped.
pub struct Browser {
    chromedriver: Child,
    profile: PathBuf,
    pub driver: WebDriver,
}

impl Browser {
    pub async fn start() -> Result<Browser> {
        let port = free_port();
        let mut chromedriver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start chromedriver")?;
        let profile = fresh_dir("browser")?;
        match connect(port, &profile).await {
            Ok(driver) => Ok(Browser { chromedriver, profile, driver }),
            Err(error) => {
                let _ = chromedriver.kill();
                let _ = chromedriver.wait();
                Err(error)
            }
        }
    }

    /// Opens an address in the present tab.
    pub async fn open(&self, url: &str) -> Result<Page> {
        self.driver.goto(url).await?;
        Ok(Page::new(self.driver.clone()))
    }

    /// Opens it in one more tab, which becomes the present one.
    pub async fn open_tab(&self, url: &str) -> Result<(WindowHandle, Page)> {
        let tab = self.driver.new_tab().await?;
        self.driver.switch_to_window(tab.clone()).await?;
        Ok((tab, self.open(url).await?))
    }

    /// Runs JavaScript in every page from now on, before anything of the page's own.
    pub async fn before_each_page(&self, code: &str) -> Result<()> {
        let script = json!({ "source": code });
        self.driver.cdp().send_raw("Page.addScriptToEvaluateOnNewDocument", script).await?;
        Ok(())
    }

    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.driver.cdp().send_raw("Emulation.setDeviceMetricsOverride", metrics).await?;
        Ok(())
    }

    /// `light` or `dark`, as the system would ask for.
    pub async fn prefer(&self, scheme: &str) -> Result<()> {
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.driver.cdp().send_raw("Emulation.setEmulatedMedia", media).await?;
        Ok(())
    }

    /// Cuts the network of the present tab, or gives it back.
    pub async fn offline(&self, offline: bool) -> Result<()> {
        let cdp = self.driver.cdp();
        cdp.send_raw("Network.enable", json!({})).await?;
        let conditions = json!({
            "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1
        });
        cdp.send_raw("Network.emulateNetworkConditions", conditions).await?;
        Ok(())
    }

    /// Lets requests to these addresses fail (`*` fits anything).
    pub async fn block(&self, patterns: &[&str]) -> Result<()> {
        let cdp = self.driver.cdp();
        cdp.send_raw("Network.enable", json!({})).await?;
        cdp.send_raw("Network.setBlockedURLs", json!({ "urls": patterns })).await?;
        Ok(())
    }

    /// Keeps what the window shows as `target/screenshots/<name>.png`.
    pub async fn screenshot(&self, name: &str) -> Result<PathBuf> {
        let dir = root().join("target/screenshots");
        fs::create_dir_all(&dir)?;
        let path = dir.join(format!("{name}.png"));
        self.driver.screenshot(&path).await?;
        Ok(path)
    }

    /// What the console holds that a user would call an error (a refused script, a panic). That the browser drops
    /// requests when the network of a container comes is none: the page asks again.
    pub async fn errors(&self) -> Result<Vec<String>> {
        let log = self.driver.browser_log().await?;
        let log = serde_json::to_value(
            log.iter()
                .map(|e| format!("{e:?}"))
                .filter(|e| e.contains("SEVERE") && !e.contains("ERR_NETWORK_CHANGED"))
                .collect::<Vec<_>>(),
        )?;
        Ok(serde_json::from_value(log)?)
    }
}

async fn connect(port: u16, profile: &Path) -> Result<WebDriver> {
    wait::until("chromedriver listens", Duration::from_secs(20), async || {
        Ok(TcpStream::connect(("127.0.0.1", port))?)
    })
    .await?;
    let mut capabilities = DesiredCapabilities::chrome();
    for argument in ARGUMENTS {
        capabilities.add_arg(argument)?;
    }
    capabilities.add_arg("--window-size=1400,1000")?;
    capabilities.add_arg(&format!("--user-data-dir={}", profile.display()))?;
    if let Some(binary) =
        ["/usr/bin/chromium", "/usr/bin/google-chrome"].iter().find(|path| Path::new(path).exists())
    {
        capabilities.set_binary(binary)?;
    }
    capabilities.set("goog:loggingPrefs", json!({ "browser": "ALL" }))?;
    let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities).await?;
    // The processes are ended with the browser's owner; the session's own goodbye would wait two minutes.
    driver.clone().leak()?;
    Ok(driver)
}

impl Drop for Browser {
    fn drop(&mut self) {
        // chromedriver leaves its browser behind, however it ends: the profile says which one is ours.
        for pid in processes_with(&self.profile) {
            let _ = Command::new("kill").args(["-KILL", &pid]).status();
        }
        let _ = self.chromedriver.kill();
        let _ = self.chromedriver.wait();
        let _ = fs::remove_dir_all(&self.profile);
    }
}

/// The processes whose command line names this folder.
fn processes_with(profile: &Path) -> Vec<String> {
    let argument = format!("--user-data-dir={}", profile.display());
    let mut found = Vec::new();
    for process in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let line = fs::read(process.path().join("cmdline")).unwrap_or_default();
        if line.split(|b| *b == 0).any(|word| word == argument.as_bytes()) {
            found.push(process.file_name().to_string_lossy().into_owned());
        }
    }
    found
}
