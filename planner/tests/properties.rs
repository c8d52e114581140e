//! Properties of planning over generated clusters: the judge finds nothing, a second plan changes nothing,
//! the same question gets the same answer, and there is no failure while a node fits.

use proptest::prelude::*;
use steppe_planner::plan::{Outcome, apply, check};
use steppe_planner::semantics::Semantics;
use steppe_planner::snapshot::{DOCUMENT_VERSION, Document, Snapshot};
use steppe_planner::{PlanOptions, api, canonicalize, plan};

/// One node: cpu, memory, whether it has the volume, whether it is a Linux, its datacenter.
type NodeSeed = (u8, u8, bool, bool, bool);
/// One job: count, cpu, memory, static port, dynamic ports, volume, kind, max_parallel.
type JobSeed = (u8, u8, u8, bool, u8, bool, bool, u8);

fn node(number: usize, seed: NodeSeed) -> api::Node {
    let (cpu, memory, volume, linux, first) = seed;
    let address = format!("10.0.0.{number}");
    let text = serde_json::json!({
        "ID": format!("node-{number:03}"), "Name": format!("n{number:02}"),
        "Datacenter": if first { "dc1" } else { "dc2" },
        "Status": "ready", "SchedulingEligibility": "eligible",
        "Attributes": {"kernel.name": if linux { "linux" } else { "windows" }},
        "Drivers": {"docker": {"Detected": true, "Healthy": true}},
        "HostVolumes": if volume { serde_json::json!({"data": {"Path": "/srv"}}) } else { serde_json::json!({}) },
        "NodeResources": {
            "Cpu": {"CpuShares": 500 + i64::from(cpu) * 20}, "Memory": {"MemoryMB": 256 + i64::from(memory) * 16},
            "Disk": {"DiskMB": 20000},
            "Networks": [{"Mode": "host", "Device": "eth0", "CIDR": format!("{address}/32"), "IP": address, "MBits": 1000}],
            "NodeNetworks": [{"Mode": "host", "Device": "eth0", "Addresses": [{"Alias": "default", "Address": address}]}],
        },
    });
    serde_json::from_value(text).expect("a node")
}

fn job(name: &str, seed: JobSeed, image: &str) -> api::Job {
    let (count, cpu, memory, fixed, dynamic, volume, batch, max_parallel) = seed;
    let dynamic: Vec<_> =
        (0..dynamic % 3).map(|i| serde_json::json!({"Label": format!("d{i}")})).collect();
    let fixed =
        if fixed { vec![serde_json::json!({"Label": "db", "Value": 3306})] } else { vec![] };
    let volumes = if volume {
        serde_json::json!({"data": {"Name": "data", "Type": "host", "Source": "data"}})
    } else {
        serde_json::json!({})
    };
    let text = serde_json::json!({
        "ID": name, "Name": name, "Type": if batch { "batch" } else { "service" },
        "Datacenters": ["dc1", "dc2"],
        "Constraints": [{"LTarget": "${attr.kernel.name}", "RTarget": "linux", "Operand": "="}],
        "TaskGroups": [{
            "Name": "g", "Count": count % 7, "Volumes": volumes,
            "Networks": [{"ReservedPorts": fixed, "DynamicPorts": dynamic}],
            "Update": if batch { serde_json::Value::Null } else { serde_json::json!({"MaxParallel": max_parallel % 4}) },
            "Tasks": [{"Name": "t", "Driver": "docker", "Config": {"image": image},
                "Resources": {"CPU": 20 + i64::from(cpu) * 2, "MemoryMB": 16 + i64::from(memory)}}],
        }],
    });
    let mut job: api::Job = serde_json::from_value(text).expect("a job");
    canonicalize(&mut job, Semantics::default());
    job
}

/// A cluster; with `shared`, all nodes stand on one host with one address.
fn document(nodes: &[NodeSeed], shared: bool) -> Document {
    let mut nodes: Vec<api::Node> =
        nodes.iter().enumerate().map(|(i, seed)| node(i + 1, *seed)).collect();
    let mut hosts = Vec::new();
    if shared {
        for node in &mut nodes {
            let resources = node.node_resources.as_mut().expect("resources");
            resources.node_networks[0].addresses[0].address = "10.0.0.1".to_owned();
        }
        hosts.push(api::Host {
            id: "host".to_owned(),
            node_ids: nodes.iter().map(|n| n.id.clone()).collect(),
            ..api::Host::default()
        });
    }
    Document {
        version: DOCUMENT_VERSION,
        profile: "2.0".to_owned(),
        now: 1_700_000_000_000_000_000,
        nodes,
        hosts,
        ..Document::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn plans_are_safe_and_end(
        nodes in prop::collection::vec(any::<NodeSeed>(), 1..6),
        jobs in prop::collection::vec(any::<JobSeed>(), 1..5),
        shared in any::<bool>(),
    ) {
        let mut document = document(&nodes, shared);
        for (round, seed) in jobs.iter().enumerate() {
            // Jobs of the same name after the first are updates of it.
            let job = job(if round % 2 == 0 { "a" } else { "b" }, *seed, &format!("img:{round}"));
            let options = PlanOptions::default();
            for step in 0.. {
                let snapshot = Snapshot::new(document.clone()).expect("a snapshot");
                let made = plan(&job, &snapshot, &options);
                let again = plan(&job, &snapshot, &options);
                prop_assert_eq!(&made.digest, &again.digest);
                let wrong = check(&made, &snapshot, &job);
                prop_assert!(wrong.is_empty(), "{:?}", wrong);
                for group in made.failed_groups.keys() {
                    let report = made.groups.iter().find(|g| g.name == *group).expect("a report");
                    let fitting = report.nodes.iter().find(|n| n.outcome == Outcome::Feasible);
                    prop_assert!(fitting.is_none(), "failed although {:?} fits", fitting);
                    prop_assert!(report.nodes.iter().all(|n| !n.failures.is_empty()));
                }
                let busy = !made.placements.is_empty() || !made.stops.is_empty()
                    || !made.in_place.is_empty() || made.spec_changed;
                if !busy {
                    break;
                }
                prop_assert!(step < 40, "planning never comes to rest");
                apply(&mut document, &job, &made);
            }
        }
    }

    #[test]
    fn a_stopped_job_leaves_nothing(
        nodes in prop::collection::vec(any::<NodeSeed>(), 1..6),
        seed in any::<JobSeed>(),
    ) {
        let mut document = document(&nodes, false);
        let job = job("a", seed, "img:1");
        let made = plan(&job, &Snapshot::new(document.clone()).expect("a snapshot"), &PlanOptions::default());
        apply(&mut document, &job, &made);
        let options = PlanOptions { stop: true, ..PlanOptions::default() };
        let stopped = plan(&job, &Snapshot::new(document).expect("a snapshot"), &options);
        prop_assert_eq!(stopped.stops.len(), made.placements.len());
        prop_assert!(stopped.placements.is_empty());
    }
}
