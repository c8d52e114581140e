//! What a plan tells about nodes that cannot take a group, and about ports that a host shares.

use serde_json::json;
use steppe_planner::plan::{Check, NodeVerdict, Outcome, Plan, apply, check};
use steppe_planner::semantics::Semantics;
use steppe_planner::snapshot::{DOCUMENT_VERSION, Document, Snapshot};
use steppe_planner::{PlanOptions, api, canonicalize, plan};

fn node(name: &str, change: impl FnOnce(&mut serde_json::Value)) -> api::Node {
    let mut node = json!({
        "ID": format!("id-{name}"), "Name": name, "Datacenter": "dc1",
        "Status": "ready", "SchedulingEligibility": "eligible",
        "Attributes": {"kernel.name": "linux"},
        "Drivers": {"docker": {"Detected": true, "Healthy": true}},
        "HostVolumes": {"mysql-vol": {"Path": "/srv/mysql"}},
        "NodeResources": {
            "Cpu": {"CpuShares": 2000}, "Memory": {"MemoryMB": 1024}, "Disk": {"DiskMB": 10000},
            "Networks": [{"Mode": "host", "Device": "lo", "CIDR": "127.0.0.1/32", "IP": "127.0.0.1", "MBits": 1000}],
            "NodeNetworks": [{"Mode": "host", "Device": "lo", "Addresses": [{"Alias": "default", "Address": "127.0.0.1"}]}],
        },
    });
    change(&mut node);
    serde_json::from_value(node).unwrap()
}

/// The workshop's job: a port of the task's own network, and a host volume.
fn mysql(change: impl FnOnce(&mut serde_json::Value)) -> api::Job {
    let mut job = json!({
        "ID": "mysql", "Name": "mysql", "Type": "service", "Datacenters": ["dc1"],
        "Constraints": [{"LTarget": "${attr.kernel.name}", "RTarget": "linux", "Operand": "="}],
        "TaskGroups": [{
            "Name": "db", "Count": 1,
            "Volumes": {"data": {"Name": "data", "Type": "host", "Source": "mysql-vol"}},
            "Tasks": [{"Name": "server", "Driver": "docker", "Config": {"image": "mysql:1"},
                "Resources": {"CPU": 500, "MemoryMB": 512, "Networks": [{"MBits": 10,
                    "ReservedPorts": [{"Label": "db", "Value": 3306}],
                    "DynamicPorts": [{"Label": "admin"}]}]}}],
        }],
    });
    change(&mut job);
    let mut job: api::Job = serde_json::from_value(job).unwrap();
    canonicalize(&mut job, Semantics::default());
    job
}

fn document(nodes: Vec<api::Node>) -> Document {
    let host = api::Host {
        id: "host".into(),
        name: "laptop".into(),
        node_ids: nodes.iter().map(|n| n.id.clone()).collect(),
        ..api::Host::default()
    };
    Document {
        version: DOCUMENT_VERSION,
        profile: "2.0".into(),
        now: 1_700_000_000_000_000_000,
        nodes,
        hosts: vec![host],
        ..Document::default()
    }
}

fn planned(document: &Document, job: &api::Job) -> Plan {
    let snapshot = Snapshot::new(document.clone()).unwrap();
    let made = plan(job, &snapshot, &PlanOptions::default());
    assert_eq!(check(&made, &snapshot, job), Vec::<String>::new());
    made
}

fn verdict<'p>(made: &'p Plan, node: &str) -> &'p NodeVerdict {
    made.groups[0].nodes.iter().find(|n| n.node_name == node).unwrap()
}

fn hold(document: &mut Document, ip: &str, port: i64) {
    document.hosts[0].held_ports.push(api::HeldPort {
        ip: ip.into(),
        port,
        protocol: "tcp".into(),
        holder: api::Holder { kind: "process".into(), id: "811".into(), name: "mariadbd".into() },
    });
}

#[test]
fn a_node_that_fails_five_checks_names_all_five() {
    let broken = node("broken", |n| {
        n["Datacenter"] = json!("dc9");
        n["Attributes"]["kernel.name"] = json!("windows");
        n["HostVolumes"] = json!({"other": {"Path": "/x"}});
        n["NodeResources"]["Memory"]["MemoryMB"] = json!(200);
    });
    let mut document = document(vec![broken]);
    hold(&mut document, "0.0.0.0", 3306);
    let made = planned(&document, &mysql(|_| {}));
    let verdict = verdict(&made, "broken");
    assert_eq!(verdict.outcome, Outcome::Excluded);
    let checks: Vec<Check> = verdict.failures.iter().map(|f| f.check).collect();
    let expected =
        [Check::Datacenter, Check::Constraint, Check::HostVolume, Check::Port, Check::Memory];
    assert_eq!(checks, expected);
    let [datacenter, constraint, volume, port, memory] = verdict.failures.as_slice() else {
        panic!("five failures")
    };
    assert_eq!((&*datacenter.required, &*datacenter.actual), ("dc1", "dc9"));
    assert_eq!((&*constraint.required, &*constraint.actual), ("= linux", "windows"));
    assert_eq!((&*volume.required, &*volume.actual), ("mysql-vol", "other"));
    assert_eq!((&*port.required, &*port.actual), ("port 3306", "held by process mariadbd (811)"));
    assert_eq!(port.key, "network: reserved port collision db=3306");
    assert_eq!((&*memory.required, memory.shortfall), ("512 MB", Some(312)));
    assert!(made.placements.is_empty());
    assert_eq!(made.failed_groups["db"].nodes_evaluated, 0);
}

#[test]
fn nodes_of_one_host_share_its_ports() {
    let mut document = document(vec![node("client-1", |_| {}), node("client-2", |_| {})]);
    let job = mysql(|_| {});
    let first = planned(&document, &job);
    assert_eq!(first.placements[0].node_name, "client-1");
    apply(&mut document, &job, &first);
    let rival = mysql(|j| j["ID"] = json!("rival"));
    let second = planned(&document, &rival);
    assert!(second.placements.is_empty());
    let failure = &verdict(&second, "client-2").failures[0];
    assert_eq!(failure.actual, "held by allocation mysql.db[0] on client-1 (same host)");
    assert_eq!(failure.holders[0].kind, "allocation");
}

#[test]
fn a_port_that_the_plan_frees_is_free_for_it() {
    let mut document = document(vec![node("client-1", |_| {}), node("client-2", |_| {})]);
    let job = mysql(|_| {});
    let first = planned(&document, &job);
    apply(&mut document, &job, &first);
    let newer = mysql(|j| j["TaskGroups"][0]["Tasks"][0]["Config"]["image"] = json!("mysql:2"));
    let update = planned(&document, &newer);
    assert_eq!(update.desired_updates["db"].destructive_update, 1);
    assert_eq!(update.stops.len(), 1);
    assert_eq!(update.placements[0].ports[0].value, 3306);
    assert!(verdict(&update, "client-1").failures.is_empty());
}

#[test]
fn an_address_of_its_own_is_not_in_the_way() {
    let mut document = document(vec![node("client-1", |_| {})]);
    hold(&mut document, "192.168.1.5", 3306);
    assert_eq!(planned(&document, &mysql(|_| {})).placements.len(), 1);
}

#[test]
fn dynamic_ports_stay_the_same_and_skip_what_rests() {
    let mut document = document(vec![node("client-1", |_| {})]);
    let port = |document: &Document| {
        let made = planned(document, &mysql(|_| {}));
        made.placements[0].ports.iter().find(|p| p.label == "admin").unwrap().value
    };
    let first = port(&document);
    assert_eq!(first, port(&document));
    document.hosts[0].cooling_ports.push(first);
    assert_eq!(port(&document), first + 1);
    hold(&mut document, "127.0.0.1", first + 1);
    assert_eq!(port(&document), first + 2);
}

#[test]
fn the_judge_sees_what_is_promised_twice() {
    let document = document(vec![node("client-1", |_| {})]);
    let snapshot = Snapshot::new(document).unwrap();
    let job = mysql(|_| {});
    let mut made = plan(&job, &snapshot, &PlanOptions::default());
    let mut twin = made.placements[0].clone();
    twin.name = "mysql.db[1]".into();
    made.placements.push(twin);
    let wrong = check(&made, &snapshot, &job).join("; ");
    assert!(wrong.contains("port 3306 on 127.0.0.1"), "{wrong}");
    assert!(wrong.contains("its count is 1"), "{wrong}");
}

#[test]
fn the_port_of_a_task_network_is_written_as_nomad_writes_it() {
    let made = planned(&document(vec![node("client-1", |_| {})]), &mysql(|_| {}));
    let resources = &made.placements[0].resources;
    let network = &resources.tasks["server"].networks[0];
    assert_eq!((network.device.as_str(), network.ip.as_str()), ("lo", "127.0.0.1"));
    assert_eq!(network.reserved_ports[0].value, 3306);
    assert_eq!(resources.shared.ports[0].host_ip, "127.0.0.1");
    assert!(resources.shared.networks.is_empty());
    assert_eq!(made.placements[0].volumes[0].path, "/srv/mysql");
}

/// A job whose group asks for one port of its own network.
fn with_group_port(port: serde_json::Value) -> api::Job {
    mysql(|j| {
        let group = &mut j["TaskGroups"][0];
        group["Tasks"][0]["Resources"]["Networks"] = json!([]);
        group["Networks"] = json!([{"ReservedPorts": [port]}]);
    })
}

#[test]
fn a_missing_host_network_is_one_failure() {
    for network in ["public", "${meta.none}"] {
        let document = document(vec![node("client-1", |_| {})]);
        let port = json!({"Label": "db", "Value": 3306, "HostNetwork": network});
        let made = planned(&document, &with_group_port(port));
        let checks: Vec<Check> =
            verdict(&made, "client-1").failures.iter().map(|f| f.check).collect();
        assert_eq!(checks, [Check::Network], "{network}");
    }
}

#[test]
fn the_judge_lets_a_port_collide_that_asks_for_it() {
    let document = document(vec![node("client-1", |_| {})]);
    for (ignored, complaints) in [(true, false), (false, true)] {
        let port = json!({"Label": "db", "Value": 3306, "IgnoreCollision": ignored});
        let job = with_group_port(port);
        let mut made = planned(&document, &job);
        let mut twin = made.placements[0].clone();
        twin.name = "mysql.db[1]".into();
        made.placements.push(twin);
        let snapshot = Snapshot::new(document.clone()).unwrap();
        let wrong = check(&made, &snapshot, &job);
        assert_eq!(wrong.iter().any(|w| w.starts_with("port 3306")), complaints, "{wrong:?}");
    }
}
