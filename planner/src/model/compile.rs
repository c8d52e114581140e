//! Documents to model, for jobs. Nodes and allocations are compiled with the snapshot.

use super::*;
use crate::api;
use crate::semantics::{MAX_COUNT, Rule, Semantics};

/// Compiles a canonicalized job. Attribute names that no node has stay unresolved.
pub fn compile_job(job: &api::Job, symbols: &Symbols, semantics: Semantics) -> Job {
    let id = job.id.clone().unwrap_or_default();
    let groups =
        job.task_groups.iter().map(|group| compile_group(job, group, symbols, semantics)).collect();
    Job {
        key: symbols.find(&job_symbol(job.namespace.as_deref(), &id)).unwrap_or(Symbol(u32::MAX)),
        namespace: namespace(job.namespace.as_deref()).to_owned(),
        name: job.name.clone().filter(|n| !n.is_empty()).unwrap_or_else(|| id.clone()),
        id,
        kind: match job.kind.as_deref() {
            Some("batch") => JobKind::Batch,
            Some("system") => JobKind::System,
            Some("sysbatch") => JobKind::SysBatch,
            _ => JobKind::Service,
        },
        priority: job.priority.unwrap_or(50),
        datacenters: job.datacenters.clone(),
        pool: job.node_pool.clone().filter(|p| !p.is_empty()).unwrap_or_else(|| "default".into()),
        version: job.version.unwrap_or_default(),
        create_index: job.create_index.unwrap_or_default(),
        stopped: job.stop.unwrap_or_default(),
        stable: job.stable.unwrap_or_default(),
        constraints: constraints(&job.constraints, symbols),
        update: job.update.as_ref().map(update).unwrap_or_default(),
        groups,
    }
}

/// The text under which a job is interned: allocations and jobs meet by it.
pub fn job_symbol(namespace: Option<&str>, id: &str) -> String {
    format!("{}\u{0}{id}", self::namespace(namespace))
}

fn namespace(written: Option<&str>) -> &str {
    written.filter(|name| !name.is_empty()).unwrap_or("default")
}

fn compile_group(
    job: &api::Job,
    group: &api::TaskGroup,
    symbols: &Symbols,
    semantics: Semantics,
) -> Group {
    let tasks: Vec<Task> =
        group.tasks.iter().map(|task| compile_task(task, symbols, semantics)).collect();
    let disk = group.ephemeral_disk.as_ref().and_then(|d| d.size_mb).unwrap_or(300);
    let affinities = job
        .affinities
        .iter()
        .chain(&group.affinities)
        .chain(group.tasks.iter().flat_map(|task| &task.affinities))
        .map(|a| Affinity {
            condition: constraint(&a.l_target, &a.operand, &a.r_target, symbols),
            weight: a.weight.unwrap_or(50),
        })
        .collect();
    Group {
        name: group.name.clone(),
        count: group.count.unwrap_or(1).min(MAX_COUNT),
        constraints: constraints(&group.constraints, symbols),
        affinities,
        spreads: job.spreads.iter().chain(&group.spreads).map(|s| spread(s, symbols)).collect(),
        network: group.networks.first().map(network),
        volumes: group.volumes.iter().map(|(name, v)| volume(name, v, semantics)).collect(),
        disk,
        sticky_disk: group.ephemeral_disk.as_ref().is_some_and(|disk| {
            let migrates = semantics.has(Rule::MigratePrefersNode) && disk.migrate == Some(true);
            disk.sticky == Some(true) || migrates
        }),
        update: group.update.as_ref().map(update),
        reschedule: group.reschedule_policy.as_ref().map(reschedule),
        stop_after_disconnect: group
            .stop_after_client_disconnect
            .or(group.disconnect.as_ref().and_then(|d| d.stop_on_client_after))
            .unwrap_or(0),
        disconnect: disconnect(group),
        usage: flatten(tasks.iter().map(|t| (t.phase, t.cpu, t.memory)), disk, semantics),
        tasks,
    }
}

/// The block, or the older attribute that stands for one.
fn disconnect(group: &api::TaskGroup) -> Option<Disconnect> {
    let block = group.disconnect.clone().unwrap_or_default();
    let lost_after = block.lost_after.or(group.max_client_disconnect).filter(|time| *time > 0)?;
    Some(Disconnect {
        lost_after,
        replace: block.replace != Some(false),
        delayed: block.replace.is_some(),
        keeps_replacement: block.reconcile.as_deref() == Some("keep_replacement"),
    })
}

fn compile_task(task: &api::Task, symbols: &Symbols, semantics: Semantics) -> Task {
    let empty = api::Resources::default();
    let resources = task.resources.as_ref().unwrap_or(&empty);
    let cores = resources.cores.unwrap_or(0);
    let counted = resources.secrets_mb.filter(|_| semantics.has(Rule::SecretsMemory));
    let secrets = counted.unwrap_or(0);
    Task {
        name: task.name.clone(),
        driver: task.driver.clone(),
        secret_providers: if semantics.has(Rule::SecretsProviders) {
            secret_providers(task)
        } else {
            Vec::new()
        },
        constraints: constraints(&task.constraints, symbols),
        phase: task.lifecycle.as_ref().map_or(Phase::Main, |l| Phase::of(&l.hook, l.sidecar)),
        cpu: resources.cpu.unwrap_or(if cores > 0 { 0 } else { 100 }),
        cores,
        memory: resources.memory_mb.unwrap_or(300).saturating_add(secrets),
        secrets,
        memory_max: match resources.memory_max_mb.unwrap_or(0) {
            most if most > 0 => most.saturating_add(secrets),
            most => most,
        },
        network: resources.networks.first().map(network),
        devices: resources.devices.iter().map(device).collect(),
        kill_timeout: task.kill_timeout.unwrap_or(0),
        mounts: task
            .volume_mounts
            .iter()
            .filter_map(|m| Some((m.volume.clone()?, m.destination.clone().unwrap_or_default())))
            .collect(),
    }
}

fn secret_providers(task: &api::Task) -> Vec<String> {
    let secrets = task.secrets.as_ref().and_then(api::Value::as_array).into_iter().flatten();
    let provider = |secret: &api::Value| Some(secret.get("Provider")?.as_str()?.to_owned());
    secrets.filter_map(provider).collect()
}

fn constraint(left: &str, operand: &str, right: &str, symbols: &Symbols) -> Constraint {
    let right_target = Target::parse(right, symbols);
    let operand_kind = Operand::parse(operand);
    let pattern = match &right_target {
        Target::Literal(text) => Pattern::new(operand_kind, text),
        _ => Pattern::None,
    };
    Constraint {
        left: Target::parse(left, symbols),
        right: right_target,
        operand: operand_kind,
        pattern,
        left_text: left.to_owned(),
        operand_text: operand.to_owned(),
        right_text: right.to_owned(),
    }
}

fn constraints(list: &[api::Constraint], symbols: &Symbols) -> Vec<Constraint> {
    list.iter().map(|c| constraint(&c.l_target, &c.operand, &c.r_target, symbols)).collect()
}

fn spread(spread: &api::Spread, symbols: &Symbols) -> Spread {
    Spread {
        attribute: Target::parse(&spread.attribute, symbols),
        attribute_text: spread.attribute.clone(),
        weight: spread.weight.unwrap_or(50),
        targets: spread.spread_target.iter().map(|t| (t.value.clone(), t.percent)).collect(),
    }
}

fn network(network: &api::NetworkResource) -> NetworkAsk {
    let port = |p: &api::Port| PortAsk {
        label: p.label.clone(),
        value: p.value,
        to: p.to,
        host_network: if p.host_network.is_empty() {
            "default".to_owned()
        } else {
            p.host_network.clone()
        },
        ignore_collision: p.ignore_collision.unwrap_or_default(),
    };
    NetworkAsk {
        mode: network.mode.clone(),
        mbits: network.mbits.unwrap_or(0),
        fixed: network.reserved_ports.iter().map(port).collect(),
        dynamic: network.dynamic_ports.iter().map(port).collect(),
    }
}

fn volume(name: &str, volume: &api::VolumeRequest, semantics: Semantics) -> VolumeAsk {
    let csi = volume.kind == "csi";
    VolumeAsk {
        name: name.to_owned(),
        csi,
        source: volume.source.clone(),
        read_only: volume.read_only,
        per_alloc: volume.per_alloc && (csi || semantics.has(Rule::HostVolumePerAlloc)),
        access_mode: volume.access_mode.clone(),
    }
}

fn device(device: &api::RequestedDevice) -> DeviceAsk {
    let condition = |left: &str, operand: &str, right: &str| DeviceCondition {
        left: left.to_owned(),
        operand: Operand::parse(operand),
        right: right.to_owned(),
    };
    DeviceAsk {
        name: device.name.clone(),
        count: device.count.unwrap_or(1),
        constraints: device
            .constraints
            .iter()
            .map(|c| condition(&c.l_target, &c.operand, &c.r_target))
            .collect(),
        affinities: device
            .affinities
            .iter()
            .map(|a| (condition(&a.l_target, &a.operand, &a.r_target), a.weight.unwrap_or(50)))
            .collect(),
    }
}

fn update(update: &api::UpdateStrategy) -> Update {
    Update {
        max_parallel: update.max_parallel.unwrap_or(0),
        canary: update.canary.unwrap_or(0),
        auto_revert: update.auto_revert.unwrap_or_default(),
        auto_promote: update.auto_promote.unwrap_or_default(),
        progress_deadline: update.progress_deadline.unwrap_or(0),
        stagger: update.stagger.unwrap_or(0),
    }
}

fn reschedule(policy: &api::ReschedulePolicy) -> ReschedulePolicy {
    ReschedulePolicy {
        attempts: policy.attempts.unwrap_or(0),
        interval: policy.interval.unwrap_or(0),
        delay: policy.delay.unwrap_or(0),
        function: match policy.delay_function.as_deref() {
            Some("exponential") => DelayFunction::Exponential,
            Some("fibonacci") => DelayFunction::Fibonacci,
            _ => DelayFunction::Constant,
        },
        max_delay: policy.max_delay.unwrap_or(0),
        unlimited: policy.unlimited.unwrap_or_default(),
    }
}
