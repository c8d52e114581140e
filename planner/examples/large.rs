//! How long compiling a large cluster and planning against it take: `cargo run --release --example large`.
//!
//! 1,000 nodes with 20,000 allocations unless two numbers are given.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "it measures time")]

use std::time::Instant;

use serde_json::json;
use steppe_planner::semantics::Semantics;
use steppe_planner::snapshot::{DOCUMENT_VERSION, Document, Snapshot};
use steppe_planner::{PlanOptions, api, canonicalize};

fn node(number: usize) -> api::Node {
    let address = format!("10.{}.{}.{}", number >> 16 & 255, number >> 8 & 255, number & 255);
    let mut attributes = serde_json::Map::new();
    for i in 0..40 {
        attributes.insert(format!("cpu.feature{i}"), json!(format!("{}", number % (i + 1))));
    }
    attributes.insert("kernel.name".into(), json!("linux"));
    attributes.insert("unique.hostname".into(), json!(format!("n{number:05}")));
    serde_json::from_value(json!({
        "ID": format!("node-{number:05}"), "Name": format!("n{number:05}"),
        "Datacenter": format!("dc{}", number % 3 + 1), "Status": "ready", "SchedulingEligibility": "eligible",
        "Attributes": attributes, "Drivers": {"docker": {"Detected": true, "Healthy": true}},
        "NodeResources": {
            "Cpu": {"CpuShares": 16000}, "Memory": {"MemoryMB": 65536}, "Disk": {"DiskMB": 500000},
            "Networks": [{"Mode": "host", "Device": "eth0", "CIDR": format!("{address}/32"), "IP": address, "MBits": 1000}],
            "NodeNetworks": [{"Mode": "host", "Device": "eth0", "Addresses": [{"Alias": "default", "Address": address}]}],
        },
    }))
    .expect("a node")
}

fn allocation(number: usize, nodes: usize) -> api::Allocation {
    serde_json::from_value(json!({
        "ID": format!("alloc-{number:06}"), "Name": format!("job{}.g[{number}]", number % 200),
        "NodeID": format!("node-{:05}", number % nodes), "JobID": format!("job{}", number % 200),
        "TaskGroup": "g", "DesiredStatus": "run", "ClientStatus": "running",
        "AllocatedResources": {
            "Tasks": {"t": {"Cpu": {"CpuShares": 300 + number % 7 * 50}, "Memory": {"MemoryMB": 512 + number % 5 * 100}}},
            "Shared": {"DiskMB": 300, "Ports": [{"Label": "http", "Value": 20000 + number / nodes, "HostIP": "10.0.0.1"}]},
        },
    }))
    .expect("an allocation")
}

fn job(count: i64) -> api::Job {
    let mut job: api::Job = serde_json::from_value(json!({
        "ID": "web", "Type": "service", "Datacenters": ["dc1", "dc2"],
        "Constraints": [{"LTarget": "${attr.kernel.name}", "RTarget": "linux", "Operand": "="}],
        "TaskGroups": [{
            "Name": "g", "Count": count,
            "Networks": [{"DynamicPorts": [{"Label": "http"}]}],
            "Affinities": [{"LTarget": "${attr.cpu.feature9}", "RTarget": "3", "Operand": "=", "Weight": 50}],
            "Tasks": [{"Name": "t", "Driver": "docker", "Resources": {"CPU": 500, "MemoryMB": 256}}],
        }],
    }))
    .expect("a job");
    canonicalize(&mut job, Semantics::default());
    job
}

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|a| a.parse::<usize>().ok());
    let nodes = numbers.next().unwrap_or(1_000);
    let allocations = numbers.next().unwrap_or(20_000);
    let document = Document {
        version: DOCUMENT_VERSION,
        profile: "2.0".into(),
        nodes: (0..nodes).map(node).collect(),
        allocations: (0..allocations).map(|n| allocation(n, nodes)).collect(),
        ..Document::default()
    };
    let start = Instant::now();
    let snapshot = Snapshot::new(document).expect("a snapshot");
    println!("compile {nodes} nodes, {allocations} allocations: {:?}", start.elapsed());
    for count in [1, 10, 100] {
        let job = job(count);
        let start = Instant::now();
        let mut placed = 0;
        for _ in 0..100 {
            let planned = steppe_planner::outline(&job, &snapshot, &PlanOptions::default());
            placed = planned.placements();
            std::hint::black_box(planned.head());
        }
        println!("plan count {count}: {:?}, {placed} placed", start.elapsed() / 100);
    }
}
