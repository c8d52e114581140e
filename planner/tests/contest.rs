//! What one placement changes for the next: a node that was of no use for the first may be the best for the second.

use serde_json::{Value, json};
use steppe_planner::plan::{Plan, apply};
use steppe_planner::semantics::Semantics;
use steppe_planner::snapshot::{DOCUMENT_VERSION, Document, Snapshot};
use steppe_planner::{PlanOptions, api, canonicalize, plan};

/// A node of a rack, with so much memory.
fn node(name: &str, rack: &str, memory: u64) -> Value {
    json!({
        "ID": name, "Name": name, "Datacenter": "dc1", "Status": "ready", "SchedulingEligibility": "eligible",
        "Meta": {"rack": rack}, "Drivers": {"docker": {"Detected": true, "Healthy": true}},
        "NodeResources": {
            "Cpu": {"CpuShares": 1000}, "Memory": {"MemoryMB": memory}, "Disk": {"DiskMB": 9000},
            "Networks": [{"Mode": "host"}],
        },
    })
}

/// A job of two allocations.
fn job(group: Value) -> api::Job {
    let task = json!({"Name": "t", "Driver": "docker", "Resources": {"CPU": 100, "MemoryMB": 100}});
    let mut base = json!({"Name": "g", "Count": 2, "Tasks": [task]});
    for (name, value) in group.as_object().expect("fields") {
        base[name] = value.clone();
    }
    let mut job =
        serde_json::from_value(json!({"ID": "a", "Datacenters": ["dc1"], "TaskGroups": [base]}))
            .expect("a job");
    canonicalize(&mut job, Semantics::default());
    job
}

fn document(nodes: Vec<Value>) -> Document {
    let nodes = nodes.into_iter().map(|node| serde_json::from_value(node).expect("a node"));
    Document { version: DOCUMENT_VERSION, nodes: nodes.collect(), ..Document::default() }
}

fn planned(document: &Document, job: &api::Job) -> Plan {
    let snapshot = Snapshot::new(document.clone()).expect("a document of this version");
    plan(job, &snapshot, &PlanOptions::default())
}

fn places(made: &Plan) -> Vec<(&str, &str)> {
    made.placements.iter().map(|p| (p.name.as_str(), p.node_name.as_str())).collect()
}

/// n4 is the better node of rack r2, but the rack is taken until its allocation on n3 is stopped to be replaced.
#[test]
fn a_value_is_free_once_its_allocation_is_stopped() {
    let racks = json!([{"LTarget": "${meta.rack}", "Operand": "distinct_property"}]);
    let first = job(json!({"Constraints": racks}));
    let mut cluster = document(vec![node("n1", "r1", 1000), node("n3", "r2", 1000)]);
    let made = planned(&cluster, &first);
    assert_eq!(places(&made), [("a.g[0]", "n1"), ("a.g[1]", "n3")]);
    apply(&mut cluster, &first, &made);
    cluster.nodes.push(serde_json::from_value(node("n4", "r2", 300)).expect("a node"));
    let changed = job(json!({
        "Constraints": racks,
        "Update": {"MaxParallel": 2},
        "Tasks": [{"Name": "t", "Driver": "docker", "Resources": {"CPU": 100, "MemoryMB": 110}}],
    }));
    assert_eq!(places(&planned(&cluster, &changed)), [("a.g[0]", "n1"), ("a.g[1]", "n4")]);
}

/// The volumes of the two allocations are on different nodes.
#[test]
fn each_allocation_follows_its_own_volume() {
    let at = |name: &str, plugin: &str| {
        let mut node = node(name, "r1", 1000);
        node["CSINodePlugins"] = json!({plugin: {"Healthy": true, "NodeInfo": {"MaxVolumes": 9}}});
        node
    };
    let mut cluster = document(vec![at("n1", "one"), at("n2", "two")]);
    let volume = |id: &str, plugin: &str| json!({"ID": id, "Namespace": "default", "PluginID": plugin, "Schedulable": true, "AccessMode": "single-node-writer"});
    cluster.csi_volumes = vec![volume("disk[0]", "two"), volume("disk[1]", "one")];
    let volume = json!({"Name": "v", "Type": "csi", "Source": "disk", "PerAlloc": true});
    let made = planned(&cluster, &job(json!({"Volumes": {"v": volume}})));
    assert_eq!(places(&made), [("a.g[0]", "n2"), ("a.g[1]", "n1")]);
}
