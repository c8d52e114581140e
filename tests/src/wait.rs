//! Waiting for something to become true, with a reason if it does not.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

const PAUSE: Duration = Duration::from_millis(40);

/// Asks again and again until the answer is `Ok`; gives up with the last reason.
pub async fn until<T>(
    what: &str,
    patience: Duration,
    mut ask: impl AsyncFnMut() -> Result<T>,
) -> Result<T> {
    let start = Instant::now();
    loop {
        match ask().await {
            Ok(value) => return Ok(value),
            Err(reason) if start.elapsed() > patience => {
                bail!("{what}: not within {} s; last: {reason:#}", patience.as_secs());
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}
