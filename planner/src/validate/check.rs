//! Rules of health checks.

use std::collections::BTreeSet;

use super::{Report, inside, one_of};
use crate::api::{CheckRestart, Nanos, Service, ServiceCheck, TaskGroup};
use crate::duration;
use crate::quote::quote;

const SECOND: Nanos = 1_000_000_000;
const CODE: &str = "invalid-check";

/// What is wrong with a check: the attribute, the sentence, the fix.
type Problem = (&'static str, String, String);

/// What a check must be wherever its service stands.
pub(super) fn check(check: &ServiceCheck, service: &Service, place: &str, report: &mut Report) {
    let portless = check.port_label.is_empty() && service.port_label.is_empty();
    let sidecar = service.connect.as_ref().and_then(|connect| connect.get("SidecarService"));
    let problem = if portless && needs_port(check) {
        Some((
            "port",
            format!(
                "check requires a port but neither check nor service \"{}\" have a port",
                service.name
            ),
            "write port = \"…\" in the service, with the label of a port of the group".to_owned(),
        ))
    } else if check.kind == "tcp" && sidecar.is_some_and(|sidecar| !sidecar.is_null()) {
        Some((
            "type",
            "tcp checks are not valid for Connect enabled services".to_owned(),
            "write type = \"http\" and a path, with expose = true".to_owned(),
        ))
    } else {
        problem(check)
    };
    if let Some((name, reason, hint)) = problem {
        let message = format!("Check {} invalid: {reason}", check.name);
        report.error(&inside(place, name), CODE, message);
        report.hint(hint);
    } else if let Some(restart) = &check.check_restart {
        check_restart(restart, &inside(place, "check_restart"), report);
    }
}

/// The checks of a group's service: which task they belong to.
pub(super) fn of_group(service: &Service, group: &TaskGroup, place: &str, report: &mut Report) {
    for (at, check) in service.checks.iter().enumerate() {
        if check.task_name.is_empty() {
            continue;
        }
        let place = inside(place, &format!("check[{at}]"));
        if !matches!(check.kind.as_str(), "script" | "grpc") {
            let message = format!(
                "Check {} invalid: only script and gRPC checks should have tasks",
                check.name
            );
            report.error(&inside(&place, "task"), CODE, message);
            report.hint("remove the line");
        }
        if check.address_mode == "driver" {
            let message = format!(
                "Check \"{}\" invalid: cannot use address_mode=\"driver\", only checks defined in a \"task\" service \
                 block can use this mode",
                service.name
            );
            report.error(&inside(&place, "address_mode"), CODE, message);
            report.hint("write address_mode = \"alloc\", or move the service into a task");
        }
        if !group.tasks.iter().any(|task| task.name == check.task_name) {
            let message = format!(
                "Check {} invalid: refers to non-existent task {}",
                check.name, check.task_name
            );
            report.error(&inside(&place, "task"), CODE, message);
            let names: Vec<&str> = group.tasks.iter().map(|task| task.name.as_str()).collect();
            report.hint(one_of("task", &check.task_name, &names));
        }
    }
}

/// Scripts run inside a task, which must be named.
pub(super) fn scripts(service: &Service, group: &TaskGroup, place: &str, report: &mut Report) {
    for (at, check) in service.checks.iter().enumerate() {
        let named = !check.task_name.is_empty() || !service.task_name.is_empty();
        if check.kind != "script" || named {
            continue;
        }
        let message = format!(
            "Service [{}]->{} or Check {} must specify task parameter",
            group.name, service.name, check.name
        );
        report.error(&inside(place, &format!("check[{at}]")), "missing-task", message);
        let name = group.tasks.first().map_or("…", |task| task.name.as_str());
        report.hint(format!("write task = \"{name}\" in the check: it runs inside a task"));
    }
}

/// The checks of a task's service. Gives the ports they ask for by label, and where.
pub(super) fn of_task(
    service: &Service,
    place: &str,
    report: &mut Report,
) -> Vec<(String, String)> {
    let mut asked = Vec::new();
    let mut names = BTreeSet::new();
    for (at, check) in service.checks.iter().enumerate() {
        let place = inside(place, &format!("check[{at}]"));
        let name = quote(&check.name);
        let mut fail = |at: &str, message: String, hint: &str| {
            report.error(&inside(&place, at), CODE, message);
            report.hint(hint);
        };
        if !names.insert(check.name.as_str()) {
            let message = format!("check {name} is duplicate");
            fail("name", message, "give one of the two another name");
        }
        if check.address_mode == "alloc" {
            let message = format!(
                "check \"{}\" cannot use address_mode=\"alloc\", only checks defined in a \"group\" service block can \
                 use this mode",
                service.name
            );
            fail("address_mode", message, "write address_mode = \"driver\", or remove it");
        }
        if !needs_port(check) {
            continue;
        }
        let own = Some(&check.port_label).filter(|label| !label.is_empty());
        let label = own.unwrap_or(&service.port_label);
        match label.parse::<i64>() {
            _ if label.is_empty() => {
                let message = format!("check {name} is missing a port");
                fail("port", message, "write port = \"…\" with the label of a port");
            }
            Ok(number) if check.address_mode == "driver" => {
                if number <= 0 {
                    let message = format!("check {name} has invalid numeric port {number}");
                    fail("port", message, "write a number from 1 to 65535");
                }
            }
            Ok(number) => {
                let message = format!(
                    "check {name} cannot use a numeric port {number} without setting address_mode=\"driver\""
                );
                fail("port", message, "write the label of a port, or address_mode = \"driver\"");
            }
            Err(_) => asked.push((label.clone(), place)),
        }
    }
    asked
}

fn needs_port(check: &ServiceCheck) -> bool {
    matches!(check.kind.as_str(), "http" | "tcp" | "grpc")
}

/// The first rule a check breaks.
fn problem(check: &ServiceCheck) -> Option<Problem> {
    let kind = check.kind.to_ascii_lowercase();
    of_kind(&kind, check).or_else(|| times(check)).or_else(|| words(check)).or_else(|| {
        if check.expose && !matches!(kind.as_str(), "grpc" | "http") {
            let reason = "expose may only be set on HTTP or gRPC checks";
            return Some(("expose", reason.to_owned(), "remove the line".to_owned()));
        }
        thresholds(check).or_else(|| restarts(check))
    })
}

fn of_kind(kind: &str, check: &ServiceCheck) -> Option<Problem> {
    let problem = |name, reason: &str, hint: &str| Some((name, reason.to_owned(), hint.to_owned()));
    match kind {
        "tcp" | "grpc" => None,
        "http" => match path_of(&check.path) {
            Path::Relative => None,
            Path::Absolute => {
                let reason = "http type must have a relative http path";
                problem("path", reason, "write path = \"/…\" without scheme and host")
            }
            Path::None => {
                problem("path", "http type must have a valid http path", "write path = \"/\"")
            }
        },
        "script" if check.command.is_empty() => {
            let hint = "write command = \"/bin/…\"";
            problem("command", "script type must have a valid script path", hint)
        }
        "script" => None,
        _ => {
            let given = &check.kind;
            let reason = format!(
                "invalid type (\"{given}\"), must be one of \"http\", \"tcp\", or \"script\" type"
            );
            let hint = match kind {
                "https" => "write type = \"http\" and protocol = \"https\"".to_owned(),
                kind => one_of("type", kind, &["http", "tcp", "grpc", "script"]),
            };
            Some(("type", reason, hint))
        }
    }
}

enum Path {
    Relative,
    Absolute,
    None,
}

/// What a path is as a reference to a page.
fn path_of(path: &str) -> Path {
    if path.is_empty() || path.chars().any(|c| c.is_ascii_control()) {
        return Path::None;
    }
    let path = path.split('#').next().unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default();
    let first = path.split('/').next().unwrap_or_default();
    if let Some((scheme, _)) = first.split_once(':') {
        let legal = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
        let begins = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
        return if begins && scheme.chars().all(legal) { Path::Absolute } else { Path::None };
    }
    let escaped = path.split('%').skip(1).all(|rest| {
        rest.get(..2).is_some_and(|digits| digits.chars().all(|c| c.is_ascii_hexdigit()))
    });
    if escaped { Path::Relative } else { Path::None }
}

fn times(check: &ServiceCheck) -> Option<Problem> {
    let hint = |name: &str| format!("write {name} = \"10s\"");
    let given = duration::text;
    match (check.interval, check.timeout) {
        (0, _) => {
            let reason = "missing required value interval. Interval cannot be less than 1s";
            Some(("interval", reason.to_owned(), hint("interval")))
        }
        (interval, _) if interval < SECOND => {
            let reason = format!("interval ({}) cannot be lower than 1s", given(interval));
            Some(("interval", reason, hint("interval")))
        }
        (_, 0) => {
            let reason = "missing required value timeout. Timeout cannot be less than 1s";
            Some(("timeout", reason.to_owned(), "write timeout = \"2s\"".to_owned()))
        }
        (_, timeout) if timeout < SECOND => {
            let reason =
                format!("timeout ({}) is lower than required minimum timeout 1s", given(timeout));
            Some(("timeout", reason, "write timeout = \"2s\"".to_owned()))
        }
        _ => None,
    }
}

/// Attributes that take one of a few words.
fn words(check: &ServiceCheck) -> Option<Problem> {
    let status = check.initial_status.as_str();
    if !matches!(status, "" | "passing" | "warning" | "critical") {
        let reason = format!(
            "invalid initial check state ({status}), must be one of \"passing\", \"warning\", \"critical\" or empty"
        );
        let hint = one_of("initial_status", status, &["passing", "warning", "critical"]);
        return Some(("initial_status", reason, hint));
    }
    let mode = check.address_mode.as_str();
    let hint = one_of("address_mode", mode, &["host", "driver", "alloc"]);
    match mode {
        "" | "host" | "driver" | "alloc" => {}
        "auto" => {
            let reason = "invalid address_mode \"auto\" - auto only valid for services";
            return Some(("address_mode", reason.to_owned(), "remove the line".to_owned()));
        }
        mode => {
            return Some(("address_mode", format!("invalid address_mode \"{mode}\""), hint));
        }
    }
    let update = check.on_update.as_str();
    if !matches!(update, "" | "ignore" | "require_healthy" | "ignore_warnings") {
        let reason = format!(
            "on_update must be \"require_healthy\", \"ignore_warnings\", or \"ignore\"; got \"{update}\""
        );
        let hint = one_of("on_update", update, &["require_healthy", "ignore_warnings", "ignore"]);
        return Some(("on_update", reason, hint));
    }
    None
}

fn thresholds(check: &ServiceCheck) -> Option<Problem> {
    for (name, number) in [
        ("success_before_passing", check.success_before_passing),
        ("failures_before_critical", check.failures_before_critical),
    ] {
        if number > 0 && !needs_port(check) {
            let reason = format!("{name} not supported for check of type \"{}\"", check.kind);
            return Some((name, reason, "remove the line".to_owned()));
        }
    }
    None
}

fn restarts(check: &ServiceCheck) -> Option<Problem> {
    let restart = check.check_restart.as_ref()?;
    let update = check.on_update.as_str();
    let hint = "remove one of the two: a check that is ignored restarts nothing".to_owned();
    match update {
        "ignore" => {
            let reason = "on_update value \"ignore\" is not compatible with check_restart";
            Some(("on_update", reason.to_owned(), hint))
        }
        "ignore_warnings" if !restart.ignore_warnings => {
            let reason = "on_update value \"ignore_warnings\" not supported with check_restart ignore_warnings value \
                          \"false\"";
            let hint = "write ignore_warnings = true in check_restart".to_owned();
            Some(("on_update", reason.to_owned(), hint))
        }
        _ => None,
    }
}

fn check_restart(restart: &CheckRestart, place: &str, report: &mut Report) {
    if restart.limit < 0 {
        let message =
            format!("limit must be greater than or equal to 0 but found {}", restart.limit);
        report.error(&inside(place, "limit"), CODE, message);
        report.hint("remove the minus");
    }
    let grace = restart.grace.unwrap_or(0);
    if grace < 0 {
        let message = format!("grace period must be greater than or equal to 0 but found {grace}");
        report.error(&inside(place, "grace"), CODE, message);
        report.hint("remove the minus");
    }
}

#[cfg(test)]
mod tests {
    use super::{Path, path_of};

    #[test]
    fn a_path_has_no_scheme() {
        for path in ["/", "health", "/a?x=%zz", "/a%20b#c", "a/b:c"] {
            assert!(matches!(path_of(path), Path::Relative), "{path}");
        }
        assert!(matches!(path_of("http://x/y"), Path::Absolute));
        for path in ["", ":x", "/%zz", "/a\nb"] {
            assert!(matches!(path_of(path), Path::None), "{path}");
        }
    }
}
