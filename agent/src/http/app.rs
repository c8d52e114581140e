//! What every handler gets.

use std::sync::Arc;

use super::client_access::ClientAccess;
use super::error::ApiError;
use crate::config::AgentConfig;
use crate::server::Server;
use crate::state::Store;

/// The parts behind the API; clones share them.
#[derive(Clone)]
pub struct App {
    pub config: Arc<AgentConfig>,
    pub store: Store,
    pub server: Server,
    pub client: Arc<dyn ClientAccess>,
}

impl App {
    /// Runs a write off the request's thread: it waits for the disk.
    pub(super) async fn blocking<T, E>(
        &self,
        body: impl FnOnce(&App) -> Result<T, E> + Send + 'static,
    ) -> Result<T, ApiError>
    where
        T: Send + 'static,
        E: Into<ApiError> + Send + 'static,
    {
        let app = self.clone();
        match tokio::task::spawn_blocking(move || body(&app)).await {
            Ok(result) => result.map_err(Into::into),
            Err(error) => {
                tracing::error!(%error, "a request failed");
                Err(ApiError::refused("internal error"))
            }
        }
    }
}
