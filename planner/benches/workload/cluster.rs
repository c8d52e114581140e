//! The cluster that is measured: 150 classes of nodes, three datacenters, ten allocations a node, two hundred jobs.

use steppe_planner::api;
use steppe_planner::record::from_json;
use steppe_planner::semantics::Semantics;
use steppe_planner::snapshot::{DOCUMENT_VERSION, Document};

/// Allocations on each node.
pub(crate) const ALLOCATIONS: usize = 10;
const CLASSES: usize = 150;
const JOBS: usize = 200;

fn read<T: steppe_planner::record::Part + Default>(json: &str) -> T {
    let mut value = T::default();
    from_json(&mut value, json).expect("what is measured is well formed");
    value
}

fn node(number: usize) -> api::Node {
    let address = format!("10.{}.{}.{}", number >> 16 & 255, number >> 8 & 255, number & 255);
    let features: Vec<String> =
        (0..40).map(|n| format!(r#""cpu.feature{n}":"{}""#, number % (n + 1))).collect();
    read(&format!(
        r#"{{"ID":"{id:08x}-9f1b-4b0e-a6c5-000000000000","Name":"n{number:05}","Datacenter":"dc{dc}","NodeClass":"class{class}",
        "Status":"ready","SchedulingEligibility":"eligible",
        "Attributes":{{"kernel.name":"linux","unique.hostname":"n{number:05}","rack":"r{rack}",{features}}},
        "Drivers":{{"docker":{{"Detected":true,"Healthy":true}}}},
        "NodeResources":{{"Cpu":{{"CpuShares":16000}},"Memory":{{"MemoryMB":65536}},"Disk":{{"DiskMB":500000}},
        "Networks":[{{"Mode":"host","Device":"eth0","CIDR":"{address}/32","IP":"{address}","MBits":1000}}],
        "NodeNetworks":[{{"Mode":"host","Device":"eth0","Addresses":[{{"Alias":"default","Address":"{address}"}}]}}]}}}}"#,
        id = spread(number),
        dc = number % 3 + 1,
        class = number % CLASSES,
        rack = number % 40,
        features = features.join(","),
    ))
}

/// An allocation of the cluster with so many nodes.
pub(crate) fn allocation(number: usize, nodes: usize) -> api::Allocation {
    let address = number % nodes;
    read(&format!(
        r#"{{"ID":"{id:08x}-5d3a-4c3e-8a0f-{number:012}","Name":"job{job}.g[{number}]","NodeID":"{node:08x}-9f1b-4b0e-a6c5-000000000000",
        "JobID":"job{job}","TaskGroup":"g","DesiredStatus":"run","ClientStatus":"running","JobVersion":0,
        "DeploymentID":"{job:08x}-0000-4000-8000-000000000000","CreateIndex":10,"ModifyTime":1700000000000000000,
        "TaskStates":{{"t":{{"State":"running","Failed":false}}}},
        "AllocatedResources":{{"Tasks":{{"t":{{"Cpu":{{"CpuShares":{cpu}}},"Memory":{{"MemoryMB":{memory}}}}}}},
        "TaskLifecycles":{{"t":null}},"Shared":{{"DiskMB":300,"Networks":[{{"Mode":"host","IP":"{ip}","DynamicPorts":[{{"Label":"http","Value":{port}}}]}}],
        "Ports":[{{"Label":"http","Value":{port},"HostIP":"{ip}"}}]}}}}}}"#,
        id = spread(number + 77),
        job = number % JOBS,
        node = spread(address),
        cpu = 300 + number % JOBS % 7 * 50,
        memory = 512 + number % JOBS % 5 * 100,
        port = 20000 + number / nodes,
        ip = format_args!("10.{}.{}.{}", address >> 16 & 255, address >> 8 & 255, address & 255),
    ))
}

/// Numbers in no order, as IDs are.
fn spread(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX).wrapping_mul(0x9e37_79b1)
}

/// A cluster of so many nodes.
pub(crate) fn document(nodes: usize) -> Document {
    Document {
        version: DOCUMENT_VERSION,
        profile: "2.0".into(),
        now: 1_700_000_000_000_000_000,
        nodes: (0..nodes).map(node).collect(),
        allocations: (0..nodes * ALLOCATIONS).map(|n| allocation(n, nodes)).collect(),
        ..Document::default()
    }
}

/// The job that is planned: a constraint, an affinity, a port, and with `spread` two spreads.
pub(crate) fn job(count: usize, spread: bool) -> api::Job {
    let spreads = if spread {
        r#""Spreads":[{"Attribute":"${node.datacenter}","Weight":50},
        {"Attribute":"${attr.rack}","Weight":30,"SpreadTarget":[{"Value":"r1","Percent":20}]}],"#
    } else {
        ""
    };
    let mut job: api::Job = read(&format!(
        r#"{{"ID":"web","Type":"service","Datacenters":["dc1","dc2"],{spreads}
        "Constraints":[{{"LTarget":"${{attr.kernel.name}}","RTarget":"linux","Operand":"="}}],
        "TaskGroups":[{{"Name":"g","Count":{count},"Networks":[{{"DynamicPorts":[{{"Label":"http"}}]}}],
        "Affinities":[{{"LTarget":"${{attr.cpu.feature9}}","RTarget":"3","Operand":"=","Weight":50}}],
        "Tasks":[{{"Name":"t","Driver":"docker","Resources":{{"CPU":500,"MemoryMB":256}}}}]}}]}}"#
    ));
    steppe_planner::canonicalize(&mut job, Semantics::default());
    job
}
