//! Whether and when a task starts again after it ended.
//!
//! Counts attempts within an interval; knows nothing of processes. The jitter is handed in, so that
//! the decision stays a function.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/restart>

use std::time::Duration;

use steppe_planner::api;

use crate::duration::duration_text;

/// The part of the delay that may be added by chance.
const JITTER_SHARE: f64 = 0.25;

/// A restart policy with its defaults filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    pub attempts: i64,
    pub interval_ns: i64,
    pub delay_ns: i64,
    /// `delay`: wait for the next interval; otherwise give up.
    pub mode_delay: bool,
    /// A task that ended well starts again, as in a service.
    pub on_success: bool,
}

impl Policy {
    /// The policy of a task: its own, or its group's.
    pub fn of(job: &api::Job, group: &api::TaskGroup, task: &api::Task) -> Policy {
        let batch = matches!(job.kind.as_deref(), Some("batch" | "sysbatch"));
        let on_success = match &task.lifecycle {
            Some(l) if l.hook == "poststop" => false,
            Some(l) if !l.hook.is_empty() => l.sidecar,
            _ => !batch,
        };
        let policy = task.restart_policy.as_ref().or(group.restart_policy.as_ref());
        let policy = policy.cloned().unwrap_or_default();
        Policy {
            attempts: policy.attempts.unwrap_or(if batch { 3 } else { 2 }),
            interval_ns: policy.interval.unwrap_or(if batch { 24 * HOUR_NS } else { HOUR_NS / 2 }),
            delay_ns: policy.delay.unwrap_or(15_000_000_000),
            mode_delay: policy.mode.as_deref() == Some("delay"),
            on_success,
        }
    }
}

const HOUR_NS: i64 = 3_600_000_000_000;

/// How a task ended, as far as restarting goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Successfully,
    Failed,
    /// The driver refused to start it, and would refuse again.
    Unrecoverably,
}

/// What follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It has done its work.
    Done,
    Restart {
        delay: Duration,
        reason: String,
    },
    GiveUp {
        reason: String,
    },
}

/// The attempts of one task so far.
#[derive(Clone, Debug)]
pub struct Tracker {
    policy: Policy,
    count: i64,
    interval_start_ns: i64,
}

/// The reason of an ordinary restart; it is not shown.
pub const WITHIN_POLICY: &str = "Restart within policy";

impl Tracker {
    /// A task that starts for the first time now.
    pub fn new(policy: Policy, now_ns: i64) -> Self {
        Tracker { policy, count: 0, interval_start_ns: now_ns }
    }

    /// Takes a changed policy; the attempts made so far still count.
    pub fn set_policy(&mut self, policy: Policy) {
        self.policy = policy;
    }

    /// Decides after the task ended; `chance` is between 0 and 1.
    pub fn next(&mut self, ended: Ended, now_ns: i64, chance: f64) -> Verdict {
        if ended == Ended::Successfully && !self.policy.on_success {
            return Verdict::Done;
        }
        if ended == Ended::Unrecoverably {
            return Verdict::GiveUp { reason: "Error was unrecoverable".into() };
        }
        if self.policy.attempts == 0 && !self.policy.mode_delay {
            return Verdict::GiveUp { reason: "Policy allows no restarts".into() };
        }
        let end_ns = self.interval_start_ns.saturating_add(self.policy.interval_ns);
        if now_ns > end_ns {
            self.count = 0;
            self.interval_start_ns = now_ns;
        }
        self.count += 1;
        if self.count <= self.policy.attempts {
            let jitter = self.policy.delay_ns as f64 * JITTER_SHARE * chance.clamp(0.0, 1.0);
            let delay_ns = self.policy.delay_ns.saturating_add(jitter as i64);
            return Verdict::Restart { delay: nanos(delay_ns), reason: WITHIN_POLICY.into() };
        }
        let exceeded = format!(
            "Exceeded allowed attempts {} in interval {}",
            self.policy.attempts,
            duration_text(self.policy.interval_ns)
        );
        if self.policy.mode_delay {
            let delay = nanos(end_ns.saturating_sub(now_ns).max(self.policy.delay_ns));
            return Verdict::Restart { delay, reason: exceeded };
        }
        Verdict::GiveUp { reason: format!("{exceeded} and mode is \"fail\"") }
    }
}

fn nanos(ns: i64) -> Duration {
    Duration::from_nanos(u64::try_from(ns).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000_000;

    fn policy(attempts: i64, mode_delay: bool) -> Policy {
        Policy {
            attempts,
            interval_ns: 60 * SECOND,
            delay_ns: 4 * SECOND,
            mode_delay,
            on_success: true,
        }
    }

    #[test]
    fn gives_up_after_the_attempts_of_one_interval() {
        let mut tracker = Tracker::new(policy(2, false), 0);
        for chance in [0.0, 1.0] {
            let expected = Duration::from_secs(if chance == 0.0 { 4 } else { 5 });
            let verdict = tracker.next(Ended::Failed, SECOND, chance);
            assert_eq!(verdict, Verdict::Restart { delay: expected, reason: WITHIN_POLICY.into() });
        }
        let reason = "Exceeded allowed attempts 2 in interval 1m0s and mode is \"fail\"".into();
        assert_eq!(tracker.next(Ended::Failed, 2 * SECOND, 0.0), Verdict::GiveUp { reason });
    }

    #[test]
    fn a_new_interval_counts_from_the_start() {
        let mut tracker = Tracker::new(policy(1, false), 0);
        assert!(matches!(tracker.next(Ended::Failed, SECOND, 0.0), Verdict::Restart { .. }));
        assert!(matches!(tracker.next(Ended::Failed, 61 * SECOND, 0.0), Verdict::Restart { .. }));
        assert!(matches!(tracker.next(Ended::Failed, 62 * SECOND, 0.0), Verdict::GiveUp { .. }));
    }

    #[test]
    fn mode_delay_waits_for_the_interval_to_end() {
        let mut tracker = Tracker::new(policy(0, true), 0);
        let Verdict::Restart { delay, reason } = tracker.next(Ended::Failed, 10 * SECOND, 0.0)
        else {
            panic!("mode delay never gives up");
        };
        assert_eq!(delay, Duration::from_secs(50));
        assert_eq!(reason, "Exceeded allowed attempts 0 in interval 1m0s");
    }

    #[test]
    fn no_attempts_and_unrecoverable_errors_say_so() {
        let mut tracker = Tracker::new(policy(0, false), 0);
        let none = Verdict::GiveUp { reason: "Policy allows no restarts".into() };
        assert_eq!(tracker.next(Ended::Failed, 0, 0.0), none);
        let mut tracker = Tracker::new(policy(9, false), 0);
        let never = Verdict::GiveUp { reason: "Error was unrecoverable".into() };
        assert_eq!(tracker.next(Ended::Unrecoverably, 0, 0.0), never);
    }

    #[test]
    fn a_batch_task_that_ended_well_is_done() {
        let job = api::Job { kind: Some("batch".into()), ..Default::default() };
        let policy = Policy::of(&job, &Default::default(), &Default::default());
        assert_eq!(Tracker::new(policy, 0).next(Ended::Successfully, 0, 0.0), Verdict::Done);
    }
}
