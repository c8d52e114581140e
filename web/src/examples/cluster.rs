//! The cluster shown where no agent answers: small enough to see whole, and with one of each trouble.
//!
//! It is a snapshot document like any other, so that nothing else in the page knows of it.

use steppe_planner::semantics::Semantics;
use steppe_planner::snapshot::{DOCUMENT_VERSION, Document};
use steppe_planner::{Map, api};

/// Noon of the first of June 2026. The planner takes the time from the snapshot.
const NOW_NS: i64 = 1_780_315_200_000_000_000;
const INDEX: u64 = 100;

/// A node in the terms of this file.
struct Sketch {
    name: &'static str,
    datacenter: &'static str,
    class: &'static str,
    ip: &'static str,
    cpu_mhz: i64,
    cores: i64,
    memory_mb: i64,
    disk_mb: i64,
    docker: Docker,
    /// Name, path, read only.
    volumes: &'static [(&'static str, &'static str, bool)],
    /// Port, kind of holder, its name.
    held: &'static [(i64, &'static str, &'static str)],
    draining: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Docker {
    Healthy,
    Stopped,
}

const PLAIN: Sketch = Sketch {
    name: "",
    datacenter: "dc1",
    class: "",
    ip: "",
    cpu_mhz: 9600,
    cores: 4,
    memory_mb: 8192,
    disk_mb: 102_400,
    docker: Docker::Healthy,
    volumes: &[],
    held: &[(22, "process", "sshd")],
    draining: false,
};

const NODES: [Sketch; 7] = [
    Sketch {
        name: "alder",
        ip: "10.0.0.11",
        volumes: &[("mysql-vol", "/srv/mysql", false)],
        ..PLAIN
    },
    Sketch {
        name: "birch",
        ip: "10.0.0.12",
        volumes: &[("mysql-vol", "/srv/mysql", false)],
        held: &[(22, "process", "sshd"), (3306, "process", "mysqld")],
        ..PLAIN
    },
    Sketch {
        name: "cedar",
        ip: "10.0.0.13",
        cpu_mhz: 19_200,
        cores: 8,
        memory_mb: 16_384,
        disk_mb: 409_600,
        volumes: &[("mysql-vol", "/mnt/replica", true)],
        ..PLAIN
    },
    Sketch { name: "hazel", ip: "10.0.0.14", docker: Docker::Stopped, ..PLAIN },
    Sketch {
        name: "maple",
        ip: "10.0.0.15",
        cpu_mhz: 2400,
        cores: 1,
        memory_mb: 1024,
        disk_mb: 20_480,
        class: "small",
        ..PLAIN
    },
    Sketch { name: "rowan", ip: "10.0.0.16", draining: true, ..PLAIN },
    Sketch {
        name: "yew",
        datacenter: "dc2",
        class: "large",
        ip: "10.1.0.11",
        cpu_mhz: 51_200,
        cores: 16,
        memory_mb: 65_536,
        disk_mb: 1_048_576,
        ..PLAIN
    },
];

/// Job, node, index, cpu, memory, port label and number.
const RUNNING: [(&str, &str, u64, i64, i64, &str, i64); 9] = [
    ("shop", "alder", 0, 1200, 1024, "http", 22_104),
    ("shop", "cedar", 1, 1200, 1024, "http", 28_731),
    ("cache", "alder", 0, 500, 512, "redis", 6379),
    ("cache", "cedar", 1, 500, 512, "redis", 6379),
    ("ledger", "birch", 0, 2000, 4096, "api", 24_410),
    ("metrics", "maple", 0, 600, 768, "scrape", 9100),
    ("metrics", "birch", 1, 600, 768, "scrape", 9100),
    ("search", "yew", 0, 12_000, 24_576, "http", 9200),
    ("search", "cedar", 1, 6000, 6144, "http", 9200),
];

/// The document.
pub(super) fn document() -> Document {
    Document {
        version: DOCUMENT_VERSION,
        index: INDEX,
        now: NOW_NS,
        profile: "2.0".to_owned(),
        nodes: NODES.iter().map(node).collect(),
        hosts: NODES.iter().map(host).collect(),
        jobs: ["cache", "ledger", "metrics", "search", "shop"].map(job).to_vec(),
        allocations: RUNNING.iter().enumerate().map(|(i, a)| allocation(i, a)).collect(),
        ..Document::default()
    }
}

/// IDs look like Nomad's and say nothing.
fn id(kind: u32, number: usize) -> String {
    format!(
        "{:08x}-5a4d-4c1e-9b0f-{kind:04x}{number:08x}",
        0x1f3b_52a7_u32.wrapping_mul(kind + number as u32 * 7 + 3)
    )
}

fn node_id(name: &str) -> String {
    id(1, NODES.iter().position(|n| n.name == name).unwrap_or_default())
}

fn node(sketch: &Sketch) -> api::Node {
    let healthy = sketch.docker == Docker::Healthy;
    let docker = api::DriverInfo {
        detected: true,
        healthy,
        health_description: if healthy { "Healthy" } else { "the Docker engine is not running" }
            .into(),
        ..api::DriverInfo::default()
    };
    let attributes = [
        ("kernel.name", "linux"),
        ("kernel.version", "6.12.41"),
        ("os.name", "debian"),
        ("os.version", "13"),
        ("arch", "amd64"),
        ("cpu.arch", "amd64"),
        ("unique.hostname", sketch.name),
        ("unique.network.ip-address", sketch.ip),
        ("driver.docker", if healthy { "1" } else { "0" }),
        ("driver.docker.version", "27.5.1"),
    ];
    let volumes = sketch.volumes.iter().map(|(name, path, read_only)| {
        let volume = api::HostVolume {
            name: (*name).to_owned(),
            path: (*path).to_owned(),
            read_only: *read_only,
            id: None,
        };
        ((*name).to_owned(), volume)
    });
    api::Node {
        id: node_id(sketch.name),
        name: sketch.name.to_owned(),
        datacenter: sketch.datacenter.to_owned(),
        node_class: sketch.class.to_owned(),
        node_pool: Some("default".to_owned()),
        attributes: attributes.map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
        drivers: Map::from([("docker".to_owned(), docker)]),
        host_volumes: volumes.collect(),
        node_resources: Some(resources(sketch)),
        status: "ready".to_owned(),
        scheduling_eligibility: if sketch.draining { "ineligible" } else { "eligible" }.to_owned(),
        drain: sketch.draining,
        drain_strategy: sketch.draining.then(api::DrainStrategy::default),
        create_index: 10,
        modify_index: 10,
        ..api::Node::default()
    }
}

fn resources(sketch: &Sketch) -> api::NodeResources {
    let network = api::NetworkResource {
        mode: "host".to_owned(),
        device: "eth0".to_owned(),
        cidr: format!("{}/32", sketch.ip),
        ip: sketch.ip.to_owned(),
        mbits: Some(1000),
        ..api::NetworkResource::default()
    };
    let address = api::NodeNetworkAddress {
        family: "ipv4".to_owned(),
        alias: "default".to_owned(),
        address: sketch.ip.to_owned(),
        ..api::NodeNetworkAddress::default()
    };
    let interface = api::NodeNetwork {
        mode: "host".to_owned(),
        device: "eth0".to_owned(),
        speed: 1000,
        addresses: vec![address],
        ..api::NodeNetwork::default()
    };
    api::NodeResources {
        cpu: api::NodeCpu {
            cpu_shares: sketch.cpu_mhz,
            total_cpu_cores: sketch.cores,
            ..api::NodeCpu::default()
        },
        memory: api::NodeMemory { memory_mb: sketch.memory_mb },
        disk: api::NodeDisk { disk_mb: sketch.disk_mb },
        networks: vec![network],
        node_networks: vec![interface],
        ..api::NodeResources::default()
    }
}

fn host(sketch: &Sketch) -> api::Host {
    let held = sketch.held.iter().map(|(port, kind, name)| api::HeldPort {
        ip: "0.0.0.0".to_owned(),
        port: *port,
        protocol: "tcp".to_owned(),
        holder: api::Holder {
            kind: (*kind).to_owned(),
            id: (port + 700).to_string(),
            name: (*name).to_owned(),
        },
    });
    api::Host {
        id: format!("host-{}", sketch.name),
        name: sketch.name.to_owned(),
        node_ids: vec![node_id(sketch.name)],
        addresses: vec![sketch.ip.to_owned()],
        held_ports: held.collect(),
        cpu_mhz: sketch.cpu_mhz,
        memory_mb: sketch.memory_mb,
        disk_mb: sketch.disk_mb,
        modify_index: 10,
        ..api::Host::default()
    }
}

fn job(name: &str) -> api::Job {
    let of_job: Vec<_> = RUNNING.iter().filter(|a| a.0 == name).collect();
    let task =
        api::Task { name: name.to_owned(), driver: "docker".to_owned(), ..api::Task::default() };
    let group = api::TaskGroup {
        name: name.to_owned(),
        count: i64::try_from(of_job.len()).ok(),
        tasks: vec![task],
        ..api::TaskGroup::default()
    };
    let mut job = api::Job {
        id: Some(name.to_owned()),
        name: Some(name.to_owned()),
        kind: Some("service".to_owned()),
        datacenters: vec!["dc1".to_owned(), "dc2".to_owned()],
        task_groups: vec![group],
        ..api::Job::default()
    };
    steppe_planner::canonicalize(&mut job, Semantics::default());
    job.status = Some("running".to_owned());
    job.version = Some(0);
    job.create_index = Some(20);
    job.modify_index = Some(20);
    job.job_modify_index = Some(20);
    job
}

fn allocation(
    number: usize,
    (job, node, index, cpu, memory, label, port): &(&str, &str, u64, i64, i64, &str, i64),
) -> api::Allocation {
    let ip = NODES.iter().find(|n| n.name == *node).map_or("", |n| n.ip);
    let task = api::AllocatedTaskResources {
        cpu: api::AllocatedCpu { cpu_shares: *cpu, ..api::AllocatedCpu::default() },
        memory: api::AllocatedMemory { memory_mb: *memory, memory_max_mb: 0 },
        ..api::AllocatedTaskResources::default()
    };
    let mapping = api::PortMapping {
        label: (*label).to_owned(),
        value: *port,
        to: 0,
        host_ip: ip.to_owned(),
    };
    let shared = api::AllocatedSharedResources {
        disk_mb: 300,
        ports: vec![mapping],
        ..api::AllocatedSharedResources::default()
    };
    api::Allocation {
        id: id(2, number),
        namespace: "default".to_owned(),
        name: format!("{job}.{job}[{index}]"),
        node_id: node_id(node),
        node_name: (*node).to_owned(),
        job_id: (*job).to_owned(),
        job_version: Some(0),
        task_group: (*job).to_owned(),
        allocated_resources: Some(api::AllocatedResources {
            tasks: Map::from([((*job).to_owned(), task)]),
            shared,
            ..api::AllocatedResources::default()
        }),
        desired_status: "run".to_owned(),
        client_status: "running".to_owned(),
        create_index: 30,
        modify_index: 31,
        create_time: NOW_NS - 3_600_000_000_000,
        modify_time: NOW_NS - 3_590_000_000_000,
        ..api::Allocation::default()
    }
}
