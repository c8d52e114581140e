//! Rules of the policies: restart, reschedule, update, migrate.

use super::{Report, inside, one_of, quoted};
use crate::api::{MigrateStrategy, Nanos, ReschedulePolicy, RestartPolicy, UpdateStrategy};
use crate::duration;

const SECOND: Nanos = 1_000_000_000;
/// Attempts at rescheduling that are counted.
const MAX_ATTEMPTS: i64 = 10_000;

fn text(nanos: Nanos) -> String {
    duration::text(nanos)
}

pub(super) fn restart(policy: &RestartPolicy, path: &str, report: &mut Report) {
    let mode = policy.mode.as_deref().unwrap_or_default();
    let attempts = policy.attempts.unwrap_or(0);
    let interval = policy.interval.unwrap_or(0);
    let delay = policy.delay.unwrap_or(0);
    if !matches!(mode, "fail" | "delay") {
        report.error(
            &inside(path, "mode"),
            "invalid-restart",
            format!("Unsupported restart mode: \"{mode}\""),
        );
        report.hint(one_of("mode", mode, &["fail", "delay"]));
    }
    if attempts == 0 && mode != "fail" {
        let message = format!("Restart policy \"{mode}\" with {attempts} attempts is ambiguous");
        report.error(path, "invalid-restart", message);
        report.hint("write mode = \"fail\", or attempts = 2");
    }
    if interval < 5 * SECOND {
        let message = format!("Interval can not be less than 5s (got {})", text(interval));
        report.error(&inside(path, "interval"), "invalid-restart", message);
        report.hint("write interval = \"30m\"");
    }
    if attempts.saturating_mul(delay) > interval {
        let message = format!(
            "Nomad can't restart the TaskGroup {attempts} times in an interval of {} with a delay of {}",
            text(interval),
            text(delay)
        );
        report.error(&inside(path, "interval"), "invalid-restart", message);
        let needed = text(attempts.saturating_mul(delay));
        report.hint(format!("write interval = \"{needed}\" or more, or fewer attempts"));
    }
}

pub(super) fn reschedule(policy: &ReschedulePolicy, path: &str, report: &mut Report) {
    const LEAST: Nanos = 5 * SECOND;
    const FUNCTIONS: [&str; 3] = ["constant", "exponential", "fibonacci"];
    let attempts = policy.attempts.unwrap_or(0);
    let unlimited = policy.unlimited.unwrap_or(false);
    let interval = policy.interval.unwrap_or(0);
    let delay = policy.delay.unwrap_or(0);
    let max_delay = policy.max_delay.unwrap_or(0);
    let function = policy.delay_function.as_deref().unwrap_or_default();
    if attempts <= 0 && !unlimited {
        return;
    }
    let mut fail = |name: &str, message: String, hint: &str| {
        report.error(&inside(path, name), "invalid-reschedule", message);
        report.hint(hint);
    };
    if attempts > 0 {
        if interval <= 0 {
            let message = "Interval must be a non zero value if Attempts > 0".to_owned();
            fail("interval", message, "write interval = \"1h\"");
        }
        if unlimited {
            let interval = text(interval);
            fail(
                "attempts",
                format!(
                    "Reschedule Policy with Attempts = {attempts}, Interval = {interval}, and Unlimited = true is \
                     ambiguous"
                ),
                "write attempts = 0, or unlimited = false",
            );
            let message = "If Attempts >0, Unlimited cannot also be set to true".to_owned();
            fail("unlimited", message, "write unlimited = false, or attempts = 0");
        }
    }
    let mut sound = true;
    if delay < LEAST {
        let message = format!("Delay cannot be less than 5s (got {})", text(delay));
        fail("delay", message, "write delay = \"30s\"");
        sound = false;
    }
    if !FUNCTIONS.contains(&function) {
        let known = quoted(&FUNCTIONS);
        fail(
            "delay_function",
            format!("Invalid delay function \"{function}\", must be one of {known}"),
            &one_of("delay_function", function, &FUNCTIONS),
        );
        sound = false;
    }
    if function != "constant" {
        if max_delay < LEAST {
            let message = format!("Max Delay cannot be less than 5s (got {})", text(delay));
            fail("max_delay", message, "write max_delay = \"1h\"");
            sound = false;
        }
        if max_delay < delay {
            let message = format!(
                "Max Delay cannot be less than Delay {} (got {})",
                text(delay),
                text(max_delay)
            );
            fail("max_delay", message, "write a max_delay above the delay");
            sound = false;
        }
    }
    if unlimited {
        return;
    }
    if interval < 15 * SECOND {
        let message = format!("Interval cannot be less than 15s (got {})", text(interval));
        fail("interval", message, "write interval = \"1h\"");
    }
    if !sound {
        return;
    }
    let (valid, possible, needed) = viable(attempts, interval, delay, max_delay, function);
    if valid {
        return;
    }
    let limit = if function == "constant" {
        format!("delay {} and delay function \"{function}\"", text(delay))
    } else {
        format!(
            "delay {}, delay function \"{function}\", and delay ceiling {}",
            text(delay),
            text(max_delay)
        )
    };
    let span = text(interval);
    fail(
        "attempts",
        format!("Nomad can only make {possible} attempts in {span} with initial {limit}"),
        &format!("write attempts = {possible}"),
    );
    let seconds = needed.saturating_add(SECOND / 2) / SECOND * SECOND;
    fail(
        "interval",
        format!(
            "Set the interval to at least {} to accommodate {attempts} attempts",
            text(seconds)
        ),
        &format!("write interval = \"{}\" or more", text(seconds.saturating_add(SECOND))),
    );
}

/// Whether so many attempts fit into the interval, how many do, and how long it must be for all of them.
fn viable(
    attempts: i64,
    interval: Nanos,
    delay: Nanos,
    max_delay: Nanos,
    function: &str,
) -> (bool, i64, Nanos) {
    if function == "constant" {
        let needed = attempts.saturating_mul(delay);
        let fits = interval >= needed;
        return (fits, if fits { 0 } else { interval / delay.max(1) }, needed);
    }
    // Behind so many each wait is the longest one: no interval has room for more.
    let attempts = attempts.min(MAX_ATTEMPTS);
    if function == "exponential" {
        let (mut possible, mut needed, mut next) = (0, 0_i64, delay);
        for _ in 0..attempts {
            needed = if next > max_delay { needed.saturating_add(max_delay) } else { next };
            possible += i64::from(needed < interval);
            next = next.saturating_mul(2);
        }
        return (possible >= attempts, possible, needed);
    }
    let mut slots = vec![delay, delay];
    let mut ceiling = false;
    while (slots.len() as i64) < attempts {
        let [.., before, last] = slots[..] else { break };
        let mut next = last.saturating_add(if ceiling { max_delay } else { before });
        if !ceiling && next > max_delay {
            next = max_delay;
            ceiling = true;
        }
        slots.push(next);
    }
    let needed = slots.last().copied().unwrap_or(delay);
    let possible = slots.iter().position(|slot| *slot > interval).unwrap_or(0);
    (interval >= needed, if interval >= needed { 0 } else { possible as i64 }, needed)
}

pub(super) fn update(update: &UpdateStrategy, path: &str, report: &mut Report) {
    let health_check = update.health_check.as_deref().unwrap_or_default();
    let max_parallel = update.max_parallel.unwrap_or(0);
    let canary = update.canary.unwrap_or(0);
    let min_healthy = update.min_healthy_time.unwrap_or(0);
    let healthy = update.healthy_deadline.unwrap_or(0);
    let progress = update.progress_deadline.unwrap_or(0);
    let stagger = update.stagger.unwrap_or(0);
    let mut fail = |name: &str, message: String, hint: &str| {
        report.error(&inside(path, name), "invalid-update", message);
        report.hint(hint);
    };
    if !matches!(health_check, "checks" | "task_states" | "manual") {
        let hint = one_of("health_check", health_check, &["checks", "task_states", "manual"]);
        fail("health_check", format!("Invalid health check given: \"{health_check}\""), &hint);
    }
    if max_parallel < 0 {
        let message = format!("Max parallel can not be less than zero: {max_parallel} < 0");
        fail("max_parallel", message, "write max_parallel = 1");
    }
    if canary < 0 {
        let message = format!("Canary count can not be less than zero: {canary} < 0");
        fail("canary", message, "write canary = 1, or remove it");
    }
    if canary == 0 && update.auto_promote == Some(true) {
        let message = "Auto Promote requires a Canary count greater than zero".to_owned();
        fail("auto_promote", message, "write canary = 1 beside it, or remove auto_promote");
    }
    if min_healthy < 0 {
        fail(
            "min_healthy_time",
            format!("Minimum healthy time may not be less than zero: {}", text(min_healthy)),
            "write min_healthy_time = \"10s\"",
        );
    }
    if healthy <= 0 {
        fail(
            "healthy_deadline",
            format!("Healthy deadline must be greater than zero: {}", text(healthy)),
            "write healthy_deadline = \"5m\"",
        );
    }
    if progress < 0 {
        fail(
            "progress_deadline",
            format!("Progress deadline must be zero or greater: {}", text(progress)),
            "write progress_deadline = \"10m\"",
        );
    }
    if min_healthy >= healthy {
        let (least, most) = (text(min_healthy), text(healthy));
        fail(
            "min_healthy_time",
            format!("Minimum healthy time must be less than healthy deadline: {least} > {most}"),
            &format!("write a min_healthy_time below {most}, or a longer healthy_deadline"),
        );
    }
    if progress != 0 && healthy >= progress {
        let (least, most) = (text(healthy), text(progress));
        fail(
            "healthy_deadline",
            format!("Healthy deadline must be less than progress deadline: {least} > {most}"),
            &format!("write a healthy_deadline below {most}, or a longer progress_deadline"),
        );
    }
    if stagger <= 0 {
        let message = format!("Stagger must be greater than zero: {}", text(stagger));
        fail("stagger", message, "write stagger = \"30s\"");
    }
}

/// An update that replaces everything at once is legal, and worth a word.
pub(super) fn update_warnings(
    update: &UpdateStrategy,
    count: i64,
    path: &str,
    report: &mut Report,
) {
    let max_parallel = update.max_parallel.unwrap_or(0);
    if max_parallel > count {
        let message = format!(
            "Update max parallel count is greater than task group count ({max_parallel} > {count}). A destructive \
             change would result in the simultaneous replacement of all allocations."
        );
        report.warning(&inside(path, "update.max_parallel"), "update-all-at-once", message);
        report.hint("write max_parallel = 1 to replace one after the other");
    }
}

pub(super) fn migrate(strategy: &MigrateStrategy, path: &str, report: &mut Report) {
    let max_parallel = strategy.max_parallel.unwrap_or(0);
    let health_check = strategy.health_check.as_deref().unwrap_or_default();
    let min_healthy = strategy.min_healthy_time.unwrap_or(0);
    let healthy = strategy.healthy_deadline.unwrap_or(0);
    let mut fail = |name: &str, message: String, hint: &str| {
        report.error(&inside(path, name), "invalid-migrate", message);
        report.hint(hint);
    };
    if max_parallel < 0 {
        let message = format!("MaxParallel must be >= 0 but found {max_parallel}");
        fail("max_parallel", message, "write max_parallel = 1");
    }
    if health_check.is_empty() {
        if max_parallel > 0 {
            let message = "Missing HealthCheck".to_owned();
            fail("health_check", message, "write health_check = \"checks\"");
        }
    } else if !matches!(health_check, "checks" | "task_states") {
        let hint = one_of("health_check", health_check, &["checks", "task_states"]);
        fail("health_check", format!("Invalid HealthCheck: \"{health_check}\""), &hint);
    }
    if min_healthy < 0 {
        fail(
            "min_healthy_time",
            format!("MinHealthyTime is {} and must be >= 0", text(min_healthy)),
            "write min_healthy_time = \"10s\"",
        );
    }
    if healthy < 0 {
        let message = format!("HealthyDeadline is {} and must be >= 0", text(healthy));
        fail("healthy_deadline", message, "write healthy_deadline = \"5m\"");
    }
    if min_healthy > healthy {
        let message = "MinHealthyTime must be less than HealthyDeadline".to_owned();
        fail(
            "min_healthy_time",
            message,
            "write a shorter min_healthy_time, or a longer healthy_deadline",
        );
    }
}
