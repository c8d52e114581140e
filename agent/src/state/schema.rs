//! The database: one table a noun, each row a key and a JSON document, and a table of numbers.
//!
//! The documents are Nomad's, so that `sqlite3 state.db` is readable. Nothing is queried by SQL: the
//! copy in memory answers all reads.

use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, params};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use steppe_planner::api;

use super::record::{AllocRecord, JobKey, JobSource, StoredAlloc, VersionKey};
use super::store::StateError;
use super::tables::{State, Table};

/// Raised when the meaning of a stored document changes.
const FORMAT: u64 = 1;

/// Every table of documents.
const TABLES: [&str; 9] = [
    "jobs",
    "job_versions",
    "job_sources",
    "nodes",
    "hosts",
    "evaluations",
    "allocations",
    "deployments",
    "settings",
];

const TABLE_INDEXES: [(&str, Table); 7] = [
    ("index_jobs", Table::Jobs),
    ("index_nodes", Table::Nodes),
    ("index_hosts", Table::Hosts),
    ("index_evaluations", Table::Evaluations),
    ("index_allocations", Table::Allocations),
    ("index_deployments", Table::Deployments),
    ("index_scheduler_configuration", Table::SchedulerConfiguration),
];

/// Points to the registered version of a job.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredJob {
    pub(super) namespace: String,
    pub(super) id: String,
    pub(super) create_index: u64,
    pub(super) version: u64,
}

/// A source with the version it belongs to.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredSource {
    pub(super) job: StoredJob,
    pub(super) source: JobSource,
}

impl From<&VersionKey> for StoredJob {
    fn from(key: &VersionKey) -> StoredJob {
        StoredJob {
            namespace: key.job.namespace.clone(),
            id: key.job.id.clone(),
            create_index: key.create_index,
            version: key.version,
        }
    }
}

impl From<StoredJob> for VersionKey {
    fn from(stored: StoredJob) -> VersionKey {
        VersionKey {
            job: JobKey::new(stored.namespace, stored.id),
            create_index: stored.create_index,
            version: stored.version,
        }
    }
}

/// Opens the database, or one in memory, and makes its tables.
pub(super) fn open(path: Option<&Path>) -> Result<Connection, StateError> {
    let connection = match path {
        Some(path) => Connection::open(path)?,
        None => Connection::open_in_memory()?,
    };
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch("CREATE TABLE IF NOT EXISTS numbers (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID")?;
    for table in TABLES {
        connection.execute_batch(&format!(
            "CREATE TABLE IF NOT EXISTS {table} (key TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID"
        ))?;
    }
    connection.set_prepared_statement_cache_capacity(64);
    match number(&connection, "format")? {
        None => set_number(&connection, "format", FORMAT)?,
        Some(FORMAT) => {}
        Some(found) => return Err(StateError::Format { found, known: FORMAT }),
    }
    Ok(connection)
}

/// Reads everything into memory.
pub(super) fn load(connection: &Connection) -> Result<State, StateError> {
    let mut state = State::default();
    state.index = number(connection, "index")?.unwrap_or(0);
    for (name, table) in TABLE_INDEXES {
        if let Some(index) = number(connection, name)? {
            state.table_index.insert(table, index);
        }
    }
    for job in documents::<api::Job>(connection, "job_versions")? {
        state.versions.insert(VersionKey::of(&job), Arc::new(job));
    }
    for stored in documents::<StoredJob>(connection, "jobs")? {
        let key = VersionKey::from(stored);
        state.jobs.insert(key.job.clone(), key);
    }
    for stored in documents::<StoredSource>(connection, "job_sources")? {
        state.sources.insert(stored.job.into(), Arc::new(stored.source));
    }
    for node in documents::<api::Node>(connection, "nodes")? {
        state.nodes.insert(node.id.clone(), Arc::new(node));
    }
    for host in documents::<api::Host>(connection, "hosts")? {
        state.hosts.insert(host.id.clone(), Arc::new(host));
    }
    for eval in documents::<api::Evaluation>(connection, "evaluations")? {
        state.put_eval(Arc::new(eval));
    }
    for deployment in documents::<api::Deployment>(connection, "deployments")? {
        state.put_deployment(Arc::new(deployment));
    }
    for config in documents::<api::SchedulerConfiguration>(connection, "settings")? {
        state.scheduler_config = Arc::new(config);
    }
    load_allocs(connection, &mut state)?;
    Ok(state)
}

fn load_allocs(connection: &Connection, state: &mut State) -> Result<(), StateError> {
    for stored in documents::<StoredAlloc>(connection, "allocations")? {
        let key = VersionKey {
            job: JobKey::new(&stored.alloc.namespace, &stored.alloc.job_id),
            create_index: stored.job_create_index,
            version: stored.job_version,
        };
        let Some(job) = state.versions.get(&key).cloned() else {
            return Err(StateError::Damaged(format!(
                "allocation {} belongs to job version {key}, which is not stored",
                stored.alloc.id
            )));
        };
        state.put_alloc(Arc::new(AllocRecord { alloc: stored.alloc, job }));
    }
    Ok(())
}

/// Writes a row.
pub(super) fn put<T: Serialize>(
    connection: &Connection,
    table: &str,
    key: &str,
    document: &T,
) -> Result<(), StateError> {
    let text = serde_json::to_string(document)?;
    connection
        .prepare_cached(&format!("INSERT OR REPLACE INTO {table} (key, document) VALUES (?1, ?2)"))?
        .execute(params![key, text])?;
    Ok(())
}

/// Removes a row.
pub(super) fn delete(connection: &Connection, table: &str, key: &str) -> Result<(), StateError> {
    connection
        .prepare_cached(&format!("DELETE FROM {table} WHERE key = ?1"))?
        .execute(params![key])?;
    Ok(())
}

/// Writes the global index and those of the tables touched.
pub(super) fn put_indexes(
    connection: &Connection,
    index: u64,
    touched: impl IntoIterator<Item = (Table, u64)>,
) -> Result<(), StateError> {
    set_number(connection, "index", index)?;
    for (table, index) in touched {
        for (name, _) in TABLE_INDEXES.iter().filter(|(_, t)| *t == table) {
            set_number(connection, name, index)?;
        }
    }
    Ok(())
}

fn documents<T: DeserializeOwned>(
    connection: &Connection,
    table: &str,
) -> Result<Vec<T>, StateError> {
    let mut statement = connection.prepare(&format!("SELECT key, document FROM {table}"))?;
    let mut rows = statement.query([])?;
    let mut list = Vec::new();
    while let Some(row) = rows.next()? {
        let (key, text): (String, String) = (row.get(0)?, row.get(1)?);
        let document = serde_json::from_str(&text)
            .map_err(|e| StateError::Damaged(format!("{table} row {key}: {e}")))?;
        list.push(document);
    }
    Ok(list)
}

fn number(connection: &Connection, name: &str) -> Result<Option<u64>, StateError> {
    let mut statement = connection.prepare_cached("SELECT value FROM numbers WHERE name = ?1")?;
    let mut rows = statement.query(params![name])?;
    match rows.next()? {
        Some(row) => Ok(Some(row.get::<_, i64>(0)?.max(0).unsigned_abs())),
        None => Ok(None),
    }
}

fn set_number(connection: &Connection, name: &str, value: u64) -> Result<(), StateError> {
    let value = i64::try_from(value).unwrap_or(i64::MAX);
    connection
        .prepare_cached("INSERT OR REPLACE INTO numbers (name, value) VALUES (?1, ?2)")?
        .execute(params![name, value])?;
    Ok(())
}
