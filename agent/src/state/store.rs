//! The handle: opens the database, hands out reads, runs writes one after the other.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use rusqlite::Connection;
use steppe_planner::api;
use thiserror::Error;
use tokio::sync::watch;

use super::changes::{Changes, Ring};
use super::record::{AllocRecord, JobKey};
use super::schema;
use super::tables::State;
use super::txn::{Durability, Txn};
use crate::clock::{Clock, SystemClock};
use crate::ids::{Ids, RandomIds};

/// Why the store could not do it.
#[derive(Debug, Error)]
pub enum StateError {
    #[error("state database: {0}")]
    Database(#[from] rusqlite::Error),
    #[error("state document: {0}")]
    Document(#[from] serde_json::Error),
    #[error("the state database is damaged: {0}")]
    Damaged(String),
    #[error("the state database has format {found}, this build reads {known}")]
    Format { found: u64, known: u64 },
    /// The caller named something that is not there.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// The caller's condition does not hold; the text is Nomad's.
    #[error("{0}")]
    Refused(String),
}

/// The agent's state; clones share it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    /// The database; who holds it is the one writer.
    writer: Mutex<Connection>,
    state: RwLock<State>,
    ring: Mutex<Ring>,
    announced: watch::Sender<u64>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl Store {
    /// Opens or creates the database file.
    pub fn open(path: &Path) -> Result<Store, StateError> {
        Store::open_with(Some(path), Arc::new(SystemClock), Arc::new(RandomIds))
    }

    /// A store that is gone with the process, for tests.
    pub fn in_memory() -> Result<Store, StateError> {
        Store::open_with(None, Arc::new(SystemClock), Arc::new(RandomIds))
    }

    /// Opens a store with the given sources of time and identifiers.
    pub fn open_with(
        path: Option<&Path>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Result<Store, StateError> {
        let connection = schema::open(path)?;
        let state = schema::load(&connection)?;
        let index = state.index();
        Ok(Store {
            inner: Arc::new(Inner {
                writer: Mutex::new(connection),
                ring: Mutex::new(Ring::beginning_at(index)),
                state: RwLock::new(state),
                announced: watch::Sender::new(index),
                clock,
                ids,
            }),
        })
    }

    /// The clock behind every time in the store.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    /// The source of every identifier in the store.
    pub fn ids(&self) -> &Arc<dyn Ids> {
        &self.inner.ids
    }

    /// The index of the last write.
    pub fn index(&self) -> u64 {
        self.read().index()
    }

    /// Receives the index after each write.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.inner.announced.subscribe()
    }

    /// What changed after an index; nothing if that is too long ago.
    pub fn changes_since(&self, index: u64) -> Option<Changes> {
        let now = self.index();
        unpoisoned(self.inner.ring.lock()).since(index, now)
    }

    /// The state, to look at for a moment: writes wait while the guard lives.
    pub fn read(&self) -> RwLockReadGuard<'_, State> {
        self.inner.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs one write that somebody gets acknowledged: it is on the disk when this returns.
    pub fn write<T, E: From<StateError>>(
        &self,
        body: impl FnOnce(&mut Txn<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.transact(Durability::Acknowledged, body)
    }

    /// Runs one write of something observed: it survives a killed process, and may be lost with
    /// the power, since it can be observed again.
    pub fn write_observed<T, E: From<StateError>>(
        &self,
        body: impl FnOnce(&mut Txn<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.transact(Durability::Observed, body)
    }

    /// A node.
    pub fn node(&self, id: &str) -> Option<Arc<api::Node>> {
        self.read().node(id).cloned()
    }

    /// Every node, by name, then ID.
    pub fn nodes(&self) -> Vec<Arc<api::Node>> {
        self.read().nodes().into_iter().cloned().collect()
    }

    /// Every host.
    pub fn hosts(&self) -> Vec<Arc<api::Host>> {
        self.read().hosts().cloned().collect()
    }

    /// A registered job.
    pub fn job(&self, namespace: &str, id: &str) -> Option<Arc<api::Job>> {
        self.read().job(&JobKey::new(namespace, id)).cloned()
    }

    /// An allocation with its job.
    pub fn alloc(&self, id: &str) -> Option<Arc<AllocRecord>> {
        self.read().alloc(id).cloned()
    }

    /// The allocations of a node.
    pub fn allocs_of_node(&self, node_id: &str) -> Vec<Arc<AllocRecord>> {
        self.read().allocs_of_node(node_id).into_iter().cloned().collect()
    }

    /// The allocations of a job.
    pub fn allocs_of_job(&self, namespace: &str, id: &str) -> Vec<Arc<AllocRecord>> {
        self.read().allocs_of_job(&JobKey::new(namespace, id)).into_iter().cloned().collect()
    }

    /// An evaluation.
    pub fn eval(&self, id: &str) -> Option<Arc<api::Evaluation>> {
        self.read().eval(id).cloned()
    }

    /// A deployment.
    pub fn deployment(&self, id: &str) -> Option<Arc<api::Deployment>> {
        self.read().deployment(id).cloned()
    }

    fn transact<T, E: From<StateError>>(
        &self,
        durability: Durability,
        body: impl FnOnce(&mut Txn<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = unpoisoned(self.inner.writer.lock());
        let (result, writes) = {
            let state = self.read();
            let mut txn = Txn::new(&state, &*self.inner.clock, &*self.inner.ids);
            let result = body(&mut txn)?;
            (result, txn.into_writes())
        };
        if writes.is_empty() {
            return Ok(result);
        }
        writes.store(&mut connection, durability)?;
        let index = writes.index();
        {
            // Readers must not see an index without its changes, so both move under one lock.
            let mut state = self.inner.state.write().unwrap_or_else(PoisonError::into_inner);
            let mut ring = unpoisoned(self.inner.ring.lock());
            for change in writes.apply(&mut state) {
                ring.push(change);
            }
        }
        self.inner.announced.send_replace(index);
        Ok(result)
    }
}

/// A lock whose holder panicked is still good: every change is applied whole or not at all.
fn unpoisoned<'a, T>(
    lock: Result<MutexGuard<'a, T>, PoisonError<MutexGuard<'a, T>>>,
) -> MutexGuard<'a, T> {
    lock.unwrap_or_else(PoisonError::into_inner)
}
