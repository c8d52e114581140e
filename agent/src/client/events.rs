//! Task events: what happened to a task, in Nomad's types and words, the last ten of them.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/commands/alloc/status>

use std::time::Duration;

use steppe_planner::api::{TaskEvent, TaskState, TextMap};

use super::restart::WITHIN_POLICY;
use crate::driver::{ExitResult, Progress};
use crate::duration::duration_text;

/// How many events a task keeps.
pub const MAX_EVENTS: usize = 10;

/// The type of the event before the first start.
pub const TASK_SETUP: &str = "Task Setup";

/// The type of the event between the end and the next start.
pub const RESTARTING: &str = "Restarting";

/// The type of the events a driver reports while it starts a task.
const DRIVER: &str = "Driver";

/// Adds an event; a driver's next report on the same thing replaces its last.
pub fn push(state: &mut TaskState, event: TaskEvent) {
    if let Some(last) = state.events.last_mut()
        && last.kind == DRIVER
        && event.kind == DRIVER
        && last.details.get("image") == event.details.get("image")
    {
        let first_time = last.time;
        *last = event;
        last.time = first_time;
        return;
    }
    state.events.push(event);
    let surplus = state.events.len().saturating_sub(MAX_EVENTS);
    state.events.drain(..surplus);
}

fn event(kind: &str, now_ns: i64, display: impl Into<String>) -> TaskEvent {
    TaskEvent {
        kind: kind.into(),
        time: now_ns,
        display_message: display.into(),
        ..TaskEvent::default()
    }
}

fn detail(key: &str, value: impl Into<String>) -> TextMap {
    TextMap::from([(key.to_owned(), value.into())])
}

/// The client has seen the task.
pub fn received(now_ns: i64) -> TaskEvent {
    event("Received", now_ns, "Task received by client")
}

/// The directories are being made.
pub fn task_setup(now_ns: i64) -> TaskEvent {
    let text = "Building Task Directory";
    TaskEvent {
        message: text.into(),
        details: detail("message", text),
        ..event(TASK_SETUP, now_ns, text)
    }
}

/// The directories could not be made.
pub fn setup_failure(now_ns: i64, error: &str) -> TaskEvent {
    TaskEvent {
        details: detail("setup_error", error),
        fails_task: true,
        ..event("Setup Failure", now_ns, error)
    }
}

/// The driver reports.
pub fn driver(now_ns: i64, progress: &Progress) -> TaskEvent {
    TaskEvent {
        message: progress.message.clone(),
        details: progress.details.clone(),
        ..event(DRIVER, now_ns, &progress.message)
    }
}

/// The task runs.
pub fn started(now_ns: i64) -> TaskEvent {
    event("Started", now_ns, "Task started by client")
}

/// The driver could not start the task.
pub fn driver_failure(now_ns: i64, error: &str) -> TaskEvent {
    TaskEvent { details: detail("driver_error", error), ..event("Driver Failure", now_ns, error) }
}

/// The task's configuration is wrong.
pub fn failed_validation(now_ns: i64, error: &str) -> TaskEvent {
    TaskEvent {
        details: detail("validation_error", error),
        ..event("Failed Validation", now_ns, error)
    }
}

/// The task ended.
pub fn terminated(now_ns: i64, exit: &ExitResult) -> TaskEvent {
    let ExitResult { exit_code, signal, oom_killed, message } = exit;
    let mut parts = vec![format!("Exit Code: {exit_code}")];
    if *signal != 0 {
        parts.push(format!("Signal: {signal}"));
    }
    if !message.is_empty() {
        parts.push(format!("Exit Message: \"{message}\""));
    }
    let mut details = TextMap::from([
        ("exit_code".to_owned(), exit_code.to_string()),
        ("signal".to_owned(), signal.to_string()),
        ("oom_killed".to_owned(), oom_killed.to_string()),
    ]);
    if !message.is_empty() {
        details.insert("exit_message".into(), message.clone());
    }
    TaskEvent {
        message: message.clone(),
        details,
        exit_code: *exit_code,
        signal: *signal,
        ..event("Terminated", now_ns, parts.join(", "))
    }
}

/// The task starts again after a delay.
pub fn restarting(now_ns: i64, delay: Duration, reason: &str) -> TaskEvent {
    let delay_ns = i64::try_from(delay.as_nanos()).unwrap_or(i64::MAX);
    let text = format!("Task restarting in {}", duration_text(delay_ns));
    let shown = if reason.is_empty() || reason == WITHIN_POLICY {
        text
    } else {
        format!("{reason} - {text}")
    };
    TaskEvent {
        details: TextMap::from([
            ("start_delay".to_owned(), delay_ns.to_string()),
            ("restart_reason".to_owned(), reason.to_owned()),
        ]),
        ..event(RESTARTING, now_ns, shown)
    }
}

/// The task does not start again.
pub fn not_restarting(now_ns: i64, reason: &str) -> TaskEvent {
    let mut details = detail("restart_reason", reason);
    details.insert("fails_task".into(), "true".into());
    TaskEvent { details, fails_task: true, ..event("Not Restarting", now_ns, reason) }
}

/// A user wants the task to start again.
pub fn restart_signaled(now_ns: i64) -> TaskEvent {
    let text = "User requested restart";
    TaskEvent { details: detail("restart_reason", text), ..event("Restart Signaled", now_ns, text) }
}

/// A signal is sent to the task.
pub fn signaling(now_ns: i64, signal: &str) -> TaskEvent {
    TaskEvent {
        details: detail("signal", signal),
        ..event("Signaling", now_ns, "Task being sent a signal")
    }
}

/// The task is asked to end.
pub fn killing(now_ns: i64, timeout: Duration) -> TaskEvent {
    let ns = i64::try_from(timeout.as_nanos()).unwrap_or(i64::MAX);
    let timeout = duration_text(ns);
    let text = format!("Sent interrupt. Waiting {timeout} before force killing");
    TaskEvent { details: detail("kill_timeout", timeout), ..event("Killing", now_ns, text) }
}

/// The task is gone.
pub fn killed(now_ns: i64, error: Option<&str>) -> TaskEvent {
    match error {
        None => event("Killed", now_ns, "Task successfully killed"),
        Some(error) => {
            TaskEvent { details: detail("kill_error", error), ..event("Killed", now_ns, error) }
        }
    }
}

/// Another task of the group failed, so that this one ends too.
pub fn sibling_failed(now_ns: i64, sibling: &str) -> TaskEvent {
    let text = format!("Task's sibling \"{sibling}\" failed");
    TaskEvent {
        details: detail("failed_sibling", sibling),
        ..event("Sibling Task Failed", now_ns, text)
    }
}

/// The group's leader ended, so that this one ends too.
pub fn leader_dead(now_ns: i64) -> TaskEvent {
    event("Leader Task Dead", now_ns, "Leader Task in Group dead")
}

/// The main tasks ended, so that this sidecar ends too.
pub fn main_dead(now_ns: i64) -> TaskEvent {
    event("Main Tasks Dead", now_ns, "Main tasks in the group died")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_ten_and_updates_progress_in_place() {
        let mut state = TaskState::default();
        for n in 0..12 {
            push(&mut state, received(n));
        }
        assert_eq!(state.events.len(), MAX_EVENTS);
        assert_eq!(state.events[0].time, 2);
        let pulling = |message: &str| Progress {
            message: message.into(),
            details: TextMap::from([("image".into(), "web:1".into())]),
        };
        push(&mut state, driver(20, &pulling("Downloading image")));
        push(&mut state, driver(21, &pulling("Downloading image: 1 of 3 layers")));
        assert_eq!(state.events.len(), MAX_EVENTS);
        let last = state.events.last().unwrap();
        assert_eq!((last.time, last.message.as_str()), (20, "Downloading image: 1 of 3 layers"));
    }

    #[test]
    fn texts_are_nomads() {
        let exit = ExitResult {
            exit_code: 3,
            message: "Docker container exited with non-zero exit code: 3".into(),
            ..Default::default()
        };
        assert_eq!(
            terminated(0, &exit).display_message,
            "Exit Code: 3, Exit Message: \"Docker container exited with non-zero exit code: 3\""
        );
        let delay = Duration::from_nanos(1_117_433_337);
        let text = restarting(0, delay, WITHIN_POLICY).display_message;
        assert_eq!(text, "Task restarting in 1.117433337s");
        let text = killing(0, Duration::from_secs(5)).display_message;
        assert_eq!(text, "Sent interrupt. Waiting 5s before force killing");
    }
}
