//! Rules of services: those of a group, and those of its tasks.

use std::collections::{BTreeMap, BTreeSet};

use super::{Report, check, connect, inside, one_of, without_variables};
use crate::api::{NetworkResource, Service, Task, TaskGroup};
use crate::quote::quote;

const ON_UPDATE: [&str; 3] = ["require_healthy", "ignore_warnings", "ignore"];

/// The services of a group, and what they share with those of its tasks.
pub(super) fn group(group: &TaskGroup, path: &str, report: &mut Report) {
    let mut known = BTreeSet::new();
    for task in &group.tasks {
        let path = inside(path, &format!("task.{}", task.name));
        for (at, service) in task.services.iter().enumerate() {
            let place = inside(&path, &format!("service[{at}]"));
            unique(service, &mut known, &place, report);
        }
    }
    for (at, service) in group.services.iter().enumerate() {
        let place = inside(path, &format!("service[{at}]"));
        // Of a service that is wrong in itself nothing more is said.
        if check_service(service, &place, report) {
            if service.address_mode == "driver" {
                let message = not_here(&service.name, "driver", "task");
                report.error(&inside(&place, "address_mode"), "invalid-address-mode", message);
                report.hint("write address_mode = \"alloc\", or move the service into a task");
            }
            unique(service, &mut known, &place, report);
            check::of_group(service, group, &place, report);
        }
        check::scripts(service, group, &place, report);
    }
}

/// The services of a task, whose ports must be the task's or the group's.
pub(super) fn task(task: &Task, group: &TaskGroup, path: &str, report: &mut Report) {
    let mut known = BTreeSet::new();
    let mut asked = BTreeMap::new();
    for (at, service) in task.services.iter().enumerate() {
        let place = inside(path, &format!("service[{at}]"));
        check_service(service, &place, report);
        if service.address_mode == "alloc" {
            let message = not_here(&service.name, "alloc", "group");
            report.error(&inside(&place, "address_mode"), "invalid-address-mode", message);
            report.hint("write address_mode = \"driver\", or move the service to the group");
        }
        if !known.insert(format!("{}{}", service.name, service.port_label)) {
            let message = format!("service {} is duplicate", quote(&service.name));
            report.error(&place, "duplicate-service", message);
            report.hint("give one of the two another name or port");
        }
        let label = service.port_label.as_str();
        let number = service.address_mode == "driver" && label.parse::<i64>().is_ok();
        if !label.is_empty() && !number {
            ask(&mut asked, label, &service.name, &place);
        }
        if service.connect.as_ref().is_some_and(|connect| !connect.is_null()) {
            let message = format!(
                "service \"{}\" cannot have \"connect\" block, only services defined in a \"group\" block can",
                service.name
            );
            report.error(&inside(&place, "connect"), "invalid-connect", message);
            report.hint("move the service to the group");
        }
        for (label, place) in check::of_task(service, &place, report) {
            ask(&mut asked, &label, &service.name, &place);
        }
    }
    let own = task.resources.as_ref().map_or(&[][..], |resources| &resources.networks);
    let labels: BTreeSet<&str> =
        group.networks.first().into_iter().chain(own).flat_map(labels).collect();
    for (label, (names, place)) in
        asked.iter().filter(|(label, _)| !labels.contains(label.as_str()))
    {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let message = format!(
            "port label \"{label}\" referenced by services {} does not exist",
            names.join(", ")
        );
        report.error(&inside(place, "port"), "unknown-port", message);
        let known: Vec<&str> = labels.iter().copied().collect();
        report.hint(match known.as_slice() {
            [] => format!("write network {{ port \"{label}\" {{}} }} in the group"),
            known => one_of("port", label, known),
        });
    }
}

/// The services that ask for each label, and where it was asked for first.
type Asked = BTreeMap<String, (BTreeSet<String>, String)>;

fn ask(asked: &mut Asked, label: &str, service: &str, place: &str) {
    let entry = asked.entry(label.to_owned());
    let (names, _) = entry.or_insert_with(|| (BTreeSet::new(), place.to_owned()));
    names.insert(service.to_owned());
}

fn labels(network: &NetworkResource) -> impl Iterator<Item = &str> {
    network.reserved_ports.iter().chain(&network.dynamic_ports).map(|port| port.label.as_str())
}

/// That an address mode belongs to services of the other block.
fn not_here(name: &str, mode: &str, block: &str) -> String {
    format!(
        "service \"{name}\" cannot use address_mode=\"{mode}\", only services defined in a \"{block}\" block can use this mode"
    )
}

fn unique(service: &Service, known: &mut BTreeSet<String>, place: &str, report: &mut Report) {
    if !known.insert(format!("{}{}", service.name, service.port_label)) {
        let message = format!("Service {} is duplicate", service.name);
        report.error(place, "duplicate-service", message);
        report.hint("give one of the two another name or port");
    }
}

/// What a service must be wherever it stands; true if it is.
fn check_service(service: &Service, place: &str, report: &mut Report) -> bool {
    let before = report.findings.len();
    if !is_dns_name(&without_variables(&service.name)) {
        let message = format!(
            "Service name must be valid per RFC 1123 and can contain only alphanumeric characters or dashes: \"{}\"",
            service.name
        );
        report.error(&inside(place, "name"), "invalid-name", message);
        let dash = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
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
            "Service address_mode must be \"auto\", \"host\", or \"driver\"; not \"{}\"",
            service.address_mode
        );
        report.error(&inside(place, "address_mode"), "invalid-address-mode", message);
        let words = ["auto", "host", "driver", "alloc"];
        report.hint(one_of("address_mode", &service.address_mode, &words));
    }
    if !service.on_update.is_empty() && !ON_UPDATE.contains(&service.on_update.as_str()) {
        let message = format!(
            "Service on_update must be \"require_healthy\", \"ignore_warnings\", or \"ignore\"; not \"{}\"",
            service.on_update
        );
        report.error(&inside(place, "on_update"), "invalid-on-update", message);
        report.hint(one_of("on_update", &service.on_update, &ON_UPDATE));
    }
    for (at, one) in service.checks.iter().enumerate() {
        check::check(one, service, &inside(place, &format!("check[{at}]")), report);
    }
    connect::service(service, place, report);
    report.findings.len() == before
}

/// Letters, digits and dashes.
fn is_dns_name(name: &str) -> bool {
    (1..=63).contains(&name.len())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && !name.starts_with('-')
        && !name.ends_with('-')
}
