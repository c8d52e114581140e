//! Words that several fields take.
//!
//! Data only; words of a single field stand beside it.

/// How a constraint compares, the most usual first.
pub(crate) const OPERATORS: &[&str] = &[
    "=",
    "!=",
    ">",
    ">=",
    "<",
    "<=",
    "regexp",
    "version",
    "semver",
    "set_contains",
    "set_contains_any",
    "is_set",
    "is_not_set",
    "distinct_hosts",
    "distinct_property",
];

/// How an affinity compares.
pub(crate) const AFFINITY_OPERATORS: &[&str] = &[
    "=",
    "!=",
    ">",
    ">=",
    "<",
    "<=",
    "regexp",
    "version",
    "semver",
    "set_contains_all",
    "set_contains_any",
];

/// What a secret or token does to its task when it changes.
pub(super) const CHANGE_MODES: &[&str] = &["restart", "signal", "noop"];

/// Signals that tasks are usually sent.
pub(super) const SIGNALS: &[&str] =
    &["SIGHUP", "SIGINT", "SIGTERM", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGKILL"];

/// When an update takes a check for healthy.
pub(super) const ON_UPDATE: &[&str] = &["require_healthy", "ignore_warnings", "ignore"];

/// Versions of TLS.
pub(super) const TLS_VERSIONS: &[&str] = &["TLSv1_2", "TLSv1_3", "TLSv1_1", "TLSv1_0"];

/// What watches over the health of an allocation while it moves.
pub(super) const HEALTH_CHECKS: &[&str] = &["checks", "task_states"];
