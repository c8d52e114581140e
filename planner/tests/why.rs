//! Why a group is on a node or not: every check is told, failed or passed, and a node that would do is compared with the
//! one that won.

use serde_json::json;
use steppe_planner::answer::{WhyNot, why_not};
use steppe_planner::plan::Check;
use steppe_planner::semantics::Semantics;
use steppe_planner::snapshot::{DOCUMENT_VERSION, Document, Snapshot};
use steppe_planner::{PlanOptions, api, canonicalize, outline};

fn node(name: &str, datacenter: &str, memory: i64) -> api::Node {
    serde_json::from_value(json!({
        "ID": format!("id-{name}"), "Name": name, "Datacenter": datacenter,
        "Status": "ready", "SchedulingEligibility": "eligible",
        "Attributes": {"kernel.name": "linux"},
        "Drivers": {"docker": {"Detected": true, "Healthy": true}},
        "HostVolumes": {"data": {"Path": "/srv/data"}},
        "NodeResources": {
            "Cpu": {"CpuShares": 2000}, "Memory": {"MemoryMB": memory}, "Disk": {"DiskMB": 10000},
            "Networks": [{"Mode": "host", "Device": "lo", "CIDR": "127.0.0.1/32", "IP": "127.0.0.1"}],
            "NodeNetworks": [{"Mode": "host", "Addresses": [{"Alias": "default", "Address": "127.0.0.1"}]}],
        },
    }))
    .unwrap()
}

fn job() -> api::Job {
    let mut job: api::Job = serde_json::from_value(json!({
        "ID": "db", "Name": "db", "Type": "service", "Datacenters": ["dc1"],
        "Constraints": [{"LTarget": "${attr.kernel.name}", "RTarget": "linux", "Operand": "="}],
        "TaskGroups": [{
            "Name": "db", "Count": 1,
            "Networks": [{"ReservedPorts": [{"Label": "db", "Value": 3306}], "DynamicPorts": [{"Label": "admin"}]}],
            "Volumes": {"data": {"Name": "data", "Type": "host", "Source": "data"}},
            "Tasks": [{"Name": "server", "Driver": "docker", "Config": {"image": "mysql:1"},
                "Resources": {"CPU": 500, "MemoryMB": 512}}],
        }],
    }))
    .unwrap();
    canonicalize(&mut job, Semantics::default());
    job
}

/// Asks about the node `name`, in a cluster in which `n1` takes the job.
fn ask(name: &str) -> Option<WhyNot> {
    let document = Document {
        version: DOCUMENT_VERSION,
        profile: "2.0".into(),
        nodes: vec![node("n1", "dc1", 1024), node("n2", "dc1", 4096), node("n3", "dc9", 256)],
        ..Document::default()
    };
    let snapshot = Snapshot::new(document).unwrap();
    why_not(&outline(&job(), &snapshot, &PlanOptions::default()), "db", name)
}

#[test]
fn every_check_that_passes_says_what_was_asked_and_what_is_there() {
    let why = ask("n1").unwrap();
    assert!(why.checks.iter().all(|c| c.passed), "{:?}", why.checks);
    let told = |check: Check| {
        let found = why.checks.iter().find(|c| c.check.check == check).map(|c| &c.check);
        found.map(|c| (c.required.as_str(), c.actual.as_str()))
    };
    assert_eq!(told(Check::Status), Some(("ready", "ready")));
    assert_eq!(told(Check::Datacenter), Some(("dc1", "dc1")));
    assert_eq!(told(Check::Constraint), Some(("= linux", "linux")));
    assert_eq!(told(Check::Driver), Some(("docker", "healthy")));
    assert_eq!(told(Check::HostVolume), Some(("data, writable", "/srv/data")));
    assert_eq!(told(Check::Port), Some(("port 3306", "free")));
    assert_eq!(told(Check::Memory), Some(("512 MB", "1024 MB free of 1024 MB")));
    let order: Vec<Check> = why.checks.iter().map(|c| c.check.check).collect();
    assert!(order.is_sorted(), "{order:?}");
}

#[test]
fn what_fails_is_told_once_and_as_the_verdict_tells_it() {
    let why = ask("n3").unwrap();
    let failed: Vec<_> = why.checks.iter().filter(|c| !c.passed).map(|c| c.check.clone()).collect();
    assert_eq!(failed, why.node.failures);
    let memory = why.checks.iter().filter(|c| c.check.check == Check::Memory);
    assert_eq!(memory.count(), 1);
    assert_eq!(why.answer, "n3 cannot take it: 2 checks fail.");
}

#[test]
fn a_node_that_would_do_is_compared_with_the_one_that_won() {
    let why = ask("id-n2").unwrap();
    let [rival] = why.rivals.as_slice() else { panic!("one placement: {:?}", why.rivals) };
    assert_eq!((rival.name.as_str(), rival.node_name.as_str()), ("db.db[0]", "n1"));
    assert!(rival.own.unwrap() < rival.score, "{rival:?}");
    assert!(rival.own_scores.contains_key("binpack"), "{rival:?}");
    assert!(
        why.answer.starts_with("n2 would do, but n1 is better for db.db[0]: "),
        "{}",
        why.answer
    );
    assert!(why.answer.ends_with(", most of all by binpack."), "{}", why.answer);
    assert_eq!(why.more, 1, "port 3306 is free once");
    assert_eq!(why.next[0].check, Check::Port);
}

#[test]
fn the_node_that_won_takes_it() {
    let why = ask("n1").unwrap();
    assert_eq!(why.answer, "n1 takes db.db[0].");
    assert_eq!((why.more, why.rivals.len()), (0, 0));
    assert_eq!(ask("n4"), None);
}
