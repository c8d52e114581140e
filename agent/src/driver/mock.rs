//! `mock_driver`: tasks that only pretend, for tests of everything around a driver.
//!
//! A task is a note in its directory that says when it began, so that it outlives the agent as a
//! container does. Options are Nomad's: `run_for`, `exit_code`, `exit_signal`, `exit_err_msg`,
//! `start_error`, `start_error_recoverable`, `start_block_for`, `kill_after`, `stdout_string`.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use steppe_planner::api::{TextMap, Value};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::log_file::LogFile;
use super::{
    DriverError, DriverFingerprint, ExitResult, ProgressSink, Recovered, TaskDriver, TaskHandle,
    TaskOrder, TaskUsage,
};
use crate::clock::Clock;
use crate::duration::parse_duration;

const NOTE: &str = "mock_driver.json";

/// The driver.
pub struct MockDriver {
    clock: Arc<dyn Clock>,
    /// The tasks of this run of the agent; the sender tells them to stop.
    running: Mutex<HashMap<String, watch::Sender<bool>>>,
}

/// What the job asks of a mock task.
#[derive(Clone, Debug, Default, PartialEq)]
struct MockConfig {
    run_for: Option<Duration>,
    exit_code: i64,
    exit_signal: i64,
    exit_err_msg: String,
    start_error: String,
    start_error_recoverable: bool,
    start_block_for: Duration,
    kill_after: Duration,
    stdout_string: String,
}

/// A task on disk.
#[derive(Serialize, Deserialize)]
struct Note {
    started_ns: i64,
}

impl MockDriver {
    /// A driver that measures its tasks by the given clock.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        MockDriver { clock, running: Mutex::default() }
    }

    fn stop_signal(&self, name: &str) -> watch::Sender<bool> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.entry(name.to_owned()).or_insert_with(|| watch::channel(false).0).clone()
    }

    fn forget(&self, name: &str) {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }

    fn ran(&self, note: &Note) -> Duration {
        let ns = self.clock.now_ns().saturating_sub(note.started_ns);
        Duration::from_nanos(u64::try_from(ns).unwrap_or(0))
    }

    async fn begin(
        &self,
        order: &TaskOrder,
        cancel: &CancellationToken,
    ) -> Result<TaskHandle, DriverError> {
        let config = MockConfig::read(order)?;
        tokio::select! {
            () = tokio::time::sleep(config.start_block_for) => {}
            () = cancel.cancelled() => return Err(DriverError::Gone("start given up".into())),
        }
        if !config.start_error.is_empty() {
            let recoverable = config.start_error_recoverable;
            return Err(DriverError::Start { message: config.start_error, recoverable });
        }
        let handle = handle(order);
        self.forget(&handle.id);
        let note = Note { started_ns: self.clock.now_ns() };
        write_note(&note_path(order), &note).map_err(|e| DriverError::Start {
            message: format!("failed to write {NOTE}: {e}"),
            recoverable: true,
        })?;
        if !config.stdout_string.is_empty() {
            let stem = format!("{}.stdout", order.task_name);
            let written = LogFile::open(&order.dirs.logs, &stem, order.logs)
                .and_then(|mut log| log.write(config.stdout_string.as_bytes()));
            if let Err(error) = written {
                tracing::warn!(%error, task = order.task_name, "cannot write the task's output");
            }
        }
        Ok(handle)
    }

    async fn run(&self, handle: &TaskHandle, order: &TaskOrder) -> ExitResult {
        let config = MockConfig::read(order).unwrap_or_default();
        let ran = read_note(&note_path(order)).map_or(Duration::MAX, |note| self.ran(&note));
        let rest = async {
            match config.run_for {
                Some(run_for) => tokio::time::sleep(run_for.saturating_sub(ran)).await,
                None => std::future::pending().await,
            }
        };
        let mut signal = self.stop_signal(&handle.id).subscribe();
        let stop = async {
            // The sender lives in this driver, so that there is always an answer.
            let _ = signal.wait_for(|stopped| *stopped).await;
        };
        tokio::select! {
            () = rest => ExitResult {
                exit_code: config.exit_code,
                signal: config.exit_signal,
                message: config.exit_err_msg,
                oom_killed: false,
            },
            () = stop => {
                tokio::time::sleep(config.kill_after).await;
                ExitResult { signal: 15, ..ExitResult::default() }
            }
        }
    }
}

impl TaskDriver for MockDriver {
    fn name(&self) -> &'static str {
        "mock_driver"
    }

    fn fingerprint(&self) -> BoxFuture<'_, DriverFingerprint> {
        Box::pin(async {
            DriverFingerprint {
                detected: true,
                healthy: true,
                description: "Healthy".into(),
                attributes: TextMap::from([("driver.mock".into(), "true".into())]),
            }
        })
    }

    fn start<'a>(
        &'a self,
        order: &'a TaskOrder,
        _progress: ProgressSink,
        cancel: CancellationToken,
    ) -> BoxFuture<'a, Result<TaskHandle, DriverError>> {
        Box::pin(async move { self.begin(order, &cancel).await })
    }

    fn recover<'a>(
        &'a self,
        order: &'a TaskOrder,
    ) -> BoxFuture<'a, Result<Option<Recovered>, DriverError>> {
        Box::pin(async {
            let Some(note) = read_note(&note_path(order)) else {
                return Ok(None);
            };
            let run_for = MockConfig::read(order)?.run_for;
            let running = run_for.is_none_or(|run_for| run_for > self.ran(&note));
            Ok(Some(Recovered { handle: handle(order), running }))
        })
    }

    fn wait<'a>(
        &'a self,
        handle: &'a TaskHandle,
        order: &'a TaskOrder,
    ) -> BoxFuture<'a, ExitResult> {
        Box::pin(self.run(handle, order))
    }

    fn stop<'a>(
        &'a self,
        handle: &'a TaskHandle,
        _signal: &'a str,
        _timeout: Duration,
    ) -> BoxFuture<'a, Result<(), DriverError>> {
        self.stop_signal(&handle.id).send_replace(true);
        Box::pin(async { Ok(()) })
    }

    fn signal<'a>(
        &'a self,
        _handle: &'a TaskHandle,
        _signal: &'a str,
    ) -> BoxFuture<'a, Result<(), DriverError>> {
        Box::pin(async { Ok(()) })
    }

    fn destroy<'a>(&'a self, handle: &'a TaskHandle) -> BoxFuture<'a, Result<(), DriverError>> {
        self.forget(&handle.id);
        Box::pin(async {
            match std::fs::remove_file(&handle.id) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    Err(DriverError::Unavailable(format!("cannot remove {}: {error}", handle.id)))
                }
                Ok(()) | Err(_) => Ok(()),
            }
        })
    }

    fn stats<'a>(
        &'a self,
        _handle: &'a TaskHandle,
    ) -> BoxFuture<'a, Result<TaskUsage, DriverError>> {
        let time_ns = self.clock.now_ns();
        Box::pin(async move { Ok(TaskUsage { time_ns, ..TaskUsage::default() }) })
    }

    fn reap<'a>(
        &'a self,
        _alloc_root: &'a Path,
        _keep: &'a (dyn Fn(&str, &str) -> bool + Send + Sync),
    ) -> BoxFuture<'a, Result<Vec<String>, DriverError>> {
        // A mock task is only a file in its allocation's directory and goes with it.
        Box::pin(async { Ok(Vec::new()) })
    }
}

impl MockConfig {
    fn read(order: &TaskOrder) -> Result<MockConfig, DriverError> {
        let mut config = MockConfig::default();
        for (key, value) in &order.config {
            let wrong = || DriverError::Config(format!("mock_driver: {key} has a wrong value"));
            let text = || value.as_str().map(str::to_owned).ok_or_else(wrong);
            let number = || number_of(value).ok_or_else(wrong);
            let span = || value.as_str().and_then(parse_duration).ok_or_else(wrong);
            match key.as_str() {
                "run_for" => config.run_for = Some(span()?),
                "exit_code" => config.exit_code = number()?,
                "exit_signal" => config.exit_signal = number()?,
                "exit_err_msg" => config.exit_err_msg = text()?,
                "start_error" => config.start_error = text()?,
                "start_error_recoverable" => {
                    config.start_error_recoverable = bool_of(value).ok_or_else(wrong)?;
                }
                "start_block_for" => config.start_block_for = span()?,
                "kill_after" => config.kill_after = span()?,
                "stdout_string" => config.stdout_string = text()?,
                _ => return Err(DriverError::Config(format!("mock_driver: unknown option {key}"))),
            }
        }
        Ok(config)
    }
}

fn number_of(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

fn bool_of(value: &Value) -> Option<bool> {
    value.as_bool().or_else(|| value.as_str()?.parse().ok())
}

fn note_path(order: &TaskOrder) -> PathBuf {
    order.dirs.task.join(NOTE)
}

/// The note's place is the task's name: no other task has it.
fn handle(order: &TaskOrder) -> TaskHandle {
    TaskHandle {
        id: note_path(order).display().to_string(),
        name: order.container_name(),
        task_name: order.task_name.clone(),
    }
}

fn write_note(path: &Path, note: &Note) -> io::Result<()> {
    std::fs::write(path, serde_json::to_vec(note)?)
}

fn read_note(path: &Path) -> Option<Note> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use crate::driver::TaskDirs;

    fn order(name: &str, config: Value) -> TaskOrder {
        let task = std::env::temp_dir().join(format!("steppe-mock-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&task).unwrap();
        TaskOrder {
            task_name: "web".into(),
            alloc_id: name.into(),
            config: serde_json::from_value(config).unwrap(),
            dirs: TaskDirs { logs: task.join("logs"), task, ..Default::default() },
            ..Default::default()
        }
    }

    async fn start(driver: &MockDriver, order: &TaskOrder) -> Result<TaskHandle, DriverError> {
        driver.start(order, Arc::new(|_| {}), CancellationToken::new()).await
    }

    #[tokio::test]
    async fn ends_as_asked() {
        let driver = MockDriver::new(Arc::new(SystemClock));
        let order = order(
            "ends",
            serde_json::json!({"run_for": "1ms", "exit_code": 3, "stdout_string": "hi"}),
        );
        let handle = start(&driver, &order).await.unwrap();
        assert_eq!(driver.wait(&handle, &order).await.exit_code, 3);
        assert_eq!(std::fs::read(order.dirs.logs.join("web.stdout.0")).unwrap(), b"hi");
        std::fs::remove_dir_all(&order.dirs.task).unwrap();
    }

    #[tokio::test]
    async fn is_found_again_until_it_is_destroyed() {
        let order = order("again", serde_json::json!({}));
        let first = MockDriver::new(Arc::new(SystemClock));
        start(&first, &order).await.unwrap();
        let second = MockDriver::new(Arc::new(SystemClock));
        let found = second.recover(&order).await.unwrap().expect("the note is there");
        assert!(found.running);
        let handle = found.handle;
        second.stop(&handle, "", Duration::ZERO).await.unwrap();
        assert_eq!(second.wait(&handle, &order).await.signal, 15);
        second.destroy(&handle).await.unwrap();
        assert_eq!(second.recover(&order).await, Ok(None));
        std::fs::remove_dir_all(&order.dirs.task).unwrap();
    }

    #[tokio::test]
    async fn start_errors_keep_their_kind() {
        let driver = MockDriver::new(Arc::new(SystemClock));
        let config = serde_json::json!({"start_error": "no", "start_error_recoverable": true});
        let error = start(&driver, &order("error", config)).await.unwrap_err();
        assert_eq!(error, DriverError::Start { message: "no".into(), recoverable: true });
        let error = start(&driver, &order("wrong", serde_json::json!({"run_for": 3}))).await;
        assert!(matches!(error, Err(DriverError::Config(_))));
    }
}
