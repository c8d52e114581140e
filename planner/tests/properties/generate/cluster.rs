//! Clusters: nodes of several datacenters, pools and classes, with volumes, devices, networks and held ports, alone on
//! their machines or sharing one.

use steppe_planner::Map;
use steppe_planner::api;
use steppe_planner::snapshot::{DOCUMENT_VERSION, Document};

use super::Dice;

/// The hour in all of them.
pub(crate) const NOW: i64 = 1_700_000_000_000_000_000;

/// An empty cluster.
pub(crate) fn cluster(dice: &mut Dice<'_>) -> Document {
    let count = 1 + dice.below(6);
    let mut nodes: Vec<api::Node> = (1..=count).map(|number| node(dice, number)).collect();
    let hosts = hosts(dice, &mut nodes);
    Document {
        version: DOCUMENT_VERSION,
        index: 1,
        profile: dice.pick(&["2.0", "2.0", "1.1", "1.8.4"]).to_owned(),
        now: NOW,
        nodes,
        hosts,
        csi_volumes: (0..dice.below(3)).map(|index| csi_volume(dice, index)).collect(),
        scheduler_config: Some(config(dice)),
        ..Document::default()
    }
}

fn config(dice: &mut Dice<'_>) -> api::SchedulerConfiguration {
    let scheduler_algorithm = dice.pick(&["binpack", "spread"]).to_owned();
    let mut config = api::SchedulerConfiguration {
        scheduler_algorithm,
        ..api::SchedulerConfiguration::default()
    };
    config.preemption_config.service_scheduler_enabled = dice.one_in(2);
    config.preemption_config.batch_scheduler_enabled = dice.one_in(2);
    config.preemption_config.system_scheduler_enabled = dice.one_in(2);
    config.preemption_config.sys_batch_scheduler_enabled = dice.one_in(2);
    config
}

/// A node of that number. Its name says where it stands, its ID does not.
pub(crate) fn node(dice: &mut Dice<'_>, number: usize) -> api::Node {
    let text = |text: &str| text.to_owned();
    let mut attributes = api::TextMap::from([
        (text("kernel.name"), text(dice.pick(&["linux", "linux", "windows"]))),
        (text("os.version"), text(dice.pick(&["20.04", "9.1", "22.4.1-rc1"]))),
        (text("unique.hostname"), format!("host{number}")),
    ]);
    if dice.one_in(3) {
        attributes.insert(text("driver.exec"), text("1"));
    }
    let mut meta = api::TextMap::new();
    if !dice.one_in(4) {
        meta.insert(text("rack"), text(dice.pick(&["r1", "r2", "r3"])));
    }
    let healthy = !dice.one_in(8);
    let docker = api::DriverInfo { detected: true, healthy, ..api::DriverInfo::default() };
    let draining = dice.one_in(10);
    api::Node {
        id: format!("{}-node-{number}", dice.pick(&["5", "9", "2"])),
        name: format!("n{number:02}"),
        datacenter: text(dice.pick(&["dc1", "dc1", "dc2"])),
        node_class: text(dice.pick(&["", "small", "large"])),
        node_pool: Some(text(dice.pick(&["default", "default", "default", "gpu"]))),
        status: text(dice.pick(&["ready"; 9].iter().copied().chain(["down"]).collect::<Vec<_>>())),
        scheduling_eligibility: text(if draining || dice.one_in(10) {
            "ineligible"
        } else {
            "eligible"
        }),
        drain: draining,
        drain_strategy: draining.then(api::DrainStrategy::default),
        attributes,
        meta,
        drivers: Map::from([(text("docker"), docker)]),
        host_volumes: host_volumes(dice),
        csi_node_plugins: csi_plugins(dice),
        node_resources: Some(resources(dice, number)),
        reserved_resources: Some(reserved(dice)),
        node_max_allocs: dice.one_in(6).then(|| dice.pick(&[2, 3, 5])),
        ..api::Node::default()
    }
}

fn host_volumes(dice: &mut Dice<'_>) -> Map<api::HostVolume> {
    let mut volumes = Map::new();
    for name in ["data", "logs"] {
        if dice.one_in(2) {
            let volume = api::HostVolume {
                name: name.to_owned(),
                path: format!("/srv/{name}"),
                read_only: dice.one_in(4),
                id: None,
            };
            volumes.insert(name.to_owned(), volume);
        }
    }
    volumes
}

fn csi_plugins(dice: &mut Dice<'_>) -> Map<api::Value> {
    let mut plugins = Map::new();
    if dice.one_in(2) {
        let most = 1 + dice.below(3);
        let plugin =
            serde_json::json!({"Healthy": !dice.one_in(6), "NodeInfo": {"MaxVolumes": most}});
        plugins.insert("plugin".to_owned(), plugin);
    }
    plugins
}

fn csi_volume(dice: &mut Dice<'_>, index: usize) -> api::Value {
    let mode = dice.pick(&[
        "multi-node-multi-writer",
        "single-node-writer",
        "multi-node-reader-only",
        "multi-node-single-writer",
    ]);
    serde_json::json!({
        "ID": format!("disk[{index}]"), "Namespace": "default", "PluginID": "plugin",
        "Schedulable": !dice.one_in(8), "AccessMode": mode,
    })
}

fn resources(dice: &mut Dice<'_>, number: usize) -> api::NodeResources {
    let address = |alias: &str, last: usize| api::NodeNetworkAddress {
        family: "ipv4".to_owned(),
        alias: alias.to_owned(),
        address: format!("10.0.{last}.{number}"),
        reserved_ports: if last == 1 { "9000-9002".to_owned() } else { String::new() },
        gateway: String::new(),
    };
    let mut addresses = vec![address("default", 0)];
    if dice.one_in(2) {
        addresses.push(address("default", 1));
    }
    if dice.one_in(2) {
        addresses.push(address("public", 2));
    }
    let interface = |mode: &str| api::NetworkResource {
        mode: mode.to_owned(),
        device: if mode == "host" { "eth0".to_owned() } else { String::new() },
        cidr: if mode == "host" { format!("10.0.0.{number}/32") } else { String::new() },
        ip: format!("10.0.0.{number}"),
        mbits: Some(1000),
        ..api::NetworkResource::default()
    };
    let mut networks = vec![interface("host")];
    if dice.one_in(2) {
        networks.push(interface("bridge"));
    }
    let cores = u16::try_from(dice.below(5)).expect("a small number");
    // A few nodes have hardly any dynamic ports, and some are so small that room must be made.
    let few = dice.one_in(6);
    let size = dice.pick(&[30, 30, 3]);
    api::NodeResources {
        cpu: api::NodeCpu {
            cpu_shares: 500 + 100 * dice.amount(size),
            total_cpu_cores: i64::from(cores),
            reservable_cpu_cores: (0..cores).collect(),
        },
        memory: api::NodeMemory { memory_mb: 256 + 64 * dice.amount(size) },
        disk: api::NodeDisk { disk_mb: 1000 + 500 * dice.amount(10) },
        networks,
        node_networks: vec![api::NodeNetwork {
            mode: "host".to_owned(),
            device: "eth0".to_owned(),
            addresses,
            ..api::NodeNetwork::default()
        }],
        devices: (0..dice.below(3)).map(|group| device(dice, group)).collect(),
        min_dynamic_port: few.then_some(20_000),
        max_dynamic_port: few.then_some(20_003),
    }
}

fn device(dice: &mut Dice<'_>, group: usize) -> api::NodeDevice {
    let instance = |dice: &mut Dice<'_>, number: usize| api::NodeDeviceInstance {
        id: format!("gpu-{group}-{number}"),
        healthy: !dice.one_in(5),
        ..api::NodeDeviceInstance::default()
    };
    let memory = serde_json::json!({"Int": 4 + 4 * dice.below(3), "Unit": "GiB"});
    api::NodeDevice {
        vendor: dice.pick(&["nvidia", "amd"]).to_owned(),
        kind: "gpu".to_owned(),
        name: format!("model{group}"),
        instances: (0..1 + dice.below(3)).map(|number| instance(dice, number)).collect(),
        attributes: Map::from([("memory".to_owned(), memory)]),
    }
}

fn reserved(dice: &mut Dice<'_>) -> api::NodeReservedResources {
    let ports = dice.pick(&["", "", "22", "8080,9000-9100", "20000-20001"]);
    api::NodeReservedResources {
        cpu: api::ReservedCpu { cpu_shares: 100 * dice.amount(3), reserved_cpu_cores: Vec::new() },
        memory: api::NodeMemory { memory_mb: 32 * dice.amount(3) },
        disk: api::NodeDisk { disk_mb: 0 },
        networks: api::ReservedNetworks { reserved_host_ports: ports.to_owned() },
    }
}

/// Sometimes all nodes but the first stand on one machine, which other programs use too.
fn hosts(dice: &mut Dice<'_>, nodes: &mut [api::Node]) -> Vec<api::Host> {
    if !dice.one_in(3) {
        return Vec::new();
    }
    for node in nodes.iter_mut().skip(1) {
        let resources = node.node_resources.as_mut().expect("every node has some");
        for network in &mut resources.node_networks {
            for (last, address) in network.addresses.iter_mut().enumerate() {
                address.address = format!("10.9.{last}.1");
            }
        }
        for network in resources.networks.iter_mut().filter(|n| n.mode == "host") {
            network.ip = "10.9.0.1".to_owned();
            network.cidr = "10.9.0.1/32".to_owned();
        }
    }
    vec![api::Host {
        id: "machine".to_owned(),
        name: "machine".to_owned(),
        node_ids: nodes.iter().skip(1).map(|node| node.id.clone()).collect(),
        held_ports: held_ports(dice),
        cooling_ports: (0..dice.amount(3)).map(|port| 20_000 + port).collect(),
        ..api::Host::default()
    }]
}

/// Ports that other programs listen on.
pub(crate) fn held_ports(dice: &mut Dice<'_>) -> Vec<api::HeldPort> {
    let held = |dice: &mut Dice<'_>| api::HeldPort {
        ip: dice.pick(&["0.0.0.0", "10.9.0.1", "10.9.1.1"]).to_owned(),
        port: dice.pick(&[3306, 8080, 20_001]),
        protocol: "tcp".to_owned(),
        holder: api::Holder { kind: "process".into(), id: "1".into(), name: "mysqld".into() },
    };
    (0..dice.below(3)).map(|_| held(dice)).collect()
}
