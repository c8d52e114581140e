//! The server: decides what should run, by planning evaluations against the state.
//!
//! It writes desired state and nothing else; what happens on a node it learns from the store. Every
//! decision about placement is the planner's; here is only when to ask it and how to commit the answer.

pub mod admission;
mod cooling;
mod deploy;
mod deployment_ops;
mod deployment_watch;
mod difference;
mod error;
mod gc;
mod health;
mod planning;
mod registration;
mod worker;

use std::sync::Arc;

use tokio::task::JoinHandle;

pub use deploy::{DeployOutcome, DeployRequest, Deployed};
pub use deployment_ops::DeploymentChanged;
pub use error::ServerError;
pub use registration::{Deregistered, JobRegistered};

use crate::config::AgentConfig;
use crate::state::Store;

/// The running server; clones share it. Its tasks end when the last clone is dropped.
#[derive(Clone)]
pub struct Server {
    config: Arc<AgentConfig>,
    store: Store,
    done: Arc<deploy::Done>,
    _tasks: Arc<Tasks>,
}

/// How soon something is tried again that the state's disk refused.
const RETRY_AFTER: std::time::Duration = std::time::Duration::from_secs(1);

struct Tasks(Vec<JoinHandle<()>>);

impl Drop for Tasks {
    fn drop(&mut self) {
        for task in &self.0 {
            task.abort();
        }
    }
}

/// Starts the server's tasks on the current runtime. Evaluations that an earlier process left
/// pending are taken up again.
pub fn start(config: Arc<AgentConfig>, store: Store) -> Server {
    let tasks = vec![
        tokio::spawn(worker::run(store.clone())),
        tokio::spawn(deployment_watch::run(store.clone())),
        tokio::spawn(cooling::run(store.clone())),
        tokio::spawn(gc::run(store.clone())),
    ];
    Server { config, store, done: Arc::default(), _tasks: Arc::new(Tasks(tasks)) }
}

impl Server {
    /// The state it works on.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What the agent was told to be.
    pub fn config(&self) -> &AgentConfig {
        &self.config
    }
}
