//! The agent as a whole: state, server, clients and HTTP, started in order and ended in reverse.
//!
//! The listener comes first, so that a taken port is found before anything else happens; the lock on the
//! data directory comes second, so that no two agents write one state.

use std::collections::BTreeSet;
use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::client::fingerprint::ports;
use crate::client::{self, Client, ClientStartError};
use crate::config::AgentConfig;
use crate::data_dir;
use crate::driver::DriverSet;
use crate::http;
use crate::server::{self, Server};
use crate::state::{StateError, Store};

/// How long open requests may go on after the agent was told to end. Blocking queries and live updates
/// would go on for minutes.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(1);

/// Why an agent did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("port {port} on {ip} is taken: {holder}", port = address.port(), ip = address.ip())]
    PortTaken { address: SocketAddr, holder: String },
    #[error("cannot listen on {address}: {source}")]
    Listen { address: SocketAddr, source: std::io::Error },
    #[error("cannot use the data directory {}: {source}", path.display())]
    DataDir { path: PathBuf, source: std::io::Error },
    #[error("another agent uses the data directory {}", .0.display())]
    InUse(PathBuf),
    #[error("cannot open the state in {}: {source}", path.display())]
    State { path: PathBuf, source: StateError },
    #[error(transparent)]
    Client(#[from] ClientStartError),
}

/// A running agent. Dropped without `shutdown`, it ends as if killed.
pub struct RunningAgent {
    /// Where it listens; the port is the real one even if port 0 was asked for.
    pub address: SocketAddr,
    pub store: Store,
    pub server: Server,
    client: Client,
    stop: CancellationToken,
    http: JoinHandle<()>,
    _lock: File,
}

/// Starts every part with the drivers of the configuration.
pub async fn start(config: AgentConfig) -> Result<RunningAgent, StartError> {
    start_with(config, None).await
}

/// Starts every part; tests bring their own drivers.
pub async fn start_with(
    mut config: AgentConfig,
    drivers: Option<DriverSet>,
) -> Result<RunningAgent, StartError> {
    let listener = listen(config.http_addr()).await?;
    let address = listener
        .local_addr()
        .map_err(|source| StartError::Listen { address: config.http_addr(), source })?;
    config.http_port = address.port();
    let lock = lock(&config.data_dir)?;
    let config = Arc::new(config);
    let path = config.data_dir.join("state.db");
    let store = Store::open(&path).map_err(|source| StartError::State { path, source })?;
    let drivers = drivers.unwrap_or_else(|| client::drivers(&config, &store));
    let client = client::start(Arc::clone(&config), store.clone(), drivers).await?;
    let server = server::start(Arc::clone(&config), store.clone());
    let app = http::App {
        config: Arc::clone(&config),
        store: store.clone(),
        server: server.clone(),
        client: Arc::new(client.clone()),
    };
    let stop = CancellationToken::new();
    let http = tokio::spawn(serve(listener, http::router(app), stop.clone()));
    Ok(RunningAgent { address, store, server, client, stop, http, _lock: lock })
}

impl RunningAgent {
    /// Ends the agent; running tasks go on and are found again by the next start.
    pub async fn shutdown(self) {
        self.stop.cancel();
        if let Err(error) = self.http.await {
            tracing::warn!(%error, "the HTTP server ended badly");
        }
        self.client.shutdown().await;
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    match TcpListener::bind(address).await {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            Err(StartError::PortTaken { address, holder: holder_text(address.port()) })
        }
        Err(source) => Err(StartError::Listen { address, source }),
    }
}

/// Who listens on a port, as far as it can be seen.
fn holder_text(port: u16) -> String {
    let inodes: BTreeSet<u64> = ports::sockets()
        .into_iter()
        .filter(|s| s.port == port && s.protocol == "tcp")
        .map(|s| s.inode)
        .collect();
    let programs: BTreeSet<String> = ports::holders(&inodes)
        .into_values()
        .map(|p| format!("{} (process {})", p.name, p.pid))
        .collect();
    if programs.is_empty() {
        return "held by a process of another user".to_owned();
    }
    let list: Vec<String> = programs.into_iter().collect();
    format!("held by {}", list.join(", "))
}

/// Makes the data directory, for its owner only, and locks it for this process.
fn lock(dir: &Path) -> Result<File, StartError> {
    let failed = |source| StartError::DataDir { path: dir.to_owned(), source };
    data_dir::make(dir).map_err(failed)?;
    let file = File::create(dir.join("agent.lock")).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {
            data_dir::close(dir).map_err(failed)?;
            Ok(file)
        }
        Err(std::fs::TryLockError::WouldBlock) => Err(StartError::InUse(dir.to_owned())),
        Err(std::fs::TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// Serves until told to stop, then gives open requests a moment.
async fn serve(listener: TcpListener, router: axum::Router, stop: CancellationToken) {
    let stopped = stop.clone();
    let serving = axum::serve(listener, router)
        .with_graceful_shutdown(async move { stopped.cancelled().await });
    let overdue = async {
        stop.cancelled().await;
        tokio::time::sleep(DRAIN_TIMEOUT).await;
    };
    tokio::select! {
        ended = serving => {
            if let Err(error) = ended {
                tracing::error!(%error, "the HTTP server failed");
            }
        }
        () = overdue => {}
    }
}
