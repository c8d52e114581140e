//! A task's environment and the replacing of `${…}` in its configuration.
//!
//! Pure: an allocation, its node and its directories go in. Where paths point inside the task is the
//! driver's matter (`PathsInside`).
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/runtime/environment>

use steppe_planner::Map;
use steppe_planner::api::{self, TextMap, Value};

use crate::driver::TaskPort;

/// Where the task sees its directories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathsInside {
    pub alloc: String,
    pub local: String,
    pub secrets: String,
}

impl PathsInside {
    /// Inside a container.
    pub fn container() -> Self {
        PathsInside { alloc: "/alloc".into(), local: "/local".into(), secrets: "/secrets".into() }
    }
}

/// What a task belongs to.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    pub alloc: &'a api::Allocation,
    pub job: &'a api::Job,
    pub group: &'a api::TaskGroup,
    pub task: &'a api::Task,
    pub node: &'a api::Node,
}

/// A task's variables and the values that only `${…}` can name.
pub struct TaskEnv {
    env: TextMap,
    node: TextMap,
}

impl TaskEnv {
    /// Builds the environment: Nomad's variables, then the task's own, which may use them.
    pub fn build(scope: Scope<'_>, ports: &[TaskPort], paths: &PathsInside) -> TaskEnv {
        let mut env = identity(scope, paths);
        limits(scope, &mut env);
        metadata(scope, &mut env);
        for port in ports {
            port_variables(port, &mut env);
        }
        siblings(scope, &mut env);
        let mut built = TaskEnv { env, node: node_values(scope) };
        let own: Vec<(String, String)> =
            scope.task.env.iter().map(|(k, v)| (built.replace(k), built.replace(v))).collect();
        built.env.extend(own);
        built
    }

    /// The variables for the process.
    pub fn variables(&self) -> &TextMap {
        &self.env
    }

    /// Replaces every `${name}` that is known; the others stay as written.
    pub fn replace(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find("${") {
            let Some(length) = rest[start..].find('}') else {
                break;
            };
            let (before, reference) = (&rest[..start], &rest[start..=start + length]);
            out.push_str(before);
            let name = reference[2..reference.len() - 1].trim();
            match self.lookup(name) {
                Some(value) => out.push_str(value),
                None => out.push_str(reference),
            }
            rest = &rest[start + length + 1..];
        }
        out.push_str(rest);
        out
    }

    /// Replaces in every text of a configuration, keys included.
    pub fn replace_config(&self, config: &Map<Value>) -> Map<Value> {
        config.iter().map(|(key, value)| (key.clone(), self.replace_value(value))).collect()
    }

    fn replace_value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.replace(text)),
            Value::Array(items) => items.iter().map(|v| self.replace_value(v)).collect(),
            Value::Object(fields) => {
                let fields = fields.iter().map(|(k, v)| (self.replace(k), self.replace_value(v)));
                Value::Object(fields.collect())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }

    fn lookup(&self, name: &str) -> Option<&str> {
        let quoted = name.strip_prefix("env[\"").and_then(|n| n.strip_suffix("\"]"));
        let name = quoted.or_else(|| name.strip_prefix("env.")).unwrap_or(name);
        self.env.get(name).or_else(|| self.node.get(name)).map(String::as_str)
    }
}

/// The ports a task may use: its own network's, and the group's.
pub fn task_ports(alloc: &api::Allocation, task: &str) -> Vec<TaskPort> {
    let Some(resources) = &alloc.allocated_resources else {
        return Vec::new();
    };
    let own = resources.tasks.get(task).map(|t| network_ports(&t.networks, true));
    let mut ports = own.unwrap_or_default();
    let of_tasks: Vec<&str> = resources
        .tasks
        .values()
        .flat_map(|t| &t.networks)
        .flat_map(|n| n.reserved_ports.iter().chain(&n.dynamic_ports))
        .map(|p| p.label.as_str())
        .collect();
    // `Shared.Ports` repeats the ports of task networks; those belong to their task alone.
    let shared = &resources.shared;
    if shared.ports.is_empty() {
        ports.extend(network_ports(&shared.networks, false));
    } else {
        ports.extend(shared.ports.iter().filter(|p| !of_tasks.contains(&p.label.as_str())).map(
            |p| TaskPort {
                label: p.label.clone(),
                host_ip: p.host_ip.clone(),
                host_port: p.value,
                to: p.to,
                of_task: false,
            },
        ));
    }
    ports
}

fn network_ports(networks: &[api::NetworkResource], of_task: bool) -> Vec<TaskPort> {
    let of_network = |network: &api::NetworkResource| {
        let ports = network.reserved_ports.iter().chain(&network.dynamic_ports);
        let ports = ports.map(|p| TaskPort {
            label: p.label.clone(),
            host_ip: network.ip.clone(),
            host_port: p.value,
            to: p.to,
            of_task,
        });
        ports.collect::<Vec<_>>()
    };
    networks.iter().flat_map(of_network).collect()
}

fn identity(scope: Scope<'_>, paths: &PathsInside) -> TextMap {
    let Scope { alloc, job, group, task, node } = scope;
    let text = |value: &Option<String>, otherwise: &str| {
        value.clone().filter(|v| !v.is_empty()).unwrap_or_else(|| otherwise.to_owned())
    };
    let index = alloc.name.rsplit_once('[').and_then(|(_, i)| i.strip_suffix(']')).unwrap_or("0");
    let pairs = [
        ("NOMAD_ALLOC_DIR", paths.alloc.clone()),
        ("NOMAD_TASK_DIR", paths.local.clone()),
        ("NOMAD_SECRETS_DIR", paths.secrets.clone()),
        ("NOMAD_ALLOC_ID", alloc.id.clone()),
        ("NOMAD_ALLOC_INDEX", index.to_owned()),
        ("NOMAD_ALLOC_NAME", alloc.name.clone()),
        ("NOMAD_TASK_NAME", task.name.clone()),
        ("NOMAD_GROUP_NAME", group.name.clone()),
        ("NOMAD_JOB_ID", alloc.job_id.clone()),
        ("NOMAD_JOB_NAME", text(&job.name, &alloc.job_id)),
        ("NOMAD_DC", node.datacenter.clone()),
        ("NOMAD_REGION", text(&job.region, "global")),
        ("NOMAD_NAMESPACE", text(&job.namespace, "default")),
    ];
    let mut env: TextMap = pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
    if let Some(parent) = job.parent_id.clone().filter(|p| !p.is_empty()) {
        env.insert("NOMAD_JOB_PARENT_ID".into(), parent);
    }
    env
}

fn limits(scope: Scope<'_>, env: &mut TextMap) {
    let resources = scope.alloc.allocated_resources.as_ref();
    let Some(given) = resources.and_then(|r| r.tasks.get(&scope.task.name)) else {
        return;
    };
    env.insert("NOMAD_CPU_LIMIT".into(), given.cpu.cpu_shares.to_string());
    env.insert("NOMAD_MEMORY_LIMIT".into(), given.memory.memory_mb.to_string());
    if given.memory.memory_max_mb != 0 {
        env.insert("NOMAD_MEMORY_MAX_LIMIT".into(), given.memory.memory_max_mb.to_string());
    }
}

fn metadata(scope: Scope<'_>, env: &mut TextMap) {
    // The nearer block wins.
    for meta in [&scope.job.meta, &scope.group.meta, &scope.task.meta] {
        for (key, value) in meta {
            let key = variable_name(key);
            env.insert(format!("NOMAD_META_{}", key.to_uppercase()), value.clone());
            env.insert(format!("NOMAD_META_{key}"), value.clone());
        }
    }
}

/// A label as a part of a variable's name: shells know letters, digits and `_` only.
fn variable_name(label: &str) -> String {
    label.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' }).collect()
}

fn port_variables(port: &TaskPort, env: &mut TextMap) {
    let label = variable_name(&port.label);
    let (ip, host) = (&port.host_ip, port.host_port.to_string());
    let inside = inside_port(port).to_string();
    let address = address(ip, &host);
    let mut put = |name: &str, value: &str| {
        env.insert(format!("NOMAD_{name}_{label}"), value.to_owned());
    };
    put("ADDR", &address);
    put("IP", ip);
    put("HOST_PORT", &host);
    put("PORT", &inside);
    if !port.of_task {
        put("HOST_ADDR", &address);
        put("HOST_IP", ip);
        put("ALLOC_PORT", &inside);
    }
}

/// The port as the task sees it.
pub fn inside_port(port: &TaskPort) -> i64 {
    if port.to > 0 { port.to } else { port.host_port }
}

fn address(ip: &str, port: &str) -> String {
    if ip.contains(':') { format!("[{ip}]:{port}") } else { format!("{ip}:{port}") }
}

/// The ports of the other tasks' own networks: `NOMAD_ADDR_<task>_<label>`.
fn siblings(scope: Scope<'_>, env: &mut TextMap) {
    let Some(resources) = &scope.alloc.allocated_resources else {
        return;
    };
    for (name, given) in resources.tasks.iter().filter(|(name, _)| **name != scope.task.name) {
        let task = variable_name(name);
        for port in network_ports(&given.networks, true) {
            let label = variable_name(&port.label);
            let host = port.host_port.to_string();
            env.insert(format!("NOMAD_ADDR_{task}_{label}"), address(&port.host_ip, &host));
            env.insert(format!("NOMAD_IP_{task}_{label}"), port.host_ip.clone());
            env.insert(format!("NOMAD_PORT_{task}_{label}"), host);
        }
    }
}

fn node_values(scope: Scope<'_>) -> TextMap {
    let node = scope.node;
    let region = scope.job.region.clone().unwrap_or_else(|| "global".into());
    let mut values: TextMap = [
        ("node.unique.id", node.id.clone()),
        ("node.unique.name", node.name.clone()),
        ("node.datacenter", node.datacenter.clone()),
        ("node.class", node.node_class.clone()),
        ("node.region", region),
        ("node.pool", node.node_pool.clone().unwrap_or_else(|| "default".into())),
    ]
    .into_iter()
    .map(|(k, v)| (k.to_owned(), v))
    .collect();
    values.extend(node.attributes.iter().map(|(k, v)| (format!("attr.{k}"), v.clone())));
    values.extend(node.meta.iter().map(|(k, v)| (format!("meta.{k}"), v.clone())));
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node() -> api::Node {
        api::Node {
            id: "n1".into(),
            name: "client-1".into(),
            datacenter: "dc1".into(),
            attributes: TextMap::from([("kernel.name".into(), "linux".into())]),
            meta: TextMap::from([("rack".into(), "r1".into())]),
            ..Default::default()
        }
    }

    fn build(alloc: &api::Allocation, job: &api::Job, task: &api::Task) -> TaskEnv {
        let group = api::TaskGroup { name: "g".into(), ..Default::default() };
        let node = node();
        let scope = Scope { alloc, job, group: &group, task, node: &node };
        let ports = task_ports(alloc, &task.name);
        TaskEnv::build(scope, &ports, &PathsInside::container())
    }

    fn alloc(
        shared: api::AllocatedSharedResources,
        task: api::AllocatedTaskResources,
    ) -> api::Allocation {
        api::Allocation {
            id: "a1".into(),
            name: "dplain.g[2]".into(),
            job_id: "dplain".into(),
            allocated_resources: Some(api::AllocatedResources {
                tasks: Map::from([("web".into(), task)]),
                shared,
                ..Default::default()
            }),
            ..Default::default()
        }
    }

    #[test]
    fn a_group_port_has_all_its_names() {
        let shared = api::AllocatedSharedResources {
            ports: vec![api::PortMapping {
                label: "http".into(),
                value: 23730,
                to: 8080,
                host_ip: "127.0.0.1".into(),
            }],
            ..Default::default()
        };
        let task = api::Task { name: "web".into(), ..Default::default() };
        let env = build(&alloc(shared, Default::default()), &Default::default(), &task);
        let of_port: Vec<String> = env
            .variables()
            .iter()
            .filter(|(k, _)| k.ends_with("_http"))
            .map(|(k, v)| format!("{k}={v}"))
            .collect();
        assert_eq!(
            of_port,
            [
                "NOMAD_ADDR_http=127.0.0.1:23730",
                "NOMAD_ALLOC_PORT_http=8080",
                "NOMAD_HOST_ADDR_http=127.0.0.1:23730",
                "NOMAD_HOST_IP_http=127.0.0.1",
                "NOMAD_HOST_PORT_http=23730",
                "NOMAD_IP_http=127.0.0.1",
                "NOMAD_PORT_http=8080",
            ]
        );
        assert_eq!(env.variables()["NOMAD_ALLOC_INDEX"], "2");
    }

    #[test]
    fn a_task_port_has_only_the_old_names() {
        let port = api::Port { label: "db".into(), value: 3306, ..Default::default() };
        let network = api::NetworkResource {
            ip: "127.0.0.1".into(),
            reserved_ports: vec![port],
            ..Default::default()
        };
        let given = api::AllocatedTaskResources { networks: vec![network], ..Default::default() };
        let shared = api::AllocatedSharedResources {
            ports: vec![api::PortMapping {
                label: "db".into(),
                value: 3306,
                to: 0,
                host_ip: "127.0.0.1".into(),
            }],
            ..Default::default()
        };
        let task = api::Task { name: "web".into(), ..Default::default() };
        let env = build(&alloc(shared, given), &Default::default(), &task);
        let of_port: Vec<&str> =
            env.variables().keys().filter(|k| k.ends_with("_db")).map(String::as_str).collect();
        assert_eq!(
            of_port,
            ["NOMAD_ADDR_db", "NOMAD_HOST_PORT_db", "NOMAD_IP_db", "NOMAD_PORT_db"]
        );
    }

    #[test]
    fn replaces_what_is_known_and_leaves_the_rest() {
        let task = api::Task {
            name: "web".into(),
            env: TextMap::from([("WHERE".into(), "${node.unique.name}/${meta.rack}".into())]),
            ..Default::default()
        };
        let job = api::Job {
            meta: TextMap::from([("team-name".into(), "a-b".into())]),
            ..Default::default()
        };
        let env = build(&alloc(Default::default(), Default::default()), &job, &task);
        assert_eq!(env.variables()["WHERE"], "client-1/r1");
        assert_eq!(env.variables()["NOMAD_META_TEAM_NAME"], "a-b");
        let text = "${attr.kernel.name} ${env[\"WHERE\"]} ${unknown} ${NOMAD_GROUP_NAME} ${open";
        assert_eq!(env.replace(text), "linux client-1/r1 ${unknown} g ${open");
    }
}
