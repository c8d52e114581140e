//! Turns an allocation's task into the finished order that a driver carries out.

use std::path::PathBuf;

use steppe_planner::api;
use steppe_planner::model::name_index;

use super::NodeContext;
use super::alloc_dir::AllocDir;
use super::task_env::{PathsInside, Scope, TaskEnv, task_ports};
use crate::driver::{
    Allowances, LogLimits, NetworkMode, TaskMount, TaskOrder, TaskPort, TaskResources,
};
use crate::state::AllocRecord;

/// The order for one task of an allocation.
pub(super) fn order(
    context: &NodeContext,
    record: &AllocRecord,
    group: &api::TaskGroup,
    task: &api::Task,
    dir: &AllocDir,
) -> TaskOrder {
    let (alloc, job, node) = (&record.alloc, &*record.job, context.node());
    let dirs = dir.task(&task.name);
    let paths = if task.driver == "docker" {
        PathsInside::container()
    } else {
        PathsInside {
            alloc: dirs.shared.display().to_string(),
            local: dirs.local.display().to_string(),
            secrets: dirs.secrets.display().to_string(),
        }
    };
    let ports = mapped(task_ports(alloc, &task.name), task);
    let env = TaskEnv::build(Scope { alloc, job, group, task, node: &node }, &ports, &paths);
    TaskOrder {
        alloc_id: alloc.id.clone(),
        alloc_name: alloc.name.clone(),
        job_id: alloc.job_id.clone(),
        job_name: job.name.clone().unwrap_or_else(|| alloc.job_id.clone()),
        namespace: alloc.namespace.clone(),
        group_name: group.name.clone(),
        task_name: task.name.clone(),
        node_id: node.id.clone(),
        node_name: node.name.clone(),
        user: env.replace(&task.user),
        config: env.replace_config(&task.config),
        env: env.variables().clone(),
        resources: resources(context, alloc, task),
        dirs,
        mounts: mounts(&alloc.name, group, task, &node, &env),
        logs: log_limits(task),
        network_mode: network_mode(group),
        allow: Allowances {
            privileged: context.config.docker.allow_privileged,
            host_binds: context.config.docker.host_binds,
        },
        ports,
    }
}

/// `port_map` gives a task's own ports their number inside the container.
fn mapped(mut ports: Vec<TaskPort>, task: &api::Task) -> Vec<TaskPort> {
    let maps: Vec<&serde_json::Map<String, api::Value>> = match task.config.get("port_map") {
        Some(api::Value::Object(map)) => vec![map],
        // HCL1 gives a list of one block.
        Some(api::Value::Array(list)) => list.iter().filter_map(api::Value::as_object).collect(),
        _ => Vec::new(),
    };
    for port in ports.iter_mut().filter(|p| p.of_task) {
        let inside = maps.iter().find_map(|m| m.get(&port.label));
        let number = inside.and_then(|v| v.as_i64().or_else(|| v.as_str()?.parse().ok()));
        port.to = number.unwrap_or(port.to);
    }
    ports
}

fn resources(context: &NodeContext, alloc: &api::Allocation, task: &api::Task) -> TaskResources {
    let given = alloc.allocated_resources.as_ref().and_then(|r| r.tasks.get(&task.name));
    let machine = &context.machine;
    TaskResources {
        cpu_mhz: given.map_or(100, |g| g.cpu.cpu_shares),
        cpu_mhz_total: machine.cpu_mhz_total,
        cpu_cores_total: machine.cores,
        memory_mb: given.map_or(300, |g| g.memory.memory_mb),
        memory_max_mb: given.map_or(0, |g| g.memory.memory_max_mb),
    }
}

fn mounts(
    alloc_name: &str,
    group: &api::TaskGroup,
    task: &api::Task,
    node: &api::Node,
    env: &TaskEnv,
) -> Vec<TaskMount> {
    let mount = |mount: &api::VolumeMount| {
        let request = group.volumes.get(mount.volume.as_deref()?)?;
        let mut name = env.replace(&request.source);
        if request.per_alloc {
            name.push_str(&format!("[{}]", name_index(alloc_name)));
        }
        let volume = node.host_volumes.get(&name)?;
        Some(TaskMount {
            source: PathBuf::from(&volume.path),
            target: env.replace(mount.destination.as_deref()?),
            read_only: mount.read_only.unwrap_or(false) || request.read_only || volume.read_only,
            propagation: mount.propagation_mode.clone().unwrap_or_default(),
        })
    };
    task.volume_mounts.iter().filter_map(mount).collect()
}

fn log_limits(task: &api::Task) -> LogLimits {
    let default = LogLimits::default();
    let Some(config) = &task.log_config else {
        return default;
    };
    let positive =
        |value: Option<i64>| value.and_then(|v| u64::try_from(v).ok()).filter(|v| *v > 0);
    LogLimits {
        max_files: positive(config.max_files).unwrap_or(default.max_files),
        max_file_bytes: positive(config.max_file_size_mb)
            .map_or(default.max_file_bytes, |mb| mb << 20),
        disabled: config.disabled.unwrap_or(false),
    }
}

fn network_mode(group: &api::TaskGroup) -> NetworkMode {
    match group.networks.first().map(|n| n.mode.as_str()) {
        Some("none") => NetworkMode::None,
        Some("bridge") => NetworkMode::Bridge { alone: group.tasks.len() == 1 },
        _ => NetworkMode::Default,
    }
}
