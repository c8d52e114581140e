//! Small clusters with jobs that run on them, as documents.

use proptest::prelude::*;
use serde_json::json;
use steppe_planner::plan::apply;
use steppe_planner::semantics::Semantics;
use steppe_planner::snapshot::{DOCUMENT_VERSION, Document, Snapshot};
use steppe_planner::{PlanOptions, api, canonicalize, plan};

/// Memory in steps of 64 MiB, whether it has the volume.
pub(crate) type NodeSeed = (u8, bool);
/// Count, memory, static port, volume, priority.
pub(crate) type JobSeed = (u8, u8, bool, bool, u8);

pub(crate) fn node(number: usize, (memory, volume): NodeSeed) -> api::Node {
    let address = format!("10.0.0.{number}");
    let volumes = if volume { json!({"data": {"Path": "/srv"}}) } else { json!({}) };
    serde_json::from_value(json!({
        "ID": format!("node-{number}"), "Name": format!("n{number}"), "Datacenter": "dc1",
        "Status": "ready", "SchedulingEligibility": "eligible",
        "Attributes": {"kernel.name": "linux", "unique.hostname": format!("n{number}")},
        "Drivers": {"docker": {"Detected": true, "Healthy": true}}, "HostVolumes": volumes,
        "NodeResources": {
            "Cpu": {"CpuShares": 4000}, "Memory": {"MemoryMB": 256 + i64::from(memory) * 64},
            "Disk": {"DiskMB": 20000},
            "Networks": [{"Mode": "host", "Device": "eth0", "CIDR": format!("{address}/32"), "IP": address, "MBits": 1000}],
            "NodeNetworks": [{"Mode": "host", "Device": "eth0", "Addresses": [{"Alias": "default", "Address": address}]}],
        },
        "ReservedResources": {"Memory": {"MemoryMB": 64}},
    }))
    .expect("a node")
}

pub(crate) fn job(id: &str, (count, memory, fixed, volume, priority): JobSeed) -> api::Job {
    let ports = if fixed { json!([{"Label": "db", "Value": 3306}]) } else { json!([]) };
    let volumes = if volume {
        json!({"data": {"Name": "data", "Type": "host", "Source": "data"}})
    } else {
        json!({})
    };
    let mut job: api::Job = serde_json::from_value(json!({
        "ID": id, "Name": id, "Type": "service", "Datacenters": ["dc1"],
        "Priority": 1 + i64::from(priority % 100),
        "TaskGroups": [{
            "Name": "g", "Count": count % 5, "Volumes": volumes,
            "Networks": [{"ReservedPorts": ports, "DynamicPorts": [{"Label": "http"}]}],
            "Tasks": [{"Name": "t", "Driver": "docker",
                "Resources": {"CPU": 100, "MemoryMB": 32 + i64::from(memory)}}],
        }],
    }))
    .expect("a job");
    canonicalize(&mut job, Semantics::default());
    job
}

/// A cluster on which jobs have been deployed one after another.
pub(crate) fn document(nodes: &[NodeSeed], jobs: &[JobSeed]) -> Document {
    let mut document = Document {
        version: DOCUMENT_VERSION,
        profile: "2.0".to_owned(),
        now: 1_700_000_000_000_000_000,
        nodes: (1..).zip(nodes).map(|(number, seed)| node(number, *seed)).collect(),
        ..Document::default()
    };
    for (number, seed) in jobs.iter().enumerate() {
        let job = job(&format!("job{number}"), *seed);
        let made = plan(&job, &snapshot(&document), &PlanOptions::default());
        apply(&mut document, &job, &made);
    }
    document
}

pub(crate) fn snapshot(document: &Document) -> Snapshot {
    Snapshot::new(document.clone()).expect("a snapshot")
}

pub(crate) fn nodes() -> impl Strategy<Value = Vec<NodeSeed>> {
    prop::collection::vec((0u8..24, any::<bool>()), 1..6)
}

pub(crate) fn jobs() -> impl Strategy<Value = Vec<JobSeed>> {
    prop::collection::vec(any::<JobSeed>(), 1..5)
}
