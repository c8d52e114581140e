//! Does what a task's decisions say: calls the driver, waits, sleeps, and reports every change.
//!
//! Decides nothing itself (see `task_runner`). A report is acknowledged when it is written, so that
//! nothing is removed before its end is on record.

use std::sync::Arc;
use std::time::Duration;

use steppe_planner::api::{TaskEvent, TaskState};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::restart::Policy;
use super::task_runner::{Action, Input, Phase, TaskRunner};
use crate::clock::Clock;
use crate::driver::{DriverError, Recovered, TaskDriver, TaskHandle, TaskOrder};
use crate::ids::Ids;

/// How long to wait before a driver that does not answer is asked again.
const DRIVER_RETRY: Duration = Duration::from_secs(1);

/// What the allocation tells a task.
#[derive(Debug)]
pub(super) enum TaskCommand {
    Begin,
    Kill(Vec<TaskEvent>),
    Restart,
    Signal(String),
    Policy(Policy),
}

/// What a task tells its allocation.
#[derive(Debug)]
pub(super) struct TaskReport {
    pub(super) name: String,
    pub(super) state: TaskState,
    /// It no longer waits for its turn.
    pub(super) begun: bool,
    /// The handle of the running task, for statistics.
    pub(super) handle: Option<TaskHandle>,
    pub(super) written: oneshot::Sender<()>,
}

/// One task with everything it needs.
pub(super) struct TaskShell {
    pub(super) machine: TaskRunner,
    /// An earlier run of the agent may have started it.
    pub(super) restored: bool,
    /// `None` if this node lacks the driver.
    pub(super) driver: Option<Arc<dyn TaskDriver>>,
    pub(super) order: Arc<TaskOrder>,
    pub(super) kill_signal: String,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn Ids>,
    pub(super) commands: mpsc::UnboundedReceiver<TaskCommand>,
    pub(super) reports: mpsc::UnboundedSender<TaskReport>,
}

/// What the work in the background came to.
enum News {
    Input(Input),
    Started(TaskHandle),
}

impl TaskShell {
    /// Runs the task to its end. Dropping the future leaves the task running.
    pub(super) async fn run(mut self) {
        let (news, mut told) = mpsc::unbounded_channel();
        let mut work = Work {
            handle: None,
            cancel_start: CancellationToken::new(),
            jobs: JoinSet::new(),
            news,
        };
        if self.restored && self.machine.phase != Phase::Dead {
            self.recover(&mut work).await;
        }
        self.report(&work).await;
        while self.machine.phase != Phase::Dead {
            let input = tokio::select! {
                Some(news) = told.recv() => match news {
                    News::Input(input) => input,
                    News::Started(handle) => {
                        self.watch(handle, &mut work);
                        Input::Started
                    }
                },
                command = self.commands.recv() => match command {
                    Some(command) => self.input(command, &work).await,
                    // The allocation is gone: the agent is ending, and the task goes on without it.
                    None => return,
                },
                Some(_) = work.jobs.join_next() => continue,
            };
            self.step(input, &mut work).await;
        }
    }

    async fn recover(&mut self, work: &mut Work) {
        let Some(driver) = self.driver.clone() else {
            return;
        };
        loop {
            match driver.recover(&self.order).await {
                Ok(Some(Recovered { handle, running })) => {
                    // What ended before a restart was recorded has been counted already.
                    if !running && self.machine.awaits_restart() {
                        if let Err(error) = driver.destroy(&handle).await {
                            tracing::warn!(%error, task = handle.name, "cannot remove it");
                        }
                        return;
                    }
                    tracing::info!(task = self.order.container_name(), "found the task again");
                    self.watch(handle, work);
                    return self.step(Input::Recovered, work).await;
                }
                Ok(None) => return,
                // Starting without knowing could run it twice.
                Err(DriverError::Unavailable(error)) => {
                    tracing::warn!(%error, task = self.order.container_name(), "driver is away");
                    tokio::time::sleep(DRIVER_RETRY).await;
                }
                Err(error) => {
                    tracing::warn!(%error, task = self.order.container_name(), "cannot recover");
                    return;
                }
            }
        }
    }

    async fn input(&self, command: TaskCommand, work: &Work) -> Input {
        match command {
            TaskCommand::Begin => Input::Begin,
            TaskCommand::Kill(reasons) => Input::Kill(reasons),
            TaskCommand::Restart => Input::Restart,
            TaskCommand::Policy(policy) => Input::PolicyChanged(policy),
            TaskCommand::Signal(signal) => {
                if let (Some(driver), Some(handle)) = (&self.driver, &work.handle)
                    && let Err(error) = driver.signal(handle, &signal).await
                {
                    tracing::warn!(%error, signal, "cannot signal the task");
                }
                Input::Signaled(signal)
            }
        }
    }

    async fn step(&mut self, input: Input, work: &mut Work) {
        let chance = chance(&*self.ids);
        for action in self.machine.step(input, self.clock.now_ns(), chance) {
            self.perform(action, work).await;
        }
    }

    async fn perform(&mut self, action: Action, work: &mut Work) {
        match action {
            Action::Publish => self.report(work).await,
            Action::Start => self.start(work),
            Action::Stop(timeout) => self.stop(timeout, work),
            Action::AbortStart => work.cancel_start.cancel(),
            Action::Delay(delay) => {
                let news = work.news.clone();
                work.jobs.spawn(async move {
                    tokio::time::sleep(delay).await;
                    // Nobody listens if the task has ended meanwhile.
                    let _ = news.send(News::Input(Input::DelayOver));
                });
            }
            Action::Destroy => {
                if let (Some(driver), Some(handle)) = (&self.driver, work.handle.take())
                    && let Err(error) = driver.destroy(&handle).await
                {
                    tracing::warn!(%error, task = handle.name, "cannot remove the ended task");
                }
            }
        }
    }

    fn start(&self, work: &mut Work) {
        work.cancel_start = CancellationToken::new();
        let (news, cancel) = (work.news.clone(), work.cancel_start.clone());
        let (driver, order) = (self.driver.clone(), Arc::clone(&self.order));
        work.jobs.spawn(async move {
            let Some(driver) = driver else {
                let error = DriverError::Start {
                    message: "this node does not have the task's driver".into(),
                    recoverable: false,
                };
                let _ = news.send(News::Input(Input::StartFailed(error)));
                return;
            };
            let progress_news = news.clone();
            let progress = Arc::new(move |progress| {
                let _ = progress_news.send(News::Input(Input::Progress(progress)));
            });
            let _ = news.send(match driver.start(&order, progress, cancel).await {
                Ok(handle) => News::Started(handle),
                Err(error) => News::Input(Input::StartFailed(error)),
            });
        });
    }

    fn watch(&self, handle: TaskHandle, work: &mut Work) {
        work.handle = Some(handle.clone());
        let (Some(driver), order) = (self.driver.clone(), Arc::clone(&self.order)) else {
            return;
        };
        let news = work.news.clone();
        work.jobs.spawn(async move {
            let exit = driver.wait(&handle, &order).await;
            let _ = news.send(News::Input(Input::Exited(exit)));
        });
    }

    fn stop(&self, timeout: Duration, work: &mut Work) {
        let (Some(driver), Some(handle)) = (self.driver.clone(), work.handle.clone()) else {
            return;
        };
        let signal = self.kill_signal.clone();
        work.jobs.spawn(async move {
            // The end is told by `wait`; a driver that is away is asked until it answers.
            while let Err(error) = driver.stop(&handle, &signal, timeout).await {
                tracing::warn!(%error, task = handle.name, "cannot stop the task");
                if matches!(error, DriverError::Gone(_)) {
                    return;
                }
                tokio::time::sleep(DRIVER_RETRY).await;
            }
        });
    }

    async fn report(&self, work: &Work) {
        let (written, ack) = oneshot::channel();
        let report = TaskReport {
            name: self.order.task_name.clone(),
            state: self.machine.state.clone(),
            begun: self.machine.phase != Phase::Waiting,
            handle: work.handle.clone(),
            written,
        };
        if self.reports.send(report).is_ok() {
            // An error means that the agent is ending; the state is then read again from the driver.
            let _ = ack.await;
        }
    }
}

/// Work in the background; all of it ends with the shell.
struct Work {
    handle: Option<TaskHandle>,
    cancel_start: CancellationToken,
    jobs: JoinSet<()>,
    news: mpsc::UnboundedSender<News>,
}

/// A number between 0 and 1, from the only source of chance there is.
fn chance(ids: &dyn Ids) -> f64 {
    let digits: String = ids.uuid().chars().filter(char::is_ascii_hexdigit).collect();
    let value = digits.get(..8).and_then(|d| u32::from_str_radix(d, 16).ok()).unwrap_or(0);
    f64::from(value) / f64::from(u32::MAX)
}
