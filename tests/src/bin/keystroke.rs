//! Measures, in a real browser on the sample cluster, the time from a keystroke to the drawn preview.

use std::time::Duration;

use anyhow::{Context, Result};
use steppe_tests::agent::Agent;
use steppe_tests::browser::Browser;
use steppe_tests::wait;

const KEYS: usize = 60;
const WARM_UP: usize = 10;

#[tokio::main]
async fn main() -> Result<()> {
    let agent = Agent::single("keystroke").await?;
    let browser = Browser::start().await?;
    // With the API out of reach the page plans against its sample cluster.
    browser.block(&["*/v1/*"]).await?;
    let page = browser.open(&agent.url()).await?;
    page.shows("line-state", &["sample"]).await?;
    page.paste(&steppe_tests::workshop::mysql()).await?;
    page.shows("placement", &["mysql-5.7.mysql-group[0]"]).await?;
    for n in 0..KEYS + WARM_UP {
        page.type_text(if n % 10 == 9 { "\n" } else { "#" }).await?;
        wait::until("the preview is drawn", Duration::from_secs(5), async || {
            let count: usize = page
                .script(
                    "return performance.getEntriesByName('steppe:keystroke-to-preview').length",
                    vec![],
                )
                .await?;
            (count > n).then_some(()).context("not yet")
        })
        .await?;
    }
    let mut times: Vec<f64> = page
        .script(
            "return performance.getEntriesByName('steppe:keystroke-to-preview').map(e => e.duration)",
            vec![],
        )
        .await?;
    times.drain(..WARM_UP.min(times.len()));
    times.sort_by(f64::total_cmp);
    let at = |q: f64| times[((times.len() - 1) as f64 * q) as usize];
    println!(
        "keystroke to preview over {} keys: median {:.1} ms, 95 % {:.1} ms, longest {:.1} ms",
        times.len(),
        at(0.5),
        at(0.95),
        at(1.0)
    );
    Ok(())
}
