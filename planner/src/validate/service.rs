//! Rules of services, checks and Connect.

use std::collections::BTreeSet;

use super::{Report, inside};
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
            if matches!(check.kind.as_str(), "script" | "grpc") && check.kind == "script" {
                if check.task_name.is_empty() && service.task_name.is_empty() {
                    let message = format!(
                        "Service [{}]->{} or Check {} must specify task parameter",
                        group.name, service.name, check.name
                    );
                    report.error(&place, "missing-task", message);
                    report.hint("write task = \"name\" in the check");
                }
            } else if !check.task_name.is_empty() && check.kind != "grpc" {
                let message = format!(
                    "Check {} invalid: only script and gRPC checks should have tasks",
                    check.name
                );
                report.error(&inside(&place, "task"), "invalid-check", message);
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
            if !known.is_empty() {
                report.hint(format!("the ports are {}", known.join(", ")));
            }
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
    }
    if !matches!(service.address_mode.as_str(), "" | "auto" | "host" | "driver" | "alloc") {
        let message = format!(
            "Service AddressMode must be \"auto\", \"host\", or \"driver\"; not \"{}\"",
            service.address_mode
        );
        report.error(&inside(place, "address_mode"), "invalid-address-mode", message);
    }
    for (at, one) in service.checks.iter().enumerate() {
        check_check(one, service, &inside(place, &format!("check[{at}]")), report);
    }
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
            )
        })
    });
    if let Some((name, reason)) = problem {
        report.error(
            &inside(place, name),
            "invalid-check",
            format!("Check {} invalid: {reason}", check.name),
        );
    }
}

/// The first rule a check breaks.
fn check_problem(check: &ServiceCheck) -> Option<(&'static str, String)> {
    match check.kind.to_ascii_lowercase().as_str() {
        "tcp" | "grpc" => {}
        "http" if check.path.is_empty() => {
            return Some(("path", "http type must have a valid http path".to_owned()));
        }
        "http" => {}
        "script" if check.command.is_empty() => {
            return Some(("command", "script type must have a valid script path".to_owned()));
        }
        "script" => {}
        other => {
            let message = format!(
                "invalid type (\"{other}\"), must be one of \"http\", \"tcp\", or \"script\" type"
            );
            return Some(("type", message));
        }
    }
    for (name, value) in [("interval", check.interval), ("timeout", check.timeout)] {
        if value == 0 {
            let capital = if name == "interval" { "Interval" } else { "Timeout" };
            let message =
                format!("missing required value {name}. {capital} cannot be less than 1s");
            return Some((name, message));
        }
        let least = if name == "interval" { 1_000_000_000 } else { SECOND };
        if value < least {
            let (given, least) = (duration::text(value), "1s");
            return Some((name, format!("{name} ({given}) cannot be lower than {least}")));
        }
    }
    if !matches!(check.initial_status.as_str(), "" | "passing" | "warning" | "critical") {
        let message = format!(
            "invalid initial check state ({}), must be one of \"passing\", \"warning\", \"critical\" or empty",
            check.initial_status
        );
        return Some(("initial_status", message));
    }
    if check.success_before_passing < 0 {
        return Some((
            "success_before_passing",
            "success_before_passing must be non-negative".to_owned(),
        ));
    }
    if check.failures_before_critical < 0 {
        return Some((
            "failures_before_critical",
            "failures_before_critical must be non-negative".to_owned(),
        ));
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
        }
    }
}
