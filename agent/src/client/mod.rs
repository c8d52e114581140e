//! The client: runs the allocations of this agent's nodes and says how they and the machine fare.
//!
//! It meets the server only in the store. Nodes of one agent share the machine, the drivers and the
//! data directory. A graceful end leaves every task running; the next start finds them again.

mod access;
pub mod alloc_dir;
pub mod alloc_runner;
mod alloc_shell;
pub mod events;
pub mod fingerprint;
mod gc;
mod host;
pub mod node;
mod node_shell;
mod order;
pub mod restart;
pub mod task_env;
pub mod task_runner;
mod task_shell;
mod watch;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use steppe_planner::api;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::config::{AgentConfig, NodeConfig};
use crate::driver::docker::DockerDriver;
use crate::driver::mock::MockDriver;
use crate::driver::{DriverSet, TaskDriver, TaskHandle};
use crate::state::{StateError, Store};
use alloc_shell::UserOrder;
use fingerprint::Machine;

/// Why the client could not start.
#[derive(Debug, thiserror::Error)]
pub enum ClientStartError {
    #[error("client state: {0}")]
    State(#[from] StateError),
    #[error("cannot create {}: {source}", path.display())]
    DataDir { path: PathBuf, source: std::io::Error },
}

/// The clients of one agent; clones share them.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    store: Store,
    machine: Arc<Machine>,
    drivers: DriverSet,
    handles: Handles,
    /// Asks for a fresh look at the machine.
    look: mpsc::UnboundedSender<watch::LookRequest>,
    /// Everything that runs; dropped with the last clone.
    work: Mutex<JoinSet<()>>,
}

/// One node's surroundings, shared by its allocations.
pub(crate) struct NodeContext {
    store: Store,
    config: NodeConfig,
    node_id: String,
    data_dir: PathBuf,
    machine: Arc<Machine>,
    drivers: DriverSet,
}

impl NodeContext {
    fn driver(&self, name: &str) -> Option<Arc<dyn TaskDriver>> {
        if name == "mock_driver" && !self.config.mock_driver {
            return None;
        }
        self.drivers.get(name)
    }

    /// The node as it is registered.
    fn node(&self) -> Arc<api::Node> {
        self.store.node(&self.node_id).unwrap_or_default()
    }
}

/// The drivers an agent has: Docker, and mock tasks where a node asks for them.
pub fn drivers(config: &AgentConfig, store: &Store) -> DriverSet {
    let set = DriverSet::default().with(Arc::new(DockerDriver::new()));
    if config.nodes.iter().any(|n| n.mock_driver) {
        set.with(Arc::new(MockDriver::new(Arc::clone(store.clock()))))
    } else {
        set
    }
}

/// Registers the nodes and the machine, finds running tasks again, and starts watching.
pub async fn start(
    config: Arc<AgentConfig>,
    store: Store,
    drivers: DriverSet,
) -> Result<Client, ClientStartError> {
    let alloc_root = alloc_dir::alloc_root(&config.data_dir);
    std::fs::create_dir_all(&alloc_root)
        .map_err(|source| ClientStartError::DataDir { path: alloc_root.clone(), source })?;
    let machine = Arc::new(Machine::read(&config.data_dir));
    let ids = watch::node_ids(&config, &store)?;
    let (look, asked) = mpsc::unbounded_channel();
    let mut watch = watch::Watch::new(&config, &store, &machine, &drivers, ids.clone(), asked);
    watch.drivers().await?;
    watch.host(true).await?;
    gc::sweep(&store, &drivers, &alloc_root).await;
    let handles = Handles::default();
    let mut work = JoinSet::new();
    for (node, node_id) in config.nodes.iter().zip(&ids) {
        let context = Arc::new(NodeContext {
            store: store.clone(),
            config: node.clone(),
            node_id: node_id.clone(),
            data_dir: config.data_dir.clone(),
            machine: Arc::clone(&machine),
            drivers: drivers.clone(),
        });
        work.spawn(node_shell::run(context, handles.clone()));
    }
    work.spawn(watch.run());
    work.spawn(gc::run(store.clone(), drivers.clone(), alloc_root));
    let work = Mutex::new(work);
    Ok(Client { shared: Arc::new(Shared { store, machine, drivers, handles, look, work }) })
}

impl Client {
    /// Stops watching. Tasks go on running.
    pub async fn shutdown(&self) {
        let mut work = {
            let mut held = self.shared.work.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *held)
        };
        work.shutdown().await;
    }
}

/// The running allocations, for those who ask from outside: orders and statistics.
#[derive(Clone, Default)]
pub(crate) struct Handles {
    inner: Arc<Mutex<BTreeMap<String, Running>>>,
}

#[derive(Default)]
struct Running {
    orders: Option<tokio::sync::mpsc::UnboundedSender<UserOrder>>,
    tasks: BTreeMap<String, TaskHandle>,
}

impl Handles {
    fn with<T>(&self, body: impl FnOnce(&mut BTreeMap<String, Running>) -> T) -> T {
        body(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn open(&self, alloc_id: &str, orders: tokio::sync::mpsc::UnboundedSender<UserOrder>) {
        self.with(|all| all.entry(alloc_id.to_owned()).or_default().orders = Some(orders));
    }

    fn set(&self, alloc_id: &str, task: &str, handle: Option<TaskHandle>) {
        self.with(|all| {
            if let Some(running) = all.get_mut(alloc_id) {
                match handle {
                    Some(handle) => running.tasks.insert(task.to_owned(), handle),
                    None => running.tasks.remove(task),
                };
            }
        });
    }

    fn forget(&self, alloc_id: &str) {
        self.with(|all| all.remove(alloc_id));
    }

    fn tasks(&self, alloc_id: &str) -> BTreeMap<String, TaskHandle> {
        self.with(|all| all.get(alloc_id).map(|r| r.tasks.clone()).unwrap_or_default())
    }

    fn order(&self, alloc_id: &str, order: UserOrder) -> bool {
        self.with(|all| {
            all.get(alloc_id).and_then(|r| r.orders.as_ref()).is_some_and(|o| o.send(order).is_ok())
        })
    }
}
