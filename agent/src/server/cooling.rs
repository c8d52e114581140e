//! Lets dynamic ports rest: the port of an ended allocation is not given again at once, because
//! clients may still talk to it and the system may still hold it (nomad#24904).
//!
//! The rest is an entry in the state, so that a plan depends on the state and never on the hour.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::state::{AllocRecord, StateError, Store, Topic};

const REST: Duration = Duration::from_secs(30);

/// A port of a host.
type Port = (String, i64);

/// Watches until the store is gone.
pub(super) async fn run(store: Store) {
    let mut changes = store.subscribe();
    let mut seen = *changes.borrow_and_update();
    let mut rest_until: BTreeMap<Port, Instant> = BTreeMap::new();
    // Ports that an earlier process let rest: since when is not known, so they rest once more.
    for host in store.hosts() {
        for port in &host.cooling_ports {
            rest_until.insert((host.id.clone(), *port), Instant::now() + REST);
        }
    }
    loop {
        let next = rest_until.values().min().copied();
        tokio::select! {
            changed = changes.changed() => {
                if changed.is_err() {
                    return;
                }
                changes.borrow_and_update();
                let (ports, index) = ended_since(&store, seen);
                seen = index;
                for (host, port) in ports {
                    report(store.add_cooling_port(&host, port));
                    rest_until.insert((host, port), Instant::now() + REST);
                }
            }
            () = sleep_or_forever(next) => {
                let now = Instant::now();
                let rested: Vec<Port> = rest_until
                    .iter()
                    .filter(|(_, until)| **until <= now)
                    .map(|(port, _)| port.clone())
                    .collect();
                for (host, port) in rested {
                    report(store.remove_cooling_port(&host, port));
                    rest_until.remove(&(host, port));
                }
            }
        }
    }
}

async fn sleep_or_forever(until: Option<Instant>) {
    match until {
        Some(until) => sleep_until(until).await,
        None => std::future::pending().await,
    }
}

/// The dynamic ports of allocations that ended after an index.
fn ended_since(store: &Store, since: u64) -> (BTreeSet<Port>, u64) {
    let Some(changes) = store.changes_since(since) else {
        return (BTreeSet::new(), store.index());
    };
    let state = store.read();
    let mut ports = BTreeSet::new();
    for (topic, id) in &changes.documents {
        if *topic != Topic::Allocation {
            continue;
        }
        let Some(record) = state.alloc(id).filter(|r| r.client_terminal()) else {
            continue;
        };
        let host = state.hosts().find(|h| h.node_ids.contains(&record.alloc.node_id));
        if let Some(host) = host {
            ports.extend(dynamic_ports(record).into_iter().map(|p| (host.id.clone(), p)));
        }
    }
    (ports, changes.index)
}

fn dynamic_ports(record: &AllocRecord) -> Vec<i64> {
    let Some(resources) = &record.alloc.allocated_resources else {
        return Vec::new();
    };
    let of_tasks = resources.tasks.values().flat_map(|t| &t.networks);
    let networks = resources.shared.networks.iter().chain(of_tasks);
    networks.flat_map(|n| &n.dynamic_ports).map(|p| p.value).collect()
}

fn report(written: Result<(), StateError>) {
    match written {
        // The host may have gone in the meantime.
        Ok(()) | Err(StateError::NotFound(_)) => {}
        Err(error) => tracing::warn!(%error, "cannot note a resting port"),
    }
}
