//! Jobs: of every type, with constraints, wishes, ports, volumes, devices and policies. They are valid.

use steppe_planner::semantics::Semantics;
use steppe_planner::{Map, api, canonicalize};

use super::Dice;

const SECOND: i64 = 1_000_000_000;

/// A job, canonicalized.
pub(crate) fn job(dice: &mut Dice<'_>, id: &str) -> api::Job {
    let kind = dice.pick(&["service", "service", "batch", "system", "sysbatch"]);
    let places = kind == "service" || kind == "batch";
    let datacenters = dice.pick(&[&["dc1", "dc2"][..], &["*"], &["dc1"], &["dc*"]]);
    let groups = 1 + usize::from(dice.one_in(3));
    let mut job = api::Job {
        id: Some(id.to_owned()),
        name: Some(id.to_owned()),
        kind: Some(kind.to_owned()),
        priority: Some(10 + 20 * dice.amount(5)),
        datacenters: datacenters.iter().map(|name| (*name).to_owned()).collect(),
        node_pool: Some(dice.pick(&["default", "all", "default", "gpu"]).to_owned()),
        constraints: constraints(dice),
        spreads: if places { spreads(dice) } else { Vec::new() },
        affinities: if places { affinities(dice) } else { Vec::new() },
        task_groups: (0..groups).map(|number| group(dice, number, kind)).collect(),
        ..api::Job::default()
    };
    canonicalize(&mut job, Semantics::default());
    job
}

/// True if some property may be used so often only.
pub(crate) fn has_limited_properties(job: &api::Job) -> bool {
    let mut constraints =
        job.constraints.iter().chain(job.task_groups.iter().flat_map(|group| &group.constraints));
    constraints.any(|constraint| constraint.operand == "distinct_property")
}

fn constraints(dice: &mut Dice<'_>) -> Vec<api::Constraint> {
    const KNOWN: [(&str, &str, &str); 12] = [
        ("${attr.kernel.name}", "=", "linux"),
        ("${attr.kernel.name}", "!=", "windows"),
        ("${attr.os.version}", "version", ">= 10"),
        ("${attr.os.version}", "semver", ">= 9.0.0"),
        ("${attr.os.version}", ">", "10"),
        ("${attr.unique.hostname}", "regexp", "host[1-4]"),
        ("${meta.rack}", "is_set", ""),
        ("${meta.rack}", "set_contains_any", "r1,r3"),
        ("${node.class}", "!=", "small"),
        ("", "distinct_hosts", "true"),
        ("${meta.rack}", "distinct_property", "2"),
        ("${node.unique.name}", "distinct_property", ""),
    ];
    let some = if dice.one_in(2) { 1 + dice.below(2) } else { 0 };
    let mut made: Vec<api::Constraint> = Vec::new();
    for _ in 0..some {
        let (left, operand, right) = dice.pick(&KNOWN);
        let (l_target, operand, r_target) = (left.into(), operand.into(), right.into());
        let constraint = api::Constraint { l_target, r_target, operand };
        if !made.contains(&constraint) {
            made.push(constraint);
        }
    }
    made
}

fn affinities(dice: &mut Dice<'_>) -> Vec<api::Affinity> {
    const KNOWN: [(&str, &str, i64); 4] = [
        ("${meta.rack}", "r1", 50),
        ("${node.datacenter}", "dc2", -30),
        ("${node.class}", "large", 100),
        ("${attr.kernel.name}", "bsd", 10),
    ];
    let some = if dice.one_in(3) { 1 + dice.below(2) } else { 0 };
    let wish = |dice: &mut Dice<'_>| {
        let (left, right, weight) = dice.pick(&KNOWN);
        api::Affinity {
            l_target: left.into(),
            r_target: right.into(),
            operand: "=".into(),
            weight: Some(weight),
        }
    };
    (0..some).map(|_| wish(dice)).collect()
}

fn spreads(dice: &mut Dice<'_>) -> Vec<api::Spread> {
    if !dice.one_in(3) {
        return Vec::new();
    }
    let target = |value: &str, percent| api::SpreadTarget { value: value.into(), percent };
    let targets = dice.pick(&[
        Vec::new(),
        vec![target("r1", 60), target("r2", 40)],
        vec![target("r1", 30)],
        vec![target("r3", 0), target("*", 50)],
    ]);
    let attribute = if targets.is_empty() {
        dice.pick(&["${node.datacenter}", "${meta.rack}"])
    } else {
        "${meta.rack}"
    };
    let weight = Some(10 + 30 * dice.amount(3));
    vec![api::Spread { attribute: attribute.to_owned(), weight, spread_target: targets }]
}

fn group(dice: &mut Dice<'_>, number: usize, kind: &str) -> api::TaskGroup {
    let once = kind == "system" || kind == "sysbatch";
    let places = !once;
    let volumes = volumes(dice);
    let tasks = 1 + usize::from(dice.one_in(4));
    api::TaskGroup {
        name: format!("g{number}"),
        count: Some(if once { 1 } else { dice.amount(6) }),
        constraints: constraints(dice),
        affinities: if places { affinities(dice) } else { Vec::new() },
        spreads: if places { spreads(dice) } else { Vec::new() },
        networks: network(dice).into_iter().collect(),
        tasks: (0..tasks).map(|task| self::task(dice, task)).collect(),
        volumes,
        ephemeral_disk: Some(api::EphemeralDisk {
            sticky: Some(dice.one_in(4)),
            migrate: Some(false),
            size_mb: Some(100 + 200 * dice.amount(4)),
        }),
        update: matches!(kind, "service" | "system").then(|| update(dice)),
        reschedule_policy: places.then(|| reschedule(dice)),
        disconnect: if places { disconnect(dice) } else { None },
        ..api::TaskGroup::default()
    }
}

fn update(dice: &mut Dice<'_>) -> api::UpdateStrategy {
    api::UpdateStrategy {
        max_parallel: Some(dice.amount(4)),
        canary: Some(if dice.one_in(4) { 1 } else { 0 }),
        auto_promote: Some(false),
        auto_revert: Some(dice.one_in(2)),
        ..api::UpdateStrategy::default()
    }
}

fn reschedule(dice: &mut Dice<'_>) -> api::ReschedulePolicy {
    let unlimited = dice.one_in(2);
    api::ReschedulePolicy {
        attempts: Some(if unlimited { 0 } else { dice.amount(3) }),
        interval: Some(if unlimited { 0 } else { 3600 * SECOND }),
        delay: Some(30 * SECOND),
        delay_function: Some(dice.pick(&["constant", "exponential", "fibonacci"]).to_owned()),
        max_delay: Some(600 * SECOND),
        unlimited: Some(unlimited),
    }
}

fn disconnect(dice: &mut Dice<'_>) -> Option<api::DisconnectStrategy> {
    dice.one_in(3).then(|| api::DisconnectStrategy {
        lost_after: Some(120 * SECOND),
        replace: dice.pick(&[None, Some(true), Some(false)]),
        reconcile: dice.pick(&[None, Some("keep_replacement".to_owned())]),
        stop_on_client_after: None,
    })
}

fn network(dice: &mut Dice<'_>) -> Option<api::NetworkResource> {
    if dice.one_in(3) {
        return None;
    }
    let port = |label: String, value: i64, dice: &mut Dice<'_>| api::Port {
        label,
        value,
        to: dice.pick(&[0, 80, -1]),
        host_network: dice.pick(&["default", "default", "default", "public"]).to_owned(),
        ignore_collision: None,
    };
    let fixed: Vec<i64> = dice.pick(&[vec![], vec![3306], vec![8080, 9001], vec![20_001]]);
    let fixed =
        fixed.into_iter().map(|value| port(format!("s{value}"), value, dice)).collect::<Vec<_>>();
    let dynamic = (0..dice.below(4)).map(|n| port(format!("d{n}"), 0, dice)).collect();
    Some(api::NetworkResource {
        mode: dice.pick(&["host", "host", "bridge", "none"]).to_owned(),
        reserved_ports: fixed,
        dynamic_ports: dynamic,
        ..api::NetworkResource::default()
    })
}

fn volumes(dice: &mut Dice<'_>) -> Map<api::VolumeRequest> {
    let mut volumes = Map::new();
    if dice.one_in(5) {
        let source = dice.pick(&["data", "logs"]);
        let volume = api::VolumeRequest {
            name: "host".to_owned(),
            kind: "host".to_owned(),
            source: source.to_owned(),
            read_only: dice.one_in(2),
            ..api::VolumeRequest::default()
        };
        volumes.insert("host".to_owned(), volume);
    }
    if dice.one_in(8) {
        let volume = api::VolumeRequest {
            name: "disk".to_owned(),
            kind: "csi".to_owned(),
            source: "disk".to_owned(),
            per_alloc: true,
            read_only: dice.one_in(2),
            access_mode: "multi-node-multi-writer".to_owned(),
            attachment_mode: "file-system".to_owned(),
            ..api::VolumeRequest::default()
        };
        volumes.insert("disk".to_owned(), volume);
    }
    volumes
}

fn task(dice: &mut Dice<'_>, number: usize) -> api::Task {
    let image = dice.pick(&["one", "two", "three"]);
    let config = Map::from([("image".to_owned(), api::Value::from(image))]);
    let lifecycle = (number > 0).then(|| api::Lifecycle {
        hook: dice.pick(&["prestart", "poststart", "poststop"]).to_owned(),
        sidecar: dice.one_in(2),
    });
    let lifecycle =
        lifecycle.map(|l| api::Lifecycle { sidecar: l.sidecar && l.hook != "poststop", ..l });
    let cores = if dice.one_in(8) { Some(1 + dice.amount(2)) } else { None };
    api::Task {
        name: format!("t{number}"),
        driver: dice.pick(&["docker", "docker", "docker", "exec"]).to_owned(),
        config,
        lifecycle,
        constraints: if dice.one_in(6) { task_constraint() } else { Vec::new() },
        resources: Some(api::Resources {
            cpu: if cores.is_some() { None } else { Some(50 + 100 * dice.amount(8)) },
            cores,
            memory_mb: Some(32 + 32 * dice.amount(8)),
            devices: devices(dice),
            networks: task_network(dice),
            ..api::Resources::default()
        }),
        ..api::Task::default()
    }
}

fn task_constraint() -> Vec<api::Constraint> {
    vec![api::Constraint {
        l_target: "${node.datacenter}".to_owned(),
        r_target: "dc1".to_owned(),
        operand: "=".to_owned(),
    }]
}

fn devices(dice: &mut Dice<'_>) -> Vec<api::RequestedDevice> {
    if !dice.one_in(5) {
        return Vec::new();
    }
    let enough = api::Constraint {
        l_target: "${device.attr.memory}".to_owned(),
        r_target: "8 GiB".to_owned(),
        operand: ">=".to_owned(),
    };
    let wish = api::Affinity {
        l_target: "${device.vendor}".to_owned(),
        r_target: "amd".to_owned(),
        operand: "=".to_owned(),
        weight: Some(50),
    };
    vec![api::RequestedDevice {
        name: dice.pick(&["gpu", "nvidia/gpu", "nvidia/gpu/model0"]).to_owned(),
        count: Some(1 + dice.below(2) as u64),
        constraints: if dice.one_in(2) { vec![enough] } else { Vec::new() },
        affinities: if dice.one_in(2) { vec![wish] } else { Vec::new() },
    }]
}

/// The old way to ask for ports, of a task.
fn task_network(dice: &mut Dice<'_>) -> Vec<api::NetworkResource> {
    if !dice.one_in(8) {
        return Vec::new();
    }
    let port =
        |label: &str, value| api::Port { label: label.to_owned(), value, ..api::Port::default() };
    vec![api::NetworkResource {
        mbits: Some(100 + 200 * dice.amount(4)),
        reserved_ports: if dice.one_in(2) { vec![port("fixed", 7000)] } else { Vec::new() },
        dynamic_ports: vec![port("free", 0)],
        ..api::NetworkResource::default()
    }]
}
