//! What the API asks of the clients directly, past the store: things about running tasks that are
//! not state (statistics, restarts, signals).

use futures_util::future::BoxFuture;
use steppe_planner::api::Value;
use thiserror::Error;

/// Why a client did not do it; the texts are Nomad's.
#[derive(Debug, Error)]
pub enum ClientError {
    #[error("Unknown allocation \"{0}\"")]
    UnknownAllocation(String),
    #[error("unknown task name \"{0}\"")]
    UnknownTask(String),
    #[error("Task not running")]
    NotRunning,
    #[error("{0}")]
    Failed(String),
}

/// The clients of this agent, seen from the API.
pub trait ClientAccess: Send + Sync + 'static {
    /// Restarts one task, or all running tasks of an allocation.
    fn restart<'a>(
        &'a self,
        alloc_id: &'a str,
        task: Option<&'a str>,
    ) -> BoxFuture<'a, Result<(), ClientError>>;

    /// Sends a signal to one task, or to all running tasks.
    fn signal<'a>(
        &'a self,
        alloc_id: &'a str,
        task: Option<&'a str>,
        signal: &'a str,
    ) -> BoxFuture<'a, Result<(), ClientError>>;

    /// Resource usage of an allocation, as Nomad's `AllocResourceUsage`.
    fn alloc_stats<'a>(&'a self, alloc_id: &'a str) -> BoxFuture<'a, Result<Value, ClientError>>;

    /// Looks at the machine anew and writes what has changed (held ports above all) into the
    /// state, before something is decided on it.
    fn refresh_hosts(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }

    /// Resource usage of a node's machine, as Nomad's `HostStats`.
    fn node_stats<'a>(&'a self, node_id: &'a str) -> BoxFuture<'a, Result<Value, ClientError>>;
}

/// An agent without clients.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoClient;

impl NoClient {
    fn unknown<'a, T: Send + 'a>(alloc_id: &'a str) -> BoxFuture<'a, Result<T, ClientError>> {
        let error = ClientError::UnknownAllocation(alloc_id.to_owned());
        Box::pin(std::future::ready(Err(error)))
    }
}

impl ClientAccess for NoClient {
    fn restart<'a>(
        &'a self,
        alloc_id: &'a str,
        _task: Option<&'a str>,
    ) -> BoxFuture<'a, Result<(), ClientError>> {
        NoClient::unknown(alloc_id)
    }

    fn signal<'a>(
        &'a self,
        alloc_id: &'a str,
        _task: Option<&'a str>,
        _signal: &'a str,
    ) -> BoxFuture<'a, Result<(), ClientError>> {
        NoClient::unknown(alloc_id)
    }

    fn alloc_stats<'a>(&'a self, alloc_id: &'a str) -> BoxFuture<'a, Result<Value, ClientError>> {
        NoClient::unknown(alloc_id)
    }

    fn node_stats<'a>(&'a self, node_id: &'a str) -> BoxFuture<'a, Result<Value, ClientError>> {
        let error = ClientError::Failed(format!("node {node_id} is not on this agent"));
        Box::pin(std::future::ready(Err(error)))
    }
}
