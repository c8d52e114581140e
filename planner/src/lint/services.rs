//! Services and checks against the ports of their group and the provider they are registered with.
//!
//! What Nomad itself refuses is a rule of `validate`.

use super::{is_runtime, ports};
use crate::api::{Service, Task, TaskGroup, Value};
use crate::validate::{Report, inside, one_of};

pub(super) fn check(
    services: &[Service],
    group: &TaskGroup,
    task: Option<&Task>,
    path: &str,
    report: &mut Report<'_>,
) {
    let known = ports(group, task);
    for (at, service) in services.iter().enumerate() {
        let place = inside(path, &format!("service[{at}]"));
        provider(service, &place, report);
        // A task's own services have been checked.
        if task.is_none() {
            port("service", &service.port_label, &known, &place, report);
        }
        for (at, check) in service.checks.iter().enumerate() {
            let place = inside(&place, &format!("check[{at}]"));
            port("check", &check.port_label, &known, &place, report);
            if check.timeout > check.interval && check.interval >= 1_000_000_000 {
                let message = "a check that waits longer than its interval overtakes itself";
                report.warning(&inside(&place, "timeout"), "check-timeout", message);
                report.hint("write a timeout below the interval");
            }
        }
    }
}

fn port(what: &str, label: &str, known: &[&str], place: &str, report: &mut Report<'_>) {
    let number = label.parse::<u16>().is_ok();
    if label.is_empty() || number || is_runtime(label) || known.contains(&label) {
        return;
    }
    let message = format!("the port {label} of this {what} is no port of the group");
    report.error(&inside(place, "port"), "unknown-port", message);
    report.hint(match known {
        [] => format!("write network {{ port \"{label}\" {{}} }} in the group"),
        known => one_of("port", label, known),
    });
}

fn provider(service: &Service, place: &str, report: &mut Report<'_>) {
    let provider = service.provider.as_deref().unwrap_or_default();
    if !matches!(provider, "" | "consul" | "nomad") && !is_runtime(provider) {
        let message = format!("there is no service provider {provider}");
        report.error(&inside(place, "provider"), "unknown-provider", message);
        report.hint(one_of("provider", provider, &["nomad", "consul"]));
    }
    if provider != "nomad" {
        return;
    }
    let message = "Nomad's own services have no";
    for (at, check) in service.checks.iter().enumerate() {
        if matches!(check.kind.as_str(), "script" | "grpc") {
            let place = inside(place, &format!("check[{at}].type"));
            report.error(&place, "provider", format!("{message} {} checks", check.kind));
            report.hint("write type = \"http\" or \"tcp\", or provider = \"consul\"");
        }
    }
    if service.connect.as_ref().is_some_and(Value::is_object) {
        report.error(&inside(place, "connect"), "provider", format!("{message} connect"));
        report.hint("write provider = \"consul\"");
    }
}
