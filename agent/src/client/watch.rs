//! Watches drivers and ports, and writes nodes and the host when they change.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, select_all};
use steppe_planner::api;
use tokio::sync::{mpsc, oneshot};

use super::fingerprint::Machine;
use super::host::{HostWatch, allocated_ports, host};
use super::node::{NodeFacts, node};
use crate::clock::rfc3339;
use crate::config::AgentConfig;
use crate::driver::{DriverFingerprint, DriverSet, PublishedPort};
use crate::state::{StateError, Store};

/// How often the sockets of the machine are listed.
const PORTS_EVERY: Duration = Duration::from_millis(500);
/// How many of those rounds pass between two looks at the drivers.
const DRIVERS_EVERY_ROUNDS: u32 = 20;

/// The IDs of the configured nodes, in their order: a name keeps its ID over restarts and changed
/// volumes. Nodes that are no longer configured are down.
pub(super) fn node_ids(config: &AgentConfig, store: &Store) -> Result<Vec<String>, StateError> {
    let known = store.nodes();
    let id_of = |name: &str| {
        let found = known.iter().find(|n| n.name == name);
        found.map_or_else(|| store.ids().uuid(), |n| n.id.clone())
    };
    let ids: Vec<String> = config.nodes.iter().map(|n| id_of(&n.name)).collect();
    for gone in known.iter().filter(|n| !ids.contains(&n.id) && n.status != "down") {
        let mut gone = api::Node::clone(gone);
        gone.status = "down".into();
        gone.status_description = "not configured on this agent".into();
        store.upsert_node(gone)?;
    }
    Ok(ids)
}

/// Answered once the state holds what the machine is like now.
pub(super) type LookRequest = oneshot::Sender<()>;

pub(super) struct Watch {
    config: Arc<AgentConfig>,
    store: Store,
    machine: Arc<Machine>,
    drivers: DriverSet,
    node_ids: Vec<String>,
    host_id: String,
    ports: HostWatch,
    published: Vec<PublishedPort>,
    /// Somebody waits for a fresh look at the machine.
    asked: mpsc::UnboundedReceiver<LookRequest>,
    /// What each driver said last, and since when.
    known: BTreeMap<&'static str, (DriverFingerprint, String)>,
}

impl Watch {
    pub(super) fn new(
        config: &Arc<AgentConfig>,
        store: &Store,
        machine: &Arc<Machine>,
        drivers: &DriverSet,
        node_ids: Vec<String>,
        asked: mpsc::UnboundedReceiver<LookRequest>,
    ) -> Self {
        let known = store.hosts().first().map(|h| h.id.clone());
        Watch {
            config: Arc::clone(config),
            store: store.clone(),
            machine: Arc::clone(machine),
            drivers: drivers.clone(),
            node_ids,
            host_id: known.unwrap_or_else(|| store.ids().uuid()),
            ports: HostWatch::new(),
            published: Vec::new(),
            asked,
            known: BTreeMap::new(),
        }
    }

    /// Runs until it is dropped.
    pub(super) async fn run(mut self) {
        let mut rounds = 0;
        loop {
            let drivers = self.drivers.clone();
            let moved = changed(&drivers);
            let mut asker = None;
            let moved = tokio::select! {
                () = tokio::time::sleep(PORTS_EVERY) => false,
                () = moved => true,
                Some(request) = self.asked.recv() => {
                    asker = Some(request);
                    false
                }
            };
            rounds += 1;
            let mut result = Ok(());
            if moved || rounds % DRIVERS_EVERY_ROUNDS == 0 {
                result = self.drivers().await;
            }
            // Who asks wants to know the containers' ports too.
            if let Err(error) = result.and(self.host(moved || asker.is_some()).await) {
                tracing::error!(%error, "cannot write what the machine offers");
            }
            if let Some(asker) = asker {
                // The request may have been given up in the meantime.
                let _ = asker.send(());
            }
        }
    }

    /// Asks every driver and writes the nodes if one answers differently.
    pub(super) async fn drivers(&mut self) -> Result<(), StateError> {
        let mut changed = self.known.is_empty();
        for (name, driver) in self.drivers.clone().iter() {
            let now = driver.fingerprint().await;
            if self.known.get(name).is_none_or(|(before, _)| *before != now) {
                tracing::info!(
                    driver = name,
                    healthy = now.healthy,
                    text = now.description,
                    "driver"
                );
                let since = rfc3339(self.store.clock().now_ns());
                self.known.insert(name, (now, since));
                changed = true;
            }
        }
        if changed {
            self.write_nodes()?;
        }
        Ok(())
    }

    fn write_nodes(&self) -> Result<(), StateError> {
        let http_addr = self.config.http_addr().to_string();
        for (config, id) in self.config.nodes.iter().zip(&self.node_ids) {
            let mut drivers = self.known.clone();
            if !config.mock_driver {
                drivers.remove("mock_driver");
            }
            self.store.upsert_node(node(&NodeFacts {
                id,
                config,
                machine: &self.machine,
                nodes: self.config.nodes.len(),
                bind: self.config.bind_addr,
                http_addr: &http_addr,
                drivers: &drivers,
            }))?;
        }
        Ok(())
    }

    /// Looks at the ports and writes the host if they changed.
    pub(super) async fn host(&mut self, containers_changed: bool) -> Result<(), StateError> {
        // The sockets first: a container that appears in between is then in its driver's list.
        if self.ports.look() || containers_changed {
            self.published.clear();
            for (_, driver) in self.drivers.clone().iter() {
                self.published.extend(driver.published_ports().await);
            }
        }
        let own = allocated_ports(&self.store);
        let held = self.ports.held(&self.published, &own, |id| self.store.alloc(id).is_some());
        self.store.upsert_host(host(&self.host_id, &self.node_ids, &self.machine, held))
    }
}

async fn changed(drivers: &DriverSet) {
    let waits: Vec<BoxFuture<'_, ()>> = drivers.iter().map(|(_, d)| d.changed()).collect();
    if waits.is_empty() {
        return std::future::pending().await;
    }
    select_all(waits).await;
}
