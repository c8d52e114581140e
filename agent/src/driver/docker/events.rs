//! Docker's own events, as one bell: something about containers, or about Docker itself, changed.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bollard::Docker;
use bollard::query_parameters::EventsOptions;
use futures_util::StreamExt;
use tokio::sync::Notify;
use tokio::task::AbortHandle;

/// Events come in bursts: one ring for all of a burst.
const BURST: Duration = Duration::from_millis(50);
/// How often a Docker that is away is looked for.
const RECONNECT: Duration = Duration::from_secs(2);

/// The bell; it starts listening when somebody first waits for it.
#[derive(Default)]
pub(super) struct Events {
    bell: Arc<Notify>,
    listener: OnceLock<AbortHandle>,
}

impl Events {
    /// Resolves after the next change; one that happened since the last call counts.
    pub(super) async fn changed(&self) {
        self.listener.get_or_init(|| tokio::spawn(listen(Arc::clone(&self.bell))).abort_handle());
        self.bell.notified().await;
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        if let Some(listener) = self.listener.get() {
            listener.abort();
        }
    }
}

async fn listen(bell: Arc<Notify>) {
    loop {
        if let Ok(docker) = Docker::connect_with_defaults()
            && docker.ping().await.is_ok()
        {
            bell.notify_one();
            ring(&docker, &bell).await;
            // The stream ended: Docker went away.
            bell.notify_one();
        }
        tokio::time::sleep(RECONNECT).await;
    }
}

async fn ring(docker: &Docker, bell: &Notify) {
    let kinds = ["start", "die", "destroy"].map(str::to_owned).to_vec();
    let filters = HashMap::from([
        ("type".to_owned(), vec!["container".to_owned()]),
        ("event".to_owned(), kinds),
    ]);
    let options = EventsOptions { filters: Some(filters), ..EventsOptions::default() };
    let mut stream = Box::pin(docker.events(Some(options)));
    while let Some(Ok(_)) = stream.next().await {
        tokio::time::sleep(BURST).await;
        bell.notify_one();
    }
}
