//! Asking again: a browser drops what it is fetching when a network comes or goes, and each container brings one.

use std::future::Future;

use gloo::timers::future::TimeoutFuture;

/// Pauses before asking again, in milliseconds.
const PAUSES: [u32; 4] = [250, 500, 1_000, 2_000];

/// The pause after so many attempts; none if that is enough.
pub fn pause(attempts: usize) -> Option<u32> {
    PAUSES.get(attempts).copied()
}

/// The first answer there is, or the last failure.
pub async fn patiently<T, E, F: Future<Output = Result<T, E>>>(
    mut ask: impl FnMut() -> F,
) -> Result<T, E> {
    let mut attempts = 0;
    loop {
        let answer = ask().await;
        match pause(attempts) {
            Some(pause) if answer.is_err() => TimeoutFuture::new(pause).await,
            _ => return answer,
        }
        attempts += 1;
    }
}
