//! What the cases are made of: nodes, jobs, allocations, and what comes of a plan.

use serde_json::{Value, json};
use steppe_planner::plan::{Plan, apply, check};
use steppe_planner::semantics::Semantics;
use steppe_planner::snapshot::{DOCUMENT_VERSION, Document, Snapshot};
use steppe_planner::{PlanOptions, api, canonicalize, plan, scheduler};

/// Puts the fields of the second into the first.
pub(crate) fn with(mut base: Value, fields: Value) -> Value {
    for (name, value) in fields.as_object().expect("fields") {
        base[name] = value.clone();
    }
    base
}

/// A node of dc1 with 1000 MHz, in two cores, and 1000 MB.
pub(crate) fn node(number: usize) -> Value {
    let address = format!("10.0.0.{number}");
    json!({
        "ID": format!("id{number}"), "Name": format!("n{number}"), "Datacenter": "dc1", "Status": "ready",
        "SchedulingEligibility": "eligible", "Attributes": {}, "Meta": {"rack": format!("r{number}")},
        "Drivers": {"docker": {"Detected": true, "Healthy": true}},
        "NodeResources": {
            "Cpu": {"CpuShares": 1000, "TotalCpuCores": 2, "ReservableCpuCores": [0, 1]},
            "Memory": {"MemoryMB": 1000}, "Disk": {"DiskMB": 9000},
            "Networks": [{"Mode": "host", "Device": "eth0", "CIDR": format!("{address}/32"), "IP": address, "MBits": 1000}],
            "NodeNetworks": [{"Mode": "host", "Device": "eth0", "Addresses": [{"Alias": "default", "Address": address}]}],
        },
    })
}

/// A task that asks for things.
pub(crate) fn task(resources: Value) -> Value {
    json!({"Name": "t", "Driver": "docker", "Resources": resources})
}

/// A job `a` with one group `g` of one task of 100 MHz and 100 MB; the fields are the job's.
pub(crate) fn job(fields: Value) -> Value {
    let tasks = json!([task(json!({"CPU": 100, "MemoryMB": 100}))]);
    let group = json!({"Name": "g", "Count": 1, "Tasks": tasks});
    let base = json!({"ID": "a", "Type": "service", "Datacenters": ["dc1"], "TaskGroups": [group]});
    with(base, fields)
}

/// The same; the fields are the group's.
pub(crate) fn grouped(fields: Value) -> Value {
    let mut base = job(json!({}));
    base["TaskGroups"][0] = with(base["TaskGroups"][0].take(), fields);
    base
}

/// A condition.
pub(crate) fn condition(left: &str, operand: &str, right: &str) -> Value {
    json!({"LTarget": left, "RTarget": right, "Operand": operand})
}

/// The cluster under Nomad 1.1.2's rules, with preemption for every kind of job.
pub(crate) fn document(nodes: Vec<Value>) -> Document {
    let preemption = json!({"PreemptionConfig": {
        "SystemSchedulerEnabled": true, "ServiceSchedulerEnabled": true, "BatchSchedulerEnabled": true,
    }});
    Document {
        version: DOCUMENT_VERSION,
        profile: "1.1".to_owned(),
        now: 1_700_000_000_000_000_000,
        nodes: serde_json::from_value(Value::Array(nodes)).expect("nodes"),
        scheduler_config: Some(serde_json::from_value(preemption).expect("a configuration")),
        ..Document::default()
    }
}

pub(crate) fn read(profile: &str, job: &Value) -> api::Job {
    let mut job: api::Job = serde_json::from_value(job.clone()).expect("a job");
    canonicalize(&mut job, Semantics::of(profile));
    job
}

/// A plan, in which the judge finds nothing wrong.
pub(crate) fn planned(document: &Document, job: &Value) -> Plan {
    let snapshot = Snapshot::new(document.clone()).expect("a snapshot");
    let job = read(&document.profile, job);
    let made = plan(&job, &snapshot, &PlanOptions::default());
    assert_eq!(check(&made, &snapshot, &job), Vec::<String>::new());
    made
}

/// Plans and carries the plan out.
pub(crate) fn deploy(document: &mut Document, job: &Value) -> Plan {
    let made = planned(document, job);
    let job = read(&document.profile, job);
    apply(document, &job, &made);
    made
}

/// A deployed job on some nodes.
pub(crate) fn deployed(nodes: Vec<Value>, job: &Value) -> Document {
    let mut document = document(nodes);
    deploy(&mut document, job);
    document
}

/// The allocation of that name.
pub(crate) fn alloc<'d>(document: &'d mut Document, name: &str) -> &'d mut api::Allocation {
    let found = document.allocations.iter_mut().find(|alloc| alloc.name == name);
    found.expect("an allocation")
}

/// Which names are placed where.
pub(crate) fn placed(made: &Plan) -> String {
    let names = made.placements.iter().map(|p| format!("{}@{}", p.name, p.node_name));
    names.collect::<Vec<_>>().join(" ")
}

/// What the first group gets on each node: `feasible` or the key of what is in the way.
pub(crate) fn verdicts(document: &Document, job: &Value) -> Vec<String> {
    let snapshot = Snapshot::new(document.clone()).expect("a snapshot");
    let verdicts = scheduler::verdicts(&read(&document.profile, job), &snapshot);
    let key = |node: &steppe_planner::plan::NodeVerdict| {
        node.failures.first().map_or_else(|| "feasible".to_owned(), |f| f.key.clone())
    };
    verdicts[0].nodes.iter().map(key).collect()
}

/// The same cluster under the newest rules.
pub(crate) fn newest(nodes: Vec<Value>) -> Document {
    Document { profile: "2.0".to_owned(), ..document(nodes) }
}

/// The verdict on one node.
pub(crate) fn verdict(node: Value, job: &Value) -> String {
    verdicts(&document(vec![node]), job).remove(0)
}
