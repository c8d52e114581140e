//! What a placement is given, as Nomad writes it into the allocation.

use crate::Map;
use crate::api;
use crate::model::{Group, NetworkAsk, Node, Phase, Symbols};
use crate::plan::{PlannedPort, PlannedVolume};
use crate::scheduler::Situation;
use crate::scheduler::draft::{Draft, Placed};
use crate::scheduler::fit::PortGrant;

/// The complete resources of a placement.
pub(super) fn allocated(
    situation: &Situation<'_>,
    draft: &Draft<'_>,
    group: &Group,
    placed: &Placed,
) -> api::AllocatedResources {
    let node = &situation.cluster.nodes[placed.node as usize];
    let symbols = &situation.cluster.symbols;
    let mut resources = api::AllocatedResources::default();
    for (t, task) in group.tasks.iter().enumerate() {
        let cores = placed.grant.cores_of(t).to_vec();
        let whole = i64::try_from(cores.len()).unwrap_or(0) * node.mhz_per_core;
        let given = api::AllocatedTaskResources {
            cpu: api::AllocatedCpu {
                cpu_shares: if cores.is_empty() { task.cpu } else { whole },
                reserved_cores: cores,
            },
            memory: api::AllocatedMemory {
                memory_mb: task.memory,
                memory_max_mb: if situation.memory_oversubscription { task.memory_max } else { 0 },
            },
            networks: task_networks(group, t, placed, symbols),
            devices: placed
                .grant
                .devices
                .iter()
                .filter(|d| d.task == t)
                .map(|d| api::AllocatedDevice {
                    vendor: d.vendor.clone(),
                    kind: d.kind.clone(),
                    name: d.name.clone(),
                    device_ids: d.instances.clone(),
                })
                .collect(),
        };
        resources.tasks.insert(task.name.clone(), given);
    }
    resources.task_lifecycles = lifecycles(group);
    resources.shared = api::AllocatedSharedResources {
        disk_mb: group.disk,
        networks: group.network.iter().map(|n| group_network(n, node, placed)).collect(),
        ports: planned_ports(draft, group, placed)
            .into_iter()
            .map(|p| api::PortMapping {
                label: p.label,
                value: p.value,
                to: p.to,
                host_ip: p.host_ip,
            })
            .collect(),
    };
    resources
}

fn lifecycles(group: &Group) -> Map<Option<api::Lifecycle>> {
    let hook = |phase: Phase| {
        let (hook, sidecar) = match phase {
            Phase::Main => return None,
            Phase::Prestart => ("prestart", false),
            Phase::PrestartSidecar => ("prestart", true),
            Phase::Poststart => ("poststart", false),
            Phase::Poststop => ("poststop", false),
        };
        Some(api::Lifecycle { hook: hook.to_owned(), sidecar })
    };
    group.tasks.iter().map(|t| (t.name.clone(), hook(t.phase))).collect()
}

/// The amounts of the new version on what an allocation already has.
pub(super) fn refresh(resources: &mut api::AllocatedResources, group: &Group) {
    for task in &group.tasks {
        let given = resources.tasks.entry(task.name.clone()).or_default();
        if given.cpu.reserved_cores.is_empty() {
            given.cpu.cpu_shares = task.cpu;
        }
        given.memory.memory_mb = task.memory;
    }
    resources.task_lifecycles = lifecycles(group);
    resources.shared.disk_mb = group.disk;
}

fn grant_of(
    placed: &Placed,
    task: Option<usize>,
    dynamic: bool,
    index: usize,
) -> Option<&PortGrant> {
    placed
        .grant
        .ports
        .iter()
        .find(|g| g.port.task == task && g.port.dynamic == dynamic && g.port.index == index)
}

fn ports(
    network: &NetworkAsk,
    placed: &Placed,
    task: Option<usize>,
    dynamic: bool,
) -> Vec<api::Port> {
    let asks = if dynamic { &network.dynamic } else { &network.fixed };
    asks.iter()
        .enumerate()
        .map(|(index, ask)| {
            let value = grant_of(placed, task, dynamic, index).map_or(ask.value, |g| g.value);
            api::Port {
                label: ask.label.clone(),
                value,
                to: if ask.to == -1 { value } else { ask.to },
                host_network: ask.host_network.clone(),
                ignore_collision: ask.ignore_collision.then_some(true),
            }
        })
        .collect()
}

fn group_network(network: &NetworkAsk, node: &Node, placed: &Placed) -> api::NetworkResource {
    api::NetworkResource {
        mode: network.mode.clone(),
        ip: node.host_ip.clone(),
        mbits: Some(network.mbits),
        reserved_ports: ports(network, placed, None, false),
        dynamic_ports: ports(network, placed, None, true),
        ..api::NetworkResource::default()
    }
}

fn task_networks(
    group: &Group,
    task: usize,
    placed: &Placed,
    symbols: &Symbols,
) -> Vec<api::NetworkResource> {
    let Some(network) = &group.tasks[task].network else { return Vec::new() };
    let granted = placed.grant.networks.iter().filter(|n| n.task == task);
    granted
        .map(|given| api::NetworkResource {
            mode: network.mode.clone(),
            device: given.device.clone(),
            ip: symbols.text(given.ip).to_owned(),
            mbits: Some(given.mbits),
            reserved_ports: ports(network, placed, Some(task), false),
            dynamic_ports: ports(network, placed, Some(task), true),
            ..api::NetworkResource::default()
        })
        .collect()
}

/// Every port of a placement: the group's, then each task's.
pub(super) fn planned_ports(draft: &Draft<'_>, group: &Group, placed: &Placed) -> Vec<PlannedPort> {
    let port = |grant: &PortGrant| {
        let ask = grant.port.ask(group)?;
        let task = grant.port.task.and_then(|t| group.tasks.get(t));
        Some(PlannedPort {
            label: ask.label.clone(),
            host_ip: draft.cluster.symbols.text(grant.ip).to_owned(),
            value: grant.value,
            to: if ask.to == -1 { grant.value } else { ask.to },
            is_static: !grant.port.dynamic,
            task: task.map(|t| t.name.clone()).unwrap_or_default(),
        })
    };
    placed.grant.ports.iter().filter_map(port).collect()
}

/// Every volume of a placement.
pub(super) fn planned_volumes(node: &Node, group: &Group, index: u64) -> Vec<PlannedVolume> {
    group
        .volumes
        .iter()
        .map(|ask| {
            let source = ask.id(index);
            let found = node.volumes.get(&source).filter(|_| !ask.csi);
            PlannedVolume {
                name: ask.name.clone(),
                kind: if ask.csi { "csi" } else { "host" }.to_owned(),
                path: found.map(|v| v.path.clone()).unwrap_or_default(),
                read_only: ask.read_only || found.is_some_and(|v| v.read_only),
                source,
                mounts: group
                    .tasks
                    .iter()
                    .flat_map(|task| {
                        task.mounts
                            .iter()
                            .filter(|(volume, _)| *volume == ask.name)
                            .map(|(_, destination)| format!("{}:{destination}", task.name))
                    })
                    .collect(),
            }
        })
        .collect()
}
