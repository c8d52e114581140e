//! What every handler gets.

use std::sync::Arc;

use super::client_access::ClientAccess;
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
