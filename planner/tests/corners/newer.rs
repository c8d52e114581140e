//! What only newer versions of Nomad look at.

use serde_json::{Value, json};
use steppe_planner::plan::{Check, Plan};
use steppe_planner::scheduler;
use steppe_planner::snapshot::{Document, Snapshot};

use crate::cluster::*;

/// A group of one task with secrets of these providers.
fn secrets(providers: &[&str]) -> Value {
    let secret = |provider: &&str| json!({"Name": "s", "Provider": provider, "Path": "p"});
    let list: Vec<Value> = providers.iter().map(secret).collect();
    let task = with(task(json!({"CPU": 100, "MemoryMB": 100})), json!({"Secrets": list}));
    grouped(json!({"Tasks": [task]}))
}

/// The check and the sentence of each failure on the first node, in order.
fn failures(made: &Plan) -> Vec<(Check, String)> {
    let failures = made.groups[0].nodes[0].failures.iter();
    failures.map(|failure| (failure.check, failure.message.clone())).collect()
}

#[test]
fn a_secret_is_given_where_its_provider_is() {
    let offers = |number: usize, providers: &[&str]| {
        let attribute = |p: &&str| (format!("plugins.secrets.{p}.version"), json!("1.0.0"));
        let attributes: serde_json::Map<_, _> = providers.iter().map(attribute).collect();
        with(node(number), json!({"Attributes": attributes}))
    };
    let document = newest(vec![offers(1, &["vault"]), offers(2, &["nomad", "vault", "keeper"])]);
    let made = planned(&document, &secrets(&["vault", "keeper", "keeper"]));
    assert_eq!(placed(&made), "a.g[0]@n2");
    let told = "task t needs secrets provider keeper; on n1 it is missing".to_owned();
    assert_eq!(failures(&made), [(Check::SecretsProvider, told)]);
    assert_eq!(verdicts(&document, &secrets(&["vault"])), ["feasible", "feasible"]);
    let nowhere = planned(&document, &secrets(&["elsewhere"]));
    let metric = &nowhere.failed_groups["g"];
    assert_eq!(metric.constraint_filtered.get("missing secrets provider"), Some(&2));
}

#[test]
fn the_provider_is_asked_for_behind_the_network() {
    let mut node = node(1);
    node["NodeResources"]["Networks"] = json!([]);
    let mut job = secrets(&["vault"]);
    job["TaskGroups"][0]["Networks"] = json!([{"Mode": "bridge"}]);
    let snapshot = Snapshot::new(newest(vec![node])).expect("a snapshot");
    let verdicts = scheduler::verdicts(&read("2.0", &job), &snapshot);
    let checks: Vec<Check> = verdicts[0].nodes[0].failures.iter().map(|f| f.check).collect();
    assert_eq!(checks, [Check::Network, Check::SecretsProvider]);
}

#[test]
fn a_task_with_another_secret_is_another_task() {
    let offers = json!({"Attributes": {"plugins.secrets.vault.version": "1.0.0"}});
    let mut document = newest(vec![with(node(1), offers)]);
    deploy(&mut document, &secrets(&["vault"]));
    assert_eq!(placed(&planned(&document, &secrets(&["vault"]))), "");
    assert_eq!(placed(&planned(&document, &secrets(&["vault", "vault"]))), "a.g[0]@n1");
}

#[test]
fn secrets_take_memory_beside_the_tasks_own() {
    let asking = |resources: Value| grouped(json!({"Tasks": [task(resources)]}));
    let mut document = newest(vec![node(1)]);
    document.scheduler_config =
        Some(serde_json::from_value(json!({"MemoryOversubscriptionEnabled": true})).unwrap());
    let given = |most: i64| {
        let job = asking(json!({"MemoryMB": 500, "SecretsMB": 100, "MemoryMaxMB": most}));
        let memory = planned(&document, &job).placements[0].resources.tasks["t"].memory.clone();
        (memory.memory_mb, memory.memory_max_mb)
    };
    assert_eq!([given(0), given(700), given(-1)], [(600, 0), (600, 800), (600, -1)]);
    let made = planned(&document, &asking(json!({"MemoryMB": 950, "SecretsMB": 100})));
    let told = "memory: 1050 MB needed, 1000 of 1000 MB free on n1: 50 MB short".to_owned();
    assert_eq!(failures(&made), [(Check::Memory, told)]);
    // As in Nomad, what the job lacks is told without its secrets.
    let lacking = &made.failed_groups["g"].resources_exhausted["t"];
    assert_eq!(lacking.memory_mb, Some(950));
}

#[test]
fn other_secrets_are_another_task() {
    let mut document = newest(vec![node(1)]);
    let job =
        |mb: i64| grouped(json!({"Tasks": [task(json!({"MemoryMB": 200, "SecretsMB": mb}))]}));
    deploy(&mut document, &job(10));
    assert_eq!(planned(&document, &job(10)).placements.len(), 0);
    assert_eq!(planned(&document, &job(20)).placements.len(), 1);
}

fn small(id: &str, priority: i64, count: i64) -> Value {
    let tasks = json!([task(json!({"CPU": 100, "MemoryMB": 50 + priority}))]);
    with(grouped(json!({"Count": count, "Tasks": tasks})), json!({"ID": id, "Priority": priority}))
}

fn taking(most: i64) -> Value {
    with(node(1), json!({"NodeMaxAllocs": most}))
}

#[test]
fn a_node_takes_so_many_allocations_whatever_they_need() {
    let mut document = newest(vec![taking(3)]);
    deploy(&mut document, &small("one", 50, 2));
    let made = planned(&document, &small("two", 50, 2));
    assert_eq!(placed(&made), "two.g[0]@n1");
    let told = "n1 takes 3 allocations at most and has 3".to_owned();
    assert_eq!(failures(&made), [(Check::Allocations, told)]);
    let failure = &made.groups[0].nodes[0].failures[0];
    assert_eq!((failure.holders.len(), failure.shortfall), (3, Some(1)));
    let exhausted = &made.failed_groups["g"].dimension_exhausted;
    assert_eq!(exhausted.get("max allocation exceeded"), Some(&1));
}

#[test]
fn what_has_ended_is_no_longer_counted_and_what_stops_is() {
    let mut document = newest(vec![taking(1)]);
    deploy(&mut document, &small("one", 50, 1));
    document.allocations[0].desired_status = "stop".to_owned();
    assert_eq!(placed(&planned(&document, &small("two", 50, 1))), "");
    document.allocations[0].client_status = "complete".to_owned();
    assert_eq!(placed(&planned(&document, &small("two", 50, 1))), "two.g[0]@n1");
}

#[test]
fn an_update_takes_the_place_of_what_it_replaces() {
    let mut document = newest(vec![taking(1)]);
    deploy(&mut document, &small("one", 50, 1));
    let mut changed = small("one", 50, 1);
    changed["TaskGroups"][0]["Tasks"][0]["User"] = json!("x");
    assert_eq!(placed(&planned(&document, &changed)), "one.g[0]@n1");
}

#[test]
fn one_less_important_makes_a_place() {
    let mut document = newest(vec![taking(2)]);
    deploy(&mut document, &small("ten", 10, 1));
    deploy(&mut document, &small("twenty", 20, 1));
    let made = planned(&document, &small("high", 80, 1));
    let gone: Vec<&str> = made.stops.iter().map(|stop| stop.name.as_str()).collect();
    assert_eq!((placed(&made).as_str(), gone), ("high.g[0]@n1", vec!["ten.g[0]"]));
    // As in Nomad the fit is that of an empty node then.
    assert!(made.placements[0].scores["binpack"].abs() < 1e-9);
    // The maximum was lowered since: more than one goes.
    document.nodes[0].node_max_allocs = Some(1);
    assert_eq!(planned(&document, &small("high", 80, 1)).stops.len(), 2);
    assert_eq!(placed(&planned(&document, &small("even", 20, 1))), "");
}

/// A group of so many that puts up with a lost contact; the fields are those of its block for it.
fn patient(count: i64, fields: Value) -> Value {
    let block = with(json!({"LostAfter": 3_600_000_000_000_i64}), fields);
    grouped(json!({"Count": count, "Disconnect": block}))
}

/// Two allocations to whose node the contact is gone, and another node.
fn gone(job: &Value) -> Document {
    let mut document = newest(vec![node(1)]);
    deploy(&mut document, job);
    document.deployments.clear();
    document.nodes.push(serde_json::from_value(node(2)).expect("a node"));
    document.nodes[0].status = "disconnected".to_owned();
    document
}

/// Disconnect, reconnect, reschedule now and later.
fn contacts(made: &Plan) -> [Option<u64>; 4] {
    let counts = &made.desired_updates["g"];
    [counts.disconnect, counts.reconnect, counts.reschedule_now, counts.reschedule_later]
}

#[test]
fn lost_and_regained_contacts_are_counted() {
    let told = |fields: Value| {
        let job = patient(2, fields);
        contacts(&planned(&gone(&job), &job))
    };
    assert_eq!(told(json!({})), [Some(2), None, Some(2), None]);
    assert_eq!(told(json!({"Replace": false})), [Some(2), None, None, None]);
    assert_eq!(told(json!({"Replace": true})), [Some(2), None, None, Some(2)]);
    let job = patient(2, json!({}));
    let mut document = gone(&job);
    deploy(&mut document, &job);
    document.nodes[0].status = "ready".to_owned();
    for alloc in document.allocations.iter_mut().filter(|alloc| alloc.node_id == "id1") {
        alloc.client_status = "running".to_owned();
    }
    let made = planned(&document, &job);
    assert_eq!((contacts(&made), made.stops.len()), ([None, Some(2), None, None], 2));
}

#[test]
fn what_failed_is_counted_for_later_and_not_for_now() {
    let mut document = newest(vec![node(1)]);
    deploy(&mut document, &job(json!({})));
    document.deployments.clear();
    document.allocations[0].client_status = "failed".to_owned();
    document.allocations[0].modify_time = document.now;
    let made = planned(&document, &job(json!({})));
    assert_eq!((contacts(&made), placed(&made).as_str()), ([None, None, None, Some(1)], ""));
    document.now += 60_000_000_000;
    let made = planned(&document, &job(json!({})));
    assert_eq!((contacts(&made), placed(&made).as_str()), ([None; 4], "a.g[0]@n1"));
}

#[test]
fn no_more_is_placed_than_the_count_whatever_is_missing() {
    let document = gone(&patient(2, json!({})));
    let made = planned(&document, &patient(1, json!({})));
    let counts = &made.desired_updates["g"];
    assert_eq!((placed(&made).as_str(), counts.place), ("a.g[0]@n2", 1));
    assert_eq!(contacts(&made), [Some(2), None, Some(2), None]);
}
