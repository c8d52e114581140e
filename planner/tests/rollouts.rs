//! Deployments of system jobs, as Nomad has them since 1.11: what one wants, how fast it goes, its canaries, its end.

use serde_json::{Value, json};
use steppe_planner::plan::{Plan, apply, check};
use steppe_planner::semantics::Semantics;
use steppe_planner::snapshot::{DOCUMENT_VERSION, Document, Snapshot};
use steppe_planner::{PlanOptions, api, canonicalize, plan};

fn node(number: usize) -> Value {
    let rack = if number == 0 { "first" } else { "other" };
    json!({
        "ID": format!("id{number}"), "Name": format!("n{number}"), "Datacenter": "dc1", "Status": "ready",
        "SchedulingEligibility": "eligible", "Meta": {"rack": rack},
        "Drivers": {"docker": {"Detected": true, "Healthy": true}},
        "NodeResources": {"Cpu": {"CpuShares": 1000}, "Memory": {"MemoryMB": 1000}, "Disk": {"DiskMB": 9000},
                          "Networks": [{"Mode": "host", "Device": "eth0", "IP": "10.0.0.1"}]},
    })
}

/// Nodes of which each has room for a few allocations.
fn cluster(nodes: usize) -> Document {
    Document {
        version: DOCUMENT_VERSION,
        profile: "2.0".to_owned(),
        now: 1_700_000_000_000_000_000,
        nodes: serde_json::from_value((0..nodes).map(node).collect()).expect("nodes"),
        ..Document::default()
    }
}

/// A system job with an image of that version; the fields are those of its group.
fn job(version: usize, update: Value, fields: Value) -> api::Job {
    let task = json!({"Name": "t", "Driver": "docker", "Config": {"image": format!("a:{version}")},
                      "Resources": {"CPU": 100, "MemoryMB": 100}});
    let mut group = json!({"Name": "g", "Count": 1, "Update": update, "Tasks": [task]});
    for (name, value) in fields.as_object().expect("fields") {
        group[name] = value.clone();
    }
    let job = json!({"ID": "a", "Type": "system", "Datacenters": ["dc1"], "TaskGroups": [group]});
    let mut job: api::Job = serde_json::from_value(job).expect("a job");
    canonicalize(&mut job, Semantics::of("2.0"));
    job
}

/// A plan in which the judge finds nothing wrong.
fn planned(document: &Document, job: &api::Job) -> Plan {
    let snapshot = Snapshot::new(document.clone()).expect("a snapshot");
    let made = plan(job, &snapshot, &PlanOptions::default());
    assert_eq!(check(&made, &snapshot, job), Vec::<String>::new());
    made
}

/// The same, carried out: everything placed is healthy.
fn carried_out(document: &mut Document, job: &api::Job) -> Plan {
    let made = planned(document, job);
    apply(document, job, &made);
    made
}

fn nodes(made: &Plan) -> String {
    let names: Vec<&str> = made.placements.iter().map(|p| p.node_name.as_str()).collect();
    names.join(" ")
}

/// What a new deployment wants: canaries, all, and what it says of itself.
fn wanted(made: &Plan) -> Option<(i64, i64, &str)> {
    let deployment = made.deployment.as_ref()?;
    let group = &deployment.groups["g"];
    Some((group.desired_canaries, group.desired_total, &deployment.status_description))
}

fn updates(made: &Plan) -> Vec<&str> {
    made.deployment_updates.iter().map(|update| update.status.as_str()).collect()
}

const RUNNING: &str = "Deployment is running";
const PROMOTE: &str = "Deployment is running but requires manual promotion";

#[test]
fn the_first_one_wants_every_node_that_takes_it() {
    let mut document = cluster(3);
    let not_first =
        json!({"Constraints": [{"LTarget": "${meta.rack}", "RTarget": "first", "Operand": "!="}]});
    let job = job(1, json!({}), not_first);
    let made = carried_out(&mut document, &job);
    assert_eq!((nodes(&made).as_str(), wanted(&made)), ("n1 n2", Some((0, 2, RUNNING))));
    assert!(made.failed_groups.is_empty(), "elsewhere it does not fit, which is no failure");
    let made = carried_out(&mut document, &job);
    assert_eq!((nodes(&made).as_str(), updates(&made)), ("", vec!["successful"]));
    assert!(updates(&planned(&document, &job)).is_empty());
}

#[test]
fn an_update_goes_on_as_allocations_become_healthy() {
    let mut document = cluster(5);
    let update = || json!({"MaxParallel": 2});
    carried_out(&mut document, &job(1, update(), json!({})));
    carried_out(&mut document, &job(1, update(), json!({})));
    let second = job(2, update(), json!({}));
    let made = carried_out(&mut document, &second);
    assert_eq!((nodes(&made).as_str(), wanted(&made)), ("n0 n1", Some((0, 5, RUNNING))));
    assert_eq!(made.desired_updates["g"].destructive_update, 5);
    assert!(made.created_evals.is_empty(), "nothing waits for a time");

    // One that is not healthy yet takes its share, one that is unhealthy does not.
    let states: Vec<usize> = (0..document.allocations.len())
        .filter(|at| document.allocations[*at].job_version == Some(1))
        .collect();
    let mut health = |at: usize, healthy: Option<bool>| {
        let status = &mut document.allocations[states[at]].deployment_status;
        status.as_mut().expect("deployed").healthy = healthy;
        nodes(&planned(&document, &second))
    };
    assert_eq!(health(0, None), "n2");
    assert_eq!(health(1, None), "");
    assert_eq!(health(1, Some(false)), "n2");
    assert_eq!(health(0, Some(true)), "n2 n3");
    assert_eq!(health(1, Some(true)), "n2 n3");

    let rounds: Vec<String> = (0..3).map(|_| nodes(&carried_out(&mut document, &second))).collect();
    assert_eq!(rounds, ["n2 n3", "n4", ""]);
    assert_eq!(document.deployments.last().expect("one").status, "successful");
}

#[test]
fn canaries_are_a_share_of_the_nodes_and_never_more_than_move_at_once() {
    for (percent, parallel, expected) in
        [(1, 3, "n0"), (40, 3, "n0 n1"), (41, 3, "n0 n1 n2"), (100, 3, "n0 n1 n2")]
    {
        let mut document = cluster(5);
        let update = || json!({"MaxParallel": parallel, "Canary": percent});
        let first = carried_out(&mut document, &job(1, update(), json!({})));
        assert_eq!(wanted(&first), Some((0, 5, RUNNING)), "there is nothing to compare with yet");
        carried_out(&mut document, &job(1, update(), json!({})));
        let second = job(2, update(), json!({}));
        let made = carried_out(&mut document, &second);
        let canaries = i64::try_from(expected.split(' ').count()).expect("few");
        assert_eq!(
            (nodes(&made).as_str(), wanted(&made)),
            (expected, Some((canaries, 5, PROMOTE)))
        );
        assert!(made.placements.iter().all(|p| p.canary), "{percent} %");
        assert_eq!(made.stops.len(), made.placements.len(), "the others stay");
        assert_eq!(made.desired_updates["g"].canary, canaries.unsigned_abs());

        let waiting = carried_out(&mut document, &second);
        assert_eq!((nodes(&waiting).as_str(), updates(&waiting)), ("", vec![]), "{percent} %");
        let deployment = document.deployments.last_mut().expect("one");
        deployment.task_groups.get_mut("g").expect("the group").promoted = true;
        let promoted = carried_out(&mut document, &second);
        assert!(!promoted.placements.is_empty() && promoted.placements.iter().all(|p| !p.canary));
    }
}

#[test]
fn what_the_new_version_cannot_do_is_no_canary() {
    let mut document = cluster(4);
    let update = || json!({"MaxParallel": 4, "Canary": 50});
    carried_out(&mut document, &job(1, update(), json!({})));
    carried_out(&mut document, &job(1, update(), json!({})));
    let not_first =
        json!({"Constraints": [{"LTarget": "${meta.rack}", "RTarget": "first", "Operand": "!="}]});
    let made = planned(&document, &job(2, update(), not_first));
    // Half of three, rounded up; on the first node the old version ends.
    assert_eq!((nodes(&made).as_str(), wanted(&made)), ("n1 n2", Some((2, 3, PROMOTE))));
    let stopped: Vec<&str> = made.stops.iter().map(|s| s.node_name.as_str()).collect();
    assert_eq!(stopped, ["n0", "n1", "n2"]);
}

#[test]
fn a_node_that_comes_needs_no_deployment() {
    let mut document = cluster(2);
    let job = job(1, json!({}), json!({}));
    carried_out(&mut document, &job);
    carried_out(&mut document, &job);
    document.nodes.push(serde_json::from_value(node(2)).expect("a node"));
    let made = planned(&document, &job);
    assert_eq!((nodes(&made).as_str(), wanted(&made)), ("n2", None));
    // The same where the job came from a Nomad that made none.
    document.deployments.clear();
    let made = planned(&document, &job);
    assert_eq!((nodes(&made).as_str(), wanted(&made)), ("n2", None));
}

#[test]
fn a_newer_version_ends_the_deployment_of_the_older() {
    let mut document = cluster(2);
    carried_out(&mut document, &job(1, json!({}), json!({})));
    let made = carried_out(&mut document, &job(2, json!({}), json!({})));
    assert_eq!((updates(&made), wanted(&made)), (vec!["cancelled"], Some((0, 2, RUNNING))));
    let mut stopped = job(2, json!({}), json!({}));
    stopped.stop = Some(true);
    let made = planned(&document, &stopped);
    assert_eq!((updates(&made), made.stops.len(), wanted(&made)), (vec!["cancelled"], 2, None));
}

#[test]
fn what_follows_in_place_is_part_of_it() {
    let mut document = cluster(2);
    carried_out(&mut document, &job(1, json!({}), json!({})));
    carried_out(&mut document, &job(1, json!({}), json!({})));
    let changed = job(1, json!({}), json!({"ShutdownDelay": 1_000_000_000}));
    let made = carried_out(&mut document, &changed);
    assert_eq!((made.in_place.len(), wanted(&made)), (2, Some((0, 2, RUNNING))));
    assert_eq!(updates(&carried_out(&mut document, &changed)), ["successful"]);
}

#[test]
fn a_sysbatch_job_runs_once_on_each_node_and_has_none() {
    let mut document = cluster(2);
    let sysbatch = |version| {
        let mut job = job(version, Value::Null, json!({}));
        job.kind = Some("sysbatch".to_owned());
        job.update = None;
        canonicalize(&mut job, Semantics::of("2.0"));
        job.task_groups[0].update = None;
        job
    };
    let made = carried_out(&mut document, &sysbatch(1));
    assert_eq!((nodes(&made).as_str(), wanted(&made)), ("n0 n1", None));
    // However it ended.
    document.allocations[0].client_status = "complete".to_owned();
    document.allocations[1].client_status = "failed".to_owned();
    let made = planned(&document, &sysbatch(1));
    assert_eq!((nodes(&made).as_str(), made.desired_updates["g"].ignore), ("", 2));
    let made = planned(&document, &sysbatch(2));
    assert_eq!((nodes(&made).as_str(), made.stops.len()), ("n0 n1", 0));
}
