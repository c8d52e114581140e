//! Rules of Consul Connect: sidecars, services that speak for themselves, gateways, exposed checks.

use std::collections::BTreeMap;

use super::{Report, inside, one_of};
use crate::api::{Job, Service, ServiceCheck, TaskGroup, Value};

const CODE: &str = "invalid-connect";

/// What a service does with Connect.
#[derive(Clone, Copy)]
struct Connect<'a>(Option<&'a Value>);

impl<'a> Connect<'a> {
    fn of(service: &'a Service) -> Connect<'a> {
        Connect(service.connect.as_ref().filter(|connect| connect.is_object()))
    }

    fn part(self, name: &str) -> Option<&'a Value> {
        self.0?.get(name).filter(|value| !value.is_null())
    }

    fn sidecar(self) -> Option<&'a Value> {
        self.part("SidecarService")
    }

    fn is_native(self) -> bool {
        self.part("Native") == Some(&Value::Bool(true))
    }

    fn gateway(self) -> Option<&'a Value> {
        self.part("Gateway")
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn number(value: &Value, name: &str) -> i64 {
    value.get(name).and_then(Value::as_i64).unwrap_or(0)
}

/// Rules of the block itself.
pub(super) fn service(service: &Service, place: &str, report: &mut Report) {
    let connect = Connect::of(service);
    if connect.0.is_none() {
        return;
    }
    let place = inside(place, "connect");
    let gateway = connect.gateway();
    let uses = [connect.sidecar().is_some(), connect.is_native(), gateway.is_some()]
        .into_iter()
        .filter(|used| *used);
    if uses.count() != 1 {
        let message = "Consul Connect must be exclusively native, make use of a sidecar, or represent a Gateway";
        report.error(&place, CODE, message);
        report.hint("write sidecar_service {} for a proxy beside the task, or native = true");
    } else if let Some((message, hint)) = gateway.and_then(gateway_problem) {
        report.error(&inside(&place, "gateway"), CODE, message);
        report.hint(hint);
    }
    if connect.is_native() && service.task_name.is_empty() {
        let message =
            format!("Service {} is Connect Native and requires setting the task", service.name);
        report.error(&place, CODE, message);
        report.hint("write task = \"…\" in the service, with the task that speaks for it");
    }
}

type Problem = (String, String);

fn problem(message: &str, hint: &str) -> Option<Problem> {
    Some((message.to_owned(), hint.to_owned()))
}

/// The first rule a gateway breaks.
fn gateway_problem(gateway: &Value) -> Option<Problem> {
    let part = |name: &str| gateway.get(name).filter(|value| !value.is_null());
    let kinds = ["Ingress", "Terminating", "Mesh"].into_iter().filter(|kind| part(kind).is_some());
    part("Proxy")
        .and_then(proxy_problem)
        .or_else(|| part("Ingress").and_then(ingress_problem))
        .or_else(|| part("Terminating").and_then(terminating_problem))
        .or_else(|| match kinds.count() {
            1 => None,
            _ => problem(
                "One Consul Gateway Configuration must be set",
                "write one of the blocks ingress, terminating and mesh",
            ),
        })
}

fn proxy_problem(proxy: &Value) -> Option<Problem> {
    let kind = text(proxy, "EnvoyDNSDiscoveryType");
    if !matches!(kind, "" | "STRICT_DNS" | "LOGICAL_DNS") {
        return Some((
            "Consul Gateway Proxy Envoy DNS Discovery type must be STRICT_DNS or LOGICAL_DNS"
                .to_owned(),
            one_of("envoy_dns_discovery_type", kind, &["STRICT_DNS", "LOGICAL_DNS"]),
        ));
    }
    let addresses = proxy.get("EnvoyGatewayBindAddresses").and_then(Value::as_object);
    addresses.into_iter().flat_map(|addresses| addresses.values()).find_map(|address| {
        let port = number(address, "Port");
        if text(address, "Address").is_empty() {
            problem("Consul Gateway Bind Address must be set", "write address = \"0.0.0.0\"")
        } else if port <= 0 && port != -1 {
            problem("Consul Gateway Bind Address must set valid Port", "write port = …")
        } else {
            None
        }
    })
}

fn ingress_problem(ingress: &Value) -> Option<Problem> {
    let listeners = list(ingress, "Listeners");
    if listeners.is_empty() {
        let message = "Consul Ingress Gateway requires at least one listener";
        return problem(message, "write listener { port = … } with a service inside");
    }
    listeners.iter().find_map(|listener| {
        let protocol = text(listener, "Protocol");
        if number(listener, "Port") <= 0 {
            return problem("Consul Ingress Listener requires valid Port", "write port = …");
        }
        if !matches!(protocol, "http" | "tcp") {
            let message = format!(
                "Consul Ingress Listener requires protocol of \"http\" or \"tcp\", got \"{protocol}\""
            );
            return Some((message, one_of("protocol", protocol, &["http", "tcp"])));
        }
        let services = list(listener, "Services");
        if services.is_empty() {
            let message = "Consul Ingress Listener requires one or more services";
            return problem(message, "write service { name = \"…\" }");
        }
        services.iter().find_map(|service| ingress_service(service, protocol == "http"))
    })
}

fn ingress_service(service: &Value, http: bool) -> Option<Problem> {
    let (name, hosts) = (text(service, "Name"), list(service, "Hosts"));
    match (name, http) {
        ("", _) => problem("Consul Ingress Service requires a name", "write name = \"…\""),
        ("*", true) => None,
        (_, true) if hosts.is_empty() => problem(
            "Consul Ingress Service requires one or more hosts when using HTTP protocol",
            "write hosts = [\"…\"]",
        ),
        ("*", false) => problem(
            "Consul Ingress Service supports wildcard names only with HTTP protocol",
            "write protocol = \"http\" in the listener, or the name of one service",
        ),
        (_, false) if !hosts.is_empty() => problem(
            "Consul Ingress Service supports hosts only when using HTTP protocol",
            "write protocol = \"http\" in the listener, or remove hosts",
        ),
        _ => None,
    }
}

fn terminating_problem(terminating: &Value) -> Option<Problem> {
    let services = list(terminating, "Services");
    if services.is_empty() {
        let message = "Consul Terminating Gateway requires at least one service";
        return problem(message, "write service { name = \"…\" }");
    }
    services.iter().find_map(|service| {
        let given = |name: &str| !text(service, name).is_empty();
        let (ca, cert, key) = (given("CAFile"), given("CertFile"), given("KeyFile"));
        if !given("Name") {
            problem("Consul Linked Service requires Name", "write name = \"…\"")
        } else if (cert || key) && !ca {
            problem("Consul Linked Service TLS requires CAFile", "write ca_file = \"…\"")
        } else if cert != key {
            let message = "Consul Linked Service TLS Cert and Key must both be set";
            problem(message, "write both cert_file and key_file")
        } else if given("SNI") && !ca {
            problem("Consul Linked Service TLS SNI requires CAFile", "write ca_file = \"…\"")
        } else {
            None
        }
    })
}

/// What the job as a whole breaks: of Connect the first rule only, and of exposed checks.
pub(super) fn check(job: &Job, report: &mut Report) {
    for find in [group_problem as fn(&TaskGroup) -> Option<Placed>, exposed_problem] {
        let first = job.task_groups.iter().find_map(|group| Some((group, find(group)?)));
        if let Some((group, (place, (message, hint)))) = first {
            report.error(&inside(&format!("group.{}", group.name), &place), CODE, message);
            report.hint(hint);
        }
    }
}

/// A problem, and where in its group it is.
type Placed = (String, Problem);

fn group_problem(group: &TaskGroup) -> Option<Placed> {
    let of_service = |(at, service)| {
        let connect = Connect::of(service);
        let problem = if connect.sidecar().is_some() {
            sidecar_problem(group, service)
        } else if connect.is_native() {
            native_problem(group, service)
        } else if connect.gateway().is_some() {
            gateway_network(group)
        } else {
            None
        };
        Some((format!("service[{at}].connect"), problem?))
    };
    let first = group.services.iter().enumerate().find_map(of_service);
    first.or_else(|| upstreams(group))
}

const BRIDGE: &str = "write network { mode = \"bridge\" } in the group";

fn sidecar_problem(group: &TaskGroup, service: &Service) -> Option<Problem> {
    let name = &group.name;
    let message = match group.networks.as_slice() {
        [network] if network.mode == "bridge" || network.mode.starts_with("cni/") => {
            let capital = |text: &str| text.chars().any(char::is_uppercase);
            let message = if capital(&service.name) {
                format!(
                    "Consul Connect service name \"{}\" in group \"{name}\" must not contain uppercase characters",
                    service.name
                )
            } else if capital(name) {
                format!(
                    "Consul Connect group \"{name}\" with service \"{}\" must not contain uppercase characters",
                    service.name
                )
            } else {
                return None;
            };
            return Some((message, "write it in small letters".to_owned()));
        }
        [network] => format!(
            "Consul Connect sidecar requires bridge network, found \"{}\" in group \"{name}\"",
            network.mode
        ),
        networks => format!(
            "Consul Connect sidecars require exactly 1 network, found {} in group \"{name}\"",
            networks.len()
        ),
    };
    Some((message, BRIDGE.to_owned()))
}

fn native_problem(group: &TaskGroup, service: &Service) -> Option<Problem> {
    let task = service.task_name.as_str();
    let place = format!("{}->{}", group.name, service.name);
    let message = if task.is_empty() {
        if group.tasks.len() == 1 {
            return None;
        }
        format!("task for Consul Connect Native service {place} is ambiguous and must be set")
    } else if group.tasks.iter().any(|one| one.name == task) {
        return None;
    } else {
        format!("task {task} named by Consul Connect Native service {place} does not exist")
    };
    let names: Vec<&str> = group.tasks.iter().map(|task| task.name.as_str()).collect();
    Some((message, one_of("task", task, &names)))
}

fn gateway_network(group: &TaskGroup) -> Option<Problem> {
    match group.networks.as_slice() {
        [network] if matches!(network.mode.as_str(), "bridge" | "host") => None,
        [_] => problem(
            "Consul Connect Gateway service requires Task Group with network mode of type \"bridge\" or \"host\"",
            BRIDGE,
        ),
        networks => Some((
            format!(
                "Consul Connect gateways require exactly 1 network, found {} in group \"{}\"",
                networks.len(),
                group.name
            ),
            BRIDGE.to_owned(),
        )),
    }
}

fn upstreams(group: &TaskGroup) -> Option<Placed> {
    let mut listeners: BTreeMap<String, &str> = BTreeMap::new();
    for (at, service) in group.services.iter().enumerate() {
        let sidecar = Connect::of(service).sidecar();
        let proxy = sidecar.and_then(|sidecar| sidecar.get("Proxy"));
        for upstream in proxy.map_or(&[][..], |proxy| list(proxy, "Upstreams")) {
            let port = number(upstream, "LocalBindPort");
            let listener = format!("{}:{port}", text(upstream, "LocalBindAddress"));
            if let Some(other) = listeners.get(&listener) {
                let message = format!(
                    "Consul Connect services \"{}\" and \"{other}\" in group \"{}\" using same address for upstreams \
                     ({listener})",
                    service.name, group.name
                );
                let hint = "give each its own local_bind_port".to_owned();
                return Some((format!("service[{at}].connect"), (message, hint)));
            }
            listeners.insert(listener, &service.name);
        }
    }
    None
}

fn exposes(group: &TaskGroup) -> bool {
    group.services.iter().flat_map(|service| &service.checks).any(|check| check.expose)
}

fn exposed_network(group: &TaskGroup) -> Option<Problem> {
    let message = match group.networks.as_slice() {
        _ if !exposes(group) => return None,
        [network] if network.mode == "bridge" => return None,
        [_] => "must use bridge network for exposing service check(s)",
        _ => "must specify one bridge network for exposing service check(s)",
    };
    Some((format!("group \"{}\" {message}", group.name), BRIDGE.to_owned()))
}

fn exposed_problem(group: &TaskGroup) -> Option<Placed> {
    if let Some(problem) = exposed_network(group) {
        return Some(("network[0]".to_owned(), problem));
    }
    let exposed = |service: &Service| service.checks.iter().position(|check| check.expose);
    for (at, service) in group.services.iter().enumerate() {
        let Some(number) = exposed(service).filter(|_| Connect::of(service).sidecar().is_none())
        else {
            continue;
        };
        let place = format!("{}->{}->{}", group.name, service.name, service.checks[number].name);
        let message = format!("exposed service check {place} requires use of sidecar_proxy");
        let hint = "write connect { sidecar_service {} } in the service".to_owned();
        return Some((format!("service[{at}].check[{number}].expose"), (message, hint)));
    }
    for task in &group.tasks {
        for (at, service) in task.services.iter().enumerate() {
            let Some(number) = exposed(service) else { continue };
            let check = &service.checks[number].name;
            let place = format!("{}[{}]->{}->{check}", group.name, task.name, service.name);
            let message = format!("exposed service check {place} is not a task-group service");
            let path = format!("task.{}.service[{at}].check[{number}].expose", task.name);
            return Some((path, (message, "move the service to the group".to_owned())));
        }
    }
    None
}

/// Why Nomad cannot add to the job what Connect needs, if so; then it says nothing else. The place, the sentence, the fix.
pub(super) fn unchangeable(job: &Job) -> Option<(String, String, String)> {
    let found = |group: &TaskGroup, hook: &str, (message, hint): Problem| {
        let message = format!("error in job mutator {hook}: {message}");
        (format!("group.{}", group.name), message, hint)
    };
    let connect =
        job.task_groups.iter().filter(|group| !group.networks.is_empty()).find_map(|group| {
            let problem =
                group.services.iter().find_map(|service| unconnectable(group, service))?;
            Some(found(group, "connect", problem))
        });
    connect.or_else(|| {
        job.task_groups.iter().find_map(|group| {
            let problem = group.services.iter().find_map(|service| {
                Connect::of(service).sidecar()?;
                let exposed = service.checks.iter().filter(|check| check.expose);
                exposed.into_iter().find_map(|check| unexposable(group, service, check))
            })?;
            Some(found(group, "expose-check", problem))
        })
    })
}

fn unconnectable(group: &TaskGroup, service: &Service) -> Option<Problem> {
    let connect = Connect::of(service);
    if connect.sidecar().is_some() {
        return None;
    }
    if connect.is_native() {
        return native_problem(group, service);
    }
    let mesh = connect.gateway()?.get("Mesh").is_some_and(|mesh| !mesh.is_null());
    if mesh && service.port_label.is_empty() {
        let message = "service.port must be set for mesh gateway service";
        return problem(message, "write port = \"…\" with the label of a port of the group");
    }
    None
}

fn unexposable(group: &TaskGroup, service: &Service, check: &ServiceCheck) -> Option<Problem> {
    let kind = check.kind.to_ascii_lowercase();
    if !matches!(kind.as_str(), "http" | "grpc") || !check.path.starts_with('/') {
        return None;
    }
    exposed_network(group).or_else(|| {
        let ports = group
            .networks
            .iter()
            .flat_map(|network| network.reserved_ports.iter().chain(&network.dynamic_ports));
        let label = service.port_label.as_str();
        let known = ports.into_iter().find(|port| port.label == label);
        if known.is_some_and(|port| port.value > 0) || label.parse().is_ok_and(|port: i64| port > 0)
        {
            return None;
        }
        let place = format!("{}->{}->{}", group.name, service.name, check.name);
        let message = format!("unable to determine local service port for service check {place}");
        Some((message, "write the number the service listens on as its port".to_owned()))
    })
}
