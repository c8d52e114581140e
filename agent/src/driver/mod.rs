//! Task drivers: how one task is started, watched, stopped and found again.
//!
//! A driver knows a task as a finished order (`TaskOrder`): every variable replaced, every port and
//! directory chosen. It knows nothing of jobs, restart policies or the state.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/drivers>

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use steppe_planner::Map;
use steppe_planner::api::{TextMap, Value};
use tokio_util::sync::CancellationToken;

pub mod docker;
pub mod log_file;
pub mod mock;

/// Everything a driver needs to run one task.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskOrder {
    pub alloc_id: String,
    pub alloc_name: String,
    pub job_id: String,
    pub job_name: String,
    pub namespace: String,
    pub group_name: String,
    pub task_name: String,
    pub node_id: String,
    pub node_name: String,
    pub user: String,
    /// The driver's own options, variables replaced.
    pub config: Map<Value>,
    pub env: TextMap,
    pub resources: TaskResources,
    pub dirs: TaskDirs,
    pub ports: Vec<TaskPort>,
    pub mounts: Vec<TaskMount>,
    pub logs: LogLimits,
    pub network_mode: NetworkMode,
    pub allow: Allowances,
}

impl TaskOrder {
    /// The name of the task's container: unique, and known before it exists.
    pub fn container_name(&self) -> String {
        format!("{}-{}", self.task_name, self.alloc_id)
    }
}

/// What the node's configuration allows beyond the ordinary. Each makes a job as powerful as root.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowances {
    pub privileged: bool,
    /// Host directories named by the job.
    pub host_binds: bool,
}

/// What the allocation's network asks of a driver that has its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NetworkMode {
    /// The driver's default.
    #[default]
    Default,
    /// The group asked for `none`.
    None,
    /// The group asked for `bridge`; `alone` if it has only this task to give the network to.
    Bridge { alone: bool },
}

/// The limits of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskResources {
    pub cpu_mhz: i64,
    /// What the whole machine has, to turn a share into a quota.
    pub cpu_mhz_total: i64,
    pub cpu_cores_total: i64,
    pub memory_mb: i64,
    pub memory_max_mb: i64,
}

/// The directories of a task, on the host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskDirs {
    /// Shared by the tasks of the allocation.
    pub shared: PathBuf,
    /// The task's own directory, parent of the next two.
    pub task: PathBuf,
    pub local: PathBuf,
    pub secrets: PathBuf,
    pub logs: PathBuf,
}

/// A port given to the task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskPort {
    pub label: String,
    pub host_ip: String,
    pub host_port: i64,
    /// Inside the task; 0 if the driver may map it.
    pub to: i64,
    /// Asked for by the task's own `network` block: published without being named in `ports`.
    pub of_task: bool,
}

/// A host directory that appears inside the task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskMount {
    pub source: PathBuf,
    pub target: String,
    pub read_only: bool,
    /// `private`, `host-to-task` or `bidirectional`.
    pub propagation: String,
}

/// How much of a task's output is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogLimits {
    pub max_files: u64,
    pub max_file_bytes: u64,
    pub disabled: bool,
}

impl Default for LogLimits {
    fn default() -> Self {
        LogLimits { max_files: 10, max_file_bytes: 10 << 20, disabled: false }
    }
}

/// A running task as its driver knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskHandle {
    /// Container ID, or what the driver uses instead.
    pub id: String,
    pub name: String,
    /// Tasks keep their logs in `logs/<task>.stdout.N`.
    pub task_name: String,
}

/// A task of an earlier run of the agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    pub handle: TaskHandle,
    /// False if it has ended; its exit is still to be learned by waiting.
    pub running: bool,
}

/// How a task ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExitResult {
    pub exit_code: i64,
    pub signal: i64,
    pub oom_killed: bool,
    pub message: String,
}

impl ExitResult {
    /// True if the task ended by itself and says that all went well.
    pub fn successful(&self) -> bool {
        self.exit_code == 0 && self.signal == 0 && self.message.is_empty() && !self.oom_killed
    }
}

/// What a driver says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DriverFingerprint {
    pub detected: bool,
    pub healthy: bool,
    pub description: String,
    /// `driver.<name>.*` attributes.
    pub attributes: TextMap,
}

/// A moment's use of the machine by one task.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TaskUsage {
    pub cpu_percent: f64,
    pub memory_bytes: u64,
    pub memory_max_bytes: u64,
    pub pids: u64,
    /// Nanoseconds since the epoch.
    pub time_ns: i64,
}

/// Something a driver reports while it starts a task; becomes a task event of type `Driver`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub message: String,
    pub details: TextMap,
}

/// Where a driver reports its progress.
pub type ProgressSink = Arc<dyn Fn(Progress) + Send + Sync>;

/// Why a driver could not do what it was asked.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum DriverError {
    /// The task's configuration is wrong: no retry helps.
    #[error("{0}")]
    Config(String),
    /// The start failed; `recoverable` if another attempt may succeed.
    #[error("{message}")]
    Start { message: String, recoverable: bool },
    /// The task is not known (any more).
    #[error("task is gone: {0}")]
    Gone(String),
    /// The driver itself does not answer.
    #[error("{0}")]
    Unavailable(String),
}

/// A way to run tasks.
pub trait TaskDriver: Send + Sync {
    /// The name that jobs use.
    fn name(&self) -> &'static str;

    /// Looks whether the driver can be used now.
    fn fingerprint(&self) -> BoxFuture<'_, DriverFingerprint>;

    /// Starts the task, or finds it if an earlier attempt already started it. `cancel` ends long
    /// preparations such as a pull; a start that got past them is carried through.
    fn start<'a>(
        &'a self,
        order: &'a TaskOrder,
        progress: ProgressSink,
        cancel: CancellationToken,
    ) -> BoxFuture<'a, Result<TaskHandle, DriverError>>;

    /// Finds a task that an earlier run of the agent started, running or just ended.
    fn recover<'a>(
        &'a self,
        order: &'a TaskOrder,
    ) -> BoxFuture<'a, Result<Option<Recovered>, DriverError>>;

    /// Waits for the end of the task, copying its output meanwhile.
    fn wait<'a>(
        &'a self,
        handle: &'a TaskHandle,
        order: &'a TaskOrder,
    ) -> BoxFuture<'a, ExitResult>;

    /// Asks the task to end by `signal` (empty: the driver's default), and forces it after `timeout`.
    fn stop<'a>(
        &'a self,
        handle: &'a TaskHandle,
        signal: &'a str,
        timeout: Duration,
    ) -> BoxFuture<'a, Result<(), DriverError>>;

    /// Sends a signal.
    fn signal<'a>(
        &'a self,
        handle: &'a TaskHandle,
        signal: &'a str,
    ) -> BoxFuture<'a, Result<(), DriverError>>;

    /// Removes what is left of an ended task.
    fn destroy<'a>(&'a self, handle: &'a TaskHandle) -> BoxFuture<'a, Result<(), DriverError>>;

    /// Measures the task once.
    fn stats<'a>(&'a self, handle: &'a TaskHandle)
    -> BoxFuture<'a, Result<TaskUsage, DriverError>>;

    /// Removes tasks under `alloc_root` whose allocation `keep` does not want; gives their names.
    fn reap<'a>(
        &'a self,
        alloc_root: &'a std::path::Path,
        keep: &'a (dyn Fn(&str, &str) -> bool + Send + Sync),
    ) -> BoxFuture<'a, Result<Vec<String>, DriverError>>;

    /// The ports this driver's tasks and strangers publish on the host.
    fn published_ports(&self) -> BoxFuture<'_, Vec<PublishedPort>> {
        Box::pin(async { Vec::new() })
    }

    /// Resolves when the driver's world may have changed (a container started or ended).
    fn changed(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::pending())
    }
}

/// A host port that a container holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublishedPort {
    pub ip: String,
    pub port: i64,
    pub protocol: String,
    pub container_id: String,
    pub container_name: String,
    /// The allocation whose container it is, if it is one.
    pub alloc_id: Option<String>,
}

/// The drivers of this agent, by name.
#[derive(Clone, Default)]
pub struct DriverSet {
    drivers: BTreeMap<&'static str, Arc<dyn TaskDriver>>,
}

impl DriverSet {
    /// Adds a driver under its own name.
    pub fn with(mut self, driver: Arc<dyn TaskDriver>) -> Self {
        self.drivers.insert(driver.name(), driver);
        self
    }

    /// The driver of that name.
    pub fn get(&self, name: &str) -> Option<Arc<dyn TaskDriver>> {
        self.drivers.get(name).cloned()
    }

    /// All drivers, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Arc<dyn TaskDriver>)> {
        self.drivers.iter().map(|(name, driver)| (*name, driver))
    }
}
