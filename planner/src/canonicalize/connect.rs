//! Consul Connect: the proxy tasks, ports and exposed paths that Nomad adds to a job.

use serde_json::{Map, json};
use sha1::Digest;

use super::SECOND;
use super::task;
use crate::api::{
    Constraint, Job, Lifecycle, LogConfig, NetworkResource, Port, Resources, ServiceCheck, Task,
    TaskGroup, Value,
};
use crate::duration;
use crate::hash::hex;

/// Adds what the Connect services of all groups need. A group without a network is left to be refused.
pub(super) fn add_tasks(job: &mut Job) {
    let mut groups = std::mem::take(&mut job.task_groups);
    for group in groups.iter_mut().filter(|group| !group.networks.is_empty()) {
        for at in 0..group.services.len() {
            let Some(Value::Object(connect)) = group.services[at].connect.clone() else { continue };
            let part = |name: &str| connect.get(name).filter(|part| part.is_object());
            if part("SidecarService").is_some() {
                group.services[at].name = fixed_name(&group.services[at].name, job, group);
                sidecar(group, at, job, &connect);
                expose(group, at);
            } else if connect.get("Native") == Some(&Value::Bool(true)) {
                native(group, at);
            } else if let Some(kind) = part("Gateway").and_then(gateway_kind) {
                group.services[at].name = fixed_name(&group.services[at].name, job, group);
                gateway(group, at, job, kind, &connect);
            }
        }
    }
    job.task_groups = groups;
}

fn gateway_kind(gateway: &Value) -> Option<&'static str> {
    let kinds = [("Ingress", "ingress"), ("Terminating", "terminating"), ("Mesh", "mesh")];
    let kind =
        kinds.into_iter().find(|(name, _)| gateway.get(name).is_some_and(|part| !part.is_null()));
    kind.map(|(_, kind)| kind)
}

/// Names of proxies are made when the job is registered, so variables of the allocation stand for the first one.
fn fixed_name(name: &str, job: &Job, group: &TaskGroup) -> String {
    name.replace("${NOMAD_ALLOC_INDEX}", "0")
        .replace("${NOMAD_JOB_NAME}", job.name.as_deref().unwrap_or_default())
        .replace("${NOMAD_JOB_ID}", job.id.as_deref().unwrap_or_default())
        .replace("${NOMAD_GROUP_NAME}", &group.name)
        .replace("${NOMAD_REGION}", job.region.as_deref().unwrap_or_default())
        .replace("${NOMAD_NAMESPACE}", job.namespace.as_deref().unwrap_or_default())
}

fn sidecar(group: &mut TaskGroup, at: usize, job: &Job, connect: &Map<String, Value>) {
    let service = group.services[at].name.clone();
    let settings = connect.get("SidecarTask").and_then(Value::as_object);
    add_task(group, job, "connect-proxy", &service, settings, None);
    let own = connect.get("SidecarService").and_then(|sidecar| sidecar.get("Port"));
    let label = match own.and_then(Value::as_str).unwrap_or_default() {
        "" => format!("connect-proxy-{service}"),
        own => own.to_owned(),
    };
    add_port(group, label);
}

fn gateway(group: &mut TaskGroup, at: usize, job: &Job, kind: &str, connect: &Map<String, Value>) {
    let host = group.networks.first().is_some_and(|network| network.mode == "host");
    if !host {
        bind_gateway(group, at, kind);
    }
    let service = group.services[at].name.clone();
    match kind {
        "terminating" if group.services[at].port_label.is_empty() => {
            let label = format!("connect-terminating-{service}");
            group.services[at].port_label.clone_from(&label);
            add_port(group, label);
        }
        "mesh" => add_port(group, format!("connect-mesh-{service}-lan")),
        _ => {}
    }
    let settings = connect.get("SidecarTask").and_then(Value::as_object);
    add_task(group, job, &format!("connect-{kind}"), &service, settings, Some(host));
}

/// A dynamic port that is the same inside the network as outside.
fn add_port(group: &mut TaskGroup, label: String) {
    let Some(network) = group.networks.first_mut() else { return };
    if !network.dynamic_ports.iter().any(|port| port.label == label) {
        network.dynamic_ports.push(Port {
            label,
            to: -1,
            host_network: "default".to_owned(),
            ..Port::default()
        });
    }
}

/// The Envoy task of a sidecar or gateway, unless the job brings its own.
fn add_task(
    group: &mut TaskGroup,
    job: &Job,
    kind: &str,
    service: &str,
    settings: Option<&Map<String, Value>>,
    gateway_on_host: Option<bool>,
) {
    let kind_of_task = format!("{kind}:{service}");
    if group.tasks.iter().any(|task| task.kind == kind_of_task) {
        return;
    }
    let gateway = gateway_on_host.is_some();
    let (image, version) = if gateway {
        ("${meta.connect.gateway_image}", ">= 1.8.0")
    } else {
        ("${meta.connect.sidecar_image}", ">= 1.6.0-beta1")
    };
    let constraint = |attribute: &str, operator: &str, value: &str| Constraint {
        l_target: attribute.to_owned(),
        r_target: value.to_owned(),
        operand: operator.to_owned(),
    };
    let arguments = [
        "-c",
        "${NOMAD_SECRETS_DIR}/envoy_bootstrap.json",
        "-l",
        "${meta.connect.log_level}",
        "--concurrency",
        "${meta.connect.proxy_concurrency}",
        "--disable-hot-restart",
    ];
    let mut proxy = Task {
        name: format!("{kind}-{service}"),
        kind: kind_of_task,
        driver: "docker".to_owned(),
        config: [("image".to_owned(), image.into()), ("args".to_owned(), json!(arguments))].into(),
        shutdown_delay: 5 * SECOND,
        log_config: Some(LogConfig {
            enabled: None,
            max_files: Some(2),
            max_file_size_mb: Some(2),
            disabled: None,
        }),
        resources: Some(Resources { cpu: Some(250), memory_mb: Some(128), ..Resources::default() }),
        constraints: vec![
            constraint("${attr.consul.version}", "semver", version),
            constraint("${attr.consul.grpc}", ">", "0"),
        ],
        lifecycle: (!gateway).then(|| Lifecycle { hook: "prestart".to_owned(), sidecar: true }),
        ..Task::default()
    };
    if gateway_on_host == Some(true) {
        proxy.config.insert("network_mode".to_owned(), "host".into());
    }
    if let Some(settings) = settings {
        apply(&mut proxy, settings);
    }
    task::canonicalize(&mut proxy, job, group);
    group.tasks.push(proxy);
}

/// What `sidecar_task` says about the proxy.
fn apply(proxy: &mut Task, settings: &Map<String, Value>) {
    fn set<T: serde::de::DeserializeOwned>(field: &mut T, value: Option<&Value>) {
        if let Some(value) = value.filter(|value| !value.is_null() && value.as_str() != Some(""))
            && let Ok(value) = serde_json::from_str(&value.to_string())
        {
            *field = value;
        }
    }
    set(&mut proxy.name, settings.get("Name"));
    // Another driver has options of its own.
    let driver = settings.get("Driver").and_then(Value::as_str).unwrap_or_default();
    if !driver.is_empty() && driver != proxy.driver {
        proxy.driver = driver.to_owned();
        proxy.config.clear();
    }
    let config = settings.get("Config").and_then(Value::as_object).cloned().unwrap_or_default();
    proxy.config.extend(config);
    set(&mut proxy.user, settings.get("User"));
    set(&mut proxy.env, settings.get("Env"));
    set(&mut proxy.meta, settings.get("Meta"));
    let mut said = Resources::default();
    set(&mut said, settings.get("Resources"));
    let own = proxy.resources.get_or_insert_default();
    for (own, said) in [
        (&mut own.cpu, said.cpu),
        (&mut own.cores, said.cores),
        (&mut own.memory_mb, said.memory_mb),
        (&mut own.memory_max_mb, said.memory_max_mb),
    ] {
        *own = said.filter(|number| *number != 0).or(*own);
    }
    if !said.networks.is_empty() {
        own.networks = said.networks;
    }
    if !said.devices.is_empty() {
        own.devices = said.devices;
    }
    let mut said = LogConfig::default();
    set(&mut said, settings.get("LogConfig"));
    let own = proxy.log_config.get_or_insert_default();
    own.max_files = said.max_files.filter(|number| *number > 0).or(own.max_files);
    own.max_file_size_mb =
        said.max_file_size_mb.filter(|number| *number > 0).or(own.max_file_size_mb);
    set(&mut proxy.kill_timeout, settings.get("KillTimeout"));
    set(&mut proxy.shutdown_delay, settings.get("ShutdownDelay"));
    set(&mut proxy.kill_signal, settings.get("KillSignal"));
}

/// A Connect-native service belongs to the task that speaks for itself.
fn native(group: &mut TaskGroup, at: usize) {
    let service = &mut group.services[at];
    if service.task_name.is_empty()
        && let [only] = group.tasks.as_slice()
    {
        service.task_name.clone_from(&only.name);
    }
    if let Some(task) = group.tasks.iter_mut().find(|task| task.name == service.task_name) {
        task.kind = format!("connect-native:{}", service.name);
    }
}

/// In a network of its own a gateway listens on all addresses, unless the job says where.
fn bind_gateway(group: &mut TaskGroup, at: usize, kind: &str) {
    let connect = group.services[at].connect.as_mut();
    let Some(Value::Object(gateway)) = connect.and_then(|connect| connect.get_mut("Gateway"))
    else {
        return;
    };
    let said = |name: &str| gateway.get("Proxy").and_then(|proxy| proxy.get(name));
    let yes = |name: &str| said(name) == Some(&Value::Bool(true));
    let bound = said("EnvoyGatewayBindAddresses").and_then(Value::as_object);
    if yes("EnvoyGatewayNoDefaultBind")
        || yes("EnvoyGatewayBindTaggedAddresses")
        || bound.is_some_and(|addresses| !addresses.is_empty())
    {
        return;
    }
    let mut proxy = Map::new();
    for name in ["ConnectTimeout", "EnvoyDNSDiscoveryType", "Config"] {
        proxy.extend(said(name).map(|value| (name.to_owned(), value.clone())));
    }
    if proxy.get("ConnectTimeout").is_none_or(Value::is_null) {
        proxy.insert("ConnectTimeout".to_owned(), (5 * SECOND).into());
    }
    let address = |port: Value| json!({"Address": "0.0.0.0", "Port": port});
    // Minus one is filled in when the port is known.
    let addresses: Map<String, Value> = match kind {
        "terminating" => [("default".to_owned(), address((-1).into()))].into_iter().collect(),
        "mesh" => {
            ["wan", "lan"].map(|name| (name.to_owned(), address((-1).into()))).into_iter().collect()
        }
        _ => ingress_services(gateway).map(|(name, port)| (name, address(port))).collect(),
    };
    proxy.insert("EnvoyGatewayNoDefaultBind".to_owned(), true.into());
    proxy.insert("EnvoyGatewayBindAddresses".to_owned(), Value::Object(addresses));
    gateway.insert("Proxy".to_owned(), Value::Object(proxy));
}

/// The services of an ingress gateway, with the ports of their listeners.
fn ingress_services(gateway: &Map<String, Value>) -> impl Iterator<Item = (String, Value)> {
    let list = |value: &Value, name: &str| {
        value.get(name).and_then(Value::as_array).cloned().unwrap_or_default()
    };
    let listeners = gateway.get("Ingress").map(|ingress| list(ingress, "Listeners"));
    listeners.unwrap_or_default().into_iter().flat_map(move |listener| {
        let port = listener.get("Port").cloned().unwrap_or_default();
        list(&listener, "Services").into_iter().map(move |service| {
            let name = service.get("Name").and_then(Value::as_str).unwrap_or_default();
            (name.to_owned(), port.clone())
        })
    })
}

/// Checks marked `expose` become paths that the sidecar lets through.
fn expose(group: &mut TaskGroup, at: usize) {
    let service = &mut group.services[at];
    let exposed = |check: &ServiceCheck| {
        let kind = check.kind.to_ascii_lowercase();
        check.expose && matches!(kind.as_str(), "grpc" | "http") && check.path.starts_with('/')
    };
    let [network] = group.networks.as_mut_slice() else { return };
    let local_port = local_port(network, &service.port_label);
    if network.mode != "bridge" || local_port <= 0 {
        return;
    }
    let mut paths = Vec::new();
    for (number, check) in service.checks.iter_mut().enumerate().filter(|(_, check)| exposed(check))
    {
        if check.port_label.is_empty() {
            let hash = check_hash(check, &format!("{}_{number}", service.name));
            check.port_label = format!("svc_{}_ck_{}", service.name, &hash[..6]);
            network.dynamic_ports.push(Port {
                label: check.port_label.clone(),
                to: -1,
                host_network: "default".to_owned(),
                ..Port::default()
            });
        }
        paths.push(json!({
            "Path": check.path,
            "Protocol": check.protocol,
            "LocalPathPort": local_port,
            "ListenerPort": check.port_label,
        }));
    }
    if paths.is_empty() {
        return;
    }
    let sidecar = service.connect.as_mut().and_then(|connect| connect.get_mut("SidecarService"));
    let Some(sidecar) = sidecar.and_then(Value::as_object_mut) else { return };
    let proxy = sidecar.entry("Proxy").or_insert_with(|| json!({}));
    if !proxy.is_object() {
        *proxy = json!({});
    }
    let Some(proxy) = proxy.as_object_mut() else { return };
    let exposed = proxy.entry("ExposeConfig").or_insert_with(|| json!({"Path": []}));
    let Some(list) = exposed.get_mut("Path").and_then(Value::as_array_mut) else { return };
    for path in paths {
        if !list.contains(&path) {
            list.push(path);
        }
    }
}

/// The port the service listens on inside its network: the static one of a label, or a number.
fn local_port(network: &NetworkResource, label: &str) -> i64 {
    let mut ports = network.reserved_ports.iter().chain(&network.dynamic_ports);
    let known = ports.find(|port| port.label == label).filter(|port| port.value > 0);
    known.map_or_else(|| label.parse().unwrap_or(0), |port| port.value)
}

/// What Nomad tells a check from others by: its attributes, one behind the other.
fn check_hash(check: &ServiceCheck, service: &str) -> String {
    let mut headers: Vec<String> =
        check.header.iter().map(|(name, values)| format!("{name}{}", values.concat())).collect();
    headers.sort();
    let named = |name: &str, number: i64| match number {
        0 => String::new(),
        number => format!("{name}:{number}"),
    };
    let truth = |flag: bool| if flag { "true" } else { "" };
    let parts = [
        service,
        &check.name,
        &check.kind,
        &check.command,
        &check.args.concat(),
        &check.path,
        &check.protocol,
        &check.port_label,
        &duration::text(check.interval),
        &duration::text(check.timeout),
        &check.method,
        &check.body,
        &check.on_update,
        truth(check.tls_skip_verify),
        &headers.concat(),
        &check.address_mode,
        &check.grpc_service,
        truth(check.grpc_use_tls),
        &named("success", check.success_before_passing),
        &named("failures", check.failures_before_critical),
    ];
    hex(&sha1::Sha1::digest(parts.concat()))
}
