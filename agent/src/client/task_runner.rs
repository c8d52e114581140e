//! One task's life as decisions: what follows from what happened.
//!
//! A pure machine: inputs and the time go in, actions come out. It calls no driver and no clock;
//! `task_shell` does what it says.

use std::time::Duration;

use steppe_planner::api::{TaskEvent, TaskState};

use super::events;
use super::restart::{Ended, Policy, Tracker, Verdict};
use crate::clock::rfc3339;
use crate::driver::{DriverError, ExitResult, Progress};

/// Where a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Waits for its turn in the group.
    Waiting,
    /// The driver is starting it.
    Starting,
    Running,
    /// Waits before it starts again.
    Delayed,
    /// Asked to end; `restart` if a user wants it to come back.
    Stopping {
        restart: bool,
    },
    Dead,
}

/// Something that happened to the task.
#[derive(Clone, Debug)]
pub enum Input {
    /// Its turn has come.
    Begin,
    Progress(Progress),
    Started,
    /// An earlier run of the agent had started it.
    Recovered,
    StartFailed(DriverError),
    SetupFailed(String),
    Exited(ExitResult),
    DelayOver,
    /// End it; the events say why.
    Kill(Vec<TaskEvent>),
    /// End it and start it again at once.
    Restart,
    Signaled(String),
    PolicyChanged(Policy),
}

/// What the shell must do.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    Start,
    /// Stop the running task, forcing it after the timeout.
    Stop(Duration),
    /// Give up a start that is under way.
    AbortStart,
    Delay(Duration),
    /// Remove what is left of the ended task, after the state is written.
    Destroy,
    /// The state changed: write it.
    Publish,
}

/// The machine.
#[derive(Clone, Debug)]
pub struct TaskRunner {
    pub state: TaskState,
    pub phase: Phase,
    tracker: Tracker,
    kill_timeout: Duration,
}

impl TaskRunner {
    /// A task that has just been received.
    pub fn new(policy: Policy, kill_timeout: Duration, now_ns: i64) -> Self {
        let mut state = TaskState { state: "pending".into(), ..TaskState::default() };
        events::push(&mut state, events::received(now_ns));
        TaskRunner {
            state,
            phase: Phase::Waiting,
            tracker: Tracker::new(policy, now_ns),
            kill_timeout,
        }
    }

    /// A task as an earlier run of the agent left it.
    pub fn restored(
        state: TaskState,
        policy: Policy,
        kill_timeout: Duration,
        now_ns: i64,
    ) -> TaskRunner {
        let phase = if state.state == "dead" { Phase::Dead } else { Phase::Waiting };
        TaskRunner { state, phase, tracker: Tracker::new(policy, now_ns), kill_timeout }
    }

    /// True if the last thing on record is that it will start again.
    pub fn awaits_restart(&self) -> bool {
        let last = self.state.events.last().map(|e| e.kind.as_str());
        self.state.state == "pending" && last == Some(events::RESTARTING)
    }

    /// Decides.
    pub fn step(&mut self, input: Input, now_ns: i64, chance: f64) -> Vec<Action> {
        match (self.phase, input) {
            (Phase::Waiting, Input::Begin) => self.begin(now_ns),
            (Phase::Starting, Input::Progress(progress)) => {
                self.event(events::driver(now_ns, &progress));
                vec![Action::Publish]
            }
            (Phase::Starting, Input::Started) => self.started(now_ns),
            (Phase::Waiting | Phase::Starting, Input::Recovered) => self.recovered(now_ns),
            (Phase::Starting, Input::StartFailed(error)) => {
                self.start_failed(&error, now_ns, chance)
            }
            (Phase::Waiting | Phase::Starting, Input::SetupFailed(error)) => {
                self.event(events::setup_failure(now_ns, &error));
                self.die(true, now_ns)
            }
            (Phase::Running, Input::Exited(exit)) => self.exited(&exit, now_ns, chance),
            (Phase::Stopping { restart }, Input::Exited(exit)) => {
                self.stopped(&exit, restart, now_ns)
            }
            // The stop came while the driver was starting it: the started task must end.
            (Phase::Stopping { .. }, Input::Started) => vec![Action::Stop(self.kill_timeout)],
            (Phase::Stopping { .. }, Input::StartFailed(_)) => self.die(false, now_ns),
            (Phase::Delayed, Input::DelayOver) => {
                self.phase = Phase::Starting;
                vec![Action::Start]
            }
            (_, Input::Kill(reasons)) => self.kill(reasons, now_ns),
            (Phase::Running, Input::Restart) => {
                self.event(events::restart_signaled(now_ns));
                self.phase = Phase::Stopping { restart: true };
                vec![Action::Publish, Action::Stop(self.kill_timeout)]
            }
            (Phase::Running, Input::Signaled(signal)) => {
                self.event(events::signaling(now_ns, &signal));
                vec![Action::Publish]
            }
            (_, Input::PolicyChanged(policy)) => {
                self.tracker.set_policy(policy);
                Vec::new()
            }
            // Late news of a phase that is over.
            (
                _,
                Input::Begin
                | Input::Progress(_)
                | Input::Started
                | Input::Recovered
                | Input::StartFailed(_)
                | Input::SetupFailed(_)
                | Input::Exited(_)
                | Input::DelayOver
                | Input::Restart
                | Input::Signaled(_),
            ) => Vec::new(),
        }
    }

    fn begin(&mut self, now_ns: i64) -> Vec<Action> {
        self.phase = Phase::Starting;
        // A task that an earlier run of the agent had begun starts again without a new setup.
        self.state.state = "pending".into();
        if !self.state.events.iter().any(|e| e.kind == events::TASK_SETUP) {
            self.event(events::task_setup(now_ns));
        }
        vec![Action::Publish, Action::Start]
    }

    fn started(&mut self, now_ns: i64) -> Vec<Action> {
        self.phase = Phase::Running;
        self.state.state = "running".into();
        self.state.started_at = Some(rfc3339(now_ns));
        self.state.finished_at = None;
        self.event(events::started(now_ns));
        vec![Action::Publish]
    }

    fn recovered(&mut self, now_ns: i64) -> Vec<Action> {
        self.phase = Phase::Running;
        if self.state.state == "running" {
            return Vec::new();
        }
        // The agent ended between the start and its record.
        self.started(now_ns)
    }

    fn start_failed(&mut self, error: &DriverError, now_ns: i64, chance: f64) -> Vec<Action> {
        let text = error.to_string();
        let ended = match error {
            DriverError::Config(_) => {
                self.event(events::failed_validation(now_ns, &text));
                Ended::Unrecoverably
            }
            DriverError::Start { recoverable: false, .. } => {
                self.event(events::driver_failure(now_ns, &text));
                Ended::Unrecoverably
            }
            DriverError::Start { .. } | DriverError::Gone(_) | DriverError::Unavailable(_) => {
                self.event(events::driver_failure(now_ns, &text));
                Ended::Failed
            }
        };
        self.ended(ended, now_ns, chance)
    }

    fn exited(&mut self, exit: &ExitResult, now_ns: i64, chance: f64) -> Vec<Action> {
        self.event(events::terminated(now_ns, exit));
        let ended = if exit.successful() { Ended::Successfully } else { Ended::Failed };
        let mut actions = self.ended(ended, now_ns, chance);
        // Written first, removed then: an agent that ends in between finds the exit code again.
        let after_publish = actions
            .iter()
            .position(|a| *a == Action::Publish)
            .map_or(actions.len(), |position| position + 1);
        actions.insert(after_publish, Action::Destroy);
        actions
    }

    fn ended(&mut self, ended: Ended, now_ns: i64, chance: f64) -> Vec<Action> {
        match self.tracker.next(ended, now_ns, chance) {
            Verdict::Done => self.die(false, now_ns),
            Verdict::GiveUp { reason } => {
                // Even after a good end: a service that may not start again does not serve.
                self.event(events::not_restarting(now_ns, &reason));
                self.die(true, now_ns)
            }
            Verdict::Restart { delay, reason } => self.restart_in(delay, &reason, now_ns),
        }
    }

    fn restart_in(&mut self, delay: Duration, reason: &str, now_ns: i64) -> Vec<Action> {
        self.phase = Phase::Delayed;
        self.state.state = "pending".into();
        self.state.restarts += 1;
        self.state.last_restart = Some(rfc3339(now_ns));
        self.event(events::restarting(now_ns, delay, reason));
        vec![Action::Publish, Action::Delay(delay)]
    }

    fn stopped(&mut self, exit: &ExitResult, restart: bool, now_ns: i64) -> Vec<Action> {
        self.event(events::terminated(now_ns, exit));
        if restart {
            let mut actions = self.restart_in(Duration::ZERO, "", now_ns);
            actions.insert(1, Action::Destroy);
            return actions;
        }
        self.event(events::killed(now_ns, None));
        let mut actions = self.die(false, now_ns);
        actions.push(Action::Destroy);
        actions
    }

    fn kill(&mut self, reasons: Vec<TaskEvent>, now_ns: i64) -> Vec<Action> {
        let stop = match self.phase {
            Phase::Dead | Phase::Stopping { restart: false } => return Vec::new(),
            Phase::Stopping { restart: true } => {
                self.phase = Phase::Stopping { restart: false };
                return Vec::new();
            }
            Phase::Waiting | Phase::Delayed => {
                for reason in reasons {
                    self.event(reason);
                }
                return self.die(false, now_ns);
            }
            Phase::Starting => Action::AbortStart,
            Phase::Running => Action::Stop(self.kill_timeout),
        };
        for reason in reasons {
            self.event(reason);
        }
        self.event(events::killing(now_ns, self.kill_timeout));
        self.phase = Phase::Stopping { restart: false };
        vec![Action::Publish, stop]
    }

    fn die(&mut self, failed: bool, now_ns: i64) -> Vec<Action> {
        self.phase = Phase::Dead;
        self.state.state = "dead".into();
        self.state.failed |= failed;
        self.state.finished_at = Some(rfc3339(now_ns));
        vec![Action::Publish]
    }

    fn event(&mut self, event: TaskEvent) {
        events::push(&mut self.state, event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runner(attempts: i64, on_success: bool) -> TaskRunner {
        let policy = Policy {
            attempts,
            interval_ns: 60_000_000_000,
            delay_ns: 1_000_000_000,
            mode_delay: false,
            on_success,
        };
        TaskRunner::new(policy, Duration::from_secs(5), 0)
    }

    fn kinds(runner: &TaskRunner) -> Vec<&str> {
        runner.state.events.iter().map(|e| e.kind.as_str()).collect()
    }

    fn exit(code: i64) -> Input {
        Input::Exited(ExitResult { exit_code: code, ..Default::default() })
    }

    #[test]
    fn runs_fails_restarts_and_gives_up() {
        let mut task = runner(1, true);
        assert_eq!(task.step(Input::Begin, 1, 0.0), [Action::Publish, Action::Start]);
        task.step(Input::Started, 2, 0.0);
        assert_eq!(task.state.state, "running");
        let actions = task.step(exit(3), 3, 0.0);
        let delay = Action::Delay(Duration::from_secs(1));
        assert_eq!(actions, [Action::Publish, Action::Destroy, delay]);
        assert_eq!(task.step(Input::DelayOver, 4, 0.0), [Action::Start]);
        task.step(Input::Started, 5, 0.0);
        assert_eq!(task.step(exit(3), 6, 0.0), [Action::Publish, Action::Destroy]);
        assert!(task.state.failed);
        assert_eq!((task.phase, task.state.restarts), (Phase::Dead, 1));
        assert_eq!(
            kinds(&task),
            [
                "Received",
                "Task Setup",
                "Started",
                "Terminated",
                "Restarting",
                "Started",
                "Terminated",
                "Not Restarting"
            ]
        );
    }

    #[test]
    fn a_kill_during_the_start_ends_what_was_started() {
        let mut task = runner(1, true);
        task.step(Input::Begin, 1, 0.0);
        let actions = task.step(Input::Kill(Vec::new()), 2, 0.0);
        assert_eq!(actions, [Action::Publish, Action::AbortStart]);
        let actions = task.step(Input::Started, 3, 0.0);
        assert_eq!(actions, [Action::Stop(Duration::from_secs(5))]);
        task.step(exit(137), 4, 0.0);
        assert_eq!(task.phase, Phase::Dead);
        assert!(!task.state.failed, "a stopped task has not failed");
    }

    #[test]
    fn a_kill_between_attempts_needs_no_driver() {
        let mut task = runner(1, true);
        task.step(Input::Begin, 1, 0.0);
        task.step(Input::Started, 1, 0.0);
        task.step(exit(1), 2, 0.0);
        assert_eq!(task.step(Input::Kill(Vec::new()), 3, 0.0), [Action::Publish]);
        assert_eq!(task.phase, Phase::Dead);
        assert!(task.step(Input::DelayOver, 4, 0.0).is_empty());
    }

    #[test]
    fn a_wrong_configuration_is_not_tried_again() {
        let mut task = runner(5, true);
        task.step(Input::Begin, 1, 0.0);
        let error = DriverError::Config("image name required for docker driver".into());
        task.step(Input::StartFailed(error), 2, 0.0);
        assert!(task.state.failed);
        assert_eq!(kinds(&task)[2..], ["Failed Validation", "Not Restarting"]);
    }

    #[test]
    fn recovery_adds_no_event_to_a_recorded_start() {
        let mut task = runner(1, true);
        task.step(Input::Begin, 1, 0.0);
        task.step(Input::Started, 2, 0.0);
        let policy = Policy::of(&Default::default(), &Default::default(), &Default::default());
        let mut again = TaskRunner::restored(task.state.clone(), policy, Duration::ZERO, 9);
        assert!(again.step(Input::Recovered, 9, 0.0).is_empty());
        assert_eq!((again.phase, &again.state), (Phase::Running, &task.state));
    }

    #[test]
    fn a_service_without_restarts_left_has_failed_after_a_good_end_too() {
        let mut task = runner(0, true);
        task.step(Input::Begin, 1, 0.0);
        task.step(Input::Started, 2, 0.0);
        task.step(exit(0), 3, 0.0);
        assert!(task.state.failed);
        assert_eq!(kinds(&task).last().copied(), Some("Not Restarting"));
    }

    #[test]
    fn a_batch_task_ends_well() {
        let mut task = runner(3, false);
        task.step(Input::Begin, 1, 0.0);
        task.step(Input::Started, 2, 0.0);
        assert_eq!(task.step(exit(0), 3, 0.0), [Action::Publish, Action::Destroy]);
        assert!(!task.state.failed);
        assert_eq!(task.state.finished_at.as_deref(), Some("1970-01-01T00:00:00.000000003Z"));
    }
}
