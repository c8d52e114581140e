//! Runs one allocation: its directories, its tasks, and the record of how they fare.
//!
//! Who begins and ends when is `alloc_runner`'s decision; this only carries it out and writes down
//! what the tasks report, one write a change.

use std::sync::Arc;
use std::time::Duration;

use steppe_planner::api::{self, TaskState};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::alloc_dir::AllocDir;
use super::alloc_runner::{Command, TaskView, Wanted, client_status, decide, finished};
use super::order::order;
use super::restart::Policy;
use super::task_runner::TaskRunner;
use super::task_shell::{TaskCommand, TaskReport, TaskShell};
use super::{Handles, NodeContext};
use crate::state::{AllocRecord, AllocUpdate};

/// Nomad's time between the signal and the force.
const DEFAULT_KILL_TIMEOUT: Duration = Duration::from_secs(5);

/// What the server wants, as far as this allocation is concerned.
#[derive(Clone, Debug)]
pub(super) struct Assignment {
    pub(super) record: Arc<AllocRecord>,
    pub(super) wanted: Wanted,
}

/// A user's order for a running task.
#[derive(Clone, Debug)]
pub(super) enum UserOrder {
    /// All running tasks, or the named one.
    Restart(Option<String>),
    Signal(Option<String>, String),
}

/// One allocation being run.
pub(super) struct AllocShell {
    context: Arc<NodeContext>,
    assignment: watch::Receiver<Assignment>,
    orders: mpsc::UnboundedReceiver<UserOrder>,
    handles: Handles,
    tasks: Vec<TaskSlot>,
    /// Tasks of an earlier run of the agent that have not yet said whether they still live.
    unheard: usize,
}

struct TaskSlot {
    view: TaskView,
    state: TaskState,
    commands: mpsc::UnboundedSender<TaskCommand>,
}

impl AllocShell {
    pub(super) fn new(
        context: Arc<NodeContext>,
        assignment: watch::Receiver<Assignment>,
        orders: mpsc::UnboundedReceiver<UserOrder>,
        handles: Handles,
    ) -> Self {
        AllocShell { context, assignment, orders, handles, tasks: Vec::new(), unheard: 0 }
    }

    /// Runs until every task is dead. Dropping the future leaves the tasks running.
    pub(super) async fn run(mut self) {
        let record = Arc::clone(&self.assignment.borrow().record);
        let Some(group) = record.group().cloned() else {
            return self.fail(&record, "the job does not have the allocation's task group");
        };
        let dir = AllocDir::new(&self.context.data_dir, &record.alloc.id);
        if let Err(error) = dir.build(group.tasks.iter().map(|t| t.name.as_str())) {
            return self.fail(&record, &format!("failed to build the directories: {error}"));
        }
        let (reports, mut reported) = mpsc::unbounded_channel();
        let mut shells = JoinSet::new();
        for task in &group.tasks {
            let shell = self.slot(&record, &group, task, &dir, reports.clone());
            shells.spawn(shell.run());
        }
        drop(reports);
        self.unheard = self.tasks.len();
        while !finished(self.tasks.iter().map(|t| &t.view)) || self.unheard > 0 {
            tokio::select! {
                Some(report) = reported.recv() => self.hear(report, &record.alloc.id),
                Ok(()) = self.assignment.changed() => self.adjust(),
                Some(order) = self.orders.recv() => self.obey(order),
                // Every sender is gone: the agent is ending.
                else => return,
            }
            if self.unheard == 0 {
                self.command();
            }
        }
        while shells.join_next().await.is_some() {}
        if self.assignment.borrow().wanted == Wanted::Destroy
            && let Err(error) = dir.remove()
        {
            tracing::warn!(%error, alloc = record.alloc.id, "cannot remove the directory");
        }
    }

    fn slot(
        &mut self,
        record: &AllocRecord,
        group: &api::TaskGroup,
        task: &api::Task,
        dir: &AllocDir,
        reports: mpsc::UnboundedSender<TaskReport>,
    ) -> TaskShell {
        let now_ns = self.context.store.clock().now_ns();
        let policy = Policy::of(&record.job, group, task);
        let timeout = kill_timeout(task);
        let known = record.alloc.task_states.get(&task.name).cloned();
        let restored = known.is_some();
        let machine = match known {
            Some(state) => TaskRunner::restored(state, policy, timeout, now_ns),
            None => TaskRunner::new(policy, timeout, now_ns),
        };
        let (commands, receiver) = mpsc::unbounded_channel();
        let mut view = TaskView::of(task);
        view.observe(&machine.state);
        self.tasks.push(TaskSlot { view, state: machine.state.clone(), commands });
        TaskShell {
            machine,
            restored,
            driver: self.context.driver(&task.driver),
            order: Arc::new(order(&self.context, record, group, task, dir)),
            kill_signal: task.kill_signal.clone(),
            clock: Arc::clone(self.context.store.clock()),
            ids: Arc::clone(self.context.store.ids()),
            commands: receiver,
            reports,
        }
    }

    fn hear(&mut self, report: TaskReport, alloc_id: &str) {
        let TaskReport { name, state, begun, handle, written } = report;
        self.unheard = self.unheard.saturating_sub(1);
        self.handles.set(alloc_id, &name, handle);
        if let Some(slot) = self.tasks.iter_mut().find(|t| t.view.name == name) {
            slot.view.begun |= begun;
            slot.view.observe(&state);
            slot.state = state;
        }
        self.publish(alloc_id);
        // The task may be gone by now; then nobody waits for the word.
        let _ = written.send(());
    }

    fn adjust(&mut self) {
        let record = Arc::clone(&self.assignment.borrow_and_update().record);
        let Some(group) = record.group() else {
            return;
        };
        for task in &group.tasks {
            let policy = Policy::of(&record.job, group, task);
            self.tell(&task.name, || TaskCommand::Policy(policy.clone()));
        }
    }

    fn obey(&self, order: UserOrder) {
        let (name, command): (Option<String>, &dyn Fn() -> TaskCommand) = match &order {
            UserOrder::Restart(name) => (name.clone(), &|| TaskCommand::Restart),
            UserOrder::Signal(name, signal) => {
                (name.clone(), &|| TaskCommand::Signal(signal.clone()))
            }
        };
        for slot in self.tasks.iter().filter(|t| t.view.running) {
            if name.as_ref().is_none_or(|n| *n == slot.view.name) {
                self.tell(&slot.view.name, command);
            }
        }
    }

    fn command(&mut self) {
        let wanted = self.assignment.borrow().wanted;
        let views: Vec<TaskView> = self.tasks.iter().map(|t| t.view.clone()).collect();
        for command in decide(&views, wanted, self.context.store.clock().now_ns()) {
            let name = match &command {
                Command::Begin(name) | Command::Kill(name, _) => name.clone(),
            };
            if let Some(slot) = self.tasks.iter_mut().find(|t| t.view.name == name) {
                match &command {
                    Command::Begin(_) => slot.view.begun = true,
                    Command::Kill(..) => slot.view.killed = true,
                }
            }
            self.tell(&name, || match &command {
                Command::Begin(_) => TaskCommand::Begin,
                Command::Kill(_, reasons) => TaskCommand::Kill(reasons.clone()),
            });
        }
    }

    fn tell(&self, name: &str, command: impl Fn() -> TaskCommand) {
        if let Some(slot) = self.tasks.iter().find(|t| t.view.name == name) {
            // A dead task listens no more, and needs no telling.
            let _ = slot.commands.send(command());
        }
    }

    fn publish(&self, alloc_id: &str) {
        let (status, description) = client_status(self.tasks.iter().map(|t| (&t.view, &t.state)));
        let states = self.tasks.iter().map(|t| (t.view.name.clone(), t.state.clone()));
        self.write(AllocUpdate {
            id: alloc_id.to_owned(),
            client_status: status.to_owned(),
            client_description: description.to_owned(),
            task_states: states.collect(),
            deployment_health: None,
        });
    }

    fn fail(&self, record: &AllocRecord, reason: &str) {
        tracing::warn!(alloc = record.alloc.id, reason, "the allocation cannot run");
        let now_ns = self.context.store.clock().now_ns();
        let mut state = TaskState { state: "dead".into(), failed: true, ..TaskState::default() };
        super::events::push(&mut state, super::events::setup_failure(now_ns, reason));
        let tasks = record.group().map(|g| g.tasks.iter()).into_iter().flatten();
        let states = tasks.map(|t| (t.name.clone(), state.clone())).collect();
        self.write(AllocUpdate {
            id: record.alloc.id.clone(),
            client_status: "failed".into(),
            client_description: reason.to_owned(),
            task_states: states,
            deployment_health: None,
        });
    }

    fn write(&self, update: AllocUpdate) {
        let id = update.id.clone();
        if let Err(error) = self.context.store.update_allocs_from_client(vec![update]) {
            tracing::error!(%error, alloc = id, "cannot write the allocation's state");
        }
    }
}

fn kill_timeout(task: &api::Task) -> Duration {
    let ns = task.kill_timeout.and_then(|ns| u64::try_from(ns).ok());
    ns.map_or(DEFAULT_KILL_TIMEOUT, Duration::from_nanos)
}
