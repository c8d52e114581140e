//! Consul Connect: the proxy tasks, ports and exposed paths that Nomad adds to a job.

use serde_json::{Map, json};

use super::SECOND;
use super::task;
use crate::api::{Constraint, Job, Lifecycle, LogConfig, Port, Resources, Task, TaskGroup, Value};

/// Adds what the Connect services of all groups need.
pub(super) fn add_tasks(job: &mut Job) {
    let mut groups = std::mem::take(&mut job.task_groups);
    for group in &mut groups {
        for at in 0..group.services.len() {
            let Some(Value::Object(connect)) = group.services[at].connect.clone() else { continue };
            group.services[at].name = fixed_name(&group.services[at].name, job, group);
            let name = group.services[at].name.clone();
            if connect.get("SidecarService").is_some_and(Value::is_object) {
                sidecar(group, job, &name, &connect);
                expose(group, at);
            } else if connect.get("Native") == Some(&Value::Bool(true)) {
                native(group, at);
            } else if let Some(gateway) =
                connect.get("Gateway").filter(|gateway| gateway.is_object())
            {
                let kind = ["Ingress", "Terminating", "Mesh"]
                    .into_iter()
                    .find(|kind| gateway.get(kind).is_some_and(|value| !value.is_null()));
                let Some(kind) = kind.map(str::to_ascii_lowercase) else { continue };
                add_task(group, job, &format!("connect-{kind}"), &name, None, true);
                bind_gateway(group, at);
            }
        }
    }
    job.task_groups = groups;
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

fn sidecar(group: &mut TaskGroup, job: &Job, service: &str, connect: &Map<String, Value>) {
    let settings = connect.get("SidecarTask").and_then(Value::as_object);
    add_task(group, job, "connect-proxy", service, settings, false);
    let label = format!("connect-proxy-{service}");
    if let Some(network) = group.networks.first_mut() {
        let known = network
            .dynamic_ports
            .iter()
            .chain(&network.reserved_ports)
            .any(|port| port.label == label);
        if !known {
            network.dynamic_ports.push(Port {
                label,
                to: -1,
                host_network: "default".to_owned(),
                ..Port::default()
            });
        }
    }
}

/// The Envoy task of a sidecar or gateway, unless the job brings its own.
fn add_task(
    group: &mut TaskGroup,
    job: &Job,
    kind: &str,
    service: &str,
    settings: Option<&Map<String, Value>>,
    gateway: bool,
) {
    let kind_of_task = format!("{kind}:{service}");
    if group.tasks.iter().any(|task| task.kind == kind_of_task) {
        return;
    }
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
    if let Some(settings) = settings {
        apply(&mut proxy, settings);
    }
    task::canonicalize(&mut proxy, job, group, "");
    group.tasks.push(proxy);
}

/// What `sidecar_task` says about the proxy.
fn apply(proxy: &mut Task, settings: &Map<String, Value>) {
    fn set<T: serde::de::DeserializeOwned>(field: &mut T, value: Option<&Value>) {
        if let Some(value) = value.filter(|value| !value.is_null())
            && let Ok(value) = serde_json::from_str(&value.to_string())
        {
            *field = value;
        }
    }
    set(&mut proxy.name, settings.get("Name"));
    set(&mut proxy.driver, settings.get("Driver"));
    set(&mut proxy.user, settings.get("User"));
    set(&mut proxy.config, settings.get("Config"));
    set(&mut proxy.env, settings.get("Env"));
    set(&mut proxy.meta, settings.get("Meta"));
    set(&mut proxy.resources, settings.get("Resources"));
    set(&mut proxy.log_config, settings.get("LogConfig"));
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

/// In a bridge network a gateway listens on all addresses.
fn bind_gateway(group: &mut TaskGroup, at: usize) {
    let bridge = group.networks.first().is_some_and(|network| network.mode == "bridge");
    let Some(gateway) =
        group.services[at].connect.as_mut().and_then(|connect| connect.get_mut("Gateway"))
    else {
        return;
    };
    let no_default =
        gateway.pointer("/Proxy/EnvoyGatewayNoDefaultBind") == Some(&Value::Bool(true));
    if !bridge || no_default {
        return;
    }
    let mut addresses = Map::new();
    let listeners = gateway
        .pointer("/Ingress/Listeners")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    for listener in &listeners {
        for service in listener.get("Services").and_then(Value::as_array).into_iter().flatten() {
            let name = service.get("Name").and_then(Value::as_str).unwrap_or_default();
            let port = listener.get("Port").cloned().unwrap_or_default();
            addresses.insert(name.to_owned(), json!({"Address": "0.0.0.0", "Port": port}));
        }
    }
    if let Some(Value::Object(proxy)) = gateway.get_mut("Proxy") {
        proxy.insert("EnvoyGatewayNoDefaultBind".to_owned(), true.into());
        proxy.insert("EnvoyGatewayBindAddresses".to_owned(), Value::Object(addresses));
    }
}

/// Checks marked `expose` become paths that the sidecar lets through.
fn expose(group: &mut TaskGroup, at: usize) {
    let service = &mut group.services[at];
    let local_port = local_port(&group.networks, &service.port_label);
    let paths: Vec<Value> = service
        .checks
        .iter()
        .filter(|check| check.expose)
        .map(|check| {
            json!({
                "Path": check.path,
                "Protocol": check.protocol,
                "LocalPathPort": local_port,
                "ListenerPort": check.port_label,
            })
        })
        .collect();
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

/// The port the service listens on inside its network: a number, or what a label maps to.
fn local_port(networks: &[crate::api::NetworkResource], label: &str) -> i64 {
    if let Ok(number) = label.parse() {
        return number;
    }
    let ports = networks
        .iter()
        .flat_map(|network| network.reserved_ports.iter().chain(&network.dynamic_ports));
    ports
        .filter(|port| port.label == label)
        .map(|port| if port.to > 0 { port.to } else { port.value })
        .next()
        .unwrap_or(0)
}
