//! The server: decides what should run, by planning evaluations against the state.
//!
//! It writes desired state and nothing else; what happens on a node it learns from the store.

use std::sync::Arc;

use crate::config::AgentConfig;
use crate::state::Store;

/// The running server; clones share it. Its tasks end when the last clone is dropped.
#[derive(Clone)]
pub struct Server {
    shared: Arc<Shared>,
}

struct Shared {
    config: Arc<AgentConfig>,
    store: Store,
}

/// Starts the server's tasks on the current runtime.
pub fn start(config: Arc<AgentConfig>, store: Store) -> Server {
    Server { shared: Arc::new(Shared { config, store }) }
}

impl Server {
    /// The state it works on.
    pub fn store(&self) -> &Store {
        &self.shared.store
    }

    /// What the agent was told to be.
    pub fn config(&self) -> &AgentConfig {
        &self.shared.config
    }
}
