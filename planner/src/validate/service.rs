//! Rules of services, checks and Connect.

use std::collections::BTreeSet;

use super::{Report, inside, one_of};
use crate::api::{Nanos, Service, ServiceCheck, Task, TaskGroup, Value};
use crate::duration;

const SECOND: Nanos = 1_000_000_000;

/// The services of a group.
pub(super) fn group(group: &TaskGroup, path: &str, report: &mut Report) {
    names(&group.services, path, report);
    for (at, service) in group.services.iter().enumerate() {
        let place = inside(path, &format!("service[{at}]"));
        check(service, &place, report);
        connect(service, group, &place, report);
        for (number, check) in service.checks.iter().enumerate() {
            let place = inside(&place, &format!("check[{number}]"));
            if check.kind == "script" {
                if check.task_name.is_empty() && service.task_name.is_empty() {
                    let message = format!(
                        "Service [{}]->{} or Check {} must specify task parameter",
                        group.name, service.name, check.name
                    );
                    report.error(&place, "missing-task", message);
                    let name = group.tasks.first().map_or("…", |task| task.name.as_str());
                    report.hint(format!(
                        "write task = \"{name}\" in the check: it runs inside a task"
                    ));
                }
            } else if !check.task_name.is_empty() && check.kind != "grpc" {
                let message = format!(
                    "Check {} invalid: only script and gRPC checks should have tasks",
                    check.name
                );
                report.error(&inside(&place, "task"), "invalid-check", message);
                report.hint("remove the line");
            }
        }
    }
}

/// The services of a task, whose ports must be the task's or the group's.
pub(super) fn task(task: &Task, group: &TaskGroup, path: &str, report: &mut Report) {
    names(&task.services, path, report);
    let own =
        task.resources.as_ref().map(|resources| resources.networks.as_slice()).unwrap_or_default();
    let labels: BTreeSet<&str> = own
        .iter()
        .chain(&group.networks)
        .flat_map(|network| network.reserved_ports.iter().chain(&network.dynamic_ports))
        .map(|port| port.label.as_str())
        .collect();
    for (at, service) in task.services.iter().enumerate() {
        let place = inside(path, &format!("service[{at}]"));
        check(service, &place, report);
        let label = service.port_label.as_str();
        if !label.is_empty() && label.parse::<u16>().is_err() && !labels.contains(label) {
            let message = format!(
                "port label \"{label}\" referenced by services {} does not exist",
                service.name
            );
            report.error(&inside(&place, "port"), "unknown-port", message);
            let known: Vec<&str> = labels.iter().copied().collect();
            report.hint(match known.as_slice() {
                [] => format!("write network {{ port \"{label}\" {{}} }} in the group"),
                known => one_of("port", label, known),
            });
        }
    }
}

fn names(services: &[Service], path: &str, report: &mut Report) {
    for (at, service) in services.iter().enumerate() {
        let twin =
            |other: &Service| other.name == service.name && other.port_label == service.port_label;
        if services[..at].iter().any(twin) {
            let place = inside(path, &format!("service[{at}]"));
            report.error(
                &place,
                "duplicate-service",
                format!("Service {} is duplicate", service.name),
            );
            report.hint("give one of the two another name or port");
        }
    }
}

fn check(service: &Service, place: &str, report: &mut Report) {
    if !is_dns_name(&service.name) {
        let message = format!(
            "Service name must be valid per RFC 1123 and can contain only alphanumeric characters or dashes: \"{}\"",
            service.name
        );
        report.error(&inside(place, "name"), "invalid-name", message);
        let dashed: String = service.name.chars().map(dash).collect();
        let dashed = dashed.trim_matches('-');
        report.hint(if is_dns_name(dashed) {
            format!("write name = \"{dashed}\"")
        } else {
            "use up to 63 letters, digits and dashes".to_owned()
        });
    }
    if !matches!(service.address_mode.as_str(), "" | "auto" | "host" | "driver" | "alloc") {
        let message = format!(
            "Service AddressMode must be \"auto\", \"host\", or \"driver\"; not \"{}\"",
            service.address_mode
        );
        report.error(&inside(place, "address_mode"), "invalid-address-mode", message);
        let words = ["auto", "host", "driver", "alloc"];
        report.hint(one_of("address_mode", &service.address_mode, &words));
    }
    for (at, one) in service.checks.iter().enumerate() {
        check_check(one, service, &inside(place, &format!("check[{at}]")), report);
    }
}

fn dash(letter: char) -> char {
    if letter.is_ascii_alphanumeric() { letter } else { '-' }
}

/// Letters, digits and dashes; variables are filled in later.
fn is_dns_name(name: &str) -> bool {
    let mut plain = String::new();
    let mut rest = name;
    while let Some(start) = rest.find("${") {
        plain.push_str(&rest[..start]);
        plain.push('x');
        rest = rest[start..].find('}').map_or("", |end| &rest[start + end + 1..]);
    }
    plain.push_str(rest);
    (1..=63).contains(&plain.len())
        && plain.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && !plain.starts_with('-')
        && !plain.ends_with('-')
}

fn check_check(check: &ServiceCheck, service: &Service, place: &str, report: &mut Report) {
    let problem = check_problem(check).or_else(|| {
        let needs_port = matches!(check.kind.as_str(), "http" | "tcp" | "grpc");
        let portless = check.port_label.is_empty() && service.port_label.is_empty();
        (needs_port && portless).then(|| {
            let name = &service.name;
            (
                "port",
                format!(
                    "check requires a port but neither check nor service \"{name}\" have a port"
                ),
                "write port = \"…\" in the service, with the label of a port of the group"
                    .to_owned(),
            )
        })
    });
    if let Some((name, reason, hint)) = problem {
        let message = format!("Check {} invalid: {reason}", check.name);
        report.error(&inside(place, name), "invalid-check", message);
        report.hint(hint);
    }
}

/// The first rule a check breaks.
fn check_problem(check: &ServiceCheck) -> Option<(&'static str, String, String)> {
    let problem = |name, reason: &str, hint: &str| Some((name, reason.to_owned(), hint.to_owned()));
    match check.kind.to_ascii_lowercase().as_str() {
        "tcp" | "grpc" => {}
        "http" if check.path.is_empty() => {
            return problem("path", "http type must have a valid http path", "write path = \"/\"");
        }
        "http" => {}
        "script" if check.command.is_empty() => {
            let hint = "write command = \"/bin/…\"";
            return problem("command", "script type must have a valid script path", hint);
        }
        "script" => {}
        other => {
            let message = format!(
                "invalid type (\"{other}\"), must be one of \"http\", \"tcp\", or \"script\" type"
            );
            let hint = match other {
                "https" => "write type = \"http\" and protocol = \"https\"".to_owned(),
                other => one_of("type", other, &["http", "tcp", "grpc", "script"]),
            };
            return Some(("type", message, hint));
        }
    }
    for (name, value) in [("interval", check.interval), ("timeout", check.timeout)] {
        if value == 0 {
            let capital = if name == "interval" { "Interval" } else { "Timeout" };
            let message =
                format!("missing required value {name}. {capital} cannot be less than 1s");
            let hint = if name == "interval" { "interval = \"10s\"" } else { "timeout = \"2s\"" };
            return Some((name, message, format!("write {hint}")));
        }
        let least = if name == "interval" { 1_000_000_000 } else { SECOND };
        if value < least {
            let (given, least) = (duration::text(value), "1s");
            let message = format!("{name} ({given}) cannot be lower than {least}");
            return Some((name, message, format!("write {name} = \"1s\" or more")));
        }
    }
    if !matches!(check.initial_status.as_str(), "" | "passing" | "warning" | "critical") {
        let message = format!(
            "invalid initial check state ({}), must be one of \"passing\", \"warning\", \"critical\" or empty",
            check.initial_status
        );
        let words = ["passing", "warning", "critical"];
        let hint = one_of("initial_status", &check.initial_status, &words);
        return Some(("initial_status", message, hint));
    }
    if check.success_before_passing < 0 {
        let message = "success_before_passing must be non-negative";
        return problem("success_before_passing", message, "remove the minus");
    }
    if check.failures_before_critical < 0 {
        let message = "failures_before_critical must be non-negative";
        return problem("failures_before_critical", message, "remove the minus");
    }
    None
}

/// A sidecar shares its group's bridge network.
fn connect(service: &Service, group: &TaskGroup, place: &str, report: &mut Report) {
    let sidecar = service.connect.as_ref().and_then(|connect| connect.get("SidecarService"));
    if !sidecar.is_some_and(Value::is_object) {
        return;
    }
    let place = inside(place, "connect");
    match group.networks.as_slice() {
        [network] if network.mode == "bridge" || network.mode.starts_with("cni/") => {}
        [network] => {
            let message = format!(
                "Consul Connect sidecar requires bridge network, found \"{}\" in group \"{}\"",
                network.mode, group.name
            );
            report.error(&place, "invalid-connect", message);
            report.hint("write mode = \"bridge\" in the group's network");
        }
        networks => {
            let message = format!(
                "Consul Connect sidecars require exactly 1 network, found {} in group \"{}\"",
                networks.len(),
                group.name
            );
            report.error(&place, "invalid-connect", message);
            report.hint("write network { mode = \"bridge\" } in the group");
        }
    }
}
